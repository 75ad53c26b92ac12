//! One request: recorded, decided, forwarded or not, answered or not.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use http::header::CONNECTION;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::answer;
use super::record::Entry;
use super::rule::{Action, Gate, Rules};
use super::shape::{Body, BoxError, Cut, Direction, Shape, shaped};

/// What all connections of a proxy share.
#[derive(Debug)]
pub(super) struct State {
    upstream: String,
    pub(super) rules: Rules,
    records: Mutex<Vec<Arc<Entry>>>,
}

impl State {
    pub(super) fn new(upstream: &str) -> Self {
        Self {
            upstream: upstream.to_owned(),
            rules: Rules::default(),
            records: Mutex::new(Vec::new()),
        }
    }

    pub(super) fn records(&self) -> MutexGuard<'_, Vec<Arc<Entry>>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An exchange between one client and the server.
struct Exchange {
    state: Arc<State>,
    entry: Arc<Entry>,
    /// Resets the connection to the client.
    abort: CancellationToken,
    /// Whether the request carries a body; a rule that counts bytes counts these then.
    has_body: bool,
}

/// Handles one request on a connection that `abort` resets.
pub(super) async fn handle(
    state: Arc<State>,
    abort: CancellationToken,
    request: Request<Incoming>,
) -> Result<Response<Body>, BoxError> {
    let (head, body) = request.into_parts();
    let entry = Arc::new(Entry::new(&head));
    // Recorded first: who waits for a rule to be applied may look at the record then.
    state.records().push(Arc::clone(&entry));
    let decided = state.rules.decide(&entry.snapshot());
    if let Some((action, _)) = &decided {
        entry.ruled(action);
    }
    let has_body = !body.is_end_stream();
    let exchange = Exchange {
        state,
        entry: Arc::clone(&entry),
        abort,
        has_body,
    };
    let request = Request::from_parts(head, body);
    let response = match decided {
        Some((action, gate)) => exchange.under_rule(action, gate, request).await?,
        None => {
            exchange
                .pass(request, Shape::default(), Shape::default())
                .await?
        }
    };
    entry.answered(response.status().as_u16());
    Ok(response)
}

impl Exchange {
    async fn under_rule(
        self,
        action: Action,
        gate: Arc<Gate>,
        request: Request<Incoming>,
    ) -> Result<Response<Body>, BoxError> {
        match action {
            Action::Refuse => self.reset().await,
            Action::ResetBeforeHeaders => {
                self.drain(request).await;
                self.reset().await
            }
            Action::CommittedButLost => {
                let response = self.send(request, Shape::default()).await?;
                self.entry.answered(response.status().as_u16());
                response.into_body().collect().await?;
                self.reset().await
            }
            Action::Hold => {
                gate.opened().await;
                self.pass(request, Shape::default(), Shape::default()).await
            }
            Action::Delay { millis } => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                self.pass(request, Shape::default(), Shape::default()).await
            }
            Action::ResetAfter { .. }
            | Action::Stall { .. }
            | Action::Throttle { .. }
            | Action::FlipBit { .. }
            | Action::FlipBitSent { .. } => {
                let (sent, returned) = shapes(&action, gate, self.has_body);
                self.pass(request, sent, returned).await
            }
            Action::NoETag | Action::WrongETag | Action::ReplaceBody { .. } => {
                answer::rewritten(&action, self.send(request, Shape::default()).await?).await
            }
            Action::Header { name, value } => {
                let sent = self.pass(request, Shape::default(), Shape::default());
                Ok(with_header(sent.await?, &name, value.as_deref()))
            }
            Action::Pass => self.pass(request, Shape::default(), Shape::default()).await,
            own => Ok(self.answer(own, request).await),
        }
    }

    /// Reads the request and answers in the server's place.
    async fn answer(self, action: Action, request: Request<Incoming>) -> Response<Body> {
        self.drain(request).await;
        match action {
            Action::Status {
                status,
                code,
                body,
                headers,
            } => {
                let mut response = match body {
                    Some(body) => answer::whole(status, body.into()),
                    None => answer::s3_error(status, &code, ""),
                };
                for (name, value) in &headers {
                    answer::set(&mut response, name, value);
                }
                response
            }
            Action::Ok200WithError { code } => answer::s3_error(200, &code, ""),
            Action::DateSkew { seconds } => answer::skewed(seconds),
            Action::Redirect {
                status,
                location,
                region,
            } => answer::redirect(status, &location, &region),
            other => answer::s3_error(500, &format!("{other:?}"), ""),
        }
    }

    /// Forwards and passes the response on.
    async fn pass(
        self,
        request: Request<Incoming>,
        sent: Shape,
        returned: Shape,
    ) -> Result<Response<Body>, BoxError> {
        let (entry, abort) = (Arc::clone(&self.entry), self.abort.clone());
        let response = self.send(request, sent).await?;
        Ok(response.map(|body| shaped(body, Direction::Response, returned, entry, abort)))
    }

    /// Forwards on a connection of its own. A server that cannot be reached is a bad gateway, so
    /// that it is told from a fault that a rule made.
    async fn send(
        &self,
        request: Request<Incoming>,
        shape: Shape,
    ) -> Result<Response<Incoming>, BoxError> {
        let (mut head, body) = request.into_parts();
        head.headers.remove(CONNECTION);
        let (entry, abort) = (Arc::clone(&self.entry), self.abort.clone());
        let body = shaped(body, Direction::Request, shape, entry, abort);
        let sent = forward(&self.state.upstream, Request::from_parts(head, body)).await;
        sent.inspect_err(|error| tracing::warn!(%error, "not forwarded"))
            .map_err(Into::into)
    }

    async fn drain(&self, request: Request<Incoming>) {
        let (entry, abort) = (Arc::clone(&self.entry), self.abort.clone());
        let body = shaped(
            request.into_body(),
            Direction::Request,
            Shape::default(),
            entry,
            abort,
        );
        let _ = body.collect().await;
    }

    /// Resets the connection; what is returned is never seen.
    async fn reset(self) -> Result<Response<Body>, BoxError> {
        self.abort.cancel();
        std::future::pending().await
    }
}

/// The shapes of the request's and the response's body.
fn shapes(action: &Action, gate: Arc<Gate>, has_body: bool) -> (Shape, Shape) {
    let cut = match action {
        Action::ResetAfter { bytes } => Some((*bytes, Cut::Reset)),
        Action::Stall { bytes } => Some((*bytes, Cut::Stall(gate))),
        _ => None,
    };
    let (sent_cut, returned_cut) = if has_body { (cut, None) } else { (None, cut) };
    let bytes_per_second = match action {
        Action::Throttle { bytes_per_second } => Some(*bytes_per_second),
        _ => None,
    };
    let (sent_flip, returned_flip) = match action {
        Action::FlipBitSent { at } => (Some(*at), None),
        Action::FlipBit { at } => (None, Some(*at)),
        _ => (None, None),
    };
    (
        Shape {
            bytes_per_second,
            flip_at: sent_flip,
            cut: sent_cut,
        },
        Shape {
            bytes_per_second,
            flip_at: returned_flip,
            cut: returned_cut,
        },
    )
}

fn with_header(mut response: Response<Body>, name: &str, value: Option<&str>) -> Response<Body> {
    match value {
        Some(value) => answer::set(&mut response, name, value),
        None => drop(response.headers_mut().remove(name)),
    }
    response
}

async fn forward(upstream: &str, request: Request<Body>) -> Result<Response<Incoming>> {
    let stream = TcpStream::connect(upstream)
        .await
        .with_context(|| format!("cannot reach {upstream}"))?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender.send_request(request).await?)
}
