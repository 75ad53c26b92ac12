//! One open listing: its rows, the order that is wished for, the order that is shown.
//!
//! The task that reads pages and whoever reads rows share it; a lock guards the state and is held
//! for a page or a window at most. A *wish* is a view that somebody asked for; the shown order
//! fulfils it at once where that only appends rows, else when a sort on another thread is through.
//! A sort that was overtaken by a newer wish is thrown away.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use super::arrangement::{Arrangement, arrange};
use super::index::{Index, NewRow, Pushed};
use super::{ListingPhase, ListingStatus, ListingView, MAX_HELD};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::event::EngineEvent;
use crate::model::ListingId;
use crate::store::{ListPage, RowKind};

/// One open listing, shared by its task and whoever reads it.
#[derive(Debug)]
pub(super) struct Open {
    id: ListingId,
    /// Where it is, for messages.
    pub(super) place: String,
    pub(super) prefix: String,
    recursive: bool,
    pub(super) stop: CancellationToken,
    events: broadcast::Sender<EngineEvent>,
    pub(super) ended: watch::Sender<bool>,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) index: Index,
    pub(super) view: ListingView,
    /// Raised by every change of `view`; `shown` belongs to the wish that it fulfils.
    pub(super) wish: u64,
    fulfilled: u64,
    pub(super) shown: Arrangement,
    phase: ListingPhase,
    requests: u64,
    started: Instant,
    took: Option<Duration>,
    pub(super) revision: u64,
    error: Option<Arc<Error>>,
    undecodable: u64,
}

impl Open {
    pub(super) fn new(
        id: ListingId,
        place: String,
        prefix: String,
        recursive: bool,
        stop: CancellationToken,
        events: broadcast::Sender<EngineEvent>,
    ) -> Self {
        Self {
            id,
            place,
            prefix,
            recursive,
            stop,
            events,
            ended: watch::Sender::new(false),
            state: Mutex::new(State::new()),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held leaves rows that are still readable.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn note_request(&self) {
        self.lock().requests += 1;
    }

    pub(super) fn tell(&self) {
        // Nobody needs to listen.
        let _ = self
            .events
            .send(EngineEvent::ListingChanged(self.id.clone()));
    }

    pub(super) fn take_page(&self, page: &ListPage) -> Result<()> {
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

    pub(super) fn end(&self, fed: Option<Result<()>>) {
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
pub(super) async fn catch_up(open: &Arc<Open>, fully: bool) {
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

    pub(super) fn status(&self) -> ListingStatus {
        let elapsed = self.took.unwrap_or_else(|| self.started.elapsed());
        ListingStatus {
            phase: self.phase,
            rows: self.shown.len(),
            total: u64::from(self.index.len()),
            prefixes: self.index.prefixes(),
            bytes: self.index.bytes(),
            requests: self.requests,
            elapsed_ms: u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            revision: self.revision,
            error: self.error.clone(),
            undecodable: self.undecodable,
        }
    }
}
