//! Under the SDK: the HTTP connector that watches bodies, reads list pages and the server's clock.
//!
//! The SDK signs and sends; this layer sees each request last and each answer first. A large body
//! is handed on in steps, so that a stall is noticed whatever the size of a part; the answer to a
//! ListObjectsV2 is parsed here, straight into a [`crate::store::ListPage`], and the SDK is given
//! an empty one. No redirect is followed, and no proxy is used on the way to this machine.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime};

use aws_sdk_s3::config::{HttpClient, RuntimeComponents, SharedHttpClient};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::{Builder, Connector, tls};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::store::client::Limits;
use crate::store::list_wire::PageSlot;
use crate::store::resolve::Resolver;
use crate::store::root_name::RootName;

/// S3 closes idle connections after about 20 s; one that is reused later hangs or breaks off.
const POOL_IDLE: Duration = Duration::from_secs(15);
/// Enough for every connection of a transfer to stay open between two parts.
const POOL_PER_HOST: usize = 256;
/// Bytes of a body that are handed on at once: two seconds at 1 Mbit/s, and large enough to cost
/// nothing on a fast link.
const STEP: usize = 256 * 1024;

/// Whether a body of so many bytes is watched for stalls rather than limited as a whole.
pub(super) fn is_watched(len: usize) -> bool {
    len > STEP
}

/// Nothing moved for too long.
#[derive(Debug, thiserror::Error)]
#[error("nothing moved for {} s", .0.as_secs())]
pub(super) struct Stalled(pub(super) Duration);

/// Difference of the server's clock to ours, by the `Date` of its answers.
#[derive(Debug)]
pub(super) struct ServerClock(AtomicI64);

impl Default for ServerClock {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl ServerClock {
    /// Seconds that the server is ahead of us; none before the first answer.
    pub(super) fn offset(&self) -> Option<i64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|offset| *offset != i64::MIN)
    }

    fn read(&self, answer: &HttpResponse) {
        // A cached answer carries the time at which it was made.
        if answer.headers().get("age").is_some() {
            return;
        }
        if let Some(offset) = answer.headers().get("date").and_then(offset_of) {
            self.0.store(offset, Ordering::Relaxed);
        }
    }
}

/// Seconds that a `Date` header is ahead of our clock.
pub(super) fn offset_of(date: &str) -> Option<i64> {
    let format = aws_smithy_types::date_time::Format::HttpDate;
    let theirs = aws_smithy_types::DateTime::from_str(date, format)
        .ok()?
        .secs();
    let ours = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()?
        .as_secs();
    Some(theirs - i64::try_from(ours).ok()?)
}

/// The HTTP client of a store; `direct` keeps it from every proxy.
pub(super) fn http_client(
    direct: bool,
    trusted: tls::TlsContext,
    limits: &Limits,
    clock: Arc<ServerClock>,
    sent: Arc<AtomicU64>,
) -> SharedHttpClient {
    let inner = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder()
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(POOL_PER_HOST)
            .proxy_config(if direct {
                ProxyConfig::disabled()
            } else {
                ProxyConfig::from_env()
            });
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector
            .tls_provider(tls::Provider::Rustls(
                tls::rustls_provider::CryptoMode::AwsLc,
            ))
            .tls_context(trusted.clone())
            .build_with_resolver(Resolver)
    });
    SharedHttpClient::new(WatchedClient {
        inner,
        limits: limits.clone(),
        clock,
        sent,
    })
}

#[derive(Debug)]
struct WatchedClient {
    inner: SharedHttpClient,
    limits: Limits,
    clock: Arc<ServerClock>,
    sent: Arc<AtomicU64>,
}

impl HttpClient for WatchedClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(WatchedConnector {
            inner: self.inner.http_connector(settings, components),
            limits: self.limits.clone(),
            clock: Arc::clone(&self.clock),
            sent: Arc::clone(&self.sent),
        })
    }
}

#[derive(Debug)]
struct WatchedConnector {
    inner: SharedHttpConnector,
    limits: Limits,
    clock: Arc<ServerClock>,
    /// Requests that were handed to the network, repetitions too.
    sent: Arc<AtomicU64>,
}

impl HttpConnector for WatchedConnector {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let page = request.extension::<PageSlot>().cloned();
        let root = request.extension::<RootName>().copied();
        let handed = step_through(&mut request);
        let answer = self.inner.call(request);
        let (limits, clock) = (self.limits.clone(), Arc::clone(&self.clock));
        HttpConnectorFuture::new(async move {
            let is_list = page.is_some() || root.is_some();
            let response = match handed {
                Some(handed) => watch(answer, &handed, &limits).await?,
                None if is_list => first_byte(answer, limits.first_byte).await?,
                None => answer.await?,
            };
            clock.read(&response);
            match (page, root) {
                _ if !response.status().is_success() => Ok(response),
                (Some(slot), _) => slot.read(response, limits.stall).await,
                (None, Some(root)) => root.correct(response, limits.stall).await,
                (None, None) => Ok(response),
            }
        })
    }
}

/// Waits for the head of an answer.
async fn first_byte(
    answer: HttpConnectorFuture,
    limit: Duration,
) -> Result<HttpResponse, ConnectorError> {
    tokio::time::timeout(limit, answer)
        .await
        .unwrap_or_else(|_| Err(ConnectorError::timeout(Stalled(limit).into())))
}

/// How much of a body was handed to the connection.
#[derive(Debug)]
struct Handed {
    bytes: AtomicU64,
    total: u64,
}

/// Makes a large body go in steps; none when it is small enough for the call's own time limit.
fn step_through(request: &mut HttpRequest) -> Option<Arc<Handed>> {
    let total = request
        .body()
        .content_length()
        .filter(|total| *total > STEP as u64)?;
    let handed = Arc::new(Handed {
        bytes: AtomicU64::new(0),
        total,
    });
    let body = std::mem::replace(request.body_mut(), SdkBody::taken());
    *request.body_mut() = SdkBody::from_body_1_x(SteppedBody {
        inner: body,
        rest: Bytes::new(),
        handed: Arc::clone(&handed),
    });
    Some(handed)
}

/// Waits for the answer as long as the body keeps moving.
async fn watch(
    answer: HttpConnectorFuture,
    handed: &Handed,
    limits: &Limits,
) -> Result<HttpResponse, ConnectorError> {
    let mut answer = std::pin::pin!(answer);
    let mut seen = 0;
    loop {
        let limit = if seen >= handed.total {
            limits.answer
        } else {
            limits.stall
        };
        if let Ok(answer) = tokio::time::timeout(limit, answer.as_mut()).await {
            return answer;
        }
        let now = handed.bytes.load(Ordering::Relaxed);
        if now == seen {
            return Err(ConnectorError::timeout(Stalled(limit).into()));
        }
        seen = now;
    }
}

/// A body that is handed on in steps of [`STEP`] bytes without copying.
struct SteppedBody {
    inner: SdkBody,
    rest: Bytes,
    handed: Arc<Handed>,
}

impl Body for SteppedBody {
    type Data = Bytes;
    type Error = aws_smithy_types::body::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        while this.rest.is_empty() {
            match std::task::ready!(Pin::new(&mut this.inner).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => this.rest = data,
                    Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
                },
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
        let step = this.rest.split_to(this.rest.len().min(STEP));
        this.handed
            .bytes
            .fetch_add(step.len() as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(step))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.handed.total - self.handed.bytes.load(Ordering::Relaxed))
    }
}
