"""Requests that the fake must refuse as the service does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import botocore.auth
from botocore import UNSIGNED
from botocore.exceptions import ClientError

from peer import Fake, Keys, call, client
from report import Part
from service import Json, Service
from signature import Signed
from values import Fill, Maker, violations

Change = Callable[[Any], None]


@dataclass(frozen=True)
class _Refusal:
    """A change of a valid request, and the exception that it must cause."""

    name: str
    exception: str | None
    message: str = ""
    keys: Callable[[Keys], Keys] = lambda keys: keys
    config: dict[str, Any] = field(default_factory=dict)
    minutes: int = 0
    before_sign: Change | None = None
    after_sign: Change | None = None


def run(part: Part, service: Service, fake: Fake, keys: Keys) -> None:
    """Changes signatures, targets and bodies, then breaks every constraint of every input."""
    arguments = Maker(service).input(service.botocore.operation_model(_OPERATION), Fill.FULL)
    for refusal in _REFUSALS:
        part.count("spoilt requests")
        part.check(refusal.name, _faults(service, fake, keys, refusal, arguments))
    _violations(part, service, fake, keys)


_OPERATION = "UpdateGatewayInformation"


def _header(name: str, value: str | None) -> Change:
    def change(request: Any) -> None:
        del request.headers[name]
        if value is not None:
            request.headers[name] = value

    return change


def _data(body: bytes) -> Change:
    def change(request: Any) -> None:
        request.data = body

    return change


def _cut_authorization(request: Any) -> None:
    request.headers["Authorization"] = request.headers["Authorization"].partition(b", Signature")[0]


def _change_body(request: Any) -> None:
    request.body = request.body.replace(b": ", b" :", 1)


def _other_service(request: Any) -> None:
    request.context["signing"] = {"signing_name": "ec2"}


_MISMATCH = "^The request signature we calculated does not match"
_REFUSALS = [
    _Refusal("nothing spoilt", None),
    _Refusal("an unknown member", None, before_sign=_data(b'{"GatewayARN": "%s", "Colour": "red"}' % (b"x" * 50))),
    _Refusal("wrong secret", "InvalidSignatureException", _MISMATCH, lambda keys: replace(keys, secret_key="another")),
    _Refusal("changed body", "InvalidSignatureException", _MISMATCH, after_sign=_change_body),
    _Refusal(
        "changed header",
        "InvalidSignatureException",
        _MISMATCH,
        after_sign=_header("X-Amz-Target", "StorageGateway_20130630.ListGateways"),
    ),
    _Refusal(
        "unknown access key", "UnrecognizedClientException", "", lambda keys: replace(keys, access_key="AKIDNOBODY")
    ),
    _Refusal(
        "foreign session token", "UnrecognizedClientException", "", lambda keys: keys.with_token("nobody's token")
    ),
    _Refusal("no session token", "UnrecognizedClientException", "", lambda keys: replace(keys, token=None)),
    _Refusal("clock behind", "InvalidSignatureException", "^Signature expired: ", minutes=-20),
    _Refusal("clock ahead", "InvalidSignatureException", "^Signature not yet current: ", minutes=20),
    _Refusal("signed for another service", "InvalidSignatureException", "storagegateway", before_sign=_other_service),
    _Refusal("not signed", "MissingAuthenticationTokenException", config={"signature_version": UNSIGNED}),
    _Refusal("cut signature", "IncompleteSignatureException", after_sign=_cut_authorization),
    _Refusal(
        "unknown operation",
        "UnknownOperationException",
        before_sign=_header("X-Amz-Target", "StorageGateway_20130630.MakeCoffee"),
    ),
    _Refusal(
        "unknown target",
        "UnknownOperationException",
        before_sign=_header("X-Amz-Target", "DynamoDB_20120810.ListTables"),
    ),
    _Refusal("no target", "UnknownOperationException", before_sign=_header("X-Amz-Target", None)),
    _Refusal("cut JSON", "SerializationException", before_sign=_data(b'{"GatewayARN": "arn')),
    _Refusal("JSON that is no object", "SerializationException", before_sign=_data(b"[]")),
    _Refusal("bytes that are not UTF-8", "SerializationException", before_sign=_data(b'{"GatewayARN": "\xff"}')),
    _Refusal("wrong type", "SerializationException", before_sign=_data(b'{"GatewayARN": 5}')),
]


def _faults(service: Service, fake: Fake, keys: Keys, refusal: _Refusal, arguments: Json) -> Iterator[str]:
    api = client(service, fake.url, refusal.keys(keys), **refusal.config)
    sent: list[Any] = []
    for event, change in (("before-sign", refusal.before_sign), ("before-send", refusal.after_sign)):
        if change is not None:
            api.meta.events.register(event, lambda request, change=change, **_: change(request))
    api.meta.events.register_last("before-send", lambda request, **_: sent.append(request))
    try:
        with _clock(refusal.minutes):
            call(api, _OPERATION, arguments)
    except ClientError as error:
        response = error.response
        if response["Error"]["Code"] != refusal.exception:
            yield f"refused with {response['Error']['Code']}: {response['Error']['Message']}"
            return
        known = service.exception(response["Error"]["Code"])
        if known is None or response["ResponseMetadata"]["HTTPStatusCode"] != known.status:
            yield f"status {response['ResponseMetadata']['HTTPStatusCode']}"
        if not re.search(refusal.message, response["Error"]["Message"]):
            yield f"message {response['Error']['Message']!r}, expected {refusal.message!r}"
        if refusal.message == _MISMATCH:
            yield from _canonical_faults(sent[-1], keys, response["Error"]["Message"])
    else:
        if refusal.exception is not None:
            yield "not refused"


def _canonical_faults(request: Any, keys: Keys, message: str) -> Iterator[str]:
    """Checks that the message of a wrong signature quotes what botocore computes from the same bytes."""
    signed = Signed.of(request.method, request.url, request.headers.items(), request.body)
    for text in signed.texts(keys):
        if f"'{text}'" not in message:
            yield f"the message does not quote botocore's text {text!r}: {message!r}"


def _clock(minutes: int) -> AbstractContextManager[Any]:
    """Makes botocore sign with a clock that is wrong by `minutes`."""
    now: Callable[[], datetime] = botocore.auth.get_current_datetime
    return mock.patch.object(botocore.auth, "get_current_datetime", lambda: now() + timedelta(minutes=minutes))


def _violations(part: Part, service: Service, fake: Fake, keys: Keys) -> None:
    api = client(service, fake.url, keys, parameter_validation=False)
    maker = Maker(service)
    for operation in service.operations:
        for path, why, broken in violations(operation.input_shape, maker.input(operation, Fill.FULL)):
            part.count("broken constraints")
            case = f"{operation.name}, {path.lstrip('.')} {why}"
            try:
                call(api, operation.name, broken)
            except ClientError as error:
                name, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
                if name != "ValidationException":
                    part.check(case, [f"refused with {name}: {message}"])
                elif not names(message, path):
                    part.check(case, [f"the message does not name the member: {message!r}"])
            else:
                part.check(case, ["not refused"])


def names(message: str, path: str) -> bool:
    """Whether a message names the last member of a path, ignoring case and separators."""
    last = re.sub(r"\[\d+\]", "", path).rpartition(".")[2]
    return _letters(last) in _letters(message)


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
