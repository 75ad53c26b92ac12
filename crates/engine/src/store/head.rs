//! What GetObject and HeadObject say about an object, in one form.

use std::collections::BTreeMap;

use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::types::{ObjectLockLegalHoldStatus, StorageClass};

use crate::model::{ETag, VersionId};
use crate::store::{Encryption, ObjectHead, ObjectLock, timestamp};

/// The two answers have the same accessors and no trait in common.
macro_rules! head {
    ($answer:expr) => {{
        let answer = $answer;
        ObjectHead {
            size: answer
                .content_length()
                .and_then(|n| u64::try_from(n).ok())
                .unwrap_or(0),
            etag: answer.e_tag().and_then(ETag::from_header),
            modified: answer.last_modified().map(timestamp),
            version_id: answer
                .version_id()
                .filter(|id| !id.is_empty())
                .map(VersionId::new),
            storage_class: answer
                .storage_class()
                .filter(|class| **class != StorageClass::Standard)
                .map(|class| class.as_str().to_owned()),
            system: named(&[
                ("contentType", answer.content_type()),
                ("cacheControl", answer.cache_control()),
                ("contentDisposition", answer.content_disposition()),
                ("contentEncoding", answer.content_encoding()),
                ("contentLanguage", answer.content_language()),
                ("expires", answer.expires_string()),
                (
                    "websiteRedirectLocation",
                    answer.website_redirect_location(),
                ),
            ]),
            metadata: answer
                .metadata()
                .into_iter()
                .flatten()
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
            encryption: Encryption {
                kind: answer
                    .server_side_encryption()
                    .map(|kind| kind.as_str().to_owned())
                    .or_else(|| answer.sse_customer_algorithm().map(|_| "SSE-C".to_owned())),
                key_arn: answer.ssekms_key_id().map(str::to_owned),
                bucket_key: answer.bucket_key_enabled(),
            },
            checksums: named(&[
                ("crc32", answer.checksum_crc32()),
                ("crc32c", answer.checksum_crc32_c()),
                ("crc64nvme", answer.checksum_crc64_nvme()),
                ("sha1", answer.checksum_sha1()),
                ("sha256", answer.checksum_sha256()),
                ("type", answer.checksum_type().map(|kind| kind.as_str())),
            ]),
            restore: answer.restore().map(str::to_owned),
            replication_status: answer.replication_status().map(|s| s.as_str().to_owned()),
            lock: lock(
                answer
                    .object_lock_mode()
                    .map(|mode| mode.as_str().to_owned()),
                answer.object_lock_retain_until_date().map(timestamp),
                answer
                    .object_lock_legal_hold_status()
                    .map(|s| *s == ObjectLockLegalHoldStatus::On),
            ),
            parts: answer.parts_count().and_then(|n| u32::try_from(n).ok()),
        }
    }};
}

/// HeadObject's.
pub(super) fn of_head(answer: &HeadObjectOutput) -> ObjectHead {
    head!(answer)
}

/// GetObject's; the size is that of the answer's body until the range is known.
pub(super) fn of_get(answer: &GetObjectOutput) -> ObjectHead {
    head!(answer)
}

fn named(fields: &[(&str, Option<&str>)]) -> BTreeMap<String, String> {
    fields
        .iter()
        .filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

fn lock(
    mode: Option<String>,
    retain_until: Option<crate::model::Timestamp>,
    legal_hold: Option<bool>,
) -> Option<ObjectLock> {
    let lock = ObjectLock {
        mode,
        retain_until,
        legal_hold,
    };
    (lock != ObjectLock::default()).then_some(lock)
}
