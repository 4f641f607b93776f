//! Dates of the proleptic Gregorian calendar, by integer arithmetic.
//!
//! Years begin in March here, so that the leap day is the last of its year; 400 years are an era of 146 097 days.

const DAYS_PER_ERA: i64 = 146_097;
/// From 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Date {
    /// Astronomical: 0 is 1 BC.
    pub year: i64,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The date this number of days after 1970-01-01.
    pub fn from_days(days: i64) -> Self {
        let days = days + DAYS_TO_1970;
        let (era, day_of_era) = (days.div_euclid(DAYS_PER_ERA), days.rem_euclid(DAYS_PER_ERA));
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) % 32;
        let month = (month_from_march + 2) % 12 + 1;
        let year = era * 400 + year_of_era + i64::from(month <= 2);
        Self { year, month: small(month), day: small(day) }
    }

    /// Days since 1970-01-01; `None` if there is no such day.
    pub fn days(self) -> Option<i64> {
        let year = self.year - i64::from(self.month <= 2);
        let month_from_march = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(self.day) - 1;
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_era = 365 * year_of_era + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
        (Self::from_days(days) == self).then_some(days)
    }
}

fn small(number: i64) -> u8 {
    u8::try_from(number).expect("months and days are below 32")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Date;

    #[track_caller]
    fn check(days: i64, year: i64, month: u8, day: u8) {
        assert_eq!(Date::from_days(days), Date { year, month, day });
        assert_eq!(Date { year, month, day }.days(), Some(days));
    }

    #[test]
    fn known_dates() {
        check(0, 1970, 1, 1);
        check(-1, 1969, 12, 31);
        check(59, 1970, 3, 1);
        check(11_016, 2000, 2, 29);
        check(15_849, 2013, 5, 24);
        check(-719_468, 0, 3, 1);
        check(2_932_896, 9999, 12, 31);
    }

    #[test]
    fn days_that_do_not_exist() {
        for (year, month, day) in
            [(2013, 2, 29), (1900, 2, 29), (2013, 4, 31), (2013, 0, 1), (2013, 13, 1), (2013, 1, 0)]
        {
            assert_eq!(Date { year, month, day }.days(), None, "{year}-{month}-{day}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back(days in -10_000_000_i64..10_000_000) {
            prop_assert_eq!(Date::from_days(days).days(), Some(days));
            prop_assert_ne!(Date::from_days(days), Date::from_days(days + 1));
        }
    }
}
