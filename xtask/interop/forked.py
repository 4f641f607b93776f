"""Runs a program that uses an SDK in a new process for each environment.

Imports take most of the time of a short program, so each process is a fork of one that has imported the SDK. SDKs read variables
while they are imported: each fork imports the SDK's own modules again, and shares only those of other packages.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from queue import Queue

# A process that takes longer is killed.
_SECONDS = 60


class Forked:
    """A program, which several threads can run at the same time."""

    def __init__(self, parents: list[subprocess.Popen[str]]) -> None:
        self._idle: Queue[subprocess.Popen[str]] = Queue()
        for parent in parents:
            self._idle.put(parent)

    def run(self, environment: dict[str, str], arguments: list[str]) -> str:
        """Returns what the program prints."""
        parent = self._idle.get()
        try:
            outcome = _ask(parent, [environment, arguments])
        finally:
            self._idle.put(parent)
        if "error" in outcome:
            raise RuntimeError(outcome["error"])
        return outcome["printed"]


@contextmanager
def forked(module: str, program: str, threads: int) -> Iterator[Forked]:
    """A program that uses a module of an SDK."""
    command = [sys.executable, "-B", __file__, module, program]
    with ExitStack() as stack:
        pipe = subprocess.PIPE
        parents = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(threads)]
        for parent in parents:
            # Closes the pipes, which ends the process.
            stack.enter_context(parent)
        yield Forked(parents)


def _ask(parent: subprocess.Popen[str], order: list[object]) -> dict[str, str]:
    if parent.stdin is None or parent.stdout is None:
        raise RuntimeError("a program was started without pipes")
    print(json.dumps(order), file=parent.stdin, flush=True)
    answer = parent.stdout.readline()
    outcome: dict[str, str] = json.loads(answer) if answer else {"error": "the parent of the forks ended"}
    return outcome


def _main(module: str, program: str) -> None:
    """Forks for each line of standard input, and prints the outcomes."""
    importlib.import_module(module)
    sdk = module.partition(".")[0]
    for name in [name for name in sys.modules if name.partition(".")[0] == sdk]:
        del sys.modules[name]
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _child(program, *json.loads(line))
        _, status = os.waitpid(child, 0)
        if status != 0:
            _print({"error": f"a process ended with {os.waitstatus_to_exitcode(status)}"})


def _child(program: str, environment: dict[str, str], arguments: list[str]) -> None:
    signal.alarm(_SECONDS)
    # Standard input has the orders, and the program's own messages are not for people.
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stderr):
        os.dup2(nothing, stream.fileno())
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    printed = io.StringIO()
    try:
        with redirect_stdout(printed):
            exec(program, {})
        _print({"printed": printed.getvalue()})
    except BaseException:  # The program could exit, too.
        _print({"error": traceback.format_exc()})
    os._exit(0)


def _print(outcome: dict[str, str]) -> None:
    print(json.dumps(outcome), flush=True)


if __name__ == "__main__":
    _main(*sys.argv[1:])
