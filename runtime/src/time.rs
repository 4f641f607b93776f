//! Moments, and their forms on the wire.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_core::{
    de::{Deserialize, Deserializer, Visitor},
    ser::{Serialize, Serializer},
};

use crate::civil::Date;

/// A moment, to the nanosecond. On the wire of AWS JSON a number of seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

const NANOS: u32 = 1_000_000_000;

impl Timestamp {
    /// Whole seconds since 1970; negative before.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// Seconds since 1970 with a fraction; `None` where no such moment can be told.
    pub fn from_seconds_f64(seconds: f64) -> Option<Self> {
        /// Beyond this the year has more than four digits, or none.
        const LIMIT: f64 = 253_402_300_800.0;
        if !(-62_135_596_800.0..LIMIT).contains(&seconds) {
            return None;
        }
        let whole = seconds.floor();
        // Wire values carry milliseconds; microseconds survive a float of today's magnitude, nanoseconds do not.
        let micros = ((seconds - whole) * 1e6).round();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range, just checked")]
        let (whole, micros) = (whole as i64, micros as u32);
        Some(if micros == 1_000_000 {
            Self { seconds: whole + 1, nanos: 0 }
        } else {
            Self { seconds: whole, nanos: micros * 1000 }
        })
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds past [`seconds`](Self::seconds).
    pub const fn subsecond_nanos(self) -> u32 {
        self.nanos
    }

    /// Reads RFC 3339 text: `2013-06-30T00:00:00.25Z`, with any offset.
    pub fn parse_date_time(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once(['T', 't', ' '])?;
        let days = days(date, '-')?;
        let offset_at = rest.find(['Z', 'z', '+', '-'])?;
        let (clock, offset) = rest.split_at(offset_at);
        let offset = match offset.strip_prefix(['Z', 'z']) {
            Some("") => 0,
            Some(_) => return None,
            None => {
                let sign = if offset.starts_with('-') { -1 } else { 1 };
                let (hours, minutes) = offset.get(1..)?.split_once(':')?;
                sign * (number(hours, 2, 23)? * 3600 + number(minutes, 2, 59)? * 60)
            }
        };
        let (second, nanos) = time_of_day(clock)?;
        Some(Self { seconds: days * DAY + second - offset, nanos })
    }

    /// Reads an IMF-fixdate (RFC 9110, 5.6.7): `Sun, 30 Jun 2013 00:00:00 GMT`.
    pub fn parse_http_date(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once(", ")?;
        let mut words = rest.split(' ');
        let (day, month, year) = (words.next()?, words.next()?, words.next()?);
        let (clock, zone) = (words.next()?, words.next()?);
        let month = MONTHS.iter().position(|name| *name == month)? + 1;
        if zone != "GMT" || words.next().is_some() {
            return None;
        }
        let (second, nanos) = time_of_day(clock)?;
        let days = days(&format!("{year}-{month:02}-{day:0>2}"), '-')?;
        Some(Self { seconds: days * DAY + second, nanos })
    }

    /// Displays as RFC 3339 in UTC.
    pub fn date_time(self) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            let (Date { year, month, day }, [hour, minute, second]) = self.civil();
            write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
            if self.nanos != 0 {
                let fraction = format!("{:09}", self.nanos);
                write!(f, ".{}", fraction.trim_end_matches('0'))?;
            }
            f.write_str("Z")
        })
    }

    /// Displays as IMF-fixdate.
    pub fn http_date(self) -> impl fmt::Display {
        fmt::from_fn(move |f| {
            let (Date { year, month, day }, [hour, minute, second]) = self.civil();
            let weekday = WEEKDAYS
                .into_iter()
                .nth(usize::try_from(self.seconds.div_euclid(DAY).rem_euclid(7)).unwrap_or_default());
            let month = MONTHS.into_iter().nth(usize::from(month) - 1);
            let (weekday, month) = (weekday.unwrap_or_default(), month.unwrap_or_default());
            write!(f, "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
        })
    }

    /// Date, and hour, minute and second, in UTC.
    fn civil(self) -> (Date, [i64; 3]) {
        let second = self.seconds.rem_euclid(DAY);
        (Date::from_days(self.seconds.div_euclid(DAY)), [second / 3600, second / 60 % 60, second % 60])
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self { seconds: seconds(after), nanos: after.subsec_nanos() },
            Err(before) => {
                let before = before.duration();
                match before.subsec_nanos() {
                    0 => Self { seconds: -seconds(before), nanos: 0 },
                    nanos => Self { seconds: -seconds(before) - 1, nanos: NANOS - nanos },
                }
            }
        }
    }
}

impl From<Timestamp> for SystemTime {
    fn from(timestamp: Timestamp) -> Self {
        let magnitude = Duration::from_secs(timestamp.seconds.unsigned_abs());
        let whole = if timestamp.seconds < 0 { UNIX_EPOCH - magnitude } else { UNIX_EPOCH + magnitude };
        whole + Duration::from_nanos(timestamp.nanos.into())
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date_time().fmt(f)
    }
}

/// Seconds since 1970, whole where they are.
impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.nanos == 0 {
            return serializer.serialize_i64(self.seconds);
        }
        #[expect(clippy::cast_precision_loss, reason = "exact to the microsecond for four-digit years")]
        serializer.serialize_f64(self.seconds as f64 + f64::from(self.nanos) / f64::from(NANOS))
    }
}

/// Any of the three forms: services differ from their models.
impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimestampVisitor)
    }
}

struct TimestampVisitor;

impl Visitor<'_> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("seconds since 1970, an RFC 3339 text or an HTTP date")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Timestamp, E> {
        Ok(Timestamp::from_seconds(value))
    }

    fn visit_u64<E: serde_core::de::Error>(self, value: u64) -> Result<Timestamp, E> {
        i64::try_from(value).map(Timestamp::from_seconds).map_err(|_| E::custom("the year is out of range"))
    }

    fn visit_f64<E: serde_core::de::Error>(self, value: f64) -> Result<Timestamp, E> {
        Timestamp::from_seconds_f64(value).ok_or_else(|| E::custom("the year is out of range"))
    }

    fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        Timestamp::parse_date_time(text)
            .or_else(|| Timestamp::parse_http_date(text))
            .or_else(|| text.parse().ok().and_then(Timestamp::from_seconds_f64))
            .ok_or_else(|| E::custom(format_args!("{text:?} is no time")))
    }
}

const DAY: i64 = 86_400;
/// 1970-01-01 was a Thursday.
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days from 1970-01-01 to `year-month-day`.
fn days(date: &str, separator: char) -> Option<i64> {
    let mut parts = date.split(separator);
    let year = number(parts.next()?, 4, 9999)?;
    let month = u8::try_from(number(parts.next()?, 2, 12)?).ok()?;
    let day = u8::try_from(number(parts.next()?, 2, 31)?).ok()?;
    parts.next().is_none().then(|| Date { year, month, day }.days()).flatten()
}

/// Seconds and nanoseconds since midnight.
fn time_of_day(clock: &str) -> Option<(i64, u32)> {
    let (clock, nanos) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, nanos(fraction)?),
        None => (clock, 0),
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2, 23)?, number(parts.next()?, 2, 59)?);
    // 60 is a leap second; it counts as the first second of the next minute.
    let second = number(parts.next()?, 2, 60)?;
    parts.next().is_none().then_some((hour * 3600 + minute * 60 + second, nanos))
}

fn nanos(fraction: &str) -> Option<u32> {
    let digits = fraction.get(..fraction.len().min(9))?;
    let all_digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| format!("{digits:0<9}").parse().ok()).flatten()
}

/// A number of exactly `width` digits, at most `max`.
fn number(text: &str, width: usize, max: i64) -> Option<i64> {
    let fits = text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten().filter(|value| *value <= max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, date_time: &str, http_date: &str) {
        let time: Timestamp = serde_json::from_str(json).unwrap();
        assert_eq!(time.to_string(), date_time);
        assert_eq!(time.http_date().to_string(), http_date);
        assert_eq!(Timestamp::parse_date_time(date_time), Some(time));
        assert_eq!(Timestamp::from(SystemTime::from(time)), time);
        let again = serde_json::to_string(&time).unwrap();
        assert_eq!(serde_json::from_str::<Timestamp>(&again).unwrap(), time, "{again}");
    }

    #[test]
    fn every_form_is_read_and_written() {
        check("0", "1970-01-01T00:00:00Z", "Thu, 01 Jan 1970 00:00:00 GMT");
        check("1.5e9", "2017-07-14T02:40:00Z", "Fri, 14 Jul 2017 02:40:00 GMT");
        check("1515531081.123", "2018-01-09T20:51:21.123Z", "Tue, 09 Jan 2018 20:51:21 GMT");
        check("-0.5", "1969-12-31T23:59:59.5Z", "Wed, 31 Dec 1969 23:59:59 GMT");
        check("\"2019-12-17T00:48:18+01:00\"", "2019-12-16T23:48:18Z", "Mon, 16 Dec 2019 23:48:18 GMT");
        check(
            "\"Sun, 02 Jan 2000 20:34:56.456 GMT\"",
            "2000-01-02T20:34:56.456Z",
            "Sun, 02 Jan 2000 20:34:56 GMT",
        );
        check("\"1422172800\"", "2015-01-25T08:00:00Z", "Sun, 25 Jan 2015 08:00:00 GMT");
    }

    #[test]
    fn whole_seconds_stay_whole_on_the_wire() {
        assert_eq!(serde_json::to_string(&Timestamp::from_seconds(1_500_000_000)).unwrap(), "1500000000");
        let fraction = Timestamp::from_seconds_f64(1_515_531_081.123).unwrap();
        assert_eq!(serde_json::to_string(&fraction).unwrap(), "1515531081.123");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for json in
            ["\"\"", "\"2019-02-29T00:00:00Z\"", "\"2019-01-01\"", "\"yesterday\"", "1e300", "null", "{}"]
        {
            assert!(serde_json::from_str::<Timestamp>(json).is_err(), "{json}");
        }
    }
}
