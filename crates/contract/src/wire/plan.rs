//! Plans: what a change would do, before it does it.

use longshore_engine::plan;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::path::GrantId;

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Operation {
    /// Local files to objects.
    Upload,
    /// Objects to local files.
    Download,
    /// Objects removed.
    Delete,
    /// Objects under another key.
    Move,
}

/// What happens to an item whose destination exists already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ConflictPolicy {
    /// The person decides between plan and start.
    #[default]
    Ask,
    /// It is left out.
    Skip,
    /// It is written under a free name.
    KeepBoth,
    /// It replaces what is there.
    Overwrite,
}

/// Whether a change can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Reversible {
    /// It can.
    Yes,
    /// It cannot.
    No,
    /// The server did not say.
    Unknown,
}

/// An object, a version of it, or everything below a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(optional_fields = nullable)]
pub enum Target {
    /// One object.
    Object {
        /// Its key.
        key: String,
        /// A version of it; left out is the current one.
        version_id: Option<String>,
    },
    /// All keys that start so.
    Prefix {
        /// The prefix.
        prefix: String,
    },
}

/// Local files and folders into a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct PlanUploadArgs {
    /// Who acts.
    pub session: String,
    /// The bucket.
    pub bucket: String,
    /// The prefix that they land below.
    pub prefix: String,
    /// What is uploaded.
    pub grants: Vec<GrantId>,
    /// What happens to existing objects; left out asks.
    pub policy: Option<ConflictPolicy>,
}

/// Objects and prefixes into a local folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct PlanDownloadArgs {
    /// Who acts.
    pub session: String,
    /// The bucket.
    pub bucket: String,
    /// What is downloaded.
    pub targets: Vec<Target>,
    /// A granted folder, or for a single object a granted destination file.
    pub destination: GrantId,
    /// What happens to existing files; left out asks.
    pub policy: Option<ConflictPolicy>,
}

/// Objects and prefixes to be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanDeleteArgs {
    /// Who acts.
    pub session: String,
    /// The bucket.
    pub bucket: String,
    /// What is removed.
    pub targets: Vec<Target>,
}

/// An object or all below a prefix under another key of the same bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanMoveArgs {
    /// Who acts.
    pub session: String,
    /// The bucket.
    pub bucket: String,
    /// What is moved.
    pub from: Target,
    /// The new key, or the new prefix for a prefix.
    pub to: String,
}

/// Starts a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct PlanStartArgs {
    /// The plan.
    pub plan: String,
    /// What happens to conflicts; left out is the plan's policy.
    pub policy: Option<ConflictPolicy>,
}

/// Names a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanIdArgs {
    /// The plan.
    pub plan: String,
}

/// A plan became a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Started {
    /// The job's id.
    pub job: String,
}

/// One row of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlanRow {
    /// What it starts from (a path or an `s3://` URI).
    pub source: String,
    /// Where it leads; empty for a delete.
    pub destination: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Why it is as it is.
    pub why: String,
    /// Whether the destination exists.
    pub conflict: bool,
}

/// What will happen, before it happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// Its id, by which it is started once or dropped.
    pub id: String,
    /// The kind of change.
    pub operation: Operation,
    /// Who will act.
    pub session: String,
    /// What it is about in a few words.
    pub title: String,
    /// Where it leads.
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
    /// Whether it can be undone.
    pub reversible: Reversible,
    /// Sentences about what is left out or needs attention.
    pub warnings: Vec<String>,
    /// The first rows, at most 100.
    pub sample: Vec<PlanRow>,
}

impl From<plan::Operation> for Operation {
    fn from(operation: plan::Operation) -> Self {
        match operation {
            plan::Operation::Upload => Self::Upload,
            plan::Operation::Download => Self::Download,
            plan::Operation::Delete => Self::Delete,
            plan::Operation::Move => Self::Move,
        }
    }
}

impl From<plan::ConflictPolicy> for ConflictPolicy {
    fn from(policy: plan::ConflictPolicy) -> Self {
        match policy {
            plan::ConflictPolicy::Ask => Self::Ask,
            plan::ConflictPolicy::Skip => Self::Skip,
            plan::ConflictPolicy::KeepBoth => Self::KeepBoth,
            plan::ConflictPolicy::Overwrite => Self::Overwrite,
        }
    }
}

impl From<ConflictPolicy> for plan::ConflictPolicy {
    fn from(policy: ConflictPolicy) -> Self {
        match policy {
            ConflictPolicy::Ask => Self::Ask,
            ConflictPolicy::Skip => Self::Skip,
            ConflictPolicy::KeepBoth => Self::KeepBoth,
            ConflictPolicy::Overwrite => Self::Overwrite,
        }
    }
}

impl From<plan::PlanRow> for PlanRow {
    fn from(row: plan::PlanRow) -> Self {
        Self {
            source: row.source,
            destination: row.destination,
            bytes: row.bytes,
            why: row.why,
            conflict: row.conflict,
        }
    }
}

impl From<plan::Plan> for Plan {
    fn from(plan: plan::Plan) -> Self {
        Self {
            id: plan.id.into_string(),
            operation: plan.operation.into(),
            session: plan.session.into_string(),
            title: plan.title,
            destination: plan.destination,
            items: plan.items,
            bytes: plan.bytes,
            requests: plan.requests,
            conflicts: plan.conflicts,
            policy: plan.policy.into(),
            reversible: match plan.reversible {
                plan::Reversible::Yes => Reversible::Yes,
                plan::Reversible::No => Reversible::No,
                plan::Reversible::Unknown => Reversible::Unknown,
            },
            warnings: [plan.warnings, plan.left_out].concat(),
            sample: plan.sample.into_iter().map(PlanRow::from).collect(),
        }
    }
}
