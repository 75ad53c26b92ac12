//! What is in a bucket: an engine-side index fed by pages, read in windows.
//!
//! A listing holds keys in an arena and rows of fixed size; a sort order is a permutation and a
//! filter a row set, so that a page asks for `(start, len)` and never holds the whole.

use tokio::sync::broadcast;

use crate::error::{Error, Result};
use crate::event::EngineEvent;
use crate::model::{
    BucketName, ETag, ListingId, ObjectKey, Prefix, SessionId, Timestamp, VersionId,
};
use crate::store::{RowKind, Store};

/// What is listed.
#[derive(Debug, Clone)]
pub struct ListingRequest {
    /// Who asks.
    pub session: SessionId,
    /// The bucket.
    pub bucket: BucketName,
    /// The prefix.
    pub prefix: Prefix,
    /// Everything below instead of one level.
    pub recursive: bool,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SortColumn {
    /// Key, prefixes first, in the natural order of names.
    #[default]
    Name,
    /// Size.
    Size,
    /// Last modified.
    Modified,
    /// Storage class.
    StorageClass,
}

/// How rows are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListingView {
    /// Column.
    pub sort: SortColumn,
    /// Largest first.
    pub descending: bool,
    /// Only rows whose name contains this, letter case aside; empty is all.
    pub filter: String,
}

/// How far a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListingPhase {
    /// Pages are coming.
    Running,
    /// All pages came.
    Complete,
    /// It stopped with an error; what came is kept.
    Failed,
    /// It was cancelled; what came is kept.
    Cancelled,
}

/// How a listing stands.
#[derive(Debug, Clone)]
pub struct ListingStatus {
    /// Phase.
    pub phase: ListingPhase,
    /// Rows that pass the filter.
    pub rows: u64,
    /// Rows in all.
    pub total: u64,
    /// Bytes of all objects listed so far.
    pub bytes: u64,
    /// Requests made.
    pub requests: u64,
    /// Milliseconds since the start, until the end.
    pub elapsed_ms: u64,
    /// Changes with every change of rows or order: a window of another revision is stale.
    pub revision: u64,
    /// What stopped it.
    pub error: Option<std::sync::Arc<Error>>,
    /// Keys that could not be decoded.
    pub undecodable: u64,
}

/// A row that is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingRow {
    /// What it is.
    pub kind: RowKind,
    /// The whole key or prefix.
    pub key: String,
    /// Size.
    pub size: u64,
    /// Last modified.
    pub modified: Option<Timestamp>,
    /// ETag.
    pub etag: Option<ETag>,
    /// Storage class.
    pub storage_class: Option<String>,
    /// Version.
    pub version_id: Option<VersionId>,
}

/// A stretch of rows.
#[derive(Debug, Clone)]
pub struct RowWindow {
    /// The revision that it belongs to.
    pub revision: u64,
    /// Position of the first row.
    pub start: u64,
    /// The rows.
    pub rows: Vec<ListingRow>,
}

/// The open listings of an engine.
#[derive(Debug, Clone)]
pub struct Listings {}

impl Listings {
    /// No listings yet.
    pub fn new(_events: broadcast::Sender<EngineEvent>) -> Self {
        todo!()
    }
    /// Begins to list; the first rows come with the first page.
    pub fn open(&self, _store: Store, _request: ListingRequest) -> Result<ListingId> {
        todo!()
    }
    /// How a listing stands.
    pub fn status(&self, _id: &ListingId) -> Result<ListingStatus> {
        todo!()
    }
    /// Rows `start..start + len` of the present order.
    pub fn rows(&self, _id: &ListingId, _start: u64, _len: u64) -> Result<RowWindow> {
        todo!()
    }
    /// Orders and filters anew; the status after it.
    pub async fn show(&self, _id: &ListingId, _view: ListingView) -> Result<ListingStatus> {
        todo!()
    }
    /// The position of a key in the present order.
    pub fn position(&self, _id: &ListingId, _key: &ObjectKey) -> Result<Option<u64>> {
        todo!()
    }
    /// The first row at or after `from` (wrapping) whose name starts with `text`, letter case aside.
    pub fn find_name(&self, _id: &ListingId, _from: u64, _text: &str) -> Result<Option<u64>> {
        todo!()
    }
    /// Stops the pages; what came stays.
    pub fn cancel(&self, _id: &ListingId) -> Result<()> {
        todo!()
    }
    /// Closes and forgets it.
    pub fn close(&self, _id: &ListingId) {
        todo!()
    }
    /// Waits until a listing ends (for the command line).
    pub async fn finished(&self, _id: &ListingId) -> Result<ListingStatus> {
        todo!()
    }
}
