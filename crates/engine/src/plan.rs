//! Plan → Job → Item → Part: the one model of every change.
//!
//! A [`Plan`] says what will happen before it happens: counts, bytes, requests, what cannot be
//! undone, sample rows, and what stands in the way. Starting it makes a *job* whose rows are in the
//! journal before its first request leaves; a job streams *items* (one object each), a large item
//! has *parts*. Before-images of what an item replaces or removes are kept with the item.

use crate::error::{Error, ErrorKind};
use crate::model::{BucketName, JobId, PlanId, Prefix, SessionId, Timestamp};

/// What kind of change a plan, its job and its items carry out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Local files to objects.
    Upload,
    /// Objects to local files.
    Download,
    /// Objects (or all below a prefix) removed.
    Delete,
    /// Objects copied inside the store, then removed at the old key.
    Move,
}

/// What happens to an item whose destination exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ConflictPolicy {
    /// The plan lists the conflicts and the job may not start until one of the others is chosen.
    #[default]
    Ask,
    /// It is left out and counted as skipped.
    Skip,
    /// It is written under a free name, `name (1).ext`.
    KeepBoth,
    /// It replaces what is there, provided that still is what the plan saw.
    Overwrite,
}

/// What will happen, before it happens.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its id, by which it is started once or dropped.
    pub id: PlanId,
    /// The kind of change.
    pub operation: Operation,
    /// Who will act.
    pub session: SessionId,
    /// What it is about in a few words, such as a file's name or `3 files`.
    pub title: String,
    /// Where it leads, such as `s3://bucket/prefix/`.
    pub destination: String,
    /// Number of objects or files.
    pub items: u64,
    /// Bytes to move.
    pub bytes: u64,
    /// Requests that it takes, estimated.
    pub requests: u64,
    /// How many destinations exist already.
    pub conflicts: u64,
    /// What happens to those.
    pub policy: ConflictPolicy,
    /// Whether it can be undone (a delete in a versioned bucket makes markers).
    pub reversible: Reversible,
    /// How many more are left out on purpose or since they are not there.
    pub skipped: u64,
    /// How many more were meant and cannot be had.
    pub failed: u64,
    /// Sentences about the whole that need attention.
    pub warnings: Vec<String>,
    /// Why single items are left out, the first of them; each is a row's `why` too.
    pub left_out: Vec<String>,
    /// The first rows, at most [`SAMPLE_ROWS`].
    pub sample: Vec<PlanRow>,
}

/// Rows of a plan that are shown at once; the whole is in the journal.
pub const SAMPLE_ROWS: usize = 100;

/// Whether a change can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reversible {
    /// It can.
    Yes,
    /// It cannot.
    No,
    /// The server did not say.
    Unknown,
}

/// One row of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// What it starts from (a path or an `s3://` URI).
    pub source: String,
    /// Where it leads; empty for a delete.
    pub destination: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Why it is as it is (`new`, `replaces 12 bytes of 3 May`, `would escape the folder`).
    pub why: String,
    /// Whether the destination exists.
    pub conflict: bool,
    /// Whether it is carried out.
    pub fate: Fate,
}

/// What a plan does with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is carried out.
    Goes,
    /// It is left out on purpose, or since there is nothing to do.
    LeftOut,
    /// It was meant and cannot be had, so that the job will not be all done.
    Refused,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// All items are done (or skipped on purpose).
    Done,
    /// At least one item failed.
    Failed,
    /// A person cancelled it.
    Cancelled,
}

impl JobState {
    /// Whether nothing more will happen by itself or by resuming.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What a person wants of a job; a column of the journal that the lease holder watches, so that
/// another process can ask too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DesiredState {
    /// To run.
    Run,
    /// To pause.
    Pause,
    /// To cancel.
    Cancel,
}

/// A job as it is shown.
#[derive(Debug, Clone)]
pub struct JobView {
    /// Its id.
    pub id: JobId,
    /// Who acts.
    pub session: SessionId,
    /// The session's display name when the job was started.
    pub session_name: String,
    /// The kind of change.
    pub operation: Operation,
    /// What it is about.
    pub title: String,
    /// Where it starts: a path or an `s3://` URI, of several sources what they have in common;
    /// unknown of jobs that an earlier version made.
    pub source: Option<String>,
    /// Where it leads; for a delete what it is below.
    pub destination: String,
    /// The bucket and prefix that change, for refreshing views.
    pub touches: Option<(BucketName, Prefix)>,
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
    /// Bytes that the other side acknowledged; never more than `bytes`, never less than before
    /// without a stated reason.
    pub bytes_done: u64,
    /// Bytes that an earlier run had brought over and that were not sent again.
    pub bytes_reused: u64,
    /// Bytes of items left out on purpose.
    pub bytes_skipped: u64,
    /// Bytes a second over the last seconds; 0 unless running.
    pub speed: u64,
    /// Seconds that are left, once that settles.
    pub eta: Option<u64>,
    /// The part map, drawn from acknowledged parts.
    pub map: PartMap,
    /// When it was started.
    pub created: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Whether another process drives it.
    pub elsewhere: bool,
}

impl JobView {
    /// How far it is in whole percent, rounded down; 100 only once all is done. A job without bytes
    /// counts its items.
    pub fn percent(&self) -> u64 {
        if self.state == JobState::Done {
            return 100;
        }
        let (over, all) = if self.bytes > 0 {
            (self.bytes_done + self.bytes_skipped, self.bytes)
        } else {
            (self.items_done + self.items_skipped, self.items)
        };
        let percent = (u128::from(over) * 100)
            .checked_div(u128::from(all))
            .unwrap_or(0);
        u64::try_from(percent.min(99)).unwrap_or(99)
    }
}

/// A job drawn as at most [`PartMap::CELLS`] cells from left to right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PartMap {
    /// The cells.
    pub cells: Vec<PartCell>,
}

impl PartMap {
    /// More cells than this cannot be told apart in the window's dock.
    pub const CELLS: usize = 96;
}

/// One cell of a part map: a part, or the share of parts or items that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartCell {
    /// Nothing was acknowledged, nothing is on its way.
    Waiting,
    /// Something of it is on its way.
    InFlight,
    /// All of it is acknowledged.
    Done,
    /// It failed.
    Failed,
}

/// An item as it is shown.
#[derive(Debug, Clone)]
pub struct ItemView {
    /// Its number within the job.
    pub number: u64,
    /// What it starts from.
    pub source: String,
    /// Where it leads.
    pub destination: String,
    /// Where it stands, in the words of a job.
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
    /// Why it failed, for programs and for the server's keeper; none where nothing more is known.
    pub failure: Option<Failure>,
    /// The multipart upload, while one is open.
    pub upload_id: Option<String>,
}

/// What is kept of the error that an item ended with, beside its sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Why.
    pub kind: ErrorKind,
    /// The server's request id.
    pub request_id: Option<String>,
    /// The server's second id (`x-amz-id-2`).
    pub host_id: Option<String>,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        Self {
            kind: error.kind(),
            request_id: error.request_id().map(str::to_owned),
            host_id: error.server().extended_request_id.clone(),
        }
    }
}

/// How far the content of a finished item was checked against what the other side holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verified {
    /// It is not finished, or there is no content.
    No,
    /// A checksum over the whole object agrees.
    Checksum,
    /// The ETag is the MD5 (or the composite of the parts' MD5) and agrees.
    ETag,
    /// Only the length agrees; the ETag says nothing about the content.
    LengthOnly,
}
