//! Objects removed, a thousand a request, each with its own answer.
//!
//! The before-image of every object (ETag and size) is in the journal since the plan. A batch is
//! marked before its request leaves; after a crash the marked ones are looked at first, so that an
//! object somebody wrote again meanwhile, or a second delete marker, is not the price of a restart.

use std::collections::HashMap;

use super::journal::items::{self, Ending};
use super::journal::rows::{Item, ItemState};
use super::upload;
use super::work::{Patience, Work, patience};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ObjectKey, VersionId};
use crate::plan::Verified;

/// What DeleteObjects takes at most.
const BATCH: u64 = 1000;

/// Deletes all open items of a job.
///
/// # Errors
/// What ends the run of the whole job: lost credentials, an unusable journal.
pub(crate) async fn delete_all(work: &Work) -> Result<()> {
    let mut after = None;
    loop {
        let plan = work.plan.id.clone();
        let batch = work
            .journal
            .read(move |db| items::open_after(db, &plan, after, BATCH))
            .await?;
        let Some(last) = batch.last() else {
            return Ok(());
        };
        after = Some(last.number);
        let (fresh, begun): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .partition(|item| item.state == ItemState::Planned);
        let still_there = look_at(work, begun).await?;
        delete_batch(work, fresh.into_iter().chain(still_there).collect()).await?;
    }
}

/// Of items whose request had left in an earlier run, those that still are what the plan saw.
async fn look_at(work: &Work, begun: Vec<Item>) -> Result<Vec<Item>> {
    let mut still_there = Vec::new();
    for item in begun {
        if item.version.is_some() {
            // Deleting a version twice is deleting it once.
            still_there.push(item);
            continue;
        }
        match upload::head(work, &item.key).await? {
            Some(head) if item.etag.is_none() || head.etag == item.etag => still_there.push(item),
            _ => end(work, vec![(item, Ok(()))]).await?,
        }
    }
    Ok(still_there)
}

async fn delete_batch(work: &Work, batch: Vec<Item>) -> Result<()> {
    if batch.is_empty() {
        return Ok(());
    }
    let references: Vec<_> = batch.iter().map(|item| work.refer(item)).collect();
    work.journal
        .write(move |db| {
            references
                .iter()
                .try_for_each(|one| items::set_state(db, one, ItemState::Completing))
        })
        .await?;
    let keys: Vec<(ObjectKey, Option<VersionId>)> = batch
        .iter()
        .map(|item| (item.key.clone(), item.version.clone()))
        .collect();
    let flights: Vec<_> = batch
        .iter()
        .map(|item| {
            let (start, length) = work.span(item);
            work.live.flight(start, length)
        })
        .collect();
    let answered = work
        .attempt(|| async {
            let _permit = work.permits.take(1).await;
            work.store
                .delete_objects(&work.context, &work.plan.bucket, &keys)
                .await
        })
        .await;
    drop(flights);
    let outcomes = match answered {
        Ok(outcomes) => outcomes,
        Err(error) if patience(&error) == Patience::SignIn => return Err(error),
        Err(error) => {
            let words = error.to_string();
            let same = |item| (item, Err(words.clone()));
            return end(work, batch.into_iter().map(same).collect()).await;
        }
    };
    let mut by_key: HashMap<_, _> = outcomes
        .into_iter()
        .map(|outcome| ((outcome.key, outcome.version_id), outcome.result))
        .collect();
    let paired = batch.into_iter().map(|item| {
        let answer = by_key.remove(&(item.key.clone(), item.version.clone()));
        let result = answer.unwrap_or_else(|| Err(unanswered(&item)));
        let result = match result {
            // What is not there any more is what was asked for.
            Err(error) if error.kind() == ErrorKind::NoSuchKey => Ok(()),
            other => other.map_err(|error| error.to_string()),
        };
        (item, result)
    });
    end(work, paired.collect()).await
}

fn unanswered(item: &Item) -> Error {
    Error::new(
        ErrorKind::NotS3,
        "DeleteObjects",
        format!("The server did not say whether {} was deleted", item.key),
    )
}

async fn end(work: &Work, ended: Vec<(Item, Result<(), String>)>) -> Result<()> {
    let rows: Vec<_> = ended
        .iter()
        .map(|(item, result)| {
            let ending = Ending {
                state: if result.is_ok() {
                    ItemState::Done
                } else {
                    ItemState::Failed
                },
                reason: result.as_ref().err().cloned(),
                verified: Verified::No,
                bytes_done: if result.is_ok() { item.size } else { 0 },
                etag: None,
                upload_gone: true,
            };
            (work.refer(item), ending)
        })
        .collect();
    work.journal
        .write(move |db| {
            rows.iter()
                .try_for_each(|(item, ending)| items::end(db, item, ending))
        })
        .await?;
    for (item, result) in &ended {
        let (start, length) = work.span(item);
        match result {
            Ok(()) => work.live.item_done(start, length, item.size),
            Err(_) => work.live.item_failed(start, length, item.size),
        }
    }
    Ok(())
}
