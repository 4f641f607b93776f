"""The current SDK, generated in the same way for every language."""

from __future__ import annotations

from functools import cache
from typing import Any, get_type_hints

import requests
from alibabacloud_sgw20180511.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils import Utils

from alibaba.model import Json
from alibaba.sdk import REGION, Refused, Response, Sdk, heard, written
from peer import Keys

_SUFFIX = "_with_options"


class NewSdk(Sdk):
    """Signs with ACS3-HMAC-SHA256, or with version 1.0 if `v1`."""

    package = "alibabacloud_sgw20180511"
    clock = (Utils, "get_timestamp")

    def __init__(self, url: str, keys: Keys, *, v1: bool = False) -> None:
        self.title = "v1.0" if v1 else "ACS3-HMAC-SHA256"
        self.operations = set(_methods())
        config = Config(
            access_key_id=keys.access_key,
            access_key_secret=keys.secret_key,
            security_token=keys.token,
            connect_timeout=5_000,
            endpoint=url.removeprefix("http://"),
            protocol="http",
            read_timeout=10_000,
            region_id=REGION,
            signature_algorithm="v2" if v1 else None,
        )
        self._client = Client(config)

    def parameters(self, operation: str) -> set[str]:
        _, request = _methods()[operation]
        asked = _Asked()
        if request is not None:
            request().from_map(asked)
        return asked - {"SecurityToken"}

    def call(self, operation: str, arguments: Json, *, get: bool = False) -> Response:
        name, request = _methods()[operation]
        given = [] if request is None else [request().from_map(written(arguments))]
        try:
            with heard(requests.Session) as responses:
                response = getattr(self._client, name)(*given)
        except AlibabaCloudException as error:
            # The exception's own message adds status and request ID to the service's.
            message = (error.data or {}).get("Message") or error.message
            raise Refused(error.code, message, error.status_code, error.request_id) from error
        return Response(responses[-1].text, responses[-1].headers, response.body)


@cache
def _methods() -> dict[str, tuple[str, Any]]:
    """The method of each operation, and the class of its request if it has parameters."""
    found = {}
    for name in dir(Client):
        if name.endswith(_SUFFIX):
            hints = get_type_hints(getattr(Client, name))
            operation = hints["return"].__name__.removesuffix("Response")
            found[operation] = (name.removesuffix(_SUFFIX), hints.get("request") or hints.get("tmp_req"))
    return found


class _Asked(set[str]):
    """Records the keys that are read: the SDK's wire names of parameters are only in its code."""

    def __bool__(self) -> bool:
        return True

    def get(self, name: str) -> None:
        self.add(name)
