//! One call with its repetitions: what may be repeated is, a redirect to another region is
//! followed once, an expired token is renewed once.
//!
//! Repetitions are few and quick, with full jitter, for the passing faults of a network. Waiting
//! for a network to return is the transfer queue's. A call whose repetition could do harm says so
//! by its [`Repeat`]: nothing that may have happened is done again behind its caller's back. What
//! was not answered within its limit is not repeated either: that would only double the wait.
//!
//! Invariant: a mutating call on a read-only connection never leaves the process.

use std::future::Future;
use std::time::Duration;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{BucketName, ObjectKey, Region};
use crate::store::{RequestContext, Store, error_map, region, wire};

/// Attempts of one call, the first included.
const ATTEMPTS: u32 = 3;
/// The longest pause before the first repetition; it doubles from there.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// The longest pause when the server asks to slow down.
const THROTTLE_PAUSE: Duration = Duration::from_secs(1);

/// When a call may be repeated by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Whenever it failed in passing: doing it twice does no harm.
    Safe,
    /// Only when it surely did not happen: the server asked to slow down instead.
    Refused,
    /// Never: the caller finds out what became of it.
    Never,
}

/// How long an attempt may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// A short question.
    Quick,
    /// A page of a list; `wire` watches for its first byte.
    Page,
    /// The server moves whole objects before it answers.
    Long,
    /// As long as its body moves; `wire` watches it.
    Body,
}

impl Pace {
    /// The pace of a call that sends so many bytes.
    pub(super) fn of_body(len: usize) -> Self {
        if wire::is_watched(len) {
            Self::Body
        } else {
            Self::Quick
        }
    }
}

/// What is called, for limits, repetition and messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Call<'a> {
    /// S3's name of the operation.
    pub(super) operation: &'static str,
    /// The bucket, where there is one.
    pub(super) bucket: Option<&'a BucketName>,
    /// The key, where there is one.
    pub(super) key: Option<&'a ObjectKey>,
    pub(super) pace: Pace,
    pub(super) repeat: Repeat,
    /// Whether it changes anything on the server.
    pub(super) mutates: bool,
}

impl<'a> Call<'a> {
    /// A question about a bucket.
    pub(super) fn read(operation: &'static str, bucket: Option<&'a BucketName>) -> Self {
        let (pace, repeat) = (Pace::Quick, Repeat::Safe);
        Self {
            operation,
            bucket,
            key: None,
            pace,
            repeat,
            mutates: false,
        }
    }

    /// A change in a bucket.
    pub(super) fn write(operation: &'static str, bucket: &'a BucketName, repeat: Repeat) -> Self {
        Self {
            repeat,
            mutates: true,
            ..Self::read(operation, Some(bucket))
        }
    }

    /// The same, about one object.
    pub(super) fn of(self, key: &'a ObjectKey) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    /// The same, at another pace.
    pub(super) fn at(self, pace: Pace) -> Self {
        Self { pace, ..self }
    }

    /// What the call is about.
    pub(super) fn subject(&self, endpoint: &str) -> Subject {
        match (self.bucket, self.key) {
            (Some(bucket), Some(key)) => Subject::Object(bucket.clone(), key.clone()),
            (Some(bucket), None) => Subject::Bucket(bucket.clone()),
            _ => Subject::Endpoint(endpoint.to_owned()),
        }
    }
}

/// What has been tried for a call so far.
#[derive(Debug, Default)]
struct Course {
    attempts: u32,
    redirected: bool,
    renewed: bool,
}

impl Store {
    /// Sends a call, repeating it where that is safe.
    ///
    /// # Errors
    /// What `error_map` makes of the last answer; `ReadOnlySession` before anything is sent.
    ///
    /// # Cancellation
    /// Dropping it drops the request; the server may have carried it out.
    pub(super) async fn run<T, E, F, Fut>(
        &self,
        ctx: &RequestContext,
        call: &Call<'_>,
        send: F,
    ) -> Result<T>
    where
        F: Fn(Client) -> Fut,
        Fut: Future<Output = std::result::Result<T, SdkError<E, HttpResponse>>>,
        E: std::error::Error + Send + Sync + 'static,
    {
        self.admit(ctx, call)?;
        let mut course = Course::default();
        loop {
            // The SDK's futures are tens of kilobytes.
            let sent = Box::pin(send(self.client_for(ctx, call.bucket)));
            let failure = match tokio::time::timeout(self.limit(call.pace), sent).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => error_map::explain(call, self.connection(), error),
                Err(_) => error_map::without_answer(call, self.connection(), self.limit(call.pace)),
            };
            let Some(pause) = self.pause_before_repeating(call, &mut course, &failure) else {
                return Err(failure);
            };
            tracing::debug!(operation = call.operation, kind = ?failure.kind(), ?pause, "repeating");
            tokio::time::sleep(pause).await;
        }
    }

    fn admit(&self, ctx: &RequestContext, call: &Call<'_>) -> Result<()> {
        if ctx.session != *self.session() {
            return Err(Error::new(
                ErrorKind::Internal,
                call.operation,
                "A request of one session was handed to another's connection; nothing was sent",
            ));
        }
        if call.mutates && self.connection().read_only {
            let name = &self.connection().name;
            let subject = call.subject(self.connection().endpoint_url.as_deref().unwrap_or("AWS"));
            return Err(Error::new(
                ErrorKind::ReadOnlySession,
                call.operation,
                format!("The session “{name}” is read-only; nothing was sent to {subject}"),
            )
            .about(subject)
            .advise("Switch the guard off in the session's settings, or use another session"));
        }
        Ok(())
    }

    fn limit(&self, pace: Pace) -> Duration {
        match pace {
            Pace::Quick => self.limits().quick,
            Pace::Page => self.limits().page,
            Pace::Long => self.limits().long,
            Pace::Body => Duration::MAX,
        }
    }

    fn pause_before_repeating(
        &self,
        call: &Call<'_>,
        course: &mut Course,
        failure: &Error,
    ) -> Option<Duration> {
        if !course.redirected && self.learn_region(call, failure) {
            course.redirected = true;
            return Some(Duration::ZERO);
        }
        if !course.renewed && failure.kind() == ErrorKind::ExpiredCredentials {
            // Refused before anything was done, so that even Complete may go again.
            course.renewed = true;
            self.forget_credentials();
            return Some(Duration::ZERO);
        }
        course.attempts += 1;
        let again = match call.repeat {
            Repeat::Never => false,
            Repeat::Safe => failure.is_transient() && !is_silence(failure),
            Repeat::Refused => failure.kind() == ErrorKind::Throttled,
        };
        if !again || course.attempts >= ATTEMPTS {
            return None;
        }
        let cap = match failure.kind() {
            ErrorKind::Throttled => THROTTLE_PAUSE,
            _ => FIRST_PAUSE,
        };
        Some(jitter(cap * 2_u32.pow(course.attempts - 1)))
    }

    /// Takes up a bucket's region from a refusal that names it; says whether that is news.
    fn learn_region(&self, call: &Call<'_>, failure: &Error) -> bool {
        let (Some(bucket), Some(named)) = (call.bucket, &failure.server().bucket_region) else {
            return false;
        };
        let used = self
            .regions()
            .of(bucket)
            .unwrap_or_else(|| self.connection().region.clone());
        failure.kind() == ErrorKind::WrongRegion
            && region::is_plausible(named)
            && used.as_str() != named
            && self.regions().learn(bucket, &Region::new(named.clone()))
    }
}

/// Whether nothing came for the whole of a limit. Who waited that long is told at once; the
/// transfer queue asks again by itself.
fn is_silence(failure: &Error) -> bool {
    failure.kind() == ErrorKind::Timeout && failure.server().status.is_none()
}

/// A pause between nothing and `cap`, so that many calls that failed together do not return
/// together.
fn jitter(cap: Duration) -> Duration {
    // The low bits of a fresh UUID are random; nothing else here needs a generator.
    let random = uuid::Uuid::now_v7().as_u128() as u32;
    cap.mul_f64(f64::from(random) / f64::from(u32::MAX))
}
