"""Figures put together: of every one the median, or median, least and most where it was measured more than once."""

import json
import os
import platform
import re
import statistics
import subprocess
from pathlib import Path

from .common import ROOT, RUN, rows

KEYS = ("contender", "scenario", "name", "body", "parse", "mode", "kind", "op", "calls", "concurrency")
STEPS = ("crates", "builds", "sign", "load", "allocs", "parse", "callgrind")
VERSIONS = ("aws-sdk-storagegateway", "aws-sdk-ec2", "aws-config", "aws-sigv4", "aws-smithy-runtime", "aws-smithy-http-client",
            "reqsign-aws-v4", "sha2", "ring", "aws-lc-rs", "hyper", "tokio", "serde_json")


def baseline():
    """baseline.json, a line a figure."""
    parts = [f' "machine": {json.dumps(machine())}', f' "versions": {json.dumps(versions())}']
    for step in STEPS:
        lines = ",\n  ".join(json.dumps(row) for row in fold(rows(step)))
        parts.append(f' "{step}": [\n  {lines}\n ]')
    (ROOT / "baseline.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


def fold(all_):
    groups = {}
    for row in all_:
        groups.setdefault(tuple(row.get(key) for key in KEYS), []).append(row)
    return [fold_group(group) for group in groups.values()]


def fold_group(group):
    folded = {key: group[0][key] for key in KEYS if key in group[0]} | {"runs": len(group)}
    for name, figure in group[0].items():
        if name in folded or name in ("run", "round", "client"):
            continue
        figures = [row[name] for row in group if name in row]
        several = isinstance(figure, (int, float)) and len(figures) > 1
        folded[name] = ({"median": statistics.median(figures), "min": min(figures), "max": max(figures)}
                        if several else figure)
    return folded


def machine():
    processor = Path("/proc/cpuinfo").read_text()
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]
    return {"cpus": os.cpu_count(), "model": re.search(r"model name\s*:\s*(.*)", processor)[1],
            "sha_ni": " sha_ni" in processor, "memory_gib": round(int(memory) / 2**20, 1),
            "os": platform.system() + " " + platform.release().split("-")[0], "date": RUN[:10],
            "rustc": version(["rustc", "--version"]), "valgrind": version(["valgrind", "--version"]),
            "boto3": version(["python3", "-c", "import boto3; print(boto3.__version__)"])}


def version(cmd):
    try:
        return subprocess.run(cmd, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def versions():
    locks = "".join((ROOT / folder / "Cargo.lock").read_text() for folder in (".", "aws-sdk", "aws-sdk-ec2"))
    return {name: sorted(set(re.findall(rf'name = "{name}"\nversion = "([^"]+)"', locks))) for name in VERSIONS}
