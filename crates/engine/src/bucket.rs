//! Buckets: listed, created, deleted while empty, opened by name, and a connection tried.
//!
//! Not being allowed to list buckets is normal and never the end: a bucket is opened by its name,
//! by HeadBucket and, where that is denied, by asking for one key of it.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result, Subject};
use crate::identity::{CallerIdentity, SessionTest, Sessions};
use crate::model::{BucketName, Prefix, Region};
use crate::store::{BucketEntry, Connection, ListRequest, PathStyle, Store, span};

/// More pages of buckets than this are a server that runs in circles: 10 million buckets.
const MAX_PAGES: usize = 10_000;
/// No server makes a bucket with a shorter name.
const LEAST_NAME: usize = 3;
/// Other servers may not know GetCallerIdentity at all and need not be waited for.
const IDENTITY_PATIENCE: Duration = Duration::from_secs(10);
/// S3 refuses signatures from 15 minutes on; a drift is worth a word well before.
const CLOCK_NOTE_SECONDS: u64 = 120;

/// Lists all buckets that the session may see, page by page.
///
/// # Errors
/// `AccessDenied` when it may not list them: single buckets can still be opened by name. `NotS3`
/// when the pages never end.
///
/// # Cancellation
/// Dropping it drops the request; nothing is changed by it.
pub async fn list(store: &Store) -> Result<Vec<BucketEntry>> {
    let ctx = store.context();
    let (mut buckets, mut token) = (Vec::new(), None::<String>);
    for _ in 0..MAX_PAGES {
        let page = store.list_buckets(&ctx, token.as_deref()).await?;
        buckets.extend(page.buckets);
        match page.next {
            Some(next) => token = Some(next),
            None => return Ok(buckets),
        }
    }
    let why = "The server's list of buckets never ends; it was given up";
    Err(Error::new(ErrorKind::NotS3, "ListBuckets", why))
}

/// Checks that a bucket is there and finds its region, without ListBuckets.
///
/// # Errors
/// `NoSuchBucket`; `AccessDenied` only when neither HeadBucket nor a listing of one key is allowed.
///
/// # Cancellation
/// Dropping it drops the request; nothing is changed by it.
pub async fn open_by_name(store: &Store, bucket: &BucketName) -> Result<BucketEntry> {
    let ctx = store.context();
    match store.head_bucket(&ctx, bucket).await {
        // A HEAD has no body, so that neither a denial nor a wrong bucket is explained by it.
        Err(error) if is_unexplained(&error) => {
            store.list_page(&ctx, &one_key(bucket)).await?;
            Ok(BucketEntry {
                name: bucket.clone(),
                created: None,
                region: None,
            })
        }
        answer => answer,
    }
}

fn is_unexplained(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AccessDenied
            | ErrorKind::InvalidInput
            | ErrorKind::Unsupported
            | ErrorKind::BadCredentials
    )
}

/// Creates a bucket in a region (the connection's when none is named).
///
/// # Errors
/// `BucketExists`, `InvalidInput` for a name that this or any other server refuses,
/// `ReadOnlySession`.
///
/// # Cancellation
/// Dropping it drops the request; the bucket may be created already.
pub async fn create(store: &Store, bucket: &BucketName, region: Option<&Region>) -> Result<()> {
    check_new_name(bucket)?;
    store.create_bucket(&store.context(), bucket, region).await
}

/// What no server takes for a new bucket: the rules that S3
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>) shares with the
/// laxest other one, Ceph with relaxed names
/// (<https://docs.ceph.com/en/latest/radosgw/s3/bucketops/>). The rest is the server's to refuse.
fn check_new_name(bucket: &BucketName) -> Result<()> {
    let name = bucket.as_str();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let why = if name.len() < LEAST_NAME {
        "it is shorter than 3 characters"
    } else if !name.chars().all(allowed) {
        "it holds a character other than letters, digits, dots, hyphens and underscores"
    } else if name.parse::<std::net::Ipv4Addr>().is_ok() {
        "it is an IP address"
    } else {
        return Ok(());
    };
    let words = format!("“{name}” cannot be the name of a bucket: {why}");
    Err(Error::new(ErrorKind::InvalidInput, "CreateBucket", words)
        .about(Subject::Bucket(bucket.clone()))
        .advise("Bucket names are 3 to 63 lower-case letters, digits, dots and hyphens"))
}

/// Deletes an empty bucket, after looking that it is one: not every server refuses to throw a full
/// bucket away.
///
/// # Errors
/// `BucketNotEmpty` when there are objects, versions or delete markers in it; `AccessDenied` when
/// the session may not look and the server is not one that is known to refuse.
///
/// # Cancellation
/// Dropping it drops the request; the bucket may be deleted already.
pub async fn delete(store: &Store, bucket: &BucketName) -> Result<()> {
    let ctx = store.context();
    let is_amazon = store.connection().endpoint_url.is_none();
    match holds_anything(store, bucket).await {
        Ok(false) => {}
        Ok(true) => {
            let why = format!(
                "Could not delete s3://{bucket}: there are still objects, versions or delete \
                 markers in it"
            );
            return Err(Error::new(ErrorKind::BucketNotEmpty, "DeleteBucket", why)
                .about(Subject::Bucket(bucket.clone()))
                .advise("Empty the bucket first; nothing was deleted"));
        }
        Err(error) if error.kind() == ErrorKind::AccessDenied && is_amazon => {}
        Err(error) if error.kind() == ErrorKind::NoSuchBucket => {
            let why = format!("Could not delete s3://{bucket}: there is no such bucket");
            return Err(Error::new(ErrorKind::NoSuchBucket, "DeleteBucket", why)
                .about(Subject::Bucket(bucket.clone()))
                .said_by_server(error.server().clone()));
        }
        Err(error) => return Err(error),
    }
    store.delete_bucket(&ctx, bucket).await
}

async fn holds_anything(store: &Store, bucket: &BucketName) -> Result<bool> {
    let page = store.list_page(&store.context(), &one_key(bucket)).await?;
    if !page.rows.is_empty() || !page.undecodable.is_empty() || page.next_token.is_some() {
        return Ok(true);
    }
    match store.holds_versions(&store.context(), bucket).await {
        Err(error) if error.kind() == ErrorKind::Unsupported => Ok(false),
        answer => answer,
    }
}

fn one_key(bucket: &BucketName) -> ListRequest {
    ListRequest {
        bucket: bucket.clone(),
        prefix: Prefix::new(""),
        delimiter: None,
        start_after: None,
        token: None,
        max_keys: 1,
    }
}

/// Tries a connection: who it is, whether it may list buckets, whether the clock agrees.
///
/// # Errors
/// What the endpoint answers, except for not being allowed to list buckets: `NotS3`,
/// `BadCredentials`, `ClockSkew`, `UnknownHost`, `ConnectionRefused`, `Tls`, `Timeout`.
///
/// # Cancellation
/// Dropping it drops the request; nothing is changed by it.
pub async fn try_connection(sessions: &Sessions, connection: Connection) -> Result<SessionTest> {
    let store = Store::connect(connection)?;
    let mut notes = Vec::new();
    if store.is_plain_http_to_another_host() {
        notes
            .push("The endpoint is plain http: others on the way can read what is sent".to_owned());
    }
    let buckets = count_buckets(&store, &mut notes).await?;
    let identity = who(sessions, &store).await;
    if let Some(offset) = store.clock_offset_seconds()
        && offset.unsigned_abs() > CLOCK_NOTE_SECONDS
    {
        let side = if offset > 0 { "behind" } else { "ahead of" };
        let apart = span(offset.unsigned_abs());
        notes.push(format!(
            "This computer's clock is {apart} {side} the server's"
        ));
    }
    if store.connection().path_style == PathStyle::Off && store.connection().endpoint_url.is_some()
    {
        notes.push(
            "Buckets are addressed in the host's name; that needs a wildcard name at the endpoint"
                .to_owned(),
        );
    }
    Ok(SessionTest {
        identity,
        buckets,
        notes,
    })
}

async fn count_buckets(store: &Store, notes: &mut Vec<String>) -> Result<Option<usize>> {
    let is_anonymous = store.connection().credentials.is_none();
    if is_anonymous && store.connection().endpoint_url.is_none() {
        // Amazon sends an anonymous ListBuckets to its web pages.
        notes.push("Without credentials, buckets are opened by their name".to_owned());
        return Ok(None);
    }
    match store.list_buckets(&store.context(), None).await {
        Ok(page) => Ok(Some(page.buckets.len())),
        Err(error) if error.kind() == ErrorKind::AccessDenied => {
            notes.push(
                "The session may not list buckets; they can be opened by their name".to_owned(),
            );
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

async fn who(sessions: &Sessions, store: &Store) -> Option<CallerIdentity> {
    store.connection().credentials.as_ref()?;
    let asked = Box::pin(sessions.caller_identity(store.connection()));
    match tokio::time::timeout(IDENTITY_PATIENCE, asked).await {
        Ok(Ok(identity)) => Some(identity),
        Ok(Err(error)) => {
            tracing::debug!(kind = ?error.kind(), "the endpoint does not say who we are");
            None
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_no_server_takes_are_refused_before_a_call() {
        let check = |name: &str| check_new_name(&BucketName::parse(name).unwrap());
        for bad in ["ab", "192.168.1.1", "a:b:c", "büro", "a+b"] {
            let error = check(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{bad}: {error}");
        }
        for good in ["abc", "My_Bucket", "a..b", &"x".repeat(200)] {
            assert!(check(good).is_ok(), "{good} is some server's to judge");
        }
    }
}
