//! Longshore's engine: sessions, listings and transfers on any S3-compatible endpoint.
//!
//! A shell (the window, the command line, a test) makes one [`Engine`] and asks it for everything;
//! it never sees the network, the journal or a credential. Reading order: [`model`] (the words),
//! [`error`] (how things fail), [`store`] (the only code that speaks S3), [`identity`] (who we
//! act as), [`listing`] (what is in a bucket), [`plan`] and [`transfer`] (how a change is shown,
//! recorded and carried out), [`engine`] (the facade over all of it).
//!
//! The engine knows neither a window nor a wire format of its own: its types do not serialise.

pub mod bucket;
pub mod capability;
pub mod engine;
pub mod error;
pub mod event;
pub mod identity;
pub mod listing;
pub mod model;
pub mod names;
pub mod object;
pub mod plan;
pub mod size;
pub mod store;
pub mod transfer;

pub use engine::{Engine, EngineOptions};
pub use error::{Error, ErrorKind, Result, Retry, Subject};
