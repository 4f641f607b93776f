"""Records which pages botocore's own paginators read from random responses.

Run `python cases.py > cases.json` with botocore installed. Responses have the members that the paginator uses.
"""

import json
import random

from botocore.loaders import create_loader
from botocore.model import ServiceModel
from botocore.paginate import Paginator, PaginatorModel

OPERATIONS = [
    ("cloudfront", "ListDistributions"),
    ("iam", "GetGroup"),
    ("kinesis", "DescribeStream"),
    ("s3", "ListObjects"),
    ("apigateway", "GetUsage"),
    ("budgets", "DescribeBudgetPerformanceHistory"),
    ("dynamodb", "Scan"),
    ("rds", "DownloadDBLogFilePortion"),
    ("route53", "ListResourceRecordSets"),
    ("s3", "ListParts"),
]
RUNS = 60


def text(rng, texts):
    # botocore fails if two pages have the same token. So does our client, at another place.
    texts.append(f"t{len(texts)}")
    return texts[-1]


def some(rng, make):
    return make() if rng.random() < 0.9 else None


def body(operation, rng, texts):
    def token():
        return rng.choice(["", text(rng, texts), text(rng, texts), text(rng, texts)])

    def more():
        return rng.random() < 0.8

    def items(make):
        return [make() for _ in range(rng.randint(0, 2))]

    if operation == "DescribeStream":
        shards = lambda: items(lambda: {"ShardId": text(rng, texts)})
        inner = {"Shards": some(rng, shards), "HasMoreShards": some(rng, more)}
        page = {"StreamDescription": some(rng, lambda: inner)}
    elif operation == "GetGroup":
        page = {
            "Users": some(rng, lambda: items(lambda: text(rng, texts))),
            "Marker": some(rng, token),
            "IsTruncated": some(rng, more),
        }
    elif operation == "ListDistributions":
        inner = {
            "Items": some(rng, lambda: items(lambda: text(rng, texts))),
            "NextMarker": some(rng, token),
            "IsTruncated": some(rng, more),
        }
        page = {"DistributionList": some(rng, lambda: inner)}
    elif operation == "GetUsage":
        usage = lambda: {text(rng, texts): items(lambda: text(rng, texts)) for _ in range(rng.randint(0, 2))}
        page = {"items": some(rng, usage), "position": some(rng, token)}
    elif operation == "DescribeBudgetPerformanceHistory":
        history = lambda: {"Amounts": items(lambda: text(rng, texts))}
        page = {"BudgetPerformanceHistory": some(rng, history), "NextToken": some(rng, token)}
    elif operation == "Scan":
        key = lambda: rng.choice([{}, {"Id": {"S": text(rng, texts)}, "At": {"N": "1"}}, {"Id": {"S": text(rng, texts)}}])
        page = {"Items": some(rng, lambda: items(lambda: text(rng, texts))), "LastEvaluatedKey": some(rng, key)}
    elif operation == "DownloadDBLogFilePortion":
        page = {
            "LogFileData": some(rng, lambda: text(rng, texts)),
            "Marker": some(rng, token),
            "AdditionalDataPending": some(rng, more),
        }
    elif operation == "ListResourceRecordSets":
        page = {
            "ResourceRecordSets": some(rng, lambda: items(lambda: text(rng, texts))),
            "NextRecordName": some(rng, token),
            "NextRecordIdentifier": rng.choice([None, "", text(rng, texts)]),
            "IsTruncated": some(rng, more),
        }
        # Without a second token, consecutive pages may have the same type.
        if page["NextRecordName"] or page["NextRecordIdentifier"]:
            page["NextRecordType"] = some(rng, lambda: rng.choice(["A", "MX", "NEW"]))
    elif operation == "ListParts":
        number = lambda: rng.choice([0, int(text(rng, texts)[1:]) + 1, int(text(rng, texts)[1:]) + 1])
        page = {
            "NextPartNumberMarker": some(rng, number),
            "Parts": some(rng, lambda: [text(rng, texts)] + items(lambda: text(rng, texts))),
            "IsTruncated": some(rng, more),
        }
    else:
        contents = lambda: items(lambda: {"Key": some(rng, lambda: text(rng, texts))})
        page = {
            "Contents": some(rng, contents),
            "NextMarker": some(rng, token),
            "IsTruncated": some(rng, more),
        }
    return present(page)


def present(value):
    if isinstance(value, dict):
        return {key: present(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [present(inner) for inner in value]
    return value


def run(paginator, operation, rng):
    texts, calls = [], []

    def call(**request):
        page = body(operation, rng, texts)
        calls.append({"request": request, "response": page})
        return page

    paginator._method = call
    pages = [items_of(paginator.result_keys[0].search(page)) for page in paginator.paginate()]
    return {"calls": calls, "items": sum(pages, [])}


def items_of(value):
    """The items of a list, the entries of a map, or the value itself."""
    if isinstance(value, dict) and "Amounts" not in value:
        return sorted([key, item] for key, item in value.items())
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def main():
    loader, rng, cases = create_loader(), random.Random(1), []
    for service, operation in OPERATIONS:
        model = ServiceModel(loader.load_service_model(service, "service-2"), service)
        config = PaginatorModel(loader.load_service_model(service, "paginators-1")).get_paginator(operation)
        paginator = Paginator(None, config, model.operation_model(operation))
        runs = [run(paginator, operation, rng) for _ in range(RUNS)]
        cases.append({"operation": operation, "runs": runs})
    print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")


main()
