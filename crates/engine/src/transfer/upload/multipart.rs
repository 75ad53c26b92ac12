//! A file as a multipart upload: begun, resumed, filled.
//!
//! The journal says what was intended, ListParts what the server holds; a part counts as held only
//! when both agree on number, size and ETag; where the server cannot list parts, the journal's word
//! stands until Complete. Held parts are never sent again.

use super::super::journal::items::{self, Intent};
use super::super::journal::rows::{Item, ItemState, PartRecord};
use super::super::part_plan::PartPlan;
use super::super::source::SourceFile;
use super::super::work::{Ended, Work, is_ambiguous};
use super::abort::sweep;
use super::complete::{complete, resolve};
use super::parts::send;
use crate::error::{Error, ErrorKind, Result};
use crate::model::UploadId;
use crate::store::{PartReceipt, UploadRef};

/// An upload that is being filled.
pub(super) struct Open {
    pub(super) upload_id: UploadId,
    pub(super) plan: PartPlan,
    pub(super) held: Vec<PartRecord>,
}

pub(super) async fn upload(work: &Work, item: &mut Item, source: &SourceFile) -> Result<Ended> {
    let mut begun_anew = false;
    loop {
        match once(work, item, source).await {
            Err(error) if error.kind() == ErrorKind::NoSuchUpload && !begun_anew => {
                begun_anew = true;
                let why = "The server had forgotten the upload, so it begins anew";
                forget(work, item, Some(why)).await?;
            }
            outcome => return outcome,
        }
    }
}

/// The upload is there no more: its parts do not count and it begins anew.
pub(super) async fn forget(work: &Work, item: &mut Item, why: Option<&'static str>) -> Result<()> {
    let reference = work.refer(item);
    let parts = work
        .journal
        .read(move |db| items::parts(db, &reference))
        .await?;
    let counted = parts.iter().map(|part| part.size).sum();
    let (start, length) = work.span(item);
    work.live.begin_anew(start, length, counted, why);
    item.upload_id = None;
    item.bytes_done = 0;
    item.state = ItemState::Planned;
    Ok(())
}

async fn once(work: &Work, item: &mut Item, source: &SourceFile) -> Result<Ended> {
    let open = match item.upload_id.clone() {
        None => begin(work, item, source).await?,
        Some(upload_id) => match resume(work, item, upload_id).await? {
            Resumed::Open(open) => open,
            Resumed::Complete(ended) => return Ok(ended),
        },
    };
    if work.alone {
        work.live.draw_parts(item.size, open.plan.part_size());
    }
    let (start, _) = work.span(item);
    let spans: Vec<(u64, u64)> = open
        .held
        .iter()
        .map(|part| (start + open.plan.range(part.number).start, part.size))
        .collect();
    work.live.hold(&spans, item.bytes_done);
    item.bytes_done = spans.iter().map(|(_, bytes)| bytes).sum();
    let parts = send(work, item, source, &open).await?;
    complete(work, item, source, &open, parts).await
}

async fn begin(work: &Work, item: &mut Item, source: &SourceFile) -> Result<Open> {
    if item.state == ItemState::Creating {
        sweep(work, item).await;
    }
    let plan = PartPlan::cut(item.size, work.options.part_size)?;
    let reference = work.refer(item);
    let intent = Intent {
        size: item.size,
        part_size: plan.part_size(),
        fingerprint: Some(source.fingerprint()),
        etag: None,
        temp: None,
    };
    work.journal
        .write(move |db| items::intend(db, &reference, &intent))
        .await?;
    let options = super::write_options(item);
    let mut tries = 0;
    let upload_id = loop {
        let bucket = &work.plan.bucket;
        match work
            .store
            .create_upload(&work.context, bucket, &item.key, &options)
            .await
        {
            Ok(upload_id) => break upload_id,
            Err(error) => {
                let ambiguous = is_ambiguous(&error);
                work.wait_after(error, &mut tries).await?;
                if ambiguous {
                    sweep(work, item).await;
                }
            }
        }
    };
    work.live.answered();
    let (reference, id) = (work.refer(item), upload_id.clone());
    work.journal
        .write(move |db| items::set_upload(db, &reference, Some(&id)))
        .await?;
    item.upload_id = Some(upload_id.clone());
    item.part_size = Some(plan.part_size());
    item.bytes_done = 0;
    item.state = ItemState::Moving;
    Ok(Open {
        upload_id,
        plan,
        held: Vec::new(),
    })
}

enum Resumed {
    Open(Open),
    Complete(Ended),
}

async fn resume(work: &Work, item: &Item, upload_id: UploadId) -> Result<Resumed> {
    let plan = PartPlan::frozen(item.size, item.part_size.unwrap_or(work.options.part_size));
    let reference = work.refer(item);
    let recorded = work
        .journal
        .read(move |db| items::parts(db, &reference))
        .await?;
    let upload = UploadRef {
        bucket: &work.plan.bucket,
        key: &item.key,
        upload_id: &upload_id,
    };
    let listed = work
        .attempt(|| work.store.list_parts(&work.context, &upload))
        .await;
    let held: Vec<PartRecord> = match listed {
        Ok(listed) => recorded
            .into_iter()
            .filter(|part| is_held(part, &listed, &plan))
            .collect(),
        // Some servers cannot list parts; Complete will tell whether the journal is right.
        Err(error) if error.kind() == ErrorKind::Unsupported => recorded,
        Err(error) if is_gone(&error) => {
            if item.state == ItemState::Completing
                && let Some(ended) = resolve(work, item, &recorded).await?
            {
                return Ok(Resumed::Complete(ended));
            }
            return Err(gone(error));
        }
        Err(error) => return Err(error),
    };
    let (reference, kept) = (work.refer(item), held.clone());
    work.journal
        .write(move |db| items::keep_parts(db, &reference, &kept))
        .await?;
    Ok(Resumed::Open(Open {
        upload_id,
        plan,
        held,
    }))
}

fn is_held(part: &PartRecord, listed: &[PartReceipt], plan: &PartPlan) -> bool {
    let range = plan.range(part.number);
    part.size == range.end - range.start
        && listed.iter().any(|theirs| {
            theirs.number == part.number
                && theirs.size == part.size
                && theirs.etag.as_str() == part.etag
                && theirs.crc64.is_none_or(|crc64| crc64 == part.crc64)
        })
}

/// Some servers say NoSuchKey of an upload that is gone.
pub(super) fn is_gone(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NoSuchUpload | ErrorKind::NoSuchKey)
}

/// The same failure as `NoSuchUpload`.
pub(super) fn gone(error: Error) -> Error {
    if error.kind() == ErrorKind::NoSuchUpload {
        return error;
    }
    Error::new(
        ErrorKind::NoSuchUpload,
        error.operation(),
        error.message().to_owned(),
    )
    .said_by_server(error.server().clone())
    .caused_by(error)
}
