//! What the server says about one object, asked without changing anything.
//!
//! HeadObject is the whole; tags and access list are asked beside it and left out, with the reason,
//! where the session may not read them or the server has none. Unknown is shown as unknown.

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{BucketName, ObjectKey, VersionId};
use crate::store::{ObjectHead, Store};

/// Everything about an object that can be asked without changing it.
#[derive(Debug, Clone, Default)]
pub struct ObjectDetail {
    /// HeadObject.
    pub head: ObjectHead,
    /// Tags; none when they may not be read or the server has none.
    pub tags: Option<BTreeMap<String, String>>,
    /// Grants of the ACL; none when it may not be read.
    pub grants: Option<Vec<Grant>>,
    /// What was left out and why (`tags: AccessDenied`).
    pub left_out: Vec<String>,
}

/// A grant of an ACL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Display name, id or group URI.
    pub grantee: String,
    /// `CanonicalUser`, `Group` or `AmazonCustomerByEmail`.
    pub kind: String,
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`, `FULL_CONTROL`.
    pub permission: String,
}

/// Asks HeadObject (with checksums), then tags and ACL where allowed.
///
/// # Errors
/// As HeadObject: `NoSuchKey`, `AccessDenied`; `NoSuchBucket` when it is the bucket that is not
/// there.
///
/// # Cancellation
/// Dropping it drops the requests; nothing is changed by them.
pub async fn inspect(
    store: &Store,
    bucket: &BucketName,
    key: &ObjectKey,
    version: Option<&VersionId>,
) -> Result<ObjectDetail> {
    let ctx = store.context();
    let head = match store.head_object(&ctx, bucket, key, version).await {
        Err(error) => return Err(explained(store, bucket, error).await),
        Ok(head) => head,
    };
    // The version that was described is the one whose tags are shown beside it.
    let version = version.or(head.version_id.as_ref()).cloned();
    let (tags, grants) = tokio::join!(
        store.object_tags(&ctx, bucket, key, version.as_ref()),
        store.object_grants(&ctx, bucket, key, version.as_ref()),
    );
    let mut left_out = Vec::new();
    let tags = kept("tags", tags, &mut left_out);
    let grants = kept("grants", grants, &mut left_out);
    Ok(ObjectDetail {
        head,
        tags,
        grants,
        left_out,
    })
}

/// A HEAD has no body that would say whether it is the object or its bucket that is missing.
async fn explained(store: &Store, bucket: &BucketName, error: Error) -> Error {
    if error.kind() != ErrorKind::NoSuchKey || error.server().code.is_some() {
        return error;
    }
    match store.head_bucket(&store.context(), bucket).await {
        Err(missing) if missing.kind() == ErrorKind::NoSuchBucket => missing,
        _ => error,
    }
}

fn kept<T>(what: &str, answer: Result<T>, left_out: &mut Vec<String>) -> Option<T> {
    match answer {
        Ok(value) => Some(value),
        Err(error) => {
            let code = error.server().code.clone();
            let why = code.unwrap_or_else(|| format!("{:?}", error.kind()));
            left_out.push(format!("{what}: {why}"));
            None
        }
    }
}
