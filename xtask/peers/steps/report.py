"""Our figures beside the peer's, and whether they keep their bounds."""

import statistics
from dataclasses import dataclass
from typing import Callable

from .common import CONTENDERS, SUBJECT, rows
from .load import ratios

PEER, FLOOR = "aws-sdk", "floor"
EC2, EC2_PEER = "ours-ec2", "aws-sdk-ec2"


@dataclass
class Figure:
    """A line of the table."""

    what: str
    step: str
    name: str  # which figure of a row
    rows: Callable[[dict], bool]
    ours: str
    peer: str
    floor: str | None
    bound: float
    unit: float = 1
    absolute: bool = False  # the bound is a number, not a ratio

    def line(self):
        all_ = [row for row in rows(self.step) if self.name in row and self.rows(row)]
        ours, peer, floor = (self.of(all_, name) for name in (self.ours, self.peer, self.floor))
        cells = [self.what, self.show(peer), self.show(floor), self.show(ours)]
        bound = self.show(self.bound) if self.absolute else f"{self.bound:g}"
        if ours is None or (peer is None and not self.absolute):
            return [*cells, "", bound, f"not measured: {self.step}"]
        ratio = self.ratio(all_, ours, peer)
        verdict = "met" if (ours if self.absolute else ratio) <= self.bound else "MISSED"
        if peer is not None and self.runs(all_, self.ours).isdisjoint(self.runs(all_, self.peer)):
            verdict += ", but in different runs"
        return [*cells, "" if ratio is None else f"{ratio:.3f}", bound, verdict]

    def of(self, all_, name):
        figures = [row[self.name] for row in all_ if who(row) == name]
        figures = [len(figure) if isinstance(figure, list) else figure for figure in figures]
        return statistics.median(figures) if figures else None

    def ratio(self, all_, ours, peer):
        if not peer:
            return None
        pairs = ratios(all_, self.peer, self.name) if self.step == "load" else []
        return statistics.median(pairs) if pairs else ours / peer

    def runs(self, all_, name):
        return {row["run"] for row in all_ if who(row) == name}

    def show(self, figure):
        if figure is None:
            return ""
        figure /= self.unit
        return f"{figure:.3g}" if figure < 1000 else f"{figure:.0f}"


def who(row):
    return row.get("contender") or row.get("name")


def build(mode, bound):
    return cold_build(f"clean build, {mode}: s CPU", mode, SUBJECT["build"], PEER, FLOOR, bound)


def ec2(mode, bound):
    return cold_build(f"EC2, clean build, {mode}: s CPU", mode, EC2, EC2_PEER, None, bound)


def cold_build(what, mode, ours, peer, floor, bound):
    cold = lambda row: row["mode"] == mode and row["kind"] == "cold"
    return Figure(what, "builds", "cpu_s", cold, ours, peer, floor, bound)


def stripped(what, ours, peer, floor, bound):
    release = lambda row: row["mode"] == "release"
    return Figure(what, "builds", "stripped_bytes", release, ours, peer, floor, bound, unit=1e6)


def compiled(what, name, bound):
    return Figure(what, "crates", name, lambda row: True, SUBJECT["build"], PEER, FLOOR, bound, absolute=True)


def load(what, step, name, scenario, floor, bound, unit=1):
    of = lambda row: row.get("scenario") == scenario
    return Figure(what, step, name, of, SUBJECT["load"], PEER, floor, bound, unit)


def sign(peer, floor, bound):
    small = lambda row: row["body"] == 200
    return Figure(f"sign 200 bytes, against {peer}: ns", "sign", "ns", small, SUBJECT["sign"], peer, floor, bound)


TABLE = [
    compiled("crates, normal and build", "normal_and_build", 45),
    compiled("proc macros among them", "proc_macros", 0),
    build("release", 0.30),
    build("debug", 0.30),
    build("check", 0.28),
    stripped("stripped release binary: MB", SUBJECT["build"], PEER, FLOOR, 0.30),
    sign("aws-sigv4", "bare-sha2-cached", 0.16),
    sign("bare-sha2-cached", "bare-ring-cached", 1.4),
    load("call in memory, empty list: instructions but SHA", "callgrind", "other_instr", "memory-list0", None, 0.15),
    load("call in memory, empty list: allocations", "allocs", "allocs_per_call", "memory-list0", None, 0.1),
    load("call in memory, list of 100: us CPU", "load", "cpu_us_per_call", "memory-list100", None, 0.65),
    load("call over HTTP, small response: us CPU", "load", "cpu_us_per_call", "describe-seq", "floor-hyper", 0.35),
    load("peak memory, one call at a time: MiB", "load", "peak_rss_kib", "list100-seq", "floor-hyper-serde", 0.55, 1024),
    ec2("release", 0.30),
    ec2("debug", 0.30),
    ec2("check", 0.30),
    Figure("EC2, largest process of a debug build: GiB", "builds", "peak_rss_kib",
           lambda row: row["mode"] == "debug" and row["kind"] == "cold", EC2, EC2_PEER, None, 0.30, unit=2**20),
    stripped("EC2, stripped release binary: MB", EC2, EC2_PEER, None, 0.40),
]


def report():
    """The table of bounds, then every build beside ours."""
    head = ["", "peer", "floor", "ours", "ours / peer", "at most", ""]
    print(markdown([head] + [figure.line() for figure in TABLE]))
    if measured := builds():
        head = ["build", "crates", "check s CPU", "debug s CPU", "release s CPU", "touched, debug s", "stripped MB"]
        print("\n" + markdown([head] + measured))


def builds():
    all_, crates = rows("builds"), {row["name"]: row["normal_and_build"] for row in rows("crates")}

    def cell(name, mode, kind, figure, unit=1):
        found = [row[figure] for row in all_ if (row["name"], row["mode"], row["kind"]) == (name, mode, kind)]
        return f"{statistics.median(found) / unit:.1f}" if found else ""

    return [[app["name"], str(crates.get(app["name"], "")),
             *(cell(app["name"], mode, "cold", "cpu_s") for mode in ("check", "debug", "release")),
             cell(app["name"], "debug", "touch", "wall_s"),
             cell(app["name"], "release", "size", "stripped_bytes", 1e6)]
            for app in CONTENDERS["build"] if any(row["name"] == app["name"] for row in all_)]


def markdown(table):
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in table]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
