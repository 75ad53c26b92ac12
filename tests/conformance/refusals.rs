//! Refusals: each is told by its own kind, with what to do. Where authority is the matter, the
//! server is the one that checks signatures.

use longshore_engine::bucket;
use longshore_engine::model::{BucketName, SessionId};
use longshore_engine::store::{PathStyle, RequestContext, Store, WriteCondition, WriteOptions};
use longshore_engine::{ErrorKind, Retry};
use longshore_tests::proxy::{Action, Proxy, Rule};
use longshore_tests::s3::Keys;
use longshore_tests::servers::{Identity, SeaweedFs, Server};

use crate::ground::{body, connection, flat, key, seaweedfs, store};

fn server() -> &'static Server {
    SeaweedFs::shared().unwrap().server()
}

fn admin() -> Keys {
    Keys::new(server().access_key(), server().secret_key())
}

#[tokio::test]
async fn a_wrong_secret_is_told_as_one() {
    let keys = Keys::new(server().access_key(), "not the secret");
    let store = store(server().endpoint(), server().region(), Some(&keys));
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadCredentials, "{error:?}");
    assert!(
        error.message().contains("secret"),
        "the sentence says which half is wrong: {error}"
    );
    assert!(
        !format!("{error:?}{error}").contains("not the secret"),
        "the secret is never shown"
    );
}

#[tokio::test]
async fn an_unknown_access_key_is_told_as_one() {
    let keys = Keys::new("AKIANOBODYATALL", "secret");
    let store = store(server().endpoint(), server().region(), Some(&keys));
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadCredentials, "{error:?}");
    assert!(error.advice().is_some(), "it says what to do");
}

#[tokio::test]
async fn a_denial_is_told_with_the_bucket_and_the_servers_words() {
    let weed = SeaweedFs::shared().unwrap();
    let bucket = seaweedfs().bucket("private").await;
    let store = store(
        server().endpoint(),
        server().region(),
        Some(&weed.keys(Identity::Limited)),
    );
    let error = store
        .list_page(&store.context(), &flat(&bucket))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error:?}");
    assert!(
        error.message().contains(bucket.as_str()),
        "the sentence names the bucket: {error}"
    );
    assert!(
        error.message().contains("the server says"),
        "and passes its reason on: {error}"
    );
    let error = bucket::open_by_name(&store, &bucket).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::AccessDenied,
        "neither HEAD nor a key: {error:?}"
    );
}

#[tokio::test]
async fn who_may_not_list_a_bucket_can_still_write_into_it() {
    let weed = SeaweedFs::shared().unwrap();
    let bucket = BucketName::parse(SeaweedFs::LIMITED_BUCKET).unwrap();
    let store = store(
        server().endpoint(),
        server().region(),
        Some(&weed.keys(Identity::Blind)),
    );
    let ctx = store.context();
    let error = store.list_page(&ctx, &flat(&bucket)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error:?}");
    let (options, condition) = (WriteOptions::default(), WriteCondition::None);
    let sent = body(b"dropped".to_vec());
    store
        .put_object(
            &ctx,
            &bucket,
            &key("blind.txt"),
            &sent,
            &options,
            &condition,
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn not_being_allowed_to_list_buckets_leaves_opening_by_name() {
    let bucket = seaweedfs().bucket("byname").await;
    let proxy = Proxy::start(server().endpoint()).unwrap();
    proxy.add(Rule::on("GET").query("max-buckets").then(Action::Status {
        status: 403,
        code: "AccessDenied".into(),
        body: None,
        headers: Vec::new(),
    }));
    let store = store(&proxy.endpoint(), server().region(), Some(&admin()));
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error:?}");
    assert_eq!(
        error.advice(),
        Some("Open a bucket by its name instead"),
        "it shows the way"
    );
    let opened = bucket::open_by_name(&store, &bucket).await.unwrap();
    assert_eq!(opened.name, bucket, "the bucket itself is open");
}

#[tokio::test]
async fn a_denied_head_falls_back_to_asking_for_one_key() {
    let bucket = seaweedfs().bucket("onekey").await;
    let proxy = Proxy::start(server().endpoint()).unwrap();
    proxy.add(Rule::on("HEAD").then(Action::Status {
        status: 403,
        code: String::new(),
        body: Some(String::new()),
        headers: Vec::new(),
    }));
    let store = store(&proxy.endpoint(), server().region(), Some(&admin()));
    let opened = bucket::open_by_name(&store, &bucket).await.unwrap();
    assert_eq!(
        opened.name, bucket,
        "a listing of one key proves the bucket"
    );
}

#[tokio::test]
async fn a_wrong_clock_is_told_with_its_offset() {
    let proxy = Proxy::start(server().endpoint()).unwrap();
    proxy.add(Rule::on_any().then(Action::DateSkew { seconds: 20 * 60 }));
    let store = store(&proxy.endpoint(), server().region(), Some(&admin()));
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ClockSkew, "{error:?}");
    let offset = error
        .server()
        .clock_offset_seconds
        .expect("the offset is measured");
    assert!(
        (1100..1300).contains(&offset),
        "about 20 minutes, not {offset} s"
    );
    assert!(
        error.message().contains("min") && error.message().contains("behind the server's"),
        "the sentence names it: {error}"
    );
}

#[tokio::test]
async fn an_unknown_host_is_told_by_its_name() {
    let store = store("http://nobody.invalid:9", "us-east-1", Some(&admin()));
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownHost, "{error:?}");
    assert!(
        error.message().contains("nobody.invalid"),
        "the sentence names the host: {error}"
    );
}

#[tokio::test]
async fn a_closed_port_is_a_refused_connection() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    let store = store(
        &format!("http://127.0.0.1:{port}"),
        "us-east-1",
        Some(&admin()),
    );
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{error:?}");
    assert!(
        error.message().contains(&port.to_string()),
        "the sentence names the port: {error}"
    );
}

#[tokio::test]
async fn tls_to_a_port_without_tls_is_told_as_such() {
    let endpoint = server().endpoint().replace("http://", "https://");
    let store = store(&endpoint, server().region(), Some(&admin()));
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert!(
        error.advice().is_some_and(|text| text.contains("http://")),
        "it shows the way"
    );
}

#[tokio::test]
async fn a_read_only_session_sends_no_change() {
    let bucket = seaweedfs().bucket("guarded").await;
    let proxy = Proxy::start(server().endpoint()).unwrap();
    let mut guarded = connection(&proxy.endpoint(), server().region(), Some(&admin()));
    guarded.read_only = true;
    let store = Store::connect(guarded).unwrap();
    let ctx = store.context();
    let (options, condition) = (WriteOptions::default(), WriteCondition::None);
    let sent = body(b"x".to_vec());
    let changes = [
        store
            .put_object(&ctx, &bucket, &key("k"), &sent, &options, &condition)
            .await
            .err(),
        store
            .delete_object(&ctx, &bucket, &key("k"), None, None)
            .await
            .err(),
        store.delete_bucket(&ctx, &bucket).await.err(),
        store
            .create_upload(&ctx, &bucket, &key("k"), &options)
            .await
            .err(),
    ];
    for error in changes {
        let error = error.expect("every change is refused");
        assert_eq!(error.kind(), ErrorKind::ReadOnlySession, "{error:?}");
    }
    assert!(
        proxy.requests().is_empty(),
        "nothing left the process: {:?}",
        proxy.requests()
    );
    store
        .list_page(&ctx, &flat(&bucket))
        .await
        .expect("reading is free");
}

#[tokio::test]
async fn a_context_of_another_session_is_refused() {
    let store = store(server().endpoint(), server().region(), Some(&admin()));
    let other = RequestContext::of(SessionId::fresh());
    let error = store.list_buckets(&other, None).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::Internal,
        "one identity never acts for another: {error:?}"
    );
}

#[tokio::test]
async fn an_anonymous_session_sends_no_signature() {
    let proxy = Proxy::start(server().endpoint()).unwrap();
    let store = store(&proxy.endpoint(), server().region(), None);
    let error = bucket::list(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AccessDenied, "{error:?}");
    assert!(
        error.retry() == Retry::Never,
        "asking again changes nothing"
    );
    assert_eq!(proxy.requests().len(), 1, "it was asked once, unsigned");
    let sent = &proxy.requests()[0].headers;
    assert!(
        !sent.contains_key("x-amz-date"),
        "no part of a signature is sent: {sent:?}"
    );
}

#[tokio::test]
async fn requests_name_longshore_and_expect_no_continue() {
    let bucket = seaweedfs().bucket("agent").await;
    let proxy = Proxy::start(server().endpoint()).unwrap();
    let mut by_path = connection(&proxy.endpoint(), server().region(), Some(&admin()));
    by_path.path_style = PathStyle::On;
    let store = Store::connect(by_path).unwrap();
    let (options, condition) = (WriteOptions::default(), WriteCondition::None);
    let sent = body(vec![7; 600_000]);
    store
        .put_object(
            &store.context(),
            &bucket,
            &key("k"),
            &sent,
            &options,
            &condition,
        )
        .await
        .unwrap();
    let request = proxy.requests().pop().expect("it went through the proxy");
    let header = |name: &str| request.headers.get(name).map(String::as_str);
    assert!(
        header("user-agent").is_some_and(|agent| agent.contains("Longshore")),
        "{request:?}"
    );
    assert_eq!(
        header("expect"),
        None,
        "a round trip a part is not spent on it"
    );
    assert_eq!(
        header("x-amz-content-sha256"),
        Some("UNSIGNED-PAYLOAD"),
        "loopback is not hashed"
    );
    assert_eq!(
        header("content-length"),
        Some("600000"),
        "the body is not chunked"
    );
    assert!(
        header("x-amz-checksum-crc64nvme").is_some(),
        "it carries our checksum"
    );
}
