"""Checks model files with their JSON schemas as editors do, if Node.js is installed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import node
from report import Part


def run(part: Part, models: Path) -> None:
    """Checks that committed files are valid, and that copies with a misspelt key are not."""
    if not node.is_there(part, "the check of model files by their schemas"):
        return
    files = [path for path in sorted(models.glob("*/*.json")) if '"$schema"' in path.read_text(encoding="utf-8")]
    texts = [path.read_text(encoding="utf-8") for path in files]
    misspelt = [_misspelt(text) for text in texts]
    documents = [{"file": str(path), "text": text} for path, text in zip(files * 2, texts + misspelt, strict=True)]
    outcomes = json.loads(node.run("schemas.mjs", json.dumps(documents)))
    for path, sound, wrong in zip(files, outcomes, outcomes[len(files) :]):
        name = f"{path.parent.name}/{path.name}"
        part.count("files")
        part.check(name, sound)
        if not any("documentatoin" in fault for fault in wrong):
            part.check(name, [f"a misspelt key is not reported: {wrong}"])


def _misspelt(text: str) -> str:
    """The file with a misspelt key in its first entry, or at its top level if it has no entries."""
    first = re.compile(r'"(name|value|id)":' if re.search(r'"(name|value|id)":', text) else r'"(\$schema)":')
    return first.sub(r'"documentatoin": "", "\1":', text, count=1)
