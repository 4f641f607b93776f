"""Servers in a thread, one of which keeps what it receives."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer

from service import Json


@dataclass(frozen=True)
class Received:
    """A request, as received."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """A header's value; None if it is absent or repeated."""
        values = [value for key, value in self.headers if key.lower() == name]
        return values[0] if len(values) == 1 else None


@contextmanager
def running(server: HTTPServer) -> Iterator[str]:
    """Serves until the block ends; yields the URL."""
    # `shutdown` waits for one interval, which is half a second by default.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Capture:
    """Keeps requests, and responds to each with the same body."""

    def __init__(self) -> None:
        self.response: Json = {}
        self._received: list[Received] = []
        self._server = _server(self)

    @property
    def url(self) -> str:
        """The URL of the server."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def take(self) -> list[Received]:
        """The requests since the last call."""
        taken, self._received = self._received, []
        return taken

    def keep(self, received: Received) -> bytes:
        """Keeps a request, and returns the body of its response."""
        self._received.append(received)
        return json.dumps(self.response).encode()

    @contextmanager
    def running(self) -> Iterator[Capture]:
        """Serves until the block ends."""
        with running(self._server):
            yield self


def _server(capture: Capture) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        # HTTP/1.0: a connection per request, so that one thread serves boto3 and `call` by turns.
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            response = capture.keep(Received(self.command, self.path, self.headers.items(), body))
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(response)))
            self.send_header("x-amzn-RequestId", "captured")
            self.end_headers()
            self.wfile.write(response)

        do_GET = do_PUT = do_POST

        def log_message(self, format: str, *args: object) -> None:
            """Logs nothing."""

    return HTTPServer(("127.0.0.1", 0), Handler)
