//! Texts of a page: percent-encoding, escapes for display, times.

use crate::model::Timestamp;

/// Undoes `encoding-type=url`, appending to `out`; false leaves `out` as it was when the text is no
/// encoding of UTF-8. A plus is a space there, as in a query.
pub(crate) fn decode_url(encoded: &[u8], out: &mut String) -> bool {
    if !encoded.iter().any(|b| matches!(b, b'%' | b'+')) {
        return match std::str::from_utf8(encoded) {
            Ok(text) => {
                out.push_str(text);
                true
            }
            Err(_) => false,
        };
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.iter();
    while let Some(&byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => match (rest.next().and_then(hex), rest.next().and_then(hex)) {
                (Some(high), Some(low)) => high << 4 | low,
                _ => return false,
            },
            plain => plain,
        });
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => {
            out.push_str(text);
            true
        }
        Err(_) => false,
    }
}

fn hex(digit: &u8) -> Option<u8> {
    char::from(*digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// A text that is no key, for display only.
pub(super) fn escape(text: &str) -> String {
    text.escape_debug().to_string()
}

/// A time such as `2006-02-03T16:45:09.000Z`.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let format = aws_smithy_types::date_time::Format::DateTimeWithOffset;
    quick_timestamp(text.as_bytes()).or_else(|| {
        let slow = aws_smithy_types::DateTime::from_str(text, format).ok()?;
        slow.to_millis().ok().map(Timestamp)
    })
}

/// The form that nearly every server sends, without a general parser.
fn quick_timestamp(text: &[u8]) -> Option<Timestamp> {
    let shaped = text.len() >= 20
        && text.last() == Some(&b'Z')
        && [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')]
            .iter()
            .all(|(at, mark)| text[*at] == *mark);
    if !shaped {
        return None;
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().try_fold(0_i64, |sum, digit| {
            digit
                .is_ascii_digit()
                .then(|| sum * 10 + i64::from(digit - b'0'))
        })
    };
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let millis = match text.len() {
        20 => 0,
        24 if text[19] == b'.' => number(20, 23)?,
        _ => return None,
    };
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day);
    if !valid || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
    Some(Timestamp(seconds * 1000 + millis))
}

/// Days from 1970-01-01 to a date of the Gregorian calendar, counted in years that begin in March
/// so that the leap day comes last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_encoding_of_utf8_is_refused_and_leaves_nothing_behind() {
        let mut out = "before".to_owned();
        for bad in ["%", "%4", "%zz", "%ff", "a%C3"] {
            assert!(
                !decode_url(bad.as_bytes(), &mut out),
                "“{bad}” decodes to no text"
            );
            assert_eq!(out, "before", "a failure must not leave half a key");
        }
    }

    #[test]
    fn a_plus_is_a_space_and_an_encoded_plus_a_plus() {
        let mut out = String::new();
        assert!(
            decode_url(b"a+b%2Bc%20d", &mut out),
            "S3 writes spaces as plus"
        );
        assert_eq!(out, "a b+c d", "both ways to write a space are read");
    }

    proptest! {
        #[test]
        fn every_text_survives_the_encoding(text: String) {
            let encoded = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
            let mut out = String::new();
            prop_assert!(decode_url(encoded.as_bytes(), &mut out));
            prop_assert_eq!(out, text);
        }

        #[test]
        fn the_quick_way_reads_times_as_the_slow_one_does(millis in 0_i64..253_402_300_799_000) {
            let time = aws_smithy_types::DateTime::from_millis(millis);
            let format = aws_smithy_types::date_time::Format::DateTime;
            let whole = time.fmt(format).unwrap();
            prop_assert_eq!(timestamp(&whole), Some(Timestamp(millis)));
            let seconds = aws_smithy_types::DateTime::from_secs(millis / 1000).fmt(format).unwrap();
            prop_assert_eq!(
                quick_timestamp(seconds.as_bytes()),
                Some(Timestamp(millis / 1000 * 1000))
            );
        }
    }
}
