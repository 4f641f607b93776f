//! How errors of the service and invalid responses are explained.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[expect(dead_code, reason = "other tests need more of it")]
mod stage;

use std::time::Duration;

use gatewright_runtime::{
    Explanation, Service,
    explain::{Evidence, Outcome, Refused, signature::SignedRequest},
    transport::{Reached, TransportErrorKind},
};
use stage::{Act, List, Move, Stage, client};

fn explain(pasted: &str) -> Explanation {
    Evidence::of_refused(Refused::of_text(pasted), "it failed").explain(Some(Stage::INFO))
}

/// Foreign texts are one line each, so that they cannot look like another line of the explanation.
#[test]
fn no_text_of_others_breaks_a_line() {
    let message = "User: ann\n- of sales is not authorized to perform: a:B on resource: c\u{85}d";
    let body = serde_json::json!({ "__type": "Odd\nName", "message": message }).to_string();
    for pasted in [
        message.to_owned(),
        body.clone(),
        format!("HTTP/1.1 403 X\r\nx-amzn-requestid: a\tb\r\n\r\n{body}"),
        serde_json::json!({ "__type": "Odd\r\nName", "message": "a\nb" }).to_string(),
    ] {
        let Explanation { evidence, causes, remedies, .. } = explain(&pasted);
        for line in evidence.iter().chain(&causes).chain(&remedies) {
            assert!(!line.contains(|char: char| char.is_control()), "{line:?}");
        }
    }
    assert!(explain(message).evidence.contains(&"identity: ann - of sales".to_owned()));
}

/// The explanation of a response: parts of the evidence, the causes and the remedies.
#[track_caller]
fn check(status: u16, headers: &str, body: &str, evidence: &[&str], cause: &str, remedy: &str) {
    let explanation = explain(&format!("HTTP/1.1 {status} X\r\n{headers}\r\n\r\n{body}"));
    assert_eq!(explanation.summary, "it failed");
    for part in evidence {
        assert!(explanation.evidence.iter().any(|line| line.contains(part)), "{part}\n{explanation}");
    }
    assert!(explanation.causes[0].contains(cause), "{explanation}");
    assert!(explanation.remedies.iter().any(|line| line.contains(remedy)), "{explanation}");
}

fn named(name: &str, message: &str) -> String {
    serde_json::json!({ "__type": name, "message": message }).to_string()
}

#[test]
fn the_model_comes_first_and_the_code_before_the_exception() {
    let body = r#"{"__type":"BadRequest","message":"No.","error":{"errorCode":"NoProp"}}"#;
    check(
        400,
        "",
        body,
        &["status 400 (Bad Request)", "the service's message: No."],
        "The prop is lost",
        "Find it",
    );
    check(400, "", &body.replace("NoProp", "Strange"), &[], "The request is bad", "Mend it");
    check(400, "", &named("a.b#BadRequest:http://x", ""), &[], "The request is bad", "Mend it");
}

/// Command lines leave the code out. A sentence that services share is of no code.
#[test]
fn only_the_message_of_a_code_is_said_to_be_one() {
    let evidence = |message| explain(&format!("HTTP/1.1 400 X\r\n\r\n{}", named("BadOne", message))).evidence;
    let line = "that is the message of the code NoProp".to_owned();
    assert!(evidence("No such prop.").contains(&line), "{:?}", evidence("No such prop."));
    let shared = evidence("Rate exceeded");
    assert!(!shared.iter().any(|line| line.contains("the message of the code")), "{shared:?}");
}

/// The code of a query-compatible service is not a code within the exception, which would exclude the signature as the
/// reason.
#[tokio::test(start_paused = true)]
async fn refused_signatures_of_query_compatible_services_are_explained() {
    let body = r#"{"__type":"InvalidSignatureException","message":"m"}"#;
    let causes = async |headers| {
        let (client, _) = client([Act::RespondWith(403, headers, body)]);
        client.call(List::default()).await.unwrap_err().explain().causes
    };
    let plain = causes(&[]).await;
    assert_eq!(causes(&[("x-amzn-query-error", "SignatureDoesNotMatch;Sender")]).await, plain);
    assert!(plain.iter().any(|cause| cause.contains("secret access key")), "{plain:?}");
}

#[test]
fn errors_common_to_services_are_known() {
    check(400, "", &named("SlowDown", "m"), &["message: m"], "Requests come faster", "longer each time");
    check(
        400,
        "x-amzn-errortype: RequestTimeout",
        "{}",
        &[],
        "did not arrive in time",
        "Send the request again",
    );
    let quota = named("LimitExceededException", "Limit Exceeded");
    check(429, "", &quota, &["status 429"], "A quota is used up", "a retry does not help");
    check(
        400,
        "",
        &named("ValidationException", "m"),
        &[],
        "has a value that is too short",
        "names the member",
    );
    let unknown = named("Mystery", "m");
    check(500, "", &unknown, &["message: m"], "sent \"Mystery\", for which neither", "Look the name up");
}

#[test]
fn messages_decide_if_no_name_does() {
    check(400, "", r#"{"message":"Rate exceeded"}"#, &[], "Requests come faster", "longer each time");
    check(429, "", r#"{"message":"Limit Exceeded"}"#, &[], "A quota is used up", "request a higher quota");
    check(
        403,
        "",
        r#"{"Message":"User is not authorized to access this resource"}"#,
        &[],
        "No policy allows",
        "sts",
    );
    let denied = "User: arn:aws:sts::111122223333:assumed-role/r/s is not authorized to perform: \
        storagegateway:ListGateways on resource: * with an explicit deny in a service control policy";
    for body in [named("AccessDeniedException", denied), format!("{{\"message\":\"{denied}\"}}")] {
        let evidence = [
            "identity: arn:aws:sts::111122223333:assumed-role/r/s",
            "action: storagegateway:ListGateways",
            "resource: *",
        ];
        check(403, "", &body, &evidence, "A service control policy of the organization denies", "Effect");
    }
}

#[test]
fn statuses_decide_if_nothing_else_does() {
    let location = "location: https://login.example/?x-amz-signature=hush";
    check(
        302,
        location,
        "",
        &["Location: https://login.example/"],
        "redirects to another address",
        "`Location`",
    );
    check(100, "", "", &["status 100 (Continue)"], "interim response", "final response");
    check(101, "upgrade: websocket", "", &["status 101"], "another protocol", "endpoint URL");
    check(103, "", "", &[], "interim response", "final response");
    check(204, "", "", &["status 204"], "request succeeded", "on its own");
    check(300, "", "", &[], "further step", "addresses");
    check(301, "", "", &[], "redirects", "log in");
    check(303, "location: /jobs/1", "", &["Location: /jobs/1"], "accepted the request", "was executed");
    check(304, "", "", &["status 304 (Not Modified)"], "If-None-Match", "earlier response");
    check(305, "", "", &[], "through a proxy", "HTTPS_PROXY");
    check(307, "", "", &[], "redirects", "`Location`");
    check(399, "", "", &[], "further step", "raw body");
    check(400, "", "", &["the body is empty"], "did not understand", "endpoint URL");
    check(401, "", "no", &["the body is plain text", "the body begins: no"], "refused before", "sts");
    check(403, "", "", &[], "refused before the service saw it", "proxy");
    check(404, "", "", &[], "wrong path", "Check the region");
    check(405, "", "", &[], "does not accept this method", "path");
    check(407, "", "", &[], "A proxy requires", "HTTPS_PROXY");
    check(408, "", "", &[], "did not arrive in time", "again");
    check(413, "", "", &[], "larger", "Send less");
    check(418, "", "", &[], "refused the request and gave no reason", "raw body");
    check(429, "", "", &[], "faster", "Retry-After");
    check(
        500,
        "",
        "{}",
        &["the body is a JSON object"],
        "failed and gave no reason",
        "whether the operation was executed",
    );
    check(502, "", "", &[], "A gateway", "whether the operation was executed");
    check(503, "", "", &[], "overloaded", "after a pause");
    check(504, "", "", &[], "no response in time", "after a pause");
    check(299, "", "", &[], "request succeeded", "explain the body");
    check(600, "", "", &[], "HTTP services do not use this status", "endpoint URL");
    check(42, "", "", &[], "HTTP services do not use this status", "endpoint URL");
    let page = "<html><title>Blocked by\nExample Wall</title><body>No way</body></html>";
    check(403, "", page, &["titled \"Blocked by Example Wall\""], "firewall or the login page", "NO_PROXY");
}

/// A text without its response has no status, which is different from a strange one.
#[test]
fn an_unknown_status_leads_to_no_conclusion() {
    for pasted in [r#"{"message":"Something odd"}"#, "connection reset by peer", "HTTP/1.1 \n\n"] {
        let explanation = explain(pasted);
        assert!(explanation.causes[0].contains("neither a status nor"), "{explanation}");
        assert!(explanation.remedies[0].contains("whole response"), "{explanation}");
        let unnamed = Evidence::of_refused(Refused::of_text(pasted), "it failed").explain(None);
        let names_service = |explanation: &Explanation| explanation.remedies.concat().contains("--service");
        assert_eq!((names_service(&unnamed), names_service(&explanation)), (true, false), "{unnamed}");
    }
}

#[tokio::test(start_paused = true)]
async fn invalid_responses_are_distinguished() {
    for (body, form, cause) in [
        ("", "the body is empty", "dropped the body"),
        ("<html><title>Sign in</title>", "titled \"Sign in\"", "the login page of a network"),
        ("<?xml version=\"1.0\"?><a/>", "the body is XML", "another protocol"),
        ("{\"Names\":[\"a", "JSON that ends too early", "cut on the way"),
        ("{\"Names\":7}", "the body is a JSON object", "has changed"),
        ("null", "not an object: null", "Something other than the service"),
        ("[]", "not an object: array", "Something other than the service"),
        ("upstream", "plain text", "Something other than the service"),
    ] {
        let (client, _) = client([Act::Respond(200, body)]);
        let error = client.call(Move::default()).check_constraints(false).await.unwrap_err();
        let explanation = error.explain();
        assert_eq!(explanation.summary, error.to_string());
        assert!(explanation.evidence.iter().any(|line| line.contains(form)), "{form}\n{explanation}");
        assert!(explanation.evidence[0].starts_with("status 200 (OK)"), "{explanation}");
        assert!(explanation.causes[0].contains(cause), "{explanation}");
        saved_and_read(&error.evidence());
    }
}

/// Gives the same explanation.
#[track_caller]
fn saved_and_read(evidence: &Evidence) {
    let read = Evidence::from_json(&evidence.to_json()).unwrap();
    assert_eq!(&read, evidence);
    assert_eq!(read.explain(Some(Stage::INFO)), evidence.explain(Some(Stage::INFO)));
}

#[tokio::test(start_paused = true)]
async fn every_kind_of_error_gives_evidence() {
    let (client, _) = client([
        Act::Fail(TransportErrorKind::TooLarge, Reached::MaybeSent),
        Act::Respond(400, r#"{"__type":"BadRequest","error":{"errorCode":"NoProp"}}"#),
    ]);
    let unreachable = client.call(List::default()).await.unwrap_err();
    let refused = client.call(List::default()).await.unwrap_err();
    let invalid = client.call(Move { prop: Some("x".to_owned()), token: None }).await.unwrap_err();
    for (error, attempts, evidence) in [
        (&unreachable, 1, "server stage, port 443"),
        (&refused, 1, "request id id-1"),
        (&invalid, 0, "prop: 1 character, at least 2"),
    ] {
        let explanation = error.explain();
        assert!(explanation.evidence.iter().any(|line| line == evidence), "{explanation}");
        assert_eq!(explanation, error.evidence().explain(Some(Stage::INFO)));
        assert_eq!(explanation.summary, error.to_string());
        assert!(!explanation.causes.is_empty() && !explanation.remedies.is_empty(), "{explanation}");
        let evidence = error.evidence();
        assert_eq!((evidence.attempts, evidence.service_id.as_str()), (attempts, "Stage"));
        saved_and_read(&evidence);
    }
}

#[tokio::test(start_paused = true)]
async fn large_responses_are_kept_within_bounds() {
    let body: &'static str = format!("{{\"message\":\"{}\"}}", "ä ".repeat(1 << 20)).leak();
    let (client, _) = client([Act::Respond(400, body)]);
    let error = client.call(List::default()).await.unwrap_err();
    let evidence = error.evidence();
    let Outcome::Service(refused) = &evidence.outcome else { panic!("{evidence:?}") };
    let kept = refused.response.body.as_ref().unwrap();
    assert_eq!((kept.bytes, kept.is_exact), (body.len(), false));
    assert!(kept.text.len() <= (64 << 10) + 3, "{}", kept.text.len());
    assert!(evidence.to_json().len() < 300_000);
    assert!(error.explain().to_string().len() < 200_000);
    saved_and_read(&evidence);
}

const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN/+==";

/// As a service shows it, after the client's own.
fn canonical(target: &str) -> String {
    format!(
        "POST\n/\nX-Amz-Signature=deadbeef\nhost:h\nx-amz-date:20261122T120000Z\nx-amz-security-token:{TOKEN}\n\
         x-amz-target:{target}\nx-api-key:hush-key\n\nhost;x-amz-date;x-amz-security-token;x-amz-target;x-api-key\n\
         44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )
}

fn mismatch(target: &str) -> String {
    let message = format!(
        "The request signature we calculated does not match the signature you provided.\n\n\
         The Canonical String for this request should have been\n'{}'\n\n\
         The String-to-Sign should have been\n'{SCOPE}\nabc'",
        canonical(target)
    );
    named("InvalidSignatureException", &message)
}

const SCOPE: &str = "AWS4-HMAC-SHA256\n20261122T120000Z\n20261122/us-east-1/stage/aws4_request";

#[test]
fn no_secret_leaves_the_evidence() {
    let headers = "HTTP/1.1 403 X\r\nset-cookie: session=hush-cookie\r\nx-amz-security-token: hush-header";
    let refused = Refused::of_text(&format!("{headers}\r\n\r\n{}", mismatch("T.Two")));
    let key = ["ASIA", "QWERTYUIOPASDFGH"].concat();
    let signed = SignedRequest::from_texts(&canonical("T.One"), &format!("{SCOPE}\nabd"), &key, true);
    let evidence = Evidence::of_refused(refused.with_signed(&signed), "it failed");
    let explanation = evidence.explain(None);
    assert!(
        explanation.evidence.iter().any(|line| line.contains("T.One") && line.contains("T.Two")),
        "{explanation}"
    );
    let verdict = evidence.finding(None).unwrap().verdict;
    assert_eq!(verdict.as_str(), "header_changed");
    let shown = format!("{evidence:?}\n{}\n{explanation:?}\n{explanation}", evidence.to_json());
    for secret in [TOKEN, "hush", "deadbeef", &key] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    saved_and_read(&evidence);
}

#[test]
fn a_token_that_was_exchanged_is_still_seen() {
    let body = mismatch("T.One").replace(TOKEN, "another");
    let signed = SignedRequest::from_texts(&canonical("T.One"), &format!("{SCOPE}\nabc"), "ASIA", true);
    let evidence = Evidence::of_refused(Refused::of_text(&body).with_signed(&signed), "it failed");
    let read = Evidence::from_json(&evidence.to_json()).unwrap();
    let finding = read.finding(None).unwrap();
    assert_eq!(
        (finding.verdict.as_str(), finding.header()),
        ("header_changed", Some("x-amz-security-token"))
    );

    let body = mismatch("T.One");
    let evidence = Evidence::of_refused(Refused::of_text(&body).with_signed(&signed), "it failed");
    let read = Evidence::from_json(&evidence.to_json()).unwrap();
    assert_eq!(read.finding(None).unwrap().verdict.as_str(), "wrong_secret");
}

#[test]
fn clocks_that_differ_are_reported() {
    let mut refused = Refused::of_text("HTTP/1.1 400 X\r\ndate: Sun, 22 Nov 2026 12:18:00 GMT\r\n\r\n{}");
    let date = refused.response.date().unwrap();
    for (here, said) in [
        (date - Duration::from_secs(18 * 60), Some("this machine's clock is 18 min behind the service's")),
        (
            date + Duration::from_secs(25 * 60 * 60),
            Some("this machine's clock is 1 d 1 h ahead of the service's"),
        ),
        (date + Duration::from_secs(59), None),
    ] {
        refused.response.received_at = Some(here);
        let evidence = Evidence::of_refused(refused.clone(), "it failed");
        let explanation = evidence.explain(None);
        let clock = explanation.evidence.iter().find(|line| line.contains("clock"));
        assert_eq!(clock.map(String::as_str), said);
        saved_and_read(&evidence);
    }
}

#[test]
fn refused_tokens_are_explained_by_the_rules_of_signatures() {
    let body = named("UnrecognizedClientException", "The security token included in the request is invalid.");
    let explanation = explain(&body);
    assert!(explanation.evidence[0].ends_with("(unknown_access_key)"), "{explanation}");
    assert!(!explanation.causes.is_empty() && !explanation.remedies.is_empty());
    let unsigned = Refused::of_text(r#"{"message":"Missing Authentication Token"}"#);
    let unsigned = Evidence::of_refused(unsigned, "it failed");
    let of_an_api = unsigned.explain(None);
    assert!(of_an_api.evidence[0].contains("unsigned_or_no_route"), "{of_an_api}");
    // A service with operations has no routes.
    assert_eq!(unsigned.finding(Some(Stage::INFO)), None);
    let explanation = unsigned.explain(Some(Stage::INFO));
    assert!(explanation.causes[0].contains("without a signature"), "{explanation}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_knows_what_was_signed() {
    let body = r#"{"__type":"UnrecognizedClientException","message":"The security token included in the request is invalid."}"#;
    let (client, _) = client([Act::Respond(400, body)]);
    let error = client.call(List::default()).await.unwrap_err();
    let evidence = error.evidence();
    let Outcome::Service(refused) = &evidence.outcome else { panic!("{evidence:?}") };
    let signed = refused.signed.as_ref().unwrap();
    assert_eq!((signed.access_key_id.as_str(), signed.has_session_token), ("AKID***", false));
    assert_eq!(refused.target.as_deref(), Some("Stage_20260101.List"));
    assert_eq!(refused.authorization_scheme.as_deref(), Some("AWS4-HMAC-SHA256"));
    assert_eq!(refused.response.received_at, Some(signed.signed_at));
    assert_eq!(evidence.finding(None).unwrap().verdict.as_str(), "unknown_access_key");
    saved_and_read(&evidence);
}

#[tokio::test(start_paused = true)]
async fn a_corrected_clock_is_reported() {
    const SKEWED: Act = Act::RespondWith(
        403,
        &[("date", "Sun, 22 Nov 2026 11:00:00 GMT")],
        r#"{"__type":"RequestTimeTooSkewed","message":"too late"}"#,
    );
    let (client, script) = client([SKEWED, SKEWED, SKEWED]);
    let error = client.call(List::default()).await.unwrap_err();
    let offset = error.metadata().unwrap().clock_offset();
    assert!(offset != 0 && script.attempts() >= 2, "{offset} {}", script.attempts());
    let evidence = error.evidence();
    let Outcome::Service(refused) = &evidence.outcome else { panic!("{evidence:?}") };
    let date = refused.response.date().unwrap();
    let received_at = refused.response.received_at.unwrap();
    assert_eq!(received_at > date, offset < 0, "{offset}");
    assert_eq!(received_at, error.metadata().unwrap().received_at());
    assert!(
        error.explain().evidence.iter().any(|line| line.contains("this machine's clock is")),
        "{}",
        error.explain()
    );
    saved_and_read(&evidence);
}
