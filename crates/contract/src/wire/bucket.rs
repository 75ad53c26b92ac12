//! Buckets, addresses in them, and folders made in them.

use longshore_engine::store::BucketEntry;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created: Option<i64>,
    /// Its region, where the server says so.
    pub region: Option<String>,
}

/// Names a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BucketArgs {
    /// Who asks.
    pub session: String,
    /// The bucket.
    pub name: String,
}

/// A bucket to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct BucketCreateArgs {
    /// Who asks.
    pub session: String,
    /// Its name.
    pub name: String,
    /// Its region; left out is the session's.
    pub region: Option<String>,
}

/// A text that a person typed or pasted as an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddressArgs {
    /// Who asks.
    pub session: String,
    /// The text, such as `s3://bucket/folder/object`.
    pub text: String,
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// The bucket; null is the list of buckets.
    pub bucket: Option<String>,
    /// The prefix to show.
    pub prefix: String,
    /// The key in it to select.
    pub select: Option<String>,
}

/// A folder to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderCreateArgs {
    /// Who asks.
    pub session: String,
    /// The bucket.
    pub bucket: String,
    /// The prefix in which it is made.
    pub prefix: String,
    /// Its name, without `/`.
    pub name: String,
}

/// A folder was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderCreated {
    /// Its prefix, which ends in `/`.
    pub prefix: String,
}

impl From<BucketEntry> for Bucket {
    fn from(entry: BucketEntry) -> Self {
        Self {
            name: entry.name.into_string(),
            created: entry.created.map(|at| at.0),
            region: entry
                .region
                .map(longshore_engine::model::Region::into_string),
        }
    }
}
