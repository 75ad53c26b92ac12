//! The command line against SeaweedFS: what it prints, how it exits, what it does to the server.
//!
//! Every run has a home, a data directory and an environment of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(unix)]
mod cancelling;
mod copying;
mod deleting;
mod exits;
mod jobs;
mod reading;
mod refusals;
mod terminal;
