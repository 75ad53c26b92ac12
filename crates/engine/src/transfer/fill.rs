//! The missing parts of an item, few at once first, more with each that is through.
//!
//! An early end then keeps finished parts instead of many that were begun.

use std::collections::HashSet;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::journal::rows::PartRecord;
use super::part_plan::PartPlan;
use super::work::Work;
use crate::error::Result;

/// Parts that are carried out at once at the beginning.
const FIRST: usize = 2;

/// Carries out the parts of a plan that are not held; all of them in order.
///
/// # Errors
/// The first failure of a part; the others are dropped.
pub(crate) async fn fill<F>(
    work: &Work,
    plan: &PartPlan,
    held: Vec<PartRecord>,
    part: impl Fn(u32) -> F,
) -> Result<Vec<PartRecord>>
where
    F: Future<Output = Result<PartRecord>>,
{
    let have: HashSet<u32> = held.iter().map(|part| part.number).collect();
    let mut missing = (1..=plan.count()).filter(|number| !have.contains(number));
    let (mut parts, mut limit) = (held, FIRST);
    let mut flying = FuturesUnordered::new();
    loop {
        while flying.len() < limit
            && let Some(number) = missing.next()
        {
            flying.push(part(number));
        }
        match flying.next().await {
            Some(done) => parts.push(done?),
            None => break,
        }
        limit = (limit + 1).min(work.permits.most());
    }
    parts.sort_unstable_by_key(|part| part.number);
    Ok(parts)
}
