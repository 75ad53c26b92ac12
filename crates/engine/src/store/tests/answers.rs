//! Refusals, redirects and answers of what is no S3 server.

use super::{HTML, Stranger, bucket, http, key, page, put, refusal, store};
use crate::error::ErrorKind;
use crate::model::Region;

#[tokio::test]
async fn what_is_no_s3_server_is_named_as_such() {
    let strangers = [
        (
            "a web page for everything",
            http("200 OK", "text/html", HTML),
        ),
        (
            "a page that is not found",
            http("404 Not Found", "text/html", HTML),
        ),
        (
            "an empty body",
            http("200 OK", "application/octet-stream", ""),
        ),
        (
            "JSON",
            http("200 OK", "application/json", "{\"status\":\"ok\"}"),
        ),
        (
            "JSON that is not found",
            http("404 Not Found", "application/json", "{\"error\":1}"),
        ),
        (
            "a text",
            http("404 Not Found", "text/plain", "404 page not found"),
        ),
        (
            "http to a TLS port",
            http("400 Bad Request", "text/html", HTML),
        ),
    ];
    for (what, answer) in strangers {
        let stranger = Stranger::saying(&answer).await;
        let store = store(&stranger.endpoint);
        let ctx = store.context();
        let error = store.list_buckets(&ctx, None).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::NotS3,
            "{what}, ListBuckets: {error:?}"
        );
        let error = store.list_page(&ctx, &page()).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::NotS3,
            "{what}, ListObjectsV2: {error:?}"
        );
        assert!(
            error.message().contains("127.0.0.1"),
            "the sentence names the endpoint: {error}"
        );
    }
}

#[tokio::test]
async fn a_web_server_that_has_every_path_has_no_object() {
    let stranger = Stranger::saying("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n").await;
    let store = store(&stranger.endpoint);
    let error = store
        .head_object(&store.context(), &bucket(), &key(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotS3, "{error:?}");
    let error = put(&store, 10).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Integrity,
        "a 200 without an ETag proves nothing: {error:?}"
    );
}

#[tokio::test]
async fn a_redirect_to_another_host_is_not_followed() {
    let elsewhere = Stranger::saying(&http("200 OK", "text/html", HTML)).await;
    let answer = format!(
        "HTTP/1.1 302 Found\r\nLocation: {}/login\r\nContent-Length: 0\r\n\r\n",
        elsewhere.endpoint
    );
    let stranger = Stranger::saying(&answer).await;
    let store = store(&stranger.endpoint);
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotS3, "{error:?}");
    assert!(
        error.message().contains("/login"),
        "it says where it would have led: {error}"
    );
    assert!(
        elsewhere.requests().is_empty(),
        "a signed request is not carried to another host"
    );
}

#[tokio::test]
async fn a_proxys_own_page_for_a_fault_is_the_servers_fault() {
    for (status, kind) in [
        ("502 Bad Gateway", ErrorKind::ServerFault),
        ("503 Service Unavailable", ErrorKind::Throttled),
        ("504 Gateway Timeout", ErrorKind::ServerFault),
    ] {
        let stranger = Stranger::saying(&http(status, "text/html", HTML)).await;
        let store = store(&stranger.endpoint);
        let error = store
            .list_page(&store.context(), &page())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), kind, "{status}: {error:?}");
        assert_eq!(
            stranger.requests().len(),
            3,
            "{status} is worth three attempts"
        );
    }
}

#[tokio::test]
async fn a_named_region_is_signed_for_and_remembered() {
    let stranger = Stranger::answering(|nth| match nth {
        1 => "HTTP/1.1 400 Bad Request\r\nx-amz-bucket-region: eu-west-3\r\nContent-Length: 0\r\n\
              Connection: close\r\n\r\n"
            .to_owned(),
        _ => "HTTP/1.1 200 OK\r\nx-amz-bucket-region: eu-west-3\r\nContent-Length: 0\r\n\
              Connection: close\r\n\r\n"
            .to_owned(),
    })
    .await;
    let store = store(&stranger.endpoint);
    let entry = store
        .head_bucket(&store.context(), &bucket())
        .await
        .unwrap();
    assert_eq!(
        entry.region,
        Some(Region::new("eu-west-3")),
        "the answer names it"
    );
    store
        .head_bucket(&store.context(), &bucket())
        .await
        .unwrap();
    let regions: Vec<bool> = stranger
        .requests()
        .iter()
        .map(|head| head.contains("/eu-west-3/s3/"))
        .collect();
    assert_eq!(
        regions,
        [false, true, true],
        "asked once, then signed for the right one"
    );
}

#[tokio::test]
async fn only_a_creation_may_read_that_a_bucket_exists() {
    let stranger = Stranger::saying(&refusal("409 Conflict", "BucketAlreadyExists")).await;
    let store = store(&stranger.endpoint);
    let ctx = store.context();
    let error = store
        .create_bucket(&ctx, &bucket(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BucketExists, "{error:?}");
    let error = store.list_page(&ctx, &page()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
}

#[tokio::test]
async fn a_page_for_one_odd_key_is_about_the_key_and_not_about_the_server() {
    let stranger = Stranger::saying(&http("404 Not Found", "text/html", HTML)).await;
    let store = store(&stranger.endpoint);
    let missing = store
        .head_object(&store.context(), &bucket(), &key(), None)
        .await
        .unwrap_err();
    assert_eq!(
        missing.kind(),
        ErrorKind::NoSuchKey,
        "a HEAD has no body whose type could matter: {missing:?}"
    );
    let refused = put(&store, 10).await.unwrap_err();
    assert!(
        !refused.to_string().contains("not an S3 server") && refused.to_string().contains("name"),
        "one object proves nothing about the server: {refused}"
    );
}

#[tokio::test]
async fn a_refused_connection_may_be_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let store = store(&endpoint);
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{error:?}");
    assert!(error.is_transient(), "the server may be starting");
}

#[tokio::test]
async fn a_key_that_was_denied_in_a_batch_is_told_as_any_denial_with_its_request() {
    let body = "<DeleteResult><Error><Key>crate/7</Key><Code>AccessDenied</Code>\
                <Message>No</Message></Error></DeleteResult>";
    let answer = format!(
        "HTTP/1.1 200 OK\r\nx-amz-request-id: R7\r\nx-amz-id-2: H7\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    let stranger = Stranger::saying(&answer).await;
    let store = store(&stranger.endpoint);
    let outcomes = store
        .delete_objects(&store.context(), &bucket(), &[(key(), None)])
        .await
        .unwrap();
    let error = outcomes[0].result.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error:?}");
    assert!(
        error.message().contains("access denied") && error.message().contains("crate/7"),
        "in the words of a denial: {error}"
    );
    assert!(error.advice().is_some(), "it says what to do");
    let server = error.server();
    assert_eq!(
        (
            server.request_id.as_deref(),
            server.extended_request_id.as_deref()
        ),
        (Some("R7"), Some("H7")),
        "the ids of the request that held it"
    );
}

#[tokio::test]
async fn an_object_of_a_missing_bucket_is_told_by_its_bucket() {
    let bare = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let stranger = Stranger::saying(bare).await;
    let store = store(&stranger.endpoint);
    let error = crate::object::inspect(&store, &bucket(), &key(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchBucket, "{error:?}");
    assert_eq!(stranger.requests().len(), 2, "the bucket was asked once");
}
