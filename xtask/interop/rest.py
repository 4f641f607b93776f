"""Services with a method and URI per operation: boto3 and our client call the same fakes."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree
from zlib import crc32

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel

from fitting import fitting_texts
from peer import Fake, Keys, call, client, environment, serving
from report import Part, Report
from service import Json, Service
from wire import ON_PURPOSE

sys.path.append(str(Path(__file__).parent.parent / "corpus"))
from cases import plain, sample  # noqa: E402

# Committed services, and their names in botocore.
COMMITTED = {"aws-api-gateway-management": "apigateway", "aws-api-gateway-v2-management": "apigatewayv2"}

# Media types that the protocols' specifications require, and botocore does not send.
UNNAMED = {"application/xml", "application/octet-stream", "text/plain"}

# Headers with a hash of the body.
HASHES: dict[str, Callable[[bytes], str]] = {
    "x-amz-checksum-crc32": lambda body: b64encode(crc32(body).to_bytes(4, "big")).decode(),
    "x-amz-content-sha256": lambda body: sha256(body).hexdigest(),
}

# Members of type string that botocore encodes as Base64, by operation.
ENCODED = {"RunInstances": "UserData"}


def committed(report: Report, models: Path, xtask: Path, keys: Keys) -> None:
    """Compares the committed services."""
    _run(report, models, COMMITTED, xtask, keys)


def imported(report: Report, models: Path, tools: Path, keys: Keys) -> None:
    """Compares services imported from botocore; `tools` is the program with their clients and fakes."""
    names = sorted(folder.name for folder in models.iterdir() if folder.is_dir())
    _run(report, models, {name: name for name in names}, tools, keys)


def _run(report: Report, models: Path, services: dict[str, str], program: Path, keys: Keys) -> None:
    """Calls each operation by boto3 and by `call`, and compares their requests."""
    for name, theirs in services.items():
        with report.part(f"boto3 and our client call {theirs}") as part, serving(program, name, keys) as fake:
            _all_operations(part, Service(models / name, theirs), fake, [str(program), "call", name], keys)


def _all_operations(part: Part, service: Service, fake: Fake, command: list[str], keys: Keys) -> None:
    api = client(service, fake.url, keys)
    examples = {name: shape["example"] for name, shape in service.shapes.items() if "example" in shape}
    fitting = fitting_texts(service.botocore)
    for shape in sorted(shape for shape, text in fitting.items() if text is None):
        part.note(f"{shape} is left out: no text with its pattern and length was found")
    examples = fitting | examples
    for name in sorted(service.examples):
        part.count("operations")
        operation = service.botocore.operation_model(name)
        given = sample(operation.input_shape, examples=examples) if operation.input_shape else {}
        part.check(name, _response_faults(part, service, api, operation, given))
        theirs = fake.take()
        value = _ours(service, service.input_of(name), plain(given))
        if name in ENCODED:
            value[ENCODED[name]] = b64encode(value[ENCODED[name]].encode()).decode()
            part.note(f"{name}.{ENCODED[name]}: callers of botocore pass the text, ours pass its Base64 form, as in the API")
        done = subprocess.run(
            [*command, name, "--input", "-", "--endpoint", fake.url, "--max-attempts", "1"],
            capture_output=True,
            encoding="utf-8",
            env=environment(keys),
            input=json.dumps(value),
            timeout=30,
        )
        ours = fake.take()
        if done.returncode != 0 or [len(theirs), len(ours)] != [1, 1]:
            part.check(name, [f"{len(ours)} requests, exit code {done.returncode}: {done.stderr.strip()}"])
            continue
        part.count("requests")
        part.check(name, _differences(ours[0], theirs[0]))


def _response_faults(part: Part, service: Service, api: BaseClient, operation: OperationModel, given: Json) -> Iterator[str]:
    """Calls by boto3, and checks that each member of the response arrives."""
    try:
        parsed = call(api, operation.name, given)
    except (BotoCoreError, ClientError) as error:
        yield f"{type(error).__name__}: {error}"
        return
    metadata = parsed.pop("ResponseMetadata")
    expected = operation.http.get("responseCode", 200)
    if metadata["HTTPStatusCode"] != expected:
        yield f"status {metadata['HTTPStatusCode']}, not {expected}"
    if not metadata.get("RequestId"):
        yield "no request id"
    members = set(operation.output_shape.members) if operation.output_shape else set()
    # The fake returns the last page, which has no token.
    for member in sorted(members - parsed.keys() - service.page_tokens.get(operation.name, set())):
        yield f"{member} is not in the response"
    part.count("response members", _size(parsed))


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return len(value) + sum(_size(inner) for inner in value.values())
    return sum(_size(inner) for inner in value) if isinstance(value, list) else 0


def _ours(service: Service, name: str, value: Json) -> Json:
    """A value with wire names, as `call` expects it."""
    shape = service.shapes.get(name, {})
    kind = shape.get("type")
    if kind in ("structure", "union"):
        members = {member["name"]: member for member in shape["members"]}
        # A member that was renamed for Rust is found by its wire name.
        members = {member["wire"]: member for member in shape["members"] if "wire" in member} | members
        return {
            members[key].get("wire", key): _ours(service, members[key]["shape"], inner) for key, inner in value.items()
        }
    if kind == "list":
        return [_ours(service, shape["member"], inner) for inner in value]
    if kind == "blob":
        return b64encode(value.encode()).decode()
    if kind == "map":
        return {key: _ours(service, shape["value"], inner) for key, inner in value.items()}
    return value


def _differences(ours: Json, theirs: Json) -> Iterator[str]:
    for key in ("method", "target", "body"):
        got, expected = (_comparable(key, request) for request in (ours, theirs))
        if got != expected:
            yield f"{key} {ours[key]}, botocore sends {theirs[key]}"
    ignored = ON_PURPOSE.keys() | {"content-length", "connection"}
    if "content-type" not in theirs["headers"] and ours["headers"].get("content-type") in UNNAMED:
        ignored |= {"content-type"}
    if "content-md5" in ours["headers"]:
        # The caller's checksum suffices; botocore adds its own.
        ignored |= {"x-amz-checksum-crc32"}
    names = (ours["headers"].keys() | theirs["headers"].keys()) - ignored
    for name in sorted(names):
        got, expected = ours["headers"].get(name), theirs["headers"].get(name)
        if name in HASHES and expected == HASHES[name](theirs["body"].encode()):
            # Bodies that mean the same may differ in bytes.
            expected = HASHES[name](ours["body"].encode())
        if got != expected:
            yield f"header {name}: {got!r}, botocore sends {expected!r}"


def _comparable(key: str, request: Json) -> Any:
    """Part of a request, in a form that does not depend on the order of parameters and members."""
    text = request[key]
    if key == "target":
        url = urlsplit(text)
        return unquote(url.path), sorted(parse_qsl(url.query, keep_blank_values=True))
    if key == "body" and "x-www-form-urlencoded" in request["headers"].get("content-type", ""):
        return sorted(parse_qsl(text, keep_blank_values=True))
    if key == "body" and text.startswith("<"):
        return _elements(ElementTree.fromstring(text))
    if key == "body":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _elements(element: ElementTree.Element) -> Any:
    """An element as a value that ignores the order of children with different names."""
    children: dict[str, list[Any]] = {}
    for child in element:
        children.setdefault(child.tag, []).append(_elements(child))
    return element.tag, dict(element.attrib), element.text or "", children
