"""Intended differences between both sides; every other difference is a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Of every request, and not compared.
COMMON = {
    "AccessKeyId": "identifies the signer: in a header, if the signature is there",
    "Format": "of the response: our client always asks for JSON, ACS3-HMAC-SHA256 requests of theirs for nothing",
    "SecurityToken": "identifies the signer: in a header, if the signature is there",
    "Signature": "verified by the fake instead",
    "SignatureMethod": "in v1.0 only",
    "SignatureNonce": "new in every request",
    "SignatureType": "empty, of the older SDK only",
    "SignatureVersion": "in v1.0 only",
    "Timestamp": "the time of signing",
}

# Values that their SDKs spell in another way than ours.
SPELLINGS = {"false": "False", "true": "True"}
SPELLINGS_WHY = "their SDKs leave booleans to Python; those for other languages write them as we do"

# Parameters that the vendor's catalogue or its SDK for Go has, but not always its SDKs for Python.
NOT_THEIRS = {
    "AddSharesToExpressSync": {"GatewayRegions"},
    "CreateGateway": {"Category", "GatewayVersion", "InitCacheCategory", "InitCacheConfig", "InitCacheSize"},
    "CreateGatewayBlockVolume": {"OssBucketRegionId"},
    "CreateGatewayFileShare": {"BindIPAddr", "BucketInfos", "BucketStub", "Enabled", "OssBucketRegionId"},
    "CreateStorageBundle": {"Location", "ResourceGroupId"},
    "DeployGateway": {"DataDisk", "GatewayVersion", "VSwitchId"},
    "DescribeExpressSyncShares": {"IsCrossRegion"},
    "DescribeGatewayImages": {"Category"},
    "DescribeGatewaySMBUsers": {"Pattern"},
    "DescribeGatewayTypes": {"GatewayCategory"},
    "DescribeGateways": {"EcsInstanceIds", "ResourceRegionId"},
    "DescribePayAsYouGoPrice": {"ResourceRegionId"},
    "DescribeStorageBundles": {"ResourceGroupId"},
    "SetGatewayADInfo": {"DomainName"},
    "UpdateGatewayFileShare": {"ServerSideAlgorithm"},
}

# Members of responses with the same difference.
NOT_DECODED = {".FileShares.FileShare.BindIPAddr"}


@dataclass(frozen=True)
class Otherwise:
    """A parameter that an SDK takes or writes in another way than our client."""

    package: str
    operation: str
    name: str
    why: str
    take: Callable[[str], object]
    """From our value to theirs."""
    write: Callable[[str], dict[str, str]]
    """From our text to their parameters."""
    refused: bool = False
    """Whether the fake takes only ours."""


OTHERWISE = [
    Otherwise(
        "alibabacloud_sgw20180511",
        "SwitchCSGClientsReverseSyncConfiguration",
        "ClientIds",
        "the new SDK takes a list, and joins it by commas",
        take=lambda ours: ours.split(","),
        write=lambda ours: {"ClientIds": ours},
    ),
    Otherwise(
        "aliyun-python-sdk-sgw",
        "SwitchCSGClientsReverseSyncConfiguration",
        "ClientIds",
        "the older SDK takes a list, and numbers its items",
        take=lambda ours: ours.split(","),
        write=lambda ours: {f"ClientIds.{index + 1}": text for index, text in enumerate(ours.split(","))},
        refused=True,
    ),
]
