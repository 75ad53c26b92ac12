//! What a connection was found to be able to do, asked of the server and remembered.
//!
//! Nothing is known at first. A call whose answer shows that the server can or cannot do a thing
//! records it; no capability is ever probed by a mutating call on an object that is not ours, and
//! none is concluded from a server's name. What was learned lasts as long as the connection: a
//! server that is upgraded is asked anew by the next one.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};

const UNKNOWN: u8 = 0;
const CAN: u8 = 1;
const CANNOT: u8 = 2;

/// Something that one S3 server can do and another cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// CRC64NVME on writes: taken and given back.
    Crc64Nvme,
    /// `If-Match` and `If-None-Match` on writes: not only taken but enforced.
    ConditionalWrite,
    /// ListParts.
    ListParts,
    /// ListMultipartUploads.
    ListUploads,
    /// DeleteObjects.
    DeleteObjects,
    /// GetBucketVersioning.
    Versioning,
    /// GetObjectTagging.
    Tags,
    /// GetObjectAcl.
    Acl,
}

impl Feature {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Crc64Nvme,
        Self::ConditionalWrite,
        Self::ListParts,
        Self::ListUploads,
        Self::DeleteObjects,
        Self::Versioning,
        Self::Tags,
        Self::Acl,
    ];

    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "crc64nvme on writes",
            Self::ConditionalWrite => "conditional writes enforced",
            Self::ListParts => "list parts",
            Self::ListUploads => "list uploads",
            Self::DeleteObjects => "delete objects",
            Self::Versioning => "versioning",
            Self::Tags => "tags",
            Self::Acl => "access lists",
        }
    }
}

/// What one connection can do.
#[derive(Debug, Default)]
pub struct Capabilities {
    known: [AtomicU8; Feature::ALL.len()],
}

impl Capabilities {
    /// Whether it can; none when no answer has shown it yet.
    pub fn known(&self, feature: Feature) -> Option<bool> {
        match self.known[feature as usize].load(Ordering::Relaxed) {
            CAN => Some(true),
            CANNOT => Some(false),
            _ => None,
        }
    }

    /// Remembers what an answer showed. A later "can" outweighs a "cannot", which may have been
    /// about one bucket only; "cannot" never outweighs a "can".
    pub fn learn(&self, feature: Feature, can: bool) {
        let place = &self.known[feature as usize];
        if can {
            place.store(CAN, Ordering::Relaxed);
        } else {
            let _ = place.compare_exchange(UNKNOWN, CANNOT, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    /// Everything, for printing: one line a feature.
    pub fn table(&self) -> Vec<(&'static str, Option<bool>)> {
        Feature::ALL
            .iter()
            .map(|feature| (feature.name(), self.known(*feature)))
            .collect()
    }
}

impl fmt::Display for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, known) in self.table() {
            let word = match known {
                Some(true) => "yes",
                Some(false) => "no",
                None => "unknown",
            };
            writeln!(f, "{name}: {word}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_known_before_an_answer() {
        let capabilities = Capabilities::default();
        assert!(
            Feature::ALL
                .iter()
                .all(|feature| capabilities.known(*feature).is_none()),
            "unknown is shown as unknown"
        );
    }

    #[test]
    fn one_refusal_does_not_outweigh_a_success() {
        let capabilities = Capabilities::default();
        capabilities.learn(Feature::Tags, false);
        assert_eq!(
            capabilities.known(Feature::Tags),
            Some(false),
            "a refusal is remembered"
        );
        capabilities.learn(Feature::Tags, true);
        capabilities.learn(Feature::Tags, false);
        assert_eq!(
            capabilities.known(Feature::Tags),
            Some(true),
            "it was seen to work"
        );
        assert!(
            capabilities.to_string().contains("tags: yes"),
            "the table says so"
        );
    }
}
