//! The items of a running job, several at once, each with its own end.

use std::collections::VecDeque;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::super::journal::items::{self, Ending};
use super::super::journal::rows::{Item, ItemState};
use super::super::work::{Ended, Patience, Work, patience};
use super::super::{delete, download, rename, upload};
use super::PAGE;
use crate::error::{Error, ErrorKind, Result};
use crate::plan::{Failure, Operation, Verified};

/// Carries out the items; an error ends the run of the whole job.
pub(super) async fn run(work: &Work) -> Result<()> {
    if work.plan.operation == Operation::Delete {
        return delete::delete_all(work).await;
    }
    let (mut waiting, mut after, mut all_read) = (VecDeque::new(), None, false);
    let mut flying = FuturesUnordered::new();
    loop {
        while flying.len() < work.permits.most() {
            if waiting.is_empty() && !all_read {
                let plan = work.plan.id.clone();
                let page = work
                    .journal
                    .read(move |db| items::open_after(db, &plan, after, PAGE))
                    .await?;
                all_read = page.is_empty();
                after = page.last().map(|item| item.number).or(after);
                waiting.extend(page);
            }
            let Some(item) = waiting.pop_front() else {
                break;
            };
            flying.push(one(work, item));
        }
        match flying.next().await {
            Some(done) => done?,
            None => return Ok(()),
        }
    }
}

async fn one(work: &Work, mut item: Item) -> Result<()> {
    let outcome = match work.plan.operation {
        Operation::Upload => Box::pin(upload::upload(work, &mut item)).await,
        Operation::Download => Box::pin(download::download(work, &mut item)).await,
        Operation::Move => Box::pin(rename::rename(work, &mut item)).await,
        Operation::Delete => return Ok(()),
    };
    match outcome {
        Ok(ended) => done(work, &item, ended).await,
        Err(error) if ends_run(&error) => Err(error),
        Err(error) => failed(work, &item, &error).await,
    }
}

/// Whether a failure is the whole job's, to be taken up later, and not the item's.
fn ends_run(error: &Error) -> bool {
    patience(error) == Patience::SignIn
        || matches!(
            error.kind(),
            ErrorKind::StateUnavailable | ErrorKind::ReadOnlySession
        )
}

async fn done(work: &Work, item: &Item, ended: Ended) -> Result<()> {
    let ending = Ending {
        state: ItemState::Done,
        reason: None,
        failure: None,
        verified: ended.verified,
        bytes_done: item.size,
        etag: ended.etag.map(|etag| etag.as_str().to_owned()),
        upload_gone: true,
    };
    let reference = work.refer(item);
    work.journal
        .write(move |db| items::end(db, &reference, &ending))
        .await?;
    let (start, length) = work.span(item);
    work.live
        .item_done(start, length, item.size.saturating_sub(item.bytes_done));
    work.live.answered();
    Ok(())
}

async fn failed(work: &Work, item: &Item, error: &Error) -> Result<()> {
    tracing::info!(%error, key = %item.key, "an item failed");
    let reference = work.refer(item);
    let current = work
        .journal
        .read(move |db| items::find(db, &reference))
        .await?
        .unwrap_or_else(|| item.clone());
    let mut reason = error.to_string();
    let upload_gone = match clear(work, &current).await {
        Ok(()) => true,
        Err(stays) => {
            reason = format!("{reason}. Its unfinished upload could not be removed: {stays}");
            false
        }
    };
    let ending = Ending {
        state: ItemState::Failed,
        reason: Some(reason),
        failure: Some(Failure::from(error)),
        verified: Verified::No,
        bytes_done: current.bytes_done,
        etag: None,
        upload_gone,
    };
    let reference = work.refer(item);
    work.journal
        .write(move |db| items::end(db, &reference, &ending))
        .await?;
    let (start, length) = work.span(item);
    work.live
        .item_failed(start, length, item.size.saturating_sub(current.bytes_done));
    Ok(())
}

/// Removes what an item that is over left where its operation puts things, and nowhere else: only
/// an upload has parts on the server, only a download a temporary file.
async fn clear(work: &Work, item: &Item) -> Result<()> {
    match work.plan.operation {
        Operation::Upload => upload::abort(work, item).await,
        Operation::Download => {
            download::remove_temp(work, item).await;
            Ok(())
        }
        Operation::Delete | Operation::Move => Ok(()),
    }
}
