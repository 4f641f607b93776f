"""Texts that match the patterns and lengths of a model."""

from __future__ import annotations

import random
import re

import rstr
from botocore.model import ServiceModel, Shape

_TRIES = 300


def fitting_texts(service: ServiceModel) -> dict[str, str | None]:
    """A text by name of shape, for each shape whose pattern Python supports; None if no matching text was found."""
    texts = {}
    for name in service.shape_names:
        shape = service.shape_for(name)
        pattern = shape.metadata.get("pattern")
        if shape.type_name == "string" and pattern and not shape.metadata.get("enum") and _is_known(pattern):
            texts[name] = _fitting(shape)
    return texts


def _is_known(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _fitting(shape: Shape) -> str | None:
    pattern, low, high = (shape.metadata.get(name) for name in ("pattern", "min", "max"))
    # The seed makes the same texts in every run.
    random_texts = rstr.Rstr(random.Random(shape.name))
    for _ in range(_TRIES):
        text = random_texts.xeger(pattern)
        # Values in headers and paths cannot start or end with spaces or have control characters.
        is_plain = text.isprintable() and text.isascii() and text == text.strip()
        if is_plain and re.fullmatch(pattern, text) and (low or 0) <= len(text) <= (high or len(text)):
            return text
    return None
