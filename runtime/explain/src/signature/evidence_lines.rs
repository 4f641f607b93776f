//! Lines of evidence: differences, scope and clocks.

use super::finding::{Clock, Difference, Part, ScopeFault, Side};
use crate::time::Timestamp;

/// Characters that are shown of a value; of longer values, those around the first difference.
const SHOWN: usize = 160;
/// Smaller differences between clocks are not mentioned.
const NOTEWORTHY_SECONDS: u64 = 60;

/// What was signed and what the service has, in one line.
pub(super) fn difference(difference: &Difference) -> String {
    let Difference { what, ours, theirs, .. } = difference;
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => {
            let (ours, theirs) = around_difference(ours, theirs);
            (Some(ours), Some(theirs))
        }
        (ours, theirs) => (ours.as_deref().map(shown), theirs.as_deref().map(shown)),
    };
    let ours = ours.map_or("not signed".to_owned(), |ours| format!("signed {}", quote(&ours)));
    match (theirs, what) {
        (Some(theirs), _) => format!("{what}: {ours}, the service has {}", quote(&theirs)),
        (None, Part::Target) => format!("{what}: {ours}, not known to the service"),
        (None, _) => format!("{what}: {ours}, absent at the service"),
    }
}

pub(super) fn quote(text: &str) -> String {
    if text.is_empty() { "nothing".to_owned() } else { format!("`{text}`") }
}

/// Both values; long ones are cut to the characters around the first difference.
fn around_difference(ours: &str, theirs: &str) -> (String, String) {
    if ours.chars().count().max(theirs.chars().count()) <= SHOWN {
        return (shown(ours), shown(theirs));
    }
    let common = ours.chars().zip(theirs.chars()).take_while(|(ours, theirs)| ours == theirs).count();
    let start = common.saturating_sub(SHOWN / 4);
    let cut = |text: &str| {
        let rest: String = text.chars().skip(start).collect();
        if start > 0 { format!("…{}", shown(&rest)) } else { shown(&rest) }
    };
    (cut(ours), cut(theirs))
}

/// A value for one line of text.
pub(super) fn shown(value: &str) -> String {
    let mut characters = value.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    let mut shown: String = characters.by_ref().take(SHOWN).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

pub(super) fn pairs(title: &str, items: &[String]) -> Option<String> {
    /// Items that are shown.
    const LISTED: usize = 12;
    let mut listed: Vec<_> = items.iter().take(LISTED).map(|item| shown(item)).collect();
    if items.len() > LISTED {
        listed.push("…".to_owned());
    }
    (!items.is_empty()).then(|| format!("{title}: {}", listed.join(", ")))
}

pub(super) fn scope(fault: &ScopeFault) -> String {
    let ScopeFault { field, ours, theirs } = fault;
    let ours = ours.as_deref().map_or("invalid".to_owned(), |ours| format!("signed {}", quote(&shown(ours))));
    let theirs = theirs.as_deref().map_or("which the service does not accept".to_owned(), |theirs| {
        format!("the service expects {}", quote(&shown(theirs)))
    });
    format!("{} in the credential scope: {ours}, {theirs}", field.as_str())
}

pub(super) fn clock(clock: &Clock) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(offset) = clock.offset_seconds {
        let agrees = || "this machine's clock agrees with the service's".to_owned();
        lines.push(own_clock(offset).unwrap_or_else(agrees));
    }
    if let (Some(skew), Some(side)) = (clock.skew_seconds, clock.client_is) {
        let allowed = clock.allowed_seconds.and_then(|seconds| i64::try_from(seconds).ok());
        let allowed =
            allowed.map(|seconds| format!("; it accepts {}", duration(seconds))).unwrap_or_default();
        lines.push(format!(
            "the signature's time is {} {} the service's clock{allowed}",
            duration(skew),
            side_of(side)
        ));
    }
    if let (Some(time), true) = (clock.server_time, clock.client_is.is_some()) {
        lines.push(format!("the service's clock showed {}", Timestamp::from(time)));
    }
    lines
}

/// The difference between this machine's clock and the service's, if network delay does not explain it.
pub(crate) fn own_clock(offset_seconds: i64) -> Option<String> {
    let side = side_of(if offset_seconds < 0 { Side::Ahead } else { Side::Behind });
    (offset_seconds.unsigned_abs() >= NOTEWORTHY_SECONDS)
        .then(|| format!("this machine's clock is {} {side} the service's", duration(offset_seconds)))
}

fn side_of(side: Side) -> &'static str {
    match side {
        Side::Behind => "behind",
        Side::Ahead => "ahead of",
    }
}

/// `18 min`, `1 h 5 min`, `40 s`.
fn duration(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts: Vec<_> = parts.into_iter().skip_while(|(number, _)| *number == 0).take(2).collect();
    let parts =
        parts.into_iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number} {unit}"));
    let words = parts.collect::<Vec<_>>().join(" ");
    if words.is_empty() { "0 s".to_owned() } else { words }
}
