//! What a running job shows: state, acknowledged bytes, speed, and the part map.
//!
//! Only acknowledged bytes count. They never exceed the whole and only fall when an upload has to
//! begin anew, which is then said as the reason. Changes of state are told at once; progress is
//! told at most ten times a second, the last of it never lost: a change that was held back is told
//! by the next tick of the job's driver. While nothing changes a running job is told of once a
//! second, since its speed falls.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, broadcast};

use super::journal::jobs::Counts;
use crate::event::EngineEvent;
use crate::model::JobId;
use crate::plan::{JobState, PartMap};

mod map;
mod meter;

pub(crate) use map::{Map, Mark};
use meter::Meter;

/// Ten times a second: as often as an eye and a page keep up.
pub(crate) const TICK: Duration = Duration::from_millis(100);
/// How often a job is told of in which nothing was acknowledged: its speed and the time left change.
const STANDSTILL: Duration = Duration::from_secs(1);
/// A time that is left is shown once the window holds this much.
const SETTLED: Duration = Duration::from_secs(2);

/// A job that runs in this process.
#[derive(Debug)]
pub(crate) struct Live {
    job: JobId,
    events: broadcast::Sender<EngineEvent>,
    /// Wakes what waits for the network.
    pub(crate) nudge: Notify,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: JobState,
    reason: Option<String>,
    counts: Counts,
    map: Map,
    meter: Meter,
    /// Bytes that this process brought over, also those that were given up again.
    sent: u64,
    /// Bytes of failed items that will not come any more.
    lost: u64,
    told: Option<Instant>,
    untold: bool,
}

/// What is seen of a running job.
#[derive(Debug, Clone)]
pub(crate) struct Sight {
    pub(crate) state: JobState,
    pub(crate) reason: Option<String>,
    pub(crate) counts: Counts,
    pub(crate) speed: u64,
    pub(crate) eta: Option<u64>,
    pub(crate) map: PartMap,
}

impl Live {
    pub(crate) fn new(
        job: JobId,
        events: broadcast::Sender<EngineEvent>,
        counts: Counts,
        map: Map,
    ) -> Self {
        Self {
            job,
            events,
            nudge: Notify::new(),
            inner: Mutex::new(Inner {
                state: JobState::Queued,
                reason: None,
                counts,
                map,
                meter: Meter::default(),
                sent: 0,
                lost: 0,
                told: None,
                untold: false,
            }),
        }
    }

    /// Where it stands now; told at once when that is new.
    pub(crate) fn set_state(&self, state: JobState, reason: Option<String>) {
        let mut inner = self.lock();
        if inner.state == state && inner.reason == reason {
            return;
        }
        inner.state = state;
        inner.reason = reason;
        inner.meter.forget();
        if state == JobState::Running {
            inner.meter.begin(Instant::now());
        }
        self.tell(&mut inner);
    }

    /// An answer came, so that a wait for the network is over.
    pub(crate) fn answered(&self) {
        let waits = self.lock().state == JobState::WaitingForNetwork;
        if waits {
            self.set_state(JobState::Running, None);
        }
    }

    pub(crate) fn state(&self) -> (JobState, Option<String>) {
        let inner = self.lock();
        (inner.state, inner.reason.clone())
    }

    /// Something of the span leaves now; it counts as on its way until the flight is dropped.
    pub(crate) fn flight(&self, start: u64, length: u64) -> Flight<'_> {
        let mut inner = self.lock();
        inner.map.add(start, length, Mark::Flying);
        self.progressed(&mut inner);
        Flight {
            live: self,
            start,
            length,
        }
    }

    /// Bytes that the other side acknowledged now.
    pub(crate) fn acknowledge(&self, start: u64, bytes: u64) {
        let mut inner = self.lock();
        inner.map.add(start, bytes, Mark::Done);
        inner.meter.add(Instant::now(), bytes);
        inner.sent += bytes;
        let counts = &mut inner.counts;
        counts.bytes_done = (counts.bytes_done + bytes).min(counts.bytes);
        self.progressed(&mut inner);
    }

    /// Bytes that an earlier run had brought over; `known` of them were counted already.
    pub(crate) fn hold(&self, spans: &[(u64, u64)], known: u64) {
        let mut inner = self.lock();
        let mut held = 0;
        for (start, bytes) in spans {
            inner.map.add(*start, *bytes, Mark::Done);
            held += bytes;
        }
        let counts = &mut inner.counts;
        counts.bytes_done = (counts.bytes_done.saturating_sub(known) + held).min(counts.bytes);
        counts.bytes_reused += held;
        self.progressed(&mut inner);
    }

    /// An item begins anew: what was acknowledged of it counts no more, and why is said.
    pub(crate) fn begin_anew(&self, start: u64, length: u64, counted: u64, why: Option<&str>) {
        let mut inner = self.lock();
        inner.map.clear(start, length);
        let counts = &mut inner.counts;
        counts.bytes_done = counts.bytes_done.saturating_sub(counted);
        counts.bytes_reused = counts.bytes_reused.saturating_sub(counted);
        if let Some(why) = why {
            inner.reason = Some(why.to_owned());
            self.tell(&mut inner);
        }
    }

    /// The part borders of the only item of a job, for a map whose cells are its parts.
    pub(crate) fn draw_parts(&self, size: u64, part_size: u64) {
        let mut inner = self.lock();
        inner.map = Map::of_parts(size, part_size);
        self.progressed(&mut inner);
    }

    /// A file was found with another size than the plan saw.
    pub(crate) fn resize(&self, from: u64, to: u64) {
        let mut inner = self.lock();
        inner.counts.bytes = inner.counts.bytes.saturating_sub(from) + to;
        self.progressed(&mut inner);
    }

    /// An item is done; `rest` of its bytes were not acknowledged part by part.
    pub(crate) fn item_done(&self, start: u64, length: u64, rest: u64) {
        let mut inner = self.lock();
        inner.map.fill(start, length);
        inner.sent += rest;
        let counts = &mut inner.counts;
        counts.done += 1;
        counts.bytes_done = (counts.bytes_done + rest).min(counts.bytes);
        self.progressed(&mut inner);
    }

    /// An item failed; what is missing of it stays in the whole, and is waited for no more.
    pub(crate) fn item_failed(&self, start: u64, length: u64, missing: u64) {
        let mut inner = self.lock();
        inner.map.add(start, length, Mark::Failed);
        inner.counts.failed += 1;
        inner.lost += missing;
        self.progressed(&mut inner);
    }

    /// Tells what was held back, once it may be told, and the falling speed of one that stands still.
    pub(crate) fn tick(&self) {
        let mut inner = self.lock();
        let pause = if inner.untold { TICK } else { STANDSTILL };
        let is_due = inner.told.is_none_or(|at| at.elapsed() >= pause);
        if is_due && (inner.untold || inner.state == JobState::Running) {
            self.tell(&mut inner);
        }
    }

    /// Bytes that this process brought over.
    pub(crate) fn sent(&self) -> u64 {
        self.lock().sent
    }

    pub(crate) fn sight(&self) -> Sight {
        let inner = self.lock();
        let now = Instant::now();
        let speed = inner.meter.speed(now);
        let counts = &inner.counts;
        let over = counts.bytes_done + counts.bytes_skipped + inner.lost;
        let left = counts.bytes.saturating_sub(over);
        Sight {
            state: inner.state,
            reason: inner.reason.clone(),
            counts: inner.counts,
            speed,
            eta: (speed > 0 && inner.meter.span(now) >= SETTLED).then(|| left.div_ceil(speed)),
            map: inner.map.draw(),
        }
    }

    fn progressed(&self, inner: &mut Inner) {
        if inner.told.is_none_or(|at| at.elapsed() >= TICK) {
            self.tell(inner);
        } else {
            inner.untold = true;
        }
    }

    fn tell(&self, inner: &mut Inner) {
        inner.told = Some(Instant::now());
        inner.untold = false;
        let _nobody_listens = self.events.send(EngineEvent::JobChanged(self.job.clone()));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A span that is on its way; landed or not, it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Flight<'a> {
    live: &'a Live,
    start: u64,
    length: u64,
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let mut inner = self.live.lock();
        inner.map.land(self.start, self.length);
        self.live.progressed(&mut inner);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn live(bytes: u64, items: u64) -> (Live, broadcast::Receiver<EngineEvent>) {
        let (events, receiver) = broadcast::channel(4096);
        let counts = Counts {
            items,
            bytes,
            ..Counts::default()
        };
        let map = Map::of_items(bytes + items);
        (Live::new(JobId::new("j"), events, counts, map), receiver)
    }

    proptest! {
        #[test]
        fn progress_never_passes_the_whole_and_never_falls(
            acks in proptest::collection::vec((0_u64..1000, 0_u64..400), 0..60)
        ) {
            let (live, _receiver) = live(1000, 1);
            let mut before = 0;
            for (start, bytes) in acks {
                live.acknowledge(start, bytes);
                let counts = live.sight().counts;
                prop_assert!(counts.bytes_done <= counts.bytes, "not more than the whole");
                prop_assert!(counts.bytes_done >= before, "not less than before");
                before = counts.bytes_done;
            }
        }
    }

    #[test]
    fn progress_is_told_seldom_and_states_always() {
        let (live, mut receiver) = live(1_000_000, 1);
        for at in 0..1000 {
            live.acknowledge(at, 1);
        }
        let mut told = 0;
        while receiver.try_recv().is_ok() {
            told += 1;
        }
        assert!(
            told < 500,
            "a thousand changes in a moment are not a thousand events: {told}"
        );
        live.set_state(JobState::Running, None);
        live.set_state(JobState::Paused, None);
        assert!(
            receiver.try_recv().is_ok() && receiver.try_recv().is_ok(),
            "both are told"
        );
    }

    #[test]
    fn a_failed_item_stays_in_the_whole() {
        let (live, _receiver) = live(100, 2);
        live.acknowledge(0, 40);
        live.item_failed(0, 50, 10);
        live.item_done(51, 50, 50);
        let counts = live.sight().counts;
        assert_eq!(
            (counts.bytes, counts.bytes_done),
            (100, 90),
            "what it did not bring is missing"
        );
        assert_eq!(live.sent(), 90, "what was acknowledged was sent from here");
    }
}
