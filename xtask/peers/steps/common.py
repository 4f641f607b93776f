"""Where things are, how figures are kept, and the server."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out"
CONTENDERS = tomllib.loads((ROOT / "contenders.toml").read_text())
SUBJECT = CONTENDERS["subject"]
BENCH_SIGN = "target/release/bench-sign"
# When this program started: rows of one run can be told from those of another.
RUN = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


class Missing(Exception):
    """What a step cannot do without is not on this machine."""


def say(*what):
    print(*what, file=sys.stderr, flush=True)


def unread():
    """Discards the rest of the output, whose reader is gone. Python flushes again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def quietly(program):
    """Runs a program; a reader that closes the output early, as `head` does, ends it without an error; so does Ctrl-C."""
    try:
        try:
            return program()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        unread()
        return 0
    except KeyboardInterrupt:
        return 130


def run(cmd, **options):
    """Runs a program in our folder; its failure is ours."""
    return subprocess.run([str(part) for part in cmd], cwd=options.pop("cwd", ROOT), check=True, **options)


def output(cmd, **options):
    return run(cmd, stdout=subprocess.PIPE, text=True, **options).stdout


def require_program(name, hint):
    if shutil.which(name) is None:
        raise Missing(f"{name} is not installed: {hint}")


def require_built(path):
    if not (ROOT / path).exists():
        raise Missing(f"{path} is not built: cargo xtask peers prepare")


def has_module(name):
    # Without an origin, it is a folder of that name, like boto3/ here.
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.origin is not None


def rows(step):
    """The figures that a step has left."""
    file = OUT / f"{step}.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


class Record:
    """Figures of a step. Those of contenders that are measured now make room, the others stay."""

    def __init__(self, step, stale=lambda row: True):
        OUT.mkdir(exist_ok=True)
        kept = [row for row in rows(step) if not stale(row)]
        self.file = OUT / f"{step}.jsonl"
        self.file.write_text("".join(json.dumps(row) + "\n" for row in kept))

    def add(self, row):
        row = {"run": RUN, **row}
        with self.file.open("a") as file:
            file.write(json.dumps(row) + "\n")
        # Contenders are measured even if nobody reads: their old figures are gone.
        try:
            print(json.dumps(row), flush=True)
        except BrokenPipeError:
            unread()
        return row


def pinned(processor):
    """For `preexec_fn`: server and contender each have a processor of their own."""
    processors = sorted(os.sched_getaffinity(0))
    return lambda: os.sched_setaffinity(0, {processors[processor]})


FIRST, LAST = 0, -1


@contextmanager
def server():
    """The loopback server's URL."""
    require_built("target/release/loopback")
    process = subprocess.Popen(["target/release/loopback", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE,
                               text=True, preexec_fn=pinned(LAST))
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()
