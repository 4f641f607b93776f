//! Certificates that have expired or are not valid yet.

use std::time::{Duration, SystemTime};

use super::super::{advice::Advice, peer};
use crate::time::Timestamp;
use crate::wire::Peer;

/// The first of November 2026. No correct clock shows an earlier time.
const WRITTEN: Duration = Duration::from_hours(20_758 * 24);

pub(super) fn expired(now: Option<SystemTime>, not_after: Option<SystemTime>, peer: &Peer) -> Advice {
    let advice = Advice::new(match span(not_after, now) {
        Some(span) => format!("the certificate expired {span} ago, by this machine's clock"),
        None => "the certificate has expired".to_owned(),
    });
    let advice = with_limit(advice, "the certificate was valid until", not_after, now);
    let clock = "This machine's clock is ahead.";
    let renewal = "The certificate was not renewed in time, or the server was not restarted after it was.";
    let advice = if peer::is_aws(peer) {
        advice
            .cause(clock)
            .cause("A proxy that inspects TLS presents an old certificate instead of the service's.")
            .cause(renewal)
    } else {
        advice.cause(renewal).cause(clock)
    };
    advice.remedy("Compare this machine's clock with another, and enable time synchronization.").remedy(
        "If the clock is right, ask the operator of the server (or the proxy) to renew its certificate.",
    )
}

pub(super) fn not_yet_valid(now: Option<SystemTime>, not_before: Option<SystemTime>) -> Advice {
    let advice = Advice::new(match span(now, not_before) {
        Some(span) => format!("the certificate becomes valid in {span}, by this machine's clock"),
        None => "the certificate is not valid yet".to_owned(),
    });
    let advice = with_limit(advice, "the certificate is valid from", not_before, now);
    let is_surely_behind = now.is_some_and(|now| now < SystemTime::UNIX_EPOCH + WRITTEN);
    let advice = if is_surely_behind {
        advice.cause("This machine's clock is behind: it shows a day before this library was written.")
    } else {
        advice
            .cause("This machine's clock is behind.")
            .cause("The certificate was issued by a machine whose clock is ahead, or for later use.")
    };
    advice
        .remedy("Set this machine's clock, and enable time synchronization.")
        .when(!is_surely_behind, |advice| {
            advice.remedy("If the clock is right, wait, or have the certificate issued again.")
        })
}

fn with_limit(advice: Advice, what: &str, limit: Option<SystemTime>, now: Option<SystemTime>) -> Advice {
    let (Some(limit), Some(now)) = (limit, now) else { return advice };
    advice
        .fact(format!("{what} {}", Timestamp::from(limit)))
        .fact(format!("this machine's clock shows {}", Timestamp::from(now)))
}

/// The time between two moments, in the unit that suits.
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
