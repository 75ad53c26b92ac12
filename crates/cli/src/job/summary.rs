//! What a run came to: the last line, and what a person can do next.
//!
//! Bytes and requests are this process's own. A job that another process carried out while this one
//! looked on is summed up as `followed`, with nothing sent.

use std::time::{Duration, Instant};

use longshore_engine::model::SessionId;
use longshore_engine::plan::{JobState, JobView, Operation};
use longshore_engine::size;
use longshore_engine::store::Store;
use serde_json::json;

use super::lines::{count, state_word};
use crate::output::put;
use crate::run::Run;

/// What is counted of a run from its beginning.
pub(super) struct Tally {
    begun: Instant,
    /// The session's store and the requests that it had sent before; none when there is no store.
    before: Option<(Store, u64)>,
    /// Whether another process was seen to drive the job.
    pub(super) elsewhere: bool,
}

impl Tally {
    pub(super) async fn begin(run: &Run<'_>, session: &SessionId) -> Self {
        let begun = Instant::now();
        let store = run.engine.store(session).await.ok();
        Self {
            begun,
            before: store.map(|store| (store.clone(), store.requests_sent())),
            elsewhere: false,
        }
    }

    pub(super) fn seconds(&self) -> f64 {
        rounded(self.begun.elapsed())
    }

    fn requests(&self) -> Option<u64> {
        let (store, before) = self.before.as_ref()?;
        Some(store.requests_sent().saturating_sub(*before))
    }

    /// The last line of a run that was interrupted while it looked.
    pub(super) fn nothing_begun(&self, run: &Run<'_>) {
        let mut line = json!({
            "type": "summary",
            "state": "cancelled",
            "done": 0,
            "skipped": 0,
            "failed": 0,
            "bytes": 0,
            "bytesDone": 0,
            "bytesSent": 0,
            "bytesReused": 0,
            "seconds": self.seconds(),
        });
        put(&mut line, "requests", self.requests());
        run.output.clear();
        run.output.result(&line, || {
            "Stopped before anything was begun; nothing was changed".to_owned()
        });
    }

    /// The last line of a run that settled.
    pub(super) fn sum_up(&self, run: &Run<'_>, job: &JobView) {
        let own = Own::of(run, job, self.elsewhere);
        let mut line = json!({
            "type": "summary",
            "done": job.items_done,
            "skipped": job.items_skipped,
            "failed": job.items_failed,
            "bytes": job.bytes,
            "bytesDone": job.bytes_done,
            "bytesSent": own.sent,
            "bytesReused": own.reused,
            "seconds": self.seconds(),
        });
        put(&mut line, "requests", self.requests());
        put(&mut line, "followed", own.followed.then_some(true));
        if !job.state.is_over() {
            line["state"] = json!(state_word(job.state));
        }
        run.output.result(&line, || text(job, &own));
        if matches!(job.state, JobState::Paused | JobState::WaitingForSignIn) {
            let why = job.reason.as_deref();
            let why = why.map(|why| format!("{why}. ")).unwrap_or_default();
            let paused = if job.state == JobState::Paused {
                "Paused. "
            } else {
                ""
            };
            let next = next_step(job).unwrap_or_default();
            run.output.note(&format!("{paused}{why}{next}"));
        }
    }
}

/// What this process had a part in.
struct Own {
    sent: u64,
    reused: u64,
    followed: bool,
}

impl Own {
    fn of(run: &Run<'_>, job: &JobView, elsewhere: bool) -> Self {
        let moved = run.engine.transfers().sent_here(&job.id);
        let followed = elsewhere && moved == 0;
        if matches!(job.operation, Operation::Delete | Operation::Move) {
            // What the server removes or copies by itself crosses no wire.
            return Self {
                sent: 0,
                reused: 0,
                followed,
            };
        }
        let before = job.bytes_done.saturating_sub(moved);
        Self {
            sent: moved,
            reused: if followed { job.bytes_reused } else { before },
            followed,
        }
    }
}

fn text(job: &JobView, own: &Own) -> String {
    let mut text = format!("{} done", count(job.items_done));
    match job.operation {
        _ if own.followed => text.push_str(", by another process"),
        Operation::Upload => text.push_str(&format!(", {} sent", size::in_words(own.sent))),
        Operation::Download => text.push_str(&format!(", {} fetched", size::in_words(own.sent))),
        Operation::Delete | Operation::Move => {
            text.push_str(&format!(", {}", size::in_words(job.bytes_done)));
        }
    }
    for (count, word) in [(job.items_skipped, "skipped"), (job.items_failed, "failed")] {
        if count > 0 {
            text.push_str(&format!(", {count} {word}"));
        }
    }
    if own.reused > 0 {
        let reused = size::in_words(own.reused);
        text.push_str(&format!(", {reused} were there from before"));
    }
    text
}

/// What a person can do about a job that is not all done; none where there is nothing to do.
pub(crate) fn next_step(job: &JobView) -> Option<String> {
    let id = &job.id;
    Some(match job.state {
        JobState::Paused => {
            format!("Run the same command again, or `longshore transfers resume {id}`, to continue")
        }
        JobState::WaitingForSignIn => format!(
            "Sign in again, then `longshore transfers resume {id}`; what was transferred is kept"
        ),
        JobState::WaitingForNetwork => "It goes on by itself once the network is back".to_owned(),
        JobState::Failed if job.items_done == 0 => {
            "Once the reason is mended, run the same command again".to_owned()
        }
        JobState::Failed => match job.operation {
            Operation::Upload | Operation::Download => {
                "Copy again with --no-overwrite: what is there already is left out then".to_owned()
            }
            Operation::Delete | Operation::Move => {
                "Do it again: what is done already is not met a second time".to_owned()
            }
        },
        _ => return None,
    })
}

fn rounded(took: Duration) -> f64 {
    (took.as_secs_f64() * 1000.0).round() / 1000.0
}
