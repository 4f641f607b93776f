"""Records how botocore's own waiters end, for random responses.

Run `python cases.py > cases.json` with botocore installed. Responses have the members that the waiter's conditions
use, with values that the conditions expect and other values.
"""

import json
import random
import re
from unittest import mock

from botocore.exceptions import WaiterError
from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.waiter import Waiter, WaiterModel

SERVICES = ["acm", "cloudwatch", "dynamodb", "ecs", "elbv2", "kinesis", "rds", "ses"]
RUNS = 8
CALLS = 4
ENDS = {"Waiter encountered": "failed", "An error occurred": "error", "Max attempts": "timeout"}


def condition(acceptor):
    state, matcher, expected = acceptor["state"], acceptor["matcher"], acceptor["expected"]
    if matcher.startswith("path"):
        key = {"path": "is", "pathAll": "all", "pathAny": "any"}[matcher]
        return {"state": state, "path": acceptor["argument"], key: expected}
    if matcher == "error" and isinstance(expected, bool):
        return {"state": state, "succeeds": not expected}
    return {"state": state, matcher: expected}


def value(shape, names, texts, rng):
    kind = shape.type_name
    if kind == "structure":
        return {n: value(m, names, texts, rng) for n, m in shape.members.items() if n in names}
    if kind == "list":
        return [value(shape.member, names, texts, rng) for _ in range(rng.randint(0, 2))]
    if kind == "map":
        return {str(n): value(shape.value, names, texts, rng) for n in range(rng.randint(0, 2))}
    if kind == "boolean":
        return rng.choice([True, False])
    if kind in ("integer", "long"):
        return rng.randint(0, 1)
    return rng.choice(texts)


def run(name, config, output, rng):
    acceptors = config._config["acceptors"]
    paths = " ".join(acceptor.get("argument", "") for acceptor in acceptors)
    names = set(re.findall(r"\w+", paths))
    expected = [a["expected"] for a in acceptors if a["matcher"].startswith("path")]
    texts = [text for text in expected if isinstance(text, str)] + re.findall(r"'(\w+)'", paths) + ["OTHER"]
    codes = [a["expected"] for a in acceptors if a["matcher"] == "error" and isinstance(a["expected"], str)]
    responses = []

    def call():
        if rng.random() < 0.2:
            code = rng.choice(codes + ["OtherError"])
            responses.append({"status": 400, "body": {"__type": code}})
            return {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": 400}}
        body = value(output, names, texts, rng) if output else {}
        responses.append({"status": 200, "body": body})
        return {**body, "ResponseMetadata": {"HTTPStatusCode": 200}}

    end = "success"
    try:
        with mock.patch("time.sleep"):
            Waiter(name, config, call).wait(WaiterConfig={"MaxAttempts": CALLS})
    except WaiterError as error:
        end = next(end for start, end in ENDS.items() if error.kwargs["reason"].startswith(start))
    return {"responses": responses, "end": end}


def main():
    loader, rng, cases = create_loader(), random.Random(1), []
    for service in SERVICES:
        model = ServiceModel(loader.load_service_model(service, "service-2"), service)
        waiters = WaiterModel(loader.load_service_model(service, "waiters-2"))
        for name in waiters.waiter_names:
            config = waiters.get_waiter(name)
            output = model.operation_model(config.operation).output_shape
            runs = [run(name, config, output, rng) for _ in range(RUNS)]
            conditions = [condition(acceptor) for acceptor in config._config["acceptors"]]
            cases.append({"service": service, "waiter": name, "acceptors": conditions, "runs": runs})
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


main()
