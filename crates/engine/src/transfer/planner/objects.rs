//! Planning what starts from objects and stays in the store: deletes and moves.

use super::super::Target;
use super::super::journal::Journal;
use super::super::journal::rows::{BeforeImage, Item, ItemState};
use super::super::rename::{MOST_COPIED, too_large};
use super::found::mark;
use super::targets::{Object, Targets};
use super::words::{address, common_parent, distinct, title};
use super::{ChangeRequest, Draft, Head, TransferOptions, nothing, reversible};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ObjectKey, Prefix};
use crate::plan::{ConflictPolicy, Operation, Plan, Reversible};
use crate::size;
use crate::store::Store;

pub(super) async fn plan_delete(
    journal: &Journal,
    options: &TransferOptions,
    store: &Store,
    request: ChangeRequest,
    line: String,
) -> Result<Plan> {
    let ChangeRequest::Delete {
        session,
        bucket,
        targets,
    } = request
    else {
        return Err(nothing("delete"));
    };
    if targets.is_empty() {
        return Err(nothing("delete"));
    }
    let targets = distinct(&targets, true);
    let head = Head {
        operation: Operation::Delete,
        session,
        bucket: bucket.clone(),
        prefix: common_parent(&targets),
        title: title(&bucket, &targets),
        source: address(&bucket, &targets),
        destination: format!("s3://{bucket}/{}", common_parent(&targets)),
        folder: None,
        policy: ConflictPolicy::Overwrite,
        line,
    };
    let mut draft = Draft::begin(journal, store, head).await?;
    let mut versions = false;
    let mut objects = Targets::of(store, &bucket, targets, ItemState::Skipped);
    while let Some((_, page)) = objects.next(&mut draft).await? {
        for object in page {
            versions |= object.version.is_some();
            draft.add(removed(object)).await?;
        }
    }
    // A version that is named is gone for good, also where versions are kept.
    let can_undo = if versions {
        Reversible::No
    } else {
        reversible(store, &bucket).await
    };
    if versions {
        draft.warn("A version that is deleted cannot be had back".to_owned());
    } else if can_undo == Reversible::No {
        draft.warn("The bucket keeps no versions: what is deleted cannot be had back".to_owned());
    }
    draft.finish(can_undo, options.part_size).await
}

fn removed(object: Object) -> Item {
    let mut item = Item::planned(object.key, object.size);
    item.version = object.version;
    item.before = Some(BeforeImage {
        size: object.size,
        etag: object.etag.as_ref().map(|etag| etag.as_str().to_owned()),
        modified: object.modified.0,
        fingerprint: None,
    });
    item.etag = object.etag;
    item.why = format!("removes {}", size::in_words(object.size));
    item
}

pub(super) async fn plan_move(
    journal: &Journal,
    options: &TransferOptions,
    store: &Store,
    request: ChangeRequest,
    line: String,
) -> Result<Plan> {
    let ChangeRequest::Move {
        session,
        bucket,
        from,
        to,
    } = request
    else {
        return Err(nothing("move"));
    };
    refuse_nonsense(&from, &to)?;
    let head = Head {
        operation: Operation::Move,
        session,
        bucket: bucket.clone(),
        prefix: common_parent(&[from.clone(), Target::Prefix(Prefix::new(to.as_str()))]),
        title: title(&bucket, std::slice::from_ref(&from)),
        source: address(&bucket, std::slice::from_ref(&from)),
        destination: format!("s3://{bucket}/{to}"),
        folder: None,
        policy: ConflictPolicy::Ask,
        line,
    };
    let mut draft = Draft::begin(journal, store, head).await?;
    let mut objects = Targets::of(store, &bucket, vec![from.clone()], ItemState::Failed);
    while let Some((_, page)) = objects.next(&mut draft).await? {
        for object in page {
            let item = moved(&from, &to, object)?;
            if item.size > MOST_COPIED {
                let why = too_large(&item).to_string();
                draft.leave_out(item, ItemState::Failed, why).await?;
            } else {
                draft.add(item).await?;
            }
        }
    }
    mark(&mut draft, store, true, &[landing(&from, &to)]).await?;
    let can_undo = if draft.sums().await?.conflicts == 0 {
        Reversible::Yes
    } else {
        reversible(store, &bucket).await
    };
    draft.finish(can_undo, options.part_size).await
}

/// The prefix to look at for what a move meets, and whether only its own level counts.
fn landing(from: &Target, to: &str) -> (Prefix, bool) {
    let to = Prefix::new(to);
    match from {
        Target::Prefix(_) => (to, false),
        Target::Object(..) => (to.parent().unwrap_or_else(|| Prefix::new("")), true),
    }
}

fn moved(from: &Target, to: &str, object: Object) -> Result<Item> {
    let start = match from {
        Target::Prefix(prefix) => prefix.as_str().len(),
        Target::Object(key, _) => key.as_str().len(),
    };
    let rest = object.key.as_str().get(start..).unwrap_or_default();
    let mut item = Item::planned(object.key.clone(), object.size);
    item.to_key = Some(ObjectKey::parse(format!("{to}{rest}"))?);
    item.etag = object.etag;
    Ok(item)
}

fn refuse_nonsense(from: &Target, to: &str) -> Result<()> {
    let words = match from {
        Target::Object(_, Some(_)) => "An old version cannot be moved",
        Target::Object(key, None) if key.as_str() == to => "It has this key already",
        Target::Object(..) if to.is_empty() => "An object needs a key",
        Target::Prefix(prefix) if to.starts_with(prefix.as_str()) => {
            "A folder cannot be moved into itself"
        }
        Target::Prefix(prefix) if prefix.as_str().is_empty() => "A whole bucket cannot be moved",
        _ => return Ok(()),
    };
    Err(Error::new(ErrorKind::InvalidInput, "Plan", words))
}
