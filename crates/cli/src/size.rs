//! Sizes as people write them; how they are shown is the engine's matter.

/// Reads `8388608`, `8MiB`, `8MB` or `8m`; the letters count in powers of 1024, as the AWS CLI's do.
pub(crate) fn parse(text: &str) -> Result<u64, String> {
    let at = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(at);
    let factor = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err("write bytes, or a number with KiB, MiB or GiB".to_owned()),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "there is no number".to_owned())?;
    match number.checked_mul(factor) {
        Some(size) if size > 0 => Ok(size),
        _ => Err("the size is out of range".to_owned()),
    }
}

/// The smallest part that S3 takes, in bytes; it refuses smaller ones only when the upload is
/// completed, after every byte was sent.
const LEAST_PART: u64 = 5 << 20;

/// Reads the size of a part.
pub(crate) fn parse_part(text: &str) -> Result<u64, String> {
    match parse(text)? {
        small if small < LEAST_PART => {
            Err("S3 takes no parts below 5MiB; name that or more".to_owned())
        }
        size => Ok(size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        assert_eq!(parse("5242880"), Ok(5 << 20), "bytes");
        assert_eq!(parse("8MiB"), Ok(8 << 20), "a unit");
        assert_eq!(parse("8 mb"), Ok(8 << 20), "a blank and small letters");
        for bad in [
            "",
            "MiB",
            "0",
            "8x",
            "99999999999999999999",
            "99999999999GiB",
        ] {
            assert!(parse(bad).is_err(), "{bad} is no size");
        }
    }

    #[test]
    fn parts_that_s3_would_refuse_are_refused_first() {
        assert_eq!(parse_part("5MiB"), Ok(5 << 20), "the smallest is taken");
        assert_eq!(
            parse_part("5242879"),
            Err("S3 takes no parts below 5MiB; name that or more".to_owned()),
            "a byte less is not"
        );
        assert!(parse_part("8x").is_err(), "what is no size stays none");
    }
}
