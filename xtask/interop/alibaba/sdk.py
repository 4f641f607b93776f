"""The interface of each of Alibaba Cloud's SDKs."""

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
    """A response as it came, and as the SDK decoded it, if it does."""

    text: str
    headers: Mapping[str, str]
    decoded: Any = None


class Refused(Exception):
    """An error of the service, as the SDK reports it."""

    def __init__(self, code: str, message: str, status: int, request_id: str | None) -> None:
        super().__init__(f"status {status}, {code}: {message}")
        self.code, self.message, self.status, self.request_id = code, message, status, request_id


class Sdk(ABC):
    """A client of theirs, of one endpoint."""

    package: str
    clock: tuple[Any, str]
    """The function that gives the time of signing, as text."""
    adds: dict[str, str] = {}
    """Parameters that it adds to every request, whether the operation has them or not."""

    wrong_secret = "SignatureDoesNotMatch"
    """The code that it reports if it signs with another secret."""

    title: str
    operations: set[str]

    def __str__(self) -> str:
        return f"{self.package} ({self.title})"

    @abstractmethod
    def parameters(self, operation: str) -> set[str]:
        """Names of the parameters that it has for an operation, without the session token."""

    @abstractmethod
    def call(self, operation: str, arguments: Json, *, get: bool = False) -> Response:
        """Calls an operation, by GET where it may and the SDK can; raises `Refused`."""


def written(arguments: Json) -> Json:
    """What is a map to our client is JSON text to theirs, which the caller writes."""
    return {
        name: json.dumps(value, separators=(",", ":")) if isinstance(value, dict) else value
        for name, value in arguments.items()
    }


@contextmanager
def heard(session: Any) -> Iterator[list[Any]]:
    """Keeps the responses that a class of sessions receives."""
    responses: list[Any] = []
    send = session.send

    def sending(self: Any, *args: Any, **options: Any) -> Any:
        responses.append(send(self, *args, **options))
        return responses[-1]

    with mock.patch.object(session, "send", sending):
        yield responses
