"""Signing: time and allocations of every signer."""

import json

from .common import BENCH_SIGN, FIRST, Record, output, pinned, require_built


def sign(runs):
    require_built(BENCH_SIGN)
    record = Record("sign")
    for _ in range(runs):
        for line in output([BENCH_SIGN], preexec_fn=pinned(FIRST)).splitlines():
            record.add(json.loads(line))
