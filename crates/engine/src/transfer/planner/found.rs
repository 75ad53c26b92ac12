//! What exists already where the items of an upload or a move lead.
//!
//! Few destinations are asked one by one; for many, the prefixes they lie below are listed page by
//! page, and each page is compared with the items inside the journal.

use futures_util::{StreamExt, stream};

use super::super::journal::plans::{self, Found};
use super::super::journal::rows::{BeforeImage, Item, Standing};
use super::Draft;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BucketName, ObjectKey, Prefix, Timestamp};
use crate::plan::ConflictPolicy;
use crate::size;
use crate::store::{ListPage, ListRequest, Pages, RowKind, Store};

/// More destinations than these are listed instead of asked one by one.
pub(super) const FEW: u64 = 20;
/// Why of a destination that could not be looked at.
const UNKNOWN: &str = "what exists there is not known";
/// Questions at once: the few are asked in three rounds.
const AT_ONCE: usize = 8;

/// Marks the planned items whose destination exists. With `delimited` prefixes only their own level
/// is listed.
pub(super) async fn mark(
    draft: &mut Draft,
    store: &Store,
    by_target: bool,
    prefixes: &[(Prefix, bool)],
) -> Result<()> {
    draft.flush().await?;
    let marked = if draft.number <= FEW {
        mark_each(draft, store, by_target).await
    } else {
        mark_listed(draft, store, by_target, prefixes).await
    };
    match marked {
        Err(error) if error.kind() == ErrorKind::AccessDenied => {
            let fate = fate(draft.record.policy);
            draft.warn(format!(
                "You may not look at the destination; what exists there {fate}"
            ));
            let plan = draft.record.id.clone();
            draft
                .journal
                .write(move |db| plans::mark_unknown(db, &plan))
                .await
        }
        other => other,
    }
}

async fn mark_each(draft: &mut Draft, store: &Store, by_target: bool) -> Result<()> {
    let plan = draft.record.id.clone();
    let items = draft
        .journal
        .read(move |db| plans::items(db, &plan, 0, FEW))
        .await?;
    let keys: Vec<ObjectKey> = items
        .into_iter()
        .filter(|item| item.state == super::ItemState::Planned)
        .filter_map(|item: Item| {
            if by_target {
                item.to_key
            } else {
                Some(item.key)
            }
        })
        .collect();
    let bucket = &draft.record.bucket;
    let count = keys.len();
    let asked: Vec<(ObjectKey, Result<Option<Found>>)> = stream::iter(keys)
        .map(|key| async move {
            let looked = look(store, bucket, key.clone()).await;
            (key, looked)
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let (mut found, mut odd) = (Vec::new(), Vec::new());
    for (key, looked) in asked {
        match looked {
            Ok(one) => found.extend(one),
            Err(error) if is_of_one(&error) => odd.push((key, error)),
            Err(error) => return Err(error),
        }
    }
    if odd.len() > 1 && odd.len() == count {
        // None had a sensible answer: that is the server's, not a name's.
        return Err(odd.swap_remove(0).1);
    }
    for (key, error) in odd {
        let fate = fate(draft.record.policy);
        draft.warn(format!(
            "What exists at {key} is not known and {fate}: {}",
            error.message()
        ));
        found.push(Found {
            key: key.as_str().to_owned(),
            standing: Standing::Unknown,
            before: None,
            why: UNKNOWN.to_owned(),
        });
    }
    let plan = draft.record.id.clone();
    draft
        .journal
        .write(move |db| plans::mark_found(db, &plan, by_target, &found))
        .await
}

/// What becomes of what exists at a destination that could not be looked at.
fn fate(policy: ConflictPolicy) -> &'static str {
    match policy {
        ConflictPolicy::Overwrite => "is replaced unseen",
        _ => "is not replaced",
    }
}

/// Whether a refusal is about the one object that was asked for, as of a name that a server does
/// not take, and says nothing of the others.
fn is_of_one(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::NotS3
            | ErrorKind::InvalidInput
            | ErrorKind::Unsupported
            | ErrorKind::ServerFault
    )
}

async fn look(store: &Store, bucket: &BucketName, key: ObjectKey) -> Result<Option<Found>> {
    match store
        .head_object(&store.context(), bucket, &key, None)
        .await
    {
        Ok(head) => {
            let modified = head.modified.unwrap_or(Timestamp(0));
            let etag = head.etag.map(|etag| etag.as_str().to_owned());
            Ok(Some(found(key.as_str(), head.size, etag, modified)))
        }
        Err(error) if error.kind() == ErrorKind::NoSuchKey => Ok(None),
        Err(error) => Err(error),
    }
}

async fn mark_listed(
    draft: &Draft,
    store: &Store,
    by_target: bool,
    prefixes: &[(Prefix, bool)],
) -> Result<()> {
    for (prefix, delimited) in prefixes {
        let mut request = ListRequest {
            bucket: draft.record.bucket.clone(),
            prefix: prefix.clone(),
            delimiter: delimited.then(|| "/".to_owned()),
            start_after: None,
            token: None,
            max_keys: 1000,
        };
        let mut pages = Pages::default();
        loop {
            let page = store.list_page(&store.context(), &request).await?;
            let found = found_on(&page);
            let plan = draft.record.id.clone();
            draft
                .journal
                .write(move |db| plans::mark_found(db, &plan, by_target, &found))
                .await?;
            let Some(next) = pages.after(&page)? else {
                break;
            };
            request.token = Some(next);
        }
    }
    Ok(())
}

fn found_on(page: &ListPage) -> Vec<Found> {
    let text = |range: &std::ops::Range<u32>| {
        page.arena
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default()
    };
    page.rows
        .iter()
        .filter(|row| row.kind == RowKind::Object)
        .map(|row| {
            let etag = Some(text(&row.etag).to_owned()).filter(|etag| !etag.is_empty());
            found(text(&row.key), row.size, etag, row.modified)
        })
        .collect()
}

fn found(key: &str, size: u64, etag: Option<String>, modified: Timestamp) -> Found {
    Found {
        key: key.to_owned(),
        standing: Standing::Present,
        before: Some(BeforeImage {
            size,
            etag,
            modified: modified.0,
            fingerprint: None,
        }),
        why: exists(size),
    }
}

/// Why a row asks for a choice.
pub(super) fn exists(bytes: u64) -> String {
    format!("exists with {}", size::in_words(bytes))
}
