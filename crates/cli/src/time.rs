//! Times as UTC text.

use longshore_engine::model::Timestamp;

/// `2026-11-30T21:04:05.678Z`; milliseconds only where there are some.
pub(crate) fn iso(time: Timestamp) -> String {
    let (date, clock, millis) = parts(time);
    if millis == 0 {
        format!("{date}T{clock}Z")
    } else {
        format!("{date}T{clock}.{millis:03}Z")
    }
}

/// `2026-11-30 21:04:05`, for a column.
pub(crate) fn column(time: Timestamp) -> String {
    let (date, clock, _) = parts(time);
    format!("{date} {clock}")
}

fn parts(time: Timestamp) -> (String, String, i64) {
    let (seconds, millis) = (time.0.div_euclid(1000), time.0.rem_euclid(1000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let clock = format!(
        "{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    );
    (format!("{year:04}-{month:02}-{day:02}"), clock, millis)
}

/// Year, month and day of a day since 1970-01-01 in the proleptic Gregorian calendar. Years are
/// counted from March, so that the leap day is the last of its year, in eras of 400 years.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, day) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 {
        from_march + 3
    } else {
        from_march - 9
    };
    (
        year + era * 400 + i64::from(month <= 2),
        month,
        day_of_month,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_text() {
        assert_eq!(iso(Timestamp(0)), "1970-01-01T00:00:00Z", "the beginning");
        assert_eq!(
            iso(Timestamp(1_709_210_096_007)),
            "2024-02-29T12:34:56.007Z",
            "a leap day"
        );
        assert_eq!(
            iso(Timestamp(-1)),
            "1969-12-31T23:59:59.999Z",
            "before the beginning"
        );
        assert_eq!(
            column(Timestamp(1_796_072_645_000)),
            "2026-11-30 21:04:05",
            "a column"
        );
    }
}
