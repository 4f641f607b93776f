"""Compares which credentials our client and botocore choose for the same variables and files."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs

from capture import running
from forked import Forked, forked
from report import Part
from setups import SETUPS, Setup

_THEIRS = """
import sys, botocore.session
from botocore.exceptions import BotoCoreError
session = botocore.session.Session(profile=sys.argv[1] if len(sys.argv) > 1 else None)
try:
    found = session.get_credentials()
    print("none" if found is None else found.get_frozen_credentials().access_key)
except (BotoCoreError, ValueError):
    print("none")
"""
_THREADS = 2
_TIMEOUT = 60
_LATER = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 6 * 3600))


def run(part: Part, xtask: Path) -> None:
    """Compares every set-up."""
    with (
        running(ThreadingHTTPServer(("127.0.0.1", 0), _Handler)) as url,
        forked("botocore.session", _THEIRS, _THREADS) as theirs,
        ThreadPoolExecutor(_THREADS) as pool,
    ):
        for setup, by_ours, by_theirs in pool.map(lambda setup: _compare(setup, xtask, theirs, url), SETUPS):
            part.count("set-ups")
            part.check(setup.name, _faults(setup, by_ours, by_theirs))


def _faults(setup: Setup, ours: str, theirs: str) -> list[str]:
    """Checks that both agree, and choose what the set-up expects."""
    faults = [] if ours == theirs else [f"our client found {ours}, botocore found {theirs}"]
    return faults + ([] if theirs == setup.winner else [f"botocore found {theirs}, expected {setup.winner}"])


def _compare(setup: Setup, xtask: Path, program: Forked, url: str) -> tuple[Setup, str, str]:
    with tempfile.TemporaryDirectory() as home:
        aws = Path(home, ".aws")
        (aws / "sso/cache").mkdir(parents=True)
        (aws / "config").write_text(setup.config)
        (aws / "credentials").write_text(setup.credentials)
        Path(home, "token").write_text("identity")
        for name in ("main", "https://s"):
            _sign_in(aws / "sso/cache", name, setup.sign_in, home)
        fill = {"{home}": home, "{url}": url}
        environment = {"PATH": os.environ["PATH"], "HOME": home, "NO_PROXY": "*", "AWS_DEFAULT_REGION": "eu-west-1"}
        environment |= {f"AWS_ENDPOINT_URL_{service}": url for service in ("STS", "SSO", "SSO_OIDC")}
        environment["AWS_EC2_METADATA_DISABLED"] = "true"
        for name, value in setup.environment.items():
            for mark, text in fill.items():
                value = value.replace(mark, text)
            environment[name] = value
        for file in (aws / "config", aws / "credentials"):
            file.write_text(file.read_text().replace("{home}", home))
        profile = [] if setup.profile is None else [setup.profile]
        command = [str(xtask), "credentials", "--json"] + [f"--profile={name}" for name in profile]
        # A refresh token is valid once: the second client must use the token that the first one stored.
        theirs = program.run(environment, profile).strip() if setup.theirs_first else None
        ours = access_key_id(command, environment)
        if theirs is None:
            theirs = program.run(environment, profile).strip()
        return setup, ours, theirs


def access_key_id(command: list[str], environment: dict[str, str]) -> str:
    """The access key ID that our client finds, or "none"."""
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT, check=False)
    return str(json.loads(done.stdout)["access_key_id"]) if done.returncode == 0 else "none"


def _sign_in(cache: Path, name: str, state: str, home: str) -> None:
    token = {"startUrl": "https://s", "region": "eu-west-1", "accessToken": "token"}
    token["expiresAt"] = _LATER if state == "valid" else "2020-01-01T00:00:00Z"
    if state == "renewable":
        token |= {"clientId": "c", "clientSecret": "s", "registrationExpiresAt": _LATER, "refreshToken": home}
    (cache / f"{sha1(name.encode()).hexdigest()}.json").write_text(json.dumps(token))


class _Handler(BaseHTTPRequestHandler):
    """Responds for AWS STS, sign-in, containers and instances."""

    renewed: ClassVar[set[str]] = set()

    def do_POST(self) -> None:
        """Issues keys named after the role and its caller, or one new sign-in token per refresh token."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/token":
            token = json.loads(body)["refreshToken"]
            if token in self.renewed:
                self._respond(json.dumps({"error": "invalid_grant"}), "application/json", 400)
            else:
                self.renewed.add(token)
                response = {"accessToken": "renewed", "expiresIn": 28800, "refreshToken": token + "/next", "tokenType": "Bearer"}
                self._respond(json.dumps(response), "application/json")
            return
        form = parse_qs(body)
        action, role = form["Action"][0], form["RoleArn"][0].rsplit("/", 1)[1]
        signed = self.headers.get("Authorization", "")
        by = signed.split("Credential=")[1].split("/")[0] if signed else form["WebIdentityToken"][0]
        keys = f"<AccessKeyId>{role}-by-{by}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
        keys += f"<SessionToken>t</SessionToken><Expiration>{_LATER}</Expiration>"
        arn = "<AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/x/s</Arn>"
        result = f"<Credentials>{keys}</Credentials><AssumedRoleUser>{arn}</AssumedRoleUser>"
        result = f"<{action}Result>{result}</{action}Result>"
        space = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
        self._respond(f"<{action}Response {space}>{result}</{action}Response>", "text/xml")

    def do_PUT(self) -> None:
        """Issues a session token of instance metadata."""
        self._respond("metadata-token")

    def do_GET(self) -> None:
        """Responds to requests for keys, and rejects others."""
        roles = "/latest/meta-data/iam/security-credentials/"
        keys = {"SecretAccessKey": "s", "Token": "t", "Expiration": _LATER}
        if self.path.startswith("/federation/credentials?"):
            token = self.headers["x-amz-sso_bearer_token"]
            keys = {"accessKeyId": "SSO" if token == "token" else f"SSO-{token}", "secretAccessKey": "s", "sessionToken": "t"}
            keys |= {"expiration": int(time.time() + 3600) * 1000}
            self._respond(json.dumps({"roleCredentials": keys}), "application/json")
        elif self.path == "/container" and self.headers.get("Authorization") in (None, "identity"):
            self._respond(json.dumps({"AccessKeyId": "CONTAINER"} | keys), "application/json")
        elif self.path == roles:
            self._respond("role")
        elif self.path == roles + "role":
            self._respond(json.dumps({"Code": "Success", "AccessKeyId": "INSTANCE"} | keys))
        else:
            self.send_error(404)

    def _respond(self, body: str, kind: str = "text/plain", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Logs nothing."""
