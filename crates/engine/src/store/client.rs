//! The client of one connection: every override of the SDK, one client a region and style.
//!
//! The SDK's defaults are wrong for a browser of other people's servers: it retries on its own
//! quota, cuts slow uploads off, keeps idle connections longer than S3 does, never times an
//! attempt out and adds checksums that many servers refuse. All of it is set here, once; calls go
//! through [`Store::run`] in `attempt`, which repeats and redirects.
//!
//! Invariant: the host of a custom endpoint never changes; a redirect may only change the region.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{
    AppName, BehaviorVersion, IdentityCache, RequestChecksumCalculation,
    ResponseChecksumValidation, SharedHttpClient, StalledStreamProtectionConfig,
    retry::RetryConfig, timeout::TimeoutConfig,
};
use url::Url;

use crate::capability::{Capabilities, Feature};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{BucketName, Region, SessionId};
use crate::store::region::Regions;
use crate::store::{Connection, PathStyle, RequestContext, trust, wire};

/// A TCP and TLS handshake over a slow mobile link takes one to two seconds; beyond this the
/// address is dead.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// A token must outlive the slowest part that is signed with it.
const IDENTITY_BUFFER: Duration = Duration::from_secs(5 * 60);
/// A provider may wait for a person at a prompt or for a slow process.
const IDENTITY_TIMEOUT: Duration = Duration::from_secs(120);

/// How long the store waits, by what it waits for.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    /// A call without a body to speak of, from begin to end.
    pub(crate) quick: Duration,
    /// For the first byte of a list's page: a server that is silent for longer is not working on
    /// it, and somebody looks at an empty window meanwhile.
    pub(crate) first_byte: Duration,
    /// A list's page from begin to end, over a slow link.
    pub(crate) page: Duration,
    /// A call in which the server moves whole objects (Complete, Copy).
    pub(crate) long: Duration,
    /// Without a byte taken or given while a body is on its way.
    pub(crate) stall: Duration,
    /// For the answer after the last byte of a body was handed to the system, whose buffers may
    /// still be draining.
    pub(crate) answer: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            quick: Duration::from_secs(30),
            first_byte: Duration::from_secs(30),
            page: Duration::from_secs(120),
            long: Duration::from_secs(15 * 60),
            // A slow uplink wakes us only when a good part of the system's buffer has drained.
            stall: Duration::from_secs(60),
            answer: Duration::from_secs(120),
        }
    }
}

/// One session's S3. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    connection: Connection,
    endpoint: Option<Url>,
    capabilities: Capabilities,
    limits: Limits,
    http: SharedHttpClient,
    clock: Arc<wire::ServerClock>,
    sent: Arc<AtomicU64>,
    regions: Regions,
    clients: Mutex<HashMap<(Region, bool), Client>>,
}

impl Store {
    /// A store on a connection; nothing is sent yet.
    ///
    /// # Errors
    /// `InvalidInput` when the endpoint is no http(s) URL, or the file of authorities is none.
    pub fn connect(connection: Connection) -> Result<Self> {
        Self::connect_within(connection, Limits::default())
    }

    /// A store that waits as long as it is told.
    ///
    /// # Errors
    /// As [`Store::connect`].
    pub(crate) fn connect_within(connection: Connection, limits: Limits) -> Result<Self> {
        let endpoint = connection
            .endpoint_url
            .as_deref()
            .map(read_endpoint)
            .transpose()?;
        let clock = Arc::new(wire::ServerClock::default());
        let direct = endpoint.as_ref().is_some_and(is_loopback);
        let sent = Arc::default();
        let trusted = trust::authorities(connection.ca_bundle.as_deref())?;
        let http = wire::http_client(
            direct,
            trusted,
            &limits,
            Arc::clone(&clock),
            Arc::clone(&sent),
        );
        Ok(Self {
            inner: Arc::new(Inner {
                connection,
                endpoint,
                capabilities: Capabilities::default(),
                limits,
                http,
                clock,
                sent,
                regions: Regions::default(),
                clients: Mutex::default(),
            }),
        })
    }

    /// The session that acts.
    pub fn session(&self) -> &SessionId {
        &self.inner.connection.session
    }

    /// The connection.
    pub fn connection(&self) -> &Connection {
        &self.inner.connection
    }

    /// The plain context of its session.
    pub fn context(&self) -> RequestContext {
        RequestContext::of(self.inner.connection.session.clone())
    }

    /// What the connection was found to be able to do.
    pub fn capabilities(&self) -> &Capabilities {
        &self.inner.capabilities
    }

    /// Whether conditions on writes are known to be enforced: AWS documents it, of another server
    /// only a refused condition proves it.
    pub fn enforces_conditions(&self) -> bool {
        self.inner.endpoint.is_none()
            || self.inner.capabilities.known(Feature::ConditionalWrite) == Some(true)
    }

    /// Seconds that the server's clock is ahead of ours by its last answer; none before one.
    pub fn clock_offset_seconds(&self) -> Option<i64> {
        self.inner.clock.offset()
    }

    /// Requests that this store has sent since it was made, repetitions too.
    pub fn requests_sent(&self) -> u64 {
        self.inner.sent.load(Ordering::Relaxed)
    }

    /// Whether requests go over plain http to another machine, where others can read them.
    pub fn is_plain_http_to_another_host(&self) -> bool {
        self.inner
            .endpoint
            .as_ref()
            .is_some_and(|url| url.scheme() == "http" && !is_loopback(url))
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.inner.limits
    }

    pub(super) fn regions(&self) -> &Regions {
        &self.inner.regions
    }

    /// Whether a body may go without being hashed into the signature: TLS protects it, or it never
    /// leaves the machine, or the person said so for this connection.
    pub(super) fn may_leave_payload_unsigned(&self) -> bool {
        self.inner.connection.trust_plain_http || !self.is_plain_http_to_another_host()
    }

    /// The client for a bucket: its region where it is known, its style of address.
    pub(super) fn client_for(&self, ctx: &RequestContext, bucket: Option<&BucketName>) -> Client {
        let region = bucket
            .and_then(|bucket| self.inner.regions.of(bucket))
            .unwrap_or_else(|| self.inner.connection.region.clone());
        let by_path = self.addresses_by_path(ctx, bucket);
        let mut clients = self.clients();
        clients
            .entry((region, by_path))
            .or_insert_with_key(|(region, by_path)| self.build(region, *by_path))
            .clone()
    }

    /// Makes every client anew when it is next needed, so that its credentials are asked for again.
    pub(super) fn forget_credentials(&self) {
        if let Some(drop) = &self.inner.connection.drop_credentials {
            drop.run();
        }
        self.clients().clear();
    }

    fn clients(&self) -> std::sync::MutexGuard<'_, HashMap<(Region, bool), Client>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.inner
            .clients
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn addresses_by_path(&self, ctx: &RequestContext, bucket: Option<&BucketName>) -> bool {
        let style = match ctx.path_style {
            PathStyle::Auto => self.inner.connection.path_style,
            chosen => chosen,
        };
        match style {
            PathStyle::On => true,
            PathStyle::Off => false,
            PathStyle::Auto => {
                self.inner.endpoint.is_some()
                    || bucket.is_some_and(|bucket| !is_dns_label(bucket.as_str()))
            }
        }
    }

    fn build(&self, region: &Region, by_path: bool) -> Client {
        let connection = &self.inner.connection;
        let mut config = aws_sdk_s3::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(aws_sdk_s3::config::Region::new(region.as_str().to_owned()))
            .http_client(self.inner.http.clone())
            .force_path_style(by_path)
            // Repetition is decided in `attempt`, which knows what may be repeated.
            .retry_config(RetryConfig::disabled())
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_TIMEOUT)
                    .build(),
            )
            // It cuts off uploads that are queued or slow; `wire` watches for stalls instead.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired)
            // A wrong clock is named, not papered over: it breaks more than signatures.
            .disable_clock_skew_correction(true)
            .disable_s3_express_session_auth(true)
            .identity_cache(
                IdentityCache::lazy()
                    .buffer_time(IDENTITY_BUFFER)
                    .load_timeout(IDENTITY_TIMEOUT)
                    .build(),
            );
        if let Ok(name) = AppName::new(concat!("Longshore-", env!("CARGO_PKG_VERSION"))) {
            config = config.app_name(name);
        }
        if let Some(url) = &connection.endpoint_url {
            config = config.endpoint_url(url.trim_end_matches('/'));
        }
        config = match &connection.credentials {
            Some(provider) => config.credentials_provider(provider.clone()),
            None => config.allow_no_auth(),
        };
        Client::from_conf(config.build())
    }
}

fn read_endpoint(text: &str) -> Result<Url> {
    let refuse = |why: String| {
        Error::new(ErrorKind::InvalidInput, "Connect", why)
            .about(Subject::Named(text.to_owned()))
            .advise("Write the endpoint as https://host or http://host:port")
    };
    let url = Url::parse(text).map_err(|e| refuse(format!("“{text}” is not a URL: {e}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(refuse(format!("“{text}” is not an http or https URL")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::new(
            ErrorKind::InvalidInput,
            "Connect",
            "The endpoint's URL holds a user name or password",
        )
        .advise("Leave them out; keys belong into the access key and secret fields"));
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// Whether a bucket's name can stand before the endpoint's host under its wildcard certificate:
/// lower case, no dot, 3 to 63 bytes.
fn is_dns_label(name: &str) -> bool {
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    (3..=63).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && edge(name.as_bytes().first())
        && edge(name.as_bytes().last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(endpoint: Option<&str>, style: PathStyle) -> Store {
        Store::connect(Connection {
            session: SessionId::fresh(),
            name: "test".into(),
            endpoint_url: endpoint.map(str::to_owned),
            region: Region::new("us-east-1"),
            path_style: style,
            role: None,
            ca_bundle: None,
            credentials: None,
            drop_credentials: None,
            trust_plain_http: false,
            read_only: false,
        })
        .unwrap()
    }

    #[test]
    fn auto_style_is_by_path_for_custom_endpoints_and_names_with_dots() {
        let by_path = |store: &Store, bucket: &str| {
            store.addresses_by_path(&store.context(), Some(&BucketName::parse(bucket).unwrap()))
        };
        let own = store(Some("http://127.0.0.1:9"), PathStyle::Auto);
        assert!(
            by_path(&own, "plain"),
            "a custom endpoint rarely has wildcard names"
        );
        let aws = store(None, PathStyle::Auto);
        assert!(
            !by_path(&aws, "plain-label"),
            "AWS wants the bucket in the host"
        );
        assert!(
            by_path(&aws, "with.dot"),
            "a dot breaks the wildcard certificate"
        );
        assert!(by_path(&aws, "Upper"), "host names have no case");
        let forced = store(Some("http://127.0.0.1:9"), PathStyle::Off);
        assert!(!by_path(&forced, "plain"), "a choice is obeyed");
    }

    #[test]
    fn a_body_is_signed_only_where_others_could_change_it() {
        let unsigned = |url| store(Some(url), PathStyle::Auto).may_leave_payload_unsigned();
        assert!(
            unsigned("http://127.0.0.1:9000"),
            "loopback stays on the machine"
        );
        assert!(unsigned("http://[::1]:9000"), "so does IPv6 loopback");
        assert!(unsigned("https://s3.example.com"), "TLS protects the body");
        assert!(
            !unsigned("http://nas.local:9000"),
            "plain http is open to everybody"
        );
    }

    #[test]
    fn an_endpoint_that_is_no_http_url_is_refused() {
        for bad in [
            "",
            "s3.example.com",
            "ftp://host",
            "http://",
            "http://user:pw@host",
        ] {
            assert_eq!(
                read_endpoint(bad).unwrap_err().kind(),
                ErrorKind::InvalidInput,
                "“{bad}” leads to no server"
            );
        }
    }
}
