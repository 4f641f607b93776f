"""One interface for all of Alibaba Cloud's SDKs."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from alibaba.model import Json

REGION = "cn-shanghai"


@dataclass(frozen=True)
class Response:
    """A response as received, and as decoded if the SDK decodes responses."""

    text: str
    headers: Mapping[str, str]
    decoded: Any = None


class Refused(Exception):
    """An error response, as the SDK reports it."""

    def __init__(self, code: str, message: str, status: int, request_id: str | None) -> None:
        super().__init__(f"status {status}, {code}: {message}")
        self.code, self.message, self.status, self.request_id = code, message, status, request_id


class Sdk(ABC):
    """A client of an SDK, for one endpoint."""

    package: str
    clock: tuple[Any, str]
    """Module and name of the function that returns the time of signing, as text."""
    adds: dict[str, str] = {}
    """Parameters that the SDK adds to every request, even if the operation does not have them."""

    wrong_secret = "SignatureDoesNotMatch"
    """The error code that the SDK reports if it signed with a wrong secret."""

    title: str
    operations: set[str]

    def __str__(self) -> str:
        return f"{self.package} ({self.title})"

    @abstractmethod
    def parameters(self, operation: str) -> set[str]:
        """Names of the parameters that the SDK has for an operation, without the session token."""

    @abstractmethod
    def call(self, operation: str, arguments: Json, *, get: bool = False) -> Response:
        """Calls an operation, by GET if `get` and the SDK can; raises `Refused`."""


def written(arguments: Json) -> Json:
    """Arguments for the SDKs: maps of our client are JSON texts there."""
    return {
        name: json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else value
        for name, value in arguments.items()
    }


@contextmanager
def heard(session: Any) -> Iterator[list[Any]]:
    """Collects the responses that a session class receives."""
    responses: list[Any] = []
    send = session.send

    def sending(self: Any, *args: Any, **options: Any) -> Any:
        responses.append(send(self, *args, **options))
        return responses[-1]

    with mock.patch.object(session, "send", sending):
        yield responses
