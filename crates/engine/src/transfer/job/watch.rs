//! The watch beside a running job: its lease, what is wanted of it, and its state in the journal.

use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::journal::jobs;
use super::super::lease::BEAT;
use super::super::progress::{Live, TICK};
use super::Shared;
use crate::model::JobId;
use crate::plan::{DesiredState, JobState};

/// How often the column that another process may write is read.
const LOOK: Duration = Duration::from_millis(250);

/// Why a run stopped before its items were over.
pub(super) enum Stop {
    Pause,
    Cancel,
    Lost,
    Closing,
}

/// Keeps the lease, writes changes of state, and returns when the run is to stop.
pub(super) async fn watch(
    shared: &Shared,
    job: &JobId,
    live: &Live,
    wake: &Notify,
    closing: &CancellationToken,
) -> Stop {
    let mut written = None;
    let (mut look, mut beat) = (Instant::now(), Instant::now());
    loop {
        live.tick();
        let state = live.state();
        if written.as_ref() != Some(&state) && write_state(shared, job, &state).await {
            written = Some(state);
        }
        if look <= Instant::now() {
            look = Instant::now() + LOOK;
            let beats = beat <= Instant::now();
            if beats {
                beat = Instant::now() + BEAT;
            }
            if let Some(stop) = wanted(shared, job, beats).await {
                return stop;
            }
        }
        tokio::select! {
            () = closing.cancelled() => return Stop::Closing,
            () = wake.notified() => {
                look = Instant::now();
                live.nudge.notify_waiters();
            }
            () = tokio::time::sleep(TICK) => {}
        }
    }
}

async fn write_state(shared: &Shared, job: &JobId, state: &(JobState, Option<String>)) -> bool {
    let (id, (state, reason)) = (job.as_str().to_owned(), state.clone());
    let write = move |db: &rusqlite::Connection| {
        jobs::recount(db, &id)?;
        jobs::set_state(db, &id, state, reason.as_deref())
    };
    shared.journal.write(write).await.is_ok()
}

async fn wanted(shared: &Shared, job: &JobId, beats: bool) -> Option<Stop> {
    let (owner, id) = (shared.owner.clone(), job.as_str().to_owned());
    let look = move |db: &rusqlite::Connection| {
        let held = if beats {
            owner.beat(db, &id)?
        } else {
            owner.holds(db, &id)?
        };
        Ok((held, jobs::find(db, &id)?.map(|record| record.desired)))
    };
    let looked = if beats {
        shared.journal.write(look).await
    } else {
        shared.journal.read(look).await
    };
    match looked {
        Ok((true, Some(DesiredState::Run))) => None,
        Ok((true, Some(DesiredState::Pause))) => Some(Stop::Pause),
        Ok((true, Some(DesiredState::Cancel))) => Some(Stop::Cancel),
        Ok(_) => Some(Stop::Lost),
        Err(error) => {
            // The items fail by themselves if the journal stays unusable.
            tracing::warn!(%error, "what is wanted of a job could not be read");
            None
        }
    }
}
