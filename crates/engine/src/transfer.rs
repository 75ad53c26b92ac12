//! Moving bytes so that nothing is lost, torn or lied about: the journaled queue.
//!
//! [`TransferQueue`] is one actor over the journal. See [`crate::plan`] for the model.

use std::path::PathBuf;

use tokio::sync::broadcast;

use crate::engine::Stores;
use crate::error::Result;
use crate::event::EngineEvent;
use crate::model::{BucketName, JobId, ObjectKey, PlanId, Prefix, SessionId, VersionId};
use crate::plan::{ConflictPolicy, DesiredState, ItemView, JobView, Plan};

/// Settings of the queue; a running upload keeps the part plan it began with.
#[derive(Debug, Clone)]
pub struct TransferOptions {
    /// Where the journal is.
    pub data_dir: PathBuf,
    /// Smallest part size in bytes for new uploads; at least 5 MiB except against test servers.
    pub part_size: u64,
    /// Requests that carry bytes at the same time.
    pub concurrency: usize,
    /// Whether this process drives unfinished jobs of others that died, from its start.
    pub resume_at_start: bool,
}

/// A change that is to be planned.
#[derive(Debug, Clone)]
pub enum ChangeRequest {
    /// Files and folders into a prefix.
    Upload {
        /// Who acts.
        session: SessionId,
        /// The bucket.
        bucket: BucketName,
        /// The prefix that files and folders land below.
        prefix: Prefix,
        /// For one file only: the exact key instead of prefix + name.
        key: Option<ObjectKey>,
        /// Absolute paths.
        sources: Vec<PathBuf>,
        /// What happens to existing objects.
        policy: ConflictPolicy,
    },
    /// Objects and prefixes into a local folder.
    Download {
        /// Who acts.
        session: SessionId,
        /// The bucket.
        bucket: BucketName,
        /// What is downloaded.
        targets: Vec<Target>,
        /// The local folder (or with one object and `file_name`, its folder).
        folder: PathBuf,
        /// Another name for a single object.
        file_name: Option<String>,
        /// What happens to existing files.
        policy: ConflictPolicy,
    },
    /// Objects and prefixes removed.
    Delete {
        /// Who acts.
        session: SessionId,
        /// The bucket.
        bucket: BucketName,
        /// What is removed.
        targets: Vec<Target>,
    },
    /// An object or all below a prefix under another key of the same bucket.
    Move {
        /// Who acts.
        session: SessionId,
        /// The bucket.
        bucket: BucketName,
        /// What is moved.
        from: Target,
        /// The new key, or the new prefix for a prefix.
        to: String,
    },
}

/// An object, a version of it, or everything below a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One object.
    Object(ObjectKey, Option<VersionId>),
    /// All keys that start so.
    Prefix(Prefix),
}

/// What opening the journal found.
#[derive(Debug, Clone, Default)]
pub struct StartNotes {
    /// The damaged database was moved here and a new one was begun.
    pub moved_aside: Option<PathBuf>,
    /// Unfinished jobs that are paused and can be resumed.
    pub unfinished: u64,
}

/// The queue. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TransferQueue {}

impl TransferQueue {
    /// Opens the journal and takes up what an earlier run left.
    pub async fn open(
        _options: TransferOptions,
        _stores: Stores,
        _events: broadcast::Sender<EngineEvent>,
    ) -> Result<(Self, StartNotes)> {
        todo!()
    }
    /// Finds out what a change would do; nothing changes but the journal.
    pub async fn plan(&self, _request: ChangeRequest) -> Result<Plan> {
        todo!()
    }
    /// Turns a plan into a job. With conflicts and [`ConflictPolicy::Ask`] it is refused.
    pub async fn start(&self, _plan: &PlanId, _policy: Option<ConflictPolicy>) -> Result<JobId> {
        todo!()
    }
    /// Forgets a plan that nobody started.
    pub async fn drop_plan(&self, _plan: &PlanId) {
        todo!()
    }
    /// All jobs, newest first.
    pub async fn jobs(&self) -> Result<Vec<JobView>> {
        todo!()
    }
    /// One job.
    pub async fn job(&self, _id: &JobId) -> Result<JobView> {
        todo!()
    }
    /// Items `start..start + len` of a job.
    pub async fn items(&self, _id: &JobId, _start: u64, _len: u64) -> Result<Vec<ItemView>> {
        todo!()
    }
    /// Says what is wanted of a job; also of one that another process drives.
    pub async fn want(&self, _id: &JobId, _state: DesiredState) -> Result<()> {
        todo!()
    }
    /// Takes ended jobs off the list.
    pub async fn forget_ended(&self) -> Result<()> {
        todo!()
    }
    /// Waits until a job is over, paused or waits for a person.
    pub async fn settled(&self, _id: &JobId) -> Result<JobView> {
        todo!()
    }
    /// Pauses what runs here, keeps the parts, closes the journal. Ends within seconds.
    pub async fn close(&self) {
        todo!()
    }
}
