//! S3 servers that nobody here wrote, started by the tests on free loopback ports.
//!
//! [`SeaweedFs`] checks signatures, policies, versions and checksums and is the honest judge;
//! [`Moto`] knows more request shapes and checks no signature. Both take random credentials a
//! start, so a request that reaches the server of another test process is refused instead of
//! believed. One server serves a whole test process ([`SeaweedFs::shared`]); tests keep apart by
//! buckets of their own ([`Server::fresh_bucket`]).

mod moto;
mod seaweedfs;

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use uuid::Uuid;

pub use self::moto::Moto;
pub use self::seaweedfs::{Identity, SeaweedFs};
use crate::process::ServerProcess;
use crate::s3::{Keys, S3};

/// How long a server may take until it answers. It takes 3 s on an idle machine; CI is not idle.
const READY_WITHIN: Duration = Duration::from_secs(120);
/// A port may be taken between our look and the server's bind, so a start is tried again.
const STARTS: usize = 4;
/// Below the kernel's ephemeral range, where no outgoing connection takes a port meanwhile.
const PORTS: std::ops::Range<u64> = 15_000..32_000;

/// Where a running server is and how to sign for it.
#[derive(Debug, Clone)]
pub struct Server {
    endpoint: String,
    keys: Keys,
    region: String,
}

impl Server {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The administrator's access key id.
    #[must_use]
    pub fn access_key(&self) -> &str {
        &self.keys.access_key
    }

    /// The administrator's secret access key.
    #[must_use]
    pub fn secret_key(&self) -> &str {
        &self.keys.secret_key
    }

    /// The region that signatures are scoped to.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// A client of its own hand, signing as the administrator.
    #[must_use]
    pub fn client(&self) -> S3 {
        S3::new(&self.endpoint, &self.region, self.keys.clone())
    }

    /// A client that signs with other keys, or with none.
    #[must_use]
    pub fn client_as(&self, keys: Keys) -> S3 {
        S3::new(&self.endpoint, &self.region, keys)
    }

    /// Creates an empty bucket whose name no other test has, starting with `purpose`.
    ///
    /// # Errors
    /// When the server refuses it.
    pub async fn fresh_bucket(&self, purpose: &str) -> Result<String> {
        let name = fresh_name(purpose);
        self.client().create_bucket(&name).await?;
        Ok(name)
    }
}

/// A bucket name that is used once, starting with `purpose`.
#[must_use]
pub fn fresh_name(purpose: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{purpose}-{}-{count}", &token()[..8]).to_lowercase()
}

/// 16 hexadecimal digits that nobody can guess.
fn token() -> String {
    let digits = Uuid::now_v7().simple().to_string();
    digits[16..].to_owned()
}

/// `count` loopback ports that were free a moment ago.
fn free_ports(count: usize) -> Result<Vec<u16>> {
    let mut held = Vec::new();
    let mut ports = Vec::new();
    for _ in 0..count * 200 {
        let random = u64::from_str_radix(&token()[8..], 16)?;
        let port = u16::try_from(PORTS.start + random % (PORTS.end - PORTS.start))?;
        // Holding the listeners keeps the same port from being handed out twice.
        if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
            held.push(listener);
            ports.push(port);
            if ports.len() == count {
                return Ok(ports);
            }
        }
    }
    bail!("found only {} of {count} free loopback ports", ports.len())
}

/// Starts a server again with other ports until one of them answers.
fn start_until_ready<T>(name: &str, start: impl Fn() -> Result<T>) -> Result<T> {
    let mut last = None;
    for _ in 0..STARTS {
        match start() {
            Ok(server) => return Ok(server),
            Err(error) => last = Some(error),
        }
    }
    let error = last.context("the server was never started")?;
    Err(error.context(format!("{name} did not become ready in {STARTS} starts")))
}

/// Waits until `server` answers a signed request and keeps an object, or until its process ends.
///
/// Blocks the calling thread; the requests run on a thread of their own, since the caller may be
/// inside a runtime already.
fn wait_until_ready(server: &Server, process: &ServerProcess) -> Result<()> {
    let deadline = std::time::Instant::now() + READY_WITHIN;
    loop {
        let probed = server.clone();
        let answer = std::thread::spawn(move || probe(&probed));
        let answer = answer.join().unwrap_or_else(|_| bail!("the probe died"));
        let Err(error) = answer else { return Ok(()) };
        if let Some(status) = process.exited() {
            bail!("the server ended with {status}:\n{}", process.log_tail());
        }
        if std::time::Instant::now() > deadline {
            return Err(error.context(format!("the server's log:\n{}", process.log_tail())));
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A whole round: a bucket, an object, its bytes, both removed.
fn probe(server: &Server) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let client = server.client();
        let bucket = "longshore-probe";
        let _ = client.create_bucket(bucket).await;
        client.put(bucket, "probe", "ready").await?;
        let body = client.get(bucket, "probe").await?;
        anyhow::ensure!(body == "ready", "the probe read {body:?}");
        client.delete(bucket, "probe").await?;
        client.delete_bucket(bucket).await
    })
}
