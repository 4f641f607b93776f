"""Compares which credentials our client and Alibaba Cloud's SDK choose, and their requests for roles.

Both run unchanged, behind a proxy that responds for the vendor's hosts. Only the SDK's trusted certificate is set.
"""

from __future__ import annotations

import hmac
import http.client
import json
import os
import ssl
import tempfile
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

from alibaba import authority
from alibaba.setups import SETUPS, Setup
from capture import running
from forked import forked
from peer import Fake, Keys, serving
from report import Part
from sources import access_key_id

_THEIRS = """
import os, requests
send = requests.Session.send
requests.Session.send = lambda *args, **options: send(*args, **(options | {"verify": os.environ["SSL_CERT_FILE"]}))
from alibabacloud_credentials.provider import DefaultCredentialsProvider
try:
    print(DefaultCredentialsProvider().get_credentials().get_access_key_id())
except Exception:
    print("none")
"""
_HOSTS = ["sts.aliyuncs.com", "sts.cn-beijing.aliyuncs.com", "sts-vpc.cn-beijing.aliyuncs.com"]
_THREADS = 2
_LATER = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 6 * 3600))
_SECRET = "s"

# Parameters that differ in every request, or that only one side sends.
_NOT_COMPARED = {"Signature", "SignatureNonce", "Timestamp"}

Parameters = dict[str, str]
Ask = Callable[[dict[str, str]], str]
"""Returns the access key ID that a client finds in an environment."""
Respond = Callable[[str, str, str, Parameters], tuple[int, str]]


@dataclass(frozen=True)
class Sent:
    """A request for a role."""

    host: str
    parameters: Parameters

    def compared(self) -> tuple[str, Parameters]:
        """Host and parameters that must be equal on both sides."""
        kept = {name: value for name, value in self.parameters.items() if name not in _NOT_COMPARED}
        session = kept.get("RoleSessionName", "")
        if session.startswith(("gatewright-", "credentials-python-")):
            kept["RoleSessionName"] = "the client's name and the time"
        return self.host, kept


@dataclass
class _Run:
    """What one client did with one set-up."""

    key: str = "none"
    sent: list[Sent] = field(default_factory=list)
    unsigned: list[str] = field(default_factory=list)
    """Requests whose signature is wrong."""


def run(part: Part, xtask: Path) -> None:
    """Compares every set-up; then the SDK assumes roles of our fake."""
    ours = partial(access_key_id, [str(xtask), "credentials", "--json", "--vendor", "alibaba-cloud"])
    with (
        tempfile.TemporaryDirectory() as folder,
        forked("alibabacloud_credentials.provider", _THEIRS, _THREADS) as program,
    ):

        def theirs(environment: dict[str, str]) -> str:
            return program.run(environment, []).strip()

        trusted, server = authority.write(Path(folder), _HOSTS)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(server)
        with ThreadPoolExecutor(_THREADS) as pool:

            def both(setup: Setup) -> tuple[Setup, _Run, _Run]:
                return setup, _run(setup, ours, tls, trusted), _run(setup, theirs, tls, trusted)

            for setup, by_ours, by_theirs in pool.map(both, SETUPS):
                part.count("set-ups")
                part.count("requests compared", len(by_ours.sent))
                part.check(setup.name, _faults(setup, by_ours, by_theirs))
                if setup.theirs is not None:
                    part.note(f"{setup.name} differs on purpose: {setup.why}")
        keys = Keys(access_key="LTAIINTEROP")
        with serving(xtask, "alibaba-sts", keys) as fake:
            for name in ("role", "token of the environment"):
                part.count("roles of our fake")
                part.check(f"{name}, from our fake", _fake_faults(name, fake, keys, (theirs, tls, trusted)))


def _faults(setup: Setup, ours: _Run, theirs: _Run) -> Iterator[str]:
    if ours.key != setup.winner:
        yield f"our client found {ours.key}, expected {setup.winner}"
    expected = setup.winner if setup.theirs is None else setup.theirs
    if theirs.key != expected:
        yield f"the SDK found {theirs.key}, expected {expected}"
    for side, run in (("our client", ours), ("the SDK", theirs)):
        yield from (f"{side}: wrong signature of {text}" for text in run.unsigned)
    if setup.theirs is None:
        requests = [[sent.compared() for sent in run.sent] for run in (ours, theirs)]
        if requests[0] != requests[1]:
            yield f"our client sends {requests[0]}, the SDK {requests[1]}"


def _fake_faults(
    name: str, fake: Fake, keys: Keys, client: tuple[Ask, ssl.SSLContext, Path]
) -> Iterator[str]:
    """Runs the SDK; the proxy forwards its requests to our fake."""
    [setup] = [setup for setup in SETUPS if setup.name == name]
    own = {"access_key_id": keys.access_key, "access_key_secret": keys.secret_key}
    setup = replace(setup, profiles=[profile | own for profile in setup.profiles])
    address = urlsplit(fake.url).netloc

    def forward(host: str, method: str, target: str, _: Parameters) -> tuple[int, str]:
        connection = http.client.HTTPConnection(address, timeout=10)
        try:
            connection.request(method, target, headers={"Host": host})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    ask, tls, trusted = client
    found = _run(setup, ask, tls, trusted, forward)
    if not found.key.startswith("STS."):
        yield f"the key is {found.key}"


def _run(setup: Setup, ask: Ask, tls: ssl.SSLContext, trusted: Path, respond: Respond | None = None) -> _Run:
    run = _Run()
    with tempfile.TemporaryDirectory() as home, _serving(run, tls, respond) as url:
        fill = {"{home}": home, "{url}": url}
        config = {"current": "x", "profiles": setup.profiles}
        files = {"token": "identity", ".alibabacloud/credentials.ini": setup.credentials}
        files["elsewhere"] = "[default]\ntype = access_key\naccess_key_id = FILE\naccess_key_secret = s\n"
        if setup.profiles:
            files[".aliyun/config.json"] = json.dumps(config)
        for name, text in files.items():
            if text:
                Path(home, name).parent.mkdir(exist_ok=True)
                Path(home, name).write_text(_filled(text, fill))
        environment = {"PATH": os.environ["PATH"], "HOME": home, "HTTPS_PROXY": url, "SSL_CERT_FILE": str(trusted)}
        environment["ALIBABA_CLOUD_ECS_METADATA_DISABLED"] = "true"
        for name, value in setup.environment.items():
            environment[name] = _filled(value, fill)
        run.key = ask(environment)
    return run


def _filled(text: str, fill: dict[str, str]) -> str:
    for mark, value in fill.items():
        text = text.replace(mark, value)
    return text


@contextmanager
def _serving(run: _Run, tls: ssl.SSLContext, respond: Respond | None) -> Iterator[str]:
    """A proxy that responds for every host, and a plain HTTP server of keys."""

    class Handler(_Handler):
        pass

    Handler.run, Handler.tls, Handler.respond = run, tls, staticmethod(respond or _issue(run))
    with running(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as url:
        yield url


def _issue(run: _Run) -> Respond:
    """Issues keys that are named after the role and its caller."""

    def respond(host: str, method: str, _: str, parameters: Parameters) -> tuple[int, str]:
        run.sent.append(Sent(host, parameters))
        role = parameters["RoleArn"].rsplit("/", 1)[1]
        by = parameters.get("AccessKeyId") or parameters["OIDCToken"]
        if "Signature" in parameters and parameters["Signature"] != _signature(method, parameters):
            run.unsigned.append(f"{method} {parameters}")
        if role == "Denied":
            return 403, json.dumps({"Code": "NoPermission", "Message": "no", "RequestId": "1", "HostId": host})
        keys = {"AccessKeyId": f"{role}-by-{by}", "AccessKeySecret": _SECRET, "SecurityToken": "t"}
        return 200, json.dumps({"RequestId": "1", "Credentials": keys | {"Expiration": _LATER}})

    return respond


def _signature(method: str, parameters: Parameters) -> str:
    """Signature version 1.0, computed independently of both sides."""

    def encoded(text: str) -> str:
        return quote(text, safe="-_.~")

    signed = sorted((name, value) for name, value in parameters.items() if name != "Signature")
    query = "&".join(f"{encoded(name)}={encoded(value)}" for name, value in signed)
    text = f"{method}&{encoded('/')}&{encoded(query)}"
    return b64encode(hmac.digest(f"{_SECRET}&".encode(), text.encode(), "sha1")).decode()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host = ""
    run: _Run
    tls: ssl.SSLContext
    respond: Respond

    def do_CONNECT(self) -> None:
        """Opens a tunnel whose other end is this proxy."""
        self.host = self.path.rsplit(":", 1)[0]
        self.send_response(200)
        self.end_headers()
        try:
            self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        except ssl.SSLError:
            # The certificate covers only the hosts that clients should reach.
            self.close_connection = True
            return
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False

    def do_POST(self) -> None:
        """Responds to a request for a role."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        pairs = parse_qsl(urlsplit(self.path).query, True) + parse_qsl(body, True)
        parameters = dict(pairs)
        if len(parameters) != len(pairs):
            raise ValueError(f"a parameter is repeated: {pairs}")
        self._send(*self.respond(self.host, self.command, self.path, parameters))

    def do_GET(self) -> None:
        """Responds to a request for a role in a tunnel, or for keys by a plain URL."""
        if self.host:
            self.do_POST()
        elif self.path == "/keys":
            keys = {"AccessKeyId": "URI", "AccessKeySecret": _SECRET, "SecurityToken": "t", "Expiration": _LATER}
            self._send(200, json.dumps({"Code": "Success"} | keys))
        else:
            self._send(404, "")

    def _send(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Logs nothing: the report has all differences."""
