"""Compares the fake's responses with what an SDK decodes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin, get_type_hints
from xml.etree import ElementTree

from Tea.model import TeaModel

from alibaba.model import Json

Leaves = list[tuple[str, str]]


def leaves(text: str) -> Leaves:
    """Paths and values of a response, the same for JSON and XML: items have the path of their list."""
    found = _xml(ElementTree.fromstring(text), "") if text.startswith("<") else _json(json.loads(text), "")
    return sorted(found)


def typed(value: Any, hint: Any, path: str = "response") -> Iterator[tuple[str, str | None]]:
    """Path of every value that the SDK decoded, and its fault if its type is wrong."""
    if isinstance(value, TeaModel):
        for name, member in get_type_hints(type(value).__init__).items():
            if getattr(value, name) is not None:
                yield from typed(getattr(value, name), member, f"{path}.{name}")
    elif get_origin(hint) is list and isinstance(value, list):
        for index, item in enumerate(value):
            yield from typed(item, get_args(hint)[0], f"{path}[{index}]")
    else:
        # `type(...) is`: `True` is an instance of `int`. The SDK leaves whole numbers of type float as int.
        kind = get_origin(hint) or hint
        fits = type(value) is kind or (kind is float and type(value) is int)
        yield path, None if fits else f"{path}: {value!r} is not of type {kind.__name__}"


def _json(value: Json, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _json(member, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _json(item, path)
    elif value is not None:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _xml(element: ElementTree.Element, path: str) -> Iterator[tuple[str, str]]:
    for child in element:
        yield from _xml(child, f"{path}.{child.tag}")
    if len(element) == 0:
        yield path, element.text or ""
