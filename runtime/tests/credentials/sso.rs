//! Sign-ins of IAM Identity Center.

use std::sync::Arc;

use gatewright_runtime::credentials::{SsoCredentials, SsoRole};

use crate::{
    machine::Machine,
    support::{Server, WAYS, fails, told},
};

/// `printf main | sha1sum`.
const CACHE: &str = "/home/me/.aws/sso/cache/b28b7af69320201d1cf206ebf28373980add1451.json";
const SIGNED_IN: &str = r#"{"startUrl":"https://x.awsapps.com/start","region":"eu-west-1",
    "accessToken":"TOPSECRETtoken","expiresAt":"1970-01-01T08:00:00Z","refreshToken":"TOPSECRET"}"#;
const GOOD: &str = r#"{"roleCredentials":{"accessKeyId":"SID","secretAccessKey":"TOPSECRET","sessionToken":"stoken",
    "expiration":3600500}}"#;

fn role() -> SsoRole {
    SsoRole {
        session: "main".to_owned(),
        region: "eu-west-1".to_owned(),
        account_id: "123456789012".to_owned(),
        role_name: "read er".to_owned(),
        login: "aws sso login --profile x".to_owned(),
    }
}

fn source(url: &str, cache: Option<&str>) -> SsoCredentials {
    let mut machine = Machine::new(&[("AWS_ENDPOINT_URL_SSO", url)], &[]);
    if let Some(cache) = cache {
        machine = machine.file(CACHE, cache);
    }
    SsoCredentials::new(machine.shared(), role())
}

#[test]
fn the_role_comes_from_the_portal() {
    for way in WAYS {
        let server = Server::always(200, GOOD);
        let source = source(&server.url, Some(SIGNED_IN));
        for _ in 0..3 {
            assert_eq!(told(way(&source)), "SID TOPSECRET stoken 3600");
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
        assert_eq!(told(crate::support::on_thread(&source)), "SID TOPSECRET stoken 3600", "{time}");
    }
}

#[test]
fn a_sign_in_that_is_over_says_how_to_renew_it() {
    let nowhere = "http://127.0.0.1:1";
    let over = SIGNED_IN.replace("08:00:00Z", "00:00:00Z");
    for (cache, part) in [
        (
            None,
            "no sign-in: /home/me/.aws/sso/cache/b28b7af69320201d1cf206ebf28373980add1451.json: entity not found",
        ),
        (
            Some(over.as_str()),
            "the sign-in ended at 1970-01-01T00:00:00Z (its refresh token is not used here)",
        ),
        (Some("{}"), "it has no accessToken"),
        (Some(r#"{"accessToken":"TOPSECRET"}"#), "it has no expiresAt"),
        (Some(r#"{"accessToken":"TOPSECRET","expiresAt":"soon"}"#), "its expiresAt is no time"),
        (
            Some(r#"{"accessToken":"TOP\nSECRET","expiresAt":"1970-01-01T08:00:00UTC"}"#),
            "its accessToken is none",
        ),
    ] {
        fails(|| Box::new(source(nowhere, cache)), &[part, "run `aws sso login --profile x`"]);
    }
    fails(|| Box::new(source(nowhere, Some("TOPSECRET"))), &["is no JSON"]);
    let server = Server::always(401, r#"{"message":"Session token not found or invalid"}"#);
    fails(
        || Box::new(source(&server.url, Some(SIGNED_IN))),
        &["the sign-in is not accepted any more; run `aws sso login --profile x`"],
    );
}

#[test]
fn what_goes_wrong_is_told_without_secrets() {
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
        (200, "TOPSECRET", "is no JSON"),
    ] {
        let server = Server::always(status, body);
        fails(|| Box::new(source(&server.url, Some(SIGNED_IN))), &[part]);
    }
    fails(|| Box::new(source("http://127.0.0.1:1", Some(SIGNED_IN))), &["127.0.0.1:1", "no connection"]);
    fails(|| Box::new(source("nowhere", Some(SIGNED_IN))), &["AWS_ENDPOINT_URL_SSO: "]);
    let machine = Arc::new(Machine::default().variable("HOME", "/home/me").file(CACHE, SIGNED_IN));
    let region = SsoRole { region: "x.example.com/".to_owned(), ..role() };
    fails(|| Box::new(SsoCredentials::new(Arc::clone(&machine) as _, region.clone())), &["sso_region: "]);
}
