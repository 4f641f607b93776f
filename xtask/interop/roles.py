"""Checks that other tools assume roles of our fake of AWS STS, and that signed requests identify their callers."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.signers import RequestSigner

from peer import REGION, Fake, Keys, environment
from report import Part

ROLE = {"RoleArn": "arn:aws:iam::111122223333:role/path/demo", "RoleSessionName": "interop"}
SESSION_ARN = "arn:aws:sts::111122223333:assumed-role/demo/interop"
Request = urllib.request.Request

_IDENTITY = "Action=GetCallerIdentity&Version=2011-06-15"

_BOTO3 = """
import boto3, json
session = boto3.Session(profile_name="role")
arn = session.client("sts").get_caller_identity()["Arn"]
print(json.dumps([arn, len(session.client("storagegateway").list_gateways()["Gateways"])]))
"""
_PROFILES = """\
[profile role]
role_arn = {RoleArn}
role_session_name = {RoleSessionName}
source_profile = user
region = {region}
[profile user]
aws_access_key_id = {id}
aws_secret_access_key = {secret}
"""


def run(part: Part, gateways: Fake, tokens: Fake, keys: Keys, aws_config: Path | None) -> None:
    """Uses the role of a profile with every tool, then identifies the caller by every kind of signed request."""
    with tempfile.TemporaryDirectory() as home:
        config = Path(home, "config")
        config.write_text(_PROFILES.format(**ROLE, region=REGION, id=keys.access_key, secret=keys.secret_key))
        settings = {name: value for name, value in environment(keys).items() if not name.startswith("AWS_")}
        settings |= {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(config), "HOME": home}
        settings |= {"AWS_ENDPOINT_URL_STS": tokens.url, "AWS_ENDPOINT_URL_STORAGE_GATEWAY": gateways.url}
        tools = [("boto3", _boto3), ("AWS CLI", _cli)]
        if aws_config is None:
            part.note("aws-config is left out")
        else:
            tools.append(("aws-config", partial(_program, aws_config)))
        for name, ask in tools:
            part.count("tools with a role")
            part.check(f"{name} with a role", _role_faults(ask, settings))
    part.count("requests by curl", 3)
    part.check("curl", _curl_faults(gateways, tokens, keys))
    for name, request in _presigned(tokens, keys):
        part.count("presigned URLs")
        part.check(name, _faults(request, "<GetCallerIdentityResult>"))
    for name, request, expected in _replayed(tokens, keys):
        part.count("requests sent by another program")
        part.check(name, _faults(request, expected))


def _role_faults(ask: Callable[[dict[str, str]], tuple[str, int]], settings: dict[str, str]) -> Iterator[str]:
    arn, gateways = ask(settings)
    if arn != SESSION_ARN:
        yield f"the caller is {arn}"
    if gateways < 1:
        yield "no gateway"


def _output(command: list[str], settings: dict[str, str]) -> str:
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[:3]}: {done.stderr.strip()[-500:]}")
    return done.stdout


def _boto3(settings: dict[str, str]) -> tuple[str, int]:
    arn, gateways = json.loads(_output([sys.executable, "-c", _BOTO3], settings))
    return arn, gateways


def _program(program: Path, settings: dict[str, str]) -> tuple[str, int]:
    arn, gateways = json.loads(_output([str(program)], settings | {"AWS_PROFILE": "role"}))
    return arn, gateways


def _cli(settings: dict[str, str]) -> tuple[str, int]:
    aws = [sys.executable, "-m", "awscli", "--profile", "role", "--output", "json"]
    identity = json.loads(_output([*aws, "sts", "get-caller-identity"], settings))
    found = json.loads(_output([*aws, "storagegateway", "list-gateways"], settings))
    return identity["Arn"], len(found["Gateways"])


def _curl_faults(gateways: Fake, tokens: Fake, keys: Keys) -> Iterator[str]:
    if shutil.which("curl") is None:
        yield "curl is not on PATH"
        return
    listing = ["-H", "Content-Type: application/x-amz-json-1.1", "-d", "{}"]
    listing += ["-H", "X-Amz-Target: StorageGateway_20130630.ListGateways"]
    for service, arguments, expected in (
        ("storagegateway", [*listing, f"{gateways.url}/"], '"Gateways"'),
        ("sts", ["-d", _IDENTITY, f"{tokens.url}/"], "<GetCallerIdentityResult>"),
        ("sts", [f"{tokens.url}/?{_IDENTITY}"], "<GetCallerIdentityResult>"),
    ):
        command = ["curl", "--silent", "--noproxy", "*", "--aws-sigv4", f"aws:amz:{REGION}:{service}"]
        command += ["--user", f"{keys.access_key}:{keys.secret_key}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        if expected not in done.stdout:
            yield f"{arguments[-1]}: {done.returncode}: {done.stdout[:300]}{done.stderr[:300]}"


def _presigned(tokens: Fake, keys: Keys) -> Iterator[tuple[str, Request]]:
    """Presigned URLs, as botocore and EKS make them."""
    session = boto3.session.Session(keys.access_key, keys.secret_key, region_name=REGION)
    api = session.client("sts", endpoint_url=tokens.url)
    for method in ("GET", "POST"):
        url = api.generate_presigned_url("get_caller_identity", HttpMethod=method)
        yield f"presigned {method}", Request(url, method=method)
    signer = RequestSigner(
        api.meta.service_model.service_id, REGION, "sts", "v4", session.get_credentials(), session.events
    )
    headers = {"x-k8s-aws-id": "cluster"}
    request = {"method": "GET", "url": f"{tokens.url}/?{_IDENTITY}", "body": {}, "headers": headers, "context": {}}
    url = signer.generate_presigned_url(request, "GetCallerIdentity", expires_in=60)
    yield "token of EKS", Request(url, headers=headers)


def _replayed(tokens: Fake, keys: Keys) -> Iterator[tuple[str, Request, str]]:
    """A login at Vault: the caller signs a request, and Vault sends its body and headers."""
    server_id = "X-Vault-AWS-IAM-Server-ID"
    headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", server_id: "vault.example.com"}
    signed = AWSRequest(method="POST", url=f"{tokens.url}/", data=_IDENTITY, headers=headers)
    credentials = boto3.session.Session(keys.access_key, keys.secret_key).get_credentials()
    SigV4Auth(credentials, "sts", REGION).add_auth(signed)
    login = {
        "iam_http_request_method": "POST",
        "iam_request_url": _encoded(signed.url),
        "iam_request_body": _encoded(_IDENTITY),
        "iam_request_headers": _encoded(json.dumps({name: [value] for name, value in signed.headers.items()})),
    }
    url, body, headers = (_decoded(login[f"iam_request_{name}"]) for name in ("url", "body", "headers"))
    sent = {name: ",".join(values) for name, values in json.loads(headers).items()}

    def request(headers: dict[str, str]) -> Request:
        return Request(url, method=login["iam_http_request_method"], data=body.encode(), headers=headers)

    yield "login at Vault", request(sent), "<GetCallerIdentityResult>"
    refused = "<Code>SignatureDoesNotMatch</Code>"
    yield "login at another Vault", request(sent | {server_id: "vault.example.org"}), refused
    del sent[server_id]
    yield "login at any Vault", request(sent), refused


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode()


def _faults(request: Request, expected: str) -> Iterator[str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as response:
            text = response.read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
    if expected not in text:
        yield text
