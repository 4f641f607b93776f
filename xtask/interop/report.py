"""The report: what was checked, and what differs."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Part:
    """One part of the run: how much was checked, and every difference."""

    title: str
    counts: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, what: str, number: int = 1) -> None:
        """Adds to a count of the summary."""
        with self._lock:
            self.counts[what] = self.counts.get(what, 0) + number

    def check(self, case: str, faults: Iterable[str]) -> None:
        """Adds the faults of a case, if there are any."""
        found = [f"{case}: {fault}" for fault in faults]
        with self._lock:
            self.differences.extend(found)

    def note(self, text: str) -> None:
        """Reports a remark that is not a difference, once."""
        with self._lock:
            if text not in self.notes:
                self.notes.append(text)


class Report:
    """All parts, each printed when it ends."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._start = time.monotonic()

    @contextmanager
    def part(self, title: str) -> Iterator[Part]:
        """Runs a part and prints its summary, also if the part fails."""
        part, start = Part(title), time.monotonic()
        self._parts.append(part)
        try:
            with _shown(title):
                yield part
        except Exception as error:  # A failed part must not hide the others.
            part.differences.append(f"stopped: {type(error).__name__}: {error}")
        _print(part, time.monotonic() - start)

    def finish(self) -> int:
        """Prints the verdict and returns the exit code."""
        differences = sum(len(part.differences) for part in self._parts)
        verdict = "no difference" if differences == 0 else f"{differences} differences"
        print(f"interop: {verdict} in {time.monotonic() - self._start:.1f} s")
        return 0 if differences == 0 else 1


def quietly(program: Callable[[], int]) -> int:
    """Runs a program; a reader that closes the output early, as `head` does, ends it without an error; so does Ctrl-C."""
    try:
        try:
            return program()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes again when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


@contextmanager
def _shown(title: str) -> Iterator[None]:
    """Shows the running part and its time on a terminal; its summary replaces the line."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield
        return
    ended, start = threading.Event(), time.monotonic()

    def show() -> None:
        while not ended.is_set():
            width = os.get_terminal_size(sys.stderr.fileno()).columns or 80
            line = f"{time.monotonic() - start:.0f}s interop: {title}"
            print(end=f"\r{line[:width - 1]}\033[K", file=sys.stderr, flush=True)
            ended.wait(1)

    shown = threading.Thread(target=show, daemon=True)
    shown.start()
    try:
        yield
    finally:
        ended.set()
        shown.join()
        print(end="\r\033[K", file=sys.stderr, flush=True)


def _print(part: Part, seconds: float) -> None:
    counts = ", ".join(f"{number} {what}" for what, number in part.counts.items()) or "nothing checked"
    state = "ok" if not part.differences else f"{len(part.differences)} DIFFERENCES"
    print(f"{part.title}: {state}: {counts} ({seconds:.1f} s)")
    for text in part.notes:
        print(f"  note: {text}")
    for difference in part.differences:
        print(f"  - {difference}")
    print(end="", flush=True)
