//! What exists already where the items of an upload or a move lead.
//!
//! Few destinations are asked one by one; for many, the prefixes they lie below are listed page by
//! page, and each page is compared with the items inside the journal.

use futures_util::{StreamExt, stream};

use super::super::journal::plans::{self, Found};
use super::super::journal::rows::{BeforeImage, Item, Standing};
use super::Draft;
use crate::error::{ErrorKind, Result};
use crate::model::{BucketName, ObjectKey, Prefix, Timestamp};
use crate::plan::ConflictPolicy;
use crate::size;
use crate::store::{ListPage, ListRequest, Pages, RowKind, Store};

/// More destinations than these are listed instead of asked one by one.
pub(super) const FEW: u64 = 20;
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
            let fate = match draft.record.policy {
                ConflictPolicy::Overwrite => "is replaced unseen",
                _ => "is not replaced",
            };
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

async fn mark_each(draft: &Draft, store: &Store, by_target: bool) -> Result<()> {
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
    let asked: Vec<Result<Option<Found>>> = stream::iter(keys)
        .map(|key| async move { look(store, bucket, key).await })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let mut found = Vec::new();
    for one in asked {
        found.extend(one?);
    }
    let plan = draft.record.id.clone();
    draft
        .journal
        .write(move |db| plans::mark_found(db, &plan, by_target, &found))
        .await
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
