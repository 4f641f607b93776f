//! Sign-ins of IAM Identity Center.

use std::{path::Path, sync::Arc};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    context::Context as _,
    credentials::{ProfileCredentials, SsoCredentials, SsoRole},
};

use crate::{
    drivers::{DRIVERS, Driver},
    machine,
    support::{NO_INSTANCE, Server, fails, shown, tls},
};

const CONFIG: &str = "/home/me/.aws/config";

/// `printf main | sha1sum`.
pub(crate) const CACHE: &str = "/home/me/.aws/sso/cache/b28b7af69320201d1cf206ebf28373980add1451.json";
pub(crate) const SIGNED_IN: &str = r#"{"startUrl":"https://x.awsapps.com/start","region":"eu-west-1",
    "accessToken":"TOPSECRETtoken","expiresAt":"1970-01-01T08:00:00Z","refreshToken":"TOPSECRET"}"#;
pub(crate) const GOOD: &str = r#"{"roleCredentials":{"accessKeyId":"SID","secretAccessKey":"TOPSECRET","sessionToken":"stoken",
    "expiration":3600500}}"#;

pub(crate) fn role() -> SsoRole {
    SsoRole {
        session: "main".to_owned(),
        region: "eu-west-1".to_owned(),
        account_id: "123456789012".to_owned(),
        role_name: "read er".to_owned(),
        login: "aws sso login --profile x".to_owned(),
    }
}

fn source(url: &str, cache: Option<&str>) -> SsoCredentials {
    let mut machine = machine::with(&[("AWS_ENDPOINT_URL_SSO", url)], &[]);
    if let Some(cache) = cache {
        machine = machine.file(CACHE, cache);
    }
    SsoCredentials::new(machine.shared(), role())
}

#[test]
fn the_role_comes_from_the_portal() {
    for driver in DRIVERS {
        let server = Server::always(200, GOOD);
        let source = source(&server.url, Some(&format!("\u{feff}{SIGNED_IN}")));
        for _ in 0..3 {
            assert_eq!(shown(driver.provide(&source)), "SID TOPSECRET stoken 3600");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        let line = "GET /federation/credentials?role_name=read%20er&account_id=123456789012 HTTP/1.1\r\n";
        assert!(requests[0].starts_with(line), "{requests:?}");
        assert!(requests[0].contains("x-amz-sso_bearer_token: TOPSECRETtoken\r\n"), "{requests:?}");
    }
}

#[test]
fn expirations_of_other_programs_are_read() {
    let server = Server::always(200, GOOD);
    for time in ["+0000", "+00:00", "z", ".25Z", "UTC", " UTC"] {
        let cache = SIGNED_IN.replace(":00Z", &format!(":00{time}"));
        let source = source(&server.url, Some(&cache));
        assert_eq!(shown(Driver::Blocking.provide(&source)), "SID TOPSECRET stoken 3600", "{time}");
    }
}

#[test]
fn a_sign_in_that_is_over_says_how_to_renew_it() {
    let unreachable = "http://127.0.0.1:1";
    let over = SIGNED_IN.replace("08:00:00Z", "00:00:00Z");
    for (cache, part) in [
        (
            None,
            "no sign-in: /home/me/.aws/sso/cache/b28b7af69320201d1cf206ebf28373980add1451.json: entity not found",
        ),
        (
            Some(over.as_str()),
            "the sign-in ended at 1970-01-01T00:00:00Z, and was not renewed: it has no refresh token",
        ),
        (Some("{}"), "accessToken is missing"),
        (Some(r#"{"accessToken":"TOPSECRET"}"#), "expiresAt is missing"),
        (Some(r#"{"accessToken":"TOPSECRET","expiresAt":"soon"}"#), "expiresAt is not a valid time"),
        (
            Some(r#"{"accessToken":"TOP\nSECRET","expiresAt":"1970-01-01T08:00:00UTC"}"#),
            "accessToken has characters that a header cannot hold",
        ),
    ] {
        fails(|| Box::new(source(unreachable, cache)), &[part, "run `aws sso login --profile x`"]);
    }
    for cache in ["", "TOPSECRET", r#"{"accessToken":"TOPSEC"#] {
        fails(
            || Box::new(source(unreachable, Some(cache))),
            &["1.json: invalid JSON: ", "; run `aws sso login --profile x`"],
        );
    }
    let server = Server::always(401, r#"{"message":"Session token not found or invalid"}"#);
    fails(
        || Box::new(source(&server.url, Some(SIGNED_IN))),
        &["the sign-in is no longer accepted; run `aws sso login --profile x`"],
    );
}

/// The AWS CLI writes into the file: readers may see its beginning, or nothing.
#[test]
fn a_sign_in_that_is_being_written_is_read_again() {
    for driver in DRIVERS {
        let server = Server::always(200, GOOD);
        let machine =
            machine::with(&[("AWS_ENDPOINT_URL_SSO", &server.url)], &[]).file(CACHE, &SIGNED_IN[..40]);
        let other = machine.clone();
        let machine = machine.on_read(move |path| {
            if path == Path::new(CACHE) && other.reads().len() == 2 {
                other.replace_file(path, SIGNED_IN.as_bytes()).unwrap();
            }
        });
        let source = SsoCredentials::new(machine.shared(), role());
        assert_eq!(shown(driver.provide(&source)), "SID TOPSECRET stoken 3600");
    }
}

#[test]
fn failures_are_reported_without_secrets() {
    for (status, body, part) in [
        (403, r#"{"message":"No access"}"#, "role `read er` of account 123456789012 is not assigned"),
        (403, r#"{"message":"No access"}"#, "status 403: No access"),
        (429, r#"{"message":"Slow down"}"#, "status 429: Slow down"),
        (500, "", "sso: status 500"),
        (200, "{}", "accessKeyId is missing"),
        (
            200,
            r#"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"TOPSECRET","sessionToken":"t"}}"#,
            "expiration",
        ),
        (200, "TOPSECRET", "invalid JSON"),
    ] {
        let server = Server::always(status, body);
        fails(|| Box::new(source(&server.url, Some(SIGNED_IN))), &[part]);
    }
    fails(|| Box::new(source("http://127.0.0.1:1", Some(SIGNED_IN))), &["127.0.0.1:1", "no connection"]);
    fails(|| Box::new(source("nowhere", Some(SIGNED_IN))), &["AWS_ENDPOINT_URL_SSO: "]);
    let machine = Arc::new(TestContext::new().variable("HOME", "/home/me").file(CACHE, SIGNED_IN));
    let region = SsoRole { region: "x.example.com/".to_owned(), ..role() };
    fails(|| Box::new(SsoCredentials::new(machine.shared(), region.clone())), &["sso_region: "]);
}

/// The host of the portal in this region, which a proxy sees.
#[track_caller]
fn check_host(region: &str, variables: &[(&str, &str)], config: &str, host: &str) {
    let proxy = Server::always(403, "");
    let machine =
        machine::with(variables, &[(CONFIG, config), (CACHE, SIGNED_IN)]).variable("HTTPS_PROXY", &proxy.url);
    let role = SsoRole { region: region.to_owned(), ..role() };
    drop(Driver::Blocking.provide(&SsoCredentials::new(machine.shared(), role)));
    let requests = proxy.requests();
    let line = format!("CONNECT {host}:443 HTTP/1.1\r\n");
    assert!(requests.first().is_some_and(|request| request.starts_with(&line)), "{line}{requests:?}");
}

/// As botocore 1.44 resolves the same settings.
#[test]
fn the_portal_is_found_as_every_other_service_is() {
    let fips = ("AWS_USE_FIPS_ENDPOINT", "true");
    let dual_stack = ("AWS_USE_DUALSTACK_ENDPOINT", "true");
    let host = |region, host| check_host(region, &[], "", host);
    host("eu-west-1", "portal.sso.eu-west-1.amazonaws.com");
    host("cn-north-1", "portal.sso.cn-north-1.amazonaws.com.cn");
    host("us-gov-west-1", "portal.sso.us-gov-west-1.amazonaws.com");
    host("eusc-de-east-1", "portal.sso.eusc-de-east-1.amazonaws.eu");
    host("us-iso-east-1", "portal.sso.us-iso-east-1.c2s.ic.gov");
    host("us-isob-east-1", "portal.sso.us-isob-east-1.sc2s.sgov.gov");
    host("eu-isoe-west-1", "portal.sso.eu-isoe-west-1.cloud.adc-e.uk");
    host("us-isof-south-1", "portal.sso.us-isof-south-1.csp.hci.ic.gov");
    let host = |region, variables: &[_], host| check_host(region, variables, "", host);
    host("eu-west-1", &[fips], "portal.sso-fips.eu-west-1.amazonaws.com");
    host("us-gov-west-1", &[fips], "portal.sso.us-gov-west-1.amazonaws.com");
    host("eu-west-1", &[dual_stack], "portal.sso.eu-west-1.api.aws");
    host("eusc-de-east-1", &[dual_stack], "portal.sso.eusc-de-east-1.api.amazonwebservices.eu");
    host("us-gov-west-1", &[fips, dual_stack], "portal.sso-fips.us-gov-west-1.api.aws");
    let host = |config, host| check_host("eu-west-1", &[], config, host);
    host("[default]\nuse_fips_endpoint = true", "portal.sso-fips.eu-west-1.amazonaws.com");
    host("[default]\nuse_dualstack_endpoint = true", "portal.sso.eu-west-1.api.aws");
    // The region is the sign-in's, not the profile's.
    host("[default]\nregion = us-east-1", "portal.sso.eu-west-1.amazonaws.com");
    host(
        "[default]\nignore_configured_endpoint_urls = true\nendpoint_url = http://127.0.0.1:1",
        "portal.sso.eu-west-1.amazonaws.com",
    );
    check_host(
        "eu-west-1",
        &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"), ("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:1")],
        "",
        "portal.sso.eu-west-1.amazonaws.com",
    );
}

/// How often each of two servers is called.
const A: [usize; 2] = [1, 0];
const B: [usize; 2] = [0, 1];
const NEITHER: [usize; 2] = [0, 0];

#[track_caller]
fn check_url(variables: &[&str], config: &str, expected: [usize; 2]) {
    let [a, b] = [Server::always(200, GOOD), Server::always(200, GOOD)];
    let config = config.replace("AAA", &a.url).replace("BBB", &b.url);
    let mut machine = machine::with(&[NO_INSTANCE], &[(CONFIG, &config), (CACHE, SIGNED_IN)]);
    for variable in variables {
        let (name, value) = variable.split_once('=').unwrap();
        machine = machine.variable(name, value.replace("AAA", &a.url).replace("BBB", &b.url));
    }
    let source = ProfileCredentials::new(machine.shared(), Some("x".to_owned()));
    drop(Driver::Blocking.provide(&source));
    let asked = [a, b].map(|server| server.requests().len());
    assert_eq!(asked, expected, "{variables:?} {config}");
}

/// The case of the variable for all services is smithy-rs's fixture `sso_override_global_env_url`.
#[test]
fn configured_endpoints_are_found_like_for_any_other_service() {
    let x = |lines: &str, rest: &str| {
        format!(
            "[profile x]\nsso_account_id = 1\nsso_role_name = r\nsso_session = main\n{lines}\n[sso-session main]\n\
             sso_region = eu-west-1\nsso_start_url = https://s\n{rest}"
        )
    };
    let services = "[services s]\nsso =\n  endpoint_url = AAA\nsts =\n  endpoint_url = BBB\n";
    check_url(&["AWS_ENDPOINT_URL=AAA"], &x("", ""), A);
    check_url(&["AWS_ENDPOINT_URL=BBB", "AWS_ENDPOINT_URL_SSO=AAA"], &x("", ""), A);
    check_url(&["AWS_ENDPOINT_URL=AAA", "AWS_ENDPOINT_URL_STS=BBB"], &x("", ""), A);
    check_url(&[], &x("endpoint_url = AAA", ""), A);
    check_url(&[], &x("services = s", services), A);
    check_url(&[], &x("endpoint_url = BBB\nservices = s", services), A);
    check_url(&["AWS_ENDPOINT_URL=BBB"], &x("services = s", services), B);
    check_url(&[], &x("services = t", services), NEITHER);
}

#[test]
fn the_portal_is_trusted_through_the_bundle_that_is_set() {
    let (server, authority) = tls(GOOD);
    let machine = |variables: &[(&str, &str)], config: &str| {
        machine::with(variables, &[(CONFIG, config), (CACHE, SIGNED_IN), ("/ours.pem", &authority)])
            .variable("AWS_ENDPOINT_URL_SSO", &server)
            .shared()
    };
    for driver in DRIVERS {
        let bundle = machine(&[("AWS_CA_BUNDLE", "/ours.pem")], "");
        assert_eq!(shown(driver.provide(&SsoCredentials::new(bundle, role()))), "SID TOPSECRET stoken 3600");
        let bundle = machine(&[], "[default]\nca_bundle = /ours.pem");
        assert_eq!(shown(driver.provide(&SsoCredentials::new(bundle, role()))), "SID TOPSECRET stoken 3600");
    }
    fails(|| Box::new(SsoCredentials::new(machine(&[], ""), role())), &["certificate"]);
    fails(
        || Box::new(SsoCredentials::new(machine(&[], "[default]\nca_bundle = /none"), role())),
        &["/home/me/.aws/config:2: ca_bundle: /none: entity not found"],
    );
}
