//! Sizes in words, in decimal units, as disks, networks and bills count.
//!
//! The window's pages format sizes by the same rule, so that a plan, a row and a terminal never say
//! two numbers of one file.

/// Each a thousand of the one before.
const UNITS: [&str; 7] = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];

/// `0 B`, `412 KB`, `6.9 GB`: one digit after the point below 100, none from there on or in bytes.
pub fn in_words(bytes: u64) -> String {
    let (mut whole, mut unit) = (1_u64, 0);
    // 999.5 and more would round to 1000 of a unit, which the next one says better.
    while unit + 1 < UNITS.len() && u128::from(bytes) * 2 >= u128::from(whole) * 1999 {
        whole *= 1000;
        unit += 1;
    }
    let tenths = (u128::from(bytes) * 10 + u128::from(whole) / 2) / u128::from(whole);
    let name = UNITS[unit];
    if bytes.is_multiple_of(whole) || tenths >= 1000 {
        let rounded = (u128::from(bytes) + u128::from(whole) / 2) / u128::from(whole);
        format!("{rounded} {name}")
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_the_window_says_them() {
        for (bytes, words) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1 KB"),
            (1500, "1.5 KB"),
            (412_345, "412 KB"),
            (99_949, "99.9 KB"),
            (99_950, "100 KB"),
            (100_450, "100 KB"),
            (999_499, "999 KB"),
            (999_500, "1.0 MB"),
            (5 << 20, "5.2 MB"),
            (314_572_800, "315 MB"),
            (6_900_000_000, "6.9 GB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(in_words(bytes), words, "{bytes} bytes");
        }
    }
}
