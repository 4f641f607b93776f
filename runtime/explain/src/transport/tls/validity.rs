//! Certificates that have expired or are not valid yet.

use std::time::{Duration, SystemTime};

use super::super::{advice::Advice, peer};
use crate::{tables::failures, time::Timestamp, wire::Peer};

/// The first of November 2026. No correct clock shows an earlier time.
const WRITTEN: Duration = Duration::from_secs(20_758 * 24 * 60 * 60);

pub(super) fn expired(now: Option<SystemTime>, not_after: Option<SystemTime>, peer: &Peer) -> Advice {
    let expired = match span(not_after, now) {
        Some(span) => format!("expired {span} ago, by this machine's clock"),
        None => "has expired".to_owned(),
    };
    let text = if peer::is_aws(peer) { &failures::EXPIRED_OF_CLOUD } else { &failures::EXPIRED };
    let advice = Advice::with(text, peer, &[("expired", &expired)]);
    with_limit(advice, "the certificate was valid until", not_after, now)
}

pub(super) fn not_yet_valid(now: Option<SystemTime>, not_before: Option<SystemTime>, peer: &Peer) -> Advice {
    let begins = match span(now, not_before) {
        Some(span) => format!("becomes valid in {span}, by this machine's clock"),
        None => "is not valid yet".to_owned(),
    };
    let is_surely_behind = now.is_some_and(|now| now < SystemTime::UNIX_EPOCH + WRITTEN);
    let text = if is_surely_behind { &failures::CLOCK_FAR_BEHIND } else { &failures::NOT_YET_VALID };
    let advice = Advice::with(text, peer, &[("begins", &begins)]);
    with_limit(advice, "the certificate is valid from", not_before, now)
}

fn with_limit(advice: Advice, what: &str, limit: Option<SystemTime>, now: Option<SystemTime>) -> Advice {
    let (Some(limit), Some(now)) = (limit, now) else { return advice };
    advice
        .fact(format!("{what} {}", Timestamp::from(limit)))
        .fact(format!("this machine's clock shows {}", Timestamp::from(now)))
}

/// The time between two moments, in a suitable unit.
fn span(from: Option<SystemTime>, to: Option<SystemTime>) -> Option<String> {
    let seconds = to?.duration_since(from?).ok()?.as_secs();
    let (count, unit) = match seconds {
        0..120 => (seconds, "seconds"),
        120..7_200 => (seconds / 60, "minutes"),
        7_200..172_800 => (seconds / 3_600, "hours"),
        172_800..63_072_000 => (seconds / 86_400, "days"),
        _ => (seconds / 31_557_600, "years"),
    };
    Some(format!("{count} {unit}"))
}
