//! Listings of the calling page; another page's listing does not exist for it.

use longshore_engine::listing::{ListingRequest, ListingView};
use longshore_engine::model::{BucketName, ListingId, ObjectKey, Prefix, SessionId};

use super::Reply;
use crate::router::Call;
use crate::wire::{
    ListingFindArgs, ListingIdArgs, ListingOpenArgs, ListingPositionArgs, ListingRowsArgs,
    ListingShowArgs, ListingStatus, RowWindow,
};
use crate::{AppError, ErrorCode};

/// More rows than any window shows at once; a larger window is cut off.
const MAX_WINDOW: u64 = 500;

/// Begins to list a prefix; the rows come by window.
pub(crate) async fn open(call: &Call, args: ListingOpenArgs) -> Reply<ListingStatus> {
    let request = ListingRequest {
        session: SessionId::new(args.session),
        bucket: BucketName::parse(args.bucket)?,
        prefix: Prefix::new(args.prefix),
        recursive: false,
    };
    let id = call.router.engine.open_listing(request).await?;
    call.router.keep_listing(&call.caller, id.clone());
    status_of(call, &id)
}

/// How far a listing is.
pub(crate) async fn status(call: &Call, args: ListingIdArgs) -> Reply<ListingStatus> {
    status_of(call, &owned(call, args.id)?)
}

/// Rows of the present order, at most [`MAX_WINDOW`] of them.
pub(crate) async fn rows(call: &Call, args: ListingRowsArgs) -> Reply<RowWindow> {
    let id = owned(call, args.id)?;
    let window = call
        .router
        .engine
        .listings()
        .rows(&id, args.start, args.len.min(MAX_WINDOW))?;
    Ok(window.into())
}

/// Orders and filters anew, and answers when the rows are so.
pub(crate) async fn show(call: &Call, args: ListingShowArgs) -> Reply<ListingStatus> {
    let id = owned(call, args.id)?;
    let view = ListingView {
        sort: args.sort.into(),
        descending: args.descending,
        filter: args.filter,
    };
    let status = call.router.engine.listings().show(&id, view).await?;
    Ok(ListingStatus::of(&id, &status))
}

/// Where a key is in the present order; none when it is not among the rows.
pub(crate) async fn position(call: &Call, args: ListingPositionArgs) -> Reply<Option<u64>> {
    let id = owned(call, args.id)?;
    let key = ObjectKey::parse(args.key)?;
    let listings = call.router.engine.listings().clone();
    off_the_async_threads(move || Ok(listings.position(&id, &key)?)).await
}

/// The next row from a position on whose name begins so.
pub(crate) async fn find(call: &Call, args: ListingFindArgs) -> Reply<Option<u64>> {
    let id = owned(call, args.id)?;
    let listings = call.router.engine.listings().clone();
    off_the_async_threads(move || Ok(listings.find_name(&id, args.from, &args.text)?)).await
}

/// Stops asking for pages; what came stays.
pub(crate) async fn cancel(call: &Call, args: ListingIdArgs) -> Reply<()> {
    let id = owned(call, args.id)?;
    Ok(call.router.engine.listings().cancel(&id)?)
}

/// Closing what is closed already is no failure: a page closes when it leaves.
pub(crate) async fn close(call: &Call, args: ListingIdArgs) -> Reply<()> {
    let id = ListingId::new(args.id);
    if call.router.drop_listing(&call.caller, &id) {
        call.router.engine.listings().close(&id);
    }
    Ok(())
}

/// Runs what looks at every row: millions of them keep a thread busy for a while.
async fn off_the_async_threads<T: Send + 'static>(
    search: impl FnOnce() -> Reply<T> + Send + 'static,
) -> Reply<T> {
    tokio::task::spawn_blocking(search)
        .await
        .unwrap_or_else(|error| {
            Err(AppError::new(
                ErrorCode::Internal,
                "Longshore made a mistake while it searched",
            )
            .detailed(error.to_string()))
        })
}

fn status_of(call: &Call, id: &ListingId) -> Reply<ListingStatus> {
    Ok(ListingStatus::of(
        id,
        &call.router.engine.listings().status(id)?,
    ))
}

fn owned(call: &Call, id: String) -> Reply<ListingId> {
    let id = ListingId::new(id);
    if call.router.owns_listing(&call.caller, &id) {
        return Ok(id);
    }
    Err(AppError::new(ErrorCode::Gone, "This listing was closed").advise("Load it again"))
}
