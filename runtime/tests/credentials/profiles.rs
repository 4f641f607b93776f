//! The sources that profiles select, and their priority, as in botocore.

use gatewright_fake::TestContext;
use gatewright_runtime::{
    Secret,
    credentials::{Credentials, CredentialsChain, ProfileCredentials},
};

use crate::{
    drivers::Driver,
    machine,
    role::sts,
    support::{NO_INSTANCE, shown},
};

const CONFIG: &str = "/home/me/.aws/config";
const CREDENTIALS: &str = "/home/me/.aws/credentials";

/// The credentials of profile `x`, with a service that names the keys of a role after the role and its assumer.
#[track_caller]
fn check(config: &str, credentials: &str, expected: &str) {
    let server = sts(|_| None);
    let variables = [("AWS_ENDPOINT_URL_STS", server.url.as_str()), NO_INSTANCE, ("AWS_REGION", "eu-west-1")];
    let files = [(CONFIG, config), (CREDENTIALS, credentials), ("/token", "identity")];
    let machine = machine::with(&variables, &files)
        .variable("AWS_ACCESS_KEY_ID", "E")
        .variable("AWS_SECRET_ACCESS_KEY", "e");
    let source = ProfileCredentials::new(machine.shared(), Some("x".to_owned()));
    let text = shown(Driver::Blocking.provide(&source));
    assert!(text.starts_with(expected), "{text:?} for {config:?} and {credentials:?}");
}

const ROLE: &str = "role_arn = arn:aws:iam::123456789012:role/R\n";
const KEYS: &str = "aws_access_key_id = K\naws_secret_access_key = k\n";
const PROCESS: &str = r#"credential_process = echo '{"Version":1,"AccessKeyId":"P","SecretAccessKey":"p"}'"#;
const SSO: &str =
    "sso_account_id = 1\nsso_role_name = r\nsso_region = eu-west-1\nsso_start_url = https://s\n";
const IDENTITY: &str = "web_identity_token_file = /token\n";
const LOST: &str = "no credentials: profile `x`: ";

#[test]
fn the_first_setting_wins() {
    let x = |parts: &[&str]| format!("[profile x]\n{}", parts.join("\n"));
    let keys = format!("[x]\n{KEYS}");
    check(&x(&[KEYS]), "", "K k - 0");
    check(&x(&[PROCESS]), "", "P p - 0");
    check(&x(&[PROCESS, KEYS]), "", "P p - 0");
    check(&x(&[PROCESS]), &keys, "K k - 0");
    check("", &format!("[x]\n{PROCESS}\n"), "P p - 0");
    check(&x(&[SSO, PROCESS]), &keys, &format!("{LOST}sso: no sign-in: "));
    check(&x(&[ROLE, "credential_source = Environment", SSO, PROCESS]), &keys, "R-by-E ");
    check(&x(&[ROLE, IDENTITY, SSO, PROCESS]), &keys, "R-by-identity ");
    check(&x(&[ROLE, IDENTITY, "source_profile = y"]), &keys, "R-by-identity ");
    // None of these selects a source by itself.
    for part in
        ["credential_source = Environment", "sso_session = s", "source_profile = y", "sso_start_url = s"]
    {
        check(&x(&[part]), &keys, "K k - 0");
    }
}

/// Programs and explanations name the source.
#[test]
fn credentials_know_their_source() {
    let server = sts(|_| None);
    let variables = [("AWS_ENDPOINT_URL_STS", server.url.as_str()), NO_INSTANCE, ("AWS_REGION", "eu-west-1")];
    let keys = [("AWS_ACCESS_KEY_ID", "E"), ("AWS_SECRET_ACCESS_KEY", "e")];
    let config = format!(
        "[profile keys]\n{KEYS}[profile process]\n{PROCESS}\n[profile token]\n{ROLE}{IDENTITY}\n\
         [profile role]\n{ROLE}source_profile = keys\n[profile 'a\tb']\n{KEYS}"
    );
    let machine = || machine::with(&variables, &[(CONFIG, &config), ("/token", "identity")]);
    let check = |machine: TestContext, profile: Option<&str>, expected: &str| {
        let chain = CredentialsChain::standard(machine.shared(), profile.map(str::to_owned));
        let credentials = Driver::Blocking.provide(&chain).unwrap();
        assert_eq!(credentials.source(), Some(expected), "{profile:?}");
    };
    check(machine().variables(keys), None, "environment");
    check(machine(), Some("keys"), "profile `keys`");
    check(machine(), Some("a\tb"), "profile `a\\tb`");
    check(machine(), Some("process"), "profile `process`: credential process `echo`");
    check(machine(), Some("role"), "profile `role`: role arn:aws:iam::123456789012:role/R: sts");
    check(machine(), Some("token"), "profile `token`: web identity: sts");
    // What a program makes has no source, or the source that the program names; equality is about the keys.
    let own = Credentials::new("O", Secret::new("o"));
    assert_eq!((own.source(), own.clone().with_source("vault\nprod")), (None, own.clone()));
    assert_eq!(own.with_source("vault\nprod").source(), Some("vault prod"));
}

#[test]
fn roles_follow_other_profiles() {
    let x = |parts: &str, rest: &str| format!("[profile x]\n{ROLE}{parts}\n{rest}");
    let keys = format!("[profile y]\n{KEYS}");
    check(&x("source_profile = y", &keys), "", "R-by-K ");
    check(&x("source_profile = y", ""), &format!("[y]\n{KEYS}"), "R-by-K ");
    check(&x("source_profile = y", &format!("[profile y]\n{PROCESS}")), "", "R-by-P ");
    check(&x("source_profile = x", KEYS), "", "R-by-K ");
    check(&x("source_profile = y", "[profile y]\nregion = eu-west-1"), "", LOST);

    let second = "[profile y]\nrole_arn = arn:aws:iam::1:role/S\nsource_profile = z\n";
    check(&x("source_profile = y", &format!("{second}[profile z]\n{KEYS}")), "", "R-by-S-by-K ");
    let identity = format!("[profile y]\nrole_arn = arn:aws:iam::1:role/S\n{IDENTITY}");
    check(&x("source_profile = y", &identity), "", "R-by-S-by-identity ");
    // Keys beside the role of a source win.
    check(&x("source_profile = y", &format!("{second}{KEYS}")), "", "R-by-K ");
    check(&x("source_profile = y", &format!("{second}{KEYS}")), "[z]\n", "R-by-K ");
}

#[test]
fn profiles_without_credentials_say_why() {
    let x = |parts: &str| format!("[profile x]\n{parts}\n");
    for (parts, problem) in [
        (format!("{ROLE}source_profile = x"), "its source profiles form a cycle: x -> x"),
        (
            format!("{ROLE}source_profile = y\n[profile y]\n{ROLE}source_profile = x"),
            "profile `y`: its source profiles form a cycle: x -> y -> x",
        ),
        (
            format!("{ROLE}source_profile = none"),
            "source_profile `none` is not in /home/me/.aws/config, /home/me/.aws/credentials",
        ),
        (
            ROLE.to_owned(),
            "role_arn needs source_profile, credential_source or web_identity_token_file in addition",
        ),
        (
            format!("{ROLE}source_profile = y\ncredential_source = Environment"),
            "source_profile and credential_source are both set; remove one of them",
        ),
        (
            format!("{ROLE}credential_source = environment"),
            "credential_source is `environment`, not Environment, Ec2InstanceMetadata or EcsContainer",
        ),
        (
            format!("{ROLE}credential_source = Ec2InstanceMetadata"),
            "role arn:aws:iam::123456789012:role/R: instance metadata: AWS_EC2_METADATA_DISABLED is true",
        ),
        (
            format!("{ROLE}credential_source = EcsContainer"),
            "role arn:aws:iam::123456789012:role/R: container: neither ",
        ),
        (
            format!("{ROLE}credential_source = Environment\nduration_seconds = long"),
            "duration_seconds is `long`, not a whole number of seconds",
        ),
        (IDENTITY.to_owned(), "web_identity_token_file needs role_arn in addition"),
        (format!("{ROLE}web_identity_token_file = /none"), "web identity: /none: entity not found"),
        (
            format!("{ROLE}credential_source = Environment\nmfa_serial = arn:aws:iam::1:mfa/me"),
            "role arn:aws:iam::123456789012:role/R: multi-factor device: a code of arn:aws:iam::1:mfa/me is needed; set \
             a source of codes with `mfa_code`",
        ),
        ("sso_account_id = 1".to_owned(), "sso_role_name and sso_region and sso_start_url is missing"),
        ("sso_account_id = 1\nsso_session = s".to_owned(), "no section `[sso-session s]`; add it"),
        (
            format!("{SSO}sso_session = s\n[sso-session s]\nsso_region = us-east-1"),
            "sso_region differs from `[sso-session s]`; remove one of them",
        ),
        ("credential_process = 'x".to_owned(), "credential process: the command ends within single quotes"),
    ] {
        check(&x(&parts), "", &format!("{LOST}{problem}"));
    }
}

/// As AWS's command line reads them; in other values, comments are left out, as SDKs do.
#[cfg(unix)]
#[test]
fn commands_have_no_comments() {
    let keys = r#"{"Version":1,"AccessKeyId":"P","SecretAccessKey":"p"}"#;
    let command = format!(r#"/bin/sh -c 'test "$# $2" = "4 #b" && echo "$1"' ' #0' '{keys}' #b ; #c"#);
    check(
        &format!("[profile x]\ncredential_process = {command}\n# d\nregion = eu-west-1 # e"),
        "",
        "P p - 0",
    );
}

#[test]
fn the_duration_of_a_web_identity_is_requested() {
    let server = sts(|_| None);
    let config = format!("[profile x]\n{ROLE}{IDENTITY}duration_seconds = 7200\nrole_session_name = me\n");
    let variables = [("AWS_ENDPOINT_URL_STS", server.url.as_str())];
    let machine = machine::with(&variables, &[(CONFIG, &config), ("/token", "identity")]);
    shown(Driver::Blocking.provide(&ProfileCredentials::new(machine.shared(), Some("x".to_owned()))));
    let request = &server.requests()[0];
    assert!(
        request.ends_with("&RoleSessionName=me&WebIdentityToken=identity&DurationSeconds=7200"),
        "{request}"
    );
}

#[test]
fn chains_of_roles_have_an_end() {
    let chain = |length: usize| {
        let role = |index| format!("[profile x{index}]\n{ROLE}source_profile = x{}\n", index + 1);
        let roles = (1..length).map(role).collect::<Vec<_>>().concat();
        format!("[profile x]\n{ROLE}source_profile = x1\n{roles}[profile x{length}]\n{KEYS}")
    };
    check(&chain(16), "", "R-by-R-by-R");
    // Each is a call on the stack.
    check(&chain(10_000), "", LOST);
}

#[test]
fn a_session_gives_what_the_profile_lacks() {
    let config = "[profile x]\nsso_account_id = 1\nsso_role_name = r\nsso_session = main\n\
                  [sso-session main]\nsso_region = eu-west-1\nsso_start_url = https://s\n";
    let lost = format!(
        "{LOST}sso: no sign-in: /home/me/.aws/sso/cache/b28b7af69320201d1cf206ebf28373980add1451.json: entity not found; \
         run `aws sso login --profile x`"
    );
    check(config, "", &lost);
    let quoted = config.replace("= main", "= my main").replace("-session main", "-session 'my main'");
    check(&quoted, "", &format!("{LOST}sso: no sign-in: "));
    check(&format!("{config}x"), "", &format!("{LOST}/home/me/.aws/config:8: neither `key = value` nor "));
    let role = format!("[profile x]\n{ROLE}source_profile = y\n[profile y]\nx\n");
    check(&role, "", &format!("{LOST}/home/me/.aws/config:5: neither `key = value` nor "));
}

#[test]
fn files_are_read_once() {
    let config = format!("[profile x]\n{PROCESS}\n");
    let machine = machine::with(&[], &[(CONFIG, &config)]);
    let source = ProfileCredentials::new(machine.shared(), Some("x".to_owned()));
    for _ in 0..3 {
        assert_eq!(shown(Driver::Blocking.provide(&source)), "P p - 0");
    }
    assert_eq!(machine.reads().len(), 2);
}
