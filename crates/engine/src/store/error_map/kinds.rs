//! Which kind of failure an answer is, by code first, then by status.

use super::answer::{Answer, Shape};
use crate::error::ErrorKind;
use crate::store::attempt::Call;

/// S3 refuses signatures that are 15 minutes off; anything beyond this is worth a word, and
/// nothing less is a clock's fault.
const SKEW_SECONDS: u64 = 5 * 60;

pub(super) fn kind_of(call: &Call<'_>, answer: &Answer) -> ErrorKind {
    if is_skewed(answer) {
        return ErrorKind::ClockSkew;
    }
    match answer.code.as_deref() {
        Some(code) => of_code(call, answer, code).unwrap_or_else(|| of_status(call, answer)),
        None if is_not_s3(call, answer) => ErrorKind::NotS3,
        None => of_status(call, answer),
    }
}

/// A refused signature with clocks apart is the clock's fault, whatever the code says.
fn is_skewed(answer: &Answer) -> bool {
    if answer.code.as_deref() == Some("RequestTimeTooSkewed") {
        return true;
    }
    let apart = answer
        .clock_offset
        .is_some_and(|offset| offset.unsigned_abs() > SKEW_SECONDS);
    let about_signatures = matches!(
        answer.code.as_deref(),
        None | Some(
            "SignatureDoesNotMatch"
                | "AccessDenied"
                | "InvalidSignatureException"
                | "RequestExpired"
        )
    );
    apart && about_signatures && answer.status == 403 && !matches!(answer.shape, Shape::Html)
}

fn of_code(call: &Call<'_>, answer: &Answer, code: &str) -> Option<ErrorKind> {
    Some(match code {
        "NoSuchBucket" => ErrorKind::NoSuchBucket,
        "NoSuchKey" | "NoSuchVersion" => ErrorKind::NoSuchKey,
        "NoSuchUpload" => ErrorKind::NoSuchUpload,
        "AccessDenied"
        | "AccessDeniedException"
        | "AllAccessDisabled"
        | "AccountProblem"
        | "UnauthorizedAccess"
        | "Forbidden"
        | "InvalidPayer"
        | "NotSignedUp" => ErrorKind::AccessDenied,
        "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "AuthFailure"
        | "IncompleteSignature"
        | "MissingSecurityHeader"
        | "InvalidSecurity" => ErrorKind::BadCredentials,
        "ExpiredToken"
        | "ExpiredTokenException"
        | "TokenRefreshRequired"
        | "InvalidToken"
        | "RequestExpired" => ErrorKind::ExpiredCredentials,
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "Redirect"
        | "InvalidRegion"
        | "IllegalLocationConstraintException" => ErrorKind::WrongRegion,
        "AuthorizationHeaderMalformed" if answer.bucket_region.is_some() => ErrorKind::WrongRegion,
        "AuthorizationHeaderMalformed" => ErrorKind::BadCredentials,
        "BucketAlreadyExists" | "BucketAlreadyOwnedByYou" if call.operation == "CreateBucket" => {
            ErrorKind::BucketExists
        }
        "BucketAlreadyExists" | "BucketAlreadyOwnedByYou" => ErrorKind::Unsupported,
        "BucketNotEmpty" => ErrorKind::BucketNotEmpty,
        "PreconditionFailed"
        | "ConditionalRequestConflict"
        | "OperationAborted"
        | "InvalidObjectState" => ErrorKind::Conflict,
        "SlowDown"
        | "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "TooManyRequests"
        | "TooManyRequestsException"
        | "RequestLimitExceeded"
        | "BandwidthLimitExceeded"
        | "RequestThrottled"
        | "ServiceUnavailable"
        | "Busy" => ErrorKind::Throttled,
        "RequestTimeout" | "RequestTimeoutException" => ErrorKind::Timeout,
        "NotImplemented" | "MethodNotAllowed" | "UnsupportedOperation" | "NotSupported" => {
            if answer.is_delete_marker {
                ErrorKind::NoSuchKey
            } else {
                ErrorKind::Unsupported
            }
        }
        "BadDigest"
        | "InvalidDigest"
        | "XAmzContentSHA256Mismatch"
        | "XAmzContentChecksumMismatch"
        | "ContentSHA256Mismatch" => ErrorKind::Integrity,
        "IncompleteBody" => ErrorKind::Offline,
        "InternalError" | "InternalFailure" => ErrorKind::ServerFault,
        _ => return None,
    })
}

fn of_status(call: &Call<'_>, answer: &Answer) -> ErrorKind {
    match answer.status {
        200..=299 => ErrorKind::NotS3,
        301 | 307 | 308 => ErrorKind::WrongRegion,
        300..=399 => ErrorKind::NotS3,
        401 | 403 => ErrorKind::AccessDenied,
        404 if call.key.is_some() => ErrorKind::NoSuchKey,
        404 => ErrorKind::NoSuchBucket,
        405 if answer.is_delete_marker => ErrorKind::NoSuchKey,
        405 | 501 => ErrorKind::Unsupported,
        408 => ErrorKind::Timeout,
        409 | 412 => ErrorKind::Conflict,
        429 | 503 => ErrorKind::Throttled,
        // A bare 400 to a HEAD that names another region is its way of saying so.
        400 if answer.code.is_none() && answer.bucket_region.is_some() => ErrorKind::WrongRegion,
        400..=499 => ErrorKind::InvalidInput,
        _ => ErrorKind::ServerFault,
    }
}

/// Whether an answer without an S3 code comes from something that is no S3 server. Servers stand
/// behind proxies that answer 5xx with a page of their own: that is their fault, not their nature.
fn is_not_s3(call: &Call<'_>, answer: &Answer) -> bool {
    let is_head = call.operation.starts_with("Head");
    match answer.status {
        200..=299 => true,
        300..=399 => answer.bucket_region.is_none(),
        400..=499 if answer.has_s3_headers => false,
        400..=499 if is_head => answer.shape == Shape::Html,
        400..=499 => true,
        _ => false,
    }
}
