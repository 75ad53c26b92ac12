//! How a command fails: words for the person or a JSON line, and the exit code.
//!
//! Exit codes: 0 all done, 1 some failed, 2 usage, 3 denied, 4 needs sign-in.

use longshore_engine::{Error, ErrorKind};
use serde_json::{Value, json};

/// All done.
pub(crate) const ALL_DONE: u8 = 0;
/// Something failed, or was left unfinished.
pub(crate) const SOME_FAILED: u8 = 1;
/// The command line makes no sense.
pub(crate) const USAGE: u8 = 2;
/// The server refused.
pub(crate) const DENIED: u8 = 3;
/// A person must sign in, or unlock something, first.
pub(crate) const NEEDS_SIGN_IN: u8 = 4;

/// Why a command ended early.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: u8,
    code: &'static str,
    message: String,
    advice: Option<String>,
    request_id: Option<String>,
    retryable: bool,
}

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A command line that makes no sense.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: USAGE,
            code: "badInput",
            message: message.into(),
            advice: None,
            request_id: None,
            retryable: false,
        }
    }

    /// What is printed with `--json`.
    pub(crate) fn json(&self) -> Value {
        let mut line = json!({
            "type": "error",
            "code": self.code,
            "message": self.message,
            "retryable": self.retryable,
        });
        if let Some(advice) = &self.advice {
            line["advice"] = json!(advice);
        }
        if let Some(id) = &self.request_id {
            line["requestId"] = json!(id);
        }
        line
    }

    /// What is printed without.
    pub(crate) fn text(&self) -> String {
        let mut text = self.message.clone();
        if let Some(advice) = &self.advice {
            text.push_str(". ");
            text.push_str(advice);
        }
        if let Some(id) = &self.request_id {
            text.push_str(&format!(" [request id {id}]"));
        }
        text
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            exit: exit_of(error.kind()),
            code: code_of(error.kind()),
            message: error.message().to_owned(),
            advice: error
                .advice()
                .filter(|a| !a.is_empty())
                .map(ToOwned::to_owned),
            request_id: error.request_id().map(ToOwned::to_owned),
            retryable: error.is_transient(),
        }
    }
}

/// The exit code of a command that ends with such an error.
pub(crate) fn exit_of(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::InvalidInput => USAGE,
        ErrorKind::AccessDenied | ErrorKind::BadCredentials | ErrorKind::ReadOnlySession => DENIED,
        ErrorKind::NeedsSignIn
        | ErrorKind::ExpiredCredentials
        | ErrorKind::KeychainLocked
        | ErrorKind::KeychainAbsent => NEEDS_SIGN_IN,
        _ => SOME_FAILED,
    }
}

/// The words that the window's pages know too, and the rest by name.
pub(crate) fn code_of(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidInput | ErrorKind::BadName => "badInput",
        ErrorKind::NoSuchBucket => "noSuchBucket",
        ErrorKind::NoSuchKey => "noSuchKey",
        ErrorKind::AccessDenied => "denied",
        ErrorKind::BadCredentials => "badCredentials",
        ErrorKind::ExpiredCredentials => "expired",
        ErrorKind::NeedsSignIn => "needsSignIn",
        ErrorKind::ClockSkew => "clockSkew",
        ErrorKind::BucketExists => "bucketExists",
        ErrorKind::BucketNotEmpty => "bucketNotEmpty",
        ErrorKind::Conflict | ErrorKind::DestinationExists => "conflict",
        ErrorKind::UnknownHost => "unknownHost",
        ErrorKind::ConnectionRefused => "refused",
        ErrorKind::Offline => "offline",
        ErrorKind::Timeout => "timeout",
        ErrorKind::Tls => "tls",
        ErrorKind::NotS3 => "notS3",
        ErrorKind::ReadOnlySession => "readOnly",
        ErrorKind::KeychainLocked => "keychainLocked",
        ErrorKind::Gone => "gone",
        ErrorKind::Cancelled => "cancelled",
        ErrorKind::Internal => "internal",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_tell_usage_denial_and_sign_in_apart() {
        let exit = |kind| Failure::from(Error::new(kind, "Test", "m")).exit;
        assert_eq!(exit(ErrorKind::AccessDenied), DENIED, "the server refused");
        assert_eq!(
            exit(ErrorKind::BadCredentials),
            DENIED,
            "a wrong secret is a refusal"
        );
        assert_eq!(
            exit(ErrorKind::ExpiredCredentials),
            NEEDS_SIGN_IN,
            "signing in again helps"
        );
        assert_eq!(exit(ErrorKind::InvalidInput), USAGE, "typed wrongly");
        assert_eq!(exit(ErrorKind::NoSuchBucket), SOME_FAILED, "anything else");
    }

    #[test]
    fn an_error_line_leaves_out_what_is_unknown() {
        let error = Error::new(ErrorKind::AccessDenied, "ListBuckets", "No").advise("Ask");
        let line = Failure::from(error).json();
        assert_eq!(
            line,
            json!({"type":"error","code":"denied","message":"No","advice":"Ask","retryable":false}),
            "no requestId where the server sent none"
        );
    }
}
