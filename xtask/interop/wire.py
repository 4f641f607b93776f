"""Compares our client's requests with botocore's, as a server receives them."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from botocore.client import BaseClient
from botocore.model import OperationModel

from calls import inputs
from capture import Capture, Received
from peer import Keys, call, client, environment
from report import Part
from service import Json, Service
from signature import Signed
from values import Fill, Maker, faults

_WORKERS = 4
_TOKEN = "interop/session+token=="
# An endpoint with a path: the canonical request encodes it a second time.
_PATH = "/a%20path/~b/"
# Headers that differ on purpose, or that only one side sends.
ON_PURPOSE = {
    "accept-encoding": "botocore sends `identity` to refuse compression, our client sends no such header",
    "amz-sdk-invocation-id": "botocore reports its calls and attempts for AWS's statistics",
    "amz-sdk-request": "botocore reports its calls and attempts for AWS's statistics",
    "authorization": "recomputed instead of compared, since requests are signed at different times",
    "user-agent": "each names itself",
    "x-amz-date": "the time of signing",
}


@dataclass(frozen=True)
class _Case:
    operation: OperationModel
    name: str
    arguments: Json
    keys: Keys
    path: str = ""
    unchecked: bool = False

    def __str__(self) -> str:
        return f"{self.operation.name} ({self.name})"


def run(part: Part, service: Service, xtask: Path, service_name: str, keys: Keys) -> None:
    """Sends each input by botocore and by `call`, and compares the requests."""
    maker = Maker(service)
    part.count("operations", len(service.operations))
    comparison = _Comparison(part, xtask, service_name, maker)
    with ExitStack() as stack:
        idle: Queue[_Peers] = Queue()
        for _ in range(_WORKERS):
            idle.put(_Peers(service, stack.enter_context(Capture().running())))

        def work(case: _Case) -> None:
            peers = idle.get()
            try:
                comparison.compare(case, peers)
            finally:
                idle.put(peers)

        pool = stack.enter_context(ThreadPoolExecutor(_WORKERS))
        for case, running in [(case, pool.submit(work, case)) for case in _cases(service, maker, keys)]:
            if (error := running.exception()) is not None:
                part.check(str(case), [f"{type(error).__name__}: {error}"])
    comparison.describe()


def _cases(service: Service, maker: Maker, keys: Keys) -> Iterator[_Case]:
    for operation in service.operations:
        for name, arguments in inputs(service, maker, operation):
            signed_by = keys.with_token(_TOKEN) if name == "full" else keys
            yield _Case(operation, name, arguments, signed_by, path=_PATH if name == "minimal" else "")
        yield _Case(operation, "odd", maker.input(operation, Fill.ODD), keys, unchecked=True)


class _Peers:
    """A capturing server and its boto3 clients, for one case at a time."""

    _making = threading.Lock()  # Creating boto3 clients is not thread-safe.

    def __init__(self, service: Service, capture: Capture) -> None:
        self.capture = capture
        self._service = service
        self._clients: dict[tuple[Keys, str, bool], BaseClient] = {}

    def client(self, case: _Case) -> BaseClient:
        """The client for a case; creating one takes longer than many calls."""
        kind = (case.keys, case.path, case.unchecked)
        if kind not in self._clients:
            with self._making:
                url, checked = self.capture.url + case.path, not case.unchecked
                self._clients[kind] = client(self._service, url, case.keys, parameter_validation=checked)
        return self._clients[kind]


class _Comparison:
    """State that all cases share."""

    def __init__(self, part: Part, xtask: Path, service_name: str, maker: Maker) -> None:
        self._part = part
        self._command = [str(xtask), "call", service_name]
        self._maker = maker
        self._differing: set[str] = set()

    def compare(self, case: _Case, peers: _Peers) -> None:
        """Compares one case."""
        part, capture = self._part, peers.capture
        capture.response = {}
        call(peers.client(case), case.operation.name, case.arguments)
        [theirs] = capture.take()

        capture.response = self._maker.output(case.operation, Fill.ODD if case.unchecked else Fill.FULL)
        done = self._call(case, capture)
        received = capture.take()
        part.count("requests")
        if done.returncode != 0 or len(received) != 1:
            part.check(str(case), [f"{len(received)} requests, exit code {done.returncode}: {done.stderr.strip()}"])
            return
        [ours] = received
        part.check(str(case), self._faults(case, ours, theirs))
        part.check(str(case), _response_faults(done.stdout, capture.response))
        part.count("signatures" if case.keys.token is None else "signatures with session token")
        if case.unchecked:
            self._refused(case, capture)

    def _call(self, case: _Case, capture: Capture, *, checked: bool = False) -> subprocess.CompletedProcess[str]:
        url = capture.url + case.path
        command = [*self._command, case.operation.name, "--input", "-", "--endpoint", url, "--max-attempts", "1"]
        if case.unchecked and not checked:
            command.append("--unchecked")
        return subprocess.run(
            command,
            capture_output=True,
            encoding="utf-8",
            env=environment(case.keys),
            input=json.dumps(case.arguments),
            timeout=20,
        )

    def _refused(self, case: _Case, capture: Capture) -> None:
        """Checks that an input that breaks constraints is sent only with `--unchecked`."""
        broken = list(faults(case.operation.input_shape, case.arguments, case.arguments, "input"))
        done = self._call(case, capture, checked=True)
        sent = len(capture.take())
        self._part.count("checked inputs")
        expected = (2, 0) if broken else (0, 1)
        if (done.returncode, sent) != expected:
            outcome = f"checked, exit code {done.returncode} and {sent} requests, expected {expected}"
            self._part.check(str(case), [f"{outcome}: {done.stderr.strip()}"])

    def _faults(self, case: _Case, ours: Received, theirs: Received) -> Iterator[str]:
        if (ours.method, ours.target) != (theirs.method, theirs.target):
            yield f"{ours.method} {ours.target}, botocore sends {theirs.method} {theirs.target}"
        yield from self._header_faults(ours, theirs)
        if ours.header("content-length") != str(len(ours.body)):
            yield f"content-length {ours.header('content-length')} of {len(ours.body)} bytes"
        yield from _body_faults(ours.body, theirs.body)
        host = ours.header("host")
        yield from Signed.of(ours.method, f"http://{host}{ours.target}", ours.headers, ours.body).faults(case.keys)

    def _header_faults(self, ours: Received, theirs: Received) -> Iterator[str]:
        names = {name.lower() for name, _ in [*ours.headers, *theirs.headers]}
        for name in sorted(names - {"content-length"}):
            if ours.header(name) == theirs.header(name):
                continue
            if name in ON_PURPOSE:
                self._differing.add(name)
            else:
                yield f"header {name}: {ours.header(name)!r}, botocore sends {theirs.header(name)!r}"

    def describe(self) -> None:
        """Reports the headers that differ on purpose."""
        for name in sorted(self._differing):
            self._part.note(f"{name} differs on purpose: {ON_PURPOSE[name]}")


def _body_faults(ours: bytes, theirs: bytes) -> Iterator[str]:
    try:
        got, expected = (_strict(body.decode()) for body in (ours, theirs))
    except ValueError as error:
        yield f"body {ours!r}: {error}"
        return
    if got != expected:
        yield f"body {ours.decode()}, botocore sends {theirs.decode()}"


def _response_faults(printed: str, response: Json) -> Iterator[str]:
    """Checks that `call` prints the response with wire names, and numbers and unknown values unchanged."""
    try:
        got = _strict(printed)
    except ValueError as error:
        yield f"printed {printed!r}: {error}"
        return
    if got != _strict(json.dumps(response)):
        yield f"printed {printed.strip()}, the response was {json.dumps(response)}"


def _strict(text: str) -> Json:
    """Parses JSON so that `true` differs from 1; rejects repeated members."""

    def members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise ValueError("a member is repeated")
        return {name: _marked(value) for name, value in found.items()}

    return _marked(json.loads(text, object_pairs_hook=members))


def _marked(value: Json) -> Json:
    if isinstance(value, bool):
        return ("boolean", value)
    return [_marked(item) for item in value] if isinstance(value, list) else value
