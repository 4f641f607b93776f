//! Times as texts. Not the runtime's code, which is being checked.

/// RFC 3339 in UTC.
pub(super) fn date_time(seconds: f64) -> String {
    let Civil { year, month, day, hour, minute, second, micros, .. } = civil(seconds);
    let fraction = match micros {
        0 => String::new(),
        micros => format!(".{micros:06}").trim_end_matches('0').to_owned(),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// RFC 9110, 5.6.7 (IMF-fixdate).
pub(super) fn http_date(seconds: f64) -> String {
    const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Civil { weekday, year, month, day, hour, minute, second, .. } = civil(seconds);
    let (weekday, month) = (WEEKDAYS[weekday], MONTHS[month - 1]);
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
}

struct Civil {
    weekday: usize,
    year: usize,
    month: usize,
    day: usize,
    hour: usize,
    minute: usize,
    second: usize,
    micros: usize,
}

/// Counts by year and month; times in cases are between 1970 and 9999.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "cases have no moments before 1970"
)]
fn civil(seconds: f64) -> Civil {
    let micros = (seconds * 1e6).round() as usize;
    let (second, micros) = (micros / 1_000_000, micros % 1_000_000);
    let (days, second) = (second / 86_400, second % 86_400);
    let is_leap =
        |year: usize| year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let (mut year, mut month, mut day) = (1970, 1, days);
    while day >= 365 + usize::from(is_leap(year)) {
        day -= 365 + usize::from(is_leap(year));
        year += 1;
    }
    for length in [31, 28 + usize::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    Civil {
        weekday: days % 7,
        year,
        month,
        day: day + 1,
        hour: second / 3600,
        minute: second / 60 % 60,
        second: second % 60,
        micros,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_both_forms() {
        assert_eq!(date_time(0.0), "1970-01-01T00:00:00Z");
        assert_eq!(http_date(0.0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(date_time(951_782_400.5), "2000-02-29T00:00:00.5Z");
        assert_eq!(http_date(1_767_225_599.0), "Wed, 31 Dec 2025 23:59:59 GMT");
        assert_eq!(date_time(4_102_444_799.0), "2099-12-31T23:59:59Z");
    }
}
