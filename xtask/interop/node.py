"""Runs programs with Node.js and the packages of the lock file in `js`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from report import Part

_SOURCES = Path(__file__).resolve().parent / "js"
_INSTALLED = _SOURCES.parents[2] / "target/interop-js"


def is_there(part: Part, what: str) -> bool:
    """Whether Node.js and npm are on PATH; if not, the part reports it."""
    missing = [program for program in ("node", "npm") if shutil.which(program) is None]
    if missing:
        part.note(f"NOT CHECKED: {' and '.join(missing)} missing on PATH, needed for {what}")
    return not missing


def run(program: str, text: str) -> str:
    """Runs a program with an input and returns its output."""
    _install()
    command = ["node", str(shutil.copy(_SOURCES / program, _INSTALLED))]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"node: {done.stderr.strip()[-500:]}")
    return done.stdout


def _install() -> None:
    """Installs the packages of the lock file, once."""
    lock = (_SOURCES / "package-lock.json").read_bytes()
    marker = _INSTALLED / "installed.json"
    if marker.exists() and marker.read_bytes() == lock:
        return
    shutil.rmtree(_INSTALLED, ignore_errors=True)
    _INSTALLED.mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(_SOURCES / name, _INSTALLED)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--ignore-scripts"]
    done = subprocess.run(command, cwd=_INSTALLED, capture_output=True, text=True, timeout=200, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"npm ci: {(done.stdout + done.stderr).strip()[-500:]}")
    marker.write_bytes(lock)
