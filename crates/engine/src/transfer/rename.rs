//! An object under another key: copied by the server, looked at, then removed at the old key.
//!
//! At no moment is the object in neither place. The copy is made from the ETag that the plan saw
//! and onto a key that holds nothing, or what the plan saw and was told to replace; the old key is
//! removed only after the new one was seen to hold the same. After a crash the new key is looked at
//! before anything is done again.

use super::checksum;
use super::journal::items::{self, Intent};
use super::journal::rows::{Item, ItemState, Standing};
use super::upload::{condition, conflict, free_key, head, holds};
use super::work::{Ended, Work, is_ambiguous};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{ETag, ObjectKey};
use crate::plan::{ConflictPolicy, Verified};
use crate::store::{CopyRequest, ObjectHead, WriteCondition};

/// What CopyObject copies at most: 5 GiB.
pub(crate) const MOST_COPIED: u64 = 5 * 1024 * 1024 * 1024;

/// Moves an item.
///
/// # Errors
/// `Conflict` when either key is not what the plan saw, `Unsupported` above 5 GiB, `Integrity`, and
/// what the store answers. The object is then still at its old key.
pub(crate) async fn rename(work: &Work, item: &mut Item) -> Result<Ended> {
    if item.size > MOST_COPIED {
        return Err(too_large(item));
    }
    if item.state == ItemState::Planned
        && work.policy == ConflictPolicy::KeepBoth
        && item.standing == Standing::Present
    {
        let key = free_key(work, target(item)?).await?;
        let (reference, chosen) = (work.refer(item), key.clone());
        work.journal
            .write(move |db| items::set_target(db, &reference, true, &chosen))
            .await?;
        item.to_key = Some(key);
        item.standing = Standing::Absent;
    }
    let Some(old) = head(work, &item.key).await? else {
        return gone(work, item).await;
    };
    if item.etag.is_some() && old.etag != item.etag {
        return Err(changed(work, item));
    }
    let copied = match (item.state, head(work, target(item)?).await?) {
        (ItemState::Creating | ItemState::Completing, Some(new)) => made(item, &old, &new),
        _ => None,
    };
    let verified = match copied {
        Some(verified) => verified,
        None => copy(work, item, &old).await?,
    };
    remove_old(work, item, &old).await?;
    Ok(Ended {
        verified,
        etag: old.etag,
    })
}

/// The old key is empty: done when an earlier run had come as far, else somebody removed it.
async fn gone(work: &Work, item: &Item) -> Result<Ended> {
    if item.state == ItemState::Completing
        && let Some(new) = head(work, target(item)?).await?
        && new.size == item.size
    {
        return Ok(Ended {
            verified: Verified::LengthOnly,
            etag: new.etag,
        });
    }
    let name = Subject::Object(work.plan.bucket.clone(), item.key.clone());
    Err(Error::new(
        ErrorKind::NoSuchKey,
        "CopyObject",
        format!("{name} does not exist any more"),
    )
    .about(name))
}

async fn copy(work: &Work, item: &mut Item, old: &ObjectHead) -> Result<Verified> {
    let mut ambiguous = item.state == ItemState::Creating;
    let reference = work.refer(item);
    let etag = old.etag.as_ref().map(|etag| etag.as_str().to_owned());
    let intent = Intent {
        size: old.size,
        part_size: MOST_COPIED,
        fingerprint: None,
        etag,
        temp: None,
    };
    work.journal
        .write(move |db| items::intend(db, &reference, &intent))
        .await?;
    item.etag.clone_from(&old.etag);
    item.state = ItemState::Creating;
    let to = target(item)?.clone();
    let mut request = CopyRequest {
        bucket: work.plan.bucket.clone(),
        from: item.key.clone(),
        from_version: None,
        from_etag: old.etag.clone(),
        to: to.clone(),
        condition: condition(work, item),
    };
    let (start, length) = work.span(item);
    let mut tries = 0;
    loop {
        let permit = work.permits.take(1).await;
        let flight = work.live.flight(start, length);
        // Servers that enforce conditions on a put may ignore them on a copy.
        let answer = match holds(work, item, &request.condition).await {
            Ok(()) => work.store.copy_object(&work.context, &request).await,
            Err(error) => Err(error),
        };
        drop((flight, permit));
        ambiguous |= answer.as_ref().err().is_some_and(is_ambiguous);
        if (answer.is_ok() || ambiguous)
            && let Some(new) = head(work, &to).await?
            && let Some(verified) = match &answer {
                Ok(_) => same(old, &new),
                Err(_) => made(item, old, &new),
            }
        {
            return Ok(verified);
        }
        match answer {
            Ok(_) => return Err(differs(work, item)),
            Err(e)
                if e.kind() == ErrorKind::Unsupported
                    && request.condition != WriteCondition::None =>
            {
                // The look above stands for it.
                request.condition = WriteCondition::None;
            }
            Err(error) if error.kind() == ErrorKind::Conflict => {
                return Err(conflict(work, item, error));
            }
            Err(error) => work.wait_after(error, &mut tries).await?,
        }
    }
}

/// As [`same`] where no answer says that a copy was made: what was at the new key before is none,
/// even if it is as long.
fn made(item: &Item, old: &ObjectHead, new: &ObjectHead) -> Option<Verified> {
    let verified = same(old, new)?;
    let before = item.before.as_ref().and_then(|b| b.etag.as_deref());
    let untouched = before.is_some() && before == new.etag.as_ref().map(ETag::as_str);
    (verified != Verified::LengthOnly || !untouched).then_some(verified)
}

/// How far the new object is proven to be the old one.
fn same(old: &ObjectHead, new: &ObjectHead) -> Option<Verified> {
    if old.size != new.size {
        return None;
    }
    if let (Some(ours), Some(theirs)) = (checksum::crc64_of(old), checksum::crc64_of(new)) {
        return (ours == theirs).then_some(Verified::Checksum);
    }
    if old.etag.is_some() && old.etag == new.etag {
        return Some(Verified::ETag);
    }
    // A copy of a multipart upload, or one under another key, has another tag.
    let plain = |head: &ObjectHead| {
        checksum::etag_speaks(&head.encryption)
            && head
                .etag
                .as_ref()
                .is_some_and(|etag| etag.as_md5().is_some())
    };
    (!(plain(old) && plain(new))).then_some(Verified::LengthOnly)
}

async fn remove_old(work: &Work, item: &mut Item, old: &ObjectHead) -> Result<()> {
    let reference = work.refer(item);
    work.journal
        .write(move |db| items::set_state(db, &reference, ItemState::Completing))
        .await?;
    item.state = ItemState::Completing;
    // A server that ignores the condition would remove what somebody wrote during the copy.
    match head(work, &item.key).await? {
        None => return Ok(()),
        Some(now) if now.etag != old.etag => return Err(changed(work, item)),
        Some(_) => {}
    }
    let removed = match remove(work, item, old.etag.as_ref()).await {
        // A server without conditional deletes: the tag was compared a moment ago.
        Err(error) if error.kind() == ErrorKind::Unsupported => remove(work, item, None).await,
        other => other,
    };
    match removed {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::NoSuchKey => Ok(()),
        Err(error) if error.kind() == ErrorKind::Conflict => Err(changed(work, item)),
        Err(error) => Err(error),
    }
}

async fn remove(work: &Work, item: &Item, tag: Option<&ETag>) -> Result<()> {
    let (context, bucket) = (&work.context, &work.plan.bucket);
    work.attempt(|| {
        work.store
            .delete_object(context, bucket, &item.key, None, tag)
    })
    .await
}

fn target(item: &Item) -> Result<&ObjectKey> {
    item.to_key
        .as_ref()
        .ok_or_else(|| Error::new(ErrorKind::Internal, "CopyObject", "The item has no new key"))
}

fn changed(work: &Work, item: &Item) -> Error {
    let name = Subject::Object(work.plan.bucket.clone(), item.key.clone());
    Error::new(
        ErrorKind::Conflict,
        "CopyObject",
        format!("{name} was changed after the plan was made, so it stays where it is"),
    )
    .about(name)
    .advise("Start again to move what is there now")
}

fn differs(work: &Work, item: &Item) -> Error {
    let name = Subject::Object(work.plan.bucket.clone(), item.key.clone());
    Error::new(
        ErrorKind::Integrity,
        "CopyObject",
        format!("The copy of {name} is not what the original is, so the original stays"),
    )
    .about(name)
}

/// The refusal of an object that one CopyObject cannot copy.
pub(crate) fn too_large(item: &Item) -> Error {
    Error::new(
        ErrorKind::Unsupported,
        "CopyObject",
        format!(
            "{} has more than 5 GiB, which the server does not copy in one request",
            item.key
        ),
    )
    .advise("Download it and upload it under the new key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transfer::journal::rows::BeforeImage;

    fn head(tag: &str) -> ObjectHead {
        ObjectHead {
            size: 10,
            etag: ETag::from_header(tag),
            ..ObjectHead::default()
        }
    }

    #[test]
    fn what_was_at_the_new_key_before_is_not_taken_for_the_copy() {
        let mut item = Item::planned(ObjectKey::parse("old").unwrap(), 10);
        let old = head("0123456789abcdef0123456789abcdef-2");
        let new = head("fedcba9876543210fedcba9876543210");
        assert_eq!(
            made(&item, &old, &new),
            Some(Verified::LengthOnly),
            "a copy of parts has a tag of its own"
        );
        item.before = Some(BeforeImage {
            size: 10,
            etag: Some("fedcba9876543210fedcba9876543210".to_owned()),
            modified: 0,
            fingerprint: None,
        });
        assert_eq!(
            made(&item, &old, &new),
            None,
            "this is what the plan saw there, and the original is still the only one"
        );
        assert_eq!(made(&item, &old, &old), Some(Verified::ETag), "one tag");
    }
}
