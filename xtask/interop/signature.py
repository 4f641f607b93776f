"""Recomputes the signatures of received requests with botocore."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from peer import REGION, Keys

SERVICE = "storagegateway"
# Headers that botocore signs; our client may sign more, but not fewer.
_ALWAYS = {"content-type", "host", "x-amz-date", "x-amz-target"}
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<credential>[^,]+)"
    r", ?SignedHeaders=(?P<names>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


@dataclass(frozen=True)
class Signed:
    """The parts of a signed request."""

    request: AWSRequest
    credential: str
    names: str
    signature: str

    @staticmethod
    def of(method: str, url: str, headers: Iterable[tuple[str, str | bytes]], body: bytes) -> Signed:
        """Parses a request; raises an error if its headers have no signature."""
        lowered = {name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in headers}
        match = _AUTHORIZATION.fullmatch(lowered.get("authorization", ""))
        if match is None:
            raise ValueError(f"not a SigV4 Authorization header: {lowered.get('authorization')!r}")
        lowered.setdefault("host", urlsplit(url).netloc)
        names = match["names"].split(";")
        request = AWSRequest(method, url, {name: lowered[name] for name in names if name in lowered}, body)
        request.context["timestamp"] = lowered.get("x-amz-date", "")
        return Signed(request, match["credential"], match["names"], match["signature"])

    def texts(self, keys: Keys) -> tuple[str, str]:
        """The canonical request and the string to sign."""
        auth = _auth(keys)
        canonical = auth.canonical_request(self.request)
        return canonical, auth.string_to_sign(self.request, canonical)

    def faults(self, keys: Keys) -> Iterator[str]:
        """Yields the faults of the signature."""
        auth = _auth(keys)
        canonical, to_sign = self.texts(keys)
        if self.credential != auth.scope(self.request):
            yield f"credential {self.credential!r}, botocore's is {auth.scope(self.request)!r}"
        if self.names != auth.signed_headers(auth.headers_to_sign(self.request)):
            yield f"signed headers {self.names!r}: unsorted, repeated, missing, or never signed by botocore"
        always = _ALWAYS | ({"x-amz-security-token"} if keys.token else set())
        for name in sorted(always - set(self.names.split(";"))):
            yield f"header {name} is not signed"
        expected = auth.signature(to_sign, self.request)
        if self.signature != expected:
            yield f"signature {self.signature}, botocore's is {expected}, of {canonical!r}"


def _auth(keys: Keys) -> SigV4Auth:
    return SigV4Auth(Credentials(keys.access_key, keys.secret_key, keys.token), SERVICE, REGION)
