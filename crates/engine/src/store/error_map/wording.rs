//! The sentences: what happened to what, why, and what to do.

use super::Place;
use super::answer::{Answer, Shape};
use crate::error::{ErrorKind, Subject};

/// What an operation does, as an infinitive with its object.
pub(super) fn infinitive(operation: &str, subject: &Subject) -> String {
    match operation {
        "ListBuckets" => format!("list the buckets of {subject}"),
        "ListObjectVersions" => format!("list the versions of {subject}"),
        "ListObjectsV2" => format!("list {subject}"),
        "CreateBucket" => format!("create {subject}"),
        "DeleteBucket" | "DeleteObject" | "DeleteObjects" => format!("delete {subject}"),
        "HeadBucket" => format!("open {subject}"),
        "HeadObject" => format!("read the properties of {subject}"),
        "GetObject" => format!("download {subject}"),
        "PutObject" | "UploadPart" | "CreateMultipartUpload" => format!("upload {subject}"),
        "CompleteMultipartUpload" => format!("finish the upload of {subject}"),
        "AbortMultipartUpload" => format!("abort the upload of {subject}"),
        "ListParts" => format!("list the uploaded parts of {subject}"),
        "ListMultipartUploads" => format!("list the unfinished uploads of {subject}"),
        "CopyObject" => format!("copy to {subject}"),
        "GetObjectTagging" => format!("read the tags of {subject}"),
        "GetObjectAcl" => format!("read the access list of {subject}"),
        "GetBucketVersioning" => format!("read the versioning of {subject}"),
        other => format!("carry out {other} on {subject}"),
    }
}

/// What happened and why.
pub(super) fn message(place: &Place<'_>, answer: &Answer, kind: ErrorKind) -> String {
    let doing = place.doing();
    let subject = &place.subject;
    match kind {
        ErrorKind::NoSuchBucket => match place.call.bucket {
            Some(bucket) => format!(
                "Could not {doing}: there is no bucket “{bucket}” at {}",
                place.endpoint
            ),
            None => format!("Could not {doing}: there is no such bucket"),
        },
        ErrorKind::NoSuchKey if answer.is_delete_marker => {
            format!("{subject} was deleted: a delete marker stands in its place")
        }
        ErrorKind::NoSuchKey => format!("Could not {doing}: there is no such object"),
        ErrorKind::NoSuchUpload => {
            format!("Could not {doing}: the server does not know the upload (any more)")
        }
        ErrorKind::ClockSkew => skew(place, answer),
        ErrorKind::BucketExists => {
            format!("Could not {doing}: a bucket of that name exists already")
        }
        ErrorKind::BucketNotEmpty => {
            format!("Could not {doing}: there are still objects, versions or delete markers in it")
        }
        ErrorKind::WrongRegion => match &answer.bucket_region {
            Some(region) => format!("Could not {doing}: it is in the region {region}"),
            None => format!(
                "Could not {doing}: the server says that it belongs elsewhere{}",
                said(answer)
            ),
        },
        ErrorKind::NotS3 => not_s3(place, answer),
        _ => format!("Could not {doing}: {}", why(answer, kind)),
    }
}

fn skew(place: &Place<'_>, answer: &Answer) -> String {
    let doing = place.doing();
    match answer.clock_offset {
        Some(offset) if offset != 0 => {
            let side = if offset > 0 { "behind" } else { "ahead of" };
            format!(
                "Could not {doing}: this computer's clock is {} {side} the server's",
                span(offset.unsigned_abs())
            )
        }
        _ => format!("Could not {doing}: this computer's clock and the server's are too far apart"),
    }
}

/// Seconds as people say them.
pub(crate) fn span(seconds: u64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {} s", seconds % 60),
        (1..48, _) => format!("{hours} h {minutes} min"),
        _ => format!("{} days", hours / 24),
    }
}

fn not_s3(place: &Place<'_>, answer: &Answer) -> String {
    let what = match (answer.status, &answer.location, answer.shape) {
        (300..=399, Some(to), _) => {
            let to: String = to.chars().take(200).collect();
            format!("sends us on to {to}, which is not followed")
        }
        (_, _, Shape::Html) => "answers with a web page".to_owned(),
        (_, _, Shape::Json) => "answers in JSON, not in S3's XML".to_owned(),
        (_, _, Shape::Empty) => "answers with nothing where S3 would say something".to_owned(),
        _ => "answers with something that S3 would not say".to_owned(),
    };
    let (doing, endpoint, status) = (place.doing(), place.endpoint, answer.status);
    // One object's odd answer says nothing of the server, which may not take such a name.
    if place.call.key.is_some() {
        return format!("Could not {doing}: {endpoint} {what} (status {status})");
    }
    format!(
        "Could not {doing}: {endpoint} is not an S3 server, or something stands before it; it \
         {what} (status {status})"
    )
}

/// The server's own reason, in its words where it has some.
fn why(answer: &Answer, kind: ErrorKind) -> String {
    let plain = match kind {
        ErrorKind::AccessDenied => "access denied",
        ErrorKind::BadCredentials => match answer.code.as_deref() {
            Some("SignatureDoesNotMatch") => "the secret key does not fit the access key",
            Some("InvalidAccessKeyId") => "the server does not know the access key",
            _ => "the server does not accept the credentials",
        },
        ErrorKind::ExpiredCredentials => "the temporary credentials have expired",
        ErrorKind::Conflict if answer.code.as_deref() == Some("InvalidObjectState") => {
            "it is archived and must be restored first"
        }
        ErrorKind::Conflict => "it was changed or created by somebody else meanwhile",
        ErrorKind::Throttled => "the server asks to slow down",
        ErrorKind::Timeout => "the server gave up waiting",
        ErrorKind::Unsupported => "the server cannot do this",
        ErrorKind::ServerFault => "the server failed",
        ErrorKind::Integrity => "what arrived there is not what was sent",
        ErrorKind::Offline => "the connection broke off",
        _ => "the server refused it",
    };
    format!("{plain}{}", said(answer))
}

/// “ (the server says: …)”, or the bare status.
fn said(answer: &Answer) -> String {
    match (&answer.message, &answer.code) {
        (Some(message), _) => format!(" (the server says: {})", message.trim_end_matches('.')),
        (None, Some(code)) => format!(" (the server says: {code})"),
        (None, None) => format!(" (status {})", answer.status),
    }
}

/// What the person can do about it.
pub(super) fn advice(place: &Place<'_>, answer: &Answer, kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NoSuchBucket => "Check the bucket's name and the session's account",
        ErrorKind::NoSuchKey if answer.is_delete_marker => "Earlier versions can be restored",
        ErrorKind::AccessDenied if place.anonymous => {
            "This session is anonymous; use one with credentials"
        }
        ErrorKind::AccessDenied => match place.call.operation {
            "ListBuckets" => "Open a bucket by its name instead",
            _ => "Ask the owner for that permission or switch to another role",
        },
        ErrorKind::BadCredentials => "Check the access key and the secret of the session",
        ErrorKind::ExpiredCredentials => "Sign in again",
        ErrorKind::ClockSkew => "Set this computer's clock, then try again",
        ErrorKind::WrongRegion => {
            "Use the bucket's own region (in the session's settings, or with --region)"
        }
        ErrorKind::BucketExists => "Choose another name; names are shared by all accounts",
        ErrorKind::BucketNotEmpty => "Empty the bucket first; nothing was deleted",
        ErrorKind::Conflict => "Look at it again before deciding what to keep; nothing was written",
        ErrorKind::Throttled | ErrorKind::ServerFault => "It is worth another try in a while",
        ErrorKind::NotS3 if place.call.key.is_some() => {
            "The server may not take such a name; try another one"
        }
        ErrorKind::NotS3 if answer.status == 400 => "Check the endpoint; it may need https://",
        ErrorKind::NotS3 => "Check the endpoint's address and port",
        _ => return None,
    })
}
