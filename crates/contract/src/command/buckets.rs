//! Buckets, folders made in them, and what is known of one object.

use bytes::Bytes;
use longshore_engine::ErrorKind;
use longshore_engine::bucket;
use longshore_engine::model::{BucketName, ObjectKey, Prefix, Region, SessionId, VersionId};
use longshore_engine::store::{Body, ListRequest, Store, WriteCondition, WriteOptions};

use super::Reply;
use crate::router::Call;
use crate::wire::{
    Bucket, BucketArgs, BucketCreateArgs, FolderCreateArgs, FolderCreated, InspectArgs,
    ObjectDetail, SessionIdArgs,
};
use crate::{AppError, ErrorCode};

/// The buckets that a session may list.
pub(crate) async fn list(call: &Call, args: SessionIdArgs) -> Reply<Vec<Bucket>> {
    let store = call.store(&args.id).await?;
    Ok(bucket::list(&store)
        .await?
        .into_iter()
        .map(Bucket::from)
        .collect())
}

/// Looks whether a bucket is there, for whoever may not list buckets.
pub(crate) async fn open(call: &Call, args: BucketArgs) -> Reply<Bucket> {
    let name = BucketName::parse(args.name)?;
    Ok(
        bucket::open_by_name(&call.store(&args.session).await?, &name)
            .await?
            .into(),
    )
}

/// Makes a bucket.
pub(crate) async fn create(call: &Call, args: BucketCreateArgs) -> Reply<()> {
    let name = BucketName::parse(args.name)?;
    let region = args
        .region
        .filter(|region| !region.trim().is_empty())
        .map(Region::new);
    Ok(bucket::create(&call.store(&args.session).await?, &name, region.as_ref()).await?)
}

/// Deletes an empty bucket.
pub(crate) async fn delete(call: &Call, args: BucketArgs) -> Reply<()> {
    let name = BucketName::parse(args.name)?;
    Ok(bucket::delete(&call.store(&args.session).await?, &name).await?)
}

/// Makes the zero-byte object that shows an empty folder, unless the folder is there.
pub(crate) async fn create_folder(call: &Call, args: FolderCreateArgs) -> Reply<FolderCreated> {
    if args.name.is_empty() || args.name.contains('/') || args.name.chars().any(char::is_control) {
        return Err(AppError::new(
            ErrorCode::BadInput,
            format!("“{}” is no name for a folder", args.name.escape_debug()),
        )
        .advise("A name has at least one character, and neither a slash nor a line break"));
    }
    let bucket = BucketName::parse(args.bucket)?;
    let marker = Prefix::new(args.prefix).join(&format!("{}/", args.name))?;
    let store = call.store(&args.session).await?;
    let below = ListRequest {
        bucket: bucket.clone(),
        prefix: Prefix::new(marker.as_str()),
        delimiter: None,
        start_after: None,
        token: None,
        max_keys: 1,
    };
    let exists = || {
        let place = format!("s3://{bucket}/{marker}");
        AppError::new(
            ErrorCode::Conflict,
            format!("There is a folder {place} already"),
        )
    };
    // A folder that only its objects make has no marker to collide with. Who may not list may
    // still look at the marker itself.
    let is_there = match store.list_page(&store.context(), &below).await {
        Ok(page) => Some(!(page.rows.is_empty() && page.undecodable.is_empty())),
        Err(error) if error.kind() == ErrorKind::AccessDenied => {
            is_object(&store, &bucket, &marker).await?
        }
        Err(error) => return Err(error.into()),
    };
    if is_there == Some(true) {
        return Err(exists());
    }
    let mut written = put_marker(&store, &bucket, &marker, WriteCondition::IfAbsent).await;
    // A server that refuses conditions gets it without one: a moment ago nothing was there.
    if is_there == Some(false)
        && written
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Unsupported)
    {
        written = put_marker(&store, &bucket, &marker, WriteCondition::None).await;
    }
    match written {
        Ok(()) => Ok(FolderCreated {
            prefix: marker.into_string(),
        }),
        Err(error) if error.kind() == ErrorKind::Conflict => Err(exists()),
        Err(error) => Err(error.into()),
    }
}

/// Whether an object is there; none for whoever may not look either.
async fn is_object(
    store: &Store,
    bucket: &BucketName,
    key: &ObjectKey,
) -> longshore_engine::Result<Option<bool>> {
    match store.head_object(&store.context(), bucket, key, None).await {
        Ok(_) => Ok(Some(true)),
        Err(error) if error.kind() == ErrorKind::NoSuchKey => Ok(Some(false)),
        Err(error) if error.kind() == ErrorKind::AccessDenied => Ok(None),
        Err(error) => Err(error),
    }
}

async fn put_marker(
    store: &Store,
    bucket: &BucketName,
    key: &ObjectKey,
    condition: WriteCondition,
) -> longshore_engine::Result<()> {
    let empty = Body {
        bytes: Bytes::new(),
        crc64: 0,
    };
    let (context, options) = (store.context(), WriteOptions::default());
    store
        .put_object(&context, bucket, key, &empty, &options, &condition)
        .await?;
    Ok(())
}

/// Everything that the server says about an object without changing it.
pub(crate) async fn inspect(call: &Call, args: InspectArgs) -> Reply<ObjectDetail> {
    let session = SessionId::new(args.session);
    let bucket = BucketName::parse(args.bucket)?;
    let key = ObjectKey::parse(args.key)?;
    let version = args.version_id.map(VersionId::new);
    let engine = &call.router.engine;
    Ok(engine
        .inspect(&session, &bucket, &key, version.as_ref())
        .await?
        .into())
}
