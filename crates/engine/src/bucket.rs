//! Buckets: listed, created, deleted while empty, opened by name, and a connection tried.

use crate::error::Result;
use crate::identity::{SessionTest, Sessions};
use crate::model::{BucketName, Region};
use crate::store::{BucketEntry, Connection, Store};

/// Lists all buckets that the session may see, page by page.
///
/// # Errors
/// `AccessDenied` when it may not list them: single buckets can still be opened by name.
pub async fn list(_store: &Store) -> Result<Vec<BucketEntry>> {
    todo!()
}

/// Checks that a bucket is there and finds its region, without ListBuckets.
///
/// # Errors
/// `NoSuchBucket`; `AccessDenied` only when neither HeadBucket nor a listing of one key is allowed.
pub async fn open_by_name(_store: &Store, _bucket: &BucketName) -> Result<BucketEntry> {
    todo!()
}

/// Creates a bucket in a region (the connection's when none is named).
///
/// # Errors
/// `BucketExists`, `InvalidInput` for a name that the server refuses.
pub async fn create(_store: &Store, _bucket: &BucketName, _region: Option<&Region>) -> Result<()> {
    todo!()
}

/// Deletes an empty bucket.
///
/// # Errors
/// `BucketNotEmpty` when there are objects, versions, delete markers or open uploads in it.
pub async fn delete(_store: &Store, _bucket: &BucketName) -> Result<()> {
    todo!()
}

/// Tries a connection: who it is, whether it may list buckets, whether the clock agrees.
///
/// # Errors
/// What the endpoint answers, except for not being allowed to list buckets.
pub async fn try_connection(_sessions: &Sessions, _connection: Connection) -> Result<SessionTest> {
    todo!()
}
