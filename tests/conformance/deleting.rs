//! Deleting: one, many, versions, what is not there.

use longshore_engine::ErrorKind;
use longshore_engine::model::{ETag, ObjectKey, VersionId};

use crate::buckets::enable_versions;
use crate::ground::{Ground, key};

on_each_server!(
    a_deleted_object_is_gone_and_may_be_deleted_again,
    many_keys_go_in_one_request_and_each_is_answered_in_order,
    a_key_that_xml_cannot_carry_is_deleted_too,
    a_version_is_deleted_by_its_id_and_the_other_stays,
    an_object_with_another_etag_is_kept_or_the_condition_is_unknown,
);

async fn a_deleted_object_is_gone_and_may_be_deleted_again(ground: &Ground) {
    let bucket = ground.bucket("delete").await;
    ground.put(&bucket, "k", "x").await;
    for _ in 0..2 {
        ground
            .store
            .delete_object(&ground.ctx, &bucket, &key("k"), None, None)
            .await
            .unwrap();
    }
    assert!(
        ground.keys(&bucket, 10).await.is_empty(),
        "the server lists nothing"
    );
}

async fn many_keys_go_in_one_request_and_each_is_answered_in_order(ground: &Ground) {
    let bucket = ground.bucket("many").await;
    let names = ["b", "a&<b>\"", "ü/日本", "with space+plus", "missing"];
    for name in &names[..4] {
        ground.put(&bucket, name, "x").await;
    }
    ground.put(&bucket, "stays", "x").await;
    let targets: Vec<(ObjectKey, Option<VersionId>)> =
        names.iter().map(|name| (key(name), None)).collect();
    let outcomes = ground
        .store
        .delete_objects(&ground.ctx, &bucket, &targets)
        .await
        .unwrap();
    let answered: Vec<&str> = outcomes
        .iter()
        .map(|outcome| outcome.key.as_str())
        .collect();
    assert_eq!(
        answered, names,
        "one outcome a key, in the order of the request"
    );
    for outcome in &outcomes {
        assert!(
            outcome.result.is_ok(),
            "{}: {:?}",
            outcome.key,
            outcome.result
        );
    }
    assert_eq!(
        ground.keys(&bucket, 10).await,
        ["stays"],
        "these went and no other"
    );
}

async fn a_key_that_xml_cannot_carry_is_deleted_too(ground: &Ground) {
    let bucket = ground.bucket("control").await;
    let odd = "odd\u{1}key";
    ground.put(&bucket, odd, "x").await;
    ground.put(&bucket, "plain", "x").await;
    let targets = [(key("plain"), None), (key(odd), None)];
    let outcomes = ground
        .store
        .delete_objects(&ground.ctx, &bucket, &targets)
        .await
        .unwrap();
    assert!(
        outcomes.iter().all(|outcome| outcome.result.is_ok()),
        "{outcomes:?}"
    );
    let head = ground
        .server
        .client()
        .head(bucket.as_str(), odd)
        .await
        .unwrap();
    assert!(head.is_none(), "the odd key went in a request of its own");
}

async fn a_version_is_deleted_by_its_id_and_the_other_stays(ground: &Ground) {
    let bucket = ground.bucket("version").await;
    enable_versions(ground, &bucket).await;
    let first = ground.put(&bucket, "k", "first").await.version_id.unwrap();
    let second = ground.put(&bucket, "k", "second").await.version_id.unwrap();
    let targets = [(key("k"), Some(second))];
    let outcomes = ground
        .store
        .delete_objects(&ground.ctx, &bucket, &targets)
        .await
        .unwrap();
    assert!(outcomes[0].result.is_ok(), "{outcomes:?}");
    let head = ground
        .store
        .head_object(&ground.ctx, &bucket, &key("k"), None)
        .await
        .unwrap();
    assert_eq!(
        head.version_id,
        Some(first),
        "the version before is the current one now"
    );
}

async fn an_object_with_another_etag_is_kept_or_the_condition_is_unknown(ground: &Ground) {
    let bucket = ground.bucket("deleteif").await;
    ground.put(&bucket, "k", "kept").await;
    let other = ETag::from_header("0123456789abcdef0123456789abcdef").unwrap();
    let answer = ground
        .store
        .delete_object(&ground.ctx, &bucket, &key("k"), None, Some(&other))
        .await;
    let there = ground
        .server
        .client()
        .head(bucket.as_str(), "k")
        .await
        .unwrap()
        .is_some();
    match answer {
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}");
            assert!(there, "a refused delete deletes nothing");
        }
        Ok(()) => assert!(!there, "a server that says “deleted” has deleted"),
    }
}
