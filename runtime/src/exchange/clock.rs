//! The offset of this machine's clock from the service's.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

use http::{HeaderMap, Uri, header::DATE};

use crate::{time::Timestamp, wire::is_authentic};

/// The largest offset that services accept: they permit at least five minutes.
const TOLERATED: u64 = 4 * 60;

/// The largest offset that is corrected: one year, in case the year is set wrong.
///
/// A server chooses the time that the client signs for, so the offset must be bounded. Over TLS, the bound excludes no
/// honest service: certificates of public authorities are valid for 398 days at most, and a client with a larger offset
/// does not accept them.
const MAX_OFFSET: u64 = 366 * 24 * 3600;

/// The seconds added to this machine's clock, shared by a client's calls.
#[derive(Debug, Default)]
pub(crate) struct ClockOffset(AtomicI64);

impl ClockOffset {
    /// The offset for a client of this host. Over `http://`, anyone on the way can send a wrong time, so such an offset
    /// is used for this host only.
    pub(crate) fn for_sender(self: &Arc<Self>, sender: &Uri) -> Arc<Self> {
        if is_authentic(sender) { Arc::clone(self) } else { Arc::default() }
    }

    /// The offset in seconds; negative if this machine's clock is ahead.
    pub(crate) fn seconds(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// This machine's time, corrected.
    pub(crate) fn correct(&self, local: SystemTime) -> SystemTime {
        let by = Duration::from_secs(self.seconds().unsigned_abs());
        let corrected = if self.seconds() < 0 { local.checked_sub(by) } else { local.checked_add(by) };
        corrected.unwrap_or(local)
    }

    /// Adopts the service's time if `signed_at` was too far from it to be accepted; returns whether it was.
    pub(crate) fn follow(&self, headers: &HeaderMap, signed_at: SystemTime, local: SystemTime) -> bool {
        let Some(theirs) = date(headers) else { return false };
        let offset = difference(theirs, local);
        if difference(theirs, signed_at).unsigned_abs() <= TOLERATED || offset.unsigned_abs() > MAX_OFFSET {
            return false;
        }
        self.0.store(offset, Ordering::Relaxed);
        true
    }
}

/// The service's time, from `Date`.
pub(super) fn date(headers: &HeaderMap) -> Option<SystemTime> {
    Timestamp::parse_http_date(headers.get(DATE)?.to_str().ok()?).map(SystemTime::from)
}

/// Whole seconds from `earlier` to `later`.
fn difference(later: SystemTime, earlier: SystemTime) -> i64 {
    let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
    match later.duration_since(earlier) {
        Ok(ahead) => seconds(ahead),
        Err(behind) => -seconds(behind.duration()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(date: &str, local: u64, followed: bool, seconds: i64) {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, date.parse().unwrap());
        let local = SystemTime::UNIX_EPOCH + Duration::from_secs(local);
        let offset = ClockOffset::default();
        assert_eq!(offset.follow(&headers, offset.correct(local), local), followed);
        assert_eq!(offset.seconds(), seconds);
        // After the correction, the clock is right.
        assert!(!offset.follow(&headers, offset.correct(local), local));
    }

    #[test]
    fn offsets_beyond_four_minutes_are_taken_over() {
        check("Thu, 01 Jan 1970 01:00:00 GMT", 3600, false, 0);
        check("Thu, 01 Jan 1970 01:00:00 GMT", 3600 - 240, false, 0);
        check("Thu, 01 Jan 1970 01:00:00 GMT", 3600 - 241, true, 241);
        check("Thu, 01 Jan 1970 01:00:00 GMT", 3600 + 1080, true, -1080);
        check("yesterday", 0, false, 0);
    }

    #[test]
    fn offsets_beyond_a_year_are_not() {
        const YEAR: u64 = 366 * 24 * 3600;
        check("Thu, 01 Jan 1970 01:00:00 GMT", 3600 + YEAR, true, -31_622_400);
        check("Thu, 01 Jan 1970 01:00:00 GMT", 3601 + YEAR, false, 0);
        // 2026-11-22, noon.
        let noon = 1_795_348_800;
        check("Mon, 22 Nov 2027 12:00:00 GMT", noon, true, 365 * 24 * 3600);
        check("Tue, 23 Nov 2027 12:00:01 GMT", noon, false, 0);
        check("Sun, 23 Nov 2025 12:00:00 GMT", noon, true, -364 * 24 * 3600);
        for date in [
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "Fri, 31 Dec 9999 23:59:59 GMT",
            "Sat, 01 Jan 2000 00:00:00 GMT",
        ] {
            check(date, noon, false, 0);
        }
    }
}
