//! Multipart uploads: the whole way, with what the server holds in between.

use longshore_engine::ErrorKind;
use longshore_engine::model::{BucketName, ObjectKey, Prefix, UploadId};
use longshore_engine::store::{
    Body, CompleteRequest, Crc64, PartReceipt, UploadRef, WriteCondition, WriteOptions,
};

use crate::ground::{Ground, all, body, key};
use crate::objects::whole;

on_each_server!(
    parts_become_an_object_with_the_bytes_in_order,
    the_server_lists_the_parts_that_it_holds,
    a_part_is_replaced_under_its_number,
    an_aborted_upload_is_gone_and_may_be_aborted_again,
    open_uploads_are_found_below_a_prefix,
    an_upload_that_is_not_known_is_no_such_upload,
    an_upload_is_not_completed_over_an_object_that_must_be_absent,
);

/// S3 refuses parts below 5 MiB, except for the last.
const SMALLEST_PART: usize = 5 * 1024 * 1024;

struct Upload {
    bucket: BucketName,
    key: ObjectKey,
    id: UploadId,
}

impl Upload {
    async fn begin(ground: &Ground, purpose: &str, name: &str) -> Self {
        let bucket = ground.bucket(purpose).await;
        let (key, options) = (key(name), WriteOptions::default());
        let id = ground
            .store
            .create_upload(&ground.ctx, &bucket, &key, &options)
            .await
            .unwrap();
        Self { bucket, key, id }
    }

    fn reference(&self) -> UploadRef<'_> {
        UploadRef {
            bucket: &self.bucket,
            key: &self.key,
            upload_id: &self.id,
        }
    }

    async fn part(&self, ground: &Ground, number: u32, body: &Body) -> PartReceipt {
        ground
            .store
            .upload_part(&ground.ctx, &self.reference(), number, body)
            .await
            .unwrap()
    }
}

fn parts() -> (Body, Body) {
    let first: Vec<u8> = (0..SMALLEST_PART).map(|n| (n % 251) as u8).collect();
    (body(first), body(b"the end".to_vec()))
}

async fn parts_become_an_object_with_the_bytes_in_order(ground: &Ground) {
    let upload = Upload::begin(ground, "multi", "dir/big file.bin").await;
    let (first, second) = parts();
    // Out of order, as parallel parts arrive.
    let receipts = [
        upload.part(ground, 2, &second).await,
        upload.part(ground, 1, &first).await,
    ];
    let whole_sum = Crc64::combine(first.crc64, second.crc64, second.bytes.len() as u64);
    let is_checked = receipts.iter().all(|part| part.crc64.is_some());
    let [last, begin] = receipts;
    let size = (first.bytes.len() + second.bytes.len()) as u64;
    let request = CompleteRequest {
        parts: vec![begin, last],
        size,
        crc64: is_checked.then_some(whole_sum),
        condition: WriteCondition::None,
    };
    let receipt = ground
        .store
        .complete_upload(&ground.ctx, &upload.reference(), &request)
        .await
        .unwrap();
    assert!(
        receipt.etag.is_composite(),
        "the ETag is one of parts: {}",
        receipt.etag
    );
    let get = whole(&upload.bucket, upload.key.as_str());
    let stream = ground.store.get_object(&ground.ctx, &get).await.unwrap();
    assert_eq!(stream.head.size, size, "both parts are in it");
    assert_eq!(
        Crc64::of(&all(stream).await),
        whole_sum,
        "in the order of their numbers"
    );
    let error = ground
        .store
        .list_parts(&ground.ctx, &upload.reference())
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::NoSuchUpload,
        "a completed upload is no upload: {error:?}"
    );
}

async fn the_server_lists_the_parts_that_it_holds(ground: &Ground) {
    let upload = Upload::begin(ground, "held", "k").await;
    let listed = ground
        .store
        .list_parts(&ground.ctx, &upload.reference())
        .await
        .unwrap();
    assert!(listed.is_empty(), "none yet");
    let (first, second) = parts();
    let sent = [
        upload.part(ground, 1, &first).await,
        upload.part(ground, 3, &second).await,
    ];
    let listed = ground
        .store
        .list_parts(&ground.ctx, &upload.reference())
        .await
        .unwrap();
    let seen: Vec<_> = listed
        .iter()
        .map(|p| (p.number, p.size, p.etag.clone()))
        .collect();
    let expected: Vec<_> = sent
        .iter()
        .map(|p| (p.number, p.size, p.etag.clone()))
        .collect();
    assert_eq!(
        seen, expected,
        "number, size and ETag are what was answered to each part"
    );
    for (listed, sent) in listed.iter().zip(&sent) {
        if let (Some(listed), Some(sent)) = (listed.crc64, sent.crc64) {
            assert_eq!(listed, sent, "so is the checksum, where it is listed");
        }
    }
}

async fn a_part_is_replaced_under_its_number(ground: &Ground) {
    let upload = Upload::begin(ground, "replaced", "k").await;
    upload.part(ground, 1, &body(b"wrong".to_vec())).await;
    let right = upload.part(ground, 1, &body(b"right one".to_vec())).await;
    let listed = ground
        .store
        .list_parts(&ground.ctx, &upload.reference())
        .await
        .unwrap();
    // A server may list both as of the same second; then neither is taken for held.
    assert!(
        listed.iter().all(|part| part.etag == right.etag),
        "never the one before: {listed:?}"
    );
    let crc64 = right.crc64;
    let condition = WriteCondition::None;
    let request = CompleteRequest {
        parts: vec![right],
        size: 9,
        crc64,
        condition,
    };
    ground
        .store
        .complete_upload(&ground.ctx, &upload.reference(), &request)
        .await
        .unwrap();
    let stored = ground
        .server
        .client()
        .get(upload.bucket.as_str(), "k")
        .await
        .unwrap();
    assert_eq!(stored, "right one", "the object is made of the later one");
}

async fn an_aborted_upload_is_gone_and_may_be_aborted_again(ground: &Ground) {
    let upload = Upload::begin(ground, "aborted", "k").await;
    upload.part(ground, 1, &body(b"thrown away".to_vec())).await;
    ground
        .store
        .abort_upload(&ground.ctx, &upload.reference())
        .await
        .unwrap();
    ground
        .store
        .abort_upload(&ground.ctx, &upload.reference())
        .await
        .unwrap();
    let open = ground
        .server
        .client()
        .list_uploads(upload.bucket.as_str())
        .await
        .unwrap();
    assert!(open.is_empty(), "the server holds nothing of it: {open:?}");
}

async fn open_uploads_are_found_below_a_prefix(ground: &Ground) {
    let upload = Upload::begin(ground, "open", "in/ü file+1").await;
    let options = WriteOptions::default();
    let elsewhere = key("out/k");
    ground
        .store
        .create_upload(&ground.ctx, &upload.bucket, &elsewhere, &options)
        .await
        .unwrap();
    let list = |prefix| {
        let prefix = Prefix::new(prefix);
        async {
            ground
                .store
                .list_uploads(&ground.ctx, &upload.bucket, &{ prefix })
                .await
                .unwrap()
        }
    };
    let below = list("in/").await;
    assert_eq!(below.len(), 1, "only what is below the prefix: {below:?}");
    assert_eq!(below[0].key, upload.key, "the key is decoded");
    assert_eq!(
        below[0].upload_id, upload.id,
        "and the id is the one that Create gave"
    );
    assert_eq!(list("").await.len(), 2, "without a prefix, all");
}

async fn an_upload_that_is_not_known_is_no_such_upload(ground: &Ground) {
    let bucket = ground.bucket("unknown").await;
    let (key, id) = (key("k"), UploadId::new("0123456789abcdef0123456789abcdef"));
    let upload = UploadRef {
        bucket: &bucket,
        key: &key,
        upload_id: &id,
    };
    let error = ground
        .store
        .list_parts(&ground.ctx, &upload)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchUpload, "{error:?}");
}

async fn an_upload_is_not_completed_over_an_object_that_must_be_absent(ground: &Ground) {
    let upload = Upload::begin(ground, "over", "k").await;
    let part = upload.part(ground, 1, &body(b"new".to_vec())).await;
    ground.put(&upload.bucket, "k", "old").await;
    let crc64 = part.crc64;
    let condition = WriteCondition::IfAbsent;
    let request = CompleteRequest {
        parts: vec![part],
        size: 3,
        crc64,
        condition,
    };
    let error = ground
        .store
        .complete_upload(&ground.ctx, &upload.reference(), &request)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}");
    let left = ground
        .server
        .client()
        .get(upload.bucket.as_str(), "k")
        .await
        .unwrap();
    assert_eq!(left, "old", "the object that came first is kept");
}
