//! Local paths that a person gave to a page, as opaque ids.
//!
//! A grant is made in Rust by a dialog, a drop or a confirmed text and belongs to the caller for
//! whom it was made; nobody else's id means anything. A page's grants end with the page.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::router::Caller;
use crate::wire::{GrantId, PathGrant};
use crate::{AppError, ErrorCode};

/// Grants that one caller may hold: beyond what a person drops in a day, within what memory costs
/// nothing (some 20 MB of long paths).
pub const MAX_GRANTS: usize = 100_000;

/// A path that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The path, absolute.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_dir: bool,
    /// Whether something may be written there: what was dropped or picked to be uploaded may only
    /// be read.
    pub is_writable: bool,
}

/// All grants of all callers.
#[derive(Debug, Default)]
pub struct GrantTable {
    of: Mutex<HashMap<Caller, HashMap<GrantId, Granted>>>,
}

impl GrantTable {
    /// Grants a path that is there, file or folder, to be read and written.
    ///
    /// # Errors
    /// `BadInput` when it is not absolute, not there, or its name was not UTF-8 on the way here.
    pub fn grant(&self, caller: &Caller, path: &Path) -> Result<PathGrant, AppError> {
        self.grant_existing(caller, path, true)
    }

    /// Grants a path that is there to be read only.
    ///
    /// # Errors
    /// As [`GrantTable::grant`].
    pub fn grant_reading(&self, caller: &Caller, path: &Path) -> Result<PathGrant, AppError> {
        self.grant_existing(caller, path, false)
    }

    fn grant_existing(
        &self,
        caller: &Caller,
        path: &Path,
        is_writable: bool,
    ) -> Result<PathGrant, AppError> {
        if !path.is_absolute() {
            let message = format!("“{}” is not an absolute path", path.display());
            return Err(AppError::new(ErrorCode::BadInput, message));
        }
        let is_dir = match std::fs::metadata(path) {
            Ok(metadata) => metadata.is_dir(),
            Err(error) => return Err(missing(path, &error)),
        };
        let granted = Granted {
            path: path.to_owned(),
            is_dir,
            is_writable,
        };
        self.keep(caller, granted)
    }

    /// Grants a file that will be written and need not be there.
    ///
    /// # Errors
    /// `BadInput` when there are too many grants.
    pub fn grant_destination(&self, caller: &Caller, path: &Path) -> Result<PathGrant, AppError> {
        let granted = Granted {
            path: path.to_owned(),
            is_dir: false,
            is_writable: true,
        };
        self.keep(caller, granted)
    }

    fn keep(&self, caller: &Caller, granted: Granted) -> Result<PathGrant, AppError> {
        let id = GrantId(uuid::Uuid::now_v7().to_string());
        let mut of = self.lock();
        let held = of.entry(caller.clone()).or_default();
        if held.len() >= MAX_GRANTS {
            return Err(AppError::new(
                ErrorCode::BadInput,
                format!("More than {MAX_GRANTS} files and folders were given to this window"),
            )
            .advise("Drop their parent folder instead"));
        }
        let grant = PathGrant {
            id: id.clone(),
            name: display_name(&granted.path),
            is_dir: granted.is_dir,
        };
        held.insert(id, granted);
        Ok(grant)
    }

    /// The path behind a grant.
    ///
    /// # Errors
    /// `Gone` when the caller holds no such grant.
    pub fn resolve(&self, caller: &Caller, id: &GrantId) -> Result<Granted, AppError> {
        self.lock()
            .get(caller)
            .and_then(|held| held.get(id))
            .cloned()
            .ok_or_else(|| {
                AppError::new(
                    ErrorCode::Gone,
                    "The right to use this file or folder has ended",
                )
                .advise("Choose it again")
            })
    }

    /// Ends all grants of a caller.
    pub fn forget(&self, caller: &Caller) {
        self.lock().remove(caller);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Caller, HashMap<GrantId, Granted>>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn display_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn missing(path: &Path, error: &std::io::Error) -> AppError {
    // A name that is not UTF-8 arrives with U+FFFD in it and names nothing.
    if path.to_string_lossy().contains('\u{fffd}') {
        let message = format!("The name of “{}” is not UTF-8", path.display());
        return AppError::new(ErrorCode::BadInput, message).advise("Drop its parent folder");
    }
    let why = match error.kind() {
        std::io::ErrorKind::NotFound => "it is not there",
        std::io::ErrorKind::PermissionDenied => "it may not be read",
        _ => "it cannot be read",
    };
    AppError::new(
        ErrorCode::BadInput,
        format!("“{}” cannot be used: {why}", path.display()),
    )
    .detailed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_means_nothing_to_another_caller_and_ends_with_its_own() {
        let table = GrantTable::default();
        let (mine, other) = (Caller::window("main"), Caller::window("other"));
        let dir = std::env::temp_dir();
        let grant = table.grant(&mine, &dir).unwrap();
        assert!(grant.is_dir, "a folder is a folder");
        assert_eq!(
            table.resolve(&mine, &grant.id).unwrap().path,
            dir,
            "it leads to the path"
        );
        let stolen = table.resolve(&other, &grant.id).unwrap_err();
        assert_eq!(
            stolen.code,
            ErrorCode::Gone,
            "another's grant does not exist"
        );
        table.forget(&mine);
        assert!(
            table.resolve(&mine, &grant.id).is_err(),
            "it ended with the page"
        );
    }

    #[test]
    fn what_was_given_to_be_read_is_no_place_to_write() {
        let (table, caller) = (GrantTable::default(), Caller::window("main"));
        let dir = std::env::temp_dir();
        let writable = |grant: &PathGrant| table.resolve(&caller, &grant.id).unwrap().is_writable;
        let read = table.grant_reading(&caller, &dir).unwrap();
        assert!(!writable(&read), "a drop is an upload's");
        let both = table.grant(&caller, &dir).unwrap();
        assert!(writable(&both), "a chosen folder is for either");
        let new = table.grant_destination(&caller, &dir.join("new")).unwrap();
        assert!(writable(&new), "a chosen destination is to be written");
    }

    #[test]
    fn what_is_not_there_is_refused_with_its_reason() {
        let table = GrantTable::default();
        let caller = Caller::window("main");
        let refused = |text: &str| table.grant(&caller, Path::new(text)).unwrap_err();
        assert!(
            refused("relative").message.contains("absolute"),
            "a relative path has no meaning"
        );
        assert!(
            refused("/no/such/thing").message.contains("not there"),
            "it says why"
        );
        let lossy = refused("/no/such/\u{fffd}");
        assert!(
            lossy.message.contains("UTF-8"),
            "the name was lost on the way: {lossy}"
        );
        assert_eq!(
            lossy.advice.as_deref(),
            Some("Drop its parent folder"),
            "and what to do"
        );
    }
}
