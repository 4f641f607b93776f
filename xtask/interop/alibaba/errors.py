"""Checks how an SDK reports every error code."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from alibaba.model import Json, Model
from alibaba.sdk import Refused, Sdk
from peer import Fake
from report import Part

# The message of codes without one. With a colon: the older SDK expects the string to sign after it.
_MESSAGE = "failed: on purpose"


def run(part: Part, model: Model, peer: Sdk, fake: Fake) -> None:
    """Makes the fake fail with every code of the model, and with an unknown one."""
    operations = cycle(sorted(peer.operations & model.known))
    for code in [*model.error_codes, {"value": "Unknown.ToOurModel", "status": 400}]:
        part.count("error codes")
        operation = next(operations)
        part.check(f"{operation}, {code['value']}", _faults(model, peer, fake, operation, code))


def _faults(model: Model, peer: Sdk, fake: Fake, operation: str, code: Json) -> Iterator[str]:
    message = None if code["value"] == "SignatureDoesNotMatch" else code.get("message")
    fake.fail(operation, code=code["value"], **({} if message else {"message": _MESSAGE}))
    arguments = model.input(operation, peer.parameters(operation), full=False)
    try:
        peer.call(operation, arguments)
    except Refused as error:
        if error.code != code["value"]:
            yield f"reported as {error.code}"
        if error.message != (message or _MESSAGE):
            yield f"message {error.message!r}"
        if error.status != code.get("status", error.status):
            yield f"status {error.status}, not {code['status']}"
        if not error.request_id:
            yield "no request id"
    else:
        yield "no error"
    # The fake fails once: the next call succeeds.
    peer.call(operation, arguments)
