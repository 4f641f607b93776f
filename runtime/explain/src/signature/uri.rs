//! Comparison of paths and queries by their meaning.

use std::collections::BTreeMap;

use super::{
    masked::{hidden, is_mask, may_be_same},
    verdict::{Hint, Verdict},
};
use crate::{mask::is_secret, percent::decode};

/// Rounds of percent-decoding; only malicious texts have more.
const DECODINGS: usize = 8;

/// The meaning of a difference between paths.
pub(super) fn compare_paths(ours: &str, theirs: &str) -> (Verdict, Option<Hint>) {
    let [once_ours, once_theirs] = [ours, theirs].map(|path| decode(path.as_bytes(), false));
    if once_theirs == ours.as_bytes() {
        (Verdict::PathEncoding, Some(Hint::EncodeWirePathOnceMore))
    } else if once_ours == theirs.as_bytes() || decode_fully(ours, false) == decode_fully(theirs, false) {
        (Verdict::PathEncoding, Some(Hint::EncodeWirePathExactlyOnce))
    } else if segments(ours) == segments(theirs) {
        (Verdict::PathNormalisation, None)
    } else if is_suffix(ours, theirs) || is_suffix(theirs, ours) {
        (Verdict::PathChanged, Some(Hint::StageOrBasePath))
    } else {
        (Verdict::PathChanged, None)
    }
}

/// The segments without empty and dot segments.
fn segments(path: &str) -> Vec<&str> {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    segments
}

fn is_suffix(long: &str, short: &str) -> bool {
    short.starts_with('/') && long.ends_with(short)
}

/// How two queries differ.
pub(super) struct QueryDifference {
    pub(super) verdict: Verdict,
    pub(super) parameter: Option<String>,
    pub(super) missing: Vec<String>,
    pub(super) added: Vec<String>,
}

/// The meaning of a difference between queries.
pub(super) fn compare_queries(ours: &str, theirs: &str) -> QueryDifference {
    let [ours, theirs] =
        [ours, theirs].map(|query| query.split('&').filter(|pair| !pair.is_empty()).collect());
    let (mut missing, mut added): (Vec<&str>, Vec<&str>) = cancel(ours, theirs, str::to_owned);
    let all_arrived = missing.is_empty() && added.is_empty();
    let parameter = missing.first().or(added.first()).map(|pair| name(pair));

    // Remove pairs that differ only in their encoding, from the likeliest to the least likely.
    (missing, added) = cancel(missing, added, |pair| split(pair).map(|part| decode(part.as_bytes(), true)));
    (missing, added) = cancel(missing, added, |pair| split(pair).map(|part| decode(part.as_bytes(), false)));
    (missing, added) = cancel(missing, added, |pair| split(pair).map(|part| decode_fully(part, true)));

    let verdict = match (all_arrived, missing.is_empty() && added.is_empty()) {
        (true, _) => Verdict::QueryOrder,
        (false, true) => Verdict::QueryEncoding,
        (false, false) => Verdict::QueryChanged,
    };
    let parameter = match verdict {
        Verdict::QueryChanged => missing.first().or(added.first()).map(|pair| name(pair)),
        _ => parameter,
    };
    let [missing, added] = [missing, added].map(|pairs| pairs.into_iter().map(masked_pair).collect());
    QueryDifference { verdict, parameter, missing, added }
}

/// Removes pairs of items with the same key, one from each side, and returns the rest.
fn cancel<'a, K: Ord>(
    ours: Vec<&'a str>,
    theirs: Vec<&'a str>,
    key: impl Fn(&str) -> K,
) -> (Vec<&'a str>, Vec<&'a str>) {
    let mut counts: BTreeMap<K, usize> = BTreeMap::new();
    for pair in &theirs {
        *counts.entry(key(pair)).or_default() += 1;
    }
    let mut matched: BTreeMap<K, usize> = BTreeMap::new();
    let mut take = |pair: &str| {
        let key = key(pair);
        let Some(count) = counts.get_mut(&key).filter(|count| **count > 0) else { return false };
        *count -= 1;
        *matched.entry(key).or_default() += 1;
        true
    };
    let ours = ours.into_iter().filter(|pair| !take(pair)).collect();
    let mut untake = |pair: &str| {
        let Some(count) = matched.get_mut(&key(pair)).filter(|count| **count > 0) else { return true };
        *count -= 1;
        false
    };
    let theirs = theirs.into_iter().filter(|pair| untake(pair)).collect();
    (ours, theirs)
}

/// Name and value; a bare name has an empty value.
fn split(pair: &str) -> [&str; 2] {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    [name, value]
}

fn name(pair: &str) -> String {
    String::from_utf8_lossy(&decode(split(pair)[0].as_bytes(), false)).into_owned()
}

/// The query with its secrets masked.
pub(super) fn masked_query(query: &str) -> String {
    query.split('&').map(masked_pair).collect::<Vec<_>>().join("&")
}

fn masked_pair(pair: &str) -> String {
    let [name_as_is, value] = split(pair);
    if is_secret(&name(pair)) { format!("{name_as_is}={}", hidden(value)) } else { pair.to_owned() }
}

/// Masks secrets in both queries if one query has them masked, so that they do not count as different.
pub(super) fn align_masks(ours: &str, theirs: &str) -> (String, String) {
    let [our_secrets, their_secrets] = [ours, theirs].map(secrets);
    let masked = |name: &str| match (our_secrets.get(name), their_secrets.get(name)) {
        (Some(ours), Some(theirs)) => ours != theirs && may_be_same(ours, theirs),
        (ours, theirs) => ours.or(theirs).is_some_and(|value| is_mask(value)),
    };
    let align = |query: &str| {
        let pairs = query.split('&').map(|pair| match secret(pair) {
            Some((name, _)) if masked(&name) => format!("{}=***", split(pair)[0]),
            _ => pair.to_owned(),
        });
        pairs.collect::<Vec<_>>().join("&")
    };
    (align(ours), align(theirs))
}

fn secrets(query: &str) -> BTreeMap<String, String> {
    query.split('&').filter_map(secret).collect()
}

/// Decoded name (in lower case) and value of a pair, if the value is a secret.
fn secret(pair: &str) -> Option<(String, String)> {
    let decoded = |text: &str| String::from_utf8_lossy(&decode(text.as_bytes(), false)).into_owned();
    let [name, value] = split(pair).map(decoded);
    is_secret(&name).then(|| (name.to_lowercase(), value))
}

fn decode_fully(text: &str, plus: bool) -> Vec<u8> {
    let mut decoded = decode(text.as_bytes(), plus);
    for _ in 1..DECODINGS {
        let next = decode(&decoded, false);
        if next.len() == decoded.len() {
            break;
        }
        decoded = next;
    }
    decoded
}

/// The text after one round of percent-decoding.
pub(crate) fn percent_decoded(text: &str) -> String {
    String::from_utf8_lossy(&decode(text.as_bytes(), false)).into_owned()
}
