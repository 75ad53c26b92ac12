//! What the server says about one object.

use std::collections::BTreeMap;

use crate::error::Result;
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
/// As HeadObject: `NoSuchKey`, `AccessDenied`.
pub async fn inspect(
    _store: &Store,
    _bucket: &BucketName,
    _key: &ObjectKey,
    _version: Option<&VersionId>,
) -> Result<ObjectDetail> {
    todo!()
}
