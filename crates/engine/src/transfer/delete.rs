//! Objects removed, a thousand a request, each with its own answer.
//!
//! The before-image of every object (ETag and size) is in the journal since the plan. A batch is
//! marked before its request leaves; after a crash the marked ones are looked at first, so that an
//! object somebody wrote again meanwhile, or a second delete marker, is not the price of a restart.
//! A run that begins long after its plan looks at every object first: what was written since is not
//! what the person agreed to delete.

use std::collections::{HashMap, HashSet};

use futures_util::StreamExt;

use super::journal::items::{self, Ending};
use super::journal::plans;
use super::journal::rows::{Item, ItemState};
use super::upload;
use super::work::{Patience, Work, patience};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{ObjectKey, Timestamp, VersionId};
use crate::plan::{Failure, Verified};
use crate::store::ObjectHead;

/// What DeleteObjects takes at most.
const BATCH: u64 = 1000;
/// A plan is read and confirmed within this many milliseconds: ten minutes. A run that begins later
/// (a job that was paused, a dialog that was left open) spends a HeadObject a key.
const FRESH_MILLIS: i64 = 10 * 60 * 1000;

/// Deletes all open items of a job.
///
/// # Errors
/// What ends the run of the whole job: lost credentials, an unusable journal.
pub(crate) async fn delete_all(work: &Work) -> Result<()> {
    let plan = work.plan.id.clone();
    let created = work.journal.read(move |db| plans::created(db, &plan));
    let is_old = created
        .await?
        .is_none_or(|at| Timestamp::now().0.saturating_sub(at.0) > FRESH_MILLIS);
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
        let (fresh, doubted): (Vec<_>, Vec<_>) = batch
            .into_iter()
            .partition(|item| item.state == ItemState::Planned && !is_old);
        let still_there = look_at(work, doubted).await?;
        delete_batch(work, fresh.into_iter().chain(still_there).collect()).await?;
    }
}

/// Of items that may be something else by now, those that still are what the plan saw; the others
/// end.
async fn look_at(work: &Work, doubted: Vec<Item>) -> Result<Vec<Item>> {
    if doubted.is_empty() {
        return Ok(doubted);
    }
    let (versions, objects): (Vec<_>, Vec<_>) = doubted
        .into_iter()
        // Deleting a version twice is deleting it once, and a version never changes.
        .partition(|item| item.version.is_some());
    let looks = objects.into_iter().map(|item| async move {
        let head = upload::head(work, &item.key).await;
        (item, head)
    });
    // Collected first: a stream over borrowing closures is not `Send` for every lifetime.
    let looks: Vec<_> = looks.collect();
    let mut looks = futures_util::stream::iter(looks).buffered(work.permits.most());
    let (mut still_there, mut over) = (versions, Vec::new());
    while let Some((item, head)) = looks.next().await {
        match head {
            Err(error) if patience(&error) == Patience::SignIn => return Err(error),
            Err(error) => {
                let words = format!("It was not deleted, since it could not be looked at: {error}");
                let failure = Failure::from(&error);
                over.push((item, Err(Refusal { words, failure })));
            }
            Ok(None) => over.push((item, Ok(()))),
            Ok(Some(head)) if is_as_planned(&item, &head) => still_there.push(item),
            Ok(Some(_)) => {
                let failure = Failure {
                    kind: ErrorKind::Conflict,
                    request_id: None,
                    host_id: None,
                };
                let (words, failure) = (changed(work, &item), failure);
                over.push((item, Err(Refusal { words, failure })));
            }
        }
    }
    end(work, over).await?;
    still_there.sort_unstable_by_key(|item| item.number);
    Ok(still_there)
}

/// Whether an object is the one that the plan showed; without a tag nothing speaks against it.
fn is_as_planned(item: &Item, head: &ObjectHead) -> bool {
    item.etag.is_none() || head.etag == item.etag
}

fn changed(work: &Work, item: &Item) -> String {
    let name = Subject::Object(work.plan.bucket.clone(), item.key.clone());
    format!("{name} was written again after the plan was made, so that one stays")
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
    let keys = named_once(&batch);
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
            let refusal = Refusal::from(&error);
            let same = |item| (item, Err(refusal.clone()));
            return end(work, batch.into_iter().map(same).collect()).await;
        }
    };
    let by_key: HashMap<_, _> = outcomes
        .into_iter()
        .map(|outcome| {
            let result = match outcome.result {
                // What is not there any more is what was asked for.
                Err(error) if error.kind() == ErrorKind::NoSuchKey => Ok(()),
                other => other.map_err(|error| Refusal::from(&error)),
            };
            ((outcome.key, outcome.version_id), result)
        })
        .collect();
    let paired = batch.into_iter().map(|item| {
        // An answer is every item's that names its key, however often it is named.
        let answer = by_key.get(&(item.key.clone(), item.version.clone()));
        let result = answer.cloned();
        let result = result.unwrap_or_else(|| Err(Refusal::from(&unanswered(&item))));
        (item, result)
    });
    end(work, paired.collect()).await
}

/// The keys of a batch, each once: a server answers once for a key, or refuses one named twice.
fn named_once(batch: &[Item]) -> Vec<(ObjectKey, Option<VersionId>)> {
    let mut seen = HashSet::new();
    batch
        .iter()
        .map(|item| (item.key.clone(), item.version.clone()))
        .filter(|name| seen.insert(name.clone()))
        .collect()
}

fn unanswered(item: &Item) -> Error {
    Error::new(
        ErrorKind::NotS3,
        "DeleteObjects",
        format!("The server did not say whether {} was deleted", item.key),
    )
}

/// Why an object was not deleted.
#[derive(Debug, Clone)]
struct Refusal {
    words: String,
    failure: Failure,
}

impl From<&Error> for Refusal {
    fn from(error: &Error) -> Self {
        Self {
            words: error.to_string(),
            failure: Failure::from(error),
        }
    }
}

async fn end(work: &Work, ended: Vec<(Item, Result<(), Refusal>)>) -> Result<()> {
    let rows: Vec<_> = ended
        .iter()
        .map(|(item, result)| {
            let ending = Ending {
                state: if result.is_ok() {
                    ItemState::Done
                } else {
                    ItemState::Failed
                },
                reason: result.as_ref().err().map(|refusal| refusal.words.clone()),
                failure: result.as_ref().err().map(|refusal| refusal.failure.clone()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ETag;

    #[test]
    fn a_key_that_is_named_twice_is_asked_for_once() {
        let item = |key: &str, version: Option<&str>| {
            let mut item = Item::planned(ObjectKey::parse(key).unwrap(), 1);
            item.version = version.map(VersionId::new);
            item
        };
        let batch = [
            item("a", None),
            item("b", None),
            item("a", None),
            item("a", Some("1")),
        ];
        let keys: Vec<_> = named_once(&batch)
            .into_iter()
            .map(|(key, version)| (key.into_string(), version.is_some()))
            .collect();
        let expected = [("a", false), ("b", false), ("a", true)];
        assert_eq!(
            keys,
            expected.map(|(key, version)| (key.to_owned(), version)),
            "a version is another thing than its key"
        );
    }

    #[test]
    fn an_object_that_was_written_again_is_not_the_one_in_the_plan() {
        let mut item = Item::planned(ObjectKey::parse("k").unwrap(), 1);
        let head = |tag: &str| ObjectHead {
            etag: ETag::from_header(tag),
            ..ObjectHead::default()
        };
        item.etag = ETag::from_header("\"one\"");
        assert!(is_as_planned(&item, &head("\"one\"")), "nothing happened");
        assert!(!is_as_planned(&item, &head("\"two\"")), "another object");
        item.etag = None;
        assert!(is_as_planned(&item, &head("\"two\"")), "nothing was known");
    }
}
