//! A proxy that stands between Longshore and a server, counts what crosses it and breaks what a
//! rule tells it to break.
//!
//! Transparent otherwise: method, target, headers (`Host` too) and body go through unchanged, so
//! the client signs for the proxy's address and the server checks the signature against the same
//! `Host`. Each request opens its own connection to the server: a pooled one that went stale would
//! be a failure that no rule asked for.
//!
//! Every request is recorded when its head arrives, and its byte counts move while it runs, so
//! [`Proxy::requests`] is the witness of what was really sent. The first rule that applies to a
//! request wins ([`Rule`]). The proxy has a runtime of its own: a test that blocks its thread does
//! not block the proxy.
//!
//! Not a judge of S3: it never checks a signature and knows no operation, only methods, paths and
//! query parameters.

mod answer;
pub mod control;
mod forward;
mod record;
pub mod rule;
mod shape;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use self::forward::State;
pub use self::record::Recorded;
pub use self::rule::{Action, Rule, RuleId};

/// How long [`Proxy::arrived`] waits: longer than the slowest machine needs.
const ARRIVES_WITHIN: Duration = Duration::from_secs(120);

/// A running proxy; dropping it closes its port and every connection.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    runtime: Option<Runtime>,
    listening: Mutex<Option<Listening>>,
}

/// The accept loop and all connections that came out of it.
#[derive(Debug)]
struct Listening {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Proxy {
    /// Listens on a free loopback port and forwards to `upstream` (`http://HOST:PORT`).
    ///
    /// # Errors
    /// When `upstream` is not plain http or no port can be bound.
    pub fn start(upstream: &str) -> Result<Self> {
        Self::start_on(upstream, 0)
    }

    /// Like [`Proxy::start`], on a given port.
    ///
    /// # Errors
    /// When the port is taken or `upstream` is not plain http.
    pub fn start_on(upstream: &str, port: u16) -> Result<Self> {
        let Some(authority) = upstream.strip_prefix("http://") else {
            bail!("{upstream} is not an http:// address");
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("proxy")
            .enable_all()
            .build()?;
        let listener = bind(port)?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::new(authority.trim_end_matches('/')));
        let proxy = Self {
            address,
            state,
            runtime: Some(runtime),
            listening: Mutex::new(None),
        };
        proxy.listen(listener);
        Ok(proxy)
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a rule after the rules that are there.
    pub fn add(&self, rule: Rule) -> RuleId {
        self.state.rules.add(rule)
    }

    /// Adds a rule under which matching requests wait before a byte of them goes on, until
    /// [`Proxy::release`].
    pub fn hold(&self, rule: Rule) -> RuleId {
        self.add(rule.then(Action::Hold))
    }

    /// Lets the requests go on that a rule holds, now and later, and ends those that it stalls.
    pub fn release(&self, rule: RuleId) {
        self.state.rules.release(rule);
    }

    /// Waits until a rule has been applied to `count` requests.
    ///
    /// # Errors
    /// When that does not happen within two minutes.
    pub async fn arrived(&self, rule: RuleId, count: usize) -> Result<()> {
        let waiting = self.state.rules.wait_for(rule, count);
        let Ok(()) = tokio::time::timeout(ARRIVES_WITHIN, waiting).await else {
            bail!(
                "{count} requests did not reach rule {rule:?}: {:#?}",
                self.requests()
            );
        };
        Ok(())
    }

    /// How often a rule has been applied.
    #[must_use]
    pub fn applied(&self, rule: RuleId) -> usize {
        self.state.rules.applied(rule)
    }

    /// Removes all rules, lets held requests go on and ends stalled ones.
    pub fn clear(&self) {
        self.state.rules.clear();
    }

    /// Forgets the requests recorded so far.
    pub fn forget(&self) {
        self.state.records().clear();
    }

    /// Every request since the start or the last [`Proxy::forget`], oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.state
            .records()
            .iter()
            .map(|entry| entry.snapshot())
            .collect()
    }

    /// The requests that `rule` would match, whatever its action, `nth` and `times` say.
    #[must_use]
    pub fn requests_like(&self, rule: &Rule) -> Vec<Recorded> {
        self.requests()
            .into_iter()
            .filter(|request| rule.matches(request))
            .collect()
    }

    /// The body bytes received for part `part` of the object whose path ends in `key`, over all
    /// attempts.
    #[must_use]
    pub fn bytes_of_part(&self, key: &str, part: u32) -> u64 {
        self.bytes_of_parts(key)
            .get(&part)
            .copied()
            .unwrap_or_default()
    }

    /// The body bytes received for each part of the object whose path ends in `key`, over all
    /// attempts.
    #[must_use]
    pub fn bytes_of_parts(&self, key: &str) -> BTreeMap<u32, u64> {
        let mut parts = BTreeMap::new();
        for request in self.requests() {
            if let (true, "PUT", Some(part)) = (
                request.path.ends_with(key),
                request.method.as_str(),
                request.part_number,
            ) {
                *parts.entry(part).or_default() += request.body_received;
            }
        }
        parts
    }

    /// Closes the port and every connection: a new connection is refused until
    /// [`Proxy::go_online`].
    pub async fn go_offline(&self) {
        let listening = self.locked_listening().take();
        if let Some(listening) = listening {
            listening.stop.cancel();
            let _ = listening.task.await;
        }
    }

    /// Listens again on the same port.
    ///
    /// # Errors
    /// When the port is no longer free.
    pub async fn go_online(&self) -> Result<()> {
        if self.locked_listening().is_some() {
            return Ok(());
        }
        self.listen(bind(self.address.port())?);
        Ok(())
    }

    fn listen(&self, listener: std::net::TcpListener) {
        let Some(runtime) = &self.runtime else { return };
        let stop = CancellationToken::new();
        let accepting = accept(listener, Arc::clone(&self.state), stop.clone());
        let task = runtime.spawn(accepting);
        *self.locked_listening() = Some(Listening { stop, task });
    }

    fn locked_listening(&self) -> std::sync::MutexGuard<'_, Option<Listening>> {
        self.listening
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // A plain drop would wait, and waiting is refused inside another runtime.
            runtime.shutdown_background();
        }
    }
}

fn bind(port: u16) -> Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", port))
        .with_context(|| format!("cannot listen on 127.0.0.1:{port}"))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

async fn accept(listener: std::net::TcpListener, state: Arc<State>, stop: CancellationToken) {
    let listener = match TcpListener::from_std(listener) {
        Ok(listener) => listener,
        Err(error) => {
            tracing::error!(%error, "the proxy cannot listen");
            return;
        }
    };
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                tokio::spawn(serve(stream, Arc::clone(&state), stop.child_token()));
            }
        }
    }
}

/// Serves one connection until it ends by itself or `abort` resets it.
async fn serve(stream: TcpStream, state: Arc<State>, abort: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let handled = {
        let abort = abort.clone();
        hyper::service::service_fn(move |request| {
            forward::handle(Arc::clone(&state), abort.clone(), request)
        })
    };
    let mut connection =
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), handled);
    tokio::select! {
        _ = &mut connection => {}
        () = abort.cancelled() => {
            // With no time to linger the kernel sends RST instead of FIN.
            let stream = connection.into_parts().io.into_inner();
            let _ = stream.set_zero_linger();
        }
    }
}
