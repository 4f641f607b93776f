//! The sources of settings and credentials of clients of Alibaba Cloud; no settings of AWS are used.

mod machine;

use gatewright_runtime::{
    ServiceInfo,
    credentials::{AlibabaCloudProfileCredentials, CredentialsChain, ProvideCredentials},
    endpoint::{Condition, EndpointRules, Outcome, Rule},
    settings::{ExplicitSettings, Settings},
    sign::Auth,
};

const CLI: &str = "/home/me/.aliyun/config.json";
const CREDENTIALS: &str = "/home/me/.alibabacloud/credentials";

const ID: (&str, &str) = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "EID");
const SECRET: (&str, &str) = ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "esecret");
const TOKEN: (&str, &str) = ("ALIBABA_CLOUD_SECURITY_TOKEN", "etoken");
/// Keeps the chain from looking for an instance's metadata.
const NO_INSTANCE: (&str, &str) = ("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
const PROFILE: (&str, &str) = ("ALIBABA_CLOUD_PROFILE", "ops");

/// As `aliyun configure` writes it; `default` once had a token and has none now.
const CONFIG: &str = r#"{"current": "default", "profiles": [
    {"name": "default", "mode": "AK", "access_key_id": "CID", "access_key_secret": "csecret",
     "sts_token": "stale", "region_id": "cn-hangzhou", "retry_count": 0},
    {"name": "ops", "mode": "StsToken", "access_key_id": "OID", "access_key_secret": "osecret", "sts_token": "otoken"},
    {"name": "role", "mode": "RamRoleArn", "access_key_id": "RID", "access_key_secret": "rsecret"},
    {"name": "short", "mode": "StsToken", "access_key_id": "SID", "access_key_secret": "ssecret"},
    {"name": "fresh", "mode": "AK", "access_key_id": "", "access_key_secret": ""}]}"#;
const FILE: &str = "[default]\nenable = true\ntype = access_key\naccess_key_id = FID\naccess_key_secret = fsecret\n\
    [ops]\ntype = sts\naccess_key_id = GID\naccess_key_secret = gsecret\nsecurity_token = gtoken\n\
    [fresh]\ntype = access_key\naccess_key_id = HID\naccess_key_secret = hsecret\n\
    [off]\nenable = false\naccess_key_id = NID\n\
    [rsa]\ntype = rsa_key_pair\npublic_key_id = r\n";
const BOTH: &[(&str, &str)] = &[(CLI, CONFIG), (CREDENTIALS, FILE)];

/// `id secret token`, or the error's text.
fn outcome(source: &dyn ProvideCredentials) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("no I/O is asked for");
    match runtime.block_on(source.provide()) {
        Ok(keys) => format!(
            "{} {} {}",
            keys.access_key_id(),
            keys.secret_access_key().expose(),
            keys.session_token().map_or("-", |token| token.expose())
        ),
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(variables: &[(&str, &str)], files: &[(&str, &str)], profile: Option<&str>, expected: &str) {
    let machine = machine::with(variables, files);
    let chain = CredentialsChain::alibaba_cloud(machine.shared(), profile.map(str::to_owned));
    assert_eq!(outcome(&chain), expected, "{variables:?} {profile:?}");
}

#[test]
fn sources_in_their_order() {
    check(&[ID, SECRET], BOTH, None, "EID esecret -");
    check(&[ID, SECRET, TOKEN, PROFILE], BOTH, None, "EID esecret etoken");
    check(&[], BOTH, None, "CID csecret -");
    check(&[PROFILE], BOTH, None, "OID osecret otoken");
    check(&[], &[(CREDENTIALS, FILE)], None, "FID fsecret -");
    check(&[PROFILE], &[(CREDENTIALS, FILE)], None, "GID gsecret gtoken");
    check(&[("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "True")], BOTH, None, "FID fsecret -");
    let elsewhere = ("ALIBABA_CLOUD_CREDENTIALS_FILE", "~/keys");
    check(&[elsewhere], &[("/home/me/keys", FILE)], None, "FID fsecret -");
    check(&[], &[("/home/me/.alibabacloud/credentials.ini", FILE)], None, "FID fsecret -");
    // The builder's profile has priority over keys in the environment; a profile without keys is skipped.
    check(&[ID, SECRET, PROFILE], BOTH, Some("default"), "CID csecret -");
    check(&[], BOTH, Some("fresh"), "HID hsecret -");
}

#[test]
fn no_other_identity_takes_the_place_of_one_that_is_set_up() {
    let place = "no credentials: command line profile";
    check(
        &[],
        BOTH,
        Some("role"),
        &format!(
            "{place} `role`: role: the role's ARN is missing: set it in the profile, or ALIBABA_CLOUD_ROLE_ARN"
        ),
    );
    check(
        &[],
        BOTH,
        Some("short"),
        &format!("{place} `short`: sts_token is missing, which mode StsToken needs"),
    );
    check(
        &[],
        &[(CLI, "{\"current\":\n x}"), (CREDENTIALS, FILE)],
        Some("default"),
        &format!("{place}: {CLI}: expected value at line 2 column 2"),
    );
    check(
        &[ID],
        BOTH,
        None,
        "no credentials: environment: ALIBABA_CLOUD_ACCESS_KEY_SECRET is missing although ALIBABA_CLOUD_ACCESS_KEY_ID is set; set both or neither",
    );
    check(
        &[("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/token")],
        BOTH,
        None,
        "no credentials: environment: ALIBABA_CLOUD_ACCESS_KEY_ID is not set; OIDC token: the provider's ARN is \
         missing: set it in the profile, or ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    );
    let file = |name: &str| {
        let machine = machine::with(&[], BOTH);
        outcome(&AlibabaCloudProfileCredentials::credentials_file(machine.shared(), Some(name.to_owned())))
    };
    assert_eq!(file("off"), "no credentials: credentials file `off`: `enable` is false");
    assert_eq!(
        file("rsa"),
        "no credentials: credentials file `rsa`: type `rsa_key_pair` is not supported; use access_key, sts, \
         ram_role_arn, oidc_role_arn, ecs_ram_role, or put keys into the environment"
    );
}

#[test]
fn a_profile_that_only_the_environment_names_must_exist() {
    let nobody = ("ALIBABA_CLOUD_PROFILE", "nobody");
    let disabled = ("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true");
    for (variables, files) in [(&[nobody][..], BOTH), (&[nobody], &[]), (&[PROFILE, disabled], &BOTH[..1])] {
        let chain = CredentialsChain::alibaba_cloud(machine::with(variables, files).shared(), None);
        let text = outcome(&chain);
        let name = variables[0].1;
        let expected = format!(
            "; profile: the profile `{name}`, which ALIBABA_CLOUD_PROFILE names, was found by none of these sources"
        );
        assert!(text.ends_with(&expected), "{text}");
    }
    // A profile without credentials selects none.
    let fresh = [("ALIBABA_CLOUD_PROFILE", "fresh"), NO_INSTANCE];
    let chain = CredentialsChain::alibaba_cloud(machine::with(&fresh, &BOTH[..1]).shared(), None);
    assert!(outcome(&chain).contains("instance metadata: "));
}

#[test]
fn a_file_of_another_form_is_refused() {
    for (config, problem) in [
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        (r#"{"profiles": {"default": {}}}"#, "`profiles` is not a list"),
    ] {
        check(
            &[],
            &[(CLI, config), (CREDENTIALS, FILE)],
            Some("default"),
            &format!("no credentials: command line profile: {CLI}: {problem}"),
        );
    }
    check(&[], &[(CLI, r#"{"profiles": null}"#), (CREDENTIALS, FILE)], None, "FID fsecret -");
}

#[test]
fn byte_order_marks_are_skipped() {
    check(&[], &[(CLI, &format!("\u{feff}{CONFIG}"))], None, "CID csecret -");
    check(&[], &[(CREDENTIALS, &format!("\u{feff}{FILE}"))], None, "FID fsecret -");
}

#[test]
fn a_secret_without_its_id_is_incomplete() {
    check(&[SECRET, TOKEN], BOTH, None, "CID csecret -");
}

#[test]
fn everything_tried_is_listed() {
    check(
        &[],
        &[(CLI, CONFIG)],
        Some("nobody"),
        "no credentials: command line profile: no profile `nobody` in /home/me/.aliyun/config.json; profiles there: \
         default, ops, role, short, fresh; credentials file: /home/me/.alibabacloud/credentials (absent)",
    );
    // Keys of AWS are ignored.
    check(
        &[("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret"), NO_INSTANCE],
        &[("/home/me/.aws/credentials", "[default]\naws_access_key_id = A\naws_secret_access_key = a\n")],
        None,
        "no credentials: environment: ALIBABA_CLOUD_ACCESS_KEY_ID is not set; OIDC token: \
         ALIBABA_CLOUD_OIDC_TOKEN_FILE is not set; command line profile: /home/me/.aliyun/config.json (absent); \
         credentials file: /home/me/.alibabacloud/credentials (absent); instance metadata: \
         ALIBABA_CLOUD_ECS_METADATA_DISABLED is true; credentials URI: ALIBABA_CLOUD_CREDENTIALS_URI is not set",
    );
}

#[test]
fn a_file_is_read_once() {
    let machine = machine::with(&[], BOTH);
    let source = AlibabaCloudProfileCredentials::command_line(machine.shared(), None);
    assert_eq!((outcome(&source), machine.reads().len()), ("CID csecret -".to_owned(), 1));
    assert_eq!((outcome(&source), machine.reads().len()), ("CID csecret -".to_owned(), 1));
    assert!(!format!("{source:?}").contains("csecret"));
    let machine = machine::with(&[], &[]);
    let source = AlibabaCloudProfileCredentials::credentials_file(machine.shared(), None);
    for _ in 0..2 {
        assert!(outcome(&source).contains("credentials (absent)"));
        assert_eq!(machine.reads().len(), 2, "one for each of two names");
    }
}

#[test]
fn the_first_of_profiles_with_one_name_counts() {
    let twice = r#"{"profiles": [{"name": "default", "mode": "AK", "access_key_id": "CID"},
        {"name": "default", "mode": "AK", "access_key_id": "DID", "access_key_secret": "dsecret"}]}"#;
    let place = "no credentials: command line profile `default`: ";
    check(
        &[],
        &[(CLI, twice)],
        Some("default"),
        &format!("{place}access_key_secret is missing although access_key_id is set; set both or neither"),
    );
}

#[test]
fn a_switch_is_true_or_false() {
    let disabled = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
    check(&[(disabled, "FALSE")], BOTH, None, "CID csecret -");
    check(
        &[(disabled, "1")],
        BOTH,
        Some("default"),
        "no credentials: command line profile: ALIBABA_CLOUD_CLI_PROFILE_DISABLED: `1`: expected true or false",
    );
}

static RULES: EndpointRules = EndpointRules::new(
    &[
        Rule { when: &[Condition::EndpointSet], then: Outcome::Custom },
        Rule { when: &[Condition::Fips], then: Outcome::Error("no FIPS endpoints") },
        Rule { when: &[Condition::RegionSet], then: Outcome::Url("https://booth.{Region}.example.com") },
        Rule { when: &[], then: Outcome::Error("no region is set") },
    ],
    &[],
);
static SERVICE: ServiceInfo = ServiceInfo::new("Booth", "1", "Booth", Auth::RPC_V1, &RULES, &[], &[]);

/// Region and its origin, then the endpoint.
fn endpoint(variables: &[(&str, &str)], files: &[(&str, &str)], explicit: ExplicitSettings) -> String {
    let settings = match Settings::load(&machine::with(variables, files), &SERVICE, explicit) {
        Ok(settings) => settings,
        Err(error) => return error.to_string(),
    };
    let region = settings.region.as_ref().map(|region| format!("{} of {}", region.value, region.origin));
    let endpoint = match RULES.resolve(&settings.endpoint_params()) {
        Ok(endpoint) => endpoint.url.to_string(),
        Err(error) => error.to_string(),
    };
    format!("{} -> {endpoint}", region.unwrap_or_default())
}

#[test]
fn the_region() {
    let explicit = |change: fn(&mut ExplicitSettings)| {
        let mut explicit = ExplicitSettings::default();
        change(&mut explicit);
        explicit
    };
    let none = explicit(|_| {});
    let variable = ("ALIBABA_CLOUD_REGION_ID", "cn-beijing");
    assert_eq!(
        endpoint(&[variable], BOTH, explicit(|settings| settings.region = Some("cn-chengdu".to_owned()))),
        "cn-chengdu of the builder -> https://booth.cn-chengdu.example.com/"
    );
    assert_eq!(
        endpoint(&[variable], BOTH, none.clone()),
        "cn-beijing of ALIBABA_CLOUD_REGION_ID -> https://booth.cn-beijing.example.com/"
    );
    assert_eq!(
        endpoint(&[], BOTH, none.clone()),
        "cn-hangzhou of /home/me/.aliyun/config.json: profile `default`: region_id -> \
         https://booth.cn-hangzhou.example.com/"
    );
    assert_eq!(
        endpoint(&[("ALIBABA_CLOUD_REGION_ID", "cn/x")], &[], none.clone()),
        "ALIBABA_CLOUD_REGION_ID: region `cn/x`: characters other than letters, digits and `-`; a region is like \
         us-east-1"
    );
    assert_eq!(
        endpoint(&[variable], &[], explicit(|settings| settings.use_fips = Some(true))),
        "cn-beijing of ALIBABA_CLOUD_REGION_ID -> no FIPS endpoints: do not enable FIPS or dual-stack endpoints in \
         the builder"
    );
}

#[test]
fn settings_of_aws_are_not_read() {
    let variables = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ENDPOINT_URL", "https://aws.example.com"),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_PROFILE", "nobody"),
        ("AWS_MAX_ATTEMPTS", "none"),
        ("AWS_CA_BUNDLE", "/nowhere"),
    ];
    let config = ("/home/me/.aws/config", "[default]\nregion = eu-west-1\nthis is malformed");
    assert_eq!(
        endpoint(&variables, &[config], ExplicitSettings::default()),
        " -> no region is set: set a region in the builder, in ALIBABA_CLOUD_REGION_ID or as `region_id` of the profile"
    );
}
