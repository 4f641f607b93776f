"""Calls from end to end: every contender in turn, several rounds (A B C A B C), so that drift meets all alike."""

import json
import statistics
import subprocess
import urllib.request

from .common import CONTENDERS, FIRST, ROOT, SUBJECT, Record, has_module, output, pinned, require_built, say, server

ALL = [contender["name"] for contender in CONTENDERS["load"]]


def load(rounds, scenarios, only, calls):
    """CPU, calls per second and peak memory."""
    rows = measure("load", rounds, scenarios, only, calls, [])
    for scenario in CONTENDERS["scenario"]:
        table(scenario["name"], [row for row in rows if row["scenario"] == scenario["name"]])


def allocs():
    """Allocations per call."""
    measure("allocs", 1, [], [name for name in ALL if name != "boto3"], 2000, ["--count-allocs"])


def parse():
    """The parser alone over the list of 100, in three ways."""
    require_built("target/release/load-floor")
    record = Record("parse")
    for _ in range(5):
        for way in ("owned", "borrowed", "skip"):
            cmd = ["target/release/load-floor", "--mode", "parse", "--parse", way, "--calls", 20000]
            record.add({"parse": way, **json.loads(output(cmd, preexec_fn=pinned(FIRST)))})


def measure(step, rounds, scenarios, only, calls, options):
    who = present([contender for contender in CONTENDERS["load"] if not only or contender["name"] in only])
    names = [contender["name"] for contender in who]
    chosen = [scenario for scenario in CONTENDERS["scenario"] if not scenarios or scenario["name"] in scenarios]
    chosen_names = [scenario["name"] for scenario in chosen]
    record = Record(step, lambda row: row["contender"] in names and row["scenario"] in chosen_names)
    rows = []
    with server() as url:
        for scenario in chosen:
            for turn in range(rounds):
                for contender in [one for one in who if takes_part(one, scenario)]:
                    number = (calls or scenario["calls"]) // contender.get("divide_calls", 1)
                    row = once(url, contender, scenario, number, options)
                    head = {"contender": contender["name"], "scenario": scenario["name"], "round": turn}
                    rows.append(record.add(head | row))
    return rows


def present(contenders):
    """Those whose module is installed; the others are missed aloud."""
    there = [contender for contender in contenders if has_module(contender.get("needs", "json"))]
    for contender in contenders:
        if contender not in there:
            module = contender["needs"]
            say(f"LEFT OUT: {contender['name']}: no Python module {module}: pip install {module}")
        elif contender["cmd"][0] != "python3":
            require_built(contender["cmd"][0])
    return there


def takes_part(contender, scenario):
    if scenario.get("memory") and not contender.get("memory"):
        return False
    if scenario["concurrency"] > 1 and contender.get("one_at_a_time"):
        return False
    return scenario["op"] in contender.get("ops", [scenario["op"]])


def command(contender, scenario, calls):
    transport = ["--transport", "memory"] if scenario.get("memory") else []
    return [*contender["cmd"], "--calls", str(calls), "--op", scenario["op"], *scenario.get("args", []), *transport]


def once(url, contender, scenario, calls, options):
    """One program's calls, and the server's view of them."""
    cmd = [*command(contender, scenario, calls), "--endpoint", url, "--concurrency", str(scenario["concurrency"])]
    before = stats(url)
    done = subprocess.run(cmd + options, cwd=ROOT, stdout=subprocess.PIPE, text=True, preexec_fn=pinned(FIRST))
    if done.returncode:
        raise SystemExit(f"{contender['name']} failed in {scenario['name']}")
    after = stats(url)
    row = json.loads(done.stdout.splitlines()[-1])
    if scenario.get("memory"):
        return row
    served = after["requests"] - before["requests"]
    if served < calls:
        raise SystemExit(f"{contender['name']}: {calls} calls claimed, {served} requests served")
    if after["unsigned"] > before["unsigned"]:
        raise SystemExit(f"{contender['name']}: requests without a signature")
    each = lambda figure: (after[figure] - before[figure]) / served
    return {**row, "server_cpu_us_per_call": round(each("cpu_us"), 2), "bytes_in_per_call": round(each("bytes_in"))}


def stats(url):
    with urllib.request.urlopen(url + "/__stats") as response:
        return json.load(response)


def table(scenario, rows):
    """Medians, and the subject's ratio to each, round by round."""
    if not rows:
        return
    say(f"\n{scenario:<20} {'us CPU/call':>12} {'min':>8} {'max':>8} {'calls/s':>10} {'peak MiB':>9}"
        f" {SUBJECT['load']}/it")
    for name in dict.fromkeys(row["contender"] for row in rows):
        mine = [row for row in rows if row["contender"] == name]
        cpu = [row["cpu_us_per_call"] for row in mine]
        pairs = ratios(rows, name, "cpu_us_per_call")
        say(f"{name:<20} {statistics.median(cpu):>12.1f} {min(cpu):>8.1f} {max(cpu):>8.1f}"
            f" {statistics.median(row['calls_per_s'] for row in mine):>10.0f}"
            f" {statistics.median(row['peak_rss_kib'] for row in mine) / 1024:>9.1f}"
            + (f" {statistics.median(pairs):>8.3f}" if pairs else ""))


def ratios(rows, peer, figure):
    """The subject's figure over a peer's, within each round."""
    of = lambda name: {(row["run"], row["round"]): row[figure] for row in rows if row["contender"] == name}
    subject, other = of(SUBJECT["load"]), of(peer)
    return [subject[turn] / other[turn] for turn in subject if turn in other]
