"""Environment variables and files, and the access key that they select."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = Any


@dataclass(frozen=True)
class Setup:
    """One configuration; `winner` is the access key ID that must be found, or "none"."""

    name: str
    winner: str
    profiles: list[Json] = field(default_factory=list)
    credentials: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    theirs: str | None = None
    """The access key ID that the SDK finds instead."""
    why: str = ""
    """Why the difference is intended."""


_NEXT = "the SDK continues after a configured source that fails; the next source may have another identity"
_OUTSIDE = "without a region, the SDK uses the public endpoint instead of the VPC endpoint"

_PREFIX = "ALIBABA_CLOUD_"
_ROLE = "acs:ram::1234567890123456:role/R"
_SECOND = "acs:ram::1234567890123456:role/S"
_DENIED = "acs:ram::1234567890123456:role/Denied"


def _set(**variables: str) -> dict[str, str]:
    return {_PREFIX + name: value for name, value in variables.items()}


_ENV = _set(ACCESS_KEY_ID="ENV", ACCESS_KEY_SECRET="s")
_OIDC = _set(
    OIDC_TOKEN_FILE="{home}/token", OIDC_PROVIDER_ARN="acs:ram::1:oidc-provider/P", ROLE_ARN=_ROLE
)
_URI = _set(CREDENTIALS_URI="{url}/keys")


def _profile(mode: str, name: str = "x", **members: Json) -> Json:
    return {"name": name, "mode": mode, "region_id": "cn-hangzhou"} | members


def _keys(name: str = "x", key: str = "CLI") -> Json:
    return _profile("AK", name, access_key_id=key, access_key_secret="s")


# Values without spaces: the SDK signs them as `+`, the service as `%20`.
def _role(**members: Json) -> Json:
    given = {"access_key_id": "K", "access_key_secret": "s", "ram_role_arn": _ROLE, "ram_session_name": "mine"}
    return _profile("RamRoleArn", **(given | members))


def _chain(source: str, name: str = "x", role: str = _ROLE, **members: Json) -> Json:
    return _profile("ChainableRamRoleArn", name, source_profile=source, ram_role_arn=role, **members)


def _token(name: str = "x", **members: Json) -> Json:
    given = {"oidc_provider_arn": "acs:ram::1:oidc-provider/P", "oidc_token_file": "{home}/token"}
    return _profile("OIDC", name, **(given | {"ram_role_arn": _ROLE} | members))


def _program(output: str) -> Json:
    return _profile("External", process_command=f"echo '{output}'")


_FILE = "[default]\ntype = access_key\naccess_key_id = FILE\naccess_key_secret = s\n"
_FILE_ROLE = f"access_key_id = K\naccess_key_secret = s\nrole_arn = {_ROLE}\nrole_session_name = mine\n"
_FILE_TOKEN = f"role_arn = {_ROLE}\noidc_provider_arn = p\noidc_token_file_path = {{home}}/token\n"
_TEMPORARY = '{"mode": "StsToken", "access_key_id": "P", "access_key_secret": "s"'

SETUPS = [
    Setup("nothing", "none"),
    Setup("environment", "ENV", environment=_ENV),
    Setup("environment with a token", "ENV", environment=_ENV | _set(SECURITY_TOKEN="t")),
    Setup("secret without an id", "CLI", [_keys()], environment=_set(ACCESS_KEY_SECRET="s")),
    Setup("id without a secret", "none", [_keys()], environment=_set(ACCESS_KEY_ID="ENV"), theirs="CLI", why=_NEXT),
    Setup("token of the environment", "R-by-identity", environment=_OIDC),
    Setup("environment before token", "ENV", environment=_ENV | _OIDC),
    Setup("token before profile", "R-by-identity", [_keys()], environment=_OIDC),
    Setup("token with a session", "R-by-identity", environment=_OIDC | _set(ROLE_SESSION_NAME="pod")),
    Setup("token in a region", "R-by-identity", environment=_OIDC | _set(STS_REGION="cn-beijing")),
    Setup("token without its file", "none", environment=_OIDC | _set(OIDC_TOKEN_FILE="/none")),
    Setup("token without a provider", "none", [_keys()], environment={**_OIDC, _PREFIX + "OIDC_PROVIDER_ARN": ""}, theirs="CLI", why=_NEXT),
    Setup("token that is refused", "none", [_keys()], environment=_OIDC | _set(ROLE_ARN=_DENIED), theirs="CLI", why=_NEXT),
    Setup("profile", "CLI", [_keys()]),
    Setup("profile before file", "CLI", [_keys()], _FILE),
    Setup("profile that is disabled", "FILE", [_keys()], _FILE, _set(CLI_PROFILE_DISABLED="true")),
    Setup("profile of the environment", "Y", [_keys(), _keys("y", "Y")], environment=_set(PROFILE="y")),
    Setup("missing profile", "none", [_keys()], environment=_set(PROFILE="z")),
    Setup("temporary keys", "T", [_profile("StsToken", access_key_id="T", access_key_secret="s", sts_token="t")]),
    Setup("unknown mode", "none", [_profile("Unknown")]),
    Setup("unknown mode before file", "none", [_profile("Unknown")], _FILE, theirs="FILE", why=_NEXT),
    Setup("role", "R-by-K", [_role()]),
    Setup("role with everything", "R-by-K", [_role(expired_seconds=1800, external_id="b+c/=", policy='{"Version":"1","Statement":[]}')]),
    Setup("role with an unused token", "R-by-K", [_role(sts_token="stale")]),
    Setup("role in a region", "R-by-K", [_role(sts_region="cn-beijing")]),
    Setup("role in a VPC", "R-by-K", [_role(sts_region="cn-beijing", enable_vpc=True)]),
    Setup("role in a VPC of the environment", "R-by-K", [_role()], environment=_set(STS_REGION="cn-beijing", VPC_ENDPOINT_ENABLED="true")),
    Setup("role outside of a VPC", "R-by-K", [_role(sts_region="cn-beijing", enable_vpc=False)], environment=_set(VPC_ENDPOINT_ENABLED="true")),
    Setup("role in a VPC without a region", "none", [_role(enable_vpc=True)], theirs="R-by-K", why=_OUTSIDE),
    Setup("role of the environment", "R-by-K", [_role(ram_role_arn="")], environment=_set(ROLE_ARN=_ROLE)),
    Setup("session of the environment", "R-by-K", [_role(ram_session_name="")], environment=_set(ROLE_SESSION_NAME="pod")),
    Setup("session without a name", "R-by-K", [_role(ram_session_name="")]),
    Setup("role without an ARN", "none", [_role(ram_role_arn="")]),
    Setup("role without keys", "none", [_role(access_key_id="")]),
    Setup("role that is refused", "none", [_role(ram_role_arn=_DENIED)]),
    Setup("role in an invalid region", "none", [_role(sts_region="a/b")]),
    Setup("role by profile", "R-by-K", [_chain("y"), _keys("y", "K")]),
    Setup("role by role", "R-by-S-by-K", [_chain("y"), _chain("z", "y", _SECOND), _keys("z", "K")]),
    Setup("role by temporary keys", "R-by-T", [_chain("y"), _profile("StsToken", "y", access_key_id="T", access_key_secret="s", sts_token="t")]),
    Setup("role by token", "R-by-S-by-identity", [_chain("y"), _token("y", ram_role_arn=_SECOND)]),
    Setup("role by program", "R-by-P", [_chain("y"), _program('{"access_key_id": "P", "access_key_secret": "s"}') | {"name": "y"}]),
    Setup("role by a missing profile", "none", [_chain("y")]),
    Setup("role in a circle", "none", [_chain("y"), _chain("x", "y")]),
    Setup("token of a profile", "R-by-identity", [_token()]),
    Setup("token of a profile with a session", "R-by-identity", [_token(role_session_name="mine", expired_seconds=900, policy="{}")]),
    Setup("token of profile and environment", "R-by-identity", [_profile("OIDC")], environment=_OIDC | _set(CLI_PROFILE_DISABLED="false")),
    Setup("token of a profile without its file", "none", [_token(oidc_token_file="/none")]),
    Setup("program", "P", [_program('{"mode": "AK", "access_key_id": "P", "access_key_secret": "s"}')]),
    Setup("program with a token", "P", [_program(_TEMPORARY + ', "sts_token": "t"}')]),
    Setup("program with an expiry", "P", [_program(_TEMPORARY + ', "sts_token": "t", "expiration": "2999-01-01T00:00:00Z"}')]),
    Setup("program without its token", "none", [_program(_TEMPORARY + "}")]),
    Setup("program that prints no keys", "none", [_program("{}")]),
    Setup("program that fails", "none", [_profile("External", process_command="false")]),
    Setup("instance that is disabled", "none", [_profile("EcsRamRole", ram_role_name="r")]),
    Setup("file", "FILE", [], _FILE),
    Setup("file's other profile", "Y", [], _FILE + _FILE.replace("default", "y").replace("FILE", "Y"), _set(PROFILE="y")),
    Setup("file's role", "R-by-K", [], "[default]\ntype = ram_role_arn\n" + _FILE_ROLE),
    Setup("file's role with a policy", "R-by-K", [], "[default]\ntype = ram_role_arn\npolicy = {}\n" + _FILE_ROLE),
    Setup("file's token", "R-by-identity", [], "[default]\ntype = oidc_role_arn\n" + _FILE_TOKEN),
    Setup("file's unknown type", "none", [], "[default]\ntype = unknown\n"),
    Setup("file elsewhere", "FILE", [], "", _set(CREDENTIALS_FILE="{home}/elsewhere")),
    Setup("URL", "URI", environment=_URI),
    Setup("profile before URL", "CLI", [_keys()], environment=_URI),
    Setup("URL without keys", "none", environment=_set(CREDENTIALS_URI="{url}/none")),
]
