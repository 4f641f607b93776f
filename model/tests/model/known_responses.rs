//! Known responses that more than a name identifies, and the errors for broken ones.

use gatewright_model::{ResponseCondition, Service};
use insta::assert_snapshot;
use serde_json::json;

use crate::fixture::Model;

#[track_caller]
fn broken(break_it: impl FnOnce(&mut Model)) -> String {
    let mut model = Model::whole();
    break_it(&mut model);
    model.faults()
}

#[test]
fn conditions_are_resolved() {
    let known = Service::parse(&Model::whole().sources()).unwrap().known_responses.unwrap();
    assert_eq!(known.sources[1].headers, [("x-ship-*".to_owned(), "*".to_owned())]);
    let fog = &known.entries[1];
    assert_eq!(fog.when[1], [ResponseCondition::Otherwise, ResponseCondition::Status(vec![5])]);
    assert_eq!(known.entries[0].when[1].len(), 12);
    let mut model = Model::whole();
    model.known_responses = json!(null);
    assert_eq!(Service::parse(&model.sources()).unwrap().known_responses, None);
}

#[test]
fn references() {
    let when = |key: &str, value| broken(|m| m.response("berth-taken")["when"][0][key] = value);
    assert_snapshot!(when("by", json!(["harbour-mister"])), @r#"known-responses.json: berth-taken.when[0].by[0]: unknown source "harbour-mister", did you mean "harbour-master"?"#);
    assert_snapshot!(when("host", json!(["quay"])), @r#"known-responses.json: berth-taken.when[0].host[0]: unknown form "quay", add it or correct the name"#);
    assert_snapshot!(when("other_account", json!(["shop", "owner"])), @r#"known-responses.json: berth-taken.when[0].other_account: unknown part "shop", did you mean "ship"?"#);
    assert_snapshot!(when("other_account", json!(["ship"])), @"known-responses.json: known_responses[0].when[0].other_account: invalid length: 1, expected a list of 2 items");
    assert_snapshot!(when("other_account", json!(["ship", "owner", "captain"])), @"known-responses.json: known_responses[0].when[0].other_account: invalid length: 3, expected a list of 2 items");
    assert_snapshot!(when("other_account", json!("ship")), @r#"known-responses.json: known_responses[0].when[0].other_account: invalid type: string "ship", expected a list of 2 items"#);
    assert_snapshot!(when("status", json!([6])), @"known-responses.json: berth-taken.when[0].status[0]: 6 is not a status, expected 100 to 599, or 4 for all of 4xx");
    assert_snapshot!(when("sent", json!(["X-Flag"])), @r#"known-responses.json: berth-taken.when[0].sent[0]: "X-Flag" is not the name of a header in lower case, correct it"#);
    assert_snapshot!(broken(|m| m.response("fog")["causes"] = json!(["{ship} is lost."])), @r#"known-responses.json: fog.causes[0]: unknown part "ship", add it or correct the name"#);
    let blow = json!([{"service": "wind", "operation": "Blow", "input": {"From": "{ship}"}}]);
    assert_snapshot!(broken(|m| m.response("fog")["repairs"] = blow), @r#"known-responses.json: fog.repairs[0].input.From: unknown part "ship", add it or correct the name"#);
    assert_snapshot!(broken(|m| m.known_responses["known_responses"][1]["id"] = json!("berth-taken")), @r#"known-responses.json: known_responses[1]: "berth-taken" is listed twice, remove or rename one"#);
}

#[test]
fn patterns() {
    let message = |text: &str| broken(|m| m.response("fog")["when"][0]["path"] = json!([text]));
    assert_snapshot!(message("/{"), @"known-responses.json: fog.when[0].path[0]: has an unmatched brace, or a part that is not a lower-case word");
    assert_snapshot!(message("/{A}"), @"known-responses.json: fog.when[0].path[0]: has an unmatched brace, or a part that is not a lower-case word");
    assert_snapshot!(message("/}"), @"known-responses.json: fog.when[0].path[0]: has an unmatched brace, or a part that is not a lower-case word");
    assert_snapshot!(message("{a}*"), @"known-responses.json: fog.when[0].path[0]: has two wildcards side by side, put text between them");
}

#[test]
fn what_is_due() {
    assert_snapshot!(broken(|m| m.response("fog")["when"] = json!([])), @"known-responses.json: fog.when: is empty, add conditions that identify the response");
    assert_snapshot!(broken(|m| m.response("fog")["when"] = json!([{"note": "always"}])), @"known-responses.json: fog.when[0]: matches every response, add a condition");
    assert_snapshot!(broken(|m| m.response("fog")["remedies"] = json!([])), @"known-responses.json: fog.remedies: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| m.response("fog")["doc"] = json!(" ")), @"known-responses.json: fog.doc: is missing or empty, fill it in");
    assert_snapshot!(broken(|m| m.known_responses["sources"][0]["headers"] = json!({})), @"known-responses.json: sources[0]: has no headers to identify it, add some");
}

#[test]
fn examples_are_completed() {
    let known = Service::parse(&Model::whole().sources()).unwrap().known_responses.unwrap();
    let [taken, fog] = known.entries.as_slice() else { panic!("two entries") };
    assert_eq!(fog.example, None);
    let example = taken.example.as_ref().unwrap();
    let headers = [("x-amzn-errortype", "BerthTaken"), ("x-berth", "taken"), ("x-harbour", "{id}")];
    assert_eq!(example.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!((example.status, example.message.as_deref()), (403, Some("Taken by Nautilus")));
}

#[test]
fn examples_fit_their_own_entry() {
    let check = |key: &str, value, expected: &str| {
        let faults = broken(|m| m.response("berth-taken")["example"][key] = value);
        assert_eq!(faults, format!("known-responses.json: berth-taken.example{expected}"));
    };
    check("status", json!(500), ": does not match `when`: its status is 500");
    check("type", json!("Full"), ": does not match `when`: its type is Full");
    check("message", json!("Taken"), ": does not match `when`: its message is Taken");
    check("by", json!("ship"), ": does not match `when`: its headers match no source");
    check("by", json!("shop"), ".by: unknown source \"shop\", did you mean \"ship\"?");
    let no_message =
        |m: &mut Model| drop(m.response("berth-taken")["example"].as_object_mut().unwrap().remove("message"));
    assert_snapshot!(broken(no_message), @"known-responses.json: berth-taken.example: does not match `when`: its message is missing");
    for (key, expected) in [("message", "a string"), ("headers", "an object"), ("request", "an object")] {
        assert_eq!(
            broken(|m| m.response("berth-taken")["example"][key] = json!(null)),
            format!(
                "known-responses.json: known_responses[0].example.{key}: invalid type: null, expected {expected}"
            )
        );
    }
    assert_snapshot!(broken(|m| m.response("berth-taken")["when"][0]["status"] = json!([4])), @"known-responses.json: berth-taken.example.status: is missing, and `when` names no single status; add it");
    assert_snapshot!(broken(|m| m.response("fog")["example"] = json!({"status": 500})), @"known-responses.json: fog.example: is the example of a failure without a response, remove it");
}

/// Conditions about the request, too.
#[test]
fn examples_have_the_request_that_their_entry_asks_for() {
    let taken = |when: serde_json::Value| {
        move |m: &mut Model| {
            let request = json!({
                "host": "a.example", "path": "/berths/7", "sent": ["x-flag"], "caller": "111122223333", "owner": "********3333"
            });
            let own = json!({"status": 403, "message": "Taken by Nautilus", "request": request});
            for (key, value) in [("when", json!([when])), ("remedies", json!(["Wait."])), ("example", own)] {
                m.response("berth-taken")[key] = value;
            }
        }
    };
    for (key, fits, other, why) in [
        (
            "same_account",
            json!(["owner", "principal"]),
            json!(["ship", "owner"]),
            "accounts of ship and owner do not match",
        ),
        ("host", json!(["other"]), json!([]), ""),
        ("not_host", json!([]), json!(["other"]), "request's host is other"),
        ("method", json!(["GET"]), json!(["PUT"]), "method is GET"),
        ("path", json!(["/berths/*"]), json!(["/piers/*"]), "request's path is different"),
        ("content_type", json!([]), json!(["text/*"]), "request's content type is different"),
        ("sent", json!(["x-flag"]), json!(["x-pilot"]), "request lacks x-pilot"),
        ("unsent", json!(["x-pilot"]), json!(["x-flag"]), "request has x-flag"),
        ("request", json!(["signed"]), json!(["private-address"]), "request is not marked PrivateAddress"),
        (
            "other_account",
            json!(null),
            json!(["owner", "principal"]),
            "accounts of owner and principal do not match",
        ),
    ] {
        let when = |value| taken(json!({"message": ["Taken by {ship}"], key: value}));
        if !fits.is_null() {
            let mut model = Model::whole();
            when(fits)(&mut model);
            Service::parse(&model.sources()).unwrap_or_else(|faults| panic!("{key}: {faults}"));
        }
        if !why.is_empty() {
            let expected =
                format!("known-responses.json: berth-taken.example: does not match `when`: its {why}");
            assert_eq!(broken(when(other)), expected, "{key}");
        }
    }
}
