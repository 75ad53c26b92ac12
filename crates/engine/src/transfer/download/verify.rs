//! How far a downloaded file is proven to be what the server holds.

use super::super::checksum;
use super::super::journal::rows::{Item, PartRecord};
use super::super::part_plan::PartPlan;
use super::target::TargetFile;
use crate::error::{Error, ErrorKind, Result};
use crate::model::ETag;
use crate::plan::Verified;
use crate::store::ObjectHead;

/// Bytes up to which the MD5 of the whole is computed where there is no better checksum: it reads
/// the whole file once more, and a person waits for that.
const MD5_LIMIT: u64 = 1024 * 1024 * 1024;

/// How far the file is proven to be what the server holds.
pub(super) async fn verify(
    item: &Item,
    head: &ObjectHead,
    file: &TargetFile,
    parts: &[PartRecord],
) -> Result<Verified> {
    let whole = checksum::combine(parts.iter().map(|part| (part.crc64, part.size)));
    if let Some(theirs) = checksum::crc64_of(head) {
        return if theirs == whole {
            Ok(Verified::Checksum)
        } else {
            Err(differs(item))
        };
    }
    let Some(etag) = head
        .etag
        .as_ref()
        .filter(|_| checksum::etag_speaks(&head.encryption))
    else {
        return Ok(Verified::LengthOnly);
    };
    if item.size > MD5_LIMIT {
        return Ok(Verified::LengthOnly);
    }
    if let Some(theirs) = etag.as_md5() {
        let ours = file.md5().await?;
        return if theirs == ours {
            Ok(Verified::ETag)
        } else {
            Err(differs(item))
        };
    }
    composite(item, etag, file).await
}

/// Compares a multipart upload's tag for the part sizes that are in use. A tag that fits none of
/// them proves nothing, since the cut of the upload is not known.
async fn composite(item: &Item, etag: &ETag, file: &TargetFile) -> Result<Verified> {
    const MIB: u64 = 1024 * 1024;
    let Some(count) = etag
        .as_str()
        .rsplit_once('-')
        .and_then(|(_, n)| n.parse::<u64>().ok())
    else {
        return Ok(Verified::LengthOnly);
    };
    let usual = [5, 8, 10, 15, 16, 20, 25, 32, 50, 64, 100, 128].map(|mib| mib * MIB);
    let ours = item.part_size.filter(|size| !usual.contains(size));
    for size in usual.into_iter().chain(ours) {
        if item.size.div_ceil(size) != count {
            continue;
        }
        let tags = file.md5_of_parts(PartPlan::frozen(item.size, size)).await?;
        if checksum::composite(tags.iter().map(String::as_str)).as_ref() == Some(etag) {
            return Ok(Verified::ETag);
        }
    }
    Ok(Verified::LengthOnly)
}

fn differs(item: &Item) -> Error {
    Error::new(
        ErrorKind::Integrity,
        "GetObject",
        format!(
            "What arrived of {} does not have the checksum that the server gives for it, so no \
             file was made",
            item.key
        ),
    )
    .advise("Download it again; if it happens again, the object or the way to it is damaged")
}
