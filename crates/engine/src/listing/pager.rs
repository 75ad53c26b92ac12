//! Feeds a listing with pages, one after the other, until the end, an error or a cancellation.
//!
//! Pages of one listing cannot be asked for at the same time: each needs the token of the one
//! before. A server that goes in circles is found out by a token or a page that repeats.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::open::{Open, catch_up};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{BucketName, Prefix};
use crate::store::{ListPage, ListRequest, RequestContext, Store};

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
    let mut before: Option<(String, String)> = None;
    let mut pulse = Pulse {
        open,
        last: None,
        owed: false,
    };
    loop {
        open.note_request();
        let page = pulse.during(source.page(token.clone())).await?;
        let ends = ends_of(&page);
        if ends.is_some() && ends == before {
            return Err(circles(open));
        }
        before = ends.or(before);
        open.take_page(&page)?;
        catch_up(open, false).await;
        pulse.beat();
        match page.next_token {
            None => return Ok(()),
            Some(next) if Some(&next) == token.as_ref() => return Err(circles(open)),
            Some(next) => token = Some(next),
        }
    }
}

/// The first and the last key of a page of several rows; one row alone may come again in another
/// form (a prefix that a page boundary cuts) and proves nothing.
fn ends_of(page: &ListPage) -> Option<(String, String)> {
    let text = |row: &crate::store::ListedRow| {
        page.arena
            .get(row.key.start as usize..row.key.end as usize)
            .map(str::to_owned)
    };
    match page.rows.as_slice() {
        [first, .., last] => Some((text(first)?, text(last)?)),
        _ => None,
    }
}

fn circles(open: &Open) -> Error {
    Error::new(
        ErrorKind::NotS3,
        "ListObjectsV2",
        "The server sends the same page again, so that the listing would never end",
    )
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
