"""Makes values for the shapes of botocore's model, and finds the constraints that a value breaks."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from botocore.model import ListShape, OperationModel, Shape, StringShape, StructureShape

from service import Json, Service

# Characters that JSON writers escape or encode in different ways.
ODD_TEXT = 'a"b\\c/d\b\f\n\r\t\x01\x7f é ß 漢 \u2028\u2029 😀 </>&%+'

_BOUNDS = {"integer": (-(2**31), 2**31 - 1), "long": (-(2**63), 2**63 - 1)}


class Fill(Enum):
    """Which members a generated value has."""

    MINIMAL = "required members only, smallest values"
    FULL = "every member, largest numbers, two items per list"
    ODD = "every member, strings that JSON must escape, unknown enum values"


class Maker:
    """Generates values of botocore's shapes."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def input(self, operation: OperationModel, fill: Fill) -> Json:
        """An input of an operation, in wire form."""
        return self.make(operation.input_shape, fill) if operation.input_shape else {}

    def output(self, operation: OperationModel, fill: Fill) -> Json:
        """An output of an operation, in wire form."""
        return self.make(operation.output_shape, fill) if operation.output_shape else {}

    def make(self, shape: Shape, fill: Fill) -> Json:
        """A value of a shape, in wire form."""
        if isinstance(shape, StructureShape):
            names = shape.required_members if fill is Fill.MINIMAL else shape.members
            return {name: self.make(shape.members[name], fill) for name in names}
        if isinstance(shape, ListShape):
            return [self.make(shape.member, fill)] * _length(shape, fill)
        if isinstance(shape, StringShape):
            return self._string(shape, fill)
        match shape.type_name:
            case "integer" | "long":
                return _number(shape, fill)
            case "boolean":
                return fill is not Fill.MINIMAL
            case "double" | "float":
                return 0 if fill is Fill.MINIMAL else 99.5
            case "timestamp":
                return 1_600_000_000 if fill is Fill.MINIMAL else 1_600_000_000.5
        raise NotImplementedError(f"{shape.name}: cannot make a value of type {shape.type_name}")

    def _string(self, shape: StringShape, fill: Fill) -> str:
        if fill is Fill.ODD:
            return ODD_TEXT
        if shape.enum:
            return str(shape.enum[0 if fill is Fill.MINIMAL else -1])
        example: str = self._service.shapes[shape.name].get("example", "text")
        return example.ljust(shape.metadata.get("min", 0), "x")


def faults(shape: Shape, parsed: Any, raw: Json, path: str) -> Iterator[str]:
    """Yields the faults of a value that botocore parsed from `raw`: members, types, constraints."""
    if not _has_type(parsed, shape.type_name):
        yield f"{path}: {type(parsed).__name__} {parsed!r}, botocore's model says {shape.type_name}"
    elif isinstance(shape, StructureShape):
        yield from _structure_faults(shape, parsed, raw, path)
    elif isinstance(shape, ListShape):
        yield from _range_faults(shape, len(parsed), path, "items")
        for index, (item, raw_item) in enumerate(zip(parsed, raw, strict=True)):
            yield from faults(shape.member, item, raw_item, f"{path}[{index}]")
    elif isinstance(shape, StringShape):
        if shape.enum and parsed not in shape.enum:
            yield f"{path}: {parsed!r} is not in {shape.enum}"
        yield from _range_faults(shape, len(parsed), path, "characters")
        pattern = shape.metadata.get("pattern")
        if pattern and not _matches(pattern, parsed):
            yield f"{path}: {parsed!r} does not match {pattern}"
    elif shape.type_name in _BOUNDS:
        yield from _range_faults(shape, parsed, path, "as value")


def violations(shape: Shape | None, value: Json, path: str = "") -> Iterator[tuple[str, str, Json]]:
    """Yields copies of a value that each break one constraint: path, kind, and the copy."""
    if isinstance(shape, StructureShape):
        for name in shape.required_members:
            yield f"{path}.{name}", "missing", {key: member for key, member in value.items() if key != name}
        for name, member in value.items():
            for where, why, broken in violations(shape.members[name], member, f"{path}.{name}"):
                yield where, why, value | {name: broken}
    elif isinstance(shape, ListShape):
        yield from ((path, why, _resized(value, size)) for why, size in _sizes(shape))
        for where, why, broken in violations(shape.member, value[0], f"{path}[0]") if value else ():
            yield where, why, [broken, *value[1:]]
    elif isinstance(shape, StringShape):
        yield from ((path, why, "x" * size) for why, size in _sizes(shape))
        unlike = _unlike(shape)
        if unlike is not None:
            yield path, "unlike its pattern", unlike
        if shape.enum:
            yield path, "unknown to its enum", "unknown"
    elif shape is not None:
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        if low is not None:
            yield path, "below its minimum", low - 1
        if high is not None:
            yield path, "above its maximum", high + 1


def members(shape: Shape | None, path: str = "") -> Iterator[str]:
    """Paths of all members of a shape, nested ones included."""
    if isinstance(shape, StructureShape):
        for name, member in shape.members.items():
            yield f"{path}.{name}"
            yield from members(member, f"{path}.{name}")
    elif isinstance(shape, ListShape):
        yield from members(shape.member, path)


def present(value: Json, path: str = "") -> Iterator[str]:
    """Paths of all members of a value, in the form of `members`."""
    if isinstance(value, dict):
        for name, member in value.items():
            yield f"{path}.{name}"
            yield from present(member, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from present(item, path)


_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "boolean": bool,
    "double": (int, float),
    "float": (int, float),
    "integer": int,
    "list": list,
    "long": int,
    "map": dict,
    "string": str,
    "structure": dict,
    "timestamp": datetime,
}


def _has_type(value: Any, type_name: str) -> bool:
    # In Python, `True` is an instance of `int`.
    return isinstance(value, _PYTHON_TYPES[type_name]) and isinstance(value, bool) == (type_name == "boolean")


def _structure_faults(shape: StructureShape, parsed: dict[str, Any], raw: Json, path: str) -> Iterator[str]:
    for name in sorted(raw.keys() - shape.members.keys()):
        yield f"{path}.{name}: not a member of {shape.name}"
    for name in shape.required_members:
        if name not in parsed:
            yield f"{path}.{name}: required in {shape.name}, but missing"
    for name, member in shape.members.items():
        if name in parsed:
            yield from faults(member, parsed[name], raw[name], f"{path}.{name}")
        elif raw.get(name) is not None:
            yield f"{path}.{name}: on the wire, but not in the parsed value"


def _range_faults(shape: Shape, size: int, path: str, unit: str) -> Iterator[str]:
    low, high = _bounds(shape)
    if not low <= size <= high:
        yield f"{path}: {size} {unit}, allowed: {low} to {high}"


def _bounds(shape: Shape) -> tuple[int, float]:
    low, high = _BOUNDS.get(shape.type_name, (0, float("inf")))
    return shape.metadata.get("min", low), shape.metadata.get("max", high)


def _length(shape: ListShape, fill: Fill) -> int:
    low, high = _bounds(shape)
    return low if fill is Fill.MINIMAL else int(min(max(low, 2), high))


def _number(shape: Shape, fill: Fill) -> int:
    low, high = _bounds(shape)
    return max(low, 0) if fill is Fill.MINIMAL else int(high)


def _sizes(shape: Shape) -> Iterator[tuple[str, int]]:
    """Sizes that the constraints of a shape forbid."""
    low, high = shape.metadata.get("min", 0), shape.metadata.get("max")
    if low > 0:
        yield "too short", low - 1
    if high is not None:
        yield "too long", high + 1


def _resized(value: list[Json], size: int) -> list[Json]:
    return (value * size)[:size]


def _unlike(shape: StringShape) -> str | None:
    """A text with a permitted length that does not match the pattern."""
    pattern = shape.metadata.get("pattern")
    low, high = _bounds(shape)
    texts = (character * int(min(max(low, 1), high)) for character in "\t!x漢")
    return next((text for text in texts if not _matches(pattern, text)), None) if pattern else None


def _matches(pattern: str, text: str) -> bool:
    """Whether a text matches a pattern in the model's dialect: `\\w` is ASCII, `\\p{L}` a letter, `\\z` the end."""
    pattern = re.sub(r"\\p\{(\w)\}", lambda match: _category(match[1]), pattern.replace(r"\z", r"\Z"))
    return re.search(pattern, text, re.ASCII) is not None


@cache
def _category(category: str) -> str:
    """The characters of a Unicode category, for a character class."""
    every = map(chr, range(sys.maxunicode + 1))
    return "".join(re.escape(character) for character in every if unicodedata.category(character)[0] == category)
