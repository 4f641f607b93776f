"""Checks model files as editors do, by the schemas that the files name, if Node.js is installed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import node
from report import Part


def run(part: Part, models: Path) -> None:
    """Checks that committed files have no fault, and copies with a misspelt key have one."""
    if not node.is_there(part, "what editors say of model files"):
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
            part.check(name, [f"a misspelt key is not noticed: {wrong}"])


def _misspelt(text: str) -> str:
    """The file with a misspelt key in its first entry, or in the file itself if there is no entry."""
    first = re.compile(r'"(name|value|id)":' if re.search(r'"(name|value|id)":', text) else r'"(\$schema)":')
    return first.sub(r'"documentatoin": "", "\1":', text, count=1)
