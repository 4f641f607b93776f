//! What a status means if the response names no error.

use super::{Explanation, ResponseEvidence, lines};
use crate::{mask::mask, tables::statuses::STATUSES, text::is_visible};

/// Causes and remedies by status alone.
pub(super) fn explain(response: &ResponseEvidence) -> Explanation {
    let (causes, remedies) = of_status(response.status);
    let location = response.header("location").filter(|location| is_visible(location));
    let location = location.map(|location| format!("Location: {}", mask(location)));
    Explanation {
        evidence: location.into_iter().collect(),
        causes: lines(causes),
        remedies: lines(remedies),
        ..Explanation::default()
    }
}

/// Causes and remedies, of the status itself or of all that begin with its digit; of 0 if the status is not known.
fn of_status(status: u16) -> (&'static [&'static str], &'static [&'static str]) {
    let entry = |wanted: u16| STATUSES.iter().find(|(statuses, ..)| statuses.contains(&wanted));
    let known = match status {
        1..100 => None,
        _ => entry(status).or_else(|| entry(status / 100)),
    };
    let found = known.or_else(|| STATUSES.iter().find(|(all, ..)| all.is_empty()));
    found.map(|(_, causes, remedies)| (*causes, *remedies)).unwrap_or_default()
}
