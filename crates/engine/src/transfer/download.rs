//! One object to one local file.
//!
//! Ranges come in parallel, each with `If-Match`, into a temporary file beside the destination;
//! each finished range is a part in the journal, with its checksum, and is used again by a later
//! run when the object still has the same ETag and size and the bytes on disk still have that
//! checksum. The whole is compared with what the server says of the object, synced, and given its
//! name without replacing anything that the plan did not see. A destination is absent, old or whole.

use super::fill::fill;
use super::journal::items::{self, Intent};
use super::journal::rows::{Item, ItemState, PartRecord};
use super::part_plan::PartPlan;
use super::work::{Ended, Work};
use crate::error::{Error, ErrorKind, Result};
use crate::plan::{JobState, Verified};
use crate::store::{ByteRange, GetRequest, ObjectHead};

mod place;
mod target;
mod verify;

pub(crate) use place::remove_temp;
use target::TargetFile;
use verify::verify;

/// Downloads an item.
///
/// # Errors
/// `DestinationExists`, `DestinationUnwritable`, `DiskFull`, `Conflict` when the object keeps
/// changing, `Integrity`, and what the store answers.
///
/// # Cancellation
/// Dropping it keeps the temporary file and the journal for a later run.
pub(crate) async fn download(work: &Work, item: &mut Item) -> Result<Ended> {
    if item.key.as_str().ends_with('/') && item.size == 0 {
        place::make_folder(work, item).await?;
        return Ok(Ended {
            verified: Verified::No,
            etag: item.etag.clone(),
        });
    }
    let mut begun_anew = false;
    loop {
        match once(work, item).await {
            // The object changed: nothing of the old one may be in the file.
            Err(error) if error.kind() == ErrorKind::Conflict && !begun_anew => {
                begun_anew = true;
                forget(work, item).await?;
            }
            Err(error) => {
                if ends_temp(&error) {
                    remove_temp(work, item).await;
                }
                return Err(error);
            }
            Ok(ended) => return Ok(ended),
        }
    }
}

/// Whether a failure makes the temporary file useless; a full disk needs its space back.
fn ends_temp(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::DiskFull
            | ErrorKind::Conflict
            | ErrorKind::Integrity
            | ErrorKind::NoSuchKey
            | ErrorKind::DestinationExists
    )
}

async fn forget(work: &Work, item: &mut Item) -> Result<()> {
    remove_temp(work, item).await;
    let (start, length) = work.span(item);
    let why = "The object changed on the server, so its download begins anew";
    work.live
        .begin_anew(start, length, item.bytes_done, Some(why));
    item.state = ItemState::Planned;
    item.bytes_done = 0;
    item.etag = None;
    Ok(())
}

async fn once(work: &Work, item: &mut Item) -> Result<Ended> {
    let head = work
        .attempt(|| async {
            let (bucket, version) = (&work.plan.bucket, item.version.as_ref());
            work.store
                .head_object(&work.context, bucket, &item.key, version)
                .await
        })
        .await?;
    let file = open(work, item, &head).await?;
    let plan = PartPlan::frozen(item.size, item.part_size.unwrap_or(work.options.part_size));
    if work.alone {
        work.live.draw_parts(item.size, plan.part_size());
    }
    let held = held(work, item, &file, &plan).await?;
    let shared: &Item = item;
    let part = |number| range(work, shared, &file, &plan, number);
    let parts = match shared.size {
        // Of nothing no range can be asked for.
        0 => held,
        _ => fill(work, &plan, held, part).await?,
    };
    item.bytes_done = item.size;
    if work.alone {
        work.live.set_state(JobState::Verifying, None);
    }
    let verified = verify(item, &head, &file, &parts).await?;
    let reference = work.refer(item);
    work.journal
        .write(move |db| items::set_state(db, &reference, ItemState::Completing))
        .await?;
    file.finish(work, item, &head).await?;
    Ok(Ended {
        verified,
        etag: head.etag,
    })
}

/// Opens the temporary file: the one of an earlier run while the object is the same, else a new
/// one that the journal knows of first.
async fn open(work: &Work, item: &mut Item, head: &ObjectHead) -> Result<TargetFile> {
    // Without a tag nobody can tell one object of this size from another.
    let same = item.state != ItemState::Planned
        && item.etag.is_some()
        && item.etag == head.etag
        && item.size == head.size;
    if same && let Some(file) = TargetFile::reopen(work, item).await? {
        return Ok(file);
    }
    if item.state != ItemState::Planned {
        remove_temp(work, item).await;
        let (start, length) = work.span(item);
        work.live.begin_anew(start, length, item.bytes_done, None);
        item.bytes_done = 0;
    }
    if head.size != item.size {
        work.live.resize(item.size, head.size);
        item.size = head.size;
    }
    let plan = PartPlan::cut(item.size, work.options.part_size)?;
    item.etag.clone_from(&head.etag);
    item.part_size = Some(plan.part_size());
    let file = TargetFile::prepare(work, item).await?;
    let reference = work.refer(item);
    let intent = Intent {
        size: item.size,
        part_size: plan.part_size(),
        fingerprint: None,
        etag: head.etag.as_ref().map(|etag| etag.as_str().to_owned()),
        temp: item.temp.clone(),
    };
    work.journal
        .write(move |db| items::intend(db, &reference, &intent))
        .await?;
    item.state = ItemState::Moving;
    file.create().await
}

/// The ranges of an earlier run whose bytes on disk still are what arrived.
async fn held(
    work: &Work,
    item: &mut Item,
    file: &TargetFile,
    plan: &PartPlan,
) -> Result<Vec<PartRecord>> {
    let reference = work.refer(item);
    let recorded = work
        .journal
        .read(move |db| items::parts(db, &reference))
        .await?;
    let mut held = Vec::new();
    for part in recorded {
        let range = plan.range(part.number);
        let whole = part.size == range.end - range.start;
        if whole
            && file
                .crc64(range)
                .await
                .is_ok_and(|crc64| crc64 == part.crc64)
        {
            held.push(part);
        }
    }
    let (start, _) = work.span(item);
    let spans: Vec<(u64, u64)> = held
        .iter()
        .map(|part| (start + plan.range(part.number).start, part.size))
        .collect();
    work.live.hold(&spans, item.bytes_done);
    let (reference, kept) = (work.refer(item), held.clone());
    work.journal
        .write(move |db| items::keep_parts(db, &reference, &kept))
        .await?;
    item.bytes_done = spans.iter().map(|(_, bytes)| bytes).sum();
    Ok(held)
}

/// Fetches, writes and records one range.
async fn range(
    work: &Work,
    item: &Item,
    file: &TargetFile,
    plan: &PartPlan,
    number: u32,
) -> Result<PartRecord> {
    let range = plan.range(number);
    let size = range.end - range.start;
    let (start, _) = work.span(item);
    let request = GetRequest {
        bucket: work.plan.bucket.clone(),
        key: item.key.clone(),
        version: item.version.clone(),
        range: (size != item.size).then_some(range),
        if_match: item.etag.clone(),
    };
    let crc64 = work
        .attempt(|| async {
            let _permit = work.permits.take(size).await;
            let _flight = work.live.flight(start + range.start, size);
            let bytes = fetch(work, item, &request, range).await?;
            file.write(range, bytes).await
        })
        .await?;
    let record = PartRecord {
        number,
        size,
        etag: String::new(),
        crc64,
        confirmed: true,
    };
    let (reference, row) = (work.refer(item), record.clone());
    work.journal
        .write(move |db| items::add_part(db, &reference, &row))
        .await?;
    work.permits.went_well();
    work.live.acknowledge(start + range.start, size);
    Ok(record)
}

async fn fetch(
    work: &Work,
    item: &Item,
    request: &GetRequest,
    range: ByteRange,
) -> Result<Vec<u8>> {
    let mut stream = work.store.get_object(&work.context, request).await?;
    if stream.head.etag != item.etag || stream.head.size != item.size {
        return Err(changed(item));
    }
    let expected = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(expected);
    while let Some(chunk) = stream.next().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > expected {
            break;
        }
    }
    if bytes.len() == expected {
        return Ok(bytes);
    }
    Err(Error::new(
        ErrorKind::Integrity,
        "GetObject",
        format!(
            "{} bytes of {} arrived instead of {expected}",
            bytes.len(),
            item.key
        ),
    ))
}

fn changed(item: &Item) -> Error {
    Error::new(
        ErrorKind::Conflict,
        "GetObject",
        format!(
            "{} changed on the server while it was being downloaded",
            item.key
        ),
    )
    .advise("Download it again when nothing writes to it")
}
