//! What an upload says when the server's object is not what it should be.

use super::super::journal::rows::{Item, Standing};
use super::super::work::Work;
use crate::error::{Error, ErrorKind, Subject};

/// What arrived is not what was sent.
pub(crate) fn damaged(work: &Work, item: &Item) -> Error {
    let name = Subject::Object(work.plan.bucket.clone(), item.key.clone());
    Error::new(
        ErrorKind::Integrity,
        "Upload",
        format!("What the server holds at {name} is not what was sent: the checksums differ"),
    )
    .about(name)
    .advise("Upload it again; if it happens again, something on the way changes bytes")
}

/// Says in words what a condition that does not hold means.
pub(crate) fn conflict(work: &Work, item: &Item, error: Error) -> Error {
    let key = item.to_key.as_ref().unwrap_or(&item.key);
    let name = Subject::Object(work.plan.bucket.clone(), key.clone());
    let again = "Start again to see what is there now and to choose";
    let (what, advice) = match item.standing {
        Standing::Present => ("was changed after the plan was made", again),
        Standing::Absent => ("appeared after the plan was made", again),
        Standing::Unknown => (
            "exists, which the plan could not see",
            "Use another key, or get the right to look at the destination",
        ),
    };
    let words = format!("{name} {what}, so it was not replaced");
    Error::new(ErrorKind::Conflict, error.operation(), words)
        .about(name)
        .advise(advice)
        .said_by_server(error.server().clone())
        .caused_by(error)
}
