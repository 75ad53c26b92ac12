//! Pages of a listing: order, paging, prefixes, odd keys.

use longshore_engine::ErrorKind;
use longshore_engine::model::{BucketName, Prefix};
use longshore_engine::store::{ListRequest, RowKind};

use crate::ground::{Ground, flat, rows, text};

on_each_server!(
    a_folder_shows_prefixes_and_objects_in_one_order,
    pages_together_are_the_whole_and_each_key_comes_once,
    a_listing_can_begin_after_a_key,
    an_empty_bucket_is_an_empty_page,
    a_row_says_size_time_and_etag,
    keys_of_every_kind_are_listed_as_they_were_written,
    another_delimiter_rolls_up_at_its_own_place,
    a_listing_of_a_missing_bucket_is_no_such_bucket,
);

async fn a_folder_shows_prefixes_and_objects_in_one_order(ground: &Ground) {
    let bucket = ground.bucket("folder").await;
    for name in ["a.txt", "b/1", "b/2", "c.txt", "d/e/f", "z.txt"] {
        ground.put(&bucket, name, name).await;
    }
    let page = ground.folder(&bucket, "").await;
    assert_eq!(
        rows(&page),
        [
            (RowKind::Object, "a.txt"),
            (RowKind::Prefix, "b/"),
            (RowKind::Object, "c.txt"),
            (RowKind::Prefix, "d/"),
            (RowKind::Object, "z.txt"),
        ],
        "servers send prefixes apart; a page is one list"
    );
    let page = ground.folder(&bucket, "d/").await;
    assert_eq!(
        rows(&page),
        [(RowKind::Prefix, "d/e/")],
        "a level at a time"
    );
}

async fn pages_together_are_the_whole_and_each_key_comes_once(ground: &Ground) {
    let bucket = ground.bucket("pages").await;
    let written: Vec<String> = (0..23).map(|n| format!("key-{n:03}")).collect();
    for name in &written {
        ground.put(&bucket, name, "x").await;
    }
    assert_eq!(
        ground.keys(&bucket, 7).await,
        written,
        "four pages, no gap, nothing twice"
    );
    assert_eq!(
        ground.keys(&bucket, 23).await,
        written,
        "a page that is just full ends the list"
    );
}

async fn a_listing_can_begin_after_a_key(ground: &Ground) {
    let bucket = ground.bucket("after").await;
    for name in ["a", "b", "c"] {
        ground.put(&bucket, name, name).await;
    }
    let request = ListRequest {
        start_after: Some("a".into()),
        ..flat(&bucket)
    };
    let page = ground.store.list_page(&ground.ctx, &request).await.unwrap();
    assert_eq!(
        rows(&page),
        [(RowKind::Object, "b"), (RowKind::Object, "c")],
        "the key itself is not in it: ranges that meet there share nothing"
    );
}

async fn an_empty_bucket_is_an_empty_page(ground: &Ground) {
    let bucket = ground.bucket("nothing").await;
    let page = ground.folder(&bucket, "").await;
    assert!(
        page.rows.is_empty() && page.next_token.is_none(),
        "nothing, and no more of it"
    );
}

async fn a_row_says_size_time_and_etag(ground: &Ground) {
    let bucket = ground.bucket("row").await;
    let receipt = ground.put(&bucket, "five.txt", "12345").await;
    let page = ground.folder(&bucket, "").await;
    let row = &page.rows[0];
    assert_eq!(row.size, 5, "bytes");
    let etag = &page.arena[row.etag.start as usize..row.etag.end as usize];
    assert_eq!(
        etag,
        receipt.etag.as_str(),
        "the ETag is the one that the write gave"
    );
    let year_2020 = 1_577_836_800_000;
    assert!(
        row.modified.0 > year_2020,
        "the time is a time: {:?}",
        row.modified
    );
}

async fn keys_of_every_kind_are_listed_as_they_were_written(ground: &Ground) {
    let bucket = ground.bucket("odd").await;
    let mut written = vec![
        "plain",
        "with space",
        "plus+and%percent",
        "amp&lt<gt>quote\"apos'",
        "Übersicht/日本語.txt",
        "e\u{301} decomposed",
        "é composed",
        "emoji 🚢",
        "semi;colon=equals?question#hash",
        "tilde~star*(paren)!",
        "dot.",
    ];
    for name in &written {
        ground.put(&bucket, name, name).await;
    }
    written.sort_unstable();
    let listed = ground.keys(&bucket, 5).await;
    assert_eq!(
        listed, written,
        "no key is normalised, decoded twice or lost"
    );
    for name in &written {
        let body = ground
            .server
            .client()
            .get(bucket.as_str(), name)
            .await
            .unwrap();
        assert_eq!(
            body,
            name.as_bytes(),
            "what is listed as “{name}” is stored under that key"
        );
    }
}

async fn another_delimiter_rolls_up_at_its_own_place(ground: &Ground) {
    let bucket = ground.bucket("delimiter").await;
    for name in ["2024-01", "2024-02", "2025-01", "none"] {
        ground.put(&bucket, name, name).await;
    }
    let request = ListRequest {
        delimiter: Some("-".into()),
        ..flat(&bucket)
    };
    let page = ground.store.list_page(&ground.ctx, &request).await.unwrap();
    let keys: Vec<&str> = page.rows.iter().map(|row| text(&page, row)).collect();
    assert_eq!(
        keys,
        ["2024-", "2025-", "none"],
        "a delimiter need not be a slash"
    );
}

async fn a_listing_of_a_missing_bucket_is_no_such_bucket(ground: &Ground) {
    let bucket = BucketName::parse(longshore_tests::servers::fresh_name("gone")).unwrap();
    let request = ListRequest {
        prefix: Prefix::new("x"),
        ..flat(&bucket)
    };
    let error = ground
        .store
        .list_page(&ground.ctx, &request)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchBucket, "{error:?}");
}

/// SeaweedFS folds empty segments and backslashes, being a file system underneath; what the engine
/// sends is proven where keys are kept as they come.
#[tokio::test]
async fn empty_and_dot_segments_and_control_characters_are_keys_like_others() {
    let ground = crate::ground::moto();
    let bucket = ground.bucket("segments").await;
    let mut written = [
        "a//b",
        "dir/./x",
        "dir/../y",
        "back\\slash",
        "tab\tin it",
        "odd\u{1}",
    ];
    for name in written {
        ground.put(&bucket, name, name).await;
        let request = crate::objects::whole(&bucket, name);
        let stream = ground
            .store
            .get_object(&ground.ctx, &request)
            .await
            .unwrap();
        let back = crate::ground::all(stream).await;
        assert_eq!(
            back,
            name.as_bytes(),
            "“{}” goes and comes back",
            name.escape_debug()
        );
    }
    written.sort_unstable();
    assert_eq!(
        ground.keys(&bucket, 4).await,
        written,
        "no path is normalised on the way"
    );
}
