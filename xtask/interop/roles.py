"""Roles of the faked AWS STS, used by others' tools at both fakes; and callers that identify themselves by signed URLs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
from botocore.signers import RequestSigner

from peer import REGION, Fake, Keys, environment
from report import Part

ROLE = {"RoleArn": "arn:aws:iam::111122223333:role/path/demo", "RoleSessionName": "interop"}
SESSION_ARN = "arn:aws:sts::111122223333:assumed-role/demo/interop"

_BOTO3 = """
import boto3, json
session = boto3.Session(profile_name="role")
arn = session.client("sts").get_caller_identity()["Arn"]
print(json.dumps([arn, session.client("storagegateway").list_gateways()["Gateways"]]))
"""
_PROFILES = """\
[profile role]
role_arn = {RoleArn}
role_session_name = {RoleSessionName}
source_profile = user
region = {region}
[profile user]
aws_access_key_id = {id}
aws_secret_access_key = {secret}
"""


def run(part: Part, gateways: Fake, tokens: Fake, keys: Keys) -> None:
    """Lets every tool use the role of a profile, then every kind of signed request ask who it is."""
    with tempfile.TemporaryDirectory() as home:
        config = Path(home, "config")
        config.write_text(_PROFILES.format(**ROLE, region=REGION, id=keys.access_key, secret=keys.secret_key))
        settings = {name: value for name, value in environment(keys).items() if not name.startswith("AWS_")}
        settings |= {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(config), "HOME": home}
        settings |= {"AWS_ENDPOINT_URL_STS": tokens.url, "AWS_ENDPOINT_URL_STORAGE_GATEWAY": gateways.url}
        for name, ask in (("boto3", _boto3), ("AWS CLI", _cli)):
            part.count("tools with a role")
            part.check(f"{name} with a role", _role_faults(ask, settings))
    part.count("requests by curl", 3)
    part.check("curl", _curl_faults(gateways, tokens, keys))
    for name, url, method, headers in _presigned(tokens, keys):
        part.count("presigned URLs")
        part.check(name, _identity_faults(url, method, headers))


def _role_faults(ask: Callable[[dict[str, str]], tuple[str, list[object]]], settings: dict[str, str]) -> Iterator[str]:
    arn, found = ask(settings)
    if arn != SESSION_ARN:
        yield f"the caller is {arn}"
    if not found:
        yield "no gateway"


def _output(command: list[str], settings: dict[str, str]) -> str:
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[:3]}: {done.stderr.strip()[-500:]}")
    return done.stdout


def _boto3(settings: dict[str, str]) -> tuple[str, list[object]]:
    arn, found = json.loads(_output([sys.executable, "-c", _BOTO3], settings))
    return arn, found


def _cli(settings: dict[str, str]) -> tuple[str, list[object]]:
    aws = [sys.executable, "-m", "awscli", "--profile", "role", "--output", "json"]
    identity = json.loads(_output([*aws, "sts", "get-caller-identity"], settings))
    found = json.loads(_output([*aws, "storagegateway", "list-gateways"], settings))
    return identity["Arn"], found["Gateways"]


def _curl_faults(gateways: Fake, tokens: Fake, keys: Keys) -> Iterator[str]:
    if shutil.which("curl") is None:
        yield "curl is not on PATH"
        return
    identity = "Action=GetCallerIdentity&Version=2011-06-15"
    listing = ["-H", "Content-Type: application/x-amz-json-1.1", "-d", "{}"]
    listing += ["-H", "X-Amz-Target: StorageGateway_20130630.ListGateways"]
    for service, arguments, expected in (
        ("storagegateway", [*listing, f"{gateways.url}/"], '"Gateways"'),
        ("sts", ["-d", identity, f"{tokens.url}/"], "<GetCallerIdentityResult>"),
        ("sts", [f"{tokens.url}/?{identity}"], "<GetCallerIdentityResult>"),
    ):
        command = ["curl", "--silent", "--noproxy", "*", "--aws-sigv4", f"aws:amz:{REGION}:{service}"]
        command += ["--user", f"{keys.access_key}:{keys.secret_key}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        if expected not in done.stdout:
            yield f"{arguments[-1]}: {done.returncode}: {done.stdout[:300]}{done.stderr[:300]}"


def _presigned(tokens: Fake, keys: Keys) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """URLs as botocore's method and EKS make them."""
    session = boto3.session.Session(keys.access_key, keys.secret_key, region_name=REGION)
    api = session.client("sts", endpoint_url=tokens.url)
    for method in ("GET", "POST"):
        yield f"presigned {method}", api.generate_presigned_url("get_caller_identity", HttpMethod=method), method, {}
    signer = RequestSigner(
        api.meta.service_model.service_id, REGION, "sts", "v4", session.get_credentials(), session.events
    )
    headers = {"x-k8s-aws-id": "cluster"}
    query = "Action=GetCallerIdentity&Version=2011-06-15"
    request = {"method": "GET", "url": f"{tokens.url}/?{query}", "body": {}, "headers": headers, "context": {}}
    yield "token of EKS", signer.generate_presigned_url(request, "GetCallerIdentity", expires_in=60), "GET", headers


def _identity_faults(url: str, method: str, headers: dict[str, str]) -> Iterator[str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, method=method, headers=headers), timeout=10) as response:
            text = response.read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
    if "<GetCallerIdentityResult>" not in text:
        yield text
