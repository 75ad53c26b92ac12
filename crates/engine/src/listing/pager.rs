//! Feeds a listing with pages, one after the other, until the end, an error or a cancellation.
//!
//! Pages of one listing cannot be asked for at the same time: each needs the token of the one
//! before. A server that goes in circles is found out by [`Pages`].

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::open::{Open, catch_up};
use crate::error::{Error, Result, Subject};
use crate::model::{BucketName, Prefix};
use crate::store::{ListPage, ListRequest, Pages, RequestContext, Store};

/// The shortest time between two events of a listing: ten a second look smooth.
const EVENT_INTERVAL: Duration = Duration::from_millis(100);

/// What ListObjectsV2 gives at most a page.
const PAGE_KEYS: u16 = 1000;

/// Where pages come from.
pub(super) trait PageSource: Send + 'static {
    /// The page that follows a token, the first without one.
    fn page(&mut self, token: Option<String>) -> impl Future<Output = Result<ListPage>> + Send;
}

/// Pages of a bucket.
pub(super) struct BucketPages {
    store: Store,
    context: RequestContext,
    request: ListRequest,
}

impl BucketPages {
    pub(super) fn new(store: Store, bucket: BucketName, prefix: Prefix, recursive: bool) -> Self {
        let request = ListRequest {
            bucket,
            prefix,
            delimiter: (!recursive).then(|| "/".to_owned()),
            start_after: None,
            token: None,
            max_keys: PAGE_KEYS,
        };
        Self {
            context: store.context(),
            store,
            request,
        }
    }
}

impl PageSource for BucketPages {
    async fn page(&mut self, token: Option<String>) -> Result<ListPage> {
        self.request.token = token;
        self.store.list_page(&self.context, &self.request).await
    }
}

/// Reads all pages into the listing.
///
/// # Errors
/// What the source answers; `NotS3` when the server goes in circles.
///
/// # Cancellation
/// Dropping it drops the request under way; the listing keeps what came.
pub(super) async fn feed(open: &Arc<Open>, mut source: impl PageSource) -> Result<()> {
    let mut token: Option<String> = None;
    let mut pages = Pages::default();
    let mut pulse = Pulse {
        open,
        last: None,
        owed: false,
    };
    loop {
        open.note_request();
        let page = pulse.during(source.page(token.clone())).await?;
        let next = pages
            .after(&page)
            .map_err(|error| of_listing(error, open))?;
        open.take_page(&page)?;
        catch_up(open, false).await;
        pulse.beat();
        if next.is_none() {
            return Ok(());
        }
        token = next;
    }
}

fn of_listing(error: Error, open: &Open) -> Error {
    error
        .about(Subject::Named(open.place.clone()))
        .advise("What came until then is shown; the server's own tools may list the rest")
}

/// Tells of changes, at most ten times a second, and never forgets the last one.
struct Pulse<'a> {
    open: &'a Open,
    last: Option<Instant>,
    owed: bool,
}

impl Pulse<'_> {
    fn beat(&mut self) {
        let due = self
            .last
            .is_none_or(|last| last.elapsed() >= EVENT_INTERVAL);
        if due {
            self.last = Some(Instant::now());
            self.open.tell();
        }
        self.owed = !due;
    }

    /// Waits for a page and pays meanwhile what is owed.
    async fn during<T>(&mut self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        if self.owed
            && let Some(last) = self.last
        {
            tokio::select! {
                done = &mut work => return done,
                () = tokio::time::sleep_until(last + EVENT_INTERVAL) => self.beat(),
            }
        }
        work.await
    }
}
