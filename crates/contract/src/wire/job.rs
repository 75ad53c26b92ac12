//! Jobs and their items as the transfers dock shows them.

use longshore_engine::plan;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plan::Operation;
use crate::error::ErrorCode;

/// Where a job or an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum JobState {
    /// It waits for its turn.
    Queued,
    /// It moves.
    Running,
    /// A person paused it, or its process ended.
    Paused,
    /// It needs its session to be signed in again.
    WaitingForSignIn,
    /// It needs the network.
    WaitingForNetwork,
    /// All bytes are acknowledged; the whole is being checked.
    Verifying,
    /// All is done (or left out on purpose).
    Done,
    /// Something failed.
    Failed,
    /// A person cancelled it.
    Cancelled,
}

/// What a person wants of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum JobWant {
    /// To run.
    Run,
    /// To pause.
    Pause,
    /// To cancel.
    Cancel,
}

/// How far the content of a finished item was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Verified {
    /// It is not finished, or there is no content.
    No,
    /// A checksum over the whole object agrees.
    Checksum,
    /// The ETag agrees.
    Etag,
    /// Only the length agrees.
    LengthOnly,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// Its id; later jobs sort after earlier ones.
    pub id: String,
    /// Who acts.
    pub session: String,
    /// The session's display name when the job was started.
    pub session_name: String,
    /// The kind of change.
    pub operation: Operation,
    /// What it is about.
    pub title: String,
    /// Where it leads.
    pub destination: String,
    /// The bucket that changes.
    pub touches_bucket: Option<String>,
    /// The prefix that changes, for refreshing views.
    pub touches_prefix: Option<String>,
    /// Where it stands.
    pub state: JobState,
    /// Why it failed or waits, with what to do.
    pub reason: Option<String>,
    /// Items in all.
    pub items: u64,
    /// Items done.
    pub items_done: u64,
    /// Items failed.
    pub items_failed: u64,
    /// Items left out on purpose.
    pub items_skipped: u64,
    /// Bytes in all that it set out to do, also of items that failed or were left out.
    pub bytes: u64,
    /// Bytes that the other side acknowledged.
    pub bytes_done: u64,
    /// Bytes that an earlier run had brought over and that were not sent again.
    pub bytes_reused: u64,
    /// Bytes of items left out on purpose.
    pub bytes_skipped: u64,
    /// Bytes a second; 0 unless running.
    pub speed: u64,
    /// Seconds that are left, once that settles.
    pub eta: Option<u64>,
    /// The part map, one character a cell, at most 96: `.` waiting, `w` on its way, `d` done
    /// (acknowledged), `f` failed.
    pub map: String,
    /// When it was started.
    pub created: i64,
    /// When it ended.
    pub ended: Option<i64>,
    /// Whether another process drives it.
    pub elsewhere: bool,
}

/// An item of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobItem {
    /// Its number within the job.
    pub number: u64,
    /// What it starts from.
    pub source: String,
    /// Where it leads.
    pub destination: String,
    /// Where it stands.
    pub state: JobState,
    /// Whether it was left out on purpose.
    pub skipped: bool,
    /// Size in bytes.
    pub bytes: u64,
    /// Acknowledged bytes.
    pub bytes_done: u64,
    /// Bytes that were not sent again.
    pub bytes_reused: u64,
    /// How far its content was checked.
    pub verified: Verified,
    /// Why it failed or was left out.
    pub reason: Option<String>,
    /// Why it failed, to branch on.
    pub code: Option<ErrorCode>,
    /// The server's request id of the failure.
    pub request_id: Option<String>,
    /// The server's second id of the failure (`x-amz-id-2`).
    pub host_id: Option<String>,
    /// The multipart upload, while one is open.
    pub upload_id: Option<String>,
}

/// A window of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobItemsArgs {
    /// The job.
    pub id: String,
    /// The first item's position.
    pub start: u64,
    /// How many, at most 500; more are cut off.
    pub len: u64,
}

/// What a person wants of one job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobWantArgs {
    /// The job.
    pub id: String,
    /// What is wanted.
    pub want: JobWant,
}

/// What a person wants of all jobs that are not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WantAllArgs {
    /// What is wanted.
    pub want: JobWant,
}

impl From<plan::JobState> for JobState {
    fn from(state: plan::JobState) -> Self {
        match state {
            plan::JobState::Queued => Self::Queued,
            plan::JobState::Running => Self::Running,
            plan::JobState::Paused => Self::Paused,
            plan::JobState::WaitingForSignIn => Self::WaitingForSignIn,
            plan::JobState::WaitingForNetwork => Self::WaitingForNetwork,
            plan::JobState::Verifying => Self::Verifying,
            plan::JobState::Done => Self::Done,
            plan::JobState::Failed => Self::Failed,
            plan::JobState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<JobWant> for plan::DesiredState {
    fn from(want: JobWant) -> Self {
        match want {
            JobWant::Run => Self::Run,
            JobWant::Pause => Self::Pause,
            JobWant::Cancel => Self::Cancel,
        }
    }
}

impl From<plan::Verified> for Verified {
    fn from(verified: plan::Verified) -> Self {
        match verified {
            plan::Verified::No => Self::No,
            plan::Verified::Checksum => Self::Checksum,
            plan::Verified::ETag => Self::Etag,
            plan::Verified::LengthOnly => Self::LengthOnly,
        }
    }
}

impl From<plan::JobView> for Job {
    fn from(job: plan::JobView) -> Self {
        let (touches_bucket, touches_prefix) = match job.touches {
            Some((bucket, prefix)) => (Some(bucket.into_string()), Some(prefix.into_string())),
            None => (None, None),
        };
        Self {
            id: job.id.into_string(),
            session: job.session.into_string(),
            session_name: job.session_name,
            operation: job.operation.into(),
            title: job.title,
            destination: job.destination,
            touches_bucket,
            touches_prefix,
            state: job.state.into(),
            reason: job.reason,
            items: job.items,
            items_done: job.items_done,
            items_failed: job.items_failed,
            items_skipped: job.items_skipped,
            bytes: job.bytes,
            bytes_done: job.bytes_done,
            bytes_reused: job.bytes_reused,
            bytes_skipped: job.bytes_skipped,
            speed: job.speed,
            eta: job.eta,
            map: job.map.cells.iter().copied().map(cell_char).collect(),
            created: job.created.0,
            ended: job.ended.map(|at| at.0),
            elsewhere: job.elsewhere,
        }
    }
}

fn cell_char(cell: plan::PartCell) -> char {
    match cell {
        plan::PartCell::Waiting => '.',
        plan::PartCell::InFlight => 'w',
        plan::PartCell::Done => 'd',
        plan::PartCell::Failed => 'f',
    }
}

impl From<plan::ItemView> for JobItem {
    fn from(item: plan::ItemView) -> Self {
        let failure = item.failure;
        Self {
            number: item.number,
            source: item.source,
            destination: item.destination,
            state: item.state.into(),
            skipped: item.skipped,
            bytes: item.bytes,
            bytes_done: item.bytes_done,
            bytes_reused: item.bytes_reused,
            verified: item.verified.into(),
            reason: item.reason,
            code: failure.as_ref().map(|failure| failure.kind.into()),
            request_id: failure.as_ref().and_then(|f| f.request_id.clone()),
            host_id: failure.and_then(|failure| failure.host_id),
            upload_id: item.upload_id,
        }
    }
}
