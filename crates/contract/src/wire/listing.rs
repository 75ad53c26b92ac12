//! Listings: opened, asked for windows, ordered, filtered, closed.

use longshore_engine::listing;
use longshore_engine::model::ListingId;
use longshore_engine::store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::AppError;

/// What is to be listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingOpenArgs {
    /// Who asks.
    pub session: String,
    /// The bucket.
    pub bucket: String,
    /// The prefix; empty is the whole bucket.
    pub prefix: String,
}

/// Names a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingIdArgs {
    /// Its id.
    pub id: String,
}

/// A window of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingRowsArgs {
    /// The listing.
    pub id: String,
    /// Position of the first row.
    pub start: u64,
    /// How many rows, at most 500; more are cut off.
    pub len: u64,
}

/// How rows are to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingShowArgs {
    /// The listing.
    pub id: String,
    /// Column.
    pub sort: SortColumn,
    /// Largest first.
    pub descending: bool,
    /// Only rows whose name contains this, letter case aside; empty is all.
    pub filter: String,
}

/// Asks where a key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingPositionArgs {
    /// The listing.
    pub id: String,
    /// The whole key or prefix.
    pub key: String,
}

/// Asks where the next row is whose name starts so (type-ahead).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingFindArgs {
    /// The listing.
    pub id: String,
    /// The position to look from; it goes around at the end.
    pub from: u64,
    /// The start of a name, letter case aside.
    pub text: String,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SortColumn {
    /// Name, prefixes first.
    #[default]
    Name,
    /// Size.
    Size,
    /// Last modified.
    Modified,
    /// Storage class.
    StorageClass,
}

/// How far a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingStatus {
    /// The listing.
    pub id: String,
    /// Phase.
    pub phase: ListingPhase,
    /// Rows that pass the filter.
    pub rows: u64,
    /// Rows in all.
    pub total: u64,
    /// Common prefixes among the rows.
    pub prefixes: u64,
    /// Bytes of all objects listed so far; what lies below a common prefix is not among them.
    pub bytes: u64,
    /// Requests made.
    pub requests: u64,
    /// Milliseconds since the start, until the end.
    pub elapsed_ms: u64,
    /// Changes with every change of rows or order: a window of another revision is stale.
    pub revision: u64,
    /// What stopped it.
    pub error: Option<AppError>,
    /// Keys that could not be decoded and are not shown.
    pub undecodable: u64,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RowKind {
    /// A common prefix, shown as a folder.
    Prefix,
    /// An object.
    Object,
    /// A version of an object.
    Version,
    /// A delete marker.
    DeleteMarker,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ListingRow {
    /// What it is.
    pub kind: RowKind,
    /// The whole key or prefix.
    pub key: String,
    /// Size in bytes.
    pub size: u64,
    /// Last modified.
    pub modified: Option<i64>,
    /// ETag without quotes.
    pub etag: Option<String>,
    /// Storage class; null is STANDARD or a prefix.
    pub storage_class: Option<String>,
    /// Version.
    pub version_id: Option<String>,
}

/// A stretch of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowWindow {
    /// The revision that it belongs to.
    pub revision: u64,
    /// Position of the first row.
    pub start: u64,
    /// The rows.
    pub rows: Vec<ListingRow>,
}

impl ListingStatus {
    /// The status of a listing of the engine.
    pub fn of(id: &ListingId, status: &listing::ListingStatus) -> Self {
        Self {
            id: id.as_str().to_owned(),
            phase: status.phase.into(),
            rows: status.rows,
            total: status.total,
            prefixes: status.prefixes,
            bytes: status.bytes,
            requests: status.requests,
            elapsed_ms: status.elapsed_ms,
            revision: status.revision,
            error: status.error.as_deref().map(AppError::from),
            undecodable: status.undecodable,
        }
    }
}

impl From<listing::ListingPhase> for ListingPhase {
    fn from(phase: listing::ListingPhase) -> Self {
        match phase {
            listing::ListingPhase::Running => Self::Running,
            listing::ListingPhase::Complete => Self::Complete,
            listing::ListingPhase::Failed => Self::Failed,
            listing::ListingPhase::Cancelled => Self::Cancelled,
        }
    }
}

impl From<SortColumn> for listing::SortColumn {
    fn from(column: SortColumn) -> Self {
        match column {
            SortColumn::Name => Self::Name,
            SortColumn::Size => Self::Size,
            SortColumn::Modified => Self::Modified,
            SortColumn::StorageClass => Self::StorageClass,
        }
    }
}

impl From<store::RowKind> for RowKind {
    fn from(kind: store::RowKind) -> Self {
        match kind {
            store::RowKind::Prefix => Self::Prefix,
            store::RowKind::Object => Self::Object,
            store::RowKind::Version => Self::Version,
            store::RowKind::DeleteMarker => Self::DeleteMarker,
        }
    }
}

impl From<listing::ListingRow> for ListingRow {
    fn from(row: listing::ListingRow) -> Self {
        Self {
            kind: row.kind.into(),
            key: row.key,
            size: row.size,
            modified: row.modified.map(|at| at.0),
            etag: row.etag.map(|etag| etag.as_str().to_owned()),
            storage_class: row.storage_class,
            version_id: row
                .version_id
                .map(longshore_engine::model::VersionId::into_string),
        }
    }
}

impl From<listing::RowWindow> for RowWindow {
    fn from(window: listing::RowWindow) -> Self {
        Self {
            revision: window.revision,
            start: window.start,
            rows: window.rows.into_iter().map(ListingRow::from).collect(),
        }
    }
}
