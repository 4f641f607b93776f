//! Roles of containers.

use std::{net::TcpListener, time::Duration};

use gatewright_runtime::credentials::{ContainerCredentials, ProvideCredentials};

use crate::{
    drivers::{DRIVERS, Driver},
    machine,
    support::{Server, fails, response, shown, tls},
};

const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const GOOD: &str = r#"{"AccessKeyId":"CID","SecretAccessKey":"TOPSECRET","Token":"ctoken",
    "Expiration":"1970-01-01T06:00:00Z","RoleArn":"arn:aws:iam::123456789012:role/task"}"#;

fn source(variables: &[(&str, &str)], files: &[(&str, &str)]) -> ContainerCredentials {
    ContainerCredentials::new(machine::with(variables, files).shared())
}

#[test]
fn the_role_comes_from_the_endpoint() {
    for driver in DRIVERS {
        let server = Server::always(200, GOOD);
        let url = format!("{}/v2/credentials?id=1", server.url);
        let source = source(&[(FULL, &url), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer t")], &[]);
        for _ in 0..3 {
            assert_eq!(shown(driver.provide(&source)), "CID TOPSECRET ctoken 21600");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 1);
        assert!(requests[0].starts_with("GET /v2/credentials?id=1 HTTP/1.1\r\n"), "{requests:?}");
        assert!(requests[0].contains("authorization: Bearer t\r\n"), "{requests:?}");
    }
}

#[test]
fn the_token_of_a_file_wins_and_is_read_anew() {
    let server = Server::always(200, GOOD);
    let variables = [
        (FULL, server.url.as_str()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "no"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token"),
    ];
    let machine = machine::with(&variables, &[("/token", "yes\n")]);
    let source = ContainerCredentials::new(machine.shared());
    for driver in DRIVERS {
        shown(driver.provide(&source));
        machine.advance(Duration::from_secs(21_400));
    }
    assert_eq!(machine.reads().len(), 2);
    assert!(server.requests().iter().all(|request| request.contains("authorization: yes\r\n")));
}

#[test]
fn byte_order_marks_are_skipped() {
    let server = Server::always(200, &format!("\u{feff}{GOOD}"));
    let variables = [(FULL, server.url.as_str()), ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token")];
    for driver in DRIVERS {
        let source = source(&variables, &[("/token", "\u{feff}yes\r\n")]);
        assert_eq!(shown(driver.provide(&source)), "CID TOPSECRET ctoken 21600");
    }
    assert!(server.requests().iter().all(|request| request.contains("authorization: yes\r\n")));
}

#[test]
fn the_endpoint_is_trusted_through_the_bundle_that_is_set() {
    let (server, authority) = tls(GOOD);
    let files = [
        ("/ours.pem", authority.as_str()),
        ("/home/me/.aws/config", "[default]\n[profile x]\nca_bundle = /ours.pem"),
    ];
    for set in [("AWS_CA_BUNDLE", "/ours.pem"), ("AWS_PROFILE", "x")] {
        for driver in DRIVERS {
            assert_eq!(
                shown(driver.provide(&source(&[(FULL, &server), set], &files))),
                "CID TOPSECRET ctoken 21600"
            );
        }
    }
    fails(|| Box::new(source(&[(FULL, &server)], &files)), &["certificate"]);
}

#[test]
fn an_endpoint_may_have_an_ipv6_address() {
    for driver in DRIVERS {
        let server = Server::on(TcpListener::bind("[::1]:0").unwrap(), |_| Some(response(200, GOOD)));
        let source = source(&[(FULL, &server.url)], &[]);
        assert_eq!(shown(driver.provide(&source)), "CID TOPSECRET ctoken 21600");
        let host = server.url.trim_start_matches("http://");
        assert!(server.requests()[0].contains(&format!("host: {host}\r\n")), "{:?}", server.requests());
    }
}

#[test]
fn only_known_hosts_are_called() {
    for (url, part) in [
        ("http://169.254.169.254/x", "points to 169.254.169.254, where anyone may listen"),
        ("http://example.com/x", "points to example.com"),
        ("http://127.0.0.1.example.com/", "points to 127.0.0.1.example.com"),
        ("ftp://localhost/", "neither an http:// nor an https:// URL"),
        ("/relative", "neither an http:// nor an https:// URL"),
        ("http://a b/", "is not a valid URL"),
    ] {
        fails(|| Box::new(source(&[(FULL, url)], &[])), &[part]);
    }
    let relative =
        [("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@example.com/"), (FULL, "http://127.0.0.1:1/")];
    fails(|| Box::new(source(&relative, &[])), &["does not begin with `/`"]);
}

#[test]
fn failures_are_reported_without_secrets() {
    let cases: [(u16, &str, &str); 9] = [
        (200, "<html>", "invalid JSON: expected value at line 1 column 1"),
        (200, "{}", "AccessKeyId is missing from the response"),
        (
            200,
            r#"{"AccessKeyId":"A","SecretAccessKey":"TOPSECRET","Token":"TOPSECRET"}"#,
            "Expiration is missing",
        ),
        (
            200,
            r#"{"AccessKeyId":"A","SecretAccessKey":"TOPSECRET","Token":"t","Expiration":"TOPSECRET"}"#,
            "Expiration is not a date and time like 2030-01-31T23:59:59Z",
        ),
        // Seconds or milliseconds.
        (
            200,
            r#"{"AccessKeyId":"A","SecretAccessKey":"TOPSECRET","Token":"t","Expiration":1893456000}"#,
            "Expiration is not a date and time like",
        ),
        (
            200,
            r#"{"AccessKeyId":"A","SecretAccessKey":"TOP SECRET","Token":"t","Expiration":"1970-01-02T00:00:00Z"}"#,
            "SecretAccessKey has characters that a key cannot have",
        ),
        (
            403,
            r#"{"code":"AccessDenied","message":"not you","SecretAccessKey":"TOPSECRET"}"#,
            "container: status 403: AccessDenied: not you",
        ),
        (404, "", "container: status 404"),
        (500, "broken", "container: status 500: broken"),
    ];
    for (status, body, part) in cases {
        let server = Server::always(status, body);
        fails(|| Box::new(source(&[(FULL, &server.url)], &[])), &[part]);
        assert_eq!(server.requests().len(), if status == 500 || body == "<html>" { 6 } else { 2 }, "{body}");
    }
    let long = Server::always(200, &"x".repeat(70_000));
    fails(|| Box::new(source(&[(FULL, &long.url)], &[])), &["larger than the limit"]);

    let missing = [(FULL, "http://127.0.0.1:1/"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/none")];
    fails(
        || Box::new(source(&missing, &[])),
        &["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: /none: entity not found"],
    );
    let broken = [(FULL, "http://127.0.0.1:1/"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "TOPSECRET\r\nx: y")];
    fails(|| Box::new(source(&broken, &[])), &["AWS_CONTAINER_AUTHORIZATION_TOKEN has characters"]);
    fails(
        || Box::new(source(&[(FULL, "http://127.0.0.1:1/")], &[])),
        &["container: 127.0.0.1:1", "no connection"],
    );
}

#[test]
fn transient_failures_are_retried() {
    for driver in DRIVERS {
        let left = std::sync::Mutex::new(vec![response(200, GOOD), response(503, ""), "garbage".to_owned()]);
        let server = Server::new(move |_| left.lock().unwrap().pop());
        assert_eq!(shown(driver.provide(&source(&[(FULL, &server.url)], &[]))), "CID TOPSECRET ctoken 21600");
        assert_eq!(server.requests().len(), 3);
    }
}

#[test]
fn a_token_that_is_sent_back_is_not_shown() {
    let variables =
        |url: &str| [(FULL, url.to_owned()), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "TOPSECRET/1".to_owned())];
    let server = Server::always(403, "who is TOPSECRET/1, or TOPSECRET%2F1?");
    let source = || {
        let variables = variables(&server.url);
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Box::new(source(&variables, &[]))
    };
    fails(|| source(), &["status 403: who is ***"]);
}

#[test]
fn expirations_of_other_programs_are_read() {
    for (time, seconds) in
        [("+0000", 21600), ("+00:00", 21600), ("z", 21600), (".25+01:00", 18000), (" UTC", 21600)]
    {
        let server = Server::always(200, &GOOD.replace(":00Z", &format!(":00{time}")));
        let expected = format!("CID TOPSECRET ctoken {seconds}");
        assert_eq!(shown(Driver::Blocking.provide(&source(&[(FULL, &server.url)], &[]))), expected, "{time}");
    }
}

#[test]
fn without_variables_the_source_is_absent() {
    let error = Driver::Blocking.provide(&source(&[], &[])).unwrap_err();
    assert!(error.is_absent());
    let none: &dyn ProvideCredentials = &source(&[(FULL, "")], &[]);
    assert!(Driver::Blocking.provide(none).unwrap_err().is_absent());
}
