//! Uploads, downloads, deletes and moves against SeaweedFS, through a proxy that counts and breaks.
//!
//! The engine is the product's; the server, the client that looks at it afterwards and the proxy
//! share no line with it. Nothing here measures time: what has to happen is waited for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changes;
mod downloads;
mod faults;
mod guards;
mod kill;
mod plans;
mod resume;
mod stand;
mod state;
mod targets;
mod uploads;
