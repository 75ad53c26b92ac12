//! How the engine fails: one error type with a kind a caller can act on, whether trying again
//! helps, what was attempted on what, and the server's request id where there is one.
//!
//! Every refusal is written for the person who reads it: [`Error::message`] says what happened and
//! why, [`Error::advice`] what to do. The kind is decided where the failure is understood (S3
//! answers in `store::error_map`, the file system where it is touched) and never guessed from text.

use std::fmt;
use std::time::Duration;

use crate::model::{BucketName, ObjectKey};

/// What every fallible call of the engine returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A source error that is kept for diagnostics.
pub type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// Why an operation failed, in terms that a caller can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request itself makes no sense (a bad name, a bad URI, a bad option).
    InvalidInput,
    /// The bucket does not exist.
    NoSuchBucket,
    /// The key (or the version of it) does not exist.
    NoSuchKey,
    /// The multipart upload is unknown to the server.
    NoSuchUpload,
    /// The server understood who asks and refused.
    AccessDenied,
    /// The server does not know the key id, or the signature is wrong.
    BadCredentials,
    /// The temporary credentials have expired.
    ExpiredCredentials,
    /// There are no credentials, or a person must sign in first.
    NeedsSignIn,
    /// The local clock is too far from the server's.
    ClockSkew,
    /// The bucket is in another region than the request was signed for.
    WrongRegion,
    /// A bucket of that name exists already.
    BucketExists,
    /// The bucket is not empty.
    BucketNotEmpty,
    /// A condition on the object did not hold: it was changed or exists already.
    Conflict,
    /// The server asks to slow down or is busy.
    Throttled,
    /// The host name does not resolve.
    UnknownHost,
    /// Nobody listens at the address.
    ConnectionRefused,
    /// The network broke off or is not there.
    Offline,
    /// No answer came in time.
    Timeout,
    /// TLS could not be set up with the endpoint.
    Tls,
    /// What answered is not an S3 server, or its answer makes no sense.
    NotS3,
    /// The server cannot do this.
    Unsupported,
    /// The server failed (5xx).
    ServerFault,
    /// The local file changed while it was being read.
    SourceChanged,
    /// The local file or folder cannot be read or is gone.
    SourceUnreadable,
    /// What arrived is not what was sent.
    Integrity,
    /// No space is left on the local disk.
    DiskFull,
    /// The local destination cannot be written.
    DestinationUnwritable,
    /// Something is at the local destination already.
    DestinationExists,
    /// A name cannot be carried to the other side (not UTF-8, too long, would escape the folder).
    BadName,
    /// The state database is damaged.
    StateCorrupt,
    /// The state database was written by a newer version.
    StateNewer,
    /// The state database cannot be read or written.
    StateUnavailable,
    /// The session is read-only and the operation would change something.
    ReadOnlySession,
    /// The OS keychain is locked.
    KeychainLocked,
    /// There is no OS keychain.
    KeychainAbsent,
    /// Another process holds what is needed.
    Busy,
    /// Somebody cancelled it.
    Cancelled,
    /// What was asked for is not there any more (a listing, a plan, a job, a session).
    Gone,
    /// A fault of our own.
    Internal,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same call will fail the same way.
    Never,
    /// The same call may succeed after this pause.
    After(Duration),
    /// The same call may succeed when the credentials are renewed.
    AfterSignIn,
}

/// What an operation was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// An endpoint, as its URL without userinfo.
    Endpoint(String),
    /// A session, by its display name.
    Session(String),
    /// A bucket.
    Bucket(BucketName),
    /// An object or a prefix.
    Object(BucketName, ObjectKey),
    /// A local path, for display.
    Path(String),
    /// Anything else that has a name.
    Named(String),
}

/// The server's own words and identifiers about a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerWords {
    /// HTTP status.
    pub status: Option<u16>,
    /// S3 error code, such as `AccessDenied`.
    pub code: Option<String>,
    /// The server's message.
    pub message: Option<String>,
    /// `x-amz-request-id`.
    pub request_id: Option<String>,
    /// `x-amz-id-2`.
    pub extended_request_id: Option<String>,
    /// `x-amz-bucket-region`, where a redirect names it.
    pub bucket_region: Option<String>,
    /// Difference of the server's clock to ours in seconds (server minus local), where it matters.
    pub clock_offset_seconds: Option<i64>,
}

/// A failure: kind, retry, operation, subject, the server's words, and the source.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    retry: Retry,
    operation: &'static str,
    subject: Option<Subject>,
    message: String,
    advice: Option<String>,
    server: ServerWords,
    source: Option<BoxError>,
}

impl Error {
    /// A failure of `operation` with a sentence for the person; retry is never unless set.
    pub fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            retry: default_retry(kind),
            operation,
            subject: None,
            message: message.into(),
            advice: None,
            server: ServerWords::default(),
            source: None,
        }))
    }

    /// Names what the operation was about.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.0.subject = Some(subject);
        self
    }

    /// Says what the person can do.
    #[must_use]
    pub fn advise(mut self, advice: impl Into<String>) -> Self {
        self.0.advice = Some(advice.into());
        self
    }

    /// Overrides whether trying again helps.
    #[must_use]
    pub fn retry_as(mut self, retry: Retry) -> Self {
        self.0.retry = retry;
        self
    }

    /// Keeps the server's words.
    #[must_use]
    pub fn said_by_server(mut self, server: ServerWords) -> Self {
        self.0.server = server;
        self
    }

    /// Keeps the error underneath.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Why it failed.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether trying again can help.
    pub fn retry(&self) -> Retry {
        self.0.retry
    }

    /// What was attempted, in S3's words where it is an S3 operation (`PutObject`).
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// What it was about.
    pub fn subject(&self) -> Option<&Subject> {
        self.0.subject.as_ref()
    }

    /// What happened and why, one or two sentences.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do, where there is something.
    pub fn advice(&self) -> Option<&str> {
        self.0.advice.as_deref()
    }

    /// The server's words about it.
    pub fn server(&self) -> &ServerWords {
        &self.0.server
    }

    /// The server's request id.
    pub fn request_id(&self) -> Option<&str> {
        self.0.server.request_id.as_deref()
    }

    /// Whether the same call may succeed by itself later.
    pub fn is_transient(&self) -> bool {
        matches!(self.0.retry, Retry::After(_))
    }
}

/// The pause before the first repetition of a call that failed in passing: long enough to let a
/// connection reset settle, short enough not to be felt.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

fn default_retry(kind: ErrorKind) -> Retry {
    match kind {
        ErrorKind::Throttled
        | ErrorKind::ConnectionRefused
        | ErrorKind::Offline
        | ErrorKind::Timeout
        | ErrorKind::ServerFault => Retry::After(FIRST_PAUSE),
        ErrorKind::ExpiredCredentials | ErrorKind::NeedsSignIn => Retry::AfterSignIn,
        _ => Retry::Never,
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(advice) = &self.0.advice {
            write!(f, ". {advice}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("retry", &self.0.retry)
            .field("operation", &self.0.operation)
            .field("subject", &self.0.subject)
            .field("message", &self.0.message)
            .field("server", &self.0.server)
            .field("source", &self.0.source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0
            .source
            .as_ref()
            .map(|s| &**s as &(dyn std::error::Error + 'static))
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(name) | Self::Session(name) | Self::Path(name) | Self::Named(name) => {
                f.write_str(name)
            }
            Self::Bucket(bucket) => write!(f, "s3://{bucket}"),
            Self::Object(bucket, key) => write!(f, "s3://{bucket}/{key}"),
        }
    }
}
