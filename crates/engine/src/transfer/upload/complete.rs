//! Making a multipart upload an object, and believing it.
//!
//! Complete is not repeated blindly: when its answer is lost or strange, the object at the key is
//! compared with the parts in the journal first. Only a match is success, only a server that still
//! holds the upload is asked again.

use super::super::checksum;
use super::super::journal::items;
use super::super::journal::rows::{Item, ItemState, PartRecord};
use super::super::source::SourceFile;
use super::super::work::{Ended, Work, is_ambiguous};
use super::multipart::{Open, gone, is_gone};
use super::{condition, conflict, damaged, head, holds, look_first};
use crate::capability::Feature;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ETag;
use crate::plan::{JobState, Verified};
use crate::store::{
    CompleteRequest, ObjectHead, PartReceipt, UploadRef, WriteCondition, WriteReceipt,
};

pub(super) async fn complete(
    work: &Work,
    item: &mut Item,
    source: &SourceFile,
    open: &Open,
    parts: Vec<PartRecord>,
) -> Result<Ended> {
    source.check().await?;
    let earlier = item.state == ItemState::Completing;
    let reference = work.refer(item);
    work.journal
        .write(move |db| items::set_state(db, &reference, ItemState::Completing))
        .await?;
    item.state = ItemState::Completing;
    if work.alone {
        work.live.set_state(JobState::Verifying, None);
    }
    let mut request = request(work, &parts, condition(work, item));
    let upload = UploadRef {
        bucket: &work.plan.bucket,
        key: &item.key,
        upload_id: &open.upload_id,
    };
    let (mut tries, mut ambiguous) = (0, earlier);
    loop {
        let answer = match look_first(work, item, &request.condition).await {
            Ok(()) => {
                let store = &work.store;
                store
                    .complete_upload(&work.context, &upload, &request)
                    .await
            }
            Err(error) => Err(error),
        };
        let error = match answer {
            Ok(receipt) => return verify(work, item, &parts, &receipt).await,
            Err(error) => error,
        };
        ambiguous |= is_ambiguous(&error) || is_gone(&error);
        if ambiguous && let Some(ended) = resolve(work, item, &parts).await? {
            return Ok(ended);
        }
        match error.kind() {
            _ if is_gone(&error) => return Err(gone(error)),
            // 409: another write went on at the same time, and the upload cannot be completed.
            ErrorKind::Conflict if error.server().status == Some(409) => {
                leave(work, item, &upload, &request.condition).await?;
                return Err(again(error));
            }
            ErrorKind::Conflict => return Err(conflict(work, item, error)),
            ErrorKind::Unsupported if request.condition != WriteCondition::None => {
                holds(work, item, &request.condition).await?;
                request.condition = WriteCondition::None;
            }
            _ => work.wait_after(error, &mut tries).await?,
        }
    }
}

fn request(work: &Work, parts: &[PartRecord], condition: WriteCondition) -> CompleteRequest {
    // A server that refused checksums refuses them here too.
    let sums = work.store.capabilities().known(Feature::Crc64Nvme) != Some(false);
    let receipts = parts.iter().filter_map(|part| {
        Some(PartReceipt {
            number: part.number,
            etag: ETag::from_header(&part.etag)?,
            size: part.size,
            crc64: sums.then_some(part.crc64),
        })
    });
    CompleteRequest {
        parts: receipts.collect(),
        size: parts.iter().map(|part| part.size).sum(),
        crc64: sums.then(|| whole(parts)),
        condition,
    }
}

fn whole(parts: &[PartRecord]) -> u64 {
    checksum::combine(parts.iter().map(|part| (part.crc64, part.size)))
}

/// Gives an upload up that can never be completed, after looking whether another one would be: all
/// its parts are sent again, which is in vain when the other write was what the condition forbids.
async fn leave(
    work: &Work,
    item: &Item,
    upload: &UploadRef<'_>,
    condition: &WriteCondition,
) -> Result<()> {
    match holds(work, item, condition).await {
        Err(error) if error.kind() == ErrorKind::Conflict => {
            return Err(conflict(work, item, error));
        }
        outcome => outcome?,
    }
    if let Err(error) = work.store.abort_upload(&work.context, upload).await {
        tracing::warn!(%error, "an upload that cannot be completed stayed on the server");
    }
    Ok(())
}

fn again(error: Error) -> Error {
    Error::new(
        ErrorKind::NoSuchUpload,
        "CompleteMultipartUpload",
        error.message().to_owned(),
    )
    .said_by_server(error.server().clone())
    .caused_by(error)
}

/// The object at the key, when it is what these parts make.
pub(super) async fn resolve(
    work: &Work,
    item: &Item,
    parts: &[PartRecord],
) -> Result<Option<Ended>> {
    let Some(head) = head(work, &item.key).await? else {
        return Ok(None);
    };
    Ok(compare(&head, parts).map(|verified| Ended {
        verified,
        etag: head.etag,
    }))
}

/// The ETag that an object of these parts has, provided that their tags were found to be MD5s of
/// what was read.
fn composite(parts: &[PartRecord]) -> Option<ETag> {
    if parts.iter().any(|part| !part.confirmed) {
        return None;
    }
    checksum::composite(parts.iter().map(|part| part.etag.as_str()))
}

/// How far an object is proven to be what these parts make; none when it is not.
fn compare(head: &ObjectHead, parts: &[PartRecord]) -> Option<Verified> {
    if head.size != parts.iter().map(|part| part.size).sum::<u64>() {
        return None;
    }
    if let Some(crc64) = checksum::crc64_of(head) {
        return (crc64 == whole(parts)).then_some(Verified::Checksum);
    }
    let composite = composite(parts);
    (composite.is_some() && composite == head.etag).then_some(Verified::ETag)
}

async fn verify(
    work: &Work,
    item: &Item,
    parts: &[PartRecord],
    receipt: &WriteReceipt,
) -> Result<Ended> {
    let ended = |verified| Ended {
        verified,
        etag: Some(receipt.etag.clone()),
    };
    match receipt.crc64 {
        Some(crc64) if crc64 == whole(parts) => return Ok(ended(Verified::Checksum)),
        Some(_) => return Err(damaged(work, item)),
        None => {}
    }
    if composite(parts).as_ref() == Some(&receipt.etag) {
        return Ok(ended(Verified::ETag));
    }
    let Some(head) = head(work, &item.key).await? else {
        return Err(damaged(work, item));
    };
    if let Some(verified) = compare(&head, parts) {
        return Ok(ended(verified));
    }
    let size: u64 = parts.iter().map(|part| part.size).sum();
    let doubt = parts.iter().any(|part| !part.confirmed) || composite(parts).is_some();
    let speaks = checksum::etag_speaks(&head.encryption)
        && doubt
        && head.etag.as_ref().is_some_and(ETag::is_composite);
    if head.size != size || checksum::crc64_of(&head).is_some() || speaks {
        return Err(damaged(work, item));
    }
    Ok(ended(Verified::LengthOnly))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(number: u32, bytes: &[u8]) -> PartRecord {
        PartRecord {
            number,
            size: bytes.len() as u64,
            etag: checksum::hex(&checksum::md5(bytes)),
            crc64: crc_fast::crc64_nvme(bytes),
            confirmed: true,
        }
    }

    #[test]
    fn an_object_of_the_same_length_is_not_taken_for_ours() {
        let parts = [part(1, b"hello "), part(2, b"world")];
        let mut head = ObjectHead {
            size: 11,
            ..ObjectHead::default()
        };
        assert_eq!(compare(&head, &parts), None, "length alone proves nothing");
        head.etag = checksum::composite(parts.iter().map(|p| p.etag.as_str()));
        assert_eq!(
            compare(&head, &parts),
            Some(Verified::ETag),
            "the tag of these parts does"
        );
        head.size = 12;
        assert_eq!(
            compare(&head, &parts),
            None,
            "another length is another object"
        );
    }
}
