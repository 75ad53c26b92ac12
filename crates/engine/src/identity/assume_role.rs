//! What is asked of STS: AssumeRole for one hop, GetCallerIdentity for a whole connection.
//!
//! STS is asked at the session's own endpoint where that is not AWS (other servers serve both at
//! one URL), else at the region's. Every failure is mapped here, with the server's words kept.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::config::{BehaviorVersion, Region as SdkRegion};
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::RequestId as _;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::{CallerIdentity, Hop};
use crate::error::{Error, ErrorKind, Result, ServerWords, Subject};
use crate::model::{AccountId, Region};
use crate::store::client_trusting;

/// STS answers within a second or is not there; a person waits for it.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// The way to STS.
#[derive(Debug, Clone)]
pub(super) struct StsWay {
    pub(super) region: Region,
    /// None is AWS.
    pub(super) endpoint_url: Option<String>,
    ca_bundle: Option<PathBuf>,
}

impl StsWay {
    /// The way that goes with an S3 endpoint, unless STS has one of its own.
    pub(super) fn beside(endpoint_url: Option<&str>, own: Option<&str>, region: &Region) -> Self {
        let beside = endpoint_url.filter(|url| !is_aws(url));
        Self {
            region: region.clone(),
            endpoint_url: own.or(beside).map(ToOwned::to_owned),
            ca_bundle: None,
        }
    }

    /// The same, with a file of authorities that are trusted beside the system's.
    pub(super) fn trusting(self, ca_bundle: Option<&Path>) -> Self {
        Self {
            ca_bundle: ca_bundle.map(ToOwned::to_owned),
            ..self
        }
    }

    fn client(&self, credentials: SharedCredentialsProvider) -> aws_sdk_sts::Client {
        let mut config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(SdkRegion::new(self.region.as_str().to_owned()))
            .credentials_provider(credentials)
            .identity_cache(aws_sdk_sts::config::IdentityCache::no_cache())
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(CONNECT_WITHIN)
                    .operation_attempt_timeout(ANSWER_WITHIN)
                    .build(),
            );
        config.set_endpoint_url(self.endpoint_url.clone());
        // A file that cannot be read was refused when the session was opened.
        if let Some(Ok(client)) = self.ca_bundle.as_deref().map(client_trusting) {
            config.set_http_client(Some(client));
        }
        aws_sdk_sts::Client::from_conf(config.build())
    }

    fn subject(&self) -> Subject {
        match &self.endpoint_url {
            Some(url) => Subject::Endpoint(url.clone()),
            None => Subject::Endpoint(format!("sts.{}.amazonaws.com", self.region)),
        }
    }
}

/// Takes one hop.
///
/// # Errors
/// `AccessDenied` when the role does not trust who asks; `BadCredentials`, `ExpiredCredentials`;
/// the network's kinds.
pub(super) async fn assume_role(
    way: &StsWay,
    from: Credentials,
    hop: &Hop,
    user: &str,
) -> Result<Credentials> {
    let answer = way
        .client(SharedCredentialsProvider::new(from))
        .assume_role()
        .role_arn(&hop.role_arn)
        .role_session_name(session_name(hop.session_name.as_deref(), user))
        .set_external_id(hop.external_id.clone())
        .set_duration_seconds(hop.duration_seconds.and_then(|s| i32::try_from(s).ok()))
        .send()
        .await
        .map_err(|e| {
            let what = format!("The role {} was not assumed", hop.role_arn);
            failure("AssumeRole", &what, &e).about(Subject::Named(hop.role_arn.clone()))
        })?;
    let Some(given) = answer.credentials else {
        return Err(Error::new(
            ErrorKind::NotS3,
            "AssumeRole",
            format!(
                "The server answered for role {} without credentials",
                hop.role_arn
            ),
        )
        .about(way.subject()));
    };
    let expiry = SystemTime::try_from(given.expiration).ok();
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        expiry,
        "assume-role",
    ))
}

/// Asks who a provider's credentials are.
///
/// # Errors
/// `Unsupported` when the endpoint knows no STS; the kinds of [`assume_role`].
pub(super) async fn caller_identity(
    way: &StsWay,
    credentials: SharedCredentialsProvider,
) -> Result<CallerIdentity> {
    let answer = way
        .client(credentials)
        .get_caller_identity()
        .send()
        .await
        .map_err(|e| {
            failure(
                "GetCallerIdentity",
                "The endpoint did not say who this session is",
                &e,
            )
            .about(way.subject())
        })?;
    match (answer.account, answer.arn, answer.user_id) {
        (Some(account), Some(arn), user_id) => Ok(CallerIdentity {
            account: AccountId::new(account),
            arn,
            user_id: user_id.unwrap_or_default(),
        }),
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "GetCallerIdentity",
            "The endpoint does not say who this session is",
        )
        .about(way.subject())),
    }
}

/// A role session name as STS takes it: 2 to 64 of `[\w+=,.@-]`
/// (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>).
fn session_name(wanted: Option<&str>, user: &str) -> String {
    let wanted = wanted.map_or_else(|| format!("longshore-{user}"), ToOwned::to_owned);
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let name: String = wanted
        .chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .take(64)
        .collect();
    if name.len() < 2 {
        "longshore".to_owned()
    } else {
        name
    }
}

/// Whether a URL leads to AWS itself, whose S3 endpoints serve no STS.
fn is_aws(url: &str) -> bool {
    let host = url::Url::parse(url)
        .ok()
        .and_then(|u| u.host_str().map(str::to_lowercase));
    host.is_some_and(|h| h.ends_with(".amazonaws.com") || h.ends_with(".amazonaws.com.cn"))
}

/// An STS failure in the engine's words.
fn failure<E>(operation: &'static str, what: &str, error: &SdkError<E, HttpResponse>) -> Error
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    if let Some(own) = our_own(error) {
        return Error::new(own.kind(), operation, format!("{what}: {}", own.message()))
            .advise(own.advice().unwrap_or_default());
    }
    let words = words_of(error);
    let kind = kind_of(error, &words);
    let said = words.message.clone().or_else(|| words.code.clone());
    let why = said.unwrap_or_else(|| root_of(error));
    let made = Error::new(kind, operation, format!("{what}: {why}")).said_by_server(words);
    match advice_for(kind, operation) {
        Some(advice) => made.advise(advice),
        None => made,
    }
}

/// The server's words. Other servers answer STS calls with S3's error document, which the STS parser
/// does not know, so that one is read here.
fn words_of<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> ServerWords {
    let raw = error.raw_response();
    let body = raw
        .and_then(|r| r.body().bytes())
        .map(String::from_utf8_lossy)
        .unwrap_or_default();
    let said = |known: Option<&str>, element| {
        known
            .filter(|text| !text.is_empty())
            .map(ToOwned::to_owned)
            .or_else(|| text_in(&body, element))
    };
    ServerWords {
        status: raw.map(|r| r.status().as_u16()),
        code: said(error.code(), "Code"),
        message: said(error.message(), "Message"),
        request_id: raw
            .and_then(|r| r.headers().request_id())
            .map(ToOwned::to_owned),
        ..ServerWords::default()
    }
}

/// The text of the first element of a name that holds text alone.
fn text_in(xml: &str, element: &str) -> Option<String> {
    let (_, after) = xml.split_once(&format!("<{element}>"))?;
    let (text, _) = after.split_once('<')?;
    quick_xml::escape::unescape(text.trim())
        .ok()
        .map(std::borrow::Cow::into_owned)
        .filter(|t| !t.is_empty())
}

/// A failure of a credentials provider of ours below the SDK's own.
fn our_own<'a>(error: &'a (dyn std::error::Error + 'static)) -> Option<&'a Error> {
    let mut at = Some(error);
    while let Some(e) = at {
        if let Some(own) = e.downcast_ref::<Error>() {
            return Some(own);
        }
        at = e.source();
    }
    None
}

fn kind_of<E>(error: &SdkError<E, HttpResponse>, words: &ServerWords) -> ErrorKind {
    match error {
        SdkError::TimeoutError(_) => return ErrorKind::Timeout,
        SdkError::ConstructionFailure(_) => return ErrorKind::InvalidInput,
        SdkError::ResponseError(_) => return ErrorKind::NotS3,
        SdkError::DispatchFailure(dispatch) if dispatch.is_timeout() => return ErrorKind::Timeout,
        SdkError::DispatchFailure(dispatch) => {
            let refused = dispatch.as_connector_error().is_some_and(|e| is_refused(e));
            return if refused {
                ErrorKind::ConnectionRefused
            } else {
                ErrorKind::Offline
            };
        }
        _ => {}
    }
    match words.code.as_deref().unwrap_or_default() {
        "AccessDenied" | "AccessDeniedException" => ErrorKind::AccessDenied,
        "InvalidClientTokenId"
        | "SignatureDoesNotMatch"
        | "InvalidAccessKeyId"
        | "UnrecognizedClientException"
        | "IncompleteSignature" => ErrorKind::BadCredentials,
        "ExpiredToken" | "ExpiredTokenException" => ErrorKind::ExpiredCredentials,
        "RequestExpired" | "RequestTimeTooSkewed" => ErrorKind::ClockSkew,
        "Throttling" | "ThrottlingException" | "SlowDown" => ErrorKind::Throttled,
        "ValidationError" | "MalformedPolicyDocument" => ErrorKind::InvalidInput,
        "InvalidAction" | "NotImplemented" | "MethodNotAllowed" => ErrorKind::Unsupported,
        _ => match words.status {
            Some(403) => ErrorKind::AccessDenied,
            Some(401) => ErrorKind::BadCredentials,
            Some(404 | 405 | 501) => ErrorKind::Unsupported,
            Some(status) if status >= 500 => ErrorKind::ServerFault,
            _ => ErrorKind::NotS3,
        },
    }
}

fn advice_for(kind: ErrorKind, operation: &str) -> Option<&'static str> {
    match (kind, operation) {
        (ErrorKind::AccessDenied, "AssumeRole") => {
            Some("Check the role's trust policy and the external id")
        }
        (ErrorKind::BadCredentials, _) => Some("Check the access key id and its secret"),
        (ErrorKind::ExpiredCredentials, _) => Some("Renew the session's temporary keys"),
        (ErrorKind::ClockSkew, _) => Some("Set this computer's clock"),
        (ErrorKind::ConnectionRefused | ErrorKind::Offline | ErrorKind::Timeout, _) => {
            Some("Check the endpoint and the network")
        }
        _ => None,
    }
}

fn is_refused(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut at = Some(error);
    while let Some(e) = at {
        let io = e.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) {
            return true;
        }
        at = e.source();
    }
    false
}

/// The innermost error's words, which name the cause.
fn root_of(error: &dyn std::error::Error) -> String {
    let mut at = error;
    while let Some(source) = at.source() {
        at = source;
    }
    at.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_session_name_is_one_that_sts_takes() {
        assert_eq!(
            session_name(None, "ann marie"),
            "longshore-ann-marie",
            "blanks are replaced"
        );
        assert_eq!(
            session_name(Some("ü"), "x"),
            "longshore",
            "too short a name is not sent"
        );
        assert_eq!(
            session_name(Some(&"a".repeat(99)), "x").len(),
            64,
            "nor too long a one"
        );
        assert_eq!(
            session_name(Some("me@host+1"), "x"),
            "me@host+1",
            "a good one is kept"
        );
    }

    #[test]
    fn an_error_document_of_s3_is_understood_too() {
        let xml = "<Error><Code>SignatureDoesNotMatch</Code><Message>a &lt; b</Message></Error>";
        assert_eq!(
            text_in(xml, "Code").as_deref(),
            Some("SignatureDoesNotMatch"),
            "the code"
        );
        assert_eq!(
            text_in(xml, "Message").as_deref(),
            Some("a < b"),
            "the message, unescaped"
        );
        assert_eq!(text_in("<html>", "Code"), None, "what is not there is none");
    }

    #[test]
    fn sts_is_asked_beside_a_foreign_endpoint_and_never_at_an_s3_host_of_aws() {
        let region = Region::new("eu-west-1");
        let way = |url, own| StsWay::beside(url, own, &region).endpoint_url;
        assert_eq!(
            way(Some("http://127.0.0.1:1"), None).as_deref(),
            Some("http://127.0.0.1:1"),
            "beside"
        );
        assert_eq!(
            way(Some("https://s3.eu-west-1.amazonaws.com"), None),
            None,
            "AWS has its own"
        );
        assert_eq!(
            way(Some("http://a"), Some("http://sts")).as_deref(),
            Some("http://sts"),
            "its own wins"
        );
    }
}
