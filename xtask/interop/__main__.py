"""Compares our clients and fakes with boto3 and Alibaba Cloud's SDKs; run by `cargo xtask interop`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import threading
from functools import partial
from pathlib import Path

import calls
import errors
import javascript
import refusals
import rest
import roles
import schemas
import sources
import wire
from alibaba import parts
from alibaba import sources as alibaba_sources
from peer import Keys, serving, stop_children
from report import Part, Report, quietly
from service import Service
from signature import SERVICE

_DEADLINE = 300


def main() -> int:
    """Runs all parts; returns 0 if nothing differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--xtask", type=Path, required=True, help="the built program that has `serve` and `call`")
    parser.add_argument("--models", type=Path, required=True, help="the folder of the services' models")
    parser.add_argument("--aws-config", type=Path, help="the built program in `aws-config`; default: left out")
    parser.add_argument("--imported", type=Path, help="the folder of the models of imported services")
    parser.add_argument("--tools", type=Path, help="the built program that has `serve` and `call` for them")
    parser.add_argument("--operations", type=lambda text: text.split(","), help="only these, by commas")
    options = parser.parse_args()
    _isolate()
    _watch()

    report, wanted = Report(), set(options.operations or ())
    aws = partial(_aws, options.aws_config)
    compared = {options.models / "aws-storage-gateway": aws, options.models / "alibaba-csg": parts.run}
    known = {folder: _operations(folder) for folder in compared}
    if unknown := wanted.difference(*known.values()):
        parser.error(f"no service whose operations are compared has {', '.join(sorted(unknown))}")
    for folder, run in compared.items():
        only = sorted(wanted & known[folder])
        if only or options.operations is None:
            run(report, folder, options.xtask, only or None)
    if options.operations is None:
        rest.committed(report, options.models, options.xtask, Keys())
    if options.imported is not None:
        rest.imported(report, options.imported, options.tools, Keys())
    with report.part("our credentials and botocore's") as part:
        sources.run(part, options.xtask)
    with report.part("our credentials and alibabacloud-credentials'") as part:
        alibaba_sources.run(part, options.xtask)
    with report.part("editors check the model files") as part:
        schemas.run(part, options.models)
    return report.finish()


def _operations(folder: Path) -> set[str]:
    model = json.loads((folder / "operations.json").read_text(encoding="utf-8"))
    return {entry["name"] for entry in model["operations"]}


def _aws(aws_config: Path | None, report: Report, folder: Path, xtask: Path, only: list[str] | None) -> None:
    """Runs all parts about AWS Storage Gateway."""
    service, name, keys = Service(folder, SERVICE, only), folder.name, Keys()
    session = keys.with_token("interop session")
    with report.part("models") as part:
        _same_operations(part, service)
    with report.part("our client's requests and botocore's") as part:
        wire.run(part, service, xtask, name, keys)
    with report.part("boto3 calls the fake") as part, serving(xtask, name, session) as fake:
        calls.run(part, service, fake, session)
    with report.part("boto3 meets errors") as part, serving(xtask, name, keys) as fake:
        errors.run(part, service, fake, keys)
    with report.part("the fake refuses boto3") as part, serving(xtask, name, session) as fake:
        refusals.run(part, service, fake, session)
    with serving(xtask, name, keys) as gateways, serving(xtask, "aws-sts", keys) as tokens:
        with report.part("other tools use a role") as part:
            roles.run(part, gateways, tokens, keys, aws_config)
        with report.part("the SDK for JavaScript calls the fakes") as part:
            sts = Service(folder.parent / "aws-sts", "sts")
            javascript.run(part, service, sts, (gateways, tokens), keys)


def _same_operations(part: Part, service: Service) -> None:
    """Checks that both models have the same operations: other parts compare only common operations."""
    ours, theirs = set(service.examples), set(service.botocore.operation_names)
    part.count("operations", len(theirs))
    part.check("operations", [f"{name} is in one model only" for name in sorted(ours ^ theirs)])


def _isolate() -> None:
    """Hides the user's settings from the SDKs."""
    for name in list(os.environ):
        if name.startswith(("ALIBABA_CLOUD_", "AWS_")) or name.lower().endswith("_proxy"):
            del os.environ[name]
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
    os.environ["NO_PROXY"] = "*"


def _end_with_parent() -> None:
    """Ends this program when standard input closes: the parent has ended."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    _give_up("cargo xtask interop ended")


def _give_up(why: str) -> None:
    print(f"interop: stopped: {why}", file=sys.stderr, flush=True)
    stop_children()
    os._exit(1)


def _watch() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    timer = threading.Timer(_DEADLINE, _give_up, [f"not done after {_DEADLINE} s"])
    timer.daemon = True
    timer.start()


if __name__ == "__main__":
    sys.exit(quietly(main))
