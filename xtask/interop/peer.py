"""`serve` as a child process, and boto3 as its client."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config

from service import Json, Service

REGION = "us-east-1"


@dataclass(frozen=True)
class Keys:
    """Credentials for our fake."""

    access_key: str = "AKIDINTEROP"
    secret_key: str = "secret/of+interop"
    token: str | None = None

    def with_token(self, token: str) -> Keys:
        """The same keys with a session token."""
        return replace(self, token=token)


@dataclass(frozen=True)
class Fake:
    """A running `serve`."""

    url: str

    def fail(self, operation: str, **what: str | int) -> None:
        """Makes the next call of an operation fail, or the next `times` calls."""
        self._control("fail", {"operation": operation, "times": 1} | what)

    def take(self) -> list[Json]:
        """Returns the requests since the last `take`, as received; removes pending failures."""
        taken: list[Json] = self._control("requests")
        self._control("reset", {})
        return taken

    def _control(self, command: str, order: Json = None) -> Json:
        body = None if order is None else json.dumps(order).encode()
        request = urllib.request.Request(f"{self.url}/__gatewright/{command}", data=body)
        request.add_header("Content-Type", "application/json")
        with _OPENER.open(request, timeout=5) as response:
            return json.load(response)


@contextmanager
def serving(xtask: Path, service: str, keys: Keys, region: str = REGION) -> Iterator[Fake]:
    """Runs `serve` until the block ends."""
    command = [str(xtask), "serve", service, "--port", "0", "--control"]
    command += ["--access-key-id", keys.access_key, "--secret-access-key", keys.secret_key, "--region", region]
    if keys.token is not None:
        command += ["--session-token", keys.token]
    nothing = subprocess.DEVNULL
    child = subprocess.Popen(command, stdin=nothing, stdout=subprocess.PIPE, stderr=nothing, text=True)
    _children.append(child)
    try:
        yield Fake(_first_line(child, seconds=10).strip().rstrip("/"))
    finally:
        stop_children()


def stop_children() -> None:
    """Ends every `serve` that runs."""
    while _children:
        child = _children.pop()
        child.kill()
        child.wait()


def client(service: Service, endpoint: str, keys: Keys, **config: Any) -> BaseClient:
    """A boto3 client for an endpoint, with one attempt and without a proxy."""
    defaults: dict[str, Any] = {
        "connect_timeout": 5,
        "max_pool_connections": 4,
        "proxies": {},
        "read_timeout": 10,
        "retries": {"mode": "standard", "total_max_attempts": 1},
    }
    return boto3.session.Session().client(
        service.botocore_name,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        config=Config(**(defaults | config)),
        endpoint_url=endpoint,
        region_name=REGION,
    )


def call(api: BaseClient, operation: str, arguments: Json) -> Json:
    """Calls an operation by its wire name."""
    return getattr(api, method(api, operation))(**arguments)


def method(api: BaseClient, operation: str) -> str:
    """The method of an operation."""
    methods: dict[str, str] = api.meta.method_to_api_mapping
    return next(name for name, wire in methods.items() if wire == operation)


def environment(keys: Keys) -> dict[str, str]:
    """Environment variables of a child process with these keys, without the settings of the user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    settings = {
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "*",
    }
    if keys.token is not None:
        settings["AWS_SESSION_TOKEN"] = keys.token
    return kept | settings


_children: list[subprocess.Popen[str]] = []
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _first_line(child: subprocess.Popen[str], seconds: float) -> str:
    """Returns the first line; continues to read in a thread, so that the child never blocks on a full pipe."""
    lines: Queue[str] = Queue()
    stdout = child.stdout
    if stdout is None:
        raise RuntimeError("serve was started without a pipe")

    def read() -> None:
        lines.put(stdout.readline())
        for _ in stdout:
            pass

    threading.Thread(target=read, daemon=True).start()
    try:
        line = lines.get(timeout=seconds)
    except Empty:
        raise RuntimeError(f"serve printed no URL within {seconds:.0f} s") from None
    if not line.startswith("http://127.0.0.1:"):
        raise RuntimeError(f"the first line of serve is not a URL on 127.0.0.1: {line!r}")
    return line
