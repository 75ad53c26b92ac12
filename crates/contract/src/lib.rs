//! The one surface between Longshore's engine and a page.
//!
//! [`table`] declares every command and topic once; [`Router`] runs them for a [`Caller`], and a
//! [`Host`] answers what only the surroundings can (dialogs, a native confirmation). [`wire`] holds
//! the types that cross, [`error`] how a failure crosses. The TypeScript in `ui/src/contract` is
//! written from the same declarations by `cargo test -p longshore-contract --test export`, so that
//! neither side can drift without a diff.
//!
//! A page is not trusted: secrets cross inward only, local paths are opaque grants, and every
//! text that arrives is checked before it becomes one of the engine's types.

mod command;
pub mod error;
pub mod grant;
pub mod host;
pub mod router;
mod subscription;
pub mod table;
pub mod typescript;
pub mod wire;

pub use error::{AppError, ErrorCode};
pub use host::{Host, HostFuture};
pub use router::{Caller, Router, RouterOptions};
pub use subscription::Sink;
