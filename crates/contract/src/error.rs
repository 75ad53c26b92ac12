//! How a failure crosses: a code that the page branches on, sentences for the person, and the
//! rest for a bug report.
//!
//! The code is derived from the engine's kind alone, never from text. `detail` is for "Copy
//! diagnostics" and is not to be matched on.

use std::error::Error as _;
use std::fmt::Write as _;

use longshore_engine::{ErrorKind, Retry};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a call failed; a code exists only where a page does something of its own about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// The server understood who asks and refused.
    Denied,
    /// There are no credentials, or a person must sign in first.
    NeedsSignIn,
    /// The temporary credentials have expired.
    Expired,
    /// The server does not know the key id, or the secret is wrong.
    BadCredentials,
    /// The local clock is too far from the server's.
    ClockSkew,
    /// The bucket does not exist.
    NoSuchBucket,
    /// The object does not exist.
    NoSuchKey,
    /// A bucket of that name exists already.
    BucketExists,
    /// The bucket is not empty.
    BucketNotEmpty,
    /// The host name does not resolve.
    UnknownHost,
    /// Nobody listens at the address.
    Refused,
    /// The network broke off or is not there.
    Offline,
    /// No answer came in time.
    Timeout,
    /// TLS could not be set up.
    Tls,
    /// What answered is no S3 server.
    NotS3,
    /// Something else was changed or exists already.
    Conflict,
    /// The session is read-only.
    ReadOnly,
    /// The OS keychain is locked.
    KeychainLocked,
    /// A listing, plan, job, session or grant is not there any more.
    Gone,
    /// The arguments make no sense.
    BadInput,
    /// Somebody cancelled it.
    Cancelled,
    /// A fault of our own.
    Internal,
    /// Anything else; the message says it.
    Other,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppError {
    /// Why, to branch on.
    pub code: ErrorCode,
    /// What happened and why, for the person.
    pub message: String,
    /// What to do, where there is something.
    pub advice: Option<String>,
    /// Everything else that is known, for a bug report.
    pub detail: Option<String>,
    /// The server's request id.
    pub request_id: Option<String>,
    /// Whether the same call may succeed later by itself.
    pub retryable: bool,
}

impl AppError {
    /// A failure that began in the contract itself.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            advice: None,
            detail: None,
            request_id: None,
            retryable: false,
        }
    }

    /// Says what the person can do.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }

    /// Adds what helps a bug report.
    #[must_use]
    pub fn detailed(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for AppError {}

impl From<longshore_engine::Error> for AppError {
    fn from(error: longshore_engine::Error) -> Self {
        Self::from(&error)
    }
}

impl From<&longshore_engine::Error> for AppError {
    fn from(error: &longshore_engine::Error) -> Self {
        Self {
            code: code_of(error.kind()),
            message: error.message().to_owned(),
            advice: error.advice().map(str::to_owned),
            detail: Some(detail_of(error)),
            request_id: error.request_id().map(str::to_owned),
            retryable: matches!(error.retry(), Retry::After(_)),
        }
    }
}

impl From<ErrorKind> for ErrorCode {
    fn from(kind: ErrorKind) -> Self {
        code_of(kind)
    }
}

fn code_of(kind: ErrorKind) -> ErrorCode {
    match kind {
        ErrorKind::AccessDenied => ErrorCode::Denied,
        // Without a keychain the secret is entered again, as where it is not kept any more.
        ErrorKind::NeedsSignIn | ErrorKind::KeychainAbsent => ErrorCode::NeedsSignIn,
        ErrorKind::ExpiredCredentials => ErrorCode::Expired,
        ErrorKind::BadCredentials => ErrorCode::BadCredentials,
        ErrorKind::ClockSkew => ErrorCode::ClockSkew,
        ErrorKind::NoSuchBucket => ErrorCode::NoSuchBucket,
        ErrorKind::NoSuchKey => ErrorCode::NoSuchKey,
        ErrorKind::BucketExists => ErrorCode::BucketExists,
        ErrorKind::BucketNotEmpty => ErrorCode::BucketNotEmpty,
        ErrorKind::UnknownHost => ErrorCode::UnknownHost,
        ErrorKind::ConnectionRefused => ErrorCode::Refused,
        ErrorKind::Offline => ErrorCode::Offline,
        ErrorKind::Timeout => ErrorCode::Timeout,
        ErrorKind::Tls => ErrorCode::Tls,
        ErrorKind::NotS3 => ErrorCode::NotS3,
        ErrorKind::Conflict | ErrorKind::DestinationExists => ErrorCode::Conflict,
        ErrorKind::ReadOnlySession => ErrorCode::ReadOnly,
        ErrorKind::KeychainLocked => ErrorCode::KeychainLocked,
        ErrorKind::Gone => ErrorCode::Gone,
        ErrorKind::InvalidInput | ErrorKind::BadName => ErrorCode::BadInput,
        ErrorKind::Cancelled => ErrorCode::Cancelled,
        ErrorKind::Internal => ErrorCode::Internal,
        _ => ErrorCode::Other,
    }
}

fn detail_of(error: &longshore_engine::Error) -> String {
    let mut text = format!("operation: {}\nkind: {:?}", error.operation(), error.kind());
    let mut line = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{name}: {value}");
        }
    };
    let server = error.server();
    line("subject", error.subject().map(ToString::to_string));
    line("status", server.status.map(|status| status.to_string()));
    line("code", server.code.clone());
    line("server", server.message.clone());
    line("request id", server.request_id.clone());
    line("extended request id", server.extended_request_id.clone());
    line("bucket region", server.bucket_region.clone());
    line(
        "clock offset",
        server.clock_offset_seconds.map(|s| format!("{s} s")),
    );
    let mut source = error.source();
    while let Some(cause) = source {
        line("caused by", Some(cause.to_string()));
        source = cause.source();
    }
    text
}
