"""Reads requests as parameters, independent of their place in the request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from alibaba.known import COMMON
from alibaba.model import Json

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Wire:
    """Parameters of a request by name, and the place of each."""

    parameters: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, received: Json) -> Wire:
        """Reads a request that the fake received."""
        wire, headers, body = cls(), received["headers"], received["body"]
        wire._add("query", urlsplit(received["target"]).query)
        if body and headers.get("content-type") != _FORM:
            raise ValueError(f"the body is not a form: {body!r}")
        wire._add("form", body)
        for name in ("Action", "Version"):
            if name not in wire.parameters:
                wire.parameters[name], wire.places[name] = headers[f"x-acs-{name.lower()}"], "header"
        return wire

    def _add(self, place: str, pairs: str) -> None:
        for name, value in parse_qsl(pairs, keep_blank_values=True, strict_parsing=bool(pairs), errors="strict"):
            if name in self.parameters:
                raise ValueError(f"{name} is repeated")
            self.parameters[name], self.places[name] = value, place

    def compared(self) -> dict[str, str]:
        """Parameters that must be equal on both sides."""
        return {name: value for name, value in self.parameters.items() if name not in COMMON}


def differences(ours: dict[str, str], theirs: dict[str, str]) -> Iterator[str]:
    """Yields each name whose values differ."""
    for name in sorted(ours.keys() | theirs.keys()):
        if ours.get(name) != theirs.get(name):
            yield f"{name} is {ours.get(name)!r}, the SDK sends {theirs.get(name)!r}"
