"""Calls every operation, and raises every error, by the AWS SDK for JavaScript, if Node.js is installed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import cycle
from typing import Any

import node
from peer import REGION, Fake, Keys, call, client
from report import Part
from roles import ROLE, SESSION_ARN
from service import Json, Service, WireError
from values import Fill, Maker


def run(part: Part, service: Service, sts: Service, fakes: tuple[Fake, Fake], keys: Keys) -> None:
    """Makes all calls in one process of Node.js; reports what is missing if Node.js cannot run."""
    if not node.is_there(part, "the SDK for JavaScript"):
        return
    gateways, tokens = fakes
    calls = [*_calls(service), *_failures("gateways", service), *_failures("sts", sts)]
    plan = {
        "region": REGION,
        "gateways": gateways.url,
        "sts": tokens.url,
        "credentials": {"accessKeyId": keys.access_key, "secretAccessKey": keys.secret_key},
        "calls": [entry["call"] for entry in calls],
        "role": ROLE,
    }
    result = json.loads(node.run("calls.mjs", json.dumps(plan, default=_date)))
    api = client(service, gateways.url, keys)
    for entry, outcome in zip(calls, result["outcomes"], strict=True):
        part.count("errors" if "order" in entry["call"] else "operations")
        part.check(entry["name"], _faults(api, entry, outcome))
    part.count("roles")
    part.check("role", _role_faults(result["role"]))


def _date(value: Any) -> Json:
    if isinstance(value, datetime):
        return {"$date": value.isoformat()}
    raise TypeError(f"no JSON for {value!r}")


def _calls(service: Service) -> Iterator[Json]:
    maker = Maker(service)
    for operation in service.operations:
        arguments = _safe(maker.input(operation, Fill.FULL))
        call = {"service": "gateways", "operation": operation.name, "input": arguments}
        yield {"name": operation.name, "call": call}


def _safe(value: Json) -> Json:
    """The value, with whole numbers that JavaScript can represent."""
    if isinstance(value, dict):
        return {name: _safe(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_safe(item) for item in value]
    return min(value, 2**53 - 1) if type(value) is int else value


def _failures(name: str, service: Service) -> Iterator[Json]:
    """Every code and exception, each returned by another operation in turn."""
    inputs = {operation: examples[0] for operation, examples in service.examples.items() if examples}
    operations = cycle(inputs)

    def entry(order: Json, known: WireError, exception: str | None) -> Json:
        operation = next(operations)
        what = {"operation": operation, "times": 1} | order
        call = {"service": name, "operation": operation, "input": inputs[operation], "order": what}
        return {"name": f"{operation}, {order}", "call": call, "known": known, "exception": exception}

    for known in service.error_codes:
        for code in known.spellings:
            yield entry({"code": code}, known, None)
    for known in service.exceptions:
        for exception in known.spellings:
            yield entry({"exception": exception}, known, exception)


def _faults(api: Any, entry: Json, outcome: Json) -> Iterator[str]:
    if "missing" in outcome:
        yield "the SDK has no such command"
        return
    order = entry["call"].get("order")
    if order is None:
        parsed = call(api, entry["call"]["operation"], entry["call"]["input"])
        expected = sorted(name for name in parsed if name != "ResponseMetadata")
        if "name" in outcome:
            yield f"{outcome['name']}: {outcome['message']}"
        elif (outcome["status"], sorted(outcome["members"])) != (200, expected):
            yield f"{outcome}, expected {expected}"
        return
    if "name" not in outcome:
        yield "no error"
        return
    if not outcome["message"] or outcome["message"] == "UnknownError":
        yield "no message"
    if entry["known"].message not in (None, outcome["message"]):
        yield f"message {outcome['message']!r}, not {entry['known'].message!r}"
    if entry["call"]["service"] == "sts":
        # Modelled errors are classes; a class may have another suffix than its code.
        if outcome["name"].removesuffix("Exception") != order["code"].removesuffix("Exception"):
            yield f"error is {outcome['name']}"
    elif entry["exception"] is not None:
        if outcome["name"] != entry["exception"]:
            yield f"exception is {outcome['name']}"
    elif outcome.get("code") != order["code"]:
        yield f"error.errorCode is {outcome.get('code')!r}"


def _role_faults(role: Json) -> Iterator[str]:
    if role["arn"] != SESSION_ARN:
        yield f"the caller is {role['arn']}"
    if role["gateways"] < 1:
        yield "no gateway"
    if not 3300 < role["seconds"] <= 3600:
        yield f"credentials end in {role['seconds']} s"
