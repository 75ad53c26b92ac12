//! A loopback S3 endpoint that makes list pages and swallows objects.
//!
//! A page is rendered once and only the digits of its keys are patched for each request: about
//! 20 µs a page, so that the reader of the page is what takes the time. A PUT's body is read and
//! thrown away. Signatures are not checked. It serves figures, never tests.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// Keys on a page, as S3 gives them.
const PAGE: usize = 1000;
/// Digits of a key's number.
const DIGITS: usize = 9;

/// Serves until the process ends; the address to talk to.
///
/// # Errors
/// When no loopback port can be bound.
pub async fn serve(keys: usize) -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let page = Arc::new(PageTemplate::render());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            let page = Arc::clone(&page);
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(Arc::clone(&page), keys, request));
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
    Ok(address)
}

async fn answer(
    page: Arc<PageTemplate>,
    keys: usize,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let is_list = request.method() == http::Method::GET;
    let from = request.uri().query().map_or(0, |query| token(query).unwrap_or(0));
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
    let mut response = if is_list {
        let mut response = Response::new(Full::new(page.patched(from, keys)));
        response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/xml"));
        response
    } else {
        Response::new(Full::new(Bytes::new()))
    };
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert("etag", http::HeaderValue::from_static("\"d41d8cd98f00b204e9800998ecf8427e\""));
    headers.insert("x-amz-request-id", http::HeaderValue::from_static("SINK"));
    Ok(response)
}

fn token(query: &str) -> Option<usize> {
    query.split('&').find_map(|pair| pair.strip_prefix("continuation-token=")?.parse().ok())
}

/// A page with holes for the digits of its keys.
struct PageTemplate {
    head: Vec<u8>,
    rows: Vec<u8>,
    row: usize,
    hole: usize,
}

impl PageTemplate {
    fn render() -> Self {
        let before = "<Contents><Key>data/2026/part-";
        let after = ".parquet</Key><LastModified>2026-11-14T17:58:00.000Z</LastModified>\
            <ETag>&quot;9b2cf535f27731c974343645a3985328&quot;</ETag><Size>8388608</Size>\
            <StorageClass>STANDARD</StorageClass></Contents>";
        let row = format!("{before}{}{after}", "0".repeat(DIGITS));
        Self {
            head: b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>sink</Name><Prefix></Prefix><MaxKeys>1000</MaxKeys><EncodingType>url</EncodingType>".to_vec(),
            rows: row.repeat(PAGE).into_bytes(),
            row: row.len(),
            hole: before.len(),
        }
    }

    fn patched(&self, from: usize, keys: usize) -> Bytes {
        let count = PAGE.min(keys.saturating_sub(from));
        let mut out = Vec::with_capacity(self.head.len() + self.row * count + 200);
        out.extend_from_slice(&self.head);
        let next = from + count;
        out.extend_from_slice(format!("<KeyCount>{count}</KeyCount>").as_bytes());
        if next < keys {
            out.extend_from_slice(
                format!("<IsTruncated>true</IsTruncated><NextContinuationToken>{next}</NextContinuationToken>").as_bytes(),
            );
        } else {
            out.extend_from_slice(b"<IsTruncated>false</IsTruncated>");
        }
        let start = out.len();
        out.extend_from_slice(&self.rows[..self.row * count]);
        for index in 0..count {
            let mut number = from + index;
            let hole = start + index * self.row + self.hole;
            for digit in out[hole..hole + DIGITS].iter_mut().rev() {
                *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
                number /= 10;
            }
        }
        out.extend_from_slice(b"</ListBucketResult>");
        Bytes::from(out)
    }
}
