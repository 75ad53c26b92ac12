//! Speed over the last seconds.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Speed is the mean over this window: long enough to be calm, short enough to follow.
const WINDOW: Duration = Duration::from_secs(5);

/// Bytes of the last seconds.
#[derive(Debug, Default)]
pub(super) struct Meter {
    samples: VecDeque<(Instant, u64)>,
    since: Option<Instant>,
}

impl Meter {
    pub(super) fn add(&mut self, bytes: u64) {
        let now = Instant::now();
        self.since.get_or_insert(now);
        self.samples.push_back((now, bytes));
        while self
            .samples
            .front()
            .is_some_and(|(at, _)| at.elapsed() > WINDOW)
        {
            self.samples.pop_front();
        }
    }

    pub(super) fn span(&self) -> Duration {
        self.since
            .map_or(Duration::ZERO, |since| since.elapsed().min(WINDOW))
    }

    pub(super) fn speed(&self) -> u64 {
        let recent = self.samples.iter().filter(|(at, _)| at.elapsed() <= WINDOW);
        let bytes: u64 = recent.map(|(_, bytes)| bytes).sum();
        // A first burst is not divided by next to nothing.
        let millis = self.span().max(Duration::from_millis(500)).as_millis();
        u64::try_from(u128::from(bytes) * 1000 / millis).unwrap_or(u64::MAX)
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}
