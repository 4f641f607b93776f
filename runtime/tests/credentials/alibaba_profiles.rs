//! The sources that profiles of Alibaba Cloud's tools select.

use gatewright_runtime::credentials::{AlibabaCloudProfileCredentials, CredentialsChain, ProvideCredentials};
use serde_json::{Value, json};

use crate::{
    alibaba_role::{parameter, sts},
    drivers::Driver,
    machine,
    support::{Server, shown},
};

const CONFIG: &str = "/home/me/.aliyun/config.json";
const CREDENTIALS: &str = "/home/me/.alibabacloud/credentials";
const ROLE: &str = "acs:ram::1:role/R";
/// Keeps sources from looking for an instance's metadata.
const NO_INSTANCE: (&str, &str) = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");

/// The credentials of the profile `x`, and the requests to the service of roles.
fn ask(variables: &[(&str, &str)], config: &Value, credentials: &str) -> (String, Vec<String>) {
    let server = sts(|_| None);
    let config = config.to_string();
    let files = [(CONFIG, config.as_str()), (CREDENTIALS, credentials), ("/token", "identity")];
    let machine = machine::with(variables, &files)
        .variables([NO_INSTANCE])
        .variable("ALIBABA_CLOUD_STS_ENDPOINT", &*server.url);
    let machine = machine.shared();
    let source: Box<dyn ProvideCredentials> = if credentials.is_empty() {
        Box::new(AlibabaCloudProfileCredentials::command_line(machine, Some("x".to_owned())))
    } else {
        Box::new(AlibabaCloudProfileCredentials::credentials_file(machine, Some("x".to_owned())))
    };
    (shown(Driver::Blocking.provide(&*source)), server.requests())
}

/// `profiles` begin with the selected one.
#[track_caller]
fn check(profiles: &Value, expected: &str) {
    let (text, _) = ask(&[], &json!({"profiles": profiles}), "");
    assert!(text.starts_with(expected), "{text:?} for {profiles}");
}

fn keys(name: &str, id: &str) -> Value {
    json!({"name": name, "mode": "AK", "access_key_id": id, "access_key_secret": "k"})
}

const LOST: &str = "no credentials: command line profile `x`: ";

#[test]
fn roles_of_the_command_line_tool() {
    let role = json!({"name": "x", "mode": "RamRoleArn", "access_key_id": "K", "access_key_secret": "k",
        "ram_role_arn": ROLE, "ram_session_name": "s"});
    check(&json!([role]), "R-by-K TOPSECRET token-of-R 3600");
    let chain = |source: &str| {
        json!({"name": "x", "mode": "ChainableRamRoleArn", "source_profile": source,
        "ram_role_arn": ROLE, "ram_session_name": "s"})
    };
    check(&json!([chain("y"), keys("y", "K")]), "R-by-K ");
    let second = json!({"name": "y", "mode": "ChainableRamRoleArn", "source_profile": "z",
        "ram_role_arn": "acs:ram::1:role/S"});
    check(&json!([chain("y"), second, keys("z", "K")]), "R-by-S-by-K ");
    let token = json!({"name": "y", "mode": "StsToken", "access_key_id": "T", "access_key_secret": "t", "sts_token": "t"});
    check(&json!([chain("y"), token]), "R-by-T ");
    let identity = json!({"name": "x", "mode": "OIDC", "ram_role_arn": ROLE, "oidc_token_file": "/token",
        "oidc_provider_arn": "acs:ram::1:oidc-provider/P", "ram_session_name": "s"});
    check(&json!([identity]), "R-by-identity ");
    let mut of_chain = identity.clone();
    of_chain["name"] = json!("y");
    check(&json!([chain("y"), of_chain]), "R-by-R-by-identity ");
}

#[test]
fn what_requests_have_comes_from_the_profile() {
    let role = json!({"name": "x", "mode": "RamRoleArn", "access_key_id": "K", "access_key_secret": "k",
        "sts_token": "stale", "ram_role_arn": ROLE, "ram_session_name": "mine", "expired_seconds": 1800,
        "external_id": "word", "policy": "{}"});
    let sent = |profile: &Value, variables: &[(&str, &str)]| {
        let (text, requests) = ask(variables, &json!({"profiles": [profile]}), "");
        assert!(text.starts_with("R-by-"), "{text}");
        let [request] = <[String; 1]>::try_from(requests).unwrap();
        let names = ["RoleSessionName", "DurationSeconds", "ExternalId", "Policy", "SecurityToken"];
        names.map(|name| parameter(&request, name).unwrap_or_default()).join(" ")
    };
    assert_eq!(sent(&role, &[]), "mine 1800 word %7B%7D ");
    // A token counts if the id is of temporary keys, whose form it has.
    let mut temporary = role.clone();
    temporary["access_key_id"] = json!("STS.K");
    assert_eq!(sent(&temporary, &[]), "mine 1800 word %7B%7D stale");
    let bare = json!({"name": "x", "mode": "RamRoleArn", "access_key_id": "K", "access_key_secret": "k",
        "ram_role_arn": "", "expired_seconds": 0});
    let environment = [("ALIBABA_CLOUD_ROLE_ARN", ROLE), ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pod")];
    assert_eq!(sent(&bare, &environment), "pod 3600   ");
    let mut narrowed = role.clone();
    narrowed["policy"] = json!({"Version": "1"});
    assert_eq!(sent(&narrowed, &[]), "mine 1800 word %7B%22Version%22%3A%221%22%7D ");
    let identity = json!({"name": "x", "mode": "OIDC", "role_session_name": "theirs"});
    let rest = [
        ("ALIBABA_CLOUD_ROLE_ARN", ROLE),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/P"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
    ];
    assert_eq!(sent(&identity, &rest), "theirs 3600   ");
}

#[test]
fn roles_of_the_credentials_file() {
    let check = |section: &str, expected: &str| {
        let (text, _) = ask(&[], &json!({}), &format!("[x]\n{section}"));
        assert!(text.starts_with(expected), "{text:?} for {section}");
    };
    let keys = "access_key_id = K\naccess_key_secret = k\n";
    check(&format!("type = ram_role_arn\n{keys}role_arn = {ROLE}\nrole_session_name = s\n"), "R-by-K ");
    let identity = format!("role_arn = {ROLE}\noidc_provider_arn = p\noidc_token_file_path = /token\n");
    check(&format!("type = oidc_role_arn\n{identity}"), "R-by-identity ");
    let file = "no credentials: credentials file `x`: ";
    check(
        "type = ecs_ram_role\nrole_name = r\n",
        &format!("{file}instance metadata: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true"),
    );
    check(
        "type = rsa_key_pair\n",
        &format!(
            "{file}type `rsa_key_pair` is not supported; use access_key, sts, ram_role_arn, oidc_role_arn, ecs_ram_role, or put"
        ),
    );
    check(&format!("type = ram_role_arn\n{keys}"), &format!("{file}role: the role's ARN is missing"));
    check(
        &format!("type = ram_role_arn\nrole_arn = {ROLE}\n"),
        &format!("{file}access key: access_key_id is not set"),
    );
}

#[test]
fn instances_and_urls_and_programs() {
    for mode in ["EcsRamRole", "RamRoleArnWithRoleName"] {
        let profile = json!({"name": "x", "mode": mode, "ram_role_name": "r", "ram_role_arn": ROLE});
        let (text, _) = ask(&[], &json!({"profiles": [profile]}), "");
        assert!(text.ends_with("instance metadata: ALIBABA_CLOUD_ECS_METADATA_DISABLED is true"), "{text}");
    }
    let issued = r#"{"Code": "Success", "AccessKeyId": "URI", "AccessKeySecret": "k", "SecurityToken": "t",
        "Expiration": "1970-01-01T01:00:00Z"}"#;
    let server = Server::always(200, issued);
    let url = format!("{}/?TOPSECRET", server.url);
    check(&json!([{"name": "x", "mode": "CredentialsURI", "credentials_uri": url}]), "URI k t 3600");
    let far =
        json!([{"name": "x", "mode": "CredentialsURI", "credentials_uri": "http://k.example/TOPSECRET"}]);
    check(&far, &format!("{LOST}credentials URI: credentials_uri points to k.example, which everyone"));

    let program = |output: &str| json!([{"name": "x", "mode": "External", "process_command": format!("echo '{output}'")}]);
    let printed = r#"{"mode": "AK", "access_key_id": "P", "access_key_secret": "p"}"#;
    check(&program(printed), "P p - 0");
    let temporary = |rest: &str| {
        format!(r#"{{"mode": "StsToken", "access_key_id": "P", "access_key_secret": "p"{rest}}}"#)
    };
    check(&program(&temporary(r#", "sts_token": "t", "expiration": "1970-01-01T00:30:00Z""#)), "P p t 1800");
    // Without a stated expiry, the program is asked again after a minute.
    check(&program(&temporary(r#", "sts_token": "t""#)), "P p t 60");
    check(&program(&temporary(r#", "sts_token": "t", "expiration": """#)), "P p t 60");
    check(&program(&temporary("")), &format!("{LOST}credential process `echo`: its output has no token"));
    check(&program("TOPSECRET"), &format!("{LOST}credential process `echo`: invalid JSON"));
    check(
        &json!([{"name": "x", "mode": "External"}]),
        &format!("{LOST}credential process: the command is empty"),
    );

    let forbidden = [("ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS", "1")];
    for profiles in
        [program(printed), json!([{"name": "x", "mode": "CredentialsURI", "credentials_uri": url}])]
    {
        let (text, _) = ask(&forbidden, &json!({"profiles": profiles}), "");
        assert_eq!(text, format!("{LOST}external source: ALIBABA_CLOUD_DISABLE_EXTERNAL_PROCESS forbids it"));
    }
}

#[test]
fn profiles_that_select_nothing_say_why() {
    let chain = |name: &str, source: &str| {
        json!({"name": name, "mode": "ChainableRamRoleArn",
        "source_profile": source, "ram_role_arn": ROLE})
    };
    for (profiles, problem) in [
        (json!([chain("x", "x")]), "source_profile: its source profiles form a cycle: x -> x"),
        (json!([chain("x", "y"), chain("y", "x")]), "form a cycle: x -> y -> x"),
        (
            json!([chain("x", "y")]),
            "source_profile: no profile `y` in /home/me/.aliyun/config.json; profiles there: x",
        ),
        (json!([chain("x", "")]), "source_profile: is missing"),
        (
            json!([{"name": "x", "mode": "CloudSSO"}]),
            "mode `CloudSSO` is not supported; use AK, StsToken, RamRoleArn, ",
        ),
        (
            json!([{"name": "x", "mode": "RamRoleArn", "access_key_id": "K", "access_key_secret": "k",
            "ram_role_arn": ROLE, "expired_seconds": "long"}]),
            "expired_seconds: `long` is not a whole number",
        ),
        (
            json!([{"name": "x", "mode": "RamRoleArn", "access_key_id": "K", "access_key_secret": "k",
            "ram_role_arn": ROLE, "sts_region": "a/b"}]),
            "profile: /home/me/.aliyun/config.json: profile `x`: sts_region: region `a/b`",
        ),
        (
            json!([{"name": "x", "mode": "OIDC", "ram_role_arn": ROLE}]),
            "OIDC token: ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set",
        ),
        (
            json!([{"name": "x", "mode": "OIDC", "ram_role_arn": ROLE, "oidc_token_file": "/none",
            "oidc_provider_arn": "p"}]),
            "OIDC token: /none: entity not found",
        ),
    ] {
        let (text, requests) = ask(&[], &json!({"profiles": profiles}), "");
        assert!(text.starts_with(LOST) && text.contains(problem), "{problem:?} in {text:?}");
        assert!(requests.is_empty());
    }
    let long: Vec<_> = (0..30).map(|at| chain(&format!("p{at}"), &format!("p{}", at + 1))).collect();
    let all: Vec<_> = [chain("x", "p0")].into_iter().chain(long).collect();
    let (text, _) = ask(&[], &json!({"profiles": all}), "");
    assert!(text.ends_with("source_profile: more than 16 profiles in one chain of roles"), "{text}");
}

/// The order of the vendor's tools, with every source configured, and then without the first ones.
#[test]
fn sources_in_their_order() {
    let server = sts(|_| None);
    let config = json!({"current": "a", "profiles": [keys("a", "CLI")]}).to_string();
    let all = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ENV"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "k"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "p"),
        ("ALIBABA_CLOUD_ROLE_ARN", ROLE),
        ("ALIBABA_CLOUD_STS_ENDPOINT", server.url.as_str()),
        NO_INSTANCE,
    ];
    let file = "[default]\ntype = access_key\naccess_key_id = FILE\naccess_key_secret = k\n";
    let files = [("/token", "identity"), (CREDENTIALS, file), (CONFIG, config.as_str())];
    for (skipped, left, winner) in [(0, 3, "ENV "), (2, 3, "R-by-identity "), (5, 3, "CLI "), (5, 2, "FILE ")]
    {
        let machine = machine::with(&all[skipped..], &files[..left]);
        let chain = CredentialsChain::alibaba_cloud(machine.shared(), None);
        let text = shown(Driver::Blocking.provide(&chain));
        assert!(text.starts_with(winner), "{winner:?}, not {text:?}");
    }
    // A token that is refused ends the search: another identity is never used instead.
    let refused = Server::always(401, r#"{"Code": "AuthenticationFail.NoPermission", "Message": "No."}"#);
    let mut set = all[2..].to_vec();
    set[3].1 = refused.url.as_str();
    let chain = CredentialsChain::alibaba_cloud(machine::with(&set, &files).shared(), None);
    let text = shown(Driver::Blocking.provide(&chain));
    assert!(text.contains("environment: ") && !text.contains("command line profile"), "{text}");
}
