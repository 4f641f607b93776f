"""Texts that keep the patterns and lengths of a model."""

from __future__ import annotations

import random
import re

import rstr
from botocore.model import Shape, ServiceModel

_TRIES = 300


def fitting_texts(service: ServiceModel) -> dict[str, str]:
    """A text for each shape with a pattern, by name. A pattern that Python does not know has none."""
    texts = {}
    for name in service.shape_names:
        shape = service.shape_for(name)
        if shape.type_name == "string" and shape.metadata.get("pattern") and not shape.metadata.get("enum"):
            text = _fitting(shape)
            if text is not None:
                texts[name] = text
    return texts


def _fitting(shape: Shape) -> str | None:
    pattern, low, high = (shape.metadata.get(name) for name in ("pattern", "min", "max"))
    # The same texts in every run.
    random_texts = rstr.Rstr(random.Random(shape.name))
    for _ in range(_TRIES):
        try:
            text = random_texts.xeger(pattern)
            fits = re.fullmatch(pattern, text)
        except (re.error, ValueError, OverflowError):
            return None
        # Headers and paths have no blanks at their ends, and no control characters.
        if fits and text.isprintable() and text.isascii() and text == text.strip():
            if (low or 0) <= len(text) <= (high or len(text)):
                return text
    return None
