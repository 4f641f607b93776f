#!/usr/bin/env python3
"""boto3 under the same load: the command line and the line of JSON are those of the Rust programs."""

import argparse
import json
import resource
import threading
import time
from itertools import repeat
from pathlib import Path

import boto3
from botocore.config import Config

ARN = "arn:aws:storagegateway:us-east-1:111122223333:gateway/sgw-12A3456B"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoint", default="http://127.0.0.1:8099")
    parser.add_argument("--calls", type=int, default=2000)
    parser.add_argument("--concurrency", type=int, default=1)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--op", default="ListGateways")
    options = parser.parse_args()

    call = operation(options)
    batch(call, options.warmup, options.concurrency)
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    items = batch(call, options.calls, options.concurrency)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)

    calls = options.calls
    user = (after.ru_utime - before.ru_utime) * 1e6 / calls
    system = (after.ru_stime - before.ru_stime) * 1e6 / calls
    print(json.dumps({
        "client": "boto3", "version": boto3.__version__, "op": options.op, "calls": calls,
        "concurrency": options.concurrency, "items_per_call": round(items / calls, 2), "wall_s": round(wall, 4),
        "calls_per_s": round(calls / wall, 1), "cpu_us_per_call": round(user + system, 2),
        "user_us_per_call": round(user, 2), "sys_us_per_call": round(system, 2), "peak_rss_kib": peak_rss_kib()}))


def operation(options):
    """A call, which returns how many items came."""
    client = boto3.session.Session().client(
        "storagegateway", region_name="us-east-1", endpoint_url=options.endpoint, aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        config=Config(max_pool_connections=max(10, options.concurrency)))
    return {
        "ListGateways": lambda: len(client.list_gateways()["Gateways"]),
        "DescribeGatewayInformation": lambda: "GatewayId" in client.describe_gateway_information(GatewayARN=ARN),
        "CreateStorediSCSIVolume": lambda: "VolumeARN" in client.create_stored_iscsi_volume(
            GatewayARN=ARN, DiskId="pci-0000:03:00.0-scsi-0:0:0:0", PreserveExistingData=True, TargetName="my-volume",
            NetworkInterfaceId="10.1.1.1"),
    }[options.op]


def batch(call, calls, concurrency):
    """Calls, shared out among threads as they come free; how many items came."""
    if concurrency == 1:
        return sum(call() for _ in range(calls))
    left, items = repeat(None, calls), []

    def work():
        # `next` of `repeat` is one step of the interpreter: threads do not meet in it.
        items.append(sum(call() for _ in left))

    threads = [threading.Thread(target=work) for _ in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(items)


def peak_rss_kib():
    """Not `ru_maxrss`, which survives `exec`."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


main()
