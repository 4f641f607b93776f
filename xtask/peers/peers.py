#!/usr/bin/env python3
"""Measures our client, its peers and the floor below them, side by side; `cargo xtask peers` starts this.

Figures go to out/*.jsonl; `report` reads them there. README.md says what they mean.
"""

import argparse
import subprocess
import sys

if sys.version_info < (3, 11):
    sys.exit("peers needs Python 3.11 or later, this is " + sys.version.split()[0])

from steps import baseline, builds, callgrind, chart, load, report, sign
from steps.common import BENCH_SIGN, CONTENDERS, ROOT, SUBJECT, Missing, output, quietly, require_built, run, say, server


def prepare():
    """builds the load programs, the server and the bench (release)"""
    run(["cargo", "build", "--release", "--workspace"], env=builds.ENVIRONMENT)
    run(["cargo", "build", "--release"], cwd=ROOT / "ours", env=builds.ENVIRONMENT)


def check():
    """every signature is the reference's; programs and apps work against the server"""
    require_built(BENCH_SIGN)
    run([BENCH_SIGN, "--check"])
    with server() as url:
        for contender in load.present(CONTENDERS["load"]):
            run([*contender["cmd"], "--calls", "10", "--endpoint", url])
        for app in CONTENDERS["build"]:
            binary = builds.binary(app["name"], "release")
            if app.get("runs", True) and binary.exists():
                say(f"the app of {app['name']}:")
                run([binary, "--endpoint", url])


def everything(arguments):
    """all of these, in this order"""
    missing = []
    steps = {
        "prepare": prepare, "crates": lambda: builds.crates([]), "check": check, "sign": lambda: sign.sign(3),
        "load": lambda: load.load(3, [], [], 0), "parse": load.parse, "allocs": load.allocs,
        "callgrind": lambda: callgrind.callgrind([]),
        "builds": lambda: builds.builds(arguments.runs, [], list(builds.VERBS)), "report": report.report,
    }
    for number, (name, step) in enumerate(steps.items(), 1):
        say(f"peers: {number} of {len(steps)}: {name}")
        try:
            step()
        except Missing as what:
            missing.append(what)
            say(f"LEFT OUT: {what}")
    if missing:
        raise Missing("; ".join(map(str, missing)))


def names(known):
    """Reads names, separated by commas."""
    def read(text):
        chosen = text.split(",")
        for name in chosen:
            if name not in known:
                raise argparse.ArgumentTypeError(f"unknown name {name!r}; there are: {', '.join(known)}")
        return chosen

    return read


def of(kind):
    """Reads names of contenders.toml."""
    return dict(default=[], type=names([entry["name"] for entry in CONTENDERS[kind]]), metavar="NAME,…",
                help="of contenders.toml")


def command_line():
    parser = argparse.ArgumentParser(prog="cargo xtask peers", description=__doc__.splitlines()[0])
    steps = parser.add_subparsers(required=True, metavar="step")

    def step(name, does, about):
        one = steps.add_parser(name, help=about.strip().splitlines()[0])
        one.set_defaults(does=does)
        return one

    step("prepare", lambda a: prepare(), prepare.__doc__)
    step("check", lambda a: check(), check.__doc__)
    one = step("sign", lambda a: sign.sign(a.runs), "time and allocations per signature")
    one.add_argument("--runs", type=int, default=3)
    one = step("load", lambda a: load.load(a.rounds, a.scenarios, a.only, a.calls),
               "CPU, calls per second and peak memory")
    one.add_argument("--rounds", type=int, default=3)
    one.add_argument("--scenarios", **of("scenario"))
    one.add_argument("--only", **of("load"))
    one.add_argument("--calls", type=int, default=0, help="instead of the scenario's own number")
    step("parse", lambda a: load.parse(), load.parse.__doc__)
    step("allocs", lambda a: load.allocs(), load.allocs.__doc__)
    one = step("callgrind", lambda a: callgrind.callgrind(a.only), "instructions per signature and per call in memory")
    # Also names of what `bench-sign` measures.
    one.add_argument("--only", **of("load") | dict(type=lambda text: text.split(",")))
    one = step("builds", lambda a: builds.builds(a.runs, a.only, a.modes),
               "cold and warm builds, size of the binary (long)")
    one.add_argument("runs", type=int, nargs="?", default=1)
    one.add_argument("--only", **of("build"))
    one.add_argument("--modes", type=names(builds.VERBS), default=list(builds.VERBS))
    one = step("crates", lambda a: builds.crates(a.only), builds.crates.__doc__)
    one.add_argument("--only", **of("build"))
    step("report", lambda a: report.report(), report.report.__doc__)
    one = step("chart", lambda a: chart.chart(a.check), chart.chart.__doc__)
    one.add_argument("--check", action="store_true", help="only compares the chart with the stored figures")
    step("baseline", lambda a: baseline.baseline(), "puts the figures together as baseline.json")
    one = step("all", everything, everything.__doc__)
    one.add_argument("--runs", type=int, default=1, help="of the cold builds")
    return parser.parse_args()


def main():
    arguments = command_line()
    try:
        arguments.does(arguments)
    except Missing as what:
        sys.exit(f"LEFT OUT: {what}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed: {' '.join(map(str, error.cmd))}")


if __name__ == "__main__":
    sys.exit(quietly(main))
