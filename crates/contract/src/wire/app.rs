//! What a page asks about the program itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// No arguments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoArgs {}

/// What is known about the OS keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeychainState {
    /// It works, as far as anything asked it.
    Usable,
    /// It is locked.
    Locked,
    /// There is none: secrets are kept in memory only.
    Absent,
}

/// The program and how it started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// Its version.
    pub version: String,
    /// Where its state is kept, for display.
    pub data_dir: String,
    /// The OS keychain.
    pub keychain: KeychainState,
    /// Sentences to show once, such as a damaged state database that was moved aside.
    pub notes: Vec<String>,
    /// Jobs of an earlier run that are paused and can be resumed.
    pub unfinished: u64,
}
