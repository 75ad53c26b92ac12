//! What went wrong before there was an answer: names, connections, TLS, time, credentials.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use aws_credential_types::provider::error::CredentialsError;
use rustls::CertificateError;

use super::Place;
use crate::error::{Error, ErrorKind, Retry};
use crate::store::list_wire::PageFault;
use crate::store::resolve::NameWithoutAddress;
use crate::store::wire::Stalled;

/// A pause for a name server that could not answer just now.
const NAME_PAUSE: Duration = Duration::from_secs(2);

/// A request that was not sent, or whose answer never came.
pub(super) fn explain(
    place: &Place<'_>,
    error: &(dyn StdError + 'static),
    is_timeout: bool,
) -> Error {
    let reason = innermost(error);
    if let Some(ours) = find::<Error>(error) {
        return passed_on(place, ours);
    }
    if let Some(error) = find::<CredentialsError>(error) {
        return without_credentials(place, error);
    }
    if let Some(fault) = find::<PageFault>(error) {
        return nonsense(place, fault);
    }
    if let Some(Stalled(limit)) = find::<Stalled>(error) {
        return timed_out(place, Some(*limit));
    }
    if let Some(unknown) = find::<NameWithoutAddress>(error) {
        return place
            .error(
                ErrorKind::UnknownHost,
                format!(
                    "Could not {}: the name “{}” has no address ({reason})",
                    place.doing(),
                    unknown.name
                ),
            )
            .advise("Check the endpoint's spelling and that this computer is online")
            .retry_as(Retry::After(NAME_PAUSE));
    }
    if let Some(rustls::Error::InvalidCertificate(flaw)) = find::<rustls::Error>(error) {
        return untrusted(place, flaw);
    }
    if is_timeout {
        return timed_out(place, None);
    }
    of_io(place, io_kind(error), &reason)
}

/// A server whose certificate proves nothing. The advice never is to look away.
fn untrusted(place: &Place<'_>, flaw: &CertificateError) -> Error {
    let (what, advice) = match flaw {
        CertificateError::UnknownIssuer => (
            "it was issued by nobody whom this computer trusts",
            "If the authority is your own, add its certificate to the system's or name its file in \
             AWS_CA_BUNDLE (ca_bundle in the profile); otherwise somebody may stand in between",
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            "it is another host's",
            "Use the name that the certificate is for as the endpoint",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "it has expired",
            "The server needs a new certificate; check this computer's clock as well",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => (
            "it is not valid yet",
            "Check this computer's clock and the server's",
        ),
        _ => (
            "it cannot be verified",
            "Ask whoever runs the server for a certificate that can be",
        ),
    };
    let (doing, endpoint) = (place.doing(), place.endpoint);
    let message = format!(
        "Could not {doing}: the certificate of {endpoint} is not accepted, since {what} ({flaw}); \
         nothing was sent"
    );
    place.error(ErrorKind::Tls, message).advise(advice)
}

fn of_io(place: &Place<'_>, kind: Option<io::ErrorKind>, reason: &str) -> Error {
    let (doing, endpoint) = (place.doing(), place.endpoint);
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => place
            .error(
                ErrorKind::ConnectionRefused,
                format!("Could not {doing}: nothing listens at {endpoint}"),
            )
            .advise("Check the port and that the server runs"),
        // rustls reports every failed handshake and certificate in this form.
        Some(io::ErrorKind::InvalidData) => place
            .error(
                ErrorKind::Tls,
                format!("Could not {doing}: no secure connection to {endpoint} ({reason})"),
            )
            .advise(
                "Check the certificate and the endpoint's port; a server without TLS needs http://",
            ),
        Some(io::ErrorKind::TimedOut) => timed_out(place, None),
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => place
            .error(
                ErrorKind::Offline,
                format!("Could not {doing}: there is no way to {endpoint} ({reason})"),
            )
            .advise("Check this computer's network"),
        _ => place
            .error(
                ErrorKind::Offline,
                format!("Could not {doing}: the connection to {endpoint} broke off ({reason})"),
            )
            .advise("It is tried again when the network holds"),
    }
}

/// No answer in time.
pub(super) fn timed_out(place: &Place<'_>, limit: Option<Duration>) -> Error {
    let waited = limit
        .map(|limit| format!(" within {} s", limit.as_secs()))
        .unwrap_or_default();
    place
        .error(
            ErrorKind::Timeout,
            format!(
                "Could not {}: {} did not answer{waited}",
                place.doing(),
                place.endpoint
            ),
        )
        .advise("Check the network and whether the server is busy")
}

/// A request that could not even be made.
pub(super) fn unmade(place: &Place<'_>, error: &(dyn StdError + 'static)) -> Error {
    if let Some(ours) = find::<Error>(error) {
        return passed_on(place, ours);
    }
    if let Some(error) = find::<CredentialsError>(error) {
        return without_credentials(place, error);
    }
    place
        .error(
            ErrorKind::InvalidInput,
            format!(
                "Could not {}: {}; nothing was sent",
                place.doing(),
                innermost(error)
            ),
        )
        .advise("Check the endpoint, the bucket's name and the headers")
}

/// A provider of ours failed with a reason of its own, which is the one to show.
fn passed_on(place: &Place<'_>, ours: &Error) -> Error {
    let mut error = Error::new(ours.kind(), place.call.operation, ours.message())
        .about(place.subject.clone())
        .retry_as(ours.retry())
        .said_by_server(ours.server().clone());
    if let Some(advice) = ours.advice() {
        error = error.advise(advice);
    }
    error
}

fn without_credentials(place: &Place<'_>, error: &CredentialsError) -> Error {
    place
        .error(
            ErrorKind::NeedsSignIn,
            format!(
                "Could not {}: the session “{}” has no credentials ({})",
                place.doing(),
                place.session,
                innermost(error)
            ),
        )
        .advise("Sign in again or edit the session")
}

fn nonsense(place: &Place<'_>, fault: &PageFault) -> Error {
    if let PageFault::BrokenOff(reason) = fault {
        return of_io(place, None, reason);
    }
    place
        .error(
            ErrorKind::NotS3,
            format!("Could not {}: {} {fault}", place.doing(), place.endpoint),
        )
        .advise("Check that the endpoint is an S3 server; the listing was given up, not cut short")
}

fn find<'a, E: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a E> {
    chain(error).find_map(|error| error.downcast_ref::<E>())
}

/// The innermost kind that says something: wrappers are `Other`.
fn io_kind(error: &(dyn StdError + 'static)) -> Option<io::ErrorKind> {
    let kinds = chain(error).filter_map(|error| error.downcast_ref::<io::Error>());
    kinds
        .map(io::Error::kind)
        .filter(|kind| *kind != io::ErrorKind::Other)
        .last()
}

/// The innermost reason, for the person.
fn innermost(error: &(dyn StdError + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

/// An error and all under it.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| under(*error))
}

/// What is under an error. `io::Error::source` skips its own payload, so it is asked for that.
fn under<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    match error.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn StdError + 'static)),
        None => error.source(),
    }
}
