//! What a subscription carries. Numbers rise by one a message; the first message is a snapshot.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::job::Job;
use super::listing::ListingStatus;
use super::path::PathGrant;
use super::session::Session;

/// One message of the topic `events`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EventMessage {
    /// 0 for the first message of a subscription, then one more each.
    pub seq: u64,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Event {
    /// Everything as it is: the first message, and again after a subscriber fell behind. It
    /// replaces all that was known of jobs and sessions; listings are to be asked for anew.
    Snapshot {
        /// All jobs, newest first.
        jobs: Vec<Job>,
        /// All sessions in their order.
        sessions: Vec<Session>,
    },
    /// Jobs as they are now; those that did not change are not among them.
    Jobs {
        /// New and changed jobs.
        jobs: Vec<Job>,
        /// Ids of jobs that left the list.
        forgotten: Vec<String>,
    },
    /// The sessions changed; these are all of them.
    Sessions {
        /// All sessions in their order.
        sessions: Vec<Session>,
    },
    /// One of the caller's listings changed.
    Listing {
        /// How it stands now.
        status: ListingStatus,
    },
}

/// One message of the topic `drops`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DropMessage {
    /// 0 for the first message of a subscription, then one more each.
    pub seq: u64,
    /// What happened.
    pub drop: Drop,
}

/// Where a drag from outside is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DropPhase {
    /// Over the page.
    Over,
    /// It left, or was given up.
    Leave,
    /// It was let go.
    Drop,
}

/// A drag of files from outside over the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Drop {
    /// Where it is.
    pub phase: DropPhase,
    /// CSS pixels from the page's left edge.
    pub x: f64,
    /// CSS pixels from the page's top edge.
    pub y: f64,
    /// What was dropped; empty before.
    pub grants: Vec<PathGrant>,
    /// Sentences about what cannot be taken, such as a name that is not UTF-8.
    pub refused: Vec<String>,
}
