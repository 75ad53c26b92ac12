//! One file to one object.
//!
//! Up to one part's size the file goes as one PutObject, above that as a multipart upload; either
//! way the object is the old one or the whole new one. What the server answers is compared with
//! what was read: a checksum over the whole where it gives one, else its ETag. An answer that was
//! lost is never taken for a failure or a success: the object is looked at.

use super::checksum;
use super::journal::items::{self, Intent};
use super::journal::rows::{Item, ItemState, Standing};
use super::source::{SourceFile, blocking};
use super::work::{Ended, Work, is_ambiguous};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{ETag, ObjectKey};
use crate::names;
use crate::plan::{ConflictPolicy, Verified};
use crate::store::{Body, ByteRange, ObjectHead, WriteCondition, WriteOptions, WriteReceipt};

mod abort;
mod complete;
mod multipart;
mod parts;
mod refusal;

pub(crate) use abort::abort;
pub(super) use refusal::{conflict, damaged};

/// Names that `KeepBoth` tries before it gives up.
const MOST_NAMES: u32 = 1000;
/// Times that a free name may be taken by somebody else before it is used.
const MOST_RACES: u32 = 20;

/// Uploads an item.
///
/// # Errors
/// `SourceChanged`, `SourceUnreadable`, `Conflict`, `Integrity`, and what the store answers.
///
/// # Cancellation
/// Dropping it sends nothing more; acknowledged parts stay on the server and in the journal.
pub(crate) async fn upload(work: &Work, item: &mut Item) -> Result<Ended> {
    let Some(local) = item.local.clone() else {
        return Err(Error::new(
            ErrorKind::Internal,
            "Upload",
            "The item names no file",
        ));
    };
    let source = SourceFile::open(local).await?;
    let wanted = item.key.clone();
    if item.state == ItemState::Planned {
        let size = source.fingerprint().size();
        if size != item.size {
            work.live.resize(item.size, size);
            item.size = size;
        }
        if work.policy == ConflictPolicy::KeepBoth && item.standing == Standing::Present {
            rename_free(work, item, &wanted).await?;
        }
    } else if item
        .fingerprint
        .is_some_and(|before| before != source.fingerprint())
    {
        return Err(source.changed());
    }
    for _ in 0..MOST_RACES {
        match bring(work, item, &source).await {
            Err(error)
                if error.kind() == ErrorKind::Conflict
                    && work.policy == ConflictPolicy::KeepBoth =>
            {
                // Somebody else took the name meanwhile: both are kept, under one more name.
                abort(work, item).await?;
                multipart::forget(work, item, None).await?;
                rename_free(work, item, &wanted).await?;
            }
            outcome => return outcome,
        }
    }
    bring(work, item, &source).await
}

async fn bring(work: &Work, item: &mut Item, source: &SourceFile) -> Result<Ended> {
    if item.size <= work.options.part_size && item.upload_id.is_none() {
        single(work, item, source).await
    } else {
        multipart::upload(work, item, source).await
    }
}

/// Finds a free key like `taken` and records it before anything is written there.
async fn rename_free(work: &Work, item: &mut Item, taken: &ObjectKey) -> Result<()> {
    let key = free_key(work, taken).await?;
    let (reference, chosen) = (work.refer(item), key.clone());
    work.journal
        .write(move |db| items::set_target(db, &reference, false, &chosen))
        .await?;
    item.key = key;
    item.standing = Standing::Absent;
    Ok(())
}

/// The first `name (n)` under which nothing is.
pub(super) async fn free_key(work: &Work, key: &ObjectKey) -> Result<ObjectKey> {
    let name = key.name();
    let parent = &key.as_str()[..key.as_str().len() - name.len()];
    for n in 1..=MOST_NAMES {
        let candidate = ObjectKey::parse(format!("{parent}{}", names::numbered(name, n)))?;
        if head(work, &candidate).await?.is_none() {
            return Ok(candidate);
        }
    }
    Err(Error::new(
        ErrorKind::Conflict,
        "Upload",
        format!("{MOST_NAMES} objects are named like {key} already"),
    ))
}

/// What is at a key now, if anything.
pub(super) async fn head(work: &Work, key: &ObjectKey) -> Result<Option<ObjectHead>> {
    let asked = work
        .attempt(|| async {
            work.store
                .head_object(&work.context, &work.plan.bucket, key, None)
                .await
        })
        .await;
    match asked {
        Ok(head) => Ok(Some(head)),
        Err(error) if error.kind() == ErrorKind::NoSuchKey => Ok(None),
        Err(error) => Err(error),
    }
}

/// What must hold at the destination for the write to happen.
pub(super) fn condition(work: &Work, item: &Item) -> WriteCondition {
    condition_of(item, work.plan.policy, work.policy)
}

/// By the policy of the plan and the one that the job was started with.
fn condition_of(item: &Item, planned: ConflictPolicy, chosen: ConflictPolicy) -> WriteCondition {
    // The plan says whether what it could not see is replaced, and says it before anything can be
    // chosen at the start.
    let unseen_too = [planned, chosen] == [ConflictPolicy::Overwrite; 2];
    let seen = item
        .before
        .as_ref()
        .and_then(|b| b.etag.as_deref())
        .and_then(ETag::from_header);
    match (item.standing, seen) {
        (Standing::Present, Some(etag)) => WriteCondition::IfMatch(etag),
        (Standing::Present, None) => WriteCondition::None,
        (Standing::Unknown, _) if unseen_too => WriteCondition::None,
        (Standing::Absent | Standing::Unknown, _) => WriteCondition::IfAbsent,
    }
}

fn write_options(item: &Item) -> WriteOptions {
    WriteOptions {
        content_type: checksum::content_type(&item.key),
        ..WriteOptions::default()
    }
}

async fn single(work: &Work, item: &mut Item, source: &SourceFile) -> Result<Ended> {
    // A put that an earlier run began may have arrived.
    let mut ambiguous = item.state != ItemState::Planned;
    let reference = work.refer(item);
    let intent = Intent {
        size: item.size,
        part_size: work.options.part_size,
        fingerprint: Some(source.fingerprint()),
        etag: None,
        temp: None,
    };
    work.journal
        .write(move |db| items::intend(db, &reference, &intent))
        .await?;
    let (start, length) = work.span(item);
    let mut tries = 0;
    loop {
        let permit = work.permits.take(item.size).await;
        let flight = work.live.flight(start, length);
        let body = source
            .read(
                ByteRange {
                    start: 0,
                    end: item.size,
                },
                &work.buffers,
            )
            .await?;
        let outcome = put(work, item, &body).await;
        drop((flight, permit));
        let error = match outcome {
            Ok(receipt) => match verify(work, item, &body, &receipt).await {
                Ok(ended) => {
                    work.permits.went_well();
                    return Ok(ended);
                }
                Err(error) => error,
            },
            Err(error) => error,
        };
        ambiguous |= is_ambiguous(&error);
        if ambiguous && let Some(ended) = already_there(work, item, &body).await? {
            return Ok(ended);
        }
        if error.kind() == ErrorKind::Conflict {
            return Err(conflict(work, item, error));
        }
        work.wait_after(error, &mut tries).await?;
    }
}

async fn put(work: &Work, item: &Item, body: &Body) -> Result<WriteReceipt> {
    let condition = condition(work, item);
    let options = write_options(item);
    let (store, context, bucket) = (&work.store, &work.context, &work.plan.bucket);
    look_first(work, item, &condition).await?;
    match store
        .put_object(context, bucket, &item.key, body, &options, &condition)
        .await
    {
        Err(error)
            if error.kind() == ErrorKind::Unsupported && condition != WriteCondition::None =>
        {
            holds(work, item, &condition).await?;
            let none = WriteCondition::None;
            store
                .put_object(context, bucket, &item.key, body, &options, &none)
                .await
        }
        outcome => outcome,
    }
}

/// Looks at the destination right before a write, unless the server was seen to enforce conditions:
/// one that takes the header and ignores it would replace what appeared since the plan. Where
/// looking is not allowed, the condition alone must do.
pub(super) async fn look_first(work: &Work, item: &Item, condition: &WriteCondition) -> Result<()> {
    if *condition == WriteCondition::None || work.store.enforces_conditions() {
        return Ok(());
    }
    match holds(work, item, condition).await {
        Err(error) if error.kind() == ErrorKind::AccessDenied => Ok(()),
        looked => looked,
    }
}

/// Checks a condition by looking, for servers that know no conditional writes.
pub(super) async fn holds(work: &Work, item: &Item, condition: &WriteCondition) -> Result<()> {
    let target = item.to_key.as_ref().unwrap_or(&item.key);
    let found = head(work, target).await?;
    let holds = match (condition, &found) {
        (WriteCondition::None, _) | (WriteCondition::IfAbsent, None) => true,
        (WriteCondition::IfMatch(etag), Some(head)) => head.etag.as_ref() == Some(etag),
        _ => false,
    };
    if holds {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Conflict,
        "PutObject",
        "The destination is not what the plan saw",
    ))
}

/// The object at the key, when it is what was read from the file.
async fn already_there(work: &Work, item: &Item, body: &Body) -> Result<Option<Ended>> {
    let Some(head) = head(work, &item.key).await? else {
        return Ok(None);
    };
    if head.size != item.size {
        return Ok(None);
    }
    let bytes = body.bytes.clone();
    let md5 = blocking(move || Ok(checksum::md5(&bytes))).await?;
    let by_etag = head.etag.as_ref().and_then(ETag::as_md5) == Some(md5);
    let verified = match checksum::crc64_of(&head) {
        Some(crc64) if crc64 == body.crc64 => Verified::Checksum,
        None if by_etag => Verified::ETag,
        _ => return Ok(None),
    };
    Ok(Some(Ended {
        verified,
        etag: head.etag,
    }))
}

/// Compares what the server answered with what was read.
async fn verify(work: &Work, item: &Item, body: &Body, receipt: &WriteReceipt) -> Result<Ended> {
    let ended = |verified| Ended {
        verified,
        etag: Some(receipt.etag.clone()),
    };
    match receipt.crc64 {
        Some(crc64) if crc64 == body.crc64 => return Ok(ended(Verified::Checksum)),
        Some(_) => return Err(damaged(work, item)),
        None => {}
    }
    let bytes = body.bytes.clone();
    let md5 = blocking(move || Ok(checksum::md5(&bytes))).await?;
    if receipt.etag.as_md5() == Some(md5) {
        return Ok(ended(Verified::ETag));
    }
    let Some(head) = head(work, &item.key).await? else {
        return Err(damaged(work, item));
    };
    let crc64 = checksum::crc64_of(&head);
    let wrong_tag = checksum::etag_speaks(&head.encryption) && receipt.etag.as_md5().is_some();
    if head.size != item.size || crc64.is_some_and(|crc64| crc64 != body.crc64) {
        return Err(damaged(work, item));
    }
    match crc64 {
        Some(_) => Ok(ended(Verified::Checksum)),
        None if wrong_tag => Err(damaged(work, item)),
        None => Ok(ended(Verified::LengthOnly)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::journal::rows::BeforeImage;
    use super::*;

    fn item(standing: Standing, etag: Option<&str>) -> Item {
        let mut item = Item::planned(ObjectKey::parse("k").unwrap(), 1);
        item.standing = standing;
        item.before = (standing == Standing::Present).then(|| BeforeImage {
            size: 1,
            etag: etag.map(str::to_owned),
            modified: 0,
            fingerprint: None,
        });
        item
    }

    #[test]
    fn what_was_not_seen_is_replaced_only_where_the_plan_said_so() {
        use ConflictPolicy::{Ask, KeepBoth, Overwrite, Skip};
        let unknown = item(Standing::Unknown, None);
        assert_eq!(
            condition_of(&unknown, Overwrite, Overwrite),
            WriteCondition::None,
            "the plan said that it is replaced unseen"
        );
        for (planned, chosen) in [
            (Ask, Overwrite),
            (Ask, Skip),
            (Ask, KeepBoth),
            (Skip, Overwrite),
            (KeepBoth, Overwrite),
            (Overwrite, Skip),
            (Overwrite, KeepBoth),
        ] {
            assert_eq!(
                condition_of(&unknown, planned, chosen),
                WriteCondition::IfAbsent,
                "planned with {planned:?} and started with {chosen:?}"
            );
        }
    }

    #[test]
    fn what_was_seen_is_replaced_only_while_it_is_the_same() {
        use ConflictPolicy::{Ask, Overwrite};
        let tag = ETag::from_header("9e107d9d372bb6826bd81d3542a419d6").unwrap();
        assert_eq!(
            condition_of(&item(Standing::Present, Some(tag.as_str())), Ask, Overwrite),
            WriteCondition::IfMatch(tag),
            "another object may have come since"
        );
        assert_eq!(
            condition_of(&item(Standing::Absent, None), Overwrite, Overwrite),
            WriteCondition::IfAbsent,
            "where nothing was, nothing is replaced"
        );
    }
}
