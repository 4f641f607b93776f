//! Facts in the messages of services that refuse signatures.

use std::time::SystemTime;

use super::{
    finding::{ScopeFault, ScopeField},
    parse_message::{Message, quoted},
};
use crate::{mask::MASK, sign::parse_time};

/// `Signature expired: …` or `Signature not yet current: …`.
#[derive(Default)]
pub(super) struct Skew {
    pub(super) signed_at: Option<SystemTime>,
    pub(super) server_time: Option<SystemTime>,
    pub(super) allowed_seconds: Option<u64>,
    /// Whether the signature's time is in the service's future.
    pub(super) is_future: bool,
}

pub(super) fn skew(message: &Message) -> Option<Skew> {
    [("signature expired:", false), ("signature not yet current:", true)].into_iter().find_map(
        |(phrase, is_future)| {
            let rest = message.after(phrase).next()?;
            let signed_at = rest.split_whitespace().next().and_then(parse_time);
            let window = rest.split_once('(').map(|(_, window)| window).unwrap_or_default();
            let mut words = window.split([' ', ')']).filter(|word| !word.is_empty());
            let server_time = words.next().and_then(parse_time);
            let length = words.find_map(|word| word.parse::<u32>().ok());
            let unit = match words.next() {
                Some(unit) if unit.starts_with("sec") => 1,
                Some(unit) if unit.starts_with('h') => 3600,
                _ => 60,
            };
            let allowed_seconds = length.map(|length| u64::from(length) * unit);
            Some(Skew { signed_at, server_time, allowed_seconds, is_future })
        },
    )
}

/// Every part of the scope that the message rejects; `ours` only if the message repeats it.
pub(super) fn scope(message: &Message) -> Vec<ScopeFault> {
    let mut faults = Vec::new();
    let mut push = |field, ours: Option<&str>, theirs: Option<&str>| {
        let [ours, theirs] = [ours, theirs].map(|text| text.map(str::to_owned));
        faults.push(ScopeFault { field, ours, theirs });
    };
    if let Some(rest) = message.after("credential should be scoped to a valid region").next() {
        push(ScopeField::Region, rest.strip_prefix(", not '").and_then(quoted), None);
    }
    if let Some(rest) = message.after("credential should be scoped to correct service").next() {
        push(ScopeField::Service, None, rest.strip_prefix(": '").and_then(quoted));
    }
    if let Some(rest) = message.after("date in credential scope does not match").next() {
        let mut quotes = rest.split('\'').skip(1).step_by(2);
        push(ScopeField::Date, quotes.next(), quotes.next());
    }
    if let Some(rest) = message.after("credential should be scoped with a valid terminator").next() {
        let mut quotes = rest.split('\'').skip(1).step_by(2);
        let theirs = quotes.next();
        push(ScopeField::Terminator, quotes.next(), theirs);
    }
    // As Amazon S3 says it.
    if message.says("the region ")
        && let Some(theirs) = message.after(" is wrong; expecting '").next().and_then(quoted)
    {
        push(ScopeField::Region, message.after("the region '").next().and_then(quoted), Some(theirs));
    }
    if let Some(rest) = message.after("incorrect service \"").next() {
        let mut quotes = rest.split('"').step_by(2);
        push(ScopeField::Service, quotes.next(), quotes.next());
    }
    if let Some(rest) = message.after("credential must have exactly").next() {
        let got = rest.split_once("got '").and_then(|(_, got)| quoted(got)).map(without_key_id);
        push(ScopeField::Shape, got.as_deref(), None);
    }
    faults
}

/// A credential with no more than four characters of the access key id before the first slash.
fn without_key_id(credential: &str) -> String {
    let (key_id, scope) = credential.split_once('/').unwrap_or((credential, ""));
    let prefix: String = key_id.chars().take(4).collect();
    let slash = if credential.contains('/') { "/" } else { "" };
    format!("{prefix}***{slash}{scope}")
}

/// What is wrong with the form of an authorization.
pub(super) struct Malformed {
    /// Parts that are missing.
    pub(super) missing: Vec<String>,
    /// Parts that cannot be read, as sentences without their values.
    pub(super) unreadable: Vec<&'static str>,
    /// The scheme of the authorization, or a token without one, if the message repeats it: must be masked when shown.
    pub(super) scheme: Option<String>,
    /// Whether the authorization has parts without an equals sign.
    pub(super) has_no_pairs: bool,
    /// Whether a space separates the access key id from its scope.
    pub(super) key_id_has_blank: bool,
    /// Whether the value begins with the header's name.
    pub(super) repeats_name: bool,
}

pub(super) fn malformed(message: &Message) -> Option<Malformed> {
    const NO_PAIRS: &str = "the authorization has a part without an equals sign";
    const UNREADABLE: [(&str, &str); 5] = [
        ("not a valid key=value pair", NO_PAIRS),
        ("invalid key=value pair", NO_PAIRS),
        (
            "unsupported aws 'algorithm'",
            "the authorization names an algorithm that the service does not know",
        ),
        ("date must be in iso-8601 'basic format'", "the time does not have the form 20120910T000000Z"),
        (
            "found both 'x-amz-algorithm' as a query-string param",
            "the query and the Authorization header both have a signature",
        ),
    ];
    let mut missing = Vec::new();
    for rest in message.after("authorization header requires '") {
        missing.extend(quoted(rest).map(|name| format!("{name} in Authorization")));
    }
    if message.says("authorization header requires existence of either") {
        missing.push("X-Amz-Date or Date header".to_owned());
    }
    for rest in message.after("query-string parameters must include '") {
        missing.extend(quoted(rest).map(|name| format!("{name} in the query")));
    }
    if let Some(before) = message.before("must be a 'signedheader'") {
        let sentence = before.rsplit(". ").next().unwrap_or_default();
        let name = sentence.split('\'').nth(1).unwrap_or("host").to_ascii_lowercase();
        missing.push(format!("{name} in SignedHeaders"));
    }
    let unreadable: Vec<_> =
        UNREADABLE.into_iter().filter(|(phrase, _)| message.says(phrase)).map(|(_, said)| said).collect();
    if missing.is_empty() && unreadable.is_empty() {
        return None;
    }
    let repeats_name = message.says("in authorization header: 'authorization: ");
    let repeated = ["in authorization header: '", "authorization="].into_iter();
    let scheme = repeated.filter_map(|phrase| message.after(phrase).next()?.split([' ', '\'']).next());
    // A masked one shows nothing.
    let scheme = scheme.filter(|scheme| !scheme.is_empty() && *scheme != MASK && !repeats_name);
    let scheme = scheme.map(str::to_owned).next();
    let key_id_has_blank = message.after("credential=").any(|credential| {
        let mut words = credential.split([' ', ',']);
        let [id, scope] = [words.next(), words.next()].map(Option::unwrap_or_default);
        !id.contains('/') && scope.contains('/') && scope.ends_with("/aws4_request")
    });
    let has_no_pairs = unreadable.contains(&NO_PAIRS);
    Some(Malformed { missing, unreadable, scheme, has_no_pairs, key_id_has_blank, repeats_name })
}
