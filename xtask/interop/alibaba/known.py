"""Intended differences between our client and the SDKs; any other difference is a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Parameters of every request that are not compared, and why.
COMMON = {
    "AccessKeyId": "identifies the signer; in a header if the signature is in one",
    "Format": "selects the format of the response: our client sends JSON, SDKs with ACS3-HMAC-SHA256 send nothing",
    "SecurityToken": "identifies the signer; in a header if the signature is in one",
    "Signature": "the fake verifies it",
    "SignatureMethod": "in v1.0 only",
    "SignatureNonce": "new in every request",
    "SignatureType": "sent by the older SDK only, empty",
    "SignatureVersion": "in v1.0 only",
    "Timestamp": "the time when the request was signed",
}

# Values that the SDKs for Python spell differently.
SPELLINGS = {"false": "False", "true": "True"}
SPELLINGS_WHY = "the SDKs for Python write booleans as Python does; the SDKs for other languages write them like our client"

# Parameters of the vendor's catalogue or its SDK for Go that its SDKs for Python may lack.
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

# Members of responses that the SDKs for Python may lack.
NOT_DECODED = {".FileShares.FileShare.BindIPAddr"}


@dataclass(frozen=True)
class Otherwise:
    """A parameter that an SDK accepts or writes differently from our client."""

    package: str
    operation: str
    name: str
    why: str
    take: Callable[[str], object]
    """Converts the value for our client to the value for the SDK."""
    write: Callable[[str], dict[str, str]]
    """Converts the text that our client sends to the parameters that the SDK sends."""
    refused: bool = False
    """If the fake accepts our form only."""


OTHERWISE = [
    Otherwise(
        "alibabacloud_sgw20180511",
        "SwitchCSGClientsReverseSyncConfiguration",
        "ClientIds",
        "the new SDK takes a list and joins its items with commas",
        take=lambda ours: ours.split(","),
        write=lambda ours: {"ClientIds": ours},
    ),
    Otherwise(
        "aliyun-python-sdk-sgw",
        "SwitchCSGClientsReverseSyncConfiguration",
        "ClientIds",
        "the older SDK takes a list and writes one numbered parameter per item",
        take=lambda ours: ours.split(","),
        write=lambda ours: {f"ClientIds.{index + 1}": text for index, text in enumerate(ours.split(","))},
        refused=True,
    ),
]
