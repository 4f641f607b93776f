"""Clients of ours for services that are not committed, generated from botocore's models."""

from pathlib import Path

from .common import CONTENDERS, OUT, ROOT, Missing, has_module, run

PROJECT = ROOT.parent.parent
MODELS = OUT / "models"


def generate(apps):
    """Generates the clients that the apps depend on, as a user of `import` and `codegen` would."""
    wanted = {name for app in apps for name in app.get("clients", [])}
    clients = [client for client in CONTENDERS["client"] if client["name"] in wanted]
    for service in sorted({client["service"] for client in clients}):
        xtask("import", service, "--from", vendor_models() / service, "--model", MODELS)
    for client in clients:
        selected = ["--operations", client["operations"]] if "operations" in client else []
        out = OUT / "clients" / client["name"]
        xtask("codegen", "--model", MODELS, "--service", client["service"], "--out", out, *selected)


def vendor_models():
    if not has_module("botocore"):
        raise Missing("botocore, whose models our clients are generated from: pip install boto3")
    import botocore

    return Path(botocore.__path__[0]) / "data"


def xtask(*words):
    run(["cargo", "xtask", *words], cwd=PROJECT)
