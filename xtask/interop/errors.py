"""Raises every exception and every operation error code in boto3."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from unittest import mock

from botocore.client import BaseClient
from botocore.exceptions import ClientError

from peer import Fake, Keys, call, client
from report import Part
from service import Json, Service, WireError
from values import Fill, Maker


def run(part: Part, service: Service, fake: Fake, keys: Keys) -> None:
    """Makes the fake fail in every way that the model has, and checks what boto3 raises."""
    api = client(service, fake.url, keys)
    maker = Maker(service)
    arguments = {operation.name: maker.input(operation, Fill.MINIMAL) for operation in service.operations}
    operations = cycle(arguments)

    def provoke(operation: str, exception: str | None, code: str | None) -> None:
        what = {"exception": exception, "code": code}
        fake.fail(operation, **{key: value for key, value in what.items() if value is not None})
        case = f"{operation}, {exception or 'any exception'}, code {code!r}"
        part.check(case, _faults(service, api, operation, arguments[operation], exception, code))

    carriers = [exception.name for exception in service.exceptions if exception.carries_code]
    for known in service.error_codes:
        for code in known.spellings:
            part.count("error codes")
            for operation in [name for name in known.operations if name in arguments] or [next(operations)]:
                part.count("calls")
                provoke(operation, None, code)
            for carrier in carriers:
                part.count("calls")
                provoke(next(operations), carrier, code)
    for exception in service.exceptions:
        for spelling in exception.spellings:
            part.count("exceptions")
            part.count("calls")
            provoke(next(operations), spelling, None)
    for status in (403, 404, 413, 429, 500, 502, 503, 504):
        part.count("bare statuses")
        operation = next(operations)
        fake.fail(operation, status=status)
        part.check(f"{operation}, status {status}", _status_faults(api, operation, arguments[operation], status))
    part.check("ThrottlingException, twice", _retry_faults(service, fake, keys))
    for operation in arguments:
        part.count("recoveries")
        call(api, operation, arguments[operation])


def _faults(
    service: Service, api: BaseClient, operation: str, arguments: Json, exception: str | None, code: str | None
) -> Iterator[str]:
    try:
        call(api, operation, arguments)
    except ClientError as error:
        yield from _response_faults(service, api, error, exception, code)
    else:
        yield "no error"


def _response_faults(
    service: Service, api: BaseClient, error: ClientError, exception: str | None, code: str | None
) -> Iterator[str]:
    name, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
    metadata = error.response["ResponseMetadata"]
    known = service.exception(name)
    if known is None or name != (exception or name) or (code is not None and not known.carries_code):
        yield f"exception is {name}"
        return
    modelled = getattr(api.exceptions, name, None) if name in service.botocore.shape_names else None
    if modelled is not None and not isinstance(error, modelled):
        yield f"raised as {type(error).__name__}"
    if metadata["HTTPStatusCode"] != known.status:
        yield f"status {metadata['HTTPStatusCode']}, not {known.status}"
    if not metadata.get("RequestId"):
        yield "no request id"
    header = metadata["HTTPHeaders"].get("x-amzn-errortype")
    if header is not None and header != name:
        yield f"header x-amzn-errortype is {header!r}"
    got = (error.response.get("error") or {}).get("errorCode")
    if modelled is not None and got != code:
        yield f"error.errorCode is {got!r}"
    expected = known if code is None else _code(service, code)
    if expected.message is not None and message != expected.message:
        yield f"message {message!r}, not {expected.message!r}"
    if modelled is not None and error.response.get("message", "") != message:
        yield f"member message is {error.response.get('message')!r}"


def _status_faults(api: BaseClient, operation: str, arguments: Json, status: int) -> Iterator[str]:
    try:
        call(api, operation, arguments)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != status:
            yield f"status {error.response['ResponseMetadata']['HTTPStatusCode']}"
    else:
        yield "no error"


def _retry_faults(service: Service, fake: Fake, keys: Keys) -> Iterator[str]:
    """Checks that boto3 retries until the fake no longer throttles."""
    api = client(service, fake.url, keys, retries={"mode": "standard", "total_max_attempts": 3})
    fake.fail("ListGateways", exception="ThrottlingException", times=2)
    with mock.patch("botocore.endpoint.time.sleep"):
        response = call(api, "ListGateways", {})
    if response["ResponseMetadata"]["RetryAttempts"] != 2:
        yield f"{response['ResponseMetadata']['RetryAttempts']} retries, not 2"


def _code(service: Service, spelling: str) -> WireError:
    return next(known for known in service.error_codes if spelling in known.spellings)
