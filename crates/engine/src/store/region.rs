//! Where buckets are: what answers said about a bucket's region, remembered for the connection.
//!
//! S3 refuses a request that was signed for another region and names the right one in a header or
//! in the body. Only the region is ever learned, never a host: a redirect cannot lead a signed
//! request to another server.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::model::{BucketName, Region};

/// Regions of buckets, as far as they are known.
#[derive(Debug, Default)]
pub(super) struct Regions {
    known: Mutex<HashMap<BucketName, Region>>,
}

impl Regions {
    /// The region of a bucket, where an answer named it.
    pub(super) fn of(&self, bucket: &BucketName) -> Option<Region> {
        self.lock().get(bucket).cloned()
    }

    /// Remembers a bucket's region; says whether that is news.
    pub(super) fn learn(&self, bucket: &BucketName, region: &Region) -> bool {
        self.lock().insert(bucket.clone(), region.clone()).as_ref() != Some(region)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<BucketName, Region>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a text can be a region's name, so that a header of a strange server is not signed for.
pub(super) fn is_plausible(text: &str) -> bool {
    (2..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_news_once() {
        let (regions, bucket) = (Regions::default(), BucketName::parse("b").unwrap());
        assert!(
            regions.learn(&bucket, &Region::new("eu-west-1")),
            "nothing was known"
        );
        assert!(
            !regions.learn(&bucket, &Region::new("eu-west-1")),
            "a loop must end"
        );
        assert_eq!(
            regions.of(&bucket),
            Some(Region::new("eu-west-1")),
            "it is remembered"
        );
    }

    #[test]
    fn nonsense_is_no_region() {
        assert!(is_plausible("eu-central-1"), "a region");
        assert!(
            !is_plausible("<html>") && !is_plausible(""),
            "a strange server's words"
        );
    }
}
