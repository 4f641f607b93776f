"""Instructions per signature and per call under callgrind: the difference of a long and a short run, so that the start
drops out.

valgrind shows programs a processor without SHA extensions: `sha_instr` is what the block function took, `other_instr`
all the rest, which is what a design can change. The functions that took most go to out/callgrind-NAME.txt.
"""

import re
import subprocess
import sys
from collections import Counter

from .common import BENCH_SIGN, CONTENDERS, OUT, ROOT, Record, output, require_built, require_program
from .load import command

SHA = re.compile(r"compress256|sha256_block|sha256::|soft::|sha256_compress|sha2_.*digest_blocks|sha256_digest"
                 r"|x86_sha|block_data_order", re.I)
ALLOCATOR = re.compile(r"_*(malloc|free|calloc|realloc|int_|unlink_chunk|rust_|rdl|rg_|tcache|sysmalloc"
                       r"|harness::alloc)")
STD = {"core", "alloc", "std"}
# The first name of a path.
ROOTS = re.compile(r"(?<![\w:])([a-z_]\w*)::")


def callgrind(only):
    require_program("valgrind", "apt install valgrind")
    require_built(BENCH_SIGN)
    taking_part = lambda name: not only or name in only
    signers = [name for name in output([BENCH_SIGN, "--list"]).split() if taking_part(name)]
    callers = [one for one in CONTENDERS["load"] if one.get("memory") and taking_part(one["name"])]
    names = signers + [caller["name"] for caller in callers]
    if unknown := set(only) - set(names):
        sys.exit(f"unknown name {', '.join(sorted(unknown))}")
    for caller in callers:
        require_built(caller["cmd"][0])
    record = Record("callgrind", lambda row: row["contender"] in names)
    for name in signers:
        row = {"contender": name, "body": 200}
        record.add(row | difference(f"sign-{name}", 100, 600, lambda times: [
            BENCH_SIGN, "--only", name, "--size", "200", "--times", str(times)]))
    for scenario in [scenario for scenario in CONTENDERS["scenario"] if scenario.get("memory")]:
        for caller in callers:
            row = {"contender": caller["name"], "scenario": scenario["name"]}
            record.add(row | difference(f"{scenario['name']}-{caller['name']}", 50, 250, lambda times: [
                *command(caller, scenario, times), "--warmup", "50"]))


def difference(tag, low, high, cmd):
    """What one time more costs."""
    (few, short), (many, long) = instructions(tag, cmd(low)), instructions(tag, cmd(high))
    functions = Counter({name: (long[name] - short[name]) / (high - low) for name in long})
    crates = Counter()
    for name, count in functions.items():
        crates[crate(name)] += count
    total = (many - few) / (high - low)
    lines = [f"{total:.0f} instructions\n"]
    lines += [f"{count:12.0f} {100 * count / total:5.1f}%  {name}" for name, count in crates.most_common(30)] + [""]
    lines += [f"{count:12.0f} {100 * count / total:5.1f}%  {name}" for name, count in functions.most_common(80)]
    (OUT / f"callgrind-{tag}.txt").write_text("\n".join(lines) + "\n")
    return {"instr": round(total), "sha_instr": round(crates["sha256"]), "other_instr": round(total - crates["sha256"]),
            "by_crate": {name: round(count) for name, count in crates.most_common(12)}}


def instructions(tag, cmd):
    """In all, and by function."""
    file = OUT / f"callgrind.{tag}"
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={file}", *cmd]
    done = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.stderr.write(done.stderr[-2000:])
        raise SystemExit(f"callgrind failed: {' '.join(cmd)}")
    functions = Counter()
    for line in output(["callgrind_annotate", "--auto=no", "--threshold=100", file]).splitlines():
        match = re.match(r"\s*([\d,]+)\s*\(\s*[\d.]+%\)\s+(?:[^\s:]*:)?(.*?)(?:\s+\[.*\])?$", line)
        if match and "PROGRAM TOTALS" not in line:
            functions[re.sub(r"'\d+$", "", match[2])] += int(match[1].replace(",", ""))
    file.unlink()
    return int(re.search(r"Collected : (\d+)", done.stderr)[1]), functions


def crate(function):
    """Whose a function is; `<A as B>::f` is A's, unless A is of the standard library: then B's."""
    function = function.replace("$LT$", "<").replace("$u20$as$u20$", " as ").replace("..", "::")
    if SHA.search(function):
        return "sha256"
    if ALLOCATOR.match(function):
        return "allocator"
    if re.match(r"_*(mem(cpy|move|set|cmp|chr)|bcmp)", function):
        return "memcpy"
    names = ROOTS.findall(function)
    return next((name for name in names if name not in STD), "std" if names else "other")
