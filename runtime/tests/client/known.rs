//! Retries and explanations know an error by the same lookup.

use std::collections::BTreeSet;

use gatewright_runtime::{
    Category, Error, Service as _,
    explain::{Evidence, KnownBy, KnownError},
};
use serde_json::json;

use crate::{
    OK,
    drivers::Driver,
    move_,
    stage::{Act, List, Name, Stage, client},
};

const EXCEPTIONS: [Option<&str>; 8] = [
    None,
    Some("SomethingNew"),
    Some("BadRequest"),
    Some("ns#Slow:uri"),
    Some("ThrottlingException"),
    Some("AccessDeniedException"),
    Some("InternalFailure"),
    Some("ServiceQuotaExceededException"),
];
const CODES: [Option<&str>; 6] = [
    None,
    Some("Strange"),
    Some("NoProp"),
    Some("Rush.Hour"),
    Some("ThrottlingException"),
    Some("RequestTimeout"),
];
const MESSAGES: [Option<&str>; 8] = [
    None,
    Some(""),
    Some("No."),
    Some("No such prop."),
    Some("Rate exceeded"),
    Some("2 of 3 done: rate exceeded"),
    Some("Prop limit exceeded"),
    Some("Access denied"),
];
const STATUSES: [u16; 6] = [400, 403, 429, 500, 501, 503];

/// A body that a script can hold.
fn body(exception: Option<&str>, code: Option<&str>, message: Option<&str>) -> &'static str {
    let error = code.map(|code| json!({ "errorCode": code }));
    let body = json!({ "__type": exception, "message": message, "error": error });
    Box::leak(body.to_string().into_boxed_str())
}

/// Whether a call that meets this once is made again, and the error of one that may not be.
fn meet(act: &Act, call_changes: bool) -> (bool, Error<Name>) {
    let again = |acts: Vec<Act>, attempts| {
        let (client, script) = client(acts);
        let made = if call_changes {
            Driver::Blocking.make(client.call(move_()).max_attempts(attempts)).map(drop)
        } else {
            Driver::Blocking.make(client.call(List::default()).max_attempts(attempts)).map(drop)
        };
        (script.attempts() == 2, made)
    };
    let (is_retried, made) = again(vec![act.clone(), OK], 2);
    assert_eq!(is_retried, made.is_ok(), "{act:?}");
    (is_retried, again(vec![act.clone()], 1).1.unwrap_err())
}

#[test]
fn retries_and_explanations_agree_on_every_error() {
    let mut seen = BTreeSet::new();
    for exception in EXCEPTIONS {
        for code in CODES {
            for message in MESSAGES {
                for status in STATUSES {
                    let act = Act::Respond(status, body(exception, code, message));
                    let (reads, error) = meet(&act, false);
                    let (changes, _) = meet(&act, true);
                    let known = agrees(&error, reads, &act);
                    seen.insert(known.map(|known| format!("{:?}", known.by)));
                    // What may have been executed is repeated by operations that only read.
                    let is_proof = status == 503
                        || known.map_or(status == 429, |known| {
                            known.category == Category::Throttling
                                && (known.by != KnownBy::MessagePart || status == 429)
                        });
                    assert_eq!(changes, reads && is_proof, "{act:?} {known:?}");
                }
            }
        }
    }
    // Every way of recognition was tried.
    let ways = [
        "Code",
        "CodeFamily",
        "CodeMessage",
        "CommonCode",
        "CommonException",
        "Exception",
        "Message",
        "MessagePart",
    ];
    let ways = ways.into_iter().map(|way| Some(way.to_owned())).chain([None]);
    assert_eq!(seen, ways.collect());
}

/// What the explanation says follows from the same entry as whether the call was made again.
fn agrees(error: &Error<Name>, is_retried: bool, act: &Act) -> Option<KnownError> {
    let evidence = error.evidence();
    let known = evidence.known_error(Some(Stage::INFO));
    let status = error.metadata().unwrap().status().as_u16();
    let by_status = matches!(status, 429 | 500 | 503);
    let is_passing = match known.map(|known| known.category) {
        Some(Category::Throttling | Category::Transient) => true,
        Some(Category::Server) | None => by_status,
        Some(_) => false,
    };
    assert_eq!(is_retried, is_passing, "{act:?} {known:?}");
    // What the error says of itself follows from the same entry, too.
    assert_eq!(error.is_throttling() || error.is_transient(), is_retried, "{act:?} {known:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    if let Some(KnownError { category, .. }) = known {
        assert!(error.category() == Some(category) || category == Category::Server, "{act:?}");
    }
    let explanation = evidence.explain(Some(Stage::INFO));
    if let Some(entry) = known.and_then(|known| known.error) {
        // Of what is about access, the signature may say more.
        if !entry.category.is_about_identity() {
            assert_eq!(explanation.causes, entry.causes, "{act:?}");
            assert_eq!(explanation.remedies, entry.remedies, "{act:?}");
        }
    } else if status == 429 {
        assert!(explanation.causes.iter().any(|cause| cause.contains("faster than")), "{explanation}");
    } else if status == 503 {
        assert!(explanation.causes.iter().any(|cause| cause.contains("overloaded")), "{explanation}");
    }
    // What was kept explains itself by the same lookup.
    let kept = Evidence::from_json(&evidence.to_json()).unwrap();
    assert_eq!(kept.known_error(Some(Stage::INFO)), known, "{act:?}");
    known
}

#[test]
fn an_error_is_known_by_its_most_specific_name() {
    let known = |exception, code, message| {
        let act = Act::Respond(400, body(exception, code, message));
        let known = meet(&act, false).1.evidence().known_error(Some(Stage::INFO));
        known.map(|known| (known.name, known.by))
    };
    for (exception, code, message, expected) in [
        (Some("BadRequest"), Some("NoProp"), None, ("NoProp", KnownBy::Code)),
        (
            Some("SomethingNew"),
            Some("ThrottlingException"),
            None,
            ("ThrottlingException", KnownBy::CommonCode),
        ),
        (Some("BadRequest"), Some("Throttling"), None, ("ThrottlingException", KnownBy::CommonCode)),
        (Some("BadRequest"), Some("Rush.Hour"), None, ("Rush", KnownBy::CodeFamily)),
        (Some("Slow"), Some("Strange"), Some("Access denied"), ("Slow", KnownBy::Exception)),
        (Some("SlowDown"), Some("Strange"), None, ("SlowDown", KnownBy::CommonException)),
        (Some("NoProp"), None, None, ("NoProp", KnownBy::Code)),
        (Some("ns#Rush.Hour:uri"), Some("Strange"), None, ("Rush", KnownBy::CodeFamily)),
        (Some("BadRequest"), None, Some("no such prop"), ("NoProp", KnownBy::CodeMessage)),
        (Some("SomethingNew"), None, Some("Rate exceeded"), ("ThrottlingException", KnownBy::Message)),
    ] {
        assert_eq!(known(exception, code, message), Some(expected));
    }
    assert_eq!(known(Some("SomethingNew"), Some("Strange"), Some("No.")), None);
}
