//! What the inspector shows of one object.

use std::collections::BTreeMap;

use longshore_engine::object;
use longshore_engine::store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Names an object to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct InspectArgs {
    /// Who asks.
    pub session: String,
    /// The bucket.
    pub bucket: String,
    /// The key.
    pub key: String,
    /// The version; left out is the current one.
    pub version_id: Option<String>,
}

/// Encryption at rest as the server reports it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Encryption {
    /// `AES256`, `aws:kms`, `aws:kms:dsse`, `SSE-C`; null when nothing was said.
    pub kind: Option<String>,
    /// The KMS key's ARN.
    pub key_arn: Option<String>,
    /// Whether a bucket key is used.
    pub bucket_key: Option<bool>,
}

/// Object lock of a version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ObjectLock {
    /// `GOVERNANCE` or `COMPLIANCE`.
    pub mode: Option<String>,
    /// Until when.
    pub retain_until: Option<i64>,
    /// Whether a legal hold is on.
    pub legal_hold: Option<bool>,
}

/// A grant of an ACL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AclGrant {
    /// Display name, id or group URI.
    pub grantee: String,
    /// `CanonicalUser`, `Group` or `AmazonCustomerByEmail`.
    pub kind: String,
    /// `READ`, `WRITE`, `READ_ACP`, `WRITE_ACP`, `FULL_CONTROL`.
    pub permission: String,
}

/// Everything about an object that can be asked without changing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ObjectDetail {
    /// Size in bytes.
    pub size: u64,
    /// ETag without quotes.
    pub etag: Option<String>,
    /// Last modified.
    pub modified: Option<i64>,
    /// Version id.
    pub version_id: Option<String>,
    /// Storage class; null is STANDARD.
    pub storage_class: Option<String>,
    /// Headers such as `contentType` and `cacheControl`.
    pub system: BTreeMap<String, String>,
    /// User metadata without `x-amz-meta-`.
    pub metadata: BTreeMap<String, String>,
    /// Encryption at rest.
    pub encryption: Encryption,
    /// Checksums by algorithm, base64; their type under `type`.
    pub checksums: BTreeMap<String, String>,
    /// `x-amz-restore` as sent.
    pub restore: Option<String>,
    /// Replication status.
    pub replication_status: Option<String>,
    /// Object lock.
    pub lock: Option<ObjectLock>,
    /// Number of parts, where the server says so.
    pub parts: Option<u32>,
    /// Tags; null when they may not be read or the server has none.
    pub tags: Option<BTreeMap<String, String>>,
    /// Grants of the ACL; null when it may not be read.
    pub grants: Option<Vec<AclGrant>>,
    /// What was left out and why (`tags: AccessDenied`).
    pub left_out: Vec<String>,
}

impl From<store::ObjectLock> for ObjectLock {
    fn from(lock: store::ObjectLock) -> Self {
        Self {
            mode: lock.mode,
            retain_until: lock.retain_until.map(|at| at.0),
            legal_hold: lock.legal_hold,
        }
    }
}

impl From<object::Grant> for AclGrant {
    fn from(grant: object::Grant) -> Self {
        Self {
            grantee: grant.grantee,
            kind: grant.kind,
            permission: grant.permission,
        }
    }
}

impl From<object::ObjectDetail> for ObjectDetail {
    fn from(detail: object::ObjectDetail) -> Self {
        let head = detail.head;
        Self {
            size: head.size,
            etag: head.etag.map(|etag| etag.as_str().to_owned()),
            modified: head.modified.map(|at| at.0),
            version_id: head
                .version_id
                .map(longshore_engine::model::VersionId::into_string),
            storage_class: head.storage_class,
            system: head.system,
            metadata: head.metadata,
            encryption: Encryption {
                kind: head.encryption.kind,
                key_arn: head.encryption.key_arn,
                bucket_key: head.encryption.bucket_key,
            },
            checksums: head.checksums,
            restore: head.restore,
            replication_status: head.replication_status,
            lock: head.lock.map(ObjectLock::from),
            parts: head.parts,
            tags: detail.tags,
            grants: detail
                .grants
                .map(|all| all.into_iter().map(AclGrant::from).collect()),
            left_out: detail.left_out,
        }
    }
}
