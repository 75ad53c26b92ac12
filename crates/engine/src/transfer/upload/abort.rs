//! Removing what an unfinished upload left on the server.

use super::super::journal::rows::{Item, ItemState};
use super::super::work::Work;
use super::multipart::is_gone;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Prefix;
use crate::store::UploadRef;

/// Looks at ListParts after an abort before it is believed that nothing more can be done.
const ABORT_TRIES: u32 = 5;

/// Aborts an item's upload and looks until the server holds no part of it.
///
/// # Errors
/// What the store answers, when the upload may still be there.
pub(crate) async fn abort(work: &Work, item: &Item) -> Result<()> {
    let Some(upload_id) = &item.upload_id else {
        if item.state == ItemState::Creating && item.size > work.options.part_size {
            sweep(work, item).await;
        }
        return Ok(());
    };
    let upload = UploadRef {
        bucket: &work.plan.bucket,
        key: &item.key,
        upload_id,
    };
    for _ in 0..ABORT_TRIES {
        match work.store.abort_upload(&work.context, &upload).await {
            Err(error) if is_gone(&error) => return Ok(()),
            Err(error) => return Err(error),
            Ok(()) => {}
        }
        // A part that was on its way can bring an aborted upload back.
        match work.store.list_parts(&work.context, &upload).await {
            Ok(parts) if parts.is_empty() => return Ok(()),
            Ok(_) => {}
            Err(_) => return Ok(()),
        }
    }
    Err(Error::new(
        ErrorKind::ServerFault,
        "AbortMultipartUpload",
        format!(
            "The server still holds parts of the upload {upload_id} of {}",
            item.key
        ),
    ))
}

/// Removes an upload whose id was lost between the server and the journal: one of this key that
/// has no part. Failing to is not the item's failure.
pub(super) async fn sweep(work: &Work, item: &Item) {
    let (context, bucket) = (&work.context, &work.plan.bucket);
    let prefix = Prefix::new(item.key.as_str());
    let listed = work.store.list_uploads(context, bucket, &prefix).await;
    for open in listed.unwrap_or_default() {
        if open.key != item.key {
            continue;
        }
        let upload = UploadRef {
            bucket,
            key: &open.key,
            upload_id: &open.upload_id,
        };
        let empty = work
            .store
            .list_parts(context, &upload)
            .await
            .is_ok_and(|p| p.is_empty());
        if empty && let Err(error) = work.store.abort_upload(context, &upload).await {
            tracing::warn!(%error, "an upload without parts stayed on the server");
        }
    }
}
