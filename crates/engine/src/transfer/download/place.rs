//! Where a download's file goes: its folder, held open, and the rule for its name.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::super::fingerprint::Fingerprint;
use super::super::journal::rows::{Item, Standing};
use super::super::source::blocking;
use super::super::work::Work;
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::plan::ConflictPolicy;

/// Under which rule the file gets its name.
pub(super) enum Naming {
    /// Its own name, which nothing may have.
    Exactly,
    /// Its own name or the next free one.
    Free,
    /// Its own name, in place of what the plan saw.
    Replace(Option<Fingerprint>),
}

impl Naming {
    pub(super) fn of(work: &Work, item: &Item) -> Self {
        match work.policy {
            ConflictPolicy::KeepBoth => Self::Free,
            ConflictPolicy::Overwrite if item.standing == Standing::Present => {
                Self::Replace(item.before.as_ref().and_then(|before| before.fingerprint))
            }
            _ => Self::Exactly,
        }
    }
}

/// Makes the folder that an empty object with a trailing slash stands for.
pub(super) async fn make_folder(work: &Work, item: &Item) -> Result<()> {
    place(work, item, true).await.map(|_| ())
}

/// Removes an item's temporary file. Failing to is not the item's failure.
pub(crate) async fn remove_temp(work: &Work, item: &Item) {
    let Some(temp) = item.temp.clone() else {
        return;
    };
    let Ok((folder, _, _)) = place(work, item, false).await else {
        return;
    };
    let removed = blocking(move || Ok(folder.remove_file(&temp))).await;
    if let Ok(Err(error)) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "a temporary file stayed");
    }
}

/// The open folder of an item's file, the file's name, and the whole path for display.
pub(super) async fn place(
    work: &Work,
    item: &Item,
    make: bool,
) -> Result<(Arc<Dir>, String, PathBuf)> {
    let (Some(root), Some(local)) = (work.plan.folder.clone(), item.local.clone()) else {
        return Err(Error::new(
            ErrorKind::Internal,
            "Download",
            "The item names no file",
        ));
    };
    let marker = item.key.as_str().ends_with('/') && item.size == 0;
    blocking(move || {
        let shown = root.join(&local);
        let wrong = |e| unwritable(&shown, e);
        if make {
            std::fs::create_dir_all(&root).map_err(wrong)?;
        }
        let root = Dir::open_ambient_dir(&root, ambient_authority()).map_err(wrong)?;
        let parent = if marker {
            local.as_path()
        } else {
            local.parent().unwrap_or(Path::new(""))
        };
        let folder = if parent.as_os_str().is_empty() {
            root
        } else {
            if make {
                root.create_dir_all(parent).map_err(wrong)?;
            }
            root.open_dir(parent).map_err(wrong)?
        };
        let name = local
            .file_name()
            .and_then(OsStr::to_str)
            .unwrap_or_default()
            .to_owned();
        Ok((Arc::new(folder), name, shown))
    })
    .await
}

/// The error of a name that is taken.
pub(super) fn exists(path: &Path, words: &str) -> Error {
    Error::new(
        ErrorKind::DestinationExists,
        "WriteFile",
        format!("{} {words}, so it was not replaced", path.display()),
    )
    .about(Subject::Path(path.display().to_string()))
    .advise("Choose what happens to existing files and start again")
}

/// The error of a local write that failed.
pub(super) fn unwritable(path: &Path, error: io::Error) -> Error {
    let shown = path.display();
    let full = matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    );
    let made = if full {
        Error::new(
            ErrorKind::DiskFull,
            "WriteFile",
            format!(
                "There is no room for {shown}. No file was made, and what had arrived was removed"
            ),
        )
        .advise("Make room on the disk or choose another folder, then download it again")
    } else {
        Error::new(
            ErrorKind::DestinationUnwritable,
            "WriteFile",
            format!("{shown} cannot be written: {error}"),
        )
        .advise("Check the folder's permissions and names, or choose another folder")
    };
    made.about(Subject::Path(shown.to_string()))
        .caused_by(error)
}
