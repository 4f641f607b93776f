"""What an app costs to build: crates, cold and warm builds, size."""

import json
import os
import re
import shutil
import subprocess
import sys
import time

from .clients import generate
from .common import CONTENDERS, OUT, ROOT, Record, output, require_program, run

VERBS = {"check": ["check"], "debug": ["build"], "release": ["build", "--release"]}
# What would make one machine's builds unlike another's, or warm, or put them elsewhere.
UNWANTED = re.compile(r"CARGO_(TARGET_DIR|INCREMENTAL|ENCODED_RUSTFLAGS|BUILD_.*|PROFILE_.*)|RUSTFLAGS|RUSTC.*WRAPPER")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not UNWANTED.fullmatch(name)}
TOUCHES = 3


def builds(runs, only, modes):
    """Cold builds, in turn; then, once, builds after `main.rs` alone was touched, and the size of the binary."""
    require_program("strip", "apt install binutils")
    apps = chosen(only)
    generate(apps)
    for app in apps:
        run(["cargo", "fetch", "--quiet"], cwd=ROOT / app["app"])
    names = [app["name"] for app in apps]
    record = Record("builds", lambda row: row["name"] in names and row["mode"] in modes)
    for turn in range(runs):
        for mode in modes:
            for app in apps:
                cold(record, app, mode, turn)


def crates(only):
    """Distinct crates that are compiled for this machine, the app itself left out."""
    apps = chosen(only)
    generate(apps)
    names = [app["name"] for app in apps]
    record = Record("crates", lambda row: row["name"] in names)
    for app in apps:
        normal, all_ = tree(app, "normal"), tree(app, "normal,build")
        macros = sorted(crate.split()[0] for crate in all_ if "(proc-macro)" in crate)
        record.add({"name": app["name"], "normal": len(normal), "normal_and_build": len(all_), "proc_macros": macros})


def binary(name, mode):
    """The app that a build left."""
    return OUT / f"app-{name}-{mode}"


def chosen(only):
    return [app for app in CONTENDERS["build"] if (app["name"] in only if only else not app.get("asked"))]


def tree(app, edges):
    cmd = ["cargo", "tree", "--quiet", "--prefix", "none", "--no-dedupe", "--edges", edges, *app.get("flags", [])]
    lines = output(cmd, cwd=ROOT / app["app"], env=ENVIRONMENT).splitlines()
    # Paths and (*) do not tell crates apart; the first line is the app.
    return {re.sub(r" \((?!proc-macro).*\)", "", line) for line in lines[1:] if line}


def cold(record, app, mode, turn):
    folder, name = ROOT / app["app"], app["name"]
    target = OUT / f"target-{name}-{mode}"
    shutil.rmtree(target, ignore_errors=True)
    row = {"name": name, "mode": mode, "round": turn}
    cmd = ["cargo", *VERBS[mode], "--offline", "--target-dir", str(target), *app.get("flags", [])]
    record.add(row | {"kind": "cold", **timed([*cmd, "--timings"], folder)})
    if turn == 0:
        record.add(row | {"kind": "units", "longest_s": longest_units(target)})
        for _ in range(TOUCHES):
            os.utime(folder / "src/main.rs")
            record.add(row | {"kind": "touch", **timed(cmd, folder)})
        if mode != "check":
            record.add(row | {"kind": "size", **sizes(target, app, mode)})
    shutil.rmtree(target)


def timed(cmd, cwd):
    """CPU of cargo and all it waited for; the memory is that of the largest process among them."""
    start = time.monotonic()
    process = subprocess.Popen(cmd, cwd=cwd, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.stderr.write(errors.decode(errors="replace")[-4000:])
        raise SystemExit(f"{' '.join(cmd)} failed")
    return {"wall_s": round(time.monotonic() - start, 3), "cpu_s": round(usage.ru_utime + usage.ru_stime, 3),
            "peak_rss_kib": usage.ru_maxrss}


def longest_units(target):
    """From cargo's own report."""
    for report in sorted((target / "cargo-timings").glob("cargo-timing-*.html"))[:1]:
        units = re.search(r"UNIT_DATA = (\[.*?\]);\n", report.read_text(), re.S)
        longest = sorted(json.loads(units[1]), key=lambda unit: -unit["duration"])[:15] if units else []
        return {f"{unit['name']} {unit['version']}{unit.get('target', '').rstrip()}": round(unit["duration"], 1)
                for unit in longest}
    return {}


def sizes(target, app, mode):
    manifest = (ROOT / app["app"] / "Cargo.toml").read_text()
    package = re.search(r'^name = "(.*)"$', manifest, re.M)[1]
    kept = binary(app["name"], mode)
    shutil.copy(target / mode / package, kept)
    run(["strip", "-o", f"{kept}.stripped", kept])
    files = (os.path.join(folder, file) for folder, _, files in os.walk(target) for file in files)
    return {"bytes": kept.stat().st_size, "stripped_bytes": os.path.getsize(f"{kept}.stripped"),
            "target_bytes": sum(map(os.path.getsize, files))}
