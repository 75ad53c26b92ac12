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
mod pager;
#[cfg(feature = "testing")]
mod synthetic;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use self::arrangement::{Arrangement, arrange, name_of, starts_with_folded};
use self::index::{Index, NewRow, Pushed};
use self::pager::{BucketPages, PageSource};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::event::EngineEvent;
use crate::model::{
    BucketName, ETag, ListingId, ObjectKey, Prefix, SessionId, Timestamp, VersionId,
};
use crate::store::{ListPage, RowKind, Store};

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
        let open = Arc::new(Open {
            id: id.clone(),
            place,
            prefix,
            recursive,
            stop: stop.clone(),
            events: self.events.clone(),
            ended: watch::Sender::new(false),
            state: Mutex::new(State::new()),
        });
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
    /// `Gone` when it was closed; so do all others of these.
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

/// One open listing, shared by its task and whoever reads it.
#[derive(Debug)]
struct Open {
    id: ListingId,
    /// Where it is, for messages.
    place: String,
    prefix: String,
    recursive: bool,
    stop: CancellationToken,
    events: broadcast::Sender<EngineEvent>,
    ended: watch::Sender<bool>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    index: Index,
    view: ListingView,
    /// Raised by every change of `view`; `shown` belongs to the wish that it fulfils.
    wish: u64,
    fulfilled: u64,
    shown: Arrangement,
    phase: ListingPhase,
    requests: u64,
    started: Instant,
    took: Option<Duration>,
    revision: u64,
    error: Option<Arc<Error>>,
    undecodable: u64,
}

impl Open {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held leaves rows that are still readable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note_request(&self) {
        self.lock().requests += 1;
    }

    fn tell(&self) {
        // Nobody needs to listen.
        let _ = self
            .events
            .send(EngineEvent::ListingChanged(self.id.clone()));
    }

    fn take_page(&self, page: &ListPage) -> Result<()> {
        let mut state = self.lock();
        let text = |range: &std::ops::Range<u32>| {
            page.arena
                .get(range.start as usize..range.end as usize)
                .unwrap_or("")
        };
        for row in &page.rows {
            let key = text(&row.key);
            if self.is_own_marker(key, row.kind, row.size) {
                continue;
            }
            let pushed = state.index.push(NewRow {
                kind: row.kind,
                key,
                size: row.size,
                modified: row.modified,
                etag: text(&row.etag),
                storage_class: text(&row.storage_class),
                version_id: "",
            });
            if pushed == Pushed::TooLong {
                state.undecodable += 1;
            }
        }
        state.undecodable += page.undecodable.len() as u64;
        if state.index.held() > MAX_HELD || state.index.len() > u32::MAX - u32::from(u16::MAX) {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "Listing",
                format!("There are more than {} keys here", state.index.len()),
            )
            .about(Subject::Named(self.place.clone()))
            .advise("What came until then is shown; open a prefix below to see the rest"));
        }
        Ok(())
    }

    /// The empty object that stands for the folder that is listed is not in the folder.
    fn is_own_marker(&self, key: &str, kind: RowKind, size: u64) -> bool {
        !self.recursive
            && kind == RowKind::Object
            && size == 0
            && key == self.prefix
            && key.ends_with('/')
    }

    fn end(&self, fed: Option<Result<()>>) {
        {
            let mut state = self.lock();
            state.took = Some(state.started.elapsed());
            state.revision += 1;
            state.phase = match fed {
                Some(Ok(())) => ListingPhase::Complete,
                Some(Err(error)) => {
                    state.error = Some(Arc::new(error));
                    ListingPhase::Failed
                }
                None => ListingPhase::Cancelled,
            };
        }
        self.ended.send_replace(true);
        self.tell();
    }

    /// Takes in new rows where that only appends. Answers whether a sort is needed.
    fn append(&self, fully: bool) -> bool {
        let mut state = self.lock();
        let state = &mut *state;
        let considered = state.shown.upto();
        if state.wish == state.fulfilled {
            if considered == state.index.len() {
                return false;
            }
            if state.shown.append(&state.index, &state.view, &self.prefix) {
                state.revision += 1;
                return false;
            }
            // Sorting anew with every page would be quadratic; with every quarter more it is not.
            return fully || state.index.len() - considered >= considered / 4;
        }
        true
    }

    /// Sorts until the order is the one that is wished for now. Takes long for millions of rows.
    fn sort(&self, fully: bool) {
        loop {
            let (index, view, wish) = {
                let state = self.lock();
                (state.index.clone(), state.view.clone(), state.wish)
            };
            let arranged = arrange(&index, &view, &self.prefix);
            drop(index);
            let mut state = self.lock();
            if state.wish == wish {
                state.shown = arranged;
                state.fulfilled = wish;
                state.revision += 1;
            }
            drop(state);
            if !self.append(fully) {
                return;
            }
        }
    }
}

/// Brings the shown order up to the rows and the view that there are now; rows that came since may
/// wait for a later call unless it shall do so fully.
async fn catch_up(open: &Arc<Open>, fully: bool) {
    if !open.append(fully) {
        return;
    }
    let sorted = Arc::clone(open);
    if let Err(error) = tokio::task::spawn_blocking(move || sorted.sort(fully)).await {
        // The rows stay readable in the order that they had.
        tracing::error!(%error, listing = %open.id, "sorting a listing failed");
    }
}

impl State {
    fn new() -> Self {
        Self {
            index: Index::default(),
            view: ListingView::default(),
            wish: 0,
            fulfilled: 0,
            shown: Arrangement::default(),
            phase: ListingPhase::Running,
            requests: 0,
            started: Instant::now(),
            took: None,
            revision: 0,
            error: None,
            undecodable: 0,
        }
    }

    fn status(&self) -> ListingStatus {
        let elapsed = self.took.unwrap_or_else(|| self.started.elapsed());
        ListingStatus {
            phase: self.phase,
            rows: self.shown.len(),
            total: u64::from(self.index.len()),
            bytes: self.index.bytes(),
            requests: self.requests,
            elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            revision: self.revision,
            error: self.error.clone(),
            undecodable: self.undecodable,
        }
    }
}
