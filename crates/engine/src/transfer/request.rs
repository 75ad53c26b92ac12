//! What may be asked for.

use std::path::PathBuf;

use crate::model::{BucketName, ObjectKey, Prefix, SessionId, VersionId};
use crate::plan::ConflictPolicy;

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
        /// Folders among the sources go without their own name, only what they hold.
        contents: bool,
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
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// One object.
    Object(ObjectKey, Option<VersionId>),
    /// All keys that start so.
    Prefix(Prefix),
}

impl ChangeRequest {
    /// Who acts.
    pub fn session(&self) -> &SessionId {
        match self {
            Self::Upload { session, .. }
            | Self::Download { session, .. }
            | Self::Delete { session, .. }
            | Self::Move { session, .. } => session,
        }
    }
}
