//! Writing whole objects: PutObject and CopyObject.
//!
//! A write is believed only as far as it proves itself: 2xx with an ETag, and a checksum that,
//! where the server gives one, equals ours.

use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ServerSideEncryption, StorageClass};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::capability::Feature;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{BucketName, ETag, ObjectKey, VersionId};
use crate::store::attempt::{Call, Pace, Repeat};
use crate::store::checksums::Crc64;
use crate::store::{
    Body, ChecksumPolicy, CopyRequest, RequestContext, Store, WriteCondition, WriteOptions,
    WriteReceipt, error_map,
};

/// What a copy's source may hold unescaped in its header.
const COPY_SOURCE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

impl Store {
    /// Writes a whole object.
    ///
    /// # Errors
    /// `Conflict` when the condition does not hold; `Integrity` when the server's checksum is not
    /// ours or the answer proves nothing; `ReadOnlySession` before anything is sent.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the object is the old one or the new one.
    pub async fn put_object(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        key: &ObjectKey,
        body: &Body,
        options: &WriteOptions,
        condition: &WriteCondition,
    ) -> Result<WriteReceipt> {
        // A condition that holds for the first attempt no longer does for the second.
        let repeat = match condition {
            WriteCondition::None => Repeat::Safe,
            _ => Repeat::Refused,
        };
        let call = Call::write("PutObject", bucket, repeat).of(key);
        let call = call.at(Pace::of_body(body.bytes.len()));
        let put = Put {
            store: self,
            ctx,
            call,
            body,
            options,
            condition,
        };
        let answer = self.with_checksum(ctx, |sum| put.send(sum)).await;
        if *condition != WriteCondition::None {
            self.learn_condition(&answer);
        }
        let answer = answer?;
        let crc64 = answer.checksum_crc64_nvme().and_then(Crc64::from_base64);
        self.receive(
            &call,
            answer.e_tag(),
            answer.version_id(),
            crc64,
            Some(body.crc64),
        )
    }

    /// Copies an object of up to 5 GiB on the server; metadata and tags go along.
    ///
    /// # Errors
    /// `Conflict` when the source was changed or the condition does not hold; `NoSuchKey`.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the server may still carry the copy out.
    pub async fn copy_object(
        &self,
        ctx: &RequestContext,
        request: &CopyRequest,
    ) -> Result<WriteReceipt> {
        let repeat = match request.condition {
            WriteCondition::None => Repeat::Safe,
            _ => Repeat::Refused,
        };
        let call = Call::write("CopyObject", &request.bucket, repeat).of(&request.to);
        let call = call.at(Pace::Long);
        let source = copy_source(&ctx.bucket_parameter(&request.bucket), request);
        let (if_match, if_none_match) = conditions(&request.condition);
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .copy_object()
                    .bucket(ctx.bucket_parameter(&request.bucket))
                    .key(request.to.as_str())
                    .copy_source(&source)
                    .set_copy_source_if_match(request.from_etag.as_ref().map(ETag::quoted))
                    .set_if_match(if_match.clone())
                    .set_if_none_match(if_none_match.clone())
                    .customize()
                    .mutate_request(ctx.object_marks())
                    .send()
            })
            .await?;
        let result = answer.copy_object_result();
        let crc64 = result
            .and_then(|r| r.checksum_crc64_nvme())
            .and_then(Crc64::from_base64);
        let etag = result.and_then(|result| result.e_tag());
        self.receive(&call, etag, answer.version_id(), crc64, None)
    }

    /// Sends with a checksum where the connection is not known to refuse it, and once more without
    /// when it does. The refusal is remembered only if that was indeed what the server minded.
    pub(super) async fn with_checksum<T, F, Fut>(&self, ctx: &RequestContext, send: F) -> Result<T>
    where
        F: Fn(bool) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        if !self.sends_checksums(ctx) {
            return send(false).await;
        }
        match send(true).await {
            Err(error) if may_refuse_checksums(&error) => {
                let answer = send(false).await?;
                self.capabilities().learn(Feature::Crc64Nvme, false);
                Ok(answer)
            }
            answer => answer,
        }
    }

    /// Whether requests of a context carry CRC64NVME.
    pub(super) fn sends_checksums(&self, ctx: &RequestContext) -> bool {
        ctx.checksums == ChecksumPolicy::WhenSupported
            && self.capabilities().known(Feature::Crc64Nvme) != Some(false)
    }

    /// Takes an answer for a finished write, if it proves to be one.
    pub(super) fn receive(
        &self,
        call: &Call<'_>,
        etag: Option<&str>,
        version: Option<&str>,
        theirs: Option<u64>,
        ours: Option<u64>,
    ) -> Result<WriteReceipt> {
        let Some(etag) = etag.and_then(ETag::from_header) else {
            return Err(error_map::unproven(call, self.connection(), "gave no ETag"));
        };
        if let (Some(theirs), Some(ours)) = (theirs, ours) {
            if theirs != ours {
                let what = "its checksum is not that of the bytes which were sent";
                return Err(error_map::unproven(call, self.connection(), what));
            }
            self.capabilities().learn(Feature::Crc64Nvme, true);
        }
        let version_id = version.filter(|id| !id.is_empty()).map(VersionId::new);
        Ok(WriteReceipt {
            etag,
            version_id,
            crc64: theirs,
        })
    }

    /// A refused condition proves that conditions are looked at.
    pub(super) fn learn_condition<T>(&self, answer: &Result<T>) {
        match answer {
            Err(error) if error.server().status == Some(412) => {
                self.capabilities().learn(Feature::ConditionalWrite, true);
            }
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                self.capabilities().learn(Feature::ConditionalWrite, false);
            }
            _ => {}
        }
    }
}

/// One PutObject, ready to be sent with or without a checksum.
struct Put<'a> {
    store: &'a Store,
    ctx: &'a RequestContext,
    call: Call<'a>,
    body: &'a Body,
    options: &'a WriteOptions,
    condition: &'a WriteCondition,
}

impl Put<'_> {
    async fn send(
        &self,
        with_sum: bool,
    ) -> Result<aws_sdk_s3::operation::put_object::PutObjectOutput> {
        let (if_match, if_none_match) = conditions(self.condition);
        let sum = with_sum.then(|| Crc64::to_base64(self.body.crc64));
        let unsigned = self.store.may_leave_payload_unsigned();
        self.store
            .run(self.ctx, &self.call, |client| {
                let request = client
                    .put_object()
                    .set_bucket(self.call.bucket.map(|b| self.ctx.bucket_parameter(b)))
                    .set_key(self.call.key.map(|key| key.as_str().to_owned()))
                    .body(ByteStream::from(self.body.bytes.clone()))
                    .set_checksum_crc64_nvme(sum.clone())
                    .set_if_match(if_match.clone())
                    .set_if_none_match(if_none_match.clone());
                let request = apply(self.options, request).customize();
                let request = request.mutate_request(self.ctx.object_marks());
                if unsigned {
                    request.disable_payload_signing()
                } else {
                    request
                }
                .send()
            })
            .await
    }
}

fn apply(options: &WriteOptions, request: PutObjectFluentBuilder) -> PutObjectFluentBuilder {
    request
        .set_content_type(options.content_type.clone())
        .set_storage_class(storage_class(options))
        .set_metadata(metadata(options))
        .set_tagging(tagging(options))
        .set_server_side_encryption(encryption(options))
        .set_ssekms_key_id(options.encryption.key_arn.clone())
        .set_bucket_key_enabled(options.encryption.bucket_key)
}

pub(super) fn storage_class(options: &WriteOptions) -> Option<StorageClass> {
    options.storage_class.as_deref().map(StorageClass::from)
}

pub(super) fn encryption(options: &WriteOptions) -> Option<ServerSideEncryption> {
    options
        .encryption
        .kind
        .as_deref()
        .filter(|k| *k != "SSE-C")
        .map(ServerSideEncryption::from)
}

pub(super) fn metadata(
    options: &WriteOptions,
) -> Option<std::collections::HashMap<String, String>> {
    let pairs = options
        .metadata
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()));
    (!options.metadata.is_empty()).then(|| pairs.collect())
}

/// Tags as the header carries them: a query.
pub(super) fn tagging(options: &WriteOptions) -> Option<String> {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let pairs: Vec<_> = options
        .tags
        .iter()
        .map(|(k, v)| format!("{}={}", encode(k), encode(v)))
        .collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// The headers `If-Match` and `If-None-Match` of a condition.
pub(super) fn conditions(condition: &WriteCondition) -> (Option<String>, Option<String>) {
    match condition {
        WriteCondition::None => (None, None),
        WriteCondition::IfAbsent => (None, Some("*".to_owned())),
        WriteCondition::IfMatch(tag) => (Some(tag.quoted()), None),
    }
}

fn copy_source(bucket: &str, request: &CopyRequest) -> String {
    let key = utf8_percent_encode(request.from.as_str(), COPY_SOURCE);
    match &request.from_version {
        Some(version) => {
            let version = utf8_percent_encode(version.as_str(), NON_ALPHANUMERIC);
            format!("{bucket}/{key}?versionId={version}")
        }
        None => format!("{bucket}/{key}"),
    }
}

/// Whether a refusal can be about a checksum header: servers say "not implemented", or call the
/// header an invalid argument. A wrong checksum is another thing and never sent again without one.
fn may_refuse_checksums(error: &Error) -> bool {
    let server = error.server();
    let says_so = |text: &Option<String>| {
        text.as_deref()
            .is_some_and(|text| text.to_ascii_lowercase().contains("checksum"))
    };
    match error.kind() {
        ErrorKind::Unsupported => server.status == Some(501),
        ErrorKind::InvalidInput => {
            matches!(
                server.code.as_deref(),
                Some("InvalidArgument" | "InvalidRequest" | "NotImplemented" | "MalformedXML")
            ) && (says_so(&server.message) || says_so(&server.code))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_source_keeps_slashes_and_escapes_all_else() {
        let request = CopyRequest {
            bucket: BucketName::parse("b").unwrap(),
            from: ObjectKey::parse("a//b c+ü?&").unwrap(),
            from_version: Some(VersionId::new("v=1")),
            from_etag: None,
            to: ObjectKey::parse("t").unwrap(),
            condition: WriteCondition::None,
        };
        assert_eq!(
            copy_source("b", &request),
            "b/a//b%20c%2B%C3%BC%3F%26?versionId=v%3D1",
            "only the separators of the header itself stay as they are"
        );
    }

    #[test]
    fn tags_are_a_query() {
        let tags = [
            ("a b".to_owned(), "1&2".to_owned()),
            ("c".to_owned(), String::new()),
        ];
        let options = WriteOptions {
            tags: tags.into(),
            ..WriteOptions::default()
        };
        assert_eq!(
            tagging(&options).as_deref(),
            Some("a%20b=1%262&c="),
            "both sides are encoded"
        );
    }
}
