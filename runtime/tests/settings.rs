//! The priority of settings, and errors about invalid ones.

mod machine;

use std::{num::NonZeroU32, path::PathBuf};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    ServiceInfo,
    endpoint::EndpointRules,
    settings::{ExplicitSettings, Origin, RetryMode, Setting, Settings, SettingsError},
    sign::Auth,
};

static RULES: EndpointRules = EndpointRules::new(&[], &[]);
static SERVICE: ServiceInfo = ServiceInfo::new(
    "AWS Storage Gateway",
    "2013-06-30",
    "Storage Gateway",
    Auth::sigv4("storagegateway"),
    &RULES,
    &[],
    &[],
);

const CONFIG: &str = "/home/me/.aws/config";
const CREDENTIALS: &str = "/home/me/.aws/credentials";

fn load(variables: &[(&str, &str)], config: &str) -> Result<Settings, SettingsError> {
    Settings::load(&machine::with(variables, &[(CONFIG, config)]), &SERVICE, ExplicitSettings::default())
}

fn shown<T: std::fmt::Debug>(setting: Option<Setting<T>>) -> String {
    setting.map_or("-".to_owned(), |Setting { value, origin, .. }| format!("{value:?} of {origin}"))
}

/// What all settings are with these variables and this `config`; those that nothing sets are left out.
fn summary(settings: Settings) -> String {
    [
        ("region", shown(settings.region)),
        ("endpoint_url", shown(settings.endpoint_url)),
        ("use_fips", shown(settings.use_fips)),
        ("use_dual_stack", shown(settings.use_dual_stack)),
        ("max_attempts", shown(settings.max_attempts)),
        ("retry_mode", shown(settings.retry_mode)),
        ("app_id", shown(settings.app_id)),
        ("ca_bundle", shown(settings.ca_bundle)),
    ]
    .into_iter()
    .filter(|(_, shown)| shown != "-")
    .map(|(name, shown)| format!("{name}={shown}\n"))
    .collect::<Vec<_>>()
    .concat()
}

#[track_caller]
fn check(variables: &[(&str, &str)], config: &str, expected: &str) {
    let settings = load(variables, config).expect("the settings are in order");
    assert_eq!(summary(settings), expected, "{variables:?} {config}");
}

#[track_caller]
fn fails(variables: &[(&str, &str)], config: &str, expected: &str) {
    let error = load(variables, config).expect_err("the settings are out of order").to_string();
    assert_eq!(error, expected);
    assert!(!error.contains('\n'));
}

#[test]
fn nothing_is_made_up() {
    let bare = TestContext::new();
    let settings = Settings::load(&bare, &SERVICE, ExplicitSettings::default()).unwrap();
    assert_eq!(summary(settings), "");
}

#[test]
fn variables_beat_the_profile() {
    let profile = "[default]\nregion = eu-west-1\n";
    check(&[], profile, "region=\"eu-west-1\" of /home/me/.aws/config:2: region\n");
    check(&[("AWS_DEFAULT_REGION", "eu-west-2")], profile, "region=\"eu-west-2\" of AWS_DEFAULT_REGION\n");
    check(
        &[("AWS_DEFAULT_REGION", "eu-west-2"), ("AWS_REGION", "eu-west-3")],
        profile,
        "region=\"eu-west-3\" of AWS_REGION\n",
    );
    check(
        &[("AWS_REGION", ""), ("AWS_DEFAULT_REGION", " us-east-1\n")],
        "",
        "region=\"us-east-1\" of AWS_DEFAULT_REGION\n",
    );
}

#[test]
fn every_setting_has_a_variable() {
    check(
        &[
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", "http://localhost:1"),
            ("AWS_USE_FIPS_ENDPOINT", "TRUE"),
            ("AWS_USE_DUALSTACK_ENDPOINT", "False"),
            ("AWS_MAX_ATTEMPTS", "7"),
            ("AWS_RETRY_MODE", "Adaptive"),
            ("AWS_SDK_UA_APP_ID", "backup"),
            ("AWS_CA_BUNDLE", "~/ca.pem"),
        ],
        "",
        "region=\"eu-west-1\" of AWS_REGION\n\
         endpoint_url=\"http://localhost:1\" of AWS_ENDPOINT_URL\n\
         use_fips=true of AWS_USE_FIPS_ENDPOINT\n\
         use_dual_stack=false of AWS_USE_DUALSTACK_ENDPOINT\n\
         max_attempts=7 of AWS_MAX_ATTEMPTS\n\
         retry_mode=Adaptive of AWS_RETRY_MODE\n\
         app_id=\"backup\" of AWS_SDK_UA_APP_ID\n\
         ca_bundle=\"/home/me/ca.pem\" of AWS_CA_BUNDLE\n",
    );
}

#[test]
fn every_setting_has_a_key() {
    check(
        &[],
        "[default]\nregion = eu-west-1\nendpoint_url = http://localhost:1\nuse_fips_endpoint = false\n\
         use_dualstack_endpoint = true\nmax_attempts = 2\nretry_mode = legacy\nsdk_ua_app_id = backup\n\
         ca_bundle = /etc/ca.pem\n",
        "region=\"eu-west-1\" of /home/me/.aws/config:2: region\n\
         endpoint_url=\"http://localhost:1\" of /home/me/.aws/config:3: endpoint_url\n\
         use_fips=false of /home/me/.aws/config:4: use_fips_endpoint\n\
         use_dual_stack=true of /home/me/.aws/config:5: use_dualstack_endpoint\n\
         max_attempts=2 of /home/me/.aws/config:6: max_attempts\n\
         retry_mode=Legacy of /home/me/.aws/config:7: retry_mode\n\
         app_id=\"backup\" of /home/me/.aws/config:8: sdk_ua_app_id\n\
         ca_bundle=\"/etc/ca.pem\" of /home/me/.aws/config:9: ca_bundle\n",
    );
}

#[test]
fn the_builder_beats_everything() {
    let machine = machine::with(
        &[
            ("AWS_REGION", "not a region"),
            ("AWS_ENDPOINT_URL", "not a URL"),
            ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
            ("AWS_USE_FIPS_ENDPOINT", "no"),
            ("AWS_MAX_ATTEMPTS", "no"),
            ("AWS_PROFILE", "missing"),
        ],
        &[(CONFIG, "[profile mine]\nretry_mode = standard\n")],
    );
    let mut explicit = ExplicitSettings::default();
    explicit.profile = Some("mine".to_owned());
    explicit.region = Some("eu-west-1".to_owned());
    explicit.endpoint_url = Some("http://localhost:1".to_owned());
    explicit.use_fips = Some(false);
    explicit.use_dual_stack = Some(true);
    explicit.max_attempts = NonZeroU32::new(3);
    explicit.app_id = Some("backup".to_owned());
    explicit.ca_bundle = Some(PathBuf::from("ca.pem"));

    let settings = Settings::load(&machine, &SERVICE, explicit).unwrap();
    let params = settings.endpoint_params();
    assert_eq!((params.region, params.endpoint), (Some("eu-west-1"), Some("http://localhost:1")));
    assert_eq!((params.use_fips, params.use_dual_stack), (false, true));
    assert_eq!(settings.region.as_ref().map(|region| &region.origin), Some(&Origin::Builder));
    assert_eq!(settings.retry_mode.as_ref().map(|mode| mode.value), Some(RetryMode::Standard));
    assert_eq!(summary(settings).matches(" of the builder\n").count(), 7);
}

#[test]
fn texts_of_the_builder_are_checked_too() {
    let fails = |set: fn(&mut ExplicitSettings), expected: &str| {
        let mut explicit = ExplicitSettings::default();
        set(&mut explicit);
        let error = Settings::load(&TestContext::new(), &SERVICE, explicit).expect_err(expected);
        assert_eq!(error.to_string(), expected);
    };
    fails(
        |explicit| explicit.region = Some("eu-".to_owned()),
        "the builder: region `eu-`: starts or ends with `-`; a region is like us-east-1",
    );
    fails(
        |explicit| explicit.endpoint_url = Some("https://x?TOPSECRET".to_owned()),
        "the builder: endpoint URL `https://x`: has a query or fragment; \
         an endpoint is scheme, host, port and path",
    );
    fails(
        |explicit| explicit.app_id = Some("ä".to_owned()),
        "the builder: `ä`: expected only printable ASCII characters",
    );
}

const ENDPOINTS: &str = "
[default]
services = here
endpoint_url = http://profile.test
[services here]
s3 =
  endpoint_url = http://s3.test
storage_gateway =
  endpoint_url = http://service.test
";

#[test]
fn the_closest_endpoint_url_wins() {
    let service = ("AWS_ENDPOINT_URL_STORAGE_GATEWAY", "http://a.test");
    let global = ("AWS_ENDPOINT_URL", "http://b.test");
    let other = ("AWS_ENDPOINT_URL_S3", "http://c.test");
    check(
        &[global, service],
        ENDPOINTS,
        "endpoint_url=\"http://a.test\" of AWS_ENDPOINT_URL_STORAGE_GATEWAY\n",
    );
    check(&[global, other], ENDPOINTS, "endpoint_url=\"http://b.test\" of AWS_ENDPOINT_URL\n");
    check(
        &[other],
        ENDPOINTS,
        "endpoint_url=\"http://service.test\" of /home/me/.aws/config:8: storage_gateway.endpoint_url\n",
    );
    check(
        &[],
        &ENDPOINTS.replace("storage_gateway", "sts"),
        "endpoint_url=\"http://profile.test\" of /home/me/.aws/config:4: endpoint_url\n",
    );
}

#[test]
fn configured_endpoint_urls_can_be_ignored() {
    let url = ("AWS_ENDPOINT_URL", "http://b.test");
    let ignore = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
    let key = ENDPOINTS.replace("services = here", "ignore_configured_endpoint_urls = True");
    check(&[url, (ignore, "true")], ENDPOINTS, "");
    check(&[url], &key, "");
    check(&[url, (ignore, "false")], &key, "endpoint_url=\"http://b.test\" of AWS_ENDPOINT_URL\n");
    fails(&[(ignore, "1")], "", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: `1`: expected true or false");
}

#[test]
fn the_profile_is_chosen_by_name() {
    let config = "[default]\nregion = eu-west-1\n[profile work]\nregion = eu-west-2\n[profile old]\nregion = eu-west-3\n";
    let of = |line| format!("/home/me/.aws/config:{line}: region\n");
    let (work, old) = (("AWS_PROFILE", "work"), ("AWS_DEFAULT_PROFILE", "old"));
    check(&[], config, &format!("region=\"eu-west-1\" of {}", of(2)));
    check(&[work], config, &format!("region=\"eu-west-2\" of {}", of(4)));
    check(&[old], config, &format!("region=\"eu-west-3\" of {}", of(6)));
    check(&[old, work], config, &format!("region=\"eu-west-2\" of {}", of(4)));
}

#[test]
fn a_profile_that_was_named_must_exist() {
    fails(
        &[("AWS_PROFILE", "nope")],
        "[default]\n[profile work]\n[services x]\n",
        "profile `nope` of AWS_PROFILE: no such profile in /home/me/.aws/config, \
         /home/me/.aws/credentials (absent); profiles there: default, work",
    );
    let mut explicit = ExplicitSettings::default();
    explicit.profile = Some("no\npe".to_owned());
    let error = Settings::load(&TestContext::new(), &SERVICE, explicit).unwrap_err();
    assert_eq!(
        error.to_string(),
        "profile `no\\npe` of the builder: no such profile in ~/.aws/config (no HOME), \
         ~/.aws/credentials (no HOME); profiles there: none"
    );
}

#[test]
fn values_that_cannot_be_used_say_where_they_are_from() {
    fails(&[("AWS_USE_FIPS_ENDPOINT", "yes")], "", "AWS_USE_FIPS_ENDPOINT: `yes`: expected true or false");
    fails(
        &[("AWS_USE_DUALSTACK_ENDPOINT", "1")],
        "",
        "AWS_USE_DUALSTACK_ENDPOINT: `1`: expected true or false",
    );
    for attempts in ["0", "-1", "three", "4294967296", "1.5"] {
        fails(
            &[("AWS_MAX_ATTEMPTS", attempts)],
            "",
            &format!("AWS_MAX_ATTEMPTS: `{attempts}`: expected a whole number, at least 1"),
        );
    }
    fails(
        &[],
        "[default]\nretry_mode = fast\n",
        "/home/me/.aws/config:2: retry_mode: `fast`: expected standard, adaptive or legacy",
    );
    fails(
        &[("AWS_SDK_UA_APP_ID", "a\r\nb")],
        "",
        "AWS_SDK_UA_APP_ID: `a\\r\\nb`: expected only printable ASCII characters",
    );
    fails(
        &[("AWS_REGION", "us east 1")],
        "",
        "AWS_REGION: region `us east 1`: characters other than letters, digits and `-`; a region is like us-east-1",
    );
    fails(
        &[("AWS_ENDPOINT_URL", "https://me:TOPSECRET@host")],
        "",
        "AWS_ENDPOINT_URL: endpoint URL `***@host`: carries a user name or password; \
         credentials are set apart from the URL",
    );
    fails(
        &[],
        "[default]\nservices = gone\n",
        "/home/me/.aws/config:2: services: no section `[services gone]`; add it, or remove this line",
    );
}

#[test]
fn files_can_be_elsewhere() {
    let settings = Settings::load(
        &machine::with(
            &[("AWS_CONFIG_FILE", "~/c"), ("AWS_SHARED_CREDENTIALS_FILE", "/d")],
            &[
                ("/home/me/c", "[default]\nretry_mode=standard\nregion=eu-west-1"),
                ("/d", "[default]\nregion=eu-west-2"),
            ],
        ),
        &SERVICE,
        ExplicitSettings::default(),
    )
    .unwrap();
    assert_eq!(
        summary(settings),
        "region=\"eu-west-2\" of /d:2: region\nretry_mode=Standard of /home/me/c:2: retry_mode\n"
    );
}

#[test]
fn windows_homes_are_used_too() {
    let machine = machine::with(&[("HOME", ""), ("USERPROFILE", "C:\\Users\\me\\")], &[])
        .file("C:\\Users\\me/.aws/config", "[default]\r\nregion = eu-west-1\r\n");
    let settings = Settings::load(&machine, &SERVICE, ExplicitSettings::default()).unwrap();
    assert_eq!(settings.region.unwrap().value, "eu-west-1");
}

#[test]
fn files_that_cannot_be_read_matter_only_when_named() {
    use std::io::ErrorKind;
    let load = |machine| Settings::load(&machine, &SERVICE, ExplicitSettings::default());

    for kind in [ErrorKind::NotFound, ErrorKind::NotADirectory, ErrorKind::PermissionDenied] {
        let machine =
            machine::with(&[], &[]).unreadable_file(CONFIG, kind).unreadable_file(CREDENTIALS, kind);
        assert_eq!(summary(load(machine).unwrap()), "");
    }
    let named = machine::with(&[("AWS_CONFIG_FILE", "/c")], &[]);
    assert!(load(named).is_ok());
    let named =
        machine::with(&[("AWS_CONFIG_FILE", "/c")], &[]).unreadable_file("/c", ErrorKind::PermissionDenied);
    assert_eq!(load(named).unwrap_err().to_string(), "AWS_CONFIG_FILE: /c: permission denied");
}
