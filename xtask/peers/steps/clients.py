"""Clients of ours for services that are not committed, generated from botocore's models."""

from pathlib import Path

from .common import CONTENDERS, OUT, ROOT, Missing, has_module, run

PROJECT = ROOT.parent.parent


def generate(apps):
    """Generates the clients that the apps depend on, as a user of `import` and `codegen` would."""
    wanted = {name for app in apps for name in app.get("clients", [])}
    for client in CONTENDERS["client"]:
        if client["name"] in wanted:
            one(client)


def one(client):
    if not has_module("botocore"):
        raise Missing(f"botocore, whose model {client['name']} is generated from: pip install boto3")
    import botocore

    service, models = client["service"], OUT / "models"
    selected = ["--operations", client["operations"]] if "operations" in client else []
    vendor = Path(botocore.__path__[0]) / "data" / service
    xtask("import", service, "--from", vendor, "--model", models)
    xtask("codegen", "--model", models, "--service", service, "--out", OUT / "clients" / client["name"], *selected)


def xtask(*words):
    run(["cargo", "xtask", *words], cwd=PROJECT)
