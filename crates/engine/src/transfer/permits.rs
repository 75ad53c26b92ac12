//! How many requests carry bytes at once, and how much memory their bodies take.
//!
//! One limit for the whole queue. A server that asks to slow down halves it (at most once a
//! second); each full round of successes adds one, up to the setting. Memory is counted beside it
//! in MiB, so that very large parts are fewer at a time.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Answers to requests that left before the cut must not cut again.
const ONE_CUT: Duration = Duration::from_secs(1);
/// Bodies may take this many MiB even when the setting times the part size is less.
const LEAST_MEMORY: u64 = 256;
const MIB: u64 = 1024 * 1024;

/// The queue's limits. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Permits {
    requests: Arc<Semaphore>,
    memory: Arc<Semaphore>,
    memory_size: u32,
    most: usize,
    state: Arc<Mutex<Limit>>,
}

#[derive(Debug)]
struct Limit {
    now: usize,
    /// Permits that are to vanish when they come back.
    owed: usize,
    successes: usize,
    cut: Option<Instant>,
}

/// The right to carry one body; given back when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    request: Option<OwnedSemaphorePermit>,
    _memory: Option<OwnedSemaphorePermit>,
    permits: Permits,
}

impl Permits {
    /// Limits for `most` requests with bodies of usually `part_size` bytes.
    pub(crate) fn new(most: usize, part_size: u64) -> Self {
        let most = most.max(1);
        let memory = (part_size.div_ceil(MIB) * most as u64).max(LEAST_MEMORY);
        let memory_size = u32::try_from(memory).unwrap_or(u32::MAX);
        Self {
            requests: Arc::new(Semaphore::new(most)),
            memory: Arc::new(Semaphore::new(memory_size as usize)),
            memory_size,
            most,
            state: Arc::new(Mutex::new(Limit {
                now: most,
                owed: 0,
                successes: 0,
                cut: None,
            })),
        }
    }

    /// The setting.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// Waits for the right to carry a body of `bytes`.
    pub(crate) async fn take(&self, bytes: u64) -> Permit {
        let request = Arc::clone(&self.requests).acquire_owned().await.ok();
        let weight = u32::try_from(bytes.div_ceil(MIB)).unwrap_or(u32::MAX);
        let weight = weight.clamp(1, self.memory_size);
        let memory = Arc::clone(&self.memory)
            .acquire_many_owned(weight)
            .await
            .ok();
        Permit {
            request,
            _memory: memory,
            permits: self.clone(),
        }
    }

    /// The server asked to slow down.
    pub(crate) fn slow_down(&self) {
        let mut limit = self.lock();
        if limit.cut.is_some_and(|at| at.elapsed() < ONE_CUT) {
            return;
        }
        let next = (limit.now / 2).max(1);
        limit.owed += limit.now - next;
        limit.now = next;
        limit.successes = 0;
        limit.cut = Some(Instant::now());
        let gone = self.requests.forget_permits(limit.owed);
        limit.owed -= gone;
    }

    /// A body was acknowledged.
    pub(crate) fn went_well(&self) {
        let mut limit = self.lock();
        if limit.now >= self.most {
            return;
        }
        limit.successes += 1;
        if limit.successes >= limit.now {
            limit.successes = 0;
            limit.now += 1;
            if limit.owed > 0 {
                limit.owed -= 1;
            } else {
                self.requests.add_permits(1);
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Limit> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut limit = self.permits.lock();
        if limit.owed > 0
            && let Some(request) = self.request.take()
        {
            limit.owed -= 1;
            request.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_busy_server_halves_the_limit_and_successes_raise_it() {
        let permits = Permits::new(4, MIB);
        let mut held = Vec::new();
        for _ in 0..4 {
            held.push(permits.take(1).await);
        }
        permits.slow_down();
        permits.slow_down();
        drop(held);
        assert_eq!(
            permits.requests.available_permits(),
            2,
            "one cut for one moment"
        );
        for _ in 0..20 {
            permits.went_well();
        }
        assert_eq!(
            permits.requests.available_permits(),
            4,
            "back to the setting, not above"
        );
    }

    #[tokio::test]
    async fn a_body_larger_than_the_budget_goes_alone() {
        let permits = Permits::new(2, MIB);
        let whole = permits.take(u64::MAX).await;
        assert_eq!(
            permits.memory.available_permits(),
            0,
            "it takes all there is"
        );
        drop(whole);
        assert!(permits.memory.available_permits() > 0, "and gives it back");
    }
}
