"""Calls every operation with the same values, by an SDK of Alibaba Cloud and by our client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from alibaba.responses import Leaves, leaves, typed
from alibaba.known import COMMON, NOT_DECODED, NOT_THEIRS, OTHERWISE, SPELLINGS, SPELLINGS_WHY, Otherwise
from alibaba.model import Json, Model
from alibaba.sdk import Refused, Response, Sdk
from alibaba.wire import Wire, differences
from peer import Fake
from report import Part


@dataclass(frozen=True)
class Case:
    """A call, and the request that our client sends for it."""

    operation: str
    full: bool
    arguments: Json
    ours: Wire

    def __str__(self) -> str:
        return f"{self.operation} ({'full' if self.full else 'minimal'})"


Seen = dict[tuple[str, bool], Leaves]
"""The first response of the fake, by operation and whether the call was full."""


def run(part: Part, model: Model, peer: Sdk, fake: Fake, cases: list[Case], seen: Seen) -> None:
    """Calls each case by the SDK; compares its request with ours, and the response with what it decoded."""
    _catalogues(part, model, peer)
    comparison = _Comparison(part, model, peer, fake, seen)
    for case in cases:
        part.count("calls")
        part.check(str(case), comparison.faults(case))
    comparison.describe()


def _catalogues(part: Part, model: Model, peer: Sdk) -> None:
    """Compares which operations and parameters both sides have."""
    part.check("operations", [f"{name} is in the SDK only" for name in sorted(peer.operations - model.known)])
    part.note(f"{len(model.known - peer.operations)} operations are in our model only")
    alone = 0
    for operation in sorted(peer.operations & model.operations.keys()):
        part.count("operations")
        ours, theirs = model.parameters(operation), peer.parameters(operation)
        part.count("parameters", len(ours & theirs))
        part.check(operation, [f"{name} is in the SDK only" for name in sorted(theirs - ours - peer.adds.keys())])
        unexpected = ours - theirs - NOT_THEIRS.get(operation, set())
        part.check(operation, [f"{name} is in our model only" for name in sorted(unexpected)])
        alone += len(ours - theirs)
    part.note(f"{alone} parameters of these operations are in our model only, as expected")


class _Comparison:
    def __init__(self, part: Part, model: Model, peer: Sdk, fake: Fake, seen: Seen) -> None:
        self._part, self._model, self._peer, self._fake, self._seen = part, model, peer, fake, seen
        self._elsewhere: set[str] = set()
        self._uncompared: set[str] = set()

    def faults(self, case: Case) -> Iterator[str]:
        """Makes one call; yields the faults of its request and response."""
        otherwise = [entry for entry in OTHERWISE if _applies(entry, self._peer, case)]
        refused = any(entry.refused for entry in otherwise)
        given = {entry.name: entry.take(case.arguments[entry.name]) for entry in otherwise}
        self._fake.take()
        try:
            get = self._model.accepts_get(case.operation)
            response = self._peer.call(case.operation, case.arguments | given, get=get)
        except Refused as error:
            if not refused or error.code != "InvalidParameter":
                yield f"refused: {error}"
        else:
            if refused:
                yield "not refused: the entry in known.py is no longer needed"
            yield from self._response_faults(case, response)
        [received] = self._fake.take()
        self._part.count(f"by {received['method']}")
        yield from self._wire_faults(case, otherwise, Wire.of(received))

    def _wire_faults(self, case: Case, otherwise: list[Otherwise], theirs: Wire) -> Iterator[str]:
        ours = case.ours.compared()
        for name, value in ours.items():
            if value in SPELLINGS:
                ours[name] = SPELLINGS[value]
                self._part.note(f"{value} is {SPELLINGS[value]} in the SDK, on purpose: {SPELLINGS_WHY}")
        for entry in otherwise:
            ours |= entry.write(ours.pop(entry.name))
            self._part.note(f"{entry.name} of {entry.operation} differs on purpose: {entry.why}")
        known = theirs.compared()
        for name in self._peer.adds.keys() - ours.keys():
            if known.get(name) == self._peer.adds[name]:
                del known[name]
                self._part.note(f"the SDK adds {name} to every request, even if the operation does not have it")
        self._part.count("values compared", len(ours))
        self._elsewhere |= {f"{name} ({place})" for name, place in theirs.places.items() if place != "query"}
        self._uncompared |= (theirs.parameters.keys() | case.ours.parameters.keys()) & COMMON.keys()
        yield from differences(ours, known)

    def _response_faults(self, case: Case, response: Response) -> Iterator[str]:
        found = leaves(response.text)
        for path in sorted(self._model.members(case.operation)):
            if not any(f"{leaf}.".startswith(f"{path}.") for leaf, _ in found):
                yield f"{path}: not in the response"
        if (".RequestId", response.headers.get("x-acs-request-id")) not in found:
            yield "RequestId differs from the header x-acs-request-id"
        values = [leaf for leaf in found if leaf[0] != ".RequestId"]
        first = self._seen.setdefault((case.operation, case.full), values)
        if values != first:
            yield f"the response has {values}, the first response to this call had {first}"
        self._part.count("values received", len(found))
        if response.decoded is None:
            return
        decoded = leaves(json.dumps(response.decoded.to_map()))
        lost = [leaf for leaf in found if leaf not in decoded and leaf[0] not in NOT_DECODED]
        if lost or len(decoded) > len(found):
            yield f"{lost} are in the response, but the SDK did not decode them: {decoded}"
        for _, fault in typed(response.decoded, type(response.decoded)):
            self._part.count("typed values")
            if fault is not None:
                yield fault

    def describe(self) -> None:
        """Notes what is not compared, and why."""
        if self._elsewhere:
            self._part.note(f"parameters outside of the query: {', '.join(sorted(self._elsewhere))}")
        self._part.note(f"not compared: {', '.join(sorted(self._uncompared))}")


def _applies(entry: Otherwise, peer: Sdk, case: Case) -> bool:
    return (entry.package, entry.operation) == (peer.package, case.operation) and entry.name in case.arguments
