//! The only place where a failure of the SDK becomes an [`Error`] of ours.
//!
//! The kind comes from what the server or the system said in a form that is meant for programs: an
//! S3 code, a status, a header, an `io::ErrorKind`; never from the text for people, which is only
//! passed on. `answer` reads what came back, `kinds` decides what it means, `transport` looks at
//! what went wrong before there was an answer.
//!
//! Known trap: SeaweedFS takes unknown sub-resources of a bucket for CreateBucket and answers 409
//! BucketAlreadyExists. Only CreateBucket may read that as "exists".

mod answer;
mod kinds;
mod transport;
mod wording;

use std::time::Duration;

use aws_sdk_s3::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::error::{Error, ErrorKind, ServerWords, Subject};
use crate::store::Connection;
use crate::store::attempt::Call;

use answer::Answer;
pub(crate) use wording::span;

/// What a call's failure means, for the person and for the code that must react.
pub(super) fn explain<E>(
    call: &Call<'_>,
    connection: &Connection,
    error: SdkError<E, HttpResponse>,
) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
{
    let place = Place::of(call, connection);
    match error {
        SdkError::ServiceError(failed) => {
            let answer = Answer::read(failed.raw());
            from_answer(&place, &answer).caused_by(failed.into_err())
        }
        SdkError::ResponseError(failed) => from_answer(&place, &Answer::read(failed.raw())),
        SdkError::TimeoutError(_) => transport::timed_out(&place, None),
        SdkError::DispatchFailure(failed) => match failed.as_connector_error() {
            Some(error) => transport::explain(&place, error, failed.is_timeout()),
            None => transport::explain(&place, &Unnamed, false),
        },
        SdkError::ConstructionFailure(_) => match error.into_source() {
            Ok(source) => transport::unmade(&place, &*source),
            Err(_) => transport::unmade(&place, &Unnamed),
        },
        _ => transport::unmade(&place, &Unnamed),
    }
}

/// A call that was given up since its attempt took longer than `limit`.
pub(super) fn without_answer(call: &Call<'_>, connection: &Connection, limit: Duration) -> Error {
    transport::timed_out(&Place::of(call, connection), Some(limit))
}

/// A body that broke off or stood still after its answer had begun.
pub(super) fn broken_body(
    call: &Call<'_>,
    connection: &Connection,
    error: &(dyn std::error::Error + 'static),
) -> Error {
    transport::explain(&Place::of(call, connection), error, false)
}

/// A success that lacks what makes it one, such as an ETag.
pub(super) fn unproven(call: &Call<'_>, connection: &Connection, what: &str) -> Error {
    let place = Place::of(call, connection);
    let message = format!(
        "{} answered that it could {}, but {what}; what is stored there is not known to be right",
        place.endpoint,
        place.doing()
    );
    place.error(ErrorKind::Integrity, message)
}

/// A success for an object that has nothing of an object, as a web server gives for any path.
pub(super) fn not_s3_object(call: &Call<'_>, connection: &Connection) -> Error {
    let place = Place::of(call, connection);
    let message = format!(
        "Could not {}: {} is not an S3 server; its answer has neither an ETag nor a time",
        place.doing(),
        place.endpoint
    );
    place
        .error(ErrorKind::NotS3, message)
        .advise("Check the endpoint's address and port")
}

/// The refusal of one key in a DeleteObjects answer, told as that of a request of its own.
pub(super) fn refused_in_batch(
    call: &Call<'_>,
    connection: &Connection,
    server: ServerWords,
) -> Error {
    from_answer(&Place::of(call, connection), &Answer::of_one_key(server))
}

/// What a call was about and where it went, for the sentences.
#[derive(Debug)]
struct Place<'a> {
    call: &'a Call<'a>,
    session: &'a str,
    endpoint: &'a str,
    subject: Subject,
    anonymous: bool,
}

impl<'a> Place<'a> {
    fn of(call: &'a Call<'a>, connection: &'a Connection) -> Self {
        let endpoint = connection.endpoint_url.as_deref().unwrap_or("Amazon S3");
        Self {
            call,
            session: &connection.name,
            endpoint,
            subject: call.subject(endpoint),
            anonymous: connection.credentials.is_none(),
        }
    }

    /// The call as an infinitive: “list s3://b”.
    fn doing(&self) -> String {
        wording::infinitive(self.call.operation, &self.subject)
    }

    fn error(&self, kind: ErrorKind, message: impl Into<String>) -> Error {
        Error::new(kind, self.call.operation, message).about(self.subject.clone())
    }
}

fn from_answer(place: &Place<'_>, answer: &Answer) -> Error {
    let kind = kinds::kind_of(place.call, answer);
    let message = wording::message(place, answer, kind);
    let mut error = place.error(kind, message);
    if let Some(advice) = wording::advice(place, answer, kind) {
        error = error.advise(advice);
    }
    error.said_by_server(ServerWords {
        status: Some(answer.status),
        code: answer.code.clone(),
        message: answer.message.clone(),
        request_id: answer.request_id.clone(),
        extended_request_id: answer.extended_request_id.clone(),
        bucket_region: answer.bucket_region.clone(),
        clock_offset_seconds: (kind == ErrorKind::ClockSkew)
            .then_some(answer.clock_offset)
            .flatten(),
    })
}

/// A failure that the SDK does not name.
#[derive(Debug, thiserror::Error)]
#[error("the request could not be sent")]
struct Unnamed;
