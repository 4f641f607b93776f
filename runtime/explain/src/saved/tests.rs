use std::time::{Duration, SystemTime};

use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};

use super::*;
use crate::{
    Body, ClockEvidence, Explanation, Refused, ResponseEvidence,
    protocol::Fault,
    signature::SignedRequest,
    transport::{IoEvidence, ProxyEvidence, TlsEvidence, TransportEvidence},
    wire::{Awaited, Peer, Reached, RequestFault, TransportErrorKind},
};

fn evidence(outcome: Outcome) -> Evidence {
    Evidence {
        service: "AWS Lambda".to_owned(),
        service_id: "Storage Gateway".to_owned(),
        operation: "ListGateways".to_owned(),
        attempts: 3,
        summary: "ListGateways: it failed".to_owned(),
        request_body: None,
        clock: Some(ClockEvidence::new(-1200, true)),
        outcome,
    }
}

#[track_caller]
fn check(outcome: Outcome) {
    let saved = evidence(outcome);
    let json = saved.to_json();
    let read = Evidence::from_json(&json).unwrap();
    assert_eq!(read, saved, "{json}");
    assert_eq!(read.explain(None), saved.explain(None));
    let explanation = read.explain(None);
    assert!(!explanation.causes.is_empty() && !explanation.remedies.is_empty(), "{explanation}");
    assert_eq!(explanation.summary, saved.summary);
    check_lines(&explanation);
}

#[track_caller]
fn check_lines(explanation: &Explanation) {
    let Explanation { summary, evidence, causes, remedies, repairs: _ } = explanation;
    for line in [summary].into_iter().chain(evidence).chain(causes).chain(remedies) {
        assert!(!line.contains(|char: char| char.is_control()), "{line:?}");
    }
}

fn time(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::new(seconds, 250_000_000)
}

fn response(body: &[u8]) -> ResponseEvidence {
    ResponseEvidence {
        status: 403,
        request_id: Some("id-1".to_owned()),
        headers: vec![("date".to_owned(), "Sun, 22 Nov 2026 12:00:01 GMT".to_owned())],
        body: Some(Body::of(body)),
        incomplete: Some("a.example:443: the connection ended before the response did".to_owned()),
        received_at: Some(time(1_795_348_801)),
    }
}

fn peer() -> Peer {
    Peer::new("a.example:443").with_proxy("[::1]:80").with_address(([192, 0, 2, 1], 443).into())
}

fn transport(kind: TransportErrorKind, tls: Option<TlsEvidence>) -> TransportEvidence {
    TransportEvidence { tls, ..TransportEvidence::new(kind, Reached::NotSent, peer()) }
}

#[test]
fn every_outcome_survives() {
    check(Outcome::Succeeded(ResponseEvidence { body: None, ..response(b"") }));
    check(Outcome::Input(vec![Violation::new("tags[3].key", "1 character, at least 2")]));
    check(Outcome::Input(Vec::new()));
    check(Outcome::Settings { reason: "Missing Region".to_owned() });
    check(Outcome::Hook { reason: "over budget".to_owned() });
    let tried = SourceTried::new("the environment", "AWS_ACCESS_KEY_ID is not set", SourceFault::Absent);
    let [why, what] = ["the role does not trust the caller", "edit its policy"].map(str::to_owned);
    check(Outcome::Credentials(vec![tried.clone(), tried.with_advice(&[why], &[what])]));
    for body in ["", "<html><title>Log in</title>", "<Error/>", "{\"a\":", "{}", "null", "no", "\u{1f}\u{8b}"]
    {
        check(Outcome::Response { response: response(body.as_bytes()), reason: "it ended".to_owned() });
    }
    check(Outcome::Response { response: response(&[0x1f, 0x8b, 0xff]), reason: String::new() });
    check(Outcome::Service(Box::default()));
    let mut signed = SignedRequest::from_texts(
        "POST\n/\n\nhost:h\nx-amz-date:20261122T120000Z\nx-amz-target:T.O\n\nhost;x-amz-date;x-amz-target\n\
         e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "AWS4-HMAC-SHA256\n20261122T120000Z\n20261122/us-east-1/s/aws4_request\nhash",
        "ASIAEXAMPLE",
        true,
    );
    (signed.expires_at, signed.secret_has_blank_ends) = (Some(time(9)), true);
    signed.credentials_source = Some("profile `prod`".into());
    let mut fault = Fault::new(
        Some("InvalidSignatureException".to_owned()),
        Some("The request signature we calculated does not match".to_owned()),
    )
    .with_code(Some("Code".to_owned()));
    (fault.details, fault.host_id) = (Some("{}".to_owned()), Some("example.com".to_owned()));
    fault.blame = Some("Sender".to_owned());
    let refused = Refused { response: response(b"{}"), fault, ..Refused::default() }.with_signed(&signed);
    assert_eq!(refused.target.as_deref(), Some("T.O"));
    check(Outcome::Service(Box::new(Refused { host: Some("h".to_owned()), ..refused })));
}

#[test]
fn every_failure_on_the_way_survives() {
    let text = || "a\nb".to_owned();
    for kind in [
        TransportErrorKind::Request,
        TransportErrorKind::Dns,
        TransportErrorKind::Connect,
        TransportErrorKind::Proxy,
        TransportErrorKind::Tls,
        TransportErrorKind::ConnectTimeout,
        TransportErrorKind::AttemptTimeout,
        TransportErrorKind::OperationTimeout,
        TransportErrorKind::Closed,
        TransportErrorKind::Protocol,
        TransportErrorKind::SwitchedProtocols,
        TransportErrorKind::TooLarge,
    ] {
        for reached in [Reached::NotSent, Reached::StaleConnection, Reached::StaleUnsent, Reached::MaybeSent]
        {
            check(Outcome::Transport(TransportEvidence { reached, ..transport(kind, None) }));
        }
    }
    for io in IoEvidence::ALL {
        let of_io = transport(TransportErrorKind::Connect, None);
        check(Outcome::Transport(TransportEvidence {
            io: Some(*io),
            chain: vec![text(), "b".to_owned()],
            awaited: Some(Awaited::Response),
            timeout: Some(Duration::from_millis(1500)),
            ..of_io
        }));
    }
    for proxy in [ProxyEvidence::Refused(407), ProxyEvidence::NotHttp] {
        let of_proxy = transport(TransportErrorKind::Proxy, None);
        check(Outcome::Transport(TransportEvidence { proxy: Some(proxy), ..of_proxy }));
    }
    for request in [
        RequestFault::NoHost,
        RequestFault::UnknownScheme,
        RequestFault::UserName,
        RequestFault::InvalidPort,
        RequestFault::PlainHttp,
        RequestFault::NoTransport,
    ] {
        let of_request = transport(TransportErrorKind::Request, None);
        check(Outcome::Transport(TransportEvidence { request: Some(request), ..of_request }));
    }
    for awaited in
        [Awaited::NameLookup, Awaited::Connection, Awaited::Proxy, Awaited::TlsHandshake, Awaited::Response]
    {
        let late = transport(TransportErrorKind::ConnectTimeout, None);
        check(Outcome::Transport(TransportEvidence { awaited: Some(awaited), ..late }));
    }
    let large = transport(TransportErrorKind::TooLarge, None);
    check(Outcome::Transport(TransportEvidence { body_limit: Some(9), ..large }));
    for tls in [
        TlsEvidence::WrongName { wanted: text(), presented: vec![text(), "*.b".to_owned()] },
        TlsEvidence::UnknownIssuer,
        TlsEvidence::SelfSigned,
        TlsEvidence::Expired { now: Some(time(9)), not_after: Some(time(5)) },
        TlsEvidence::Expired { now: None, not_after: None },
        TlsEvidence::NotYetValid { now: Some(time(5)), not_before: Some(time(9)) },
        TlsEvidence::Revoked,
        TlsEvidence::BadCertificate { reason: text() },
        TlsEvidence::Alert { name: "HandshakeFailure".to_owned() },
        TlsEvidence::NothingInCommon { reason: text() },
        TlsEvidence::NotTls,
        TlsEvidence::Ended,
        TlsEvidence::NoRoots,
        TlsEvidence::Other { reason: text() },
    ] {
        check(Outcome::Transport(transport(TransportErrorKind::Tls, Some(tls))));
    }
}

#[track_caller]
fn refused(json: &str, expected: &str) {
    assert_eq!(Evidence::from_json(json).unwrap_err().to_string(), expected);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let json = evidence(Outcome::Service(Box::default())).to_json();
    assert_eq!(Evidence::from_json(&format!("\u{feff}{json}")).unwrap().to_json(), json);
}

#[test]
fn what_is_wrong_is_named() {
    let json =
        evidence(Outcome::Service(Box::new(Refused { response: response(b"{}"), ..Refused::default() })))
            .to_json();
    let with = |from: &str, to: &str, expected: &str| {
        assert!(json.contains(from), "{json}");
        refused(&json.replacen(from, to, 1), expected);
    };
    refused("", "not JSON: EOF while parsing a value at line 1 column 0");
    refused("[]", "must be an object, not []");
    refused("{}", "format: must be \"gatewright-exchange\": not a saved exchange");
    with(
        "\"version\": 1",
        "\"version\": 2",
        "version: 2, but this library reads version 1; use the one that wrote it",
    );
    with("\"operation\"", "\"operations\"", "operation: missing");
    with(
        "\"status\": 403",
        "\"status\": 70000",
        "response.status: must be a whole number in its range, not 70000",
    );
    with(
        "\"status\": 403",
        "\"status\": \"403\"",
        "response.status: must be a whole number in its range, not \"403\"",
    );
    with("\"date\"", "7", "response.headers[0].name: must be a string, not 7");
    with("\"is_exact\": true", "\"is_exact\": 1", "response.body.is_exact: must be true or false, not 1");
    with(
        "\"form\": \"json\"",
        "\"form\": \"gif\"",
        "response.body.form: must be a form that this version knows, with its detail, not \"gif\"",
    );
    with("\"outcome\": \"service\"", "\"outcome\": \"transport\"", "transport: missing");
    with(
        "\"outcome\": \"service\"",
        "\"outcome\": \"lost\"",
        "outcome: must be succeeded, settings, input, credentials, hook, transport, service or response, not \"lost\"",
    );
    with(
        "2026-11-22",
        "2026-13-22",
        "response.received_at: must be a time like 2026-11-22T12:00:00Z, not \"2026-13-22T12:00:01.25Z\"",
    );
    refused(&"[".repeat(100_000), "not JSON: recursion limit exceeded at line 1 column 128");
    refused(&" ".repeat(MAX_BYTES + 1), "4194305 bytes, at most 4194304");
    let json = evidence(Outcome::Transport(transport(TransportErrorKind::Tls, Some(TlsEvidence::Revoked))))
        .to_json();
    refused(
        &json.replace("\"not_sent\"", "\"sent\""),
        "transport.reached: must be one of not_sent, stale_connection, stale_unsent, maybe_sent, not \"sent\"",
    );
    refused(
        &json.replace("\"revoked\"", "\"lost\""),
        "transport.tls.fault: must be a fault that this version knows, not \"lost\"",
    );
}

#[test]
fn what_was_not_known_may_be_missing() {
    let saved = evidence(Outcome::Input(Vec::new()));
    let json = saved.to_json().replacen("\"clock\"", "\"weather\"", 1);
    assert_eq!(Evidence::from_json(&json).unwrap(), Evidence { clock: None, ..saved.clone() });
    let without = Evidence { clock: None, ..saved };
    assert_eq!(Evidence::from_json(&without.to_json()).unwrap(), without);
    refused(
        &without.to_json().replacen("\"clock\": null", "\"clock\": {\"offset_seconds\": \"1 h\"}", 1),
        "clock.offset_seconds: must be a whole number, not \"1 h\"",
    );
}

#[test]
fn members_of_later_versions_are_ignored() {
    let saved = evidence(Outcome::Input(Vec::new()));
    let json = saved.to_json().replacen('{', "{\"weather\": [\"rain\"],", 1);
    assert_eq!(Evidence::from_json(&json).unwrap(), saved);
}

#[test]
fn an_omitted_body_is_noted() {
    let mut saved = evidence(Outcome::Input(Vec::new()));
    assert!(saved.to_json().contains("the request's body is omitted"));
    saved.request_body = Some("{\"Password\":\"p\"}".to_owned());
    let json = saved.to_json();
    assert!(!json.contains("omitted"));
    assert_eq!(Evidence::from_json(&json).unwrap(), saved);
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    let text = any::<String>;
    let maybe = || proptest::option::of(any::<String>());
    let responses = || {
        (any::<u16>(), maybe(), proptest::collection::vec((text(), text()), 0..3), any::<Vec<u8>>()).prop_map(
            |(status, request_id, headers, body)| ResponseEvidence {
                status,
                request_id,
                headers,
                body: Some(Body::of(&body)),
                incomplete: None,
                received_at: None,
            },
        )
    };
    prop_oneof![
        Just(Outcome::Input(Vec::new())),
        text().prop_map(|reason| Outcome::Settings { reason }),
        text().prop_map(|reason| Outcome::Hook { reason }),
        (text(), text(), text(), text()).prop_map(|(source, reason, why, what)| {
            let tried = SourceTried { source, reason, ..SourceTried::default() };
            Outcome::Credentials(vec![SourceTried { causes: vec![why], remedies: vec![what], ..tried }])
        }),
        (text(), proptest::collection::vec(text(), 0..3)).prop_map(|(peer, chain)| {
            let evidence = TransportEvidence::new(TransportErrorKind::Closed, Reached::MaybeSent, peer);
            Outcome::Transport(TransportEvidence { chain, ..evidence })
        }),
        (responses(), text()).prop_map(|(response, reason)| Outcome::Response { response, reason }),
        (responses(), maybe(), maybe(), maybe(), maybe(), maybe(), maybe()).prop_map(
            |(response, exception, code, message, details, target, authorization_scheme)| {
                let mut fault = Fault::new(exception, message).with_code(code);
                fault.details = details;
                Outcome::Service(Box::new(Refused {
                    response,
                    fault,
                    authorization_scheme,
                    target,
                    ..Refused::default()
                }))
            }
        ),
    ]
}

proptest! {
    #[test]
    fn whatever_is_saved_is_read_back(outcome in outcomes()) {
        let saved = evidence(outcome);
        let read = Evidence::from_json(&saved.to_json()).unwrap();
        proptest::prop_assert_eq!(&read, &saved);
        let explanation = read.explain(None);
        proptest::prop_assert!(!explanation.causes.is_empty() && !explanation.remedies.is_empty());
        check_lines(&explanation);
    }

    #[test]
    fn nothing_that_is_read_panics(json in any::<String>()) {
        let _ = Evidence::from_json(&json);
        let _ = Refused::of_text(&json);
    }
}
