"""Requests that the fake must refuse as the service does."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

from alibaba.responses import leaves
from alibaba.model import Json
from alibaba.sdk import Refused, Sdk
from peer import Fake, Keys
from report import Part

_OPERATION = "DescribeGateways"


@dataclass(frozen=True)
class _Spoilt:
    """A client with a wrong setting or a call that breaks a rule, and the error code of the response."""

    name: str
    code: str | None
    keys: Callable[[Keys], Keys] = lambda keys: keys
    minutes: int = 0
    operation: str = _OPERATION
    arguments: Json = field(default_factory=dict)
    status: int = 400


_SPOILT = [
    _Spoilt("nothing spoilt", None),
    _Spoilt("wrong secret", "SignatureDoesNotMatch", lambda keys: replace(keys, secret_key="another")),
    _Spoilt(
        "unknown key", "InvalidAccessKeyId.NotFound", lambda keys: replace(keys, access_key="LTAINOBODY"), status=404
    ),
    _Spoilt("foreign token", "InvalidSecurityToken.Malformed", lambda keys: keys.with_token("nobody's")),
    _Spoilt("no token", "InvalidSecurityToken.Malformed", lambda keys: replace(keys, token=None)),
    _Spoilt("clock behind", "InvalidTimeStamp.Expired", minutes=-20),
    _Spoilt("clock ahead", "InvalidTimeStamp.Expired", minutes=20),
    _Spoilt("clock a little off", None, minutes=10),
    _Spoilt("required parameter missing", "MissingGatewayId", operation="DeleteGateway"),
    _Spoilt("value above the maximum", "InvalidParameter", arguments={"PageSize": 51}),
    _Spoilt("not a number", "InvalidParameter", arguments={"PageSize": "many"}),
]


@dataclass(frozen=True)
class _Replay:
    """An accepted request, sent again, possibly changed."""

    name: str
    code: str
    change: Callable[[Json], Json] = lambda request: request


def _target(old: str, new: str) -> Callable[[Json], Json]:
    return lambda request: request | {"target": request["target"].replace(old, new)}


def _other_nonce(request: Json) -> Json:
    """Changes the nonce, which is in the query or in a header."""
    headers = request["headers"]
    name = "x-acs-signature-nonce"
    other = headers | {name: headers[name] + "0"} if name in headers else headers
    return _target("SignatureNonce=", "SignatureNonce=0")(request) | {"headers": other}


_REPLAYS = [
    _Replay("sent twice", "SignatureNonceUsed"),
    _Replay("sent twice with another nonce", "SignatureDoesNotMatch", _other_nonce),
    _Replay("another value", "SignatureDoesNotMatch", _target("PageSize=7", "PageSize=8")),
    _Replay("one parameter more", "SignatureDoesNotMatch", _target("PageSize=", "GatewayId=x&PageSize=")),
    _Replay("another method", "SignatureDoesNotMatch", lambda request: request | {"method": "PUT"}),
]


def run(part: Part, make: Callable[[str, Keys], Sdk], fake: Fake, keys: Keys) -> None:
    """Makes the SDK send faulty requests, then sends one of its accepted requests again."""
    for spoilt in _SPOILT:
        part.count("spoilt calls")
        part.check(spoilt.name, _call_faults(make(fake.url, spoilt.keys(keys)), spoilt))
    fake.take()
    make(fake.url, keys).call(_OPERATION, {"PageSize": 7})
    [good] = fake.take()
    for replay in _REPLAYS:
        part.count("replayed requests")
        part.check(replay.name, _replay_faults(replay.change(good), replay.code))


def _call_faults(peer: Sdk, spoilt: _Spoilt) -> Iterator[str]:
    try:
        with _clock(peer, spoilt.minutes):
            peer.call(spoilt.operation, spoilt.arguments)
    except Refused as error:
        expected = peer.wrong_secret if spoilt.code == "SignatureDoesNotMatch" else spoilt.code
        if (error.code, error.status) != (expected, spoilt.status):
            yield f"refused: {error}, expected {expected}"
        if not error.request_id:
            yield "no request id"
    else:
        if spoilt.code is not None:
            yield "not refused"


def _clock(peer: Sdk, minutes: int) -> AbstractContextManager[Any]:
    """Makes the SDK sign with a clock that is wrong by `minutes`."""
    time = datetime.now(UTC) + timedelta(minutes=minutes)
    return mock.patch.object(*peer.clock, lambda: time.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _replay_faults(request: Json, code: str) -> Iterator[str]:
    connection = http.client.HTTPConnection(request["headers"]["host"], timeout=5)
    try:
        connection.request(request["method"], request["target"], request["body"], request["headers"])
        response = connection.getresponse()
        found = dict(leaves(response.read().decode()))
    finally:
        connection.close()
    if (response.status, found.get(".Code")) != (400, code):
        yield f"status {response.status}, {found}, expected {code}"
    if not found.get(".RequestId") or not found.get(".HostId"):
        yield f"missing request ID or host ID: {found}"
