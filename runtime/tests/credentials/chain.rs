//! The priority of credentials, the error if no source has any, and that secrets are never printed.

use std::{fmt::Debug, sync::Arc, time::SystemTime};

use gatewright_runtime::{
    BoxFuture, Secret,
    credentials::{
        AlibabaCloudRoleCredentials, Credentials, CredentialsChain, CredentialsError, EnvironmentCredentials,
        ProfileCredentials, ProvideCredentials, RoleCredentials,
    },
};

use crate::{
    drivers::Driver,
    machine,
    role::sts,
    support::{NO_INSTANCE, Server, shown},
};

const CONFIG: &str = "/home/me/.aws/config";
const CREDENTIALS: &str = "/home/me/.aws/credentials";

fn provide(source: &dyn ProvideCredentials) -> Result<Credentials, CredentialsError> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime without I/O starts");
    runtime.block_on(source.provide())
}

/// `id secret token`, or the error's text.
fn outcome(source: &dyn ProvideCredentials) -> String {
    match provide(source) {
        Ok(credentials) => format!(
            "{} {} {}",
            credentials.access_key_id(),
            credentials.secret_access_key().expose(),
            credentials.session_token().map_or("-", |token| token.expose())
        ),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(variables: &[(&str, &str)], files: &[(&str, &str)], expected: &str) {
    let machine = machine::with(variables, files).variable(NO_INSTANCE.0, NO_INSTANCE.1);
    let chain = CredentialsChain::standard(machine.shared(), None);
    assert_eq!(outcome(&chain), expected, "{variables:?}");
}

const ID: (&str, &str) = ("AWS_ACCESS_KEY_ID", "EID");
const SECRET: (&str, &str) = ("AWS_SECRET_ACCESS_KEY", "esecret");
const TOKEN: (&str, &str) = ("AWS_SESSION_TOKEN", "etoken");
const KEYS: &str = "aws_access_key_id = PID\naws_secret_access_key = psecret\n";

#[test]
fn environment() {
    check(&[ID, SECRET], &[], "EID esecret -");
    check(&[ID, SECRET, TOKEN], &[], "EID esecret etoken");
    check(&[ID, SECRET, ("AWS_SECURITY_TOKEN", "old")], &[], "EID esecret old");
    check(&[ID, SECRET, TOKEN, ("AWS_SECURITY_TOKEN", "old")], &[], "EID esecret etoken");
    check(&[ID, ("AWS_SECRET_ACCESS_KEY", " esecret\n")], &[], "EID esecret -");
}

/// As `aws configure export-credentials --format env` prints it.
#[test]
fn the_environment_may_say_when_its_credentials_expire() {
    let end = |variables: &[(&str, &str)]| {
        let found = provide(&EnvironmentCredentials::new(machine::with(variables, &[]).shared()));
        found.map(|keys| keys.expires_at()).map_err(|error| error.to_string())
    };
    let expiry = |text| ("AWS_CREDENTIAL_EXPIRATION", text);
    let hour = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(3600);
    assert_eq!(end(&[ID, SECRET, TOKEN, expiry("1970-01-01T01:00:00+00:00")]), Ok(Some(hour)));
    assert_eq!(end(&[ID, SECRET, TOKEN, expiry("")]), Ok(None));
    // Permanent keys do not expire: the variable is of others.
    assert_eq!(end(&[ID, SECRET, expiry("soon")]), Ok(None));
    let problem =
        "no credentials: environment: AWS_CREDENTIAL_EXPIRATION is not a valid time; correct or unset it";
    for invalid in ["soon", "1700000000"] {
        assert_eq!(end(&[ID, SECRET, TOKEN, expiry(invalid)]), Err(problem.to_owned()));
    }
}

#[test]
fn an_id_in_the_environment_without_its_secret_ends_the_search() {
    let files = [(CREDENTIALS, &*format!("[default]\n{KEYS}"))];
    check(
        &[ID],
        &files,
        "no credentials: environment: AWS_SECRET_ACCESS_KEY is missing although AWS_ACCESS_KEY_ID is set; set both or neither",
    );
    check(&[TOKEN], &files, "PID psecret -");
}

/// As in the AWS SDKs; if no other source has credentials, the error says so.
#[test]
fn a_secret_without_its_id_is_incomplete() {
    let files = [(CREDENTIALS, &*format!("[default]\n{KEYS}"))];
    check(&[SECRET, TOKEN], &files, "PID psecret -");
    check(
        &[SECRET],
        &[(CREDENTIALS, "[default]\naws_secret_access_key = psecret\n")],
        "no credentials: environment: AWS_ACCESS_KEY_ID is missing although AWS_SECRET_ACCESS_KEY is set; set both or neither; web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set; profile `default`: aws_access_key_id is missing although aws_secret_access_key is set; set both or neither; container: neither \
         AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; instance metadata: \
         AWS_EC2_METADATA_DISABLED is true",
    );
}

/// What `aws sts get-caller-identity` shows in the same shell, with botocore 1.44.
#[test]
fn the_role_of_a_profile_comes_before_the_role_of_the_pod() {
    let server = sts(|_| None);
    let config = "[default]\nregion = eu-west-1\n[profile role]\nrole_arn = arn:aws:iam::1:role/R\nsource_profile = keys\n\
        [profile keys]\naws_access_key_id = K\naws_secret_access_key = k\n\
        [profile token]\nrole_arn = arn:aws:iam::1:role/T\nweb_identity_token_file = /other\n\
        [profile nothing]\nrole_arn = arn:aws:iam::1:role/N\n";
    let role_by_default = config.replace("[profile role]", "");
    let ask = |variables: &[(&str, &str)], config: &str, named: Option<&str>| {
        let machine = machine::with(variables, &[(CONFIG, config), ("/token", "jwt"), ("/other", "other")])
            .variable("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")
            .variable("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod")
            .variable("AWS_ENDPOINT_URL_STS", &server.url)
            .variable(NO_INSTANCE.0, NO_INSTANCE.1);
        shown(
            Driver::Blocking.provide(&CredentialsChain::standard(machine.shared(), named.map(str::to_owned))),
        )
    };
    for (profile, who) in [("role", "R-by-K "), ("keys", "pod-by-jwt "), ("token", "pod-by-jwt ")] {
        let text = ask(&[("AWS_PROFILE", profile)], config, None);
        assert!(text.starts_with(who), "{profile}: {text}");
    }
    for (profile, who) in [("role", "R-by-K "), ("keys", "K k "), ("token", "T-by-other ")] {
        let text = ask(&[], config, Some(profile));
        assert!(text.starts_with(who), "{profile}: {text}");
    }
    assert!(ask(&[], config, None).starts_with("pod-by-jwt "));
    assert!(ask(&[], &role_by_default, None).starts_with("R-by-K "));
    // Where that role fails, the pod's is not taken in its place.
    assert_eq!(
        ask(&[("AWS_PROFILE", "nothing")], config, None),
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not used because of \
         the role that profile `nothing` names; profile `nothing`: role_arn needs source_profile, credential_source or web_identity_token_file in addition"
    );
}

/// As in the AWS SDKs.
#[test]
fn a_profile_without_credentials_goes_on_to_container_and_instance() {
    let server = Server::always(
        200,
        r#"{"AccessKeyId":"CID","SecretAccessKey":"s","Token":"t","Expiration":"1970-01-01T06:00:00Z"}"#,
    );
    let config = "[profile x]\nregion = eu-west-1\n[profile half]\naws_access_key_id = K\n";
    let container = ("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url.as_str());
    let chain = |variables: &[(&str, &str)], profile: &str| {
        let machine = machine::with(variables, &[(CONFIG, config)]);
        shown(
            Driver::Blocking.provide(&CredentialsChain::standard(machine.shared(), Some(profile.to_owned()))),
        )
    };
    assert_eq!(chain(&[container, ID, SECRET], "x"), "CID s t 21600");
    let text = chain(&[NO_INSTANCE], "x");
    assert!(text.ends_with("instance metadata: AWS_EC2_METADATA_DISABLED is true"), "{text}");
    for (profile, part) in [
        ("half", "profile `half`: aws_secret_access_key is missing although aws_access_key_id is set"),
        ("missing", "no such profile"),
    ] {
        let text = chain(&[container], profile);
        assert!(text.contains(part) && !text.contains("container: "), "{text}");
    }
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_role_set_by_the_environment_is_not_replaced_by_a_profile() {
    let files = [(CREDENTIALS, &*format!("[default]\n{KEYS}"))];
    let role = ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token");
    check(
        &[role],
        &files,
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: AWS_ROLE_ARN is missing although AWS_WEB_IDENTITY_TOKEN_FILE is set",
    );
    check(
        &[role, ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/x")],
        &files,
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: /token: entity not found",
    );
    check(&[role, ID, SECRET], &files, "EID esecret -");
}

#[test]
fn environment_beats_a_profile_unless_the_builder_names_it() {
    let files = [(
        CREDENTIALS,
        "[default]\naws_access_key_id=D\naws_secret_access_key=d\n[x]\naws_access_key_id=X\naws_secret_access_key=x\n",
    )];
    check(&[], &files, "D d -");
    check(&[("AWS_PROFILE", "x")], &files, "X x -");
    check(&[("AWS_PROFILE", "x"), ID, SECRET], &files, "EID esecret -");

    let machine = machine::with(&[ID, SECRET, ("AWS_PROFILE", "y")], &files);
    assert_eq!(outcome(&CredentialsChain::standard(machine.shared(), Some("x".to_owned()))), "X x -");
}

#[test]
fn keys_of_a_profile_come_from_one_file() {
    let config = "[default]\naws_access_key_id=C\naws_secret_access_key=c\naws_session_token=ct\n";
    check(&[], &[(CONFIG, config)], "C c ct");
    check(&[], &[(CONFIG, config), (CREDENTIALS, "[default]\nregion=eu-west-1")], "C c ct");
    check(&[], &[(CONFIG, config), (CREDENTIALS, &format!("[default]\n{KEYS}"))], "PID psecret -");
    check(
        &[],
        &[
            (CONFIG, config),
            (CREDENTIALS, "[default]\naws_secret_access_key = psecret\naws_session_token=pt\n"),
        ],
        "C c ct",
    );
    check(
        &[],
        &[(CONFIG, config), (CREDENTIALS, "[default]\naws_access_key_id = PID\n")],
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: AWS_WEB_IDENTITY_TOKEN_FILE \
         is not set; profile `default`: aws_secret_access_key is missing although aws_access_key_id is set; set both or neither",
    );
}

#[test]
fn everything_tried_is_listed() {
    check(
        &[],
        &[],
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: \
         AWS_WEB_IDENTITY_TOKEN_FILE is not set; \
         profile `default`: not in /home/me/.aws/config (absent), /home/me/.aws/credentials (absent); \
         container: neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; \
         instance metadata: AWS_EC2_METADATA_DISABLED is true",
    );
    check(
        &[("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/")],
        &[(CONFIG, "[default]\nregion = eu-west-1\n")],
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: \
         AWS_WEB_IDENTITY_TOKEN_FILE is not set; \
         profile `default`: aws_access_key_id is not set; \
         container: AWS_CONTAINER_CREDENTIALS_FULL_URI points to example.com, where anyone may listen; use https://, or http:// to this machine, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]",
    );
    check(
        &[("AWS_PROFILE", "x")],
        &[],
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: \
         AWS_WEB_IDENTITY_TOKEN_FILE is not set; \
         profile: profile `x` of AWS_PROFILE: no such profile in /home/me/.aws/config (absent), \
         /home/me/.aws/credentials (absent); profiles there: none",
    );
}

#[test]
fn sign_ins_of_the_console_are_not_supported() {
    check(
        &[],
        &[(CONFIG, &format!("[default]\nlogin_session = x\n{KEYS}"))],
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not \
         set; profile `default`: takes its credentials from `login_session`, which is not supported; put what `aws \
         configure export-credentials --profile default --format env` prints into the environment",
    );
}

#[test]
fn broken_files_end_the_search() {
    check(
        &[],
        &[(CREDENTIALS, "[default]\naws_secret_access_key: TOPSECRET")],
        "no credentials: environment: AWS_ACCESS_KEY_ID is not set; web identity: \
         AWS_WEB_IDENTITY_TOKEN_FILE is not set; profile: /home/me/.aws/credentials:2: \
         neither `key = value` nor `[section]` nor a comment with `#`",
    );
}

#[test]
fn keys_that_would_break_a_header_are_refused_by_name() {
    for (variables, name) in [
        ([("AWS_ACCESS_KEY_ID", "E\r\nx"), SECRET, TOKEN], "AWS_ACCESS_KEY_ID"),
        ([("AWS_ACCESS_KEY_ID", "E/x"), SECRET, TOKEN], "AWS_ACCESS_KEY_ID"),
        ([ID, ("AWS_SECRET_ACCESS_KEY", "a b"), TOKEN], "AWS_SECRET_ACCESS_KEY"),
        ([ID, SECRET, ("AWS_SESSION_TOKEN", "ä")], "AWS_SESSION_TOKEN"),
    ] {
        let text = format!("no credentials: environment: {name} has characters that a key cannot have");
        check(&variables, &[], &text);
    }
}

#[test]
fn keys_in_quotes_are_refused_by_name() {
    for (variables, name) in [
        ([("AWS_ACCESS_KEY_ID", "\"EID\""), SECRET, TOKEN], "AWS_ACCESS_KEY_ID"),
        ([("AWS_ACCESS_KEY_ID", "'EID'"), SECRET, TOKEN], "AWS_ACCESS_KEY_ID"),
        ([ID, ("AWS_SECRET_ACCESS_KEY", "\"TOPSECRET\""), TOKEN], "AWS_SECRET_ACCESS_KEY"),
        ([ID, SECRET, ("AWS_SESSION_TOKEN", "'TOPSECRET'")], "AWS_SESSION_TOKEN"),
    ] {
        let problem = "is in quotes, which would be a part of it; remove them";
        check(&variables, &[], &format!("no credentials: environment: {name} {problem}"));
    }
    check(&[("AWS_ACCESS_KEY_ID", "E'D"), ("AWS_SECRET_ACCESS_KEY", "\""), TOKEN], &[], "E'D \" etoken");
}

#[test]
fn files_are_read_once() {
    let machine = machine::with(&[], &[(CREDENTIALS, &format!("[default]\n{KEYS}"))]);
    let source = ProfileCredentials::new(machine.shared(), None);
    assert_eq!(machine.reads().len(), 0);
    for _ in 0..3 {
        assert_eq!(outcome(&source), "PID psecret -");
    }
    assert_eq!(machine.reads().len(), 2);

    let empty = machine::with(&[], &[]);
    let source = ProfileCredentials::new(empty.shared(), None);
    assert!(provide(&source).unwrap_err().is_absent());
    assert!(provide(&source).unwrap_err().is_absent());
    assert_eq!(empty.reads().len(), 2);
}

/// Returns what a script has, in order.
#[derive(Debug)]
struct Script(std::sync::Mutex<Vec<Result<Credentials, CredentialsError>>>);

impl Script {
    fn new(mut responses: Vec<Result<Credentials, CredentialsError>>) -> Arc<Self> {
        responses.reverse();
        Arc::new(Self(std::sync::Mutex::new(responses)))
    }
}

impl ProvideCredentials for Script {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let response = self.0.lock().expect("no test panics while it holds the lock").pop();
        Box::pin(std::future::ready(response.unwrap_or_else(|| Err(CredentialsError::new("script", "over")))))
    }
}

#[test]
fn a_chain_stays_with_the_source_that_had_credentials() {
    let absent = || Err(CredentialsError::absent("a", "nothing"));
    let first = Script::new(vec![absent(), Ok(Credentials::new("A", Secret::new("a")))]);
    let second = Script::new(vec![
        Ok(Credentials::new("B", Secret::new("b"))),
        Err(CredentialsError::absent("b", "gone")),
        Ok(Credentials::new("B2", Secret::new("b"))),
    ]);
    let chain = CredentialsChain::new(vec![first, second]);
    assert_eq!(outcome(&chain), "B b -");
    assert_eq!(outcome(&chain), "no credentials: b: gone");
    assert_eq!(outcome(&chain), "B2 b -");
}

#[test]
fn a_chain_without_sources_says_so() {
    assert_eq!(outcome(&CredentialsChain::new(Vec::new())), "no credentials: chain: it has no sources");
}

#[test]
fn clones_keep_their_own_token() {
    let permanent = Credentials::new("A", Secret::new("a"));
    let temporary =
        permanent.clone().with_session_token(Secret::new("t")).with_expiry(SystemTime::UNIX_EPOCH);
    assert_eq!((permanent.session_token(), permanent.expires_at()), (None, None));
    assert_eq!(
        (temporary.session_token(), temporary.expires_at()),
        (Some(&Secret::new("t")), Some(SystemTime::UNIX_EPOCH))
    );
    assert_ne!(permanent, temporary);
}

#[track_caller]
fn hides_secrets(value: &dyn Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.contains("TOPSECRET"), "{text}");
    }
}

#[test]
fn no_secret_is_printed() {
    let variables = [
        ("AWS_ACCESS_KEY_ID", "AKID"),
        ("AWS_SECRET_ACCESS_KEY", "TOPSECRET"),
        ("AWS_SESSION_TOKEN", "TOPSECRET"),
    ];
    let file =
        "[default]\naws_access_key_id=AKID\naws_secret_access_key=TOPSECRET\naws_session_token=TOPSECRET\n";
    let machine = machine::with(&variables, &[(CREDENTIALS, file)]);

    let sources: [Box<dyn ProvideCredentials>; 3] = [
        Box::new(EnvironmentCredentials::new(machine.shared())),
        Box::new(ProfileCredentials::new(machine.shared(), None)),
        Box::new(CredentialsChain::standard(machine.shared(), None)),
    ];
    for source in sources {
        hides_secrets(&source);
        let credentials = provide(&*source).unwrap();
        assert_eq!(credentials.session_token(), Some(&Secret::new("TOPSECRET")));
        hides_secrets(&credentials);
        hides_secrets(&source);
    }

    for text in [
        "aws_secret_access_key=TOPSECRET",
        "aws_access_key_id=A\naws_secret_access_key=TOP SECRET\nTOPSECRET",
    ] {
        let file = format!("[default]\n{text}\n");
        let machine = machine::with(&[], &[(CREDENTIALS, &file)]);
        let error = provide(&ProfileCredentials::new(machine.shared(), None)).unwrap_err();
        hides_secrets(&error);
        assert!(!error.to_string().contains("TOPSECRET"));
    }
}

#[test]
fn urls_of_roles_are_printed_without_passwords() {
    let ours = || Credentials::new("A", Secret::new("a"));
    for url in ["https://me:TOPSECRET@sts.example/", "https://sts.example/?token=TOPSECRET"] {
        let role = RoleCredentials::builder("arn", ours()).endpoint_url(url);
        hides_secrets(&role);
        hides_secrets(&role.build());
        let role = AlibabaCloudRoleCredentials::builder("arn", ours()).endpoint_url(url);
        hides_secrets(&role);
        hides_secrets(&role.build());
    }
}
