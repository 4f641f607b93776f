//! Worked cases: every fact that is expected of each.

use std::time::SystemTime;

use gatewright_runtime::{
    explain::{
        Refused,
        signature::{Finding, Hint, ScopeFault, Side, SignedRequest, Verdict},
    },
    time::Timestamp,
};
use serde_json::{Map, Value, json};

use crate::stage::{date, explained};

#[test]
fn every_case_has_the_expected_facts() {
    let cases = cases();
    assert_eq!(cases.len(), 31);
    for case in &cases {
        check(case);
    }
}

#[test]
fn verdicts_have_identifiers_of_their_own() {
    let mut ids: Vec<_> = Verdict::ALL.iter().map(|verdict| verdict.as_str()).collect();
    assert_eq!(ids.len(), 28);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 28);
}

#[track_caller]
fn check(case: &Value) {
    let id = text(case, "id").expect("a case has an id");
    let (request, response) = (&case["request"], &case["response"]);
    let signed = signed(&case["signed"]);
    let owned = |of: &Value, key: &str| text(of, key).map(str::to_owned);
    let accepted = request["accepted_targets"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut refusal = Refused::default();
    refusal.signed = signed;
    refusal.authorization_scheme = owned(request, "scheme");
    refusal.target = owned(request, "target");
    refusal.accepted_targets = accepted.map(str::to_owned).collect();
    refusal.host = owned(request, "host");
    refusal.response.status =
        response["status"].as_u64().and_then(|status| status.try_into().ok()).unwrap_or_default();
    refusal.fault.exception = owned(response, "code");
    refusal.fault.message = owned(response, "message");
    date(&mut refusal, text(response, "date").map(time));
    refusal.response.received_at = text(response, "received_at").map(time);

    let (finding, explanation) = explained(&refusal);
    for (name, expected) in case["expected"].as_object().expect("facts are expected") {
        assert_eq!(&fact(&finding, name, expected), expected, "{id}: {name}\n{finding:#?}");
    }
    let shown = format!("{explanation}\n{finding:?}");
    for secret in ["IQoJb3JpZ2lu", "EXAMPLETOKEN", "OSFODNN7", "Bearer abc"] {
        assert!(!shown.contains(secret), "{id} shows {secret}\n{shown}");
    }
}

/// A fact by the name that the cases have for it.
fn fact(finding: &Finding, name: &str, expected: &Value) -> Value {
    let clock = finding.clock.clone().unwrap_or_default();
    let first = finding.differences.first();
    match name {
        "verdict" => json!(finding.verdict.as_str()),
        "hint" | "fix" => json!(finding.hint.map(Hint::as_str)),
        "ours" if expected.is_object() => scope(finding, |fault| fault.ours.as_deref()),
        "server" if expected.is_object() => scope(finding, |fault| fault.theirs.as_deref()),
        "ours" => json!(first.and_then(|difference| difference.ours.as_deref())),
        "server" => json!(first.and_then(|difference| difference.theirs.as_deref())),
        "fields" => finding.scope.iter().map(|fault| fault.field.as_str()).collect(),
        "header" => json!(finding.header()),
        "parameter" => json!(finding.parameter),
        "missing" => json!(finding.missing),
        "missing_at_server" => {
            finding.missing_at_server.iter().map(|pair| pair.split('=').next().unwrap_or_default()).collect()
        }
        "candidates" => finding.candidates.iter().map(|candidate| candidate.as_str()).collect(),
        "because" => json!(finding.because),
        "accepted" => json!(finding.accepted),
        "signature_ok" => json!(finding.signature_ok),
        "skew_seconds" => json!(clock.skew_seconds),
        "age_seconds" => json!(clock.age_seconds),
        "allowed_seconds" => json!(clock.allowed_seconds),
        "client_is" => json!(clock.client_is.map(Side::as_str)),
        "client_clock_ok" => json!(clock.client_clock_ok),
        "server_time" => {
            json!(clock.server_time.map(|time| stamp(&Timestamp::from(time).to_string())))
        }
        "next_fault" => finding.next_fault.as_ref().map_or(
            Value::Null,
            |next| json!({ "verdict": next.verdict.as_str(), "ours": next.ours, "sent": next.sent }),
        ),
        _ => json!("no finding has such a fact"),
    }
}

fn scope(finding: &Finding, side: impl Fn(&ScopeFault) -> Option<&str>) -> Value {
    let parts =
        finding.scope.iter().filter_map(|fault| Some((fault.field.as_str().to_owned(), json!(side(fault)?))));
    Value::Object(parts.collect::<Map<_, _>>())
}

fn signed(case: &Value) -> Option<SignedRequest> {
    Some(SignedRequest::from_texts(
        text(case, "canonical_request")?,
        text(case, "string_to_sign")?,
        text(case, "access_key_id")?,
        case["has_session_token"].as_bool()?,
    ))
}

fn cases() -> Vec<Value> {
    let mut file: Value =
        serde_json::from_str(include_str!("../data/signature-refusals.json")).expect("the file is JSON");
    serde_json::from_value(file["cases"].take()).expect("the file holds cases")
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value[name].as_str()
}

/// `2026-11-22T12:00:00Z` as `20261122T120000Z`.
fn stamp(date_time: &str) -> String {
    date_time.replace(['-', ':'], "")
}

fn time(stamp: &str) -> SystemTime {
    let [date, clock] = [&stamp[..8], &stamp[9..15]];
    let written = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &clock[..2],
        &clock[2..4],
        &clock[4..]
    );
    Timestamp::parse_date_time(&written).expect("the file holds times").into()
}
