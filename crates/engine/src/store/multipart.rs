//! Multipart uploads: create, parts, complete, abort, and what the server holds of them.
//!
//! Complete is never repeated here: when its answer is missing, only a look at the object tells
//! what became of it, and that is the transfer queue's.

use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{
    ChecksumAlgorithm, ChecksumType, CompletedMultipartUpload, CompletedPart, EncodingType, Part,
};

use crate::capability::Feature;
use crate::error::{ErrorKind, Result};
use crate::model::{BucketName, ETag, ObjectKey, Prefix, UploadId};
use crate::store::attempt::{Call, Pace, Repeat};
use crate::store::checksums::Crc64;
use crate::store::list_wire::decode_url;
use crate::store::root_name::RootName;
use crate::store::write::{conditions, encryption, metadata, storage_class, tagging};
use crate::store::{
    Body, CompleteRequest, OpenUpload, PartReceipt, RequestContext, Store, UploadRef,
    WriteCondition, WriteOptions, WriteReceipt, error_map, timestamp,
};

/// The root of ListParts' answer.
const PARTS_ROOT: RootName = RootName("ListPartsResult");

impl Store {
    /// Begins a multipart upload.
    ///
    /// # Errors
    /// `NoSuchBucket`, `AccessDenied`, `ReadOnlySession`.
    ///
    /// # Cancellation
    /// Dropping it may leave an upload without parts on the server; `list_uploads` finds it.
    pub async fn create_upload(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        key: &ObjectKey,
        options: &WriteOptions,
    ) -> Result<UploadId> {
        let call = Call::write("CreateMultipartUpload", bucket, Repeat::Refused).of(key);
        let call = &call;
        let answer = self
            .with_checksum(ctx, |with_sum| async move {
                self.run(ctx, call, |client| {
                    client
                        .create_multipart_upload()
                        .bucket(ctx.bucket_parameter(bucket))
                        .key(key.as_str())
                        .set_content_type(options.content_type.clone())
                        .set_storage_class(storage_class(options))
                        .set_metadata(metadata(options))
                        .set_tagging(tagging(options))
                        .set_server_side_encryption(encryption(options))
                        .set_ssekms_key_id(options.encryption.key_arn.clone())
                        .set_bucket_key_enabled(options.encryption.bucket_key)
                        .set_checksum_algorithm(with_sum.then_some(ChecksumAlgorithm::Crc64Nvme))
                        .set_checksum_type(with_sum.then_some(ChecksumType::FullObject))
                        .customize()
                        .mutate_request(ctx.object_marks())
                        .send()
                })
                .await
            })
            .await?;
        match answer.upload_id.filter(|id| !id.is_empty()) {
            Some(id) => Ok(UploadId::new(id)),
            None => Err(error_map::unproven(
                call,
                self.connection(),
                "gave no upload id",
            )),
        }
    }

    /// Uploads one part, replacing what was there under its number.
    ///
    /// # Errors
    /// `NoSuchUpload`; `Integrity` when the server's checksum is not ours or there is no ETag.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the part may be there, `list_parts` tells.
    pub async fn upload_part(
        &self,
        ctx: &RequestContext,
        upload: &UploadRef<'_>,
        number: u32,
        body: &Body,
    ) -> Result<PartReceipt> {
        let call = Call::write("UploadPart", upload.bucket, Repeat::Safe).of(upload.key);
        let call = call.at(Pace::of_body(body.bytes.len()));
        let sum = self
            .sends_checksums(ctx)
            .then(|| Crc64::to_base64(body.crc64));
        let unsigned = self.may_leave_payload_unsigned();
        let answer = self
            .run(ctx, &call, |client| {
                let request = client
                    .upload_part()
                    .bucket(ctx.bucket_parameter(upload.bucket))
                    .key(upload.key.as_str())
                    .upload_id(upload.upload_id.as_str())
                    .part_number(i32::try_from(number).unwrap_or(i32::MAX))
                    .body(ByteStream::from(body.bytes.clone()))
                    .set_checksum_crc64_nvme(sum.clone())
                    .customize()
                    .mutate_request(ctx.object_marks());
                if unsigned {
                    request.disable_payload_signing()
                } else {
                    request
                }
                .send()
            })
            .await?;
        let crc64 = answer.checksum_crc64_nvme().and_then(Crc64::from_base64);
        let receipt = self.receive(&call, answer.e_tag(), None, crc64, Some(body.crc64))?;
        let size = body.bytes.len() as u64;
        Ok(PartReceipt {
            number,
            etag: receipt.etag,
            size,
            crc64,
        })
    }

    /// Makes the parts an object.
    ///
    /// # Errors
    /// `Conflict` when the condition does not hold; `NoSuchUpload`; `Integrity` when the answer is
    /// no proof. After `Timeout`, `Offline`, `ServerFault` or `Integrity` the object may be there:
    /// look before anything else.
    ///
    /// # Cancellation
    /// As after `Timeout`: the object may be there.
    pub async fn complete_upload(
        &self,
        ctx: &RequestContext,
        upload: &UploadRef<'_>,
        request: &CompleteRequest,
    ) -> Result<WriteReceipt> {
        let call = Call::write("CompleteMultipartUpload", upload.bucket, Repeat::Never);
        let call = call.of(upload.key).at(Pace::Long);
        let parts = CompletedMultipartUpload::builder()
            .set_parts(Some(request.parts.iter().map(completed).collect()))
            .build();
        let (if_match, if_none_match) = conditions(&request.condition);
        // A server that echoed no sum of a part may refuse one of the whole; without it the caller
        // compares what HeadObject says.
        let echoes = self.capabilities().known(Feature::Crc64Nvme) == Some(true);
        let crc64 = request.crc64.filter(|_| echoes);
        let sum = crc64.map(Crc64::to_base64);
        let size = crc64.and_then(|_| i64::try_from(request.size).ok());
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .complete_multipart_upload()
                    .bucket(ctx.bucket_parameter(upload.bucket))
                    .key(upload.key.as_str())
                    .upload_id(upload.upload_id.as_str())
                    .multipart_upload(parts.clone())
                    .set_checksum_type(sum.as_ref().map(|_| ChecksumType::FullObject))
                    .set_checksum_crc64_nvme(sum.clone())
                    .set_mpu_object_size(size)
                    .set_if_match(if_match.clone())
                    .set_if_none_match(if_none_match.clone())
                    .customize()
                    .mutate_request(ctx.object_marks())
                    .send()
            })
            .await;
        if request.condition != WriteCondition::None {
            self.learn_condition(&answer);
        }
        let answer = answer?;
        let crc64 = answer.checksum_crc64_nvme().and_then(Crc64::from_base64);
        self.receive(
            &call,
            answer.e_tag(),
            answer.version_id(),
            crc64,
            request.crc64,
        )
    }

    /// Throws an upload and its parts away. An upload that is not there is thrown away already.
    ///
    /// # Errors
    /// `AccessDenied`, `ReadOnlySession`, and what keeps the server from answering.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the upload may be gone already.
    pub async fn abort_upload(&self, ctx: &RequestContext, upload: &UploadRef<'_>) -> Result<()> {
        let call = Call::write("AbortMultipartUpload", upload.bucket, Repeat::Safe).of(upload.key);
        let answer = self
            .run(ctx, &call, |client| {
                client
                    .abort_multipart_upload()
                    .bucket(ctx.bucket_parameter(upload.bucket))
                    .key(upload.key.as_str())
                    .upload_id(upload.upload_id.as_str())
                    .customize()
                    .mutate_request(ctx.marks())
                    .send()
            })
            .await;
        match answer {
            Err(error) if error.kind() != ErrorKind::NoSuchUpload => Err(error),
            _ => Ok(()),
        }
    }

    /// All parts that the server holds of an upload, in the order of their numbers.
    ///
    /// # Errors
    /// `NoSuchUpload` when it was completed, aborted or expired; `Unsupported`.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn list_parts(
        &self,
        ctx: &RequestContext,
        upload: &UploadRef<'_>,
    ) -> Result<Vec<PartReceipt>> {
        let call = Call::read("ListParts", Some(upload.bucket)).of(upload.key);
        let call = call.at(Pace::Page);
        let (mut parts, mut marker) = (Vec::new(), None::<String>);
        loop {
            let answer = self
                .run(ctx, &call, |client| {
                    client
                        .list_parts()
                        .bucket(ctx.bucket_parameter(upload.bucket))
                        .key(upload.key.as_str())
                        .upload_id(upload.upload_id.as_str())
                        .set_part_number_marker(marker.clone())
                        .customize()
                        .mutate_request(ctx.object_marks())
                        .mutate_request(|request| request.add_extension(PARTS_ROOT))
                        .send()
                })
                .await;
            self.learn_from(Feature::ListParts, &answer);
            let answer = answer?;
            parts.extend(answer.parts.unwrap_or_default());
            if answer.is_truncated != Some(true) {
                return Ok(latest(parts));
            }
            let next = answer
                .next_part_number_marker
                .filter(|next| !next.is_empty());
            if next.is_none() || next == marker {
                let what = "its list of parts leads nowhere";
                return Err(error_map::unproven(&call, self.connection(), what));
            }
            marker = next;
        }
    }

    /// All unfinished uploads below a prefix.
    ///
    /// # Errors
    /// `NoSuchBucket`, `AccessDenied`, `Unsupported`.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn list_uploads(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        prefix: &Prefix,
    ) -> Result<Vec<OpenUpload>> {
        match self.uploads(ctx, bucket, prefix, None).await {
            // A key that XML cannot carry spoils the whole answer, unless it comes encoded. That is
            // asked for second, since servers say "encoded" of keys that are not.
            Err(error) if error.kind() == ErrorKind::NotS3 => {
                self.uploads(ctx, bucket, prefix, Some(EncodingType::Url))
                    .await
            }
            answer => answer,
        }
    }

    async fn uploads(
        &self,
        ctx: &RequestContext,
        bucket: &BucketName,
        prefix: &Prefix,
        encoding: Option<EncodingType>,
    ) -> Result<Vec<OpenUpload>> {
        let call = Call::read("ListMultipartUploads", Some(bucket));
        let (mut uploads, mut marker) = (Vec::new(), (None::<String>, None::<String>));
        loop {
            let answer = self
                .run(ctx, &call, |client| {
                    client
                        .list_multipart_uploads()
                        .bucket(ctx.bucket_parameter(bucket))
                        .set_prefix(Some(prefix.as_str().to_owned()).filter(|p| !p.is_empty()))
                        .set_encoding_type(encoding.clone())
                        .set_key_marker(marker.0.clone())
                        .set_upload_id_marker(marker.1.clone())
                        .customize()
                        .mutate_request(ctx.marks())
                        .send()
                })
                .await;
            self.learn_from(Feature::ListUploads, &answer);
            let answer = answer?;
            let is_encoded = encoding.is_some() && answer.encoding_type == Some(EncodingType::Url);
            let page = answer.uploads.unwrap_or_default();
            uploads.extend(
                page.into_iter()
                    .filter_map(|upload| open(upload, is_encoded)),
            );
            if answer.is_truncated != Some(true) {
                return Ok(uploads);
            }
            let key = answer
                .next_key_marker
                .and_then(|key| plain(key, is_encoded));
            let next = (key, answer.next_upload_id_marker);
            if next.0.is_none() || next == marker {
                let what = "its list of uploads leads nowhere";
                return Err(error_map::unproven(&call, self.connection(), what));
            }
            marker = next;
        }
    }
}

fn completed(part: &PartReceipt) -> CompletedPart {
    CompletedPart::builder()
        .part_number(i32::try_from(part.number).unwrap_or(i32::MAX))
        .e_tag(part.etag.quoted())
        .build()
}

/// The parts by number. A server may list what a part was before it was replaced, too: the latest
/// counts. Of two that are of the same time neither is known to be there, and the part is sent
/// again.
fn latest(mut parts: Vec<Part>) -> Vec<PartReceipt> {
    parts.sort_by_key(|part| (part.part_number, part.last_modified));
    let of_one_number = parts.chunk_by(|a, b| a.part_number == b.part_number);
    of_one_number
        .filter_map(|parts| match parts {
            [.., before, last] if before.last_modified == last.last_modified => None,
            [.., last] => receipt(last),
            [] => None,
        })
        .collect()
}

/// A part that lacks number, ETag or size proves nothing and is left out: it is sent again.
fn receipt(part: &Part) -> Option<PartReceipt> {
    Some(PartReceipt {
        number: u32::try_from(part.part_number?).ok()?,
        etag: ETag::from_header(part.e_tag.as_deref()?)?,
        size: u64::try_from(part.size?).ok()?,
        crc64: part
            .checksum_crc64_nvme
            .as_deref()
            .and_then(Crc64::from_base64),
    })
}

fn open(upload: aws_sdk_s3::types::MultipartUpload, is_encoded: bool) -> Option<OpenUpload> {
    Some(OpenUpload {
        key: ObjectKey::parse(plain(upload.key?, is_encoded)?).ok()?,
        upload_id: UploadId::new(upload.upload_id?),
        initiated: upload.initiated.as_ref().map(timestamp),
    })
}

fn plain(key: String, is_encoded: bool) -> Option<String> {
    if !is_encoded {
        return Some(key);
    }
    let mut decoded = String::new();
    decode_url(key.as_bytes(), &mut decoded).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::DateTime;

    use super::*;

    fn part(number: i32, etag: &str, second: i64) -> Part {
        Part::builder()
            .part_number(number)
            .e_tag(etag)
            .size(1)
            .last_modified(DateTime::from_secs(second))
            .build()
    }

    #[test]
    fn of_a_part_that_is_listed_twice_the_latest_counts_if_there_is_one() {
        let listed = vec![
            part(2, "new", 20),
            part(1, "only", 5),
            part(2, "old", 10),
            part(3, "either", 7),
            part(3, "or", 7),
        ];
        let kept: Vec<_> = latest(listed)
            .into_iter()
            .map(|p| (p.number, p.etag.to_string()))
            .collect();
        let expected = [(1, "only".to_owned()), (2, "new".to_owned())];
        assert_eq!(
            kept, expected,
            "what is not known to be there is sent again"
        );
    }
}
