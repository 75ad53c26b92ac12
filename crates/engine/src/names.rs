//! Keys and local names: mapping, escaping, free names.
//!
//! A key is opaque text; a local name may not be empty, `.`, `..`, longer than 255 bytes, or hold
//! `/` or NUL, and should not hold control characters. Each segment of a key becomes one safe name
//! by a reversible escape: `%XX` for the UTF-8 bytes of what may not stand there, `%_` for an empty
//! segment, and `%25` for a `%` that would read as one of these. A segment that is too long is cut
//! and ends in `%~` and a hash of the whole; that one cannot be read back. Different keys never
//! become the same path. Containment against links that are already in the folder is the matter of
//! `cap-std` where files are opened; nothing here touches a disk.

use std::path::PathBuf;

/// What Linux file systems allow in one name, in bytes.
const MAX_NAME: usize = 255;

/// The relative local path for a key (or the part of it below a prefix).
pub fn local_path(relative_key: &str) -> PathBuf {
    relative_key.split('/').map(local_name).collect()
}

/// The safe local name of one segment of a key.
pub fn local_name(segment: &str) -> String {
    let escaped = escape(segment);
    if escaped.len() <= MAX_NAME {
        escaped
    } else {
        shorten(&escaped)
    }
}

/// `name (n).ext`, kept within the length of a name; a leading dot begins no extension.
pub fn numbered(name: &str, n: u32) -> String {
    let (stem, extension) = match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    };
    let tail = format!(" ({n}){extension}");
    format!("{}{tail}", cut(stem, MAX_NAME.saturating_sub(tail.len())))
}

/// The name of the file that holds a download until it is whole, in the same folder.
pub fn temp_name(name: &str, id: &str) -> String {
    let tail = format!(".longshore-{id}.part");
    format!(
        ".{}{tail}",
        cut(name, MAX_NAME.saturating_sub(tail.len() + 1))
    )
}

fn escape(segment: &str) -> String {
    match segment {
        "" => return "%_".to_owned(),
        "." => return "%2E".to_owned(),
        ".." => return "%2E%2E".to_owned(),
        _ => {}
    }
    let mut out = String::with_capacity(segment.len());
    for (at, c) in segment.char_indices() {
        let ambiguous = c == '%' && reads_as_escape(&segment.as_bytes()[at..]);
        if c.is_control() || c == '/' || ambiguous {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

fn reads_as_escape(bytes: &[u8]) -> bool {
    escaped_byte(bytes).is_some() || matches!(bytes.get(1), Some(b'_' | b'~'))
}

fn escaped_byte(bytes: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = bytes else {
        return None;
    };
    let digit = |b: &u8| char::from(*b).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn shorten(escaped: &str) -> String {
    let hash = crc_fast::crc64_nvme(escaped.as_bytes());
    // Chance makes no two texts meet in both sums. Whoever names keys can aim at them; a plan gives
    // names that meet a number.
    let other = crc_fast::crc64_nvme(escaped.bytes().rev().collect::<Vec<_>>().as_slice());
    let tail = format!("%~{hash:016x}{other:016x}");
    format!("{}{tail}", cut(escaped, MAX_NAME - tail.len()))
}

fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use proptest::prelude::*;

    use super::*;

    /// The segment that a local name stands for: the inverse of [`local_name`] wherever the name was
    /// not shortened.
    fn segment_of(name: &str) -> String {
        if name == "%_" {
            return String::new();
        }
        let bytes = name.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut at = 0;
        while at < bytes.len() {
            match escaped_byte(&bytes[at..]) {
                Some(byte) => {
                    out.push(byte);
                    at += 3;
                }
                None => {
                    out.push(bytes[at]);
                    at += 1;
                }
            }
        }
        String::from_utf8(out).unwrap_or_else(|_| name.to_owned())
    }

    /// Five ordinary characters to one that needs care.
    fn segment() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![
                5 => "[a-zé日%_~.]",
                1 => "[\u{1}\u{7f}%\\\\ .:0-9A-F]",
                1 => any::<char>().prop_map(|c| c.to_string()),
            ],
            0..40,
        )
        .prop_map(|parts| parts.concat().replace('/', ""))
    }

    proptest! {
        #[test]
        fn a_name_is_safe_and_reads_back(segment in segment()) {
            let name = local_name(&segment);
            prop_assert!(!name.is_empty() && name != "." && name != "..", "it is a name");
            prop_assert!(name.len() <= MAX_NAME, "it fits");
            prop_assert!(!name.contains(['/', '\0']), "it is one component");
            if !name.contains("%~") {
                prop_assert_eq!(segment_of(&name), segment, "it reads back");
            }
        }

        #[test]
        fn different_segments_never_meet(a in segment(), b in segment()) {
            prop_assume!(a != b);
            prop_assert_ne!(local_name(&a), local_name(&b), "the mapping is injective");
        }

        #[test]
        fn a_path_never_leaves_its_folder(key in ".{0,80}") {
            for component in local_path(&key).components() {
                prop_assert!(matches!(component, Component::Normal(_)), "only plain names");
            }
        }
    }

    #[test]
    fn hostile_keys_become_plain_names() {
        let path = |key: &str| local_path(key).to_str().unwrap().to_owned();
        assert_eq!(
            path("../../etc/passwd"),
            "%2E%2E/%2E%2E/etc/passwd",
            "no way up"
        );
        assert_eq!(path("/abs"), "%_/abs", "no absolute path");
        assert_eq!(path("a//b"), "a/%_/b", "an empty segment keeps its level");
        assert_eq!(path("a\u{0}b\nc"), "a%00b%0Ac", "no NUL and no line break");
        assert_eq!(
            path("100%"),
            "100%",
            "a percent sign that means nothing stays"
        );
        assert_eq!(
            path("a%41"),
            "a%2541",
            "one that would read as an escape does not"
        );
    }

    #[test]
    fn a_long_segment_is_cut_and_stays_distinct() {
        let long = "é".repeat(400);
        let other = format!("{long}x");
        assert!(local_name(&long).len() <= MAX_NAME, "it fits");
        assert_ne!(
            local_name(&long),
            local_name(&other),
            "the hash tells them apart"
        );
    }

    #[test]
    fn a_number_goes_before_the_extension() {
        assert_eq!(numbered("a.txt", 1), "a (1).txt", "before the extension");
        assert_eq!(
            numbered(".bashrc", 2),
            ".bashrc (2)",
            "a leading dot is no extension"
        );
        assert_eq!(numbered("a", 3), "a (3)", "no extension");
        assert!(
            numbered(&"x".repeat(255), 10).len() <= MAX_NAME,
            "it still fits"
        );
        assert!(
            temp_name(&"é".repeat(127), "0123").len() <= MAX_NAME,
            "so does a temp name"
        );
    }
}
