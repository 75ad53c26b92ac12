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

/// The codes that mean one kind wherever they occur.
const CODES: &[(ErrorKind, &[&str])] = &[
    (ErrorKind::NoSuchBucket, &["NoSuchBucket"]),
    (ErrorKind::NoSuchKey, &["NoSuchKey", "NoSuchVersion"]),
    (ErrorKind::NoSuchUpload, &["NoSuchUpload"]),
    (
        ErrorKind::AccessDenied,
        &[
            "AccessDenied",
            "AccessDeniedException",
            "AllAccessDisabled",
            "AccountProblem",
            "UnauthorizedAccess",
            "Forbidden",
            "InvalidPayer",
            "NotSignedUp",
        ],
    ),
    (
        ErrorKind::BadCredentials,
        &[
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "AuthFailure",
            "IncompleteSignature",
            "MissingSecurityHeader",
            "InvalidSecurity",
        ],
    ),
    (
        ErrorKind::ExpiredCredentials,
        &[
            "ExpiredToken",
            "ExpiredTokenException",
            "TokenRefreshRequired",
            "InvalidToken",
            "RequestExpired",
        ],
    ),
    (
        ErrorKind::WrongRegion,
        &[
            "PermanentRedirect",
            "TemporaryRedirect",
            "Redirect",
            "InvalidRegion",
            "IllegalLocationConstraintException",
        ],
    ),
    (ErrorKind::BucketNotEmpty, &["BucketNotEmpty"]),
    (
        ErrorKind::Conflict,
        &[
            "PreconditionFailed",
            "ConditionalRequestConflict",
            "OperationAborted",
            "InvalidObjectState",
        ],
    ),
    (
        ErrorKind::Throttled,
        &[
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "TooManyRequests",
            "TooManyRequestsException",
            "RequestLimitExceeded",
            "BandwidthLimitExceeded",
            "RequestThrottled",
            "ServiceUnavailable",
            "Busy",
        ],
    ),
    (
        ErrorKind::Timeout,
        &["RequestTimeout", "RequestTimeoutException"],
    ),
    (
        ErrorKind::Integrity,
        &[
            "BadDigest",
            "InvalidDigest",
            "XAmzContentSHA256Mismatch",
            "XAmzContentChecksumMismatch",
            "ContentSHA256Mismatch",
        ],
    ),
    (ErrorKind::Offline, &["IncompleteBody"]),
    (
        ErrorKind::ServerFault,
        &["InternalError", "InternalFailure"],
    ),
];

/// The kind of a code; none leaves it to the status.
fn of_code(call: &Call<'_>, answer: &Answer, code: &str) -> Option<ErrorKind> {
    match code {
        // Only a creation asks whether a bucket exists.
        "BucketAlreadyExists" | "BucketAlreadyOwnedByYou" => Some(match call.operation {
            "CreateBucket" => ErrorKind::BucketExists,
            _ => ErrorKind::Unsupported,
        }),
        "AuthorizationHeaderMalformed" => Some(match answer.bucket_region {
            Some(_) => ErrorKind::WrongRegion,
            None => ErrorKind::BadCredentials,
        }),
        // A delete marker that is asked for as a version answers so.
        "NotImplemented" | "MethodNotAllowed" | "UnsupportedOperation" | "NotSupported" => {
            Some(match answer.is_delete_marker {
                true => ErrorKind::NoSuchKey,
                false => ErrorKind::Unsupported,
            })
        }
        _ => CODES
            .iter()
            .find(|(_, codes)| codes.contains(&code))
            .map(|(kind, _)| *kind),
    }
}

fn of_status(call: &Call<'_>, answer: &Answer) -> ErrorKind {
    match answer.status {
        301 | 307 | 308 => ErrorKind::WrongRegion,
        // A success that could not be read, or a redirect that S3 does not know.
        200..=399 => ErrorKind::NotS3,
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
/// A HEAD has no body; what its headers announce of one says something of the server when a bucket
/// is opened, and nothing when it is about one object whose name a server may route strangely.
fn is_not_s3(call: &Call<'_>, answer: &Answer) -> bool {
    let is_head = call.operation.starts_with("Head");
    match answer.status {
        300..=399 => answer.bucket_region.is_none(),
        400..=499 if answer.has_s3_headers => false,
        400..=499 if is_head && call.key.is_some() => false,
        400..=499 if is_head => answer.shape == Shape::Html,
        200..=499 => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use aws_smithy_types::body::SdkBody;

    use super::*;
    use crate::model::{BucketName, ObjectKey};
    use crate::store::attempt::Repeat;

    fn answer(status: u16, body: &str, headers: &[(&str, &str)]) -> Answer {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(SdkBody::from(body)).unwrap();
        Answer::read(&response.try_into().unwrap())
    }

    fn xml(status: u16, code: &str) -> Answer {
        let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
        answer(status, &body, &[("content-type", "application/xml")])
    }

    #[test]
    fn codes_decide_before_statuses() {
        let (bucket, key) = (
            BucketName::parse("b").unwrap(),
            ObjectKey::parse("k").unwrap(),
        );
        let call = Call::write("PutObject", &bucket, Repeat::Safe).of(&key);
        for (status, code, kind) in [
            (404, "NoSuchBucket", ErrorKind::NoSuchBucket),
            (404, "NoSuchKey", ErrorKind::NoSuchKey),
            (404, "NoSuchUpload", ErrorKind::NoSuchUpload),
            (403, "AccessDenied", ErrorKind::AccessDenied),
            (403, "InvalidAccessKeyId", ErrorKind::BadCredentials),
            (403, "SignatureDoesNotMatch", ErrorKind::BadCredentials),
            (400, "ExpiredToken", ErrorKind::ExpiredCredentials),
            (403, "RequestTimeTooSkewed", ErrorKind::ClockSkew),
            (301, "PermanentRedirect", ErrorKind::WrongRegion),
            (409, "BucketAlreadyExists", ErrorKind::Unsupported),
            (409, "BucketNotEmpty", ErrorKind::BucketNotEmpty),
            (412, "PreconditionFailed", ErrorKind::Conflict),
            (409, "ConditionalRequestConflict", ErrorKind::Conflict),
            (503, "SlowDown", ErrorKind::Throttled),
            (400, "RequestTimeout", ErrorKind::Timeout),
            (501, "NotImplemented", ErrorKind::Unsupported),
            (405, "MethodNotAllowed", ErrorKind::Unsupported),
            (400, "BadDigest", ErrorKind::Integrity),
            (500, "InternalError", ErrorKind::ServerFault),
            (200, "InternalError", ErrorKind::ServerFault),
            (400, "SomethingNew", ErrorKind::InvalidInput),
            (507, "SomethingNew", ErrorKind::ServerFault),
        ] {
            assert_eq!(kind_of(&call, &xml(status, code)), kind, "{status} {code}");
        }
    }

    #[test]
    fn a_head_without_a_body_is_read_by_its_status() {
        let (bucket, key) = (
            BucketName::parse("b").unwrap(),
            ObjectKey::parse("k").unwrap(),
        );
        let of_bucket = Call::read("HeadBucket", Some(&bucket));
        let of_object = Call::read("HeadObject", Some(&bucket)).of(&key);
        let bare = |status| answer(status, "", &[("content-type", "application/xml")]);
        assert_eq!(
            kind_of(&of_bucket, &bare(404)),
            ErrorKind::NoSuchBucket,
            "no bucket"
        );
        assert_eq!(
            kind_of(&of_object, &bare(404)),
            ErrorKind::NoSuchKey,
            "no object"
        );
        assert_eq!(
            kind_of(&of_object, &bare(403)),
            ErrorKind::AccessDenied,
            "denied"
        );
        let marker = answer(405, "", &[("x-amz-delete-marker", "true")]);
        assert_eq!(
            kind_of(&of_object, &marker),
            ErrorKind::NoSuchKey,
            "a delete marker"
        );
        let page = answer(404, "", &[("content-type", "text/html")]);
        assert_eq!(
            kind_of(&of_bucket, &page),
            ErrorKind::NotS3,
            "S3 has no pages"
        );
        assert_eq!(
            kind_of(&of_object, &page),
            ErrorKind::NoSuchKey,
            "the type of a body that a HEAD never has says nothing of one object"
        );
    }

    #[test]
    fn a_denial_with_clocks_apart_is_the_clocks_fault() {
        let call = Call::read("ListBuckets", None);
        let body = "<Error><Code>AccessDenied</Code></Error>";
        let long_ago = answer(403, body, &[("date", "Sun, 06 Nov 1994 08:49:37 GMT")]);
        assert_eq!(
            kind_of(&call, &long_ago),
            ErrorKind::ClockSkew,
            "three decades apart"
        );
        let no_date = answer(403, body, &[]);
        assert_eq!(
            kind_of(&call, &no_date),
            ErrorKind::AccessDenied,
            "nothing says so"
        );
    }
}
