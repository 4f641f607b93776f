"""Our client, run as `call`."""

from __future__ import annotations

import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alibaba.calls import Case
from alibaba.model import Json, Model
from alibaba.sdk import REGION, Sdk
from alibaba.wire import Wire
from peer import Fake, Keys

_WORKERS = 4


class Ours:
    """Runs `call` for a service."""

    def __init__(self, xtask: Path, service: str, keys: Keys) -> None:
        self._command = [str(xtask), "call", service]
        self._environment = os.environ | _settings(keys)

    def cases(self, model: Model, peer: Sdk, fake: Fake) -> list[Case]:
        """One call per operation that the SDK also has with all of its parameters, and one with the required ones."""
        cases = []
        for full in (True, False):
            inputs = {}
            for operation in sorted(model.operations.keys() & peer.operations):
                arguments = model.input(operation, peer.parameters(operation), full=full)
                inputs[operation] = arguments | {name: peer.adds[name] for name in arguments.keys() & peer.adds.keys()}
            sent = self._sent(inputs, fake)
            cases += [Case(operation, full, inputs[operation], sent[operation]) for operation in inputs]
        return cases

    def _sent(self, inputs: dict[str, Json], fake: Fake) -> dict[str, Wire]:
        def call(operation: str) -> None:
            done = subprocess.run(
                [*self._command, operation, "--input", "-", "--endpoint", fake.url, "--max-attempts", "1"],
                capture_output=True,
                encoding="utf-8",
                env=self._environment,
                input=json.dumps(inputs[operation]),
                timeout=20,
            )
            if done.returncode != 0:
                raise RuntimeError(f"{operation}: exit code {done.returncode}: {done.stderr.strip()}")

        fake.take()
        with ThreadPoolExecutor(_WORKERS) as pool:
            list(pool.map(call, inputs))
        return {wire.parameters["Action"]: wire for wire in map(Wire.of, fake.take())}


def _settings(keys: Keys) -> dict[str, str]:
    """Environment variables with the keys; the home folder is empty, so that no file of the user is read."""
    settings = {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": keys.access_key,
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": keys.secret_key,
        "ALIBABA_CLOUD_REGION_ID": REGION,
        "HOME": os.devnull,
    }
    return settings if keys.token is None else settings | {"ALIBABA_CLOUD_SECURITY_TOKEN": keys.token}
