//! Objects: written, read in pieces, described, copied, under conditions.

use longshore_engine::ErrorKind;
use longshore_engine::capability::Feature;
use longshore_engine::model::ETag;
use longshore_engine::object;
use longshore_engine::store::{
    ByteRange, CopyRequest, Crc64, GetRequest, WriteCondition, WriteOptions,
};

use crate::buckets::enable_versions;
use crate::ground::{Ground, all, key};

on_each_server!(
    what_is_written_is_read_back_to_the_byte,
    an_empty_object_is_an_object,
    a_range_is_just_those_bytes_and_knows_the_whole_size,
    a_download_of_a_changed_object_is_a_conflict,
    a_missing_object_is_no_such_key,
    an_object_is_not_written_over_when_it_must_be_absent,
    an_object_is_written_over_only_while_its_etag_holds,
    metadata_type_and_tags_come_back_in_the_description,
    a_copy_has_the_bytes_and_the_metadata,
    a_copy_of_a_changed_source_is_refused_or_not_promised,
    a_deleted_version_is_told_as_deleted,
    an_old_version_is_read_by_its_id,
);

async fn what_is_written_is_read_back_to_the_byte(ground: &Ground) {
    let bucket = ground.bucket("bytes").await;
    let bytes: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).collect();
    let sent = crate::ground::body(bytes.clone());
    let options = WriteOptions::default();
    let condition = WriteCondition::None;
    let receipt = ground
        .store
        .put_object(
            &ground.ctx,
            &bucket,
            &key("big.bin"),
            &sent,
            &options,
            &condition,
        )
        .await
        .unwrap();
    if let Some(theirs) = receipt.crc64 {
        assert_eq!(theirs, sent.crc64, "the server's sum is that of the bytes");
    }
    let stream = ground
        .store
        .get_object(&ground.ctx, &whole(&bucket, "big.bin"))
        .await
        .unwrap();
    assert_eq!(
        stream.head.size,
        bytes.len() as u64,
        "the size is known before the bytes"
    );
    assert_eq!(
        stream.head.etag.as_ref(),
        Some(&receipt.etag),
        "it is the object that was written"
    );
    assert_eq!(
        Crc64::of(&all(stream).await),
        sent.crc64,
        "every byte is as it was"
    );
}

async fn an_empty_object_is_an_object(ground: &Ground) {
    let bucket = ground.bucket("zero").await;
    ground.put(&bucket, "empty", "").await;
    let head = ground
        .store
        .head_object(&ground.ctx, &bucket, &key("empty"), None)
        .await
        .unwrap();
    assert_eq!(head.size, 0, "nothing in it");
    let stream = ground
        .store
        .get_object(&ground.ctx, &whole(&bucket, "empty"))
        .await
        .unwrap();
    assert!(all(stream).await.is_empty(), "and nothing comes out");
}

async fn a_range_is_just_those_bytes_and_knows_the_whole_size(ground: &Ground) {
    let bucket = ground.bucket("range").await;
    ground
        .put(&bucket, "alphabet", "abcdefghijklmnopqrstuvwxyz")
        .await;
    let range = Some(ByteRange { start: 3, end: 6 });
    let request = GetRequest {
        range,
        ..whole(&bucket, "alphabet")
    };
    let stream = ground
        .store
        .get_object(&ground.ctx, &request)
        .await
        .unwrap();
    assert_eq!(
        stream.head.size, 26,
        "the size is the object's, not the range's"
    );
    assert_eq!(
        stream.range,
        ByteRange { start: 3, end: 6 },
        "the answer's range was checked"
    );
    assert_eq!(all(stream).await, b"def", "these bytes and no other");
    let range = Some(ByteRange {
        start: 20,
        end: 100,
    });
    let request = GetRequest {
        range,
        ..whole(&bucket, "alphabet")
    };
    let stream = ground
        .store
        .get_object(&ground.ctx, &request)
        .await
        .unwrap();
    assert_eq!(
        all(stream).await,
        b"uvwxyz",
        "a range beyond the end ends at the end"
    );
}

async fn a_download_of_a_changed_object_is_a_conflict(ground: &Ground) {
    let bucket = ground.bucket("changed").await;
    let first = ground.put(&bucket, "page", "first edition").await;
    ground.put(&bucket, "page", "second edition").await;
    let request = GetRequest {
        if_match: Some(first.etag),
        ..whole(&bucket, "page")
    };
    let error = ground
        .store
        .get_object(&ground.ctx, &request)
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Conflict,
        "two versions are never mixed: {error:?}"
    );
}

async fn a_missing_object_is_no_such_key(ground: &Ground) {
    let bucket = ground.bucket("missing").await;
    let error = ground
        .store
        .head_object(&ground.ctx, &bucket, &key("nowhere"), None)
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::NoSuchKey,
        "HEAD has no body to say so: {error:?}"
    );
    let error = ground
        .store
        .get_object(&ground.ctx, &whole(&bucket, "nowhere"))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchKey, "{error:?}");
    assert!(
        error.to_string().contains("nowhere"),
        "the sentence names it: {error}"
    );
}

async fn an_object_is_not_written_over_when_it_must_be_absent(ground: &Ground) {
    let bucket = ground.bucket("absent").await;
    let options = WriteOptions::default();
    ground
        .put_with(&bucket, "k", "first", &options, &WriteCondition::IfAbsent)
        .await
        .unwrap();
    let error = ground
        .put_with(&bucket, "k", "second", &options, &WriteCondition::IfAbsent)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}");
    let left = ground
        .server
        .client()
        .get(bucket.as_str(), "k")
        .await
        .unwrap();
    assert_eq!(left, "first", "the old bytes are untouched");
    assert_eq!(
        ground.store.capabilities().known(Feature::ConditionalWrite),
        Some(true),
        "the refusal showed that conditions are enforced"
    );
}

async fn an_object_is_written_over_only_while_its_etag_holds(ground: &Ground) {
    let bucket = ground.bucket("match").await;
    let first = ground.put(&bucket, "k", "first").await;
    let options = WriteOptions::default();
    let holds = WriteCondition::IfMatch(first.etag.clone());
    ground
        .put_with(&bucket, "k", "second", &options, &holds)
        .await
        .unwrap();
    let error = ground
        .put_with(&bucket, "k", "third", &options, &holds)
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Conflict,
        "the ETag is not the first any more: {error:?}"
    );
    let left = ground
        .server
        .client()
        .get(bucket.as_str(), "k")
        .await
        .unwrap();
    assert_eq!(left, "second", "the refused write wrote nothing");
}

async fn metadata_type_and_tags_come_back_in_the_description(ground: &Ground) {
    let bucket = ground.bucket("described").await;
    let pairs = |name: &str, value: &str| [(name.to_owned(), value.to_owned())].into();
    let options = WriteOptions {
        content_type: Some("text/x-log".into()),
        metadata: pairs("origin", "quay 7"),
        tags: pairs("class", "a+b c"),
        ..WriteOptions::default()
    };
    ground
        .put_with(&bucket, "d.log", "log", &options, &WriteCondition::None)
        .await
        .unwrap();
    let detail = object::inspect(&ground.store, &bucket, &key("d.log"), None)
        .await
        .unwrap();
    assert_eq!(detail.head.size, 3, "HeadObject is in it");
    assert_eq!(
        detail.head.system.get("contentType").map(String::as_str),
        Some("text/x-log")
    );
    assert_eq!(
        detail.head.metadata.get("origin").map(String::as_str),
        Some("quay 7")
    );
    let tags = detail.tags.expect("the owner may read tags");
    assert_eq!(
        tags.get("class").map(String::as_str),
        Some("a+b c"),
        "encoded once, decoded once"
    );
    let grants = detail.grants.expect("the owner may read the access list");
    assert!(
        grants
            .iter()
            .any(|grant| grant.permission == "FULL_CONTROL"),
        "the owner holds it: {grants:?}"
    );
    assert!(
        detail.left_out.is_empty(),
        "nothing was kept from us: {:?}",
        detail.left_out
    );
}

async fn a_copy_has_the_bytes_and_the_metadata(ground: &Ground) {
    let bucket = ground.bucket("copy").await;
    let options = WriteOptions {
        metadata: [("origin".to_owned(), "quay 7".to_owned())].into(),
        ..WriteOptions::default()
    };
    let from = "dir one/a+b&c.txt";
    ground
        .put_with(&bucket, from, "cargo", &options, &WriteCondition::None)
        .await
        .unwrap();
    ground
        .store
        .copy_object(&ground.ctx, &copy(&bucket, from, "copy.txt", None))
        .await
        .unwrap();
    let stream = ground
        .store
        .get_object(&ground.ctx, &whole(&bucket, "copy.txt"))
        .await
        .unwrap();
    assert_eq!(
        stream.head.metadata.get("origin").map(String::as_str),
        Some("quay 7"),
        "metadata goes along"
    );
    assert_eq!(all(stream).await, b"cargo", "the bytes are the same");
    let error = ground
        .store
        .copy_object(&ground.ctx, &copy(&bucket, "nowhere", "x", None))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchKey, "{error:?}");
}

async fn a_copy_of_a_changed_source_is_refused_or_not_promised(ground: &Ground) {
    let bucket = ground.bucket("copyif").await;
    ground.put(&bucket, "source", "now").await;
    let other = ETag::from_header("\"0123456789abcdef0123456789abcdef\"").unwrap();
    match ground
        .store
        .copy_object(&ground.ctx, &copy(&bucket, "source", "to", Some(other)))
        .await
    {
        Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}"),
        // A server that ignores the condition copies what is there now: whole, and said by its ETag.
        Ok(receipt) => {
            let head = ground
                .store
                .head_object(&ground.ctx, &bucket, &key("to"), None)
                .await;
            assert_eq!(
                head.unwrap().etag,
                Some(receipt.etag),
                "the answer names what was written"
            );
        }
    }
}

async fn a_deleted_version_is_told_as_deleted(ground: &Ground) {
    let bucket = ground.bucket("marker").await;
    enable_versions(ground, &bucket).await;
    ground.put(&bucket, "k", "there").await;
    ground
        .store
        .delete_object(&ground.ctx, &bucket, &key("k"), None, None)
        .await
        .unwrap();
    let error = ground
        .store
        .head_object(&ground.ctx, &bucket, &key("k"), None)
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::NoSuchKey,
        "a delete marker hides it: {error:?}"
    );
}

async fn an_old_version_is_read_by_its_id(ground: &Ground) {
    let bucket = ground.bucket("old").await;
    enable_versions(ground, &bucket).await;
    let first = ground.put(&bucket, "k", "first").await;
    let second = ground.put(&bucket, "k", "second!").await;
    let id = first
        .version_id
        .expect("a versioned write names its version");
    assert_ne!(
        Some(&id),
        second.version_id.as_ref(),
        "each write is a version"
    );
    let detail = object::inspect(&ground.store, &bucket, &key("k"), Some(&id))
        .await
        .unwrap();
    assert_eq!(detail.head.size, 5, "the old version is described");
    assert_eq!(detail.head.version_id.as_ref(), Some(&id), "and named");
    let request = GetRequest {
        version: Some(id),
        ..whole(&bucket, "k")
    };
    let stream = ground
        .store
        .get_object(&ground.ctx, &request)
        .await
        .unwrap();
    assert_eq!(
        all(stream).await,
        b"first",
        "and its bytes are the old ones"
    );
}

pub(crate) fn whole(bucket: &longshore_engine::model::BucketName, name: &str) -> GetRequest {
    GetRequest {
        bucket: bucket.clone(),
        key: key(name),
        version: None,
        range: None,
        if_match: None,
    }
}

fn copy(
    bucket: &longshore_engine::model::BucketName,
    from: &str,
    to: &str,
    from_etag: Option<ETag>,
) -> CopyRequest {
    CopyRequest {
        bucket: bucket.clone(),
        from: key(from),
        from_version: None,
        from_etag,
        to: key(to),
        condition: WriteCondition::None,
    }
}
