//! What a page asks about the program itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// No arguments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoArgs {}

/// Names a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SubscriptionArgs {
    /// What subscribing answered.
    pub id: String,
}

/// The program and how it started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// Its version.
    pub version: String,
    /// Where its state is kept, for display.
    pub data_dir: String,
    /// Sentences to show once, such as a damaged state database that was moved aside.
    pub notes: Vec<String>,
    /// Jobs of an earlier run that are paused and can be resumed.
    pub unfinished: u64,
}
