"""All parts of the comparison with Alibaba Cloud's SDKs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alibaba import calls, errors, refusals
from alibaba.model import Model
from alibaba.new_sdk import NewSdk
from alibaba.old_sdk import OldSdk
from alibaba.ours import Ours
from alibaba.sdk import REGION, Sdk
from peer import Keys, serving
from report import Report

Make = Callable[[str, Keys], Sdk]

_SDKS: list[list[Make]] = [
    [NewSdk, lambda url, keys: NewSdk(url, keys, v1=True)],
    [OldSdk, lambda url, keys: OldSdk(url, keys, xml=True)],
]


def run(report: Report, folder: Path, xtask: Path, only: list[str] | None) -> None:
    """Runs each SDK with each of its signatures or formats. The first one, and refusals, use a session token."""
    model, keys = Model(folder, only), Keys(access_key="LTAIINTEROP")
    session = keys.with_token("interop+session/token==")
    seen: calls.Seen = {}
    for ways in _SDKS:
        cases: list[calls.Case] = []
        for make, signed_by in zip(ways, (session, keys), strict=True):
            with serving(xtask, folder.name, signed_by, REGION) as fake:
                peer = make(fake.url, signed_by)
                with report.part(f"{peer} and our client") as part:
                    cases = cases or Ours(xtask, folder.name, signed_by).cases(model, peer, fake)
                    calls.run(part, model, peer, fake, cases, seen)
                with report.part(f"{peer} reports errors") as part:
                    errors.run(part, model, peer, fake)
            title = f"the fake refuses {peer}"
            with report.part(title) as part, serving(xtask, folder.name, session, REGION) as fake:
                refusals.run(part, make, fake, session)
