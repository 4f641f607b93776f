"""Calls every operation of the fake by boto3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel

from peer import Fake, Keys, call, client, method
from report import Part
from service import Json, Service
from values import Fill, Maker, faults, members, present


def run(part: Part, service: Service, fake: Fake, keys: Keys) -> None:
    """Calls each operation with the model's examples, with all members, and with required members only."""
    api = client(service, fake.url, keys)
    received = _Received(api)
    maker = Maker(service)
    for operation in service.operations:
        part.count("operations")
        seen: set[str] = set()
        for name, arguments in inputs(service, maker, operation):
            part.count("calls")
            part.check(f"{operation.name} ({name})", _faults(api, operation, arguments, received))
            seen.update(present(received.body))
        # The fake returns the last page, which has no token.
        tokens = {f".{token}" for token in service.page_tokens.get(operation.name, ())}
        modelled = set(members(operation.output_shape)) - tokens
        part.count("response members", len(modelled & seen))
        for path in sorted(modelled - seen):
            part.check(operation.name, [f"{path[1:]}: in no response"])
        if api.can_paginate(method(api, operation.name)):
            part.count("paginators")
            pages = api.get_paginator(method(api, operation.name)).paginate(**maker.input(operation, Fill.MINIMAL))
            part.check(operation.name, ["boto3's paginator does not end"] if len(list(islice(pages, 2))) != 1 else [])


def inputs(service: Service, maker: Maker, operation: OperationModel) -> Iterator[tuple[str, Json]]:
    """Valid inputs of an operation, each with its name."""
    for index, example in enumerate(service.examples[operation.name]):
        yield f"example {index + 1}", example
    yield "full", maker.input(operation, Fill.FULL)
    yield "minimal", maker.input(operation, Fill.MINIMAL)


class _Received:
    """The last response, before botocore parses it."""

    def __init__(self, api: BaseClient) -> None:
        self.body: Json = None
        self.headers: Any = {}
        self.status = 0
        api.meta.events.register("response-received", self._receive)

    def _receive(self, response_dict: dict[str, Any], **_: Any) -> None:
        self.body = json.loads(response_dict["body"])
        self.headers = response_dict["headers"]
        self.status = response_dict["status_code"]


def _faults(api: BaseClient, operation: OperationModel, arguments: Json, received: _Received) -> Iterator[str]:
    try:
        parsed = call(api, operation.name, arguments)
    except (BotoCoreError, ClientError) as error:
        yield f"{type(error).__name__}: {error}"
        return
    metadata = parsed.pop("ResponseMetadata")
    yield from faults(operation.output_shape, parsed, received.body, "response")
    if received.status != 200:
        yield f"status {received.status}, not 200"
    if not metadata.get("RequestId"):
        yield "no request id"
    expected = f"application/x-amz-json-{operation.metadata['jsonVersion']}"
    if received.headers.get("Content-Type") != expected:
        yield f"content type {received.headers.get('Content-Type')!r}, not {expected!r}"
