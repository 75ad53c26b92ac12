//! Sending the missing parts of an upload: few first, more with each acknowledgement.

use super::super::checksum;
use super::super::fill::fill;
use super::super::journal::items;
use super::super::journal::rows::{Item, PartRecord};
use super::super::source::{SourceFile, blocking};
use super::super::work::Work;
use super::multipart::{Open, gone, is_gone};
use crate::error::Result;
use crate::store::{Body, PartReceipt, UploadRef};

/// Sends the parts that are missing, a few at a time.
pub(super) async fn send(
    work: &Work,
    item: &mut Item,
    source: &SourceFile,
    open: &Open,
) -> Result<Vec<PartRecord>> {
    let shared: &Item = item;
    let parts = fill(work, &open.plan, open.held.clone(), |number| {
        part(work, shared, source, open, number)
    })
    .await?;
    item.bytes_done = item.size;
    Ok(parts)
}

/// Reads, sends, checks and records one part.
async fn part(
    work: &Work,
    item: &Item,
    source: &SourceFile,
    open: &Open,
    number: u32,
) -> Result<PartRecord> {
    let range = open.plan.range(number);
    let size = range.end - range.start;
    let (start, _) = work.span(item);
    let upload = UploadRef {
        bucket: &work.plan.bucket,
        key: &item.key,
        upload_id: &open.upload_id,
    };
    let record = work
        .attempt(|| async {
            let _permit = work.permits.take(size).await;
            let _flight = work.live.flight(start + range.start, size);
            let body = source.read(range, &work.buffers).await?;
            let receipt = work
                .store
                .upload_part(&work.context, &upload, number, &body)
                .await;
            let receipt = receipt.map_err(|e| if is_gone(&e) { gone(e) } else { e })?;
            let confirmed = check(work, item, &body, &receipt).await?;
            let etag = receipt.etag.as_str().to_owned();
            Ok(PartRecord {
                number,
                size,
                etag,
                crc64: body.crc64,
                confirmed,
            })
        })
        .await?;
    let (reference, row) = (work.refer(item), record.clone());
    work.journal
        .write(move |db| items::add_part(db, &reference, &row))
        .await?;
    work.permits.went_well();
    work.live.acknowledge(start + range.start, size);
    Ok(record)
}

/// Compares a part's receipt with what was sent; false when it proves nothing. Under SSE-KMS and
/// SSE-C a part's tag looks like an MD5 and is none; what the object is encrypted with is known
/// only when it is complete, so it is then that the doubt is settled.
async fn check(work: &Work, item: &Item, body: &Body, receipt: &PartReceipt) -> Result<bool> {
    match receipt.crc64 {
        Some(crc64) if crc64 == body.crc64 => return Ok(true),
        Some(_) => return Err(super::damaged(work, item)),
        None => {}
    }
    let Some(theirs) = receipt.etag.as_md5() else {
        return Ok(false);
    };
    let bytes = body.bytes.clone();
    let ours = blocking(move || Ok(checksum::md5(&bytes))).await?;
    Ok(theirs == ours)
}
