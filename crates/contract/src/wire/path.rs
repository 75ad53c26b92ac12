//! Local paths as a page sees them: opaque grants, made outside the page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The right to use one local path, made by a dialog, a drop or a confirmed text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct GrantId(pub String);

/// A granted path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PathGrant {
    /// What commands take.
    pub id: GrantId,
    /// The file's or folder's name, for display.
    pub name: String,
    /// Whether it is a folder.
    pub is_dir: bool,
}

/// What a folder is picked for, which decides the dialog's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct PickFolderArgs {
    /// The dialog's title; left out is the system's.
    pub title: Option<String>,
}

/// A file name to suggest where one object is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PickDestinationArgs {
    /// The suggested file name.
    pub name: String,
}

/// A path that a person typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PathConfirmArgs {
    /// The text: an absolute path, or one that begins with `~/`.
    pub text: String,
}
