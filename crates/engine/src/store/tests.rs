//! The store against servers of a few lines each that answer whatever a test says.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::client::Limits;
use super::*;
use crate::model::SessionId;

mod answers;
mod credentials;
mod pages;
mod silence;

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
        role: None,
        ca_bundle: None,
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
        first_byte: patient,
        page: patient,
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
