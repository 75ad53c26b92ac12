//! What is in a bucket: an engine-side index fed by pages, read in windows.
//!
//! A listing holds keys in an arena and rows of fixed size; a sort order is a permutation and a
//! filter a row set, so that a page asks for `(start, len)` and never holds the whole. Its rows can
//! be read from the first page on. Every change of rows or order raises its revision, and a window
//! says to which revision it belongs.
//!
//! One task a listing reads pages; sorting leaves the async threads and works on a copy of the
//! index that shares its rows. No lock is held while either waits. What a listing holds is bounded
//! ([`MAX_HELD`]), and so is their number.
//!
//! Versions are not listed here: opening a folder never needs them.

mod arrangement;
mod index;
mod open;
mod pager;
#[cfg(feature = "testing")]
mod synthetic;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;
use tokio_util::sync::{CancellationToken, DropGuard};

use self::arrangement::{Arrangement, name_of, starts_with_folded};
use self::index::Index;
use self::open::{Open, catch_up};
use self::pager::{BucketPages, PageSource};
use crate::error::{Error, ErrorKind, Result};
use crate::event::EngineEvent;
use crate::model::{
    BucketName, ETag, ListingId, ObjectKey, Prefix, SessionId, Timestamp, VersionId,
};
use crate::store::{RowKind, Store};

/// Bytes that one listing's rows and texts may take: some 30 million usual keys, and less than the
/// memory of the machines that Longshore is made for.
pub const MAX_HELD: u64 = 4 << 30;

/// Listings that may be open at once; a page has a few, and more are a page that forgets them.
pub const MAX_OPEN: usize = 256;

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
    /// Key in the order of its bytes, prefixes first.
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

/// The open listings of an engine. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Listings {
    held: Arc<Mutex<HashMap<ListingId, Held>>>,
    events: broadcast::Sender<EngineEvent>,
}

#[derive(Debug)]
struct Held {
    open: Arc<Open>,
    // Dropping the guard stops the pages.
    _pages: DropGuard,
}

impl Listings {
    /// No listings yet.
    pub fn new(events: broadcast::Sender<EngineEvent>) -> Self {
        Self {
            held: Arc::default(),
            events,
        }
    }

    /// Begins to list; the first rows come with the first page. Needs a tokio runtime.
    ///
    /// # Errors
    /// `Busy` when [`MAX_OPEN`] listings are open. Failures of the listing are in its status.
    pub fn open(&self, store: Store, request: ListingRequest) -> Result<ListingId> {
        let place = format!("s3://{}/{}", request.bucket, request.prefix);
        let prefix = request.prefix.as_str().to_owned();
        #[cfg(feature = "testing")]
        if let Some(rows) = std::env::var(synthetic::ROWS_VARIABLE)
            .ok()
            .and_then(|rows| rows.parse().ok())
        {
            return self.open_synthetic_at(place, prefix, rows);
        }
        let recursive = request.recursive;
        let pages = BucketPages::new(store, request.bucket, request.prefix, recursive);
        self.begin(place, prefix, recursive, pages)
    }

    /// Lists made-up rows, for tests that need more than a server can be filled with.
    ///
    /// # Errors
    /// As [`Listings::open`].
    #[cfg(feature = "testing")]
    pub fn open_synthetic(&self, rows: u64) -> Result<ListingId> {
        self.open_synthetic_at("synthetic rows".to_owned(), String::new(), rows)
    }

    #[cfg(feature = "testing")]
    fn open_synthetic_at(&self, place: String, prefix: String, rows: u64) -> Result<ListingId> {
        let pages = synthetic::SyntheticPages {
            prefix: prefix.clone(),
            rows,
        };
        self.begin(place, prefix, false, pages)
    }

    fn begin(
        &self,
        place: String,
        prefix: String,
        recursive: bool,
        pages: impl PageSource,
    ) -> Result<ListingId> {
        let id = ListingId::fresh();
        let stop = CancellationToken::new();
        let events = self.events.clone();
        let open = Arc::new(Open::new(
            id.clone(),
            place,
            prefix,
            recursive,
            stop.clone(),
            events,
        ));
        {
            let mut held = self.lock();
            if held.len() >= MAX_OPEN {
                return Err(Error::new(
                    ErrorKind::Busy,
                    "Listing",
                    format!("{MAX_OPEN} listings are open already"),
                )
                .advise("Close a tab"));
            }
            let guard = Held {
                open: Arc::clone(&open),
                _pages: stop.clone().drop_guard(),
            };
            held.insert(id.clone(), guard);
        }
        tokio::spawn(async move {
            let fed = stop.run_until_cancelled(pager::feed(&open, pages)).await;
            // Nobody looks at what was closed.
            if Arc::strong_count(&open) > 1 {
                catch_up(&open, true).await;
            }
            open.end(fed);
        });
        Ok(id)
    }

    /// How a listing stands.
    ///
    /// # Errors
    /// `Gone` when it was closed.
    pub fn status(&self, id: &ListingId) -> Result<ListingStatus> {
        Ok(self.find(id)?.lock().status())
    }

    /// Rows `start..start + len` of the present order; fewer at the end.
    ///
    /// # Errors
    /// `Gone` when it was closed.
    pub fn rows(&self, id: &ListingId, start: u64, len: u64) -> Result<RowWindow> {
        let open = self.find(id)?;
        let state = open.lock();
        let end = state.shown.len().min(start.saturating_add(len));
        let rows = (start..end)
            .filter_map(|position| state.shown.at(position))
            .filter_map(|number| state.index.shown(number))
            .collect();
        Ok(RowWindow {
            revision: state.revision,
            start,
            rows,
        })
    }

    /// Orders and filters anew; the status after it.
    ///
    /// # Errors
    /// `Gone` when it was closed.
    ///
    /// # Cancellation
    /// Dropping it does not take the wish back: the order changes when the sort is through.
    pub async fn show(&self, id: &ListingId, view: ListingView) -> Result<ListingStatus> {
        let open = self.find(id)?;
        {
            let mut state = open.lock();
            if state.view != view {
                state.view = view;
                state.wish += 1;
            }
        }
        catch_up(&open, true).await;
        open.tell();
        let status = open.lock().status();
        Ok(status)
    }

    /// The position of a key in the present order. Looks at every row unless it is found before.
    ///
    /// # Errors
    /// `Gone` when it was closed.
    pub fn position(&self, id: &ListingId, key: &ObjectKey) -> Result<Option<u64>> {
        let (open, index, shown) = self.copy(id)?;
        drop(open);
        Ok((0..shown.len()).find(|at| {
            shown
                .at(*at)
                .is_some_and(|number| index.key(number) == key.as_str())
        }))
    }

    /// The first row at or after `from` (wrapping) whose name starts with `text`, letter case aside.
    ///
    /// # Errors
    /// `Gone` when it was closed.
    pub fn find_name(&self, id: &ListingId, from: u64, text: &str) -> Result<Option<u64>> {
        let (open, index, shown) = self.copy(id)?;
        let lower = text.to_lowercase();
        let from = from.min(shown.len());
        Ok((from..shown.len()).chain(0..from).find(|at| {
            shown.at(*at).is_some_and(|number| {
                starts_with_folded(name_of(&index, number, &open.prefix), &lower)
            })
        }))
    }

    /// Stops the pages; what came stays.
    ///
    /// # Errors
    /// `Gone` when it was closed.
    pub fn cancel(&self, id: &ListingId) -> Result<()> {
        self.find(id)?.stop.cancel();
        Ok(())
    }

    /// Closes and forgets it; closing what is closed is nothing.
    pub fn close(&self, id: &ListingId) {
        self.lock().remove(id);
    }

    /// Waits until a listing ends (for the command line).
    ///
    /// # Errors
    /// `Gone` when it is closed before.
    ///
    /// # Cancellation
    /// Dropping it ends the waiting; the listing goes on.
    pub async fn finished(&self, id: &ListingId) -> Result<ListingStatus> {
        let mut ended = self.find(id)?.ended.subscribe();
        if ended.wait_for(|ended| *ended).await.is_err() {
            return Err(gone());
        }
        self.status(id)
    }

    /// A copy to search in while pages go on coming.
    fn copy(&self, id: &ListingId) -> Result<(Arc<Open>, Index, Arrangement)> {
        let open = self.find(id)?;
        let (index, shown) = {
            let state = open.lock();
            (state.index.clone(), state.shown.clone())
        };
        Ok((open, index, shown))
    }

    fn find(&self, id: &ListingId) -> Result<Arc<Open>> {
        self.lock()
            .get(id)
            .map(|held| Arc::clone(&held.open))
            .ok_or_else(gone)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ListingId, Held>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::Gone, "Listing", "This listing was closed").advise("Load it again")
}
