//! Moments, and their forms on the wire.

use std::{
    fmt,
    ops::Add,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_core::{
    de::{Deserialize, Deserializer, Visitor},
    ser::{Serialize, Serializer},
};

use zeroize::Zeroize as _;

use crate::{civil::Date, secret::Wipe};

/// A point in time, to the nanosecond. AWS JSON writes it as a number of seconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    seconds: i64,
    nanos: u32,
}

impl Wipe for Timestamp {
    fn wipe(&mut self) {
        self.seconds.zeroize();
        self.nanos.zeroize();
    }
}

const NANOS: u32 = 1_000_000_000;
/// The first second of the year 0.
const FIRST: i64 = -62_167_219_200;
/// The last second of the year 9999.
const LAST: i64 = 253_402_300_799;

impl Timestamp {
    /// Whole seconds since 1970; negative before.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// The time from seconds since 1970, with a fraction. `None` if the year does not have four digits. Rounded to
    /// microseconds.
    pub fn from_seconds_f64(seconds: f64) -> Option<Self> {
        if seconds.is_nan() {
            return None;
        }
        let whole = seconds.floor();
        // Wire values carry milliseconds; microseconds survive a float of today's magnitude, nanoseconds do not.
        let micros = ((seconds - whole) * 1e6).round();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "what is out of range is refused below"
        )]
        let (whole, micros) = (whole as i64, micros as u32);
        if micros == 1_000_000 {
            Self::within_years(whole.checked_add(1)?, 0)
        } else {
            Self::within_years(whole, micros * 1000)
        }
    }

    /// `None` if the year does not have four digits, so that every form on the wire and every system can write what was
    /// read.
    fn within_years(seconds: i64, nanos: u32) -> Option<Self> {
        (FIRST..=LAST).contains(&seconds).then_some(Self { seconds, nanos })
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// Nanoseconds past [`seconds`](Self::seconds).
    pub const fn subsecond_nanos(self) -> u32 {
        self.nanos
    }

    /// Reads a date and time in ISO 8601, with any offset: `2013-06-30T00:00:00.25Z`.
    ///
    /// Besides RFC 3339 these are read, since other programs write them: the basic form (`20130630T000000Z`), times
    /// without seconds, a comma before the fraction, offsets without a colon or minutes, the words `UTC` and `GMT`, and
    /// blanks for `T` and before the offset. A time without an offset is refused, because its moment is unknown.
    pub fn parse_date_time(text: &str) -> Option<Self> {
        let (date, rest) = text.split_once(['T', 't', ' '])?;
        let offset_at = rest.find(|char: char| char.is_ascii_alphabetic() || matches!(char, '+' | '-'))?;
        let (clock, zone) = rest.split_at(offset_at);
        let (second, nanos) = time_of_day(clock.strip_suffix(' ').unwrap_or(clock))?;
        Self::within_years(days(date)? * DAY + second - offset(zone)?, nanos)
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
        let days = days(&format!("{year}-{month:02}-{day:0>2}"))?;
        Self::within_years(days * DAY + second, nanos)
    }

    /// Displays as RFC 3339 in UTC.
    pub fn date_time(self) -> impl fmt::Display {
        Shown(move |f: &mut fmt::Formatter<'_>| {
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
        Shown(move |f: &mut fmt::Formatter<'_>| {
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

/// Displays what a closure writes. (`fmt::from_fn` is newer than the oldest compiler that users may have.)
struct Shown<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> fmt::Display for Shown<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0(f)
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
        let whole = match timestamp.seconds {
            // Year 1, which some programs write for no time at all, is more than Windows can represent.
            ..0 => UNIX_EPOCH.checked_sub(magnitude).unwrap_or(UNIX_EPOCH),
            // So are years that a program can make, but that no service sends.
            0.. => UNIX_EPOCH
                .checked_add(magnitude)
                .unwrap_or(UNIX_EPOCH + Duration::from_secs(LAST.unsigned_abs())),
        };
        whole + Duration::from_nanos(timestamp.nanos.into())
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date_time().fmt(f)
    }
}

/// Seconds since 1970, as an integer if they are whole.
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

    fn visit_i64<E: serde_core::de::Error>(self, value: i64) -> Result<Timestamp, E> {
        Timestamp::within_years(value, 0).ok_or_else(out_of_range)
    }

    fn visit_u64<E: serde_core::de::Error>(self, value: u64) -> Result<Timestamp, E> {
        self.visit_i64(i64::try_from(value).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: serde_core::de::Error>(self, value: f64) -> Result<Timestamp, E> {
        Timestamp::from_seconds_f64(value).ok_or_else(out_of_range)
    }

    fn visit_str<E: serde_core::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        Timestamp::parse_date_time(text)
            .or_else(|| Timestamp::parse_http_date(text))
            .or_else(|| text.parse().ok().and_then(Timestamp::from_seconds_f64))
            .ok_or_else(|| E::custom(format_args!("{text:?} is not a valid time")))
    }
}

fn out_of_range<E: serde_core::de::Error>() -> E {
    E::custom("the year is out of range")
}

/// The moment at which a time limit ends. Longer limits count as decades, so that nothing overflows.
pub fn deadline<I: Add<Duration, Output = I>>(now: I, limit: Duration) -> I {
    now + limit.min(Duration::from_secs(1 << 30))
}

const DAY: i64 = 86_400;
/// 1970-01-01 was a Thursday.
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Days from 1970-01-01 to `year-month-day` or `yearmonthday`.
fn days(date: &str) -> Option<i64> {
    let [year, month, day] = match date.len() {
        8 => [date.get(..4)?, date.get(4..6)?, date.get(6..)?],
        _ => fields(date, '-')?,
    };
    let month = u8::try_from(number(month, 2, 12)?).ok()?;
    let day = u8::try_from(number(day, 2, 31)?).ok()?;
    Date { year: number(year, 4, 9999)?, month, day }.days()
}

/// Seconds and nanoseconds since midnight.
fn time_of_day(clock: &str) -> Option<(i64, u32)> {
    let (clock, nanos) = match clock.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, nanos(fraction)?),
        None => (clock, 0),
    };
    let [hour, minute, second] = match clock.len() {
        4 => [clock.get(..2)?, clock.get(2..)?, "00"],
        5 => fields(clock, ':').map(|[hour, minute]| [hour, minute, "00"])?,
        6 => [clock.get(..2)?, clock.get(2..4)?, clock.get(4..)?],
        _ => fields(clock, ':')?,
    };
    // 60 is a leap second; it counts as the first second of the next minute.
    let second = number(hour, 2, 23)? * 3600 + number(minute, 2, 59)? * 60 + number(second, 2, 60)?;
    Some((second, nanos))
}

/// Seconds that a zone is ahead of UTC.
fn offset(zone: &str) -> Option<i64> {
    if ["Z", "UTC", "GMT"].iter().any(|utc| zone.eq_ignore_ascii_case(utc)) {
        return Some(0);
    }
    let (sign, offset) = match zone.split_at_checked(1)? {
        ("+", offset) => (1, offset),
        ("-", offset) => (-1, offset),
        _ => return None,
    };
    let [hours, minutes] = match offset.len() {
        2 => [offset, "00"],
        4 => [offset.get(..2)?, offset.get(2..)?],
        _ => fields(offset, ':')?,
    };
    Some(sign * (number(hours, 2, 23)? * 3600 + number(minutes, 2, 59)? * 60))
}

/// Exactly this number of fields.
fn fields<const N: usize>(text: &str, separator: char) -> Option<[&str; N]> {
    let mut fields = text.split(separator);
    let mut found = [""; N];
    for field in &mut found {
        *field = fields.next()?;
    }
    fields.next().is_none().then_some(found)
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
mod tests;
