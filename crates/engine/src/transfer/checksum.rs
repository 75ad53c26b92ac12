//! What is known of an object's content: checksums of wholes from those of their parts, what an
//! ETag proves, and the type that a name suggests.

use md5::{Digest, Md5};

use crate::model::{ETag, ObjectKey};
use crate::store::{Encryption, ObjectHead};

/// The CRC64NVME of parts in order, from `(crc, length)` of each.
pub(crate) fn combine(parts: impl IntoIterator<Item = (u64, u64)>) -> u64 {
    parts.into_iter().fold(0, |whole, (crc, length)| {
        if length == 0 {
            return whole;
        }
        crc_fast::checksum_combine(crc_fast::CrcAlgorithm::Crc64Nvme, whole, crc, length)
    })
}

/// The ETag that S3 gives an object of these parts: the MD5 of their MD5s, then `-N`. None when a
/// part's ETag is no MD5.
pub(crate) fn composite<'a>(parts: impl IntoIterator<Item = &'a str>) -> Option<ETag> {
    let mut digest = Md5::new();
    let mut count = 0_u32;
    for etag in parts {
        digest.update(ETag::from_header(etag)?.as_md5()?);
        count += 1;
    }
    ETag::from_header(&format!("{}-{count}", hex(&digest.finalize())))
}

/// The MD5 of some bytes.
pub(crate) fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The full-object CRC64NVME of an answer, where it has one.
pub(crate) fn crc64_of(head: &ObjectHead) -> Option<u64> {
    if head
        .checksums
        .get("type")
        .is_some_and(|t| t.eq_ignore_ascii_case("COMPOSITE"))
    {
        return None;
    }
    decode(head.checksums.get("crc64nvme")?)
}

/// Whether an ETag may be an MD5: it is none under SSE-KMS and SSE-C.
pub(crate) fn etag_speaks(encryption: &Encryption) -> bool {
    !matches!(encryption.kind.as_deref(), Some(kind) if kind != "AES256")
}

/// Eight bytes, big-endian, from base64 with its padding.
fn decode(text: &str) -> Option<u64> {
    let mut value: u128 = 0;
    let digits = text.trim_end_matches('=');
    if digits.len() != 11 {
        return None;
    }
    for byte in digits.bytes() {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        value = value << 6 | u128::from(digit);
    }
    // Eleven digits carry 66 bits; the last two are padding.
    u64::try_from(value >> 2).ok()
}

/// The content type that a key's name suggests; none when it suggests none.
pub(crate) fn content_type(key: &ObjectKey) -> Option<String> {
    let name = key.name();
    // What people keep in buckets and what the table of types does not know or names oddly.
    let own = match name
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .as_deref()
    {
        Some("md" | "markdown") => Some("text/markdown"),
        Some("parquet") => Some("application/vnd.apache.parquet"),
        Some("ndjson" | "jsonl") => Some("application/x-ndjson"),
        Some("zst") => Some("application/zstd"),
        Some("log" | "ts") => Some("text/plain"),
        Some("yaml" | "yml") => Some("application/yaml"),
        _ => None,
    };
    match own {
        Some(own) => Some(own.to_owned()),
        None => mime_guess::from_path(name)
            .first()
            .map(|mime| mime.essence_str().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn parts_combine_to_the_whole(bytes in proptest::collection::vec(any::<u8>(), 0..4000), cut in 1_usize..500) {
            let parts = bytes.chunks(cut).map(|c| (crc_fast::crc64_nvme(c), c.len() as u64));
            prop_assert_eq!(combine(parts), crc_fast::crc64_nvme(&bytes), "one checksum");
        }
    }

    #[test]
    fn a_composite_etag_is_the_md5_of_md5s() {
        let part = hex(&md5(b"hello"));
        let mut both = md5(b"hello").to_vec();
        both.extend(md5(b"hello"));
        let expected = format!("{}-2", hex(&md5(&both)));
        let got = composite([part.as_str(), &format!("\"{part}\"")]).unwrap();
        assert_eq!(got.as_str(), expected, "quotes do not matter");
        assert!(
            composite(["opaque"]).is_none(),
            "nothing can be said about other tags"
        );
    }

    #[test]
    fn a_checksum_is_read_from_base64() {
        let mut head = ObjectHead::default();
        head.checksums
            .insert("crc64nvme".into(), "rosUhgp5mIg=".into());
        assert_eq!(
            crc64_of(&head),
            Some(crc_fast::crc64_nvme(b"123456789")),
            "the check value"
        );
        head.checksums.insert("type".into(), "COMPOSITE".into());
        assert_eq!(
            crc64_of(&head),
            None,
            "one of parts says nothing about the whole"
        );
    }

    #[test]
    fn a_type_is_guessed_from_the_name() {
        let of = |key: &str| content_type(&ObjectKey::parse(key).unwrap());
        assert_eq!(
            of("a/b.png").as_deref(),
            Some("image/png"),
            "the usual ones"
        );
        assert_eq!(of("README.md").as_deref(), Some("text/markdown"), "our own");
        assert_eq!(
            of("a.b/noext"),
            None,
            "a dot in the prefix is none of the name"
        );
    }
}
