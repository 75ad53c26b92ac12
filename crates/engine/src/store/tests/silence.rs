//! Servers that take a connection and then say nothing, or no more.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::super::client::Limits;
use super::super::{GetRequest, Store};
use super::{bucket, connection, key, limits, page, put, read_request, some_keys};
use crate::error::ErrorKind;

#[tokio::test]
async fn an_upload_that_stands_still_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let stall = Duration::from_millis(400);
    let short = Limits {
        stall,
        answer: stall,
        ..limits()
    };
    let store = Store::connect_within(connection(&endpoint, some_keys()), short).unwrap();
    // Nobody accepts; the body fills the system's buffers and stands still.
    let error = put(&store, 64 * 1024 * 1024).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
}

#[tokio::test]
async fn an_answer_that_never_comes_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let short = Limits {
        quick: Duration::from_millis(400),
        ..limits()
    };
    let store = Store::connect_within(connection(&endpoint, some_keys()), short).unwrap();
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
}

#[tokio::test]
async fn a_download_that_stands_still_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_request(&mut stream).await;
        let begin = "HTTP/1.1 200 OK\r\nETag: \"e\"\r\nContent-Length: 10\r\n\r\nhalf";
        stream.write_all(begin.as_bytes()).await.unwrap();
        stream
    });
    let short = Limits {
        stall: Duration::from_millis(400),
        ..limits()
    };
    let store = Store::connect_within(connection(&endpoint, some_keys()), short).unwrap();
    let request = GetRequest {
        bucket: bucket(),
        key: key(),
        version: None,
        range: None,
        if_match: None,
    };
    let mut stream = store.get_object(&store.context(), &request).await.unwrap();
    let held_open = server.await.unwrap();
    let error = loop {
        match stream.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("half a body ended as if it were whole"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
    drop(held_open);
}

#[tokio::test]
async fn a_list_whose_server_is_silent_is_given_up_at_its_first_byte_and_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let short = Limits {
        first_byte: Duration::from_millis(400),
        ..limits()
    };
    let store = Store::connect_within(connection(&endpoint, some_keys()), short).unwrap();
    let listing = tokio::spawn(async move { store.list_page(&store.context(), &page()).await });
    let held_open = listener.accept().await.unwrap();
    let error = listing.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
    assert!(
        error.message().contains("did not answer within"),
        "the sentence says what it waited for: {error}"
    );
    assert!(error.is_transient(), "it may answer later");
    let again = tokio::time::timeout(Duration::from_millis(100), listener.accept()).await;
    assert!(
        again.is_err(),
        "whoever waited for the whole limit is told, not made to wait again"
    );
    drop(held_open);
}

#[test]
fn nobody_looks_at_a_silent_list_for_more_than_half_a_minute() {
    let limits = Limits::default();
    assert!(
        limits.first_byte <= Duration::from_secs(30) && limits.quick <= Duration::from_secs(30),
        "the window says nothing meanwhile"
    );
}
