//! Removing what an unfinished upload left on the server.

use super::super::journal::items;
use super::super::journal::rows::{Item, ItemState};
use super::super::work::Work;
use super::multipart::is_gone;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{Prefix, Timestamp};
use crate::store::UploadRef;

/// Looks at ListParts after an abort before it is believed that nothing more can be done.
const ABORT_TRIES: u32 = 5;
/// Servers tell the time in whole seconds, once in the answer's date and once in an upload's.
const BLUR_MILLIS: i64 = 2000;

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
            Err(error) if is_gone(&error) || is_hidden(&error) => return Ok(()),
            Err(error) => return Err(error),
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

/// Whether the parts of an upload may not, or cannot, be looked at: then the server's word that it
/// was thrown away is all there is. Any other failure leaves it open whether parts remain.
fn is_hidden(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unsupported | ErrorKind::AccessDenied
    )
}

/// Removes an upload whose id was lost between the server and the journal: one of this key that
/// has no part, was begun no earlier than the item's intent by the server's own clock, and is no
/// other job's. One whose age cannot be told stays, since it may be somebody else's. Failing to is
/// not the item's failure.
pub(super) async fn sweep(work: &Work, item: &Item) {
    let (context, bucket) = (&work.context, &work.plan.bucket);
    let reference = work.refer(item);
    let begun = work.journal.read(move |db| items::begun(db, &reference));
    let Ok(Some(begun)) = begun.await else { return };
    let prefix = Prefix::new(item.key.as_str());
    let listed = work.store.list_uploads(context, bucket, &prefix).await;
    // Asked after that answer, which told the server's time.
    let Some(ahead) = work.store.clock_offset_seconds() else {
        return;
    };
    for open in listed.unwrap_or_default() {
        let id = open.upload_id.clone();
        let known = work.journal.read(move |db| items::knows_upload(db, &id));
        let may_be_ours = open.key == item.key
            && was_begun_since(open.initiated, begun, ahead)
            && matches!(known.await, Ok(false));
        if !may_be_ours {
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

/// Whether an upload was begun at or after our time `since`, on a server whose clock is so many
/// seconds ahead of ours.
fn was_begun_since(initiated: Option<Timestamp>, since: Timestamp, ahead: i64) -> bool {
    let theirs = since.0.saturating_add(ahead.saturating_mul(1000));
    initiated.is_some_and(|at| at.0 >= theirs.saturating_sub(BLUR_MILLIS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_older_than_the_intent_is_never_ours() {
        let intent = Timestamp(1_000_000);
        let since = |at: i64, ahead| was_begun_since(Some(Timestamp(at)), intent, ahead);
        assert!(since(1_000_000, 0), "begun in the same moment");
        assert!(since(999_000, 0), "the server cuts its times to seconds");
        assert!(!since(990_000, 0), "somebody else's, begun before");
        assert!(
            !since(1_000_000, 60),
            "by a clock that is ahead this was a minute before"
        );
        assert!(since(940_000, -60), "by one that is behind it was then");
        assert!(
            !was_begun_since(None, intent, 0),
            "an upload without an age is left alone"
        );
    }
}
