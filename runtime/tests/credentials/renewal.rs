//! Sign-ins that are renewed by their refresh token.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use gatewright_fake::TestContext;
use gatewright_runtime::{ClientBuilder, context::Context as _, credentials::SsoCredentials};
use serde_json::{Value, json};

use crate::{
    drivers::{DRIVERS, Driver},
    machine,
    sso::{CACHE, role},
    stage::{List, StageClient},
    support::{Server, response, shown, stage},
};

const RENEWED: &str = r#"{"accessToken":"TOPSECRETnew","expiresIn":3600,"refreshToken":"TOPSECRETnext","tokenType":"Bearer",
    "idToken":"TOPSECRETid"}"#;
const HOURS: u64 = 3600;

/// As `aws sso login` writes it.
fn signed_in() -> Value {
    json!({
        "startUrl": "https://x.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "TOPSECRETold",
        "expiresAt": "1970-01-01T08:00:00Z",
        "clientId": "client",
        "clientSecret": "TOPSECRETclient",
        "registrationExpiresAt": "1970-03-01T00:00:00Z",
        "refreshToken": "TOPSECRETrefresh/1",
        "scopes": ["sso:account:access"],
    })
}

/// Portal and sign-in service; `renewal` is the sign-in service's response.
fn services(renewal: impl Fn() -> String + Send + Sync + 'static) -> Server {
    Server::new(move |request| {
        if request.starts_with("POST /token ") {
            return Some(renewal());
        }
        // The id names the token that was sent.
        let token = request.split("x-amz-sso_bearer_token: ").nth(1).unwrap();
        let token = token.split("\r\n").next().unwrap().trim_start_matches("TOPSECRET");
        let body = format!(
            r#"{{"roleCredentials":{{"accessKeyId":"by-{token}","secretAccessKey":"s","sessionToken":"t",
                "expiration":{}}}}}"#,
            500 * HOURS * 1000
        );
        Some(response(200, &body))
    })
}

fn machine(server: &Server, sign_in: &Value, now: u64) -> TestContext {
    let variables = [("AWS_ENDPOINT_URL_SSO", &*server.url), ("AWS_ENDPOINT_URL_SSO_OIDC", &*server.url)];
    let machine = machine::with(&variables, &[]).file(CACHE, sign_in.to_string());
    machine.advance(Duration::from_secs(now));
    machine
}

fn source(machine: &TestContext) -> SsoCredentials {
    SsoCredentials::new(machine.shared(), role())
}

fn renewals(server: &Server) -> Vec<String> {
    server.requests().into_iter().filter(|request| request.starts_with("POST /token ")).collect()
}

/// How often the sign-in was read.
fn reads(machine: &TestContext) -> usize {
    machine.reads().iter().filter(|path| **path == Path::new(CACHE)).count()
}

fn kept(machine: &TestContext) -> Value {
    serde_json::from_slice(&machine.read_file(Path::new(CACHE)).unwrap()).unwrap()
}

/// Minutes before the end, at it, and days after it.
const DUE: [u64; 3] = [8 * HOURS - 600, 8 * HOURS, 50 * HOURS];

#[test]
fn a_sign_in_is_renewed_and_written_as_the_command_line_tool_does() {
    for now in DUE {
        for driver in DRIVERS {
            let server = services(|| response(200, RENEWED));
            let machine = machine(&server, &signed_in(), now);
            assert!(shown(driver.provide(&source(&machine))).starts_with("by-new s t "));
            let [request] = &renewals(&server)[..] else { panic!("{:?}", server.requests()) };
            let (head, body) = request.split_once("\r\n\r\n").unwrap();
            assert!(
                head.contains("content-type: application/json") && !head.contains("authorization"),
                "{head}"
            );
            assert_eq!(
                serde_json::from_str::<Value>(body).unwrap(),
                json!({
                    "grantType": "refresh_token",
                    "clientId": "client",
                    "clientSecret": "TOPSECRETclient",
                    "refreshToken": "TOPSECRETrefresh/1",
                })
            );
            let mut expected = signed_in();
            expected["accessToken"] = "TOPSECRETnew".into();
            expected["refreshToken"] = "TOPSECRETnext".into();
            let end = gatewright_runtime::time::Timestamp::from_seconds((now + HOURS).try_into().unwrap());
            expected["expiresAt"] = end.to_string().into();
            assert_eq!(kept(&machine), expected);
        }
    }
}

/// While it is valid, nothing is renewed that the call may not wait for.
#[test]
fn a_renewal_does_not_end_with_its_call() {
    for (now, token, requests) in [(DUE[0], "TOPSECRETold", 0), (DUE[1], "TOPSECRETnew", 1)] {
        let server = services(|| {
            thread::sleep(Duration::from_millis(1500));
            response(200, RENEWED)
        });
        let machine = machine(&server, &signed_in(), now);
        let stage = stage();
        let client = ClientBuilder::<StageClient>::new().context(machine.clone()).region("us-east-1");
        let client = client.endpoint_url(&stage.url).credentials(source(&machine)).build().unwrap().0;
        let call = client.call(List::default()).operation_timeout(Duration::from_secs(1));
        let outcome = call.send_blocking();
        assert!(outcome.is_ok() || now == DUE[1], "{outcome:?}");
        assert_eq!((&kept(&machine)["accessToken"], renewals(&server).len()), (&token.into(), requests));
    }
}

#[test]
fn one_that_holds_for_long_is_left_alone() {
    let server = services(|| response(200, RENEWED));
    let machine = machine(&server, &signed_in(), 8 * HOURS - 901);
    assert!(shown(Driver::Blocking.provide(&source(&machine))).starts_with("by-old "));
    assert_eq!((renewals(&server).len(), kept(&machine)), (0, signed_in()));
}

#[test]
fn a_life_with_a_fraction_is_read() {
    let server = services(|| response(200, &RENEWED.replace("3600", "3600.5")));
    let machine = machine(&server, &signed_in(), 8 * HOURS);
    assert!(shown(Driver::Blocking.provide(&source(&machine))).starts_with("by-new "));
    assert_eq!(kept(&machine)["expiresAt"], "1970-01-01T09:00:00Z");
}

#[test]
fn a_refresh_token_that_is_not_replaced_is_used_up() {
    let server = services(|| response(200, r#"{"accessToken":"TOPSECRETnew","expiresIn":3600}"#));
    let machine = machine(&server, &signed_in(), 8 * HOURS);
    shown(Driver::Blocking.provide(&source(&machine)));
    assert_eq!(kept(&machine).get("refreshToken"), None);
}

#[test]
fn while_it_is_valid_a_failure_does_not_matter() {
    for renewal in [response(400, r#"{"error":"invalid_grant"}"#), response(500, ""), response(200, "{}")] {
        let server = services(move || renewal.clone());
        let machine = machine(&server, &signed_in(), 8 * HOURS - 1);
        assert!(shown(Driver::Blocking.provide(&source(&machine))).starts_with("by-old "));
        assert_eq!((renewals(&server).len(), kept(&machine)), (1, signed_in()));
    }
}

#[test]
fn a_sign_in_that_cannot_be_renewed_says_why() {
    let without = |name: &str| {
        let mut sign_in = signed_in();
        sign_in.as_object_mut().unwrap().remove(name);
        sign_in
    };
    let mut over = signed_in();
    over["registrationExpiresAt"] = "1970-01-01T07:00:00UTC".into();
    let echo =
        r#"{"error":"invalid_grant","error_description":"TOPSECRETrefresh/1 of TOPSECRETclient is over"}"#;
    for (sign_in, renewal, part) in [
        (signed_in(), response(400, echo), "status 400: invalid_grant: ***"),
        (signed_in(), response(401, r#"{"error":"invalid_client"}"#), "status 401: invalid_client"),
        (signed_in(), response(200, "{}"), "expiresIn is missing from the response"),
        (
            signed_in(),
            response(200, r#"{"expiresIn":1}"#),
            "the response cannot be used: accessToken is missing",
        ),
        (
            signed_in(),
            response(200, r#"{"expiresIn":18446744073709551615}"#),
            "expiresIn of the response is not a number of seconds",
        ),
        (
            signed_in(),
            response(200, r#"{"expiresIn":-1}"#),
            "expiresIn of the response is not a number of seconds",
        ),
        (without("refreshToken"), String::new(), "it has no refresh token with a registered client"),
        (without("clientSecret"), String::new(), "it has no refresh token with a registered client"),
        (over, String::new(), "the registration of its client ended at 1970-01-01T07:00:00Z"),
    ] {
        let server = services(move || renewal.clone());
        let machine = machine(&server, &sign_in, 8 * HOURS);
        let shown = shown(Driver::Blocking.provide(&source(&machine)));
        assert!(shown.contains(part), "{part}: {shown}");
        let begin = "no credentials: sso: the sign-in ended at 1970-01-01T08:00:00Z, and was not renewed: ";
        assert!(shown.starts_with(begin) && shown.ends_with("; run `aws sso login --profile x`"), "{shown}");
        assert_eq!(kept(&machine), sign_in);
    }
}

#[test]
fn transient_failures_of_the_service_pass() {
    let first = Mutex::new(vec![response(400, r#"{"error":"slow_down"}"#), response(503, "")]);
    let server = services(move || first.lock().unwrap().pop().unwrap_or_else(|| response(200, RENEWED)));
    let machine = machine(&server, &signed_in(), 8 * HOURS);
    assert!(shown(Driver::Blocking.provide(&source(&machine))).starts_with("by-new "));
    assert_eq!(renewals(&server).len(), 3);
}

#[test]
fn a_folder_that_cannot_be_written_does_not_matter() {
    let server = services(|| response(200, RENEWED));
    let machine = machine(&server, &signed_in(), 8 * HOURS);
    machine.set_read_only();
    let source = source(&machine);
    assert!(shown(Driver::Blocking.provide(&source)).starts_with("by-new "));
    assert_eq!(kept(&machine), signed_in());
    // The role expires; the refresh token that came with the renewal is the next one's.
    machine.advance(Duration::from_secs(492 * HOURS - 60));
    assert!(shown(Driver::Blocking.provide(&source)).starts_with("by-new "));
    let renewals = renewals(&server);
    assert_eq!(renewals.len(), 2);
    assert!(renewals[1].contains(r#""refreshToken":"TOPSECRETnext""#), "{renewals:?}");
    assert!(!format!("{source:?}").contains("TOPSECRET"));
}

#[test]
fn another_process_may_be_faster() {
    let shared: Arc<Mutex<Option<TestContext>>> = Arc::default();
    let other = Arc::clone(&shared);
    let server = services(move || {
        let mut sign_in = signed_in();
        sign_in["accessToken"] = "TOPSECRETother".into();
        sign_in["expiresAt"] = "1970-01-01T16:00:00Z".into();
        let machine = other.lock().unwrap().clone().unwrap();
        machine.replace_file(Path::new(CACHE), sign_in.to_string().as_bytes()).unwrap();
        response(400, r#"{"error":"invalid_grant"}"#)
    });
    let machine = machine(&server, &signed_in(), 8 * HOURS);
    *shared.lock().unwrap() = Some(machine.clone());
    assert!(shown(Driver::Blocking.provide(&source(&machine))).starts_with("by-other "));
    assert_eq!(renewals(&server).len(), 1);
}

/// The other process has used the refresh token, and writes its sign-in just before the file is read for the third time.
#[test]
fn another_process_may_be_faster_and_write_late() {
    for now in DUE {
        for driver in DRIVERS {
            let server = services(|| response(400, r#"{"error":"invalid_grant"}"#));
            let machine = machine(&server, &signed_in(), now);
            let other = machine.clone();
            let machine = machine.on_read(move |path| {
                if path == Path::new(CACHE) && reads(&other) == 2 {
                    let mut sign_in = signed_in();
                    sign_in["accessToken"] = "TOPSECRETother".into();
                    sign_in["expiresAt"] = "1970-01-03T16:00:00Z".into();
                    other.replace_file(path, sign_in.to_string().as_bytes()).unwrap();
                }
            });
            let source = source(&machine);
            let expected = if now < 8 * HOURS { "by-old " } else { "by-other " };
            assert!(shown(driver.provide(&source)).starts_with(expected));
            assert_eq!(renewals(&server).len(), 1, "a token that was refused is not sent again");
        }
    }
}

/// Any other refusal is not retried.
#[test]
fn only_a_used_up_token_is_waited_for() {
    for (renewal, expected) in [
        (r#"{"error":"invalid_grant"}"#, 3),
        (r#"{"error":"invalid_client"}"#, 2),
        (r#"{"error":"unauthorized_client","error_description":"invalid_grant"}"#, 2),
    ] {
        let server = services(move || response(400, renewal));
        let machine = machine(&server, &signed_in(), 8 * HOURS);
        let shown = shown(Driver::Blocking.provide(&source(&machine)));
        assert!(shown.ends_with("; run `aws sso login --profile x`"), "{shown}");
        assert_eq!((renewals(&server).len(), reads(&machine)), (1, expected), "{renewal}");
    }
}
