//! The only code that speaks S3: every request of the product leaves through [`Store`].
//!
//! A [`Store`] is bound to one session's [`Connection`] and is cheap to clone. Each call takes a
//! [`RequestContext`], so that who acts, who pays and who must own the bucket are decided in one
//! place and sent with every request. Answers come back as the types below: nothing of the SDK
//! leaves this module, and every failure has passed `error_map`. What a server can do is asked at
//! run time and remembered in [`crate::capability`]; a 2xx is believed only as far as its ETag and
//! checksum go.
//!
//! Left out on purpose: retries over minutes and waiting for the network belong to the transfer
//! queue, which knows the journal; here a call is repeated only a few times within its own limits.

use std::collections::BTreeMap;
use std::ops::Range;

use bytes::Bytes;

use crate::model::{BucketName, ETag, ObjectKey, Prefix, Region, Timestamp, UploadId, VersionId};

mod attempt;
mod buckets;
mod checksums;
mod client;
mod delete;
mod error_map;
mod get_stream;
mod head;
mod list_wire;
mod multipart;
mod pages;
mod read;
mod region;
mod request_context;
mod resolve;
mod root_name;
mod trust;
mod wire;
mod write;

#[cfg(test)]
mod tests;

pub use checksums::Crc64;
pub use client::Store;
pub use get_stream::GetStream;
pub use pages::Pages;
pub use request_context::{
    ChecksumPolicy, Connection, DropCredentials, PathStyle, RequestContext, SseCustomerKey,
};
pub(crate) use trust::client_trusting;

/// A bucket as ListBuckets names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketEntry {
    /// Its name.
    pub name: BucketName,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// Its region, where the server says so.
    pub region: Option<Region>,
}

/// One page of ListBuckets.
#[derive(Debug, Clone, Default)]
pub struct BucketPage {
    /// The buckets in order.
    pub buckets: Vec<BucketEntry>,
    /// The token of the next page.
    pub next: Option<String>,
}

/// What one page of ListObjectsV2 is asked with.
#[derive(Debug, Clone)]
pub struct ListRequest {
    /// The bucket.
    pub bucket: BucketName,
    /// Only keys that start so.
    pub prefix: Prefix,
    /// Rolls keys up to their next occurrence of this; none lists flat.
    pub delimiter: Option<String>,
    /// Only keys after this one; for the first page of a range.
    pub start_after: Option<String>,
    /// The continuation token of the page before.
    pub token: Option<String>,
    /// Keys a page, at most 1000.
    pub max_keys: u16,
}

/// What a row of a listing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// A common prefix.
    Prefix,
    /// An object.
    Object,
    /// A version of an object.
    Version,
    /// A delete marker.
    DeleteMarker,
}

/// One page of a listing: texts in one arena, rows of fixed size.
#[derive(Debug, Clone, Default)]
pub struct ListPage {
    /// All texts of the page, one after the other; rows point into it.
    pub arena: String,
    /// The rows in the order of the server.
    pub rows: Vec<ListedRow>,
    /// The token of the next page; none at the end.
    pub next_token: Option<String>,
    /// Keys that could not be decoded, escaped for display.
    pub undecodable: Vec<String>,
}

/// A row of a [`ListPage`].
#[derive(Debug, Clone)]
pub struct ListedRow {
    /// What it is.
    pub kind: RowKind,
    /// The whole key (or prefix) in the arena.
    pub key: Range<u32>,
    /// Size in bytes; 0 for prefixes.
    pub size: u64,
    /// Last modified; 0 for prefixes.
    pub modified: Timestamp,
    /// The ETag without quotes in the arena, possibly empty.
    pub etag: Range<u32>,
    /// The storage class in the arena; empty is STANDARD.
    pub storage_class: Range<u32>,
}

/// What HeadObject says.
#[derive(Debug, Clone, Default)]
pub struct ObjectHead {
    /// Size in bytes.
    pub size: u64,
    /// ETag, where the server sent one.
    pub etag: Option<ETag>,
    /// Last modified.
    pub modified: Option<Timestamp>,
    /// Version id.
    pub version_id: Option<VersionId>,
    /// Storage class; none is STANDARD.
    pub storage_class: Option<String>,
    /// Headers such as `contentType`, `cacheControl`, by their camel-case name.
    pub system: BTreeMap<String, String>,
    /// User metadata without `x-amz-meta-`.
    pub metadata: BTreeMap<String, String>,
    /// Encryption at rest.
    pub encryption: Encryption,
    /// Checksums by algorithm (`crc64nvme`), base64; type under `type`.
    pub checksums: BTreeMap<String, String>,
    /// `x-amz-restore` as sent.
    pub restore: Option<String>,
    /// Replication status.
    pub replication_status: Option<String>,
    /// Object lock: mode, retain until, legal hold.
    pub lock: Option<ObjectLock>,
    /// Number of parts, when asked by part number.
    pub parts: Option<u32>,
}

/// Encryption at rest as the server reports it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Encryption {
    /// `AES256`, `aws:kms`, `aws:kms:dsse`, `SSE-C`; none when nothing was said.
    pub kind: Option<String>,
    /// The KMS key's ARN.
    pub key_arn: Option<String>,
    /// Whether a bucket key is used.
    pub bucket_key: Option<bool>,
}

/// Object lock of one version.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectLock {
    /// `GOVERNANCE` or `COMPLIANCE`.
    pub mode: Option<String>,
    /// Until when.
    pub retain_until: Option<Timestamp>,
    /// Whether a legal hold is on.
    pub legal_hold: Option<bool>,
}

/// What must hold for a write to happen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WriteCondition {
    /// Nothing; the write overwrites.
    #[default]
    None,
    /// The key must not exist.
    IfAbsent,
    /// The key must have this ETag.
    IfMatch(ETag),
}

/// What an object is written with beside its bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Storage class; none leaves it to the bucket.
    pub storage_class: Option<String>,
    /// User metadata.
    pub metadata: BTreeMap<String, String>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Encryption; none leaves it to the bucket's default.
    pub encryption: Encryption,
}

/// What a finished write answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteReceipt {
    /// The new ETag.
    pub etag: ETag,
    /// The new version's id.
    pub version_id: Option<VersionId>,
    /// The CRC64NVME that the server computed.
    pub crc64: Option<u64>,
}

/// What an uploaded part answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartReceipt {
    /// 1 to 10,000.
    pub number: u32,
    /// Its ETag.
    pub etag: ETag,
    /// Its size in bytes.
    pub size: u64,
    /// Its CRC64NVME as the server computed it.
    pub crc64: Option<u64>,
}

/// An unfinished multipart upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenUpload {
    /// The key.
    pub key: ObjectKey,
    /// Its id.
    pub upload_id: UploadId,
    /// When it was begun.
    pub initiated: Option<Timestamp>,
}

/// How one key of a DeleteObjects call ended.
#[derive(Debug)]
pub struct DeleteOutcome {
    /// The key.
    pub key: ObjectKey,
    /// The version that was named.
    pub version_id: Option<VersionId>,
    /// Whether it is gone.
    pub result: crate::Result<()>,
}

/// Bytes `start..end` of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

/// What a part or an object is sent from.
#[derive(Debug, Clone)]
pub struct Body {
    /// The bytes; cheap to clone, so a repetition sends the same.
    pub bytes: Bytes,
    /// CRC64NVME of the bytes, computed by the caller while it read them.
    pub crc64: u64,
}

/// What GetObject is asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetRequest {
    /// The bucket.
    pub bucket: BucketName,
    /// The key.
    pub key: ObjectKey,
    /// The version; none is the current one.
    pub version: Option<VersionId>,
    /// The bytes; none is all of them.
    pub range: Option<ByteRange>,
    /// The ETag that the object must still have.
    pub if_match: Option<ETag>,
}

/// Which multipart upload a call belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadRef<'a> {
    /// The bucket.
    pub bucket: &'a BucketName,
    /// The key.
    pub key: &'a ObjectKey,
    /// The id that CreateMultipartUpload gave.
    pub upload_id: &'a UploadId,
}

/// What CompleteMultipartUpload is asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteRequest {
    /// The parts in the order of their numbers.
    pub parts: Vec<PartReceipt>,
    /// Bytes of the whole object.
    pub size: u64,
    /// CRC64NVME of the whole object, where every part was checked by one.
    pub crc64: Option<u64>,
    /// Under which condition the object appears.
    pub condition: WriteCondition,
}

/// What CopyObject is asked with; metadata and tags go along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyRequest {
    /// The bucket of both.
    pub bucket: BucketName,
    /// The source.
    pub from: ObjectKey,
    /// Its version; none is the current one.
    pub from_version: Option<VersionId>,
    /// The ETag that the source must have.
    pub from_etag: Option<ETag>,
    /// The destination.
    pub to: ObjectKey,
    /// Under which condition the destination is written.
    pub condition: WriteCondition,
}

pub(crate) use error_map::span;

/// A time of the SDK in ours.
fn timestamp(time: &aws_smithy_types::DateTime) -> Timestamp {
    Timestamp(time.to_millis().unwrap_or(i64::MAX))
}
