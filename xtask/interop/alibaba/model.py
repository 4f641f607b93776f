"""Reads our model of an RPC service, and makes values for its parameters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

Json = Any

# Characters that must be percent-encoded, that must not be, and that form encoders often get wrong.
_ODD = "a b+c*d~e/f&g=h%20i,é漢"


class Model:
    """Operations, shapes and error codes; `only` limits the operations."""

    def __init__(self, folder: Path, only: list[str] | None = None) -> None:
        self._folder = folder
        self._only = only

    @cached_property
    def operations(self) -> dict[str, Json]:
        """Operations, by name."""
        return {name: entry for name, entry in self._operations.items() if name in (self._only or self.known)}

    @property
    def known(self) -> set[str]:
        """Names of all operations."""
        return set(self._operations)

    @cached_property
    def error_codes(self) -> list[Json]:
        """Error codes, without families (`Name.*`)."""
        return [entry for entry in self._read("error-codes")["error_codes"] if not entry["value"].endswith("*")]

    def accepts_get(self, operation: str) -> bool:
        """Whether an operation also accepts GET."""
        return bool(self._operations[operation].get("accepts_get", False))

    def parameters(self, operation: str) -> set[str]:
        """Names of the members of an operation's input."""
        return {member["name"] for member in self._shapes[self._operations[operation]["input"]]["members"]}

    def input(self, operation: str, known: set[str], *, full: bool) -> Json:
        """Values for the input members in `known`: for all of them if `full`, else for required ones."""
        every = self._structure(self._shapes[self._operations[operation]["input"]], full)
        return {name: value for name, value in every.items() if name in known}

    def members(self, operation: str) -> set[str]:
        """Paths of all members of a response, by wire names, without the token of the next page."""
        token = self._operations[operation].get("pagination", {}).get("output_token")
        return set(self._members(self._operations[operation]["output"], "")) - {f".{token}"}

    @cached_property
    def _operations(self) -> dict[str, Json]:
        return {entry["name"]: entry for entry in self._read("operations")["operations"]}

    @cached_property
    def _shapes(self) -> dict[str, Json]:
        return {entry["name"]: entry for entry in self._read("shapes")["shapes"]}

    def _structure(self, shape: Json, full: bool) -> Json:
        taken = [member for member in shape["members"] if full or member.get("required")]
        return {member["name"]: self._value(member["shape"], member["name"], full) for member in taken}

    def _value(self, name: str, member: str, full: bool) -> Json:
        """A value that satisfies all constraints; free text contains the name of the member."""
        shape = self._shapes[name]
        kind = shape["type"]
        if kind == "structure":
            return self._structure(shape, full)
        if kind == "list":
            count = min(max(shape.get("min_items", 0), 2 if full else 1), shape.get("max_items", 2))
            return [self._value(shape["member"], f"{member}{index + 1}", full) for index in range(count)]
        if kind in ("enum", "int-enum"):
            return shape["values"][-1 if full else 0]["value"]
        if kind == "boolean":
            return full
        if kind in ("integer", "long"):
            return shape.get("max", 7) if full else shape.get("min", 0)
        if kind == "map" or "pattern" in shape:
            return shape["example"]
        return f"{member} {_ODD}"[: shape.get("max_length")]

    def _members(self, name: str, path: str) -> Iterator[str]:
        shape = self._shapes[name]
        if shape["type"] == "list":
            yield from self._members(shape["member"], f"{path}.{shape['item']}" if "item" in shape else path)
        for member in shape.get("members", ()):
            yield f"{path}.{member['name']}"
            yield from self._members(member["shape"], f"{path}.{member['name']}")

    def _read(self, name: str) -> Json:
        return json.loads((self._folder / f"{name}.json").read_text(encoding="utf-8"))
