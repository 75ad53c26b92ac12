//! CRC64NVME: computed while bytes are read, combined over parts, written as S3 writes it.
//!
//! S3 carries the sum as base64 of its eight bytes, most significant first. Sums of adjacent
//! ranges combine to the sum of the whole, so a multipart upload proves the object it assembles
//! without reading it twice.

use crc_fast::{CrcAlgorithm, Digest};

/// A running CRC64NVME.
#[derive(Debug, Clone)]
pub struct Crc64 {
    digest: Digest,
}

impl Crc64 {
    /// The sum of nothing yet.
    pub fn new() -> Self {
        Self {
            digest: Digest::new(CrcAlgorithm::Crc64Nvme),
        }
    }

    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
    }

    /// The sum of all bytes so far.
    pub fn finish(&self) -> u64 {
        self.digest.finalize()
    }

    /// The sum of bytes that are in memory.
    pub fn of(bytes: &[u8]) -> u64 {
        crc_fast::crc64_nvme(bytes)
    }

    /// The sum of two adjacent ranges, from the sums of both and the length of the second in bytes.
    pub fn combine(first: u64, second: u64, second_len: u64) -> u64 {
        crc_fast::checksum_combine(CrcAlgorithm::Crc64Nvme, first, second, second_len)
    }

    /// The sum as S3 writes it.
    pub fn to_base64(sum: u64) -> String {
        aws_smithy_types::base64::encode(sum.to_be_bytes())
    }

    /// Reads S3's writing; none when it is not one, or a composite of parts (`…-N`).
    pub fn from_base64(text: &str) -> Option<u64> {
        let bytes = aws_smithy_types::base64::decode(text.trim()).ok()?;
        Some(u64::from_be_bytes(bytes.try_into().ok()?))
    }
}

impl Default for Crc64 {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_check_value_of_the_catalogue_is_reached() {
        assert_eq!(
            Crc64::of(b"123456789"),
            0xae8b_1486_0a79_9888,
            "CRC-64/NVME's check value"
        );
    }

    #[test]
    fn base64_goes_both_ways_and_refuses_other_things() {
        let sum = Crc64::of(b"longshore");
        assert_eq!(
            Crc64::from_base64(&Crc64::to_base64(sum)),
            Some(sum),
            "it is the same sum"
        );
        assert_eq!(Crc64::from_base64("AAAA"), None, "three bytes are no sum");
        assert_eq!(
            Crc64::from_base64("AAAAAAAAAAA=-3"),
            None,
            "a composite is no sum of bytes"
        );
    }

    proptest! {
        #[test]
        fn parts_combine_to_the_sum_of_the_whole(bytes: Vec<u8>, at: prop::sample::Index) {
            let at = at.index(bytes.len() + 1);
            let (first, second) = bytes.split_at(at);
            let combined = Crc64::combine(Crc64::of(first), Crc64::of(second), second.len() as u64);
            prop_assert_eq!(combined, Crc64::of(&bytes));
            let mut running = Crc64::new();
            running.update(first);
            running.update(second);
            prop_assert_eq!(running.finish(), Crc64::of(&bytes));
        }
    }
}
