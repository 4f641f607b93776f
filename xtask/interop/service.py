"""A service in botocore's model and in ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel

Json = Any


@dataclass(frozen=True)
class WireError:
    """An exception or an operation error code of our model."""

    name: str
    aliases: tuple[str, ...]
    message: str | None
    status: int
    carries_code: bool
    operations: tuple[str, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        """All names that the error can have on the wire."""
        return (self.name, *self.aliases)


class Service:
    """Both models of one service, with all operations or some."""

    def __init__(self, model: Path, botocore_name: str, only: list[str] | None = None) -> None:
        self._model = model
        self._only = only
        self.botocore_name = botocore_name

    @cached_property
    def botocore(self) -> ServiceModel:
        """botocore's model."""
        return botocore.session.get_session().get_service_model(self.botocore_name)

    @cached_property
    def operations(self) -> list[OperationModel]:
        """botocore's operations, by name."""
        names = self._only or sorted(self.botocore.operation_names)
        return [self.botocore.operation_model(name) for name in names]

    @cached_property
    def examples(self) -> dict[str, list[Json]]:
        """Inputs of our model's examples, by operation."""
        return {
            entry["name"]: [example["input"] for example in entry.get("examples", [])] for entry in self._operations
        }

    def input_of(self, operation: str) -> str:
        """The name of an operation's request in our model."""
        return next(str(entry["input"]) for entry in self._operations if entry["name"] == operation)

    @cached_property
    def page_tokens(self) -> dict[str, set[str]]:
        """The output members with the tokens of the next page, by operation."""
        paginated = [entry for entry in self._operations if "pagination" in entry]
        tokens = {entry["name"]: entry["pagination"]["output_token"] for entry in paginated}
        return {name: {token} if isinstance(token, str) else set(token) for name, token in tokens.items()}

    @cached_property
    def shapes(self) -> dict[str, Json]:
        """Our shapes, by name."""
        return {entry["name"]: entry for entry in self._read("shapes")["shapes"]}

    @cached_property
    def exceptions(self) -> list[WireError]:
        """Our exceptions."""
        return [_wire_error(entry, "name") for entry in self._read("exceptions")["exceptions"]]

    @cached_property
    def error_codes(self) -> list[WireError]:
        """Our operation error codes."""
        return [_wire_error(entry, "value") for entry in self._read("error-codes")["error_codes"]]

    def exception(self, spelling: str) -> WireError | None:
        """The exception with this name or alias."""
        return next((known for known in self.exceptions if spelling in known.spellings), None)

    @cached_property
    def _operations(self) -> list[Json]:
        entries: list[Json] = self._read("operations")["operations"]
        return entries

    def _read(self, name: str) -> Json:
        return json.loads((self._model / f"{name}.json").read_text(encoding="utf-8"))


def _wire_error(entry: Json, name: str) -> WireError:
    return WireError(
        name=entry[name],
        aliases=tuple(entry.get("aliases", [])),
        message=entry.get("message"),
        status=entry.get("status", 0),
        carries_code=entry.get("carries_code", False),
        operations=tuple(entry.get("operations", [])),
    )
