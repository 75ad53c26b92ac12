//! What the network and servers do to requests, made by the fault proxy.

use longshore_engine::ErrorKind;
use longshore_engine::capability::Feature;
use longshore_engine::store::{
    ByteRange, CompleteRequest, GetRequest, Store, UploadRef, WriteCondition, WriteOptions,
};
use longshore_tests::proxy::{Action, Proxy, Rule};
use longshore_tests::s3::Keys;
use longshore_tests::servers::SeaweedFs;

use crate::ground::{Ground, body, flat, key, seaweedfs, store};
use crate::objects::whole;

/// A store whose requests pass a proxy that breaks what it is told to.
fn behind(ground: &Ground, proxy: &Proxy) -> Store {
    let keys = Keys::new(ground.server.access_key(), ground.server.secret_key());
    store(&proxy.endpoint(), ground.server.region(), Some(&keys))
}

fn status(status: u16, code: &str) -> Action {
    Action::Status {
        status,
        code: code.into(),
        body: None,
        headers: Vec::new(),
    }
}

fn proxy() -> Proxy {
    Proxy::start(SeaweedFs::shared().unwrap().server().endpoint()).unwrap()
}

#[tokio::test]
async fn a_passing_fault_is_repeated_and_a_lasting_one_told() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("passing").await;
    let store = behind(&ground, &proxy);
    let rule = proxy.add(Rule::on("GET").times(2).then(status(503, "SlowDown")));
    store
        .list_page(&store.context(), &flat(&bucket))
        .await
        .expect("the third attempt succeeds");
    assert_eq!(proxy.applied(rule), 2, "two were refused");
    proxy.clear();
    proxy.add(Rule::on("GET").then(status(500, "InternalError")));
    let error = store
        .list_page(&store.context(), &flat(&bucket))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ServerFault, "{error:?}");
    assert!(
        error.is_transient(),
        "somebody with more patience may try again"
    );
}

#[tokio::test]
async fn a_reset_connection_is_repeated_for_a_question_and_told_for_a_completion() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("reset").await;
    let store = behind(&ground, &proxy);
    let ctx = store.context();
    proxy.add(Rule::on("HEAD").times(1).then(Action::Refuse));
    store
        .head_bucket(&ctx, &bucket)
        .await
        .expect("a question is asked again");
    let id = store
        .create_upload(&ctx, &bucket, &key("k"), &WriteOptions::default())
        .await
        .unwrap();
    let name = key("k");
    let upload = UploadRef {
        bucket: &bucket,
        key: &name,
        upload_id: &id,
    };
    let part = store
        .upload_part(&ctx, &upload, 1, &body(b"bytes".to_vec()))
        .await
        .unwrap();
    let crc64 = part.crc64;
    let condition = WriteCondition::None;
    let request = CompleteRequest {
        parts: vec![part],
        size: 5,
        crc64,
        condition,
    };
    let rule = proxy.add(
        Rule::on("POST")
            .query("uploadId")
            .then(Action::CommittedButLost),
    );
    let error = store
        .complete_upload(&ctx, &upload, &request)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Offline, "{error:?}");
    assert_eq!(
        proxy.applied(rule),
        1,
        "Complete is resolved by its caller, never repeated blindly"
    );
}

#[tokio::test]
async fn a_conditional_write_is_not_repeated_when_its_answer_is_lost() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("once").await;
    let store = behind(&ground, &proxy);
    let rule = proxy.add(Rule::on("PUT").then(Action::CommittedButLost));
    let (options, condition) = (WriteOptions::default(), WriteCondition::IfAbsent);
    let sent = body(b"mine".to_vec());
    let error = store
        .put_object(
            &store.context(),
            &bucket,
            &key("k"),
            &sent,
            &options,
            &condition,
        )
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Offline,
        "a second try would meet its own object: {error:?}"
    );
    assert_eq!(proxy.applied(rule), 1, "it was sent once");
}

#[tokio::test]
async fn a_completion_that_is_an_error_in_the_guise_of_a_success_fails() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("guise").await;
    let store = behind(&ground, &proxy);
    let ctx = store.context();
    let name = key("k");
    let id = store
        .create_upload(&ctx, &bucket, &name, &WriteOptions::default())
        .await
        .unwrap();
    let upload = UploadRef {
        bucket: &bucket,
        key: &name,
        upload_id: &id,
    };
    let part = store
        .upload_part(&ctx, &upload, 1, &body(b"bytes".to_vec()))
        .await
        .unwrap();
    let crc64 = part.crc64;
    let condition = WriteCondition::None;
    let request = CompleteRequest {
        parts: vec![part],
        size: 5,
        crc64,
        condition,
    };
    let rule = Rule::on("POST").query("uploadId").times(1);
    proxy.add(rule.then(Action::Ok200WithError {
        code: "InternalError".into(),
    }));
    let error = store
        .complete_upload(&ctx, &upload, &request)
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::ServerFault,
        "200 is not enough: {error:?}"
    );
    store
        .complete_upload(&ctx, &upload, &request)
        .await
        .expect("the upload is still there");
}

#[tokio::test]
async fn a_write_without_an_etag_is_no_success() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("noetag").await;
    let store = behind(&ground, &proxy);
    proxy.add(Rule::on("PUT").then(Action::NoETag));
    let (options, condition) = (WriteOptions::default(), WriteCondition::None);
    let sent = body(b"x".to_vec());
    let error = store
        .put_object(
            &store.context(),
            &bucket,
            &key("k"),
            &sent,
            &options,
            &condition,
        )
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Integrity, "{error:?}");
}

#[tokio::test]
async fn bytes_that_were_changed_on_the_way_are_refused() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("flipped").await;
    let store = behind(&ground, &proxy);
    proxy.add(Rule::on("PUT").then(Action::FlipBitSent { at: 3 }));
    let (options, condition) = (WriteOptions::default(), WriteCondition::None);
    let sent = body(b"precious cargo".to_vec());
    let error = store
        .put_object(
            &store.context(),
            &bucket,
            &key("k"),
            &sent,
            &options,
            &condition,
        )
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Integrity,
        "the checksum goes with the bytes: {error:?}"
    );
    assert_eq!(
        store.capabilities().known(Feature::Crc64Nvme),
        None,
        "a wrong checksum is no refusal of checksums"
    );
}

#[tokio::test]
async fn a_server_that_refuses_checksums_is_written_to_without_them() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("nosum").await;
    let store = behind(&ground, &proxy);
    proxy.add(Rule::on("PUT").times(1).then(status(501, "NotImplemented")));
    let (options, condition) = (WriteOptions::default(), WriteCondition::None);
    let (ctx, sent) = (store.context(), body(b"cargo".to_vec()));
    for name in ["first", "second"] {
        store
            .put_object(&ctx, &bucket, &key(name), &sent, &options, &condition)
            .await
            .unwrap();
    }
    assert_eq!(
        store.capabilities().known(Feature::Crc64Nvme),
        Some(false),
        "it is remembered"
    );
    let sums: Vec<bool> = proxy
        .requests()
        .iter()
        .map(|request| request.headers.contains_key("x-amz-checksum-crc64nvme"))
        .collect();
    assert_eq!(
        sums,
        [true, false, false],
        "asked once, repeated without, never asked again"
    );
}

#[tokio::test]
async fn a_download_that_breaks_off_is_an_error_and_not_a_short_file() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("short").await;
    ground.put(&bucket, "k", &"x".repeat(200_000)).await;
    let store = behind(&ground, &proxy);
    proxy.add(Rule::on("GET").then(Action::ResetAfter { bytes: 100_000 }));
    let mut stream = store
        .get_object(&store.context(), &whole(&bucket, "k"))
        .await
        .unwrap();
    let error = loop {
        match stream.next().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a short body ended as if it were whole"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.kind(), ErrorKind::Offline, "{error:?}");
}

#[tokio::test]
async fn a_server_that_ignores_the_range_is_noticed() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("norange").await;
    ground.put(&bucket, "k", "abcdefgh").await;
    let store = behind(&ground, &proxy);
    let (name, value) = ("content-range".to_owned(), Some("bytes 0-3/8".to_owned()));
    proxy.add(Rule::on("GET").then(Action::Header { name, value }));
    let range = Some(ByteRange { start: 4, end: 8 });
    let request = GetRequest {
        range,
        ..whole(&bucket, "k")
    };
    let error = store
        .get_object(&store.context(), &request)
        .await
        .unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Unsupported,
        "other bytes are not taken: {error:?}"
    );
}

#[tokio::test]
async fn a_bucket_in_another_region_is_found_there() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("moved").await;
    let store = behind(&ground, &proxy);
    let rule = proxy.add(Rule::on("GET").times(1).then(Action::Redirect {
        status: 301,
        location: "http://elsewhere.invalid/".into(),
        region: "eu-central-1".into(),
    }));
    let answer = store.list_page(&store.context(), &flat(&bucket)).await;
    assert_eq!(proxy.applied(rule), 1, "the first request was sent on");
    assert_eq!(
        proxy.requests().len(),
        2,
        "the second went to the same host, signed anew"
    );
    if let Err(error) = answer {
        assert_ne!(
            error.kind(),
            ErrorKind::UnknownHost,
            "no other host is asked: {error:?}"
        );
    }
}

#[tokio::test]
async fn unknown_settings_of_a_bucket_are_not_taken_for_its_existence() {
    let (ground, proxy) = (seaweedfs(), proxy());
    let bucket = ground.bucket("trap").await;
    let store = behind(&ground, &proxy);
    proxy.add(
        Rule::on("GET")
            .query("versioning")
            .then(status(409, "BucketAlreadyExists")),
    );
    let told = store.versioning(&store.context(), &bucket).await.unwrap();
    assert_eq!(told, None, "the server does not know the question");
}
