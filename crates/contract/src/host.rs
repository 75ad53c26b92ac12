//! What only the surroundings of the router can answer: dialogs and a native confirmation.
//!
//! The window answers with the system's dialogs, the bridge of the tests with scripted answers
//! under one folder. The questions are named here instead of the answerer, so that neither knows
//! the other.

use std::path::{Path, PathBuf};
use std::pin::Pin;

use crate::AppError;
use crate::router::Caller;

/// What a host answers, later.
pub type HostFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, AppError>> + Send + 'a>>;

/// Asks the person through means that a page cannot forge.
///
/// # Cancellation
/// Dropping an answer leaves the dialog to the person; its late answer is thrown away.
pub trait Host: Send + Sync + 'static {
    /// Files to read; none when the person gave up.
    fn pick_files<'a>(&'a self, caller: &'a Caller) -> HostFuture<'a, Vec<PathBuf>>;

    /// A folder to read from or write into.
    fn pick_folder<'a>(
        &'a self,
        caller: &'a Caller,
        title: Option<&'a str>,
    ) -> HostFuture<'a, Option<PathBuf>>;

    /// A file to write, which need not exist.
    fn pick_destination<'a>(
        &'a self,
        caller: &'a Caller,
        name: &'a str,
    ) -> HostFuture<'a, Option<PathBuf>>;

    /// Whether the person agrees that the page may use this path, which the question shows.
    fn confirm_path<'a>(&'a self, caller: &'a Caller, path: &'a Path) -> HostFuture<'a, bool>;
}
