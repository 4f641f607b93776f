"""Environment variables and files, and the access key that they select."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Setup:
    """One configuration; `winner` is the access key ID that must be found, or "none"."""

    name: str
    winner: str
    config: str = ""
    credentials: str = ""
    environment: dict[str, str] = field(default_factory=dict)
    profile: str | None = None
    sign_in: str = "valid"  # or "over", or "renewable"
    theirs_first: bool = False


def _keys(name: str) -> str:
    return f"aws_access_key_id = {name}\naws_secret_access_key = s\n"


def _process(text: str) -> str:
    return f"credential_process = echo '{text}'\n"


_ENV = {"AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s"}
_X = {"AWS_PROFILE": "x"}
_IDENTITY = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{home}/token", "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/R"}
_CONTAINER = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{url}/container"}
_INSTANCE = {"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{url}"}
_PROCESS = _process('{"Version": 1, "AccessKeyId": "PROCESS", "SecretAccessKey": "s"}')
_ROLE = "role_arn = arn:aws:iam::123456789012:role/R\n"
_SECOND = "role_arn = arn:aws:iam::123456789012:role/S\n"
_TOKEN = "web_identity_token_file = {home}/token\n"
_SSO = "sso_account_id = 123456789012\nsso_role_name = r\n"
_LEGACY = _SSO + "sso_region = eu-west-1\nsso_start_url = https://s\n"
_SESSION = "[sso-session main]\nsso_region = eu-west-1\nsso_start_url = https://s\n"


def _profile(*parts: str) -> str:
    return "[profile x]\n" + "".join(parts)


def _role(*parts: str) -> str:
    return _profile(_ROLE, *parts)


SETUPS = [
    Setup("nothing", "none"),
    Setup("environment", "ENV", environment=_ENV),
    Setup("half an environment", "none", environment={"AWS_ACCESS_KEY_ID": "ENV"}, credentials="[default]\n" + _keys("K")),
    Setup("environment before profile", "ENV", environment=_ENV | _X, config=_profile(_keys("C"))),
    Setup("profile named before environment", "C", environment=_ENV, config=_profile(_keys("C")), profile="x"),
    Setup("credentials file", "K", credentials="[default]\n" + _keys("K")),
    Setup("config file", "C", config="[default]\n" + _keys("C")),
    Setup("both files", "K", config="[default]\n" + _keys("C"), credentials="[default]\n" + _keys("K")),
    Setup("profile of AWS_PROFILE", "K", environment=_X, credentials="[default]\n" + _keys("D") + "[x]\n" + _keys("K")),
    Setup("no such profile", "none", environment=_X, credentials="[default]\n" + _keys("D")),
    Setup("half a profile", "none", credentials="[default]\naws_access_key_id = K\n"),
    Setup("process", "PROCESS", environment=_X, config=_profile(_PROCESS)),
    Setup("process before config file", "PROCESS", environment=_X, config=_profile(_keys("C"), _PROCESS)),
    Setup("credentials file before process", "K", environment=_X, config=_profile(_PROCESS), credentials="[x]\n" + _keys("K")),
    Setup("process of the credentials file", "PROCESS", environment=_X, credentials="[x]\n" + _PROCESS),
    Setup("process that fails", "none", environment=_X, config=_profile("credential_process = false\n")),
    Setup("process of another version", "none", environment=_X, config=_profile(_process('{"Version": 2}'))),
    Setup("role", "R-by-C", environment=_X, config=_role("source_profile = y\n[profile y]\n", _keys("C"))),
    Setup("role of the credentials file", "R-by-K", environment=_X, config=_role("source_profile = y\n"), credentials="[y]\n" + _keys("K")),
    Setup("role of itself", "R-by-C", environment=_X, config=_role("source_profile = x\n", _keys("C"))),
    Setup("role before keys", "R-by-C", environment=_X, config=_role("source_profile = y\n[profile y]\n", _keys("C")), credentials="[x]\n" + _keys("K")),
    Setup("role by role", "R-by-S-by-C", environment=_X, config=_role("source_profile = y\n[profile y]\n", _SECOND, "source_profile = z\n[profile z]\n", _keys("C"))),
    Setup("role with keys and another role", "R-by-C", environment=_X, config=_role("source_profile = y\n[profile y]\n", _SECOND, "source_profile = z\n", _keys("C"))),
    Setup("role by process", "R-by-PROCESS", environment=_X, config=_role("source_profile = y\n[profile y]\n", _PROCESS)),
    Setup("role by sign-in", "R-by-SSO", environment=_X, config=_role("source_profile = y\n[profile y]\n", _LEGACY)),
    Setup("role by web identity", "R-by-S-by-identity", environment=_X, config=_role("source_profile = y\n[profile y]\n", _SECOND, _TOKEN)),
    Setup("role in a circle", "none", environment=_X, config=_role("source_profile = y\n[profile y]\n", _SECOND, "source_profile = x\n")),
    Setup("role of itself without keys", "none", environment=_X, config=_role("source_profile = x\n")),
    Setup("role by no such profile", "none", environment=_X, config=_role("source_profile = y\n")),
    Setup("role by nothing", "none", environment=_X, config=_role()),
    Setup("role by two", "none", environment=_X, config=_role("source_profile = x\ncredential_source = Environment\n", _keys("C"))),
    Setup("role by environment", "R-by-ENV", environment=_ENV, config=_role("credential_source = Environment\n"), profile="x"),
    Setup("role by container", "R-by-CONTAINER", environment=_X | _CONTAINER, config=_role("credential_source = EcsContainer\n")),
    Setup("role by instance", "R-by-INSTANCE", environment=_X | _INSTANCE, config=_role("credential_source = Ec2InstanceMetadata\n")),
    Setup("role by no such source", "none", environment=_X, config=_role("credential_source = Elsewhere\n")),
    Setup("source without a role", "C", environment=_X, config=_profile("credential_source = Environment\n", _keys("C"))),
    Setup("web identity of the environment", "R-by-identity", environment=_IDENTITY),
    Setup("web identity before keys", "R-by-identity", environment=_IDENTITY, credentials="[default]\n" + _keys("K")),
    Setup("web identity of a profile", "R-by-identity", environment=_X, config=_role(_TOKEN)),
    Setup("web identity before a role", "R-by-identity", environment=_X, config=_role(_TOKEN, "source_profile = x\n", _keys("C"))),
    Setup("web identity without a role", "none", environment=_X, config=_profile(_TOKEN)),
    Setup("sign-in", "SSO", environment=_X, config=_profile(_SSO, "sso_session = main\n", _SESSION)),
    Setup("sign-in of the older form", "SSO", environment=_X, config=_profile(_LEGACY)),
    Setup("sign-in before keys", "SSO", environment=_X, config=_profile(_LEGACY, _PROCESS), credentials="[x]\n" + _keys("K")),
    Setup("sign-in that is over", "none", environment=_X, config=_profile(_LEGACY), sign_in="over"),
    Setup("sign-in that we renew", "SSO-renewed", environment=_X, config=_profile(_SSO, "sso_session = main\n", _SESSION), sign_in="renewable"),
    Setup("sign-in that they renew", "SSO-renewed", environment=_X, config=_profile(_SSO, "sso_session = main\n", _SESSION), sign_in="renewable", theirs_first=True),
    Setup("sign-in without its session", "none", environment=_X, config=_profile(_SSO, "sso_session = main\n")),
    Setup("session without a role", "C", environment=_X, config=_profile("sso_session = main\n", _keys("C"), _SESSION)),
    Setup("container", "CONTAINER", environment=_CONTAINER),
    Setup("container with a token", "CONTAINER", environment=_CONTAINER | {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "{home}/token"}),
    Setup("container elsewhere", "none", environment={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://example.com/container"}),
    Setup("profile before container", "K", environment=_CONTAINER, credentials="[default]\n" + _keys("K")),
    Setup("instance", "INSTANCE", environment=_INSTANCE),
    Setup("container before instance", "CONTAINER", environment=_INSTANCE | _CONTAINER),
]
