//! Speed over the last acknowledgements.
//!
//! A part is acknowledged at once and was sent over a long time, so a sample counts for the time
//! since the one before it, and the first since the job began to run. Over a slow line the last
//! seconds may hold no sample: then the last few are looked at, and the time since they came counts
//! too, so that the speed falls while nothing arrives.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Speed is the mean over this window: long enough to be calm, short enough to follow.
const WINDOW: Duration = Duration::from_secs(5);
/// So many samples are looked at even if they are older than the window.
const FEW: usize = 4;
/// What is older than this says nothing of now.
const OLD: Duration = Duration::from_secs(60);
/// A first burst is not divided by next to nothing.
const SHORTEST: Duration = Duration::from_millis(500);

/// Bytes of the last while.
#[derive(Debug, Default)]
pub(super) struct Meter {
    samples: VecDeque<(Instant, u64)>,
    /// When the time of the first sample began.
    since: Option<Instant>,
}

impl Meter {
    /// A job begins to run: its first bytes are on their way from now.
    pub(super) fn begin(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    pub(super) fn add(&mut self, now: Instant, bytes: u64) {
        self.begin(now);
        self.samples.push_back((now, bytes));
        while self.samples.len() > FEW
            && let Some((at, _)) = self.samples.front()
            && now.duration_since(*at) > WINDOW
        {
            self.since = self.samples.pop_front().map(|(at, _)| at);
        }
    }

    /// The time that the speed is the mean of.
    pub(super) fn span(&self, now: Instant) -> Duration {
        self.since
            .map_or(Duration::ZERO, |since| now.duration_since(since))
    }

    pub(super) fn speed(&self, now: Instant) -> u64 {
        let is_stale = |(at, _): &(Instant, u64)| now.duration_since(*at) > OLD;
        if self.samples.back().is_none_or(is_stale) {
            return 0;
        }
        let bytes: u64 = self.samples.iter().map(|(_, bytes)| bytes).sum();
        let millis = self.span(now).max(SHORTEST).as_millis();
        u64::try_from(u128::from(bytes) * 1000 / millis).unwrap_or(u64::MAX)
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PART: u64 = 8_000_000;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_part_is_as_fast_as_the_time_that_it_was_sent_in() {
        let (mut meter, start) = (Meter::default(), Instant::now());
        meter.begin(start);
        meter.add(after(start, 20), PART);
        meter.add(after(start, 20), PART);
        let speed = meter.speed(after(start, 20));
        assert_eq!(speed, 2 * PART / 20, "not as if it had come at once");
    }

    #[test]
    fn the_speed_falls_while_nothing_comes_and_ends_at_nothing() {
        let (mut meter, start) = (Meter::default(), Instant::now());
        meter.begin(start);
        meter.add(after(start, 10), PART);
        let mut before = meter.speed(after(start, 10));
        for second in [11, 15, 30, 60] {
            let now = meter.speed(after(start, second));
            assert!(now < before, "after {second} s it is not slower: {now}");
            before = now;
        }
        assert_eq!(meter.speed(after(start, 71)), 0, "a minute is too long");
    }

    #[test]
    fn on_a_fast_line_only_the_last_seconds_count() {
        let (mut meter, start) = (Meter::default(), Instant::now());
        meter.begin(start);
        for second in 1..=20 {
            meter.add(after(start, second), if second <= 10 { 1000 } else { PART });
        }
        let speed = meter.speed(after(start, 20));
        assert!(
            speed.abs_diff(PART) < PART / 10,
            "what was slow before is forgotten: {speed}"
        );
    }
}
