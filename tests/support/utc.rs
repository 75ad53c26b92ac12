//! Instants as S3 writes them: the signature's `20260131T235959Z` and the header's
//! `Sat, 31 Jan 2026 23:59:59 GMT`.
//!
//! Only UTC and only whole seconds since 1970; anything more belongs to the engine.

use std::time::{SystemTime, UNIX_EPOCH};

const SECONDS_PER_DAY: i64 = 86_400;
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// One second in UTC, broken into the fields that both notations need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Utc {
    year: i64,
    month: i64,
    day: i64,
    second_of_day: i64,
    days: i64,
}

impl Utc {
    /// The present second, moved by `offset_seconds`.
    #[must_use]
    pub fn now_plus(offset_seconds: i64) -> Self {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self::from_unix(i64::try_from(now.as_secs()).unwrap_or(i64::MAX / 2) + offset_seconds)
    }

    /// The second that lies `seconds` after 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Self {
        let days = seconds.div_euclid(SECONDS_PER_DAY);
        // Years are counted from March, so that the leap day is the last day of the year.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 {
            march_month + 3
        } else {
            march_month - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * march_month + 2) / 5 + 1,
            second_of_day: seconds.rem_euclid(SECONDS_PER_DAY),
            days,
        }
    }

    /// `20260131T235959Z`, as `x-amz-date` carries it.
    #[must_use]
    pub fn amz(self) -> String {
        let (hour, minute, second) = self.clock();
        format!("{}T{hour:02}{minute:02}{second:02}Z", self.date())
    }

    /// `20260131`, as a signature's scope carries it.
    #[must_use]
    pub fn date(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// `2026-01-31T23:59:59Z`, as S3's XML carries it.
    #[must_use]
    pub fn iso(self) -> String {
        let (hour, minute, second) = self.clock();
        let (year, month, day) = (self.year, self.month, self.day);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }

    /// `Sat, 31 Jan 2026 23:59:59 GMT`, as the `Date` header carries it.
    #[must_use]
    pub fn http(self) -> String {
        let (hour, minute, second) = self.clock();
        let weekday = named(&WEEKDAYS, self.days.rem_euclid(7));
        let month = named(&MONTHS, self.month - 1);
        let (day, year) = (self.day, self.year);
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }

    fn clock(self) -> (i64, i64, i64) {
        (
            self.second_of_day / 3600,
            self.second_of_day / 60 % 60,
            self.second_of_day % 60,
        )
    }
}

fn named(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|at| names.get(at))
        .copied()
        .unwrap_or("???")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_every_notation_s3_uses() {
        let leap_day = Utc::from_unix(1_709_210_096);
        assert_eq!(
            leap_day.amz(),
            "20240229T123456Z",
            "the leap day keeps its place"
        );
        assert_eq!(leap_day.iso(), "2024-02-29T12:34:56Z");
        assert_eq!(leap_day.http(), "Thu, 29 Feb 2024 12:34:56 GMT");
        assert_eq!(Utc::from_unix(0).http(), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(
            Utc::from_unix(-1).amz(),
            "19691231T235959Z",
            "time before 1970 counts down"
        );
    }
}
