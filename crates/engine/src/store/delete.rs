//! Deleting objects and versions, one by one or a thousand at a time.

use std::collections::HashMap;

use aws_sdk_s3::operation::delete_objects::DeleteObjectsOutput;
use aws_sdk_s3::operation::{RequestId, RequestIdExt};
use aws_sdk_s3::types::{Delete, ObjectIdentifier};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use futures_util::StreamExt;
use md5::{Digest, Md5};

use crate::capability::Feature;
use crate::error::{Error, ErrorKind, Result, ServerWords, Subject};
use crate::model::{BucketName, ETag, ObjectKey, VersionId};
use crate::store::attempt::{Call, Repeat};
use crate::store::{DeleteOutcome, RequestContext, Store, error_map};

/// S3 takes at most this many keys in a request.
const KEYS_A_REQUEST: usize = 1000;
/// Single deletes at a time where there is no batch.
const SINGLES_AT_ONCE: usize = 16;

type Target = (ObjectKey, Option<VersionId>);

impl Store {
    /// Deletes an object (in a versioned bucket: lays a delete marker) or one of its versions.
    ///
    /// # Errors
    /// `Conflict` when it has another ETag than asked for; `AccessDenied`; `ReadOnlySession`.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the object may be deleted already.
    pub async fn delete_object(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&VersionId>,
        if_match: Option<&ETag>,
    ) -> Result<()> {
        let repeat = if if_match.is_some() {
            Repeat::Refused
        } else {
            Repeat::Safe
        };
        let call = Call::write("DeleteObject", bucket, repeat).of(key);
        self.run(ctx, &call, |client| {
            client
                .delete_object()
                .bucket(ctx.bucket_parameter(bucket))
                .key(key.as_str())
                .set_version_id(version.map(|id| id.as_str().to_owned()))
                .set_if_match(if_match.map(ETag::quoted))
                .customize()
                .mutate_request(ctx.marks())
                .send()
        })
        .await?;
        Ok(())
    }

    /// Deletes up to 1000 keys or versions and says of each how it ended, in the same order. Keys
    /// that XML cannot carry go in requests of their own, as all do where the server has no batch.
    ///
    /// # Errors
    /// What keeps the whole request from being answered; then nothing is known of any key.
    /// `InvalidInput` for more than 1000 keys.
    ///
    /// # Cancellation
    /// Dropping it drops the requests; any of the keys may be deleted already.
    pub async fn delete_objects(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        keys: &[(ObjectKey, Option<VersionId>)],
    ) -> Result<Vec<DeleteOutcome>> {
        if keys.len() > KEYS_A_REQUEST {
            let why = format!("{} keys are more than one request deletes", keys.len());
            return Err(Error::new(ErrorKind::InvalidInput, "DeleteObjects", why));
        }
        let no_batch = self.capabilities().known(Feature::DeleteObjects) == Some(false);
        let (batch, singles): (Vec<_>, Vec<_>) = keys
            .iter()
            .partition(|(key, _)| !no_batch && fits_xml(key.as_str()));
        let mut ended = HashMap::new();
        if !batch.is_empty() {
            match self.delete_batch(ctx, bucket, &batch).await {
                Ok(outcomes) => ended.extend(outcomes),
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    self.capabilities().learn(Feature::DeleteObjects, false);
                    ended.extend(self.delete_singly(ctx, bucket, &batch).await);
                }
                Err(error) => return Err(error),
            }
        }
        ended.extend(self.delete_singly(ctx, bucket, &singles).await);
        Ok(keys
            .iter()
            .map(|target| outcome(bucket, target, ended.remove(target)))
            .collect())
    }

    async fn delete_batch(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        targets: &[&Target],
    ) -> Result<HashMap<Target, Result<()>>> {
        let call = Call::write("DeleteObjects", bucket, Repeat::Safe);
        let identifiers = targets.iter().map(|(key, version)| {
            ObjectIdentifier::builder()
                .key(key.as_str())
                .set_version_id(version.as_ref().map(|id| id.as_str().to_owned()))
                .build()
        });
        let delete = identifiers
            .collect::<std::result::Result<Vec<_>, _>>()
            .and_then(|objects| Delete::builder().set_objects(Some(objects)).build())
            .map_err(|e| {
                Error::new(
                    ErrorKind::Internal,
                    "DeleteObjects",
                    "The request is incomplete",
                )
                .caused_by(e)
            })?;
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .delete_objects()
                    .bucket(ctx.bucket_parameter(bucket))
                    .delete(delete.clone())
                    .customize()
                    .mutate_request(ctx.marks())
                    .mutate_request(add_md5)
                    .send()
            })
            .await?;
        self.capabilities().learn(Feature::DeleteObjects, true);
        Ok(self.read_outcomes(bucket, answer))
    }

    async fn delete_singly(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        targets: &[&Target],
    ) -> HashMap<Target, Result<()>> {
        let singles = targets.iter().map(|target| async move {
            let (key, version) = *target;
            let result = self
                .delete_object(ctx, bucket, key, version.as_ref(), None)
                .await;
            ((*target).clone(), result)
        });
        // Collected first: a stream over borrowing closures is not `Send` for every lifetime.
        let singles: Vec<_> = singles.collect();
        futures_util::stream::iter(singles)
            .buffer_unordered(SINGLES_AT_ONCE)
            .collect()
            .await
    }
}

impl Store {
    fn read_outcomes(
        &self,
        bucket: &BucketName,
        answer: DeleteObjectsOutput,
    ) -> HashMap<Target, Result<()>> {
        let target = |key: Option<String>, version: Option<String>| {
            let key = ObjectKey::parse(key?).ok()?;
            Some((key, version.filter(|id| !id.is_empty()).map(VersionId::new)))
        };
        let said = ServerWords {
            request_id: answer.request_id().map(str::to_owned),
            extended_request_id: answer.extended_request_id().map(str::to_owned),
            ..ServerWords::default()
        };
        let mut ended = HashMap::new();
        for deleted in answer.deleted.unwrap_or_default() {
            if let Some(target) = target(deleted.key, deleted.version_id) {
                ended.insert(target, Ok(()));
            }
        }
        for failed in answer.errors.unwrap_or_default() {
            let Some(target) = target(failed.key, failed.version_id) else {
                continue;
            };
            // What is not there is deleted.
            let is_gone = matches!(failed.code.as_deref(), Some("NoSuchKey" | "NoSuchVersion"));
            let result = if is_gone {
                Ok(())
            } else {
                let call = Call::write("DeleteObjects", bucket, Repeat::Safe).of(&target.0);
                let server = ServerWords {
                    code: failed.code,
                    message: failed.message,
                    ..said.clone()
                };
                Err(error_map::refused_in_batch(
                    &call,
                    self.connection(),
                    server,
                ))
            };
            ended.insert(target, result);
        }
        ended
    }
}

/// Older servers know only MD5 for the one operation in which S3 demands a checksum.
fn add_md5(request: &mut HttpRequest) {
    let Some(body) = request.body().bytes() else {
        return;
    };
    let sum = aws_smithy_types::base64::encode(Md5::digest(body));
    request.headers_mut().insert("content-md5", sum);
}

/// XML 1.0 has no way to write most control characters, and parsers fold some that it has.
fn fits_xml(key: &str) -> bool {
    !key.chars()
        .any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

fn outcome(bucket: &BucketName, target: &Target, ended: Option<Result<()>>) -> DeleteOutcome {
    let (key, version_id) = target.clone();
    let result = ended.unwrap_or_else(|| {
        let why = format!("The server did not say whether it deleted s3://{bucket}/{key}");
        Err(Error::new(ErrorKind::ServerFault, "DeleteObjects", why)
            .about(Subject::Object(bucket.clone(), key.clone()))
            .advise("List the folder again to see whether it is still there"))
    });
    DeleteOutcome {
        key,
        version_id,
        result,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_xml_cannot_carry_are_told_apart() {
        for plain in ["a/b.txt", "ü", "a&b<c>", "emoji 🚢", "a//b"] {
            assert!(fits_xml(plain), "“{plain}” can be escaped");
        }
        for odd in ["a\u{1}b", "a\nb", "a\rb", "\u{7f}", "\u{fffe}"] {
            assert!(
                !fits_xml(odd),
                "“{}” would arrive as another key",
                odd.escape_debug()
            );
        }
    }

    #[test]
    fn a_key_of_which_nothing_is_said_is_not_taken_for_deleted() {
        let bucket = BucketName::parse("b").unwrap();
        let target = (ObjectKey::parse("k").unwrap(), None);
        assert!(
            outcome(&bucket, &target, None).result.is_err(),
            "silence is no proof"
        );
    }
}
