//! Reading objects: properties, tags, access list, bytes.

use std::collections::BTreeMap;

use crate::capability::Feature;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BucketName, ETag, ObjectKey, VersionId};
use crate::object::Grant;
use crate::store::attempt::Call;
use crate::store::{
    ByteRange, GetRequest, GetStream, ObjectHead, RequestContext, Store, error_map, head,
};

impl Store {
    /// What the server says about an object, with its checksums.
    ///
    /// # Errors
    /// `NoSuchKey` (a delete marker stands for one), `AccessDenied`; `NotS3` when the answer has
    /// neither an ETag nor any header of S3.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn head_object(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&VersionId>,
    ) -> Result<ObjectHead> {
        let call = Call::read("HeadObject", Some(bucket)).of(key);
        let name = ctx.bucket_parameter(bucket);
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .head_object()
                    .bucket(&name)
                    .key(key.as_str())
                    .set_version_id(version.map(|id| id.as_str().to_owned()))
                    .customize()
                    .mutate_request(ctx.object_marks())
                    .mutate_request(ask_for_checksums)
                    .send()
            })
            .await?;
        let head = head::of_head(&answer);
        if head.etag.is_none() && answer.last_modified.is_none() {
            return Err(error_map::not_s3_object(&call, self.connection()));
        }
        Ok(head)
    }

    /// The tags of an object.
    ///
    /// # Errors
    /// `AccessDenied`, `Unsupported`, `NoSuchKey`.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn object_tags(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&VersionId>,
    ) -> Result<BTreeMap<String, String>> {
        let call = Call::read("GetObjectTagging", Some(bucket)).of(key);
        let name = ctx.bucket_parameter(bucket);
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .get_object_tagging()
                    .bucket(&name)
                    .key(key.as_str())
                    .set_version_id(version.map(|id| id.as_str().to_owned()))
                    .customize()
                    .mutate_request(ctx.marks())
                    .send()
            })
            .await;
        self.learn_from(Feature::Tags, &answer);
        Ok(answer?
            .tag_set
            .into_iter()
            .map(|tag| (tag.key, tag.value))
            .collect())
    }

    /// The grants of an object's access list.
    ///
    /// # Errors
    /// `AccessDenied`, `Unsupported`, `NoSuchKey`.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn object_grants(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&VersionId>,
    ) -> Result<Vec<Grant>> {
        let call = Call::read("GetObjectAcl", Some(bucket)).of(key);
        let name = ctx.bucket_parameter(bucket);
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .get_object_acl()
                    .bucket(&name)
                    .key(key.as_str())
                    .set_version_id(version.map(|id| id.as_str().to_owned()))
                    .customize()
                    .mutate_request(ctx.marks())
                    .send()
            })
            .await;
        self.learn_from(Feature::Acl, &answer);
        Ok(answer?
            .grants
            .unwrap_or_default()
            .into_iter()
            .filter_map(grant)
            .collect())
    }

    /// Begins to download an object or a range of it.
    ///
    /// # Errors
    /// `NoSuchKey`, `AccessDenied`; `Conflict` when the object has another ETag than asked for;
    /// `Unsupported` when the server ignores the range.
    ///
    /// # Cancellation
    /// Dropping the future or the stream drops the connection's use.
    pub async fn get_object(
        &self,
        ctx: &RequestContext,
        request: &GetRequest,
    ) -> Result<GetStream> {
        let call = Call::read("GetObject", Some(&request.bucket)).of(&request.key);
        let range = request.range.map(header_of_range).transpose()?;
        let name = ctx.bucket_parameter(&request.bucket);
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .get_object()
                    .bucket(&name)
                    .key(request.key.as_str())
                    .set_version_id(request.version.as_ref().map(|id| id.as_str().to_owned()))
                    .set_range(range.clone())
                    .set_if_match(request.if_match.as_ref().map(ETag::quoted))
                    .customize()
                    .mutate_request(ctx.object_marks())
                    .mutate_request(ask_for_checksums)
                    .send()
            })
            .await?;
        let head = head::of_get(&answer);
        if head.etag.is_none() && answer.last_modified.is_none() {
            return Err(error_map::not_s3_object(&call, self.connection()));
        }
        GetStream::begin(
            self.clone(),
            request,
            head,
            answer.content_range.as_deref(),
            answer.body,
        )
    }

    /// Remembers whether a question is one that the server knows.
    pub(super) fn learn_from<T>(&self, feature: Feature, answer: &Result<T>) {
        match answer {
            Ok(_) => self.capabilities().learn(feature, true),
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                self.capabilities().learn(feature, false);
            }
            Err(_) => {}
        }
    }
}

/// Asks for the stored checksums without the SDK's own verification, which would hash a second
/// time what the caller hashes anyway.
fn ask_for_checksums(request: &mut aws_smithy_runtime_api::client::orchestrator::HttpRequest) {
    request
        .headers_mut()
        .insert("x-amz-checksum-mode", "ENABLED");
}

fn header_of_range(range: ByteRange) -> Result<String> {
    if range.start >= range.end {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "GetObject",
            format!("Bytes {} to {} are no range", range.start, range.end),
        ));
    }
    Ok(format!("bytes={}-{}", range.start, range.end - 1))
}

fn grant(grant: aws_sdk_s3::types::Grant) -> Option<Grant> {
    let grantee = grant.grantee?;
    let name = grantee
        .uri
        .or(grantee.display_name)
        .or(grantee.email_address)
        .or(grantee.id);
    Some(Grant {
        grantee: name?,
        kind: grantee.r#type.as_str().to_owned(),
        permission: grant.permission?.as_str().to_owned(),
    })
}
