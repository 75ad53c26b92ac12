//! Who acts, over which way, under which conditions: the [`Connection`] of a store and the
//! [`RequestContext`] of each of its calls.
//!
//! A context is made from its session and then narrowed; it never widens what the connection
//! allows (a read-only connection stays read-only). Credentials are a provider and never a value,
//! so that nothing here can print one.

use std::path::PathBuf;
use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use md5::{Digest, Md5};

use crate::model::{AccountId, BucketName, Region, SessionId};

/// How a bucket is named in a request's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PathStyle {
    /// Path style for custom endpoints and for bucket names that are no DNS label, else host style.
    #[default]
    Auto,
    /// `https://host/bucket/key`.
    On,
    /// `https://bucket.host/key`.
    Off,
}

/// When checksums are added to requests and asked for in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChecksumPolicy {
    /// CRC64NVME wherever the capability of the connection is known or not yet refuted.
    #[default]
    WhenSupported,
    /// Only where S3 demands one.
    WhenRequired,
}

/// What a [`Store`] is made from: one session's way to one endpoint.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The session that acts.
    pub session: SessionId,
    /// Its display name, for messages.
    pub name: String,
    /// The endpoint's URL; none is AWS.
    pub endpoint_url: Option<String>,
    /// The region that requests are signed for until a bucket says otherwise.
    pub region: Region,
    /// Addressing.
    pub path_style: PathStyle,
    /// The role that is assumed at the end of the session's chain, with its session name where one
    /// was chosen; none where no role is assumed.
    pub role: Option<String>,
    /// A file of authorities that are trusted beside the system's.
    pub ca_bundle: Option<PathBuf>,
    /// Where credentials come from; none is anonymous.
    pub credentials: Option<SharedCredentialsProvider>,
    /// Makes the provider drop what it holds; none where it holds nothing of its own.
    pub drop_credentials: Option<DropCredentials>,
    /// Whether bodies may go unsigned over plain http to a host that is not loopback.
    pub trust_plain_http: bool,
    /// Whether every mutating call is refused here, before it leaves.
    pub read_only: bool,
}

/// Makes a provider drop what it holds, so that it renews before its time. A server may call a
/// token expired that by its own date is not: it was revoked, or a clock is wrong.
#[derive(Clone)]
pub struct DropCredentials(Arc<dyn Fn() + Send + Sync>);

impl DropCredentials {
    /// Wraps what drops them.
    pub fn new(drop: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(drop))
    }

    pub(super) fn run(&self) {
        (self.0)();
    }
}

impl std::fmt::Debug for DropCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DropCredentials(…)")
    }
}

/// Under which conditions one request is made.
#[derive(Debug, Clone)]
pub struct RequestContext {
    /// The session that acts; a store refuses a context of another session.
    pub session: SessionId,
    /// Whether the requester pays (`x-amz-request-payer`).
    pub requester_pays: bool,
    /// Who must own the bucket (`x-amz-expected-bucket-owner`).
    pub expected_bucket_owner: Option<AccountId>,
    /// The customer's key for SSE-C.
    pub sse_customer_key: Option<SseCustomerKey>,
    /// An access point's ARN that stands in for the bucket.
    pub access_point: Option<String>,
    /// Addressing for this request; `Auto` is the connection's.
    pub path_style: PathStyle,
    /// Checksums for this request.
    pub checksums: ChecksumPolicy,
}

impl RequestContext {
    /// The plain context of a session.
    pub fn of(session: SessionId) -> Self {
        Self {
            session,
            requester_pays: false,
            expected_bucket_owner: None,
            sse_customer_key: None,
            access_point: None,
            path_style: PathStyle::Auto,
            checksums: ChecksumPolicy::WhenSupported,
        }
    }

    /// What stands for the bucket in a request: its name, or the access point in its place.
    pub(super) fn bucket_parameter(&self, bucket: &BucketName) -> String {
        self.access_point
            .clone()
            .unwrap_or_else(|| bucket.as_str().to_owned())
    }

    /// Sets who pays and who must own the bucket on any request, before it is signed.
    pub(super) fn marks(&self) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static + use<> {
        let mut marks = Vec::new();
        if self.requester_pays {
            marks.push(("x-amz-request-payer", "requester".to_owned()));
        }
        if let Some(owner) = &self.expected_bucket_owner {
            marks.push(("x-amz-expected-bucket-owner", owner.as_str().to_owned()));
        }
        set_headers(marks)
    }

    /// The same for a request that reads or writes an object's bytes, with the customer's key.
    pub(super) fn object_marks(&self) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static + use<> {
        let common = self.marks();
        let mut marks = Vec::new();
        if let Some(SseCustomerKey(key)) = &self.sse_customer_key {
            let base64 = |bytes: &[u8]| aws_smithy_types::base64::encode(bytes);
            marks.push((SSE_C_ALGORITHM, "AES256".to_owned()));
            marks.push((SSE_C_KEY, base64(&key[..])));
            marks.push((SSE_C_KEY_MD5, base64(&Md5::digest(&key[..]))));
        }
        let own = set_headers(marks);
        move |request: &mut HttpRequest| {
            common(request);
            own(request);
        }
    }
}

/// The three headers of a customer's key.
const SSE_C_ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
const SSE_C_KEY: &str = "x-amz-server-side-encryption-customer-key";
const SSE_C_KEY_MD5: &str = "x-amz-server-side-encryption-customer-key-md5";

fn set_headers(
    headers: Vec<(&'static str, String)>,
) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static {
    move |request: &mut HttpRequest| {
        for (name, value) in &headers {
            // A value that is no header value would panic in `insert`.
            let _ = request.headers_mut().try_insert(*name, value.clone());
        }
    }
}

/// A 256-bit key for SSE-C; never shown and wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct SseCustomerKey(pub zeroize::Zeroizing<[u8; 32]>);

impl std::fmt::Debug for SseCustomerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SseCustomerKey(…)")
    }
}
