//! The store against servers of a few lines each that answer whatever a test says.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future,
};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::client::Limits;
use super::*;
use crate::error::{Error, ErrorKind};
use crate::model::SessionId;

/// What a test server does with the nth request.
type Script = Arc<dyn Fn(usize) -> String + Send + Sync>;

/// A server that answers by a script and keeps the heads of its requests.
struct Stranger {
    endpoint: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Stranger {
    async fn answering(script: impl Fn(usize) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let heads = Arc::new(Mutex::new(Vec::new()));
        let (kept, script) = (Arc::clone(&heads), Arc::new(script) as Script);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (kept, script) = (Arc::clone(&kept), Arc::clone(&script));
                tokio::spawn(async move {
                    let head = read_request(&mut stream).await;
                    let nth = {
                        let mut kept = kept.lock().unwrap();
                        kept.push(head);
                        kept.len()
                    };
                    let _ = stream.write_all(script(nth).as_bytes()).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { endpoint, heads }
    }

    async fn saying(answer: &str) -> Self {
        let answer = answer.to_owned();
        Self::answering(move |_| answer.clone()).await
    }

    fn requests(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// Reads a head and as much body as it announces.
async fn read_request(stream: &mut tokio::net::TcpStream) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), vec![0; 16 * 1024]);
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(end) = text.find("\r\n\r\n") {
            let announced = text
                .lines()
                .find_map(|line| {
                    line.to_ascii_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if bytes.len() >= end + 4 + announced {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return text,
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
        }
    }
}

fn http(status: &str, kind: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

fn refusal(status: &str, code: &str) -> String {
    http(
        status,
        "application/xml",
        &format!("<Error><Code>{code}</Code></Error>"),
    )
}

fn connection(endpoint: &str, credentials: SharedCredentialsProvider) -> Connection {
    Connection {
        session: SessionId::fresh(),
        name: "quay".into(),
        endpoint_url: Some(endpoint.to_owned()),
        region: Region::new("us-east-1"),
        path_style: PathStyle::Auto,
        credentials: Some(credentials),
        drop_credentials: None,
        trust_plain_http: false,
        read_only: false,
    }
}

fn some_keys() -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new("AKID", "secret", None, None, "test"))
}

/// Short where a test waits for the limit itself, far beyond what any other test needs.
fn limits() -> Limits {
    let patient = Duration::from_secs(120);
    Limits {
        quick: patient,
        long: patient,
        stall: patient,
        answer: patient,
    }
}

fn store(endpoint: &str) -> Store {
    Store::connect_within(connection(endpoint, some_keys()), limits()).unwrap()
}

fn bucket() -> BucketName {
    BucketName::parse("harbour").unwrap()
}

fn key() -> ObjectKey {
    ObjectKey::parse("crate/7").unwrap()
}

fn page() -> ListRequest {
    ListRequest {
        bucket: bucket(),
        prefix: Prefix::new(""),
        delimiter: None,
        start_after: None,
        token: None,
        max_keys: 1000,
    }
}

async fn put(store: &Store, bytes: usize) -> crate::Result<WriteReceipt> {
    let bytes = Bytes::from(vec![7; bytes]);
    let body = Body {
        crc64: Crc64::of(&bytes),
        bytes,
    };
    let options = WriteOptions::default();
    store
        .put_object(
            &store.context(),
            &bucket(),
            &key(),
            &body,
            &options,
            &WriteCondition::None,
        )
        .await
}

const HTML: &str = "<!DOCTYPE html><html><body>Welcome to the router</body></html>";

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
async fn a_page_that_makes_no_sense_never_ends_a_listing() {
    let more = "<IsTruncated>true</IsTruncated>";
    let row = |size: &str| format!("<Contents><Key>k</Key><Size>{size}</Size></Contents>");
    let nonsense = [
        ("no token", more.to_owned()),
        (
            "an empty token",
            format!("{more}<NextContinuationToken></NextContinuationToken>"),
        ),
        ("a size below nothing", row("-1")),
        ("a size beyond all", row("99999999999999999999")),
        ("no size", "<Contents><Key>k</Key></Contents>".to_owned()),
        ("no key", "<Contents><Size>1</Size></Contents>".to_owned()),
        (
            "a time that is none",
            format!(
                "{}<Contents><LastModified>soon</LastModified></Contents>",
                row("1")
            ),
        ),
        (
            "an entity of its own",
            "<Contents><Key>&xxe;</Key><Size>1</Size></Contents>".to_owned(),
        ),
        ("an end too early", "<Contents><Key>k".to_owned()),
    ];
    for (what, inside) in nonsense {
        let whole = match what {
            "an end too early" => format!("<ListBucketResult>{inside}"),
            _ => format!("<ListBucketResult>{inside}</ListBucketResult>"),
        };
        let stranger = Stranger::saying(&http("200 OK", "application/xml", &whole)).await;
        let store = store(&stranger.endpoint);
        let error = store
            .list_page(&store.context(), &page())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotS3, "{what}: {error:?}");
    }
}

#[tokio::test]
async fn a_token_that_leads_back_is_noticed() {
    let body = "<ListBucketResult><IsTruncated>true</IsTruncated>\
                <NextContinuationToken>again</NextContinuationToken></ListBucketResult>";
    let stranger = Stranger::saying(&http("200 OK", "application/xml", body)).await;
    let store = store(&stranger.endpoint);
    let first = store.list_page(&store.context(), &page()).await.unwrap();
    assert_eq!(
        first.next_token.as_deref(),
        Some("again"),
        "the first time it may be new"
    );
    let request = ListRequest {
        token: first.next_token,
        ..page()
    };
    let error = store
        .list_page(&store.context(), &request)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotS3, "{error:?}");
}

#[tokio::test]
async fn a_page_that_breaks_off_is_a_broken_connection() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<ListBucketResult>";
    let stranger = Stranger::saying(answer).await;
    let store = store(&stranger.endpoint);
    let error = store
        .list_page(&store.context(), &page())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Offline, "{error:?}");
    assert_eq!(stranger.requests().len(), 3, "it is worth three attempts");
}

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_call_sent_once_more() {
    let stranger = Stranger::answering(|nth| match nth {
        1 => refusal("400 Bad Request", "ExpiredToken"),
        _ => http("200 OK", "application/xml", "<ListAllMyBucketsResult/>"),
    })
    .await;
    let asked = Arc::new(AtomicUsize::new(0));
    let keys = SharedCredentialsProvider::new(Renewing(Arc::clone(&asked)));
    let mut connection = connection(&stranger.endpoint, keys);
    let dropped = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&dropped);
    connection.drop_credentials = Some(DropCredentials::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    }));
    let store = Store::connect_within(connection, limits()).unwrap();
    store.list_buckets(&store.context(), None).await.unwrap();
    assert_eq!(
        dropped.load(Ordering::Relaxed),
        1,
        "the provider dropped what it held"
    );
    assert_eq!(
        asked.load(Ordering::Relaxed),
        2,
        "the provider was asked again"
    );
    let requests = stranger.requests();
    assert!(
        requests[1].contains("AKID2"),
        "the second request is signed with the new key"
    );
}

#[tokio::test]
async fn a_token_that_stays_expired_asks_for_a_sign_in() {
    let stranger = Stranger::saying(&refusal("400 Bad Request", "ExpiredToken")).await;
    let store = store(&stranger.endpoint);
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ExpiredCredentials, "{error:?}");
    assert_eq!(
        error.retry(),
        crate::Retry::AfterSignIn,
        "only a person can help"
    );
    assert_eq!(
        stranger.requests().len(),
        2,
        "renewed once and not for ever"
    );
}

/// Gives another key each time.
#[derive(Debug)]
struct Renewing(Arc<AtomicUsize>);

impl ProvideCredentials for Renewing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let nth = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let keys = Credentials::new(format!("AKID{nth}"), "secret", None, None, "test");
        future::ProvideCredentials::ready(Ok(keys))
    }
}

/// Fails as our own providers do: with an error of ours inside.
#[derive(Debug)]
struct Locked;

impl ProvideCredentials for Locked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let ours = Error::new(
            ErrorKind::KeychainLocked,
            "Keychain",
            "The keychain is locked",
        );
        future::ProvideCredentials::ready(Err(CredentialsError::provider_error(ours)))
    }
}

/// Has nothing.
#[derive(Debug)]
struct Without;

impl ProvideCredentials for Without {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let error = CredentialsError::not_loaded("no keys anywhere");
        future::ProvideCredentials::ready(Err(error))
    }
}

#[tokio::test]
async fn a_provider_that_fails_is_told_with_its_own_reason() {
    let stranger = Stranger::saying(&refusal("403 Forbidden", "AccessDenied")).await;
    let locked = connection(&stranger.endpoint, SharedCredentialsProvider::new(Locked));
    let store = Store::connect_within(locked, limits()).unwrap();
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeychainLocked, "{error:?}");
    let without = connection(&stranger.endpoint, SharedCredentialsProvider::new(Without));
    let store = Store::connect_within(without, limits()).unwrap();
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NeedsSignIn, "{error:?}");
    assert!(
        error.message().contains("quay"),
        "the sentence names the session: {error}"
    );
    assert!(
        stranger.requests().is_empty(),
        "nothing was sent without credentials"
    );
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
