//! Bucket operations: list, create, delete, open, versioning.

use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration, EncodingType,
};

use crate::capability::Feature;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BucketName, Region};
use crate::store::attempt::{Call, Repeat};
use crate::store::root_name::RootName;
use crate::store::{BucketEntry, BucketPage, RequestContext, Store, error_map, timestamp};

/// Buckets a page; more than most accounts have, few enough for a quick answer.
const BUCKETS_A_PAGE: i32 = 1000;
/// The region that must not be named when a bucket is created in it.
const UNNAMED_REGION: &str = "us-east-1";

/// The root of GetBucketVersioning's answer.
const VERSIONING_ROOT: RootName = RootName("VersioningConfiguration");

impl Store {
    /// One page of the buckets that the session may see.
    ///
    /// # Errors
    /// `AccessDenied` when it may not list them: single buckets can still be opened by name.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn list_buckets(
        &self,
        ctx: &RequestContext,
        token: Option<&str>,
    ) -> Result<BucketPage> {
        let call = Call::read("ListBuckets", None);
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .list_buckets()
                    .max_buckets(BUCKETS_A_PAGE)
                    .set_continuation_token(token.map(str::to_owned))
                    .send()
            })
            .await?;
        let next = answer.continuation_token.filter(|next| !next.is_empty());
        if next.is_some() && next.as_deref() == token {
            let what = "its next page of buckets is the same page again";
            return Err(error_map::unproven(&call, self.connection(), what));
        }
        let mut buckets = Vec::new();
        for bucket in answer.buckets.unwrap_or_default() {
            let Ok(name) = BucketName::parse(bucket.name.unwrap_or_default()) else {
                continue;
            };
            let region = bucket
                .bucket_region
                .filter(|text| !text.is_empty())
                .map(Region::new);
            if let Some(region) = &region {
                self.regions().learn(&name, region);
            }
            let created = bucket.creation_date.as_ref().map(timestamp);
            buckets.push(BucketEntry {
                name,
                created,
                region,
            });
        }
        Ok(BucketPage { buckets, next })
    }

    /// Creates a bucket in a region, the connection's when none is named.
    ///
    /// # Errors
    /// `BucketExists`; `InvalidInput` for a name that the server refuses.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the bucket may be created already.
    pub async fn create_bucket(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        region: Option<&Region>,
    ) -> Result<()> {
        let region = region.unwrap_or(&self.connection().region).clone();
        if self.connection().endpoint_url.is_none() {
            // AWS takes a bucket only at the endpoint of its own region.
            self.regions().learn(bucket, &region);
        }
        let named = (region.as_str() != UNNAMED_REGION).then(|| {
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(region.as_str()))
                .build()
        });
        let call = Call::write("CreateBucket", bucket, Repeat::Refused);
        self.run(ctx, &call, |client| {
            client
                .create_bucket()
                .bucket(bucket.as_str())
                .set_create_bucket_configuration(named.clone())
                .send()
        })
        .await?;
        Ok(())
    }

    /// Deletes a bucket. Not every server refuses to delete one with objects in it: look first, as
    /// [`crate::bucket::delete`] does.
    ///
    /// # Errors
    /// `BucketNotEmpty`, `NoSuchBucket`, `AccessDenied`.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the bucket may be deleted already.
    pub async fn delete_bucket(&self, ctx: &RequestContext, bucket: &BucketName) -> Result<()> {
        let call = Call::write("DeleteBucket", bucket, Repeat::Refused);
        self.run(ctx, &call, |client| {
            let request = client.delete_bucket().bucket(bucket.as_str());
            request.customize().mutate_request(ctx.marks()).send()
        })
        .await?;
        Ok(())
    }

    /// Whether a bucket holds any version or delete marker.
    ///
    /// # Errors
    /// `NoSuchBucket`, `AccessDenied`, `Unsupported`.
    pub(crate) async fn holds_versions(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
    ) -> Result<bool> {
        let call = Call::read("ListObjectVersions", Some(bucket));
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .list_object_versions()
                    .bucket(ctx.bucket_parameter(bucket))
                    .max_keys(1)
                    .encoding_type(EncodingType::Url)
                    .customize()
                    .mutate_request(ctx.marks())
                    .send()
            })
            .await?;
        Ok(!answer.versions().is_empty() || !answer.delete_markers().is_empty())
    }

    /// Asks whether a bucket is there and where.
    ///
    /// # Errors
    /// `NoSuchBucket`, `AccessDenied`; `NotS3` when nothing says that an S3 server answered.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn head_bucket(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
    ) -> Result<BucketEntry> {
        let call = Call::read("HeadBucket", Some(bucket));
        let name = ctx.bucket_parameter(bucket);
        let answer = self
            .run(ctx, &call, |client| {
                let request = client.head_bucket().bucket(&name);
                request.customize().mutate_request(ctx.marks()).send()
            })
            .await?;
        let region = answer
            .bucket_region
            .filter(|text| !text.is_empty())
            .map(Region::new);
        if let Some(region) = &region {
            self.regions().learn(bucket, region);
        }
        Ok(BucketEntry {
            name: bucket.clone(),
            created: None,
            region,
        })
    }

    /// Whether new versions are kept: on, off or suspended, or none when the server does not tell.
    ///
    /// # Errors
    /// `NoSuchBucket` and whatever keeps the question from being answered; not being allowed to ask
    /// is an answer of none.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn versioning(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
    ) -> Result<Option<bool>> {
        let call = Call::read("GetBucketVersioning", Some(bucket));
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .get_bucket_versioning()
                    .bucket(ctx.bucket_parameter(bucket))
                    .customize()
                    .mutate_request(ctx.marks())
                    .mutate_request(|request| request.add_extension(VERSIONING_ROOT))
                    .send()
            })
            .await;
        match answer {
            Ok(answer) => {
                self.capabilities().learn(Feature::Versioning, true);
                Ok(Some(answer.status == Some(BucketVersioningStatus::Enabled)))
            }
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                self.capabilities().learn(Feature::Versioning, false);
                Ok(None)
            }
            Err(error) if cannot_tell(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

fn cannot_tell(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AccessDenied | ErrorKind::InvalidInput
    )
}
