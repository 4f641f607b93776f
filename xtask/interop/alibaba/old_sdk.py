"""The older SDK: a request has one setter per parameter."""

from __future__ import annotations

import importlib
import logging
import pkgutil
import warnings
from inspect import getmembers, signature
from typing import Any
from xml.etree import ElementTree

import aliyunsdksgw.request.v20180511 as requests
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.utils import parameter_helper
from aliyunsdkcore.vendored.requests import Session

from alibaba.model import Json
from alibaba.sdk import REGION, Refused, Response, Sdk, heard, written
from peer import Keys

_SUFFIX = "Request"


class OldSdk(Sdk):
    """Signs with version 1.0; asks for JSON by POST or, if `xml`, for XML by GET."""

    package = "aliyun-python-sdk-sgw"
    clock = (parameter_helper, "get_iso_8061_date")
    adds = {"RegionId": REGION}

    def __init__(self, url: str, keys: Keys, *, xml: bool = False) -> None:
        self.title = "v1.0, XML" if xml else "v1.0, JSON"
        # Its code if the service quotes the string to sign that the SDK computed, too; it looks for that in JSON only.
        self.wrong_secret = super().wrong_secret if xml else "InvalidAccessKeySecret"
        self.operations = {module.name.removesuffix(_SUFFIX) for module in pkgutil.iter_modules(requests.__path__)}
        self._endpoint, self._xml = url.removeprefix("http://"), xml
        given: dict[str, Any] = {"ak": keys.access_key, "secret": keys.secret_key}
        if keys.token is not None:
            given = {"credential": StsTokenCredential(keys.access_key, keys.secret_key, keys.token)}
        self._client = AcsClient(region_id=REGION, auto_retry=False, **given)
        # The SDK logs every error.
        logging.getLogger("aliyunsdkcore").setLevel(logging.CRITICAL)

    def parameters(self, operation: str) -> set[str]:
        return (_setters(_request(operation)).keys() | self.adds.keys()) - {"SecurityToken"}

    def call(self, operation: str, arguments: Json, *, get: bool = False) -> Response:
        request = _request(operation)
        request.set_endpoint(self._endpoint)
        if get and self._xml:
            request.set_method("GET")
        setters = _setters(request)
        for name, value in written(arguments).items():
            if name in setters:
                setters[name](value)
        try:
            with heard(Session) as responses:
                self._send(request)
        except ServerException as error:
            code, message = error.get_error_code(), error.get_error_msg()
            raise Refused(code, message, error.get_http_status(), error.get_request_id()) from error
        return Response(responses[-1].text, responses[-1].headers)

    def _send(self, request: Any) -> None:
        if not self._xml:
            self._client.do_action_with_exception(request)
            return
        # Only a deprecated method can ask for XML.
        request.set_accept_format("XML")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            status, _, body = self._client.get_response(request)
        if status != 200:
            # The SDK parses errors in JSON only.
            code, message, request_id = map(ElementTree.fromstring(body).findtext, ("Code", "Message", "RequestId"))
            raise Refused(code or "", message or "", status, request_id)


def _request(operation: str) -> Any:
    name = operation + _SUFFIX
    return getattr(importlib.import_module(f"{requests.__name__}.{name}"), name)()


def _setters(request: Any) -> dict[str, Any]:
    """Setters by parameter: the setter's argument has the parameter's name."""
    own = vars(type(request))
    setters = [setter for name, setter in getmembers(request) if name.startswith("set_") and name in own]
    return {next(iter(signature(setter).parameters)): setter for setter in setters}
