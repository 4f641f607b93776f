//! `20130524T000000Z`, the form of time that signatures use.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::civil::Date;

const SECONDS_PER_DAY: u64 = 86_400;

/// A moment from 1970 to 9999, written `20130524T000000Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp([u8; 16]);

impl Stamp {
    /// Writes a moment, truncated to seconds.
    pub fn from_time(time: SystemTime) -> Option<Self> {
        let seconds = time.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let date = Date::from_days(i64::try_from(seconds / SECONDS_PER_DAY).ok()?);
        if date.year > 9999 {
            return None;
        }
        let second = seconds % SECONDS_PER_DAY;
        let [century, year] = [date.year.unsigned_abs() / 100, date.year.unsigned_abs()].map(two);
        let [month, day] = [date.month, date.day].map(u64::from).map(two);
        let [hour, minute, second] = [second / 3600, second / 60 % 60, second % 60].map(two);
        Some(Self([
            century[0], century[1], year[0], year[1], month[0], month[1], day[0], day[1], b'T', hour[0],
            hour[1], minute[0], minute[1], second[0], second[1], b'Z',
        ]))
    }

    /// Reads the written form, and no other.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let stamp = Self(text.as_bytes().try_into().ok()?);
        let shape = stamp.0.iter().enumerate().all(|(index, byte)| match index {
            8 => *byte == b'T',
            15 => *byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
        (shape && stamp.checked_time().is_some()).then_some(stamp)
    }

    /// The moment.
    pub(super) fn time(&self) -> SystemTime {
        self.checked_time().expect("a stamp is made from a moment or checked when read")
    }

    /// The text: `20130524T000000Z`.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("a stamp is ASCII")
    }

    pub(super) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The day: `20130524`.
    pub fn day(&self) -> [u8; 8] {
        *self.0.first_chunk().expect("8 is less than 16")
    }

    fn checked_time(&self) -> Option<SystemTime> {
        let number = |from: usize, to: usize| {
            let digits = self.0.get(from..to).unwrap_or_default();
            digits.iter().fold(0_u16, |number, digit| number * 10 + u16::from(digit - b'0'))
        };
        let small = |from| u8::try_from(number(from, from + 2)).ok();
        let date = Date { year: number(0, 4).into(), month: small(4)?, day: small(6)? };
        let [hour, minute, second] = [small(9)?, small(11)?, small(13)?].map(u64::from);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let days = u64::try_from(date.days()?).ok()?;
        Some(UNIX_EPOCH + Duration::from_secs(days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second))
    }
}

/// The last two digits of a number.
fn two(number: u64) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use proptest::prelude::*;

    use super::Stamp;

    #[test]
    fn written_forms() {
        let time = UNIX_EPOCH + Duration::from_millis(1_369_353_599_999);
        let stamp = Stamp::from_time(time).unwrap();
        assert_eq!(stamp.as_str(), "20130523T235959Z");
        assert_eq!(&stamp.day(), b"20130523");
        assert_eq!(Stamp::from_time(UNIX_EPOCH).unwrap().as_str(), "19700101T000000Z");
    }

    #[test]
    fn moments_outside_the_years_1970_to_9999() {
        let last = UNIX_EPOCH + Duration::from_secs(253_402_300_799);
        assert_eq!(Stamp::from_time(last).unwrap().as_str(), "99991231T235959Z");
        assert_eq!(Stamp::from_time(last + Duration::from_secs(1)), None);
        assert_eq!(Stamp::from_time(UNIX_EPOCH - Duration::from_secs(1)), None);
    }

    #[test]
    fn texts_that_are_no_moment() {
        for text in [
            "",
            "2013-05-24T00:00:00Z",
            "20130524T000000",
            "20130524 000000Z",
            "20130524T000000z",
            "20130229T000000Z",
            "20130524T240000Z",
            "20130524T006000Z",
            "20130524T000060Z",
            "2013052ÄT000000Z",
            "19691231T235959Z",
        ] {
            assert_eq!(Stamp::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back(seconds in 0..253_402_300_800_u64) {
            let stamp = Stamp::from_time(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
            prop_assert_eq!(stamp.time(), UNIX_EPOCH + Duration::from_secs(seconds));
            prop_assert_eq!(Stamp::parse(stamp.as_str()), Some(stamp));
        }
    }
}
