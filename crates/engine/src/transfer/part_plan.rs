//! How a file is cut into parts: equal ones, the last one shorter, at most 10,000.
//!
//! Equal sizes because some servers refuse anything else. The plan is frozen in the journal when an
//! upload begins, so that a changed setting never moves the borders of a running one.

use crate::error::{Error, ErrorKind, Result};
use crate::store::ByteRange;

/// S3 numbers parts from 1 to this.
pub(crate) const MAX_PARTS: u64 = 10_000;
/// S3 refuses larger parts: 5 GiB.
pub(crate) const MAX_PART: u64 = 5 * 1024 * MIB;
const MIB: u64 = 1024 * 1024;

/// One cut of a file or object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PartPlan {
    size: u64,
    part_size: u64,
}

impl PartPlan {
    /// Cuts `size` bytes into parts of `wished` bytes, or of more (whole MiB) where 10,000 such
    /// parts would not do.
    ///
    /// # Errors
    /// `InvalidInput` when 10,000 parts of 5 GiB would not do (48.8 TiB).
    pub(crate) fn cut(size: u64, wished: u64) -> Result<Self> {
        let needed = size.div_ceil(MAX_PARTS);
        let part_size = if needed > wished {
            needed.next_multiple_of(MIB)
        } else {
            wished.max(1)
        };
        if part_size > MAX_PART {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "PartPlan",
                format!("{size} bytes are more than an object can have (48.8 TiB)"),
            ));
        }
        Ok(Self { size, part_size })
    }

    /// The cut that was frozen in the journal.
    pub(crate) fn frozen(size: u64, part_size: u64) -> Self {
        Self {
            size,
            part_size: part_size.max(1),
        }
    }

    /// Bytes of every part but the last.
    pub(crate) fn part_size(&self) -> u64 {
        self.part_size
    }

    /// How many parts there are; one for an empty file.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.size.div_ceil(self.part_size))
            .unwrap_or(u32::MAX)
            .max(1)
    }

    /// Where part `number` (from 1) lies.
    pub(crate) fn range(&self, number: u32) -> ByteRange {
        let start = u64::from(number.saturating_sub(1)).saturating_mul(self.part_size);
        let start = start.min(self.size);
        ByteRange {
            start,
            end: start.saturating_add(self.part_size).min(self.size),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LARGEST: u64 = MAX_PARTS * MAX_PART;
    /// S3 refuses smaller parts, except the last: 5 MiB.
    const MIN_PART: u64 = 5 * MIB;

    proptest! {
        #[test]
        fn parts_cover_every_byte_once(size in 0..=LARGEST, wished in MIN_PART..=MAX_PART) {
            let plan = PartPlan::cut(size, wished).unwrap();
            prop_assert!(u64::from(plan.count()) <= MAX_PARTS, "S3 numbers no more parts");
            prop_assert!(plan.part_size() >= wished, "the wish is the least");
            let mut at = 0;
            for number in 1..=plan.count() {
                let range = plan.range(number);
                prop_assert_eq!(range.start, at, "no gap and no overlap");
                if number < plan.count() {
                    prop_assert_eq!(range.end - range.start, plan.part_size(), "equal parts");
                }
                at = range.end;
            }
            prop_assert_eq!(at, size, "the last part ends with the file");
        }

        #[test]
        fn a_raised_part_size_is_whole_mebibytes(size in MIN_PART * MAX_PARTS + 1..=LARGEST) {
            let plan = PartPlan::cut(size, MIN_PART).unwrap();
            prop_assert_eq!(plan.part_size() % MIB, 0, "rounded up");
        }
    }

    #[test]
    fn the_borders_of_the_sizes_hold() {
        let count = |size| PartPlan::cut(size, MIN_PART).unwrap().count();
        assert_eq!(count(0), 1, "an empty file is one empty part");
        assert_eq!(count(MIN_PART), 1, "exactly one part");
        assert_eq!(count(MIN_PART + 1), 2, "one byte more");
        assert_eq!(count(MIN_PART * MAX_PARTS), 10_000, "exactly all parts");
        assert!(
            PartPlan::cut(LARGEST, MIN_PART).is_ok(),
            "the largest object"
        );
        assert!(
            PartPlan::cut(LARGEST + 1, MIN_PART).is_err(),
            "one byte more than that"
        );
    }
}
