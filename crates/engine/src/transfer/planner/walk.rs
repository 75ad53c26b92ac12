//! Walking local files and folders, off the async threads.
//!
//! Links inside a folder are left out and said, since following them can lead out of it and round
//! in circles; a link that a person named is followed. Pipes, sockets and devices are left out
//! without being opened. What cannot be read, and names that are not UTF-8, are named and fail.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

use super::super::source::{describe, not_regular, unreadable};
use crate::error::{Error, ErrorKind, Result, Subject};

/// Finds that may wait for the planner.
const BACKLOG: usize = 1000;

/// One thing that was found.
#[derive(Debug)]
pub(super) enum Seen {
    File {
        path: PathBuf,
        relative: String,
        size: u64,
    },
    /// Left out on purpose.
    LeftOut {
        path: PathBuf,
        relative: String,
        why: String,
    },
    /// It was meant and cannot be had.
    Refused {
        path: PathBuf,
        relative: String,
        why: String,
    },
    /// A folder with nothing in it, for which no key stands.
    EmptyFolder,
}

/// A source that was named, with what its name is below the prefix.
#[derive(Debug, Clone)]
pub(super) struct Root {
    pub(super) path: PathBuf,
    pub(super) name: String,
    pub(super) is_folder: bool,
}

/// Looks at a named source.
///
/// # Errors
/// `SourceUnreadable`, `BadName`.
pub(super) fn root(path: &Path) -> Result<Root> {
    let metadata = fs::metadata(path).map_err(|e| {
        if e.kind() == std::io::ErrorKind::NotFound && path.to_string_lossy().contains('\u{fffd}') {
            return bad_name(path);
        }
        if e.kind() == std::io::ErrorKind::NotFound {
            return absent(path);
        }
        unreadable(path, &e)
    })?;
    let full = if path.file_name().is_some() {
        path.to_owned()
    } else {
        path.canonicalize().map_err(|e| unreadable(path, &e))?
    };
    let name = match full.file_name().map(OsStr::to_str) {
        Some(Some(name)) => name.to_owned(),
        Some(None) => return Err(bad_name(path)),
        None => String::new(),
    };
    if !metadata.is_dir() && !metadata.is_file() {
        return Err(not_regular(path, metadata.file_type()));
    }
    Ok(Root {
        path: full,
        name,
        is_folder: metadata.is_dir(),
    })
}

/// What was named and never seen cannot have gone.
fn absent(path: &Path) -> Error {
    let shown = path.display().to_string();
    let words = format!("There is no file or folder “{shown}”");
    Error::new(ErrorKind::SourceUnreadable, "ReadFile", words).about(Subject::Path(shown))
}

fn bad_name(path: &Path) -> Error {
    let shown = path.display().to_string();
    Error::new(
        ErrorKind::BadName,
        "ReadFile",
        format!("“{shown}” has a name that is not UTF-8; drop its parent folder"),
    )
    .about(Subject::Path(shown))
}

/// Walks the sources; what is found comes out of the channel, which ends with them.
pub(super) fn walk(roots: Vec<Root>) -> mpsc::Receiver<Seen> {
    let (sender, receiver) = mpsc::channel(BACKLOG);
    tokio::task::spawn_blocking(move || {
        for root in roots {
            let going = if root.is_folder {
                folder(&sender, root.path, root.name)
            } else {
                file(&sender, root.path, root.name)
            };
            if going.is_none() {
                return;
            }
        }
    });
    receiver
}

/// None when nobody listens any more.
type Going = Option<()>;

fn folder(sender: &mpsc::Sender<Seen>, path: PathBuf, relative: String) -> Going {
    let mut stack = vec![(path, relative)];
    while let Some((path, relative)) = stack.pop() {
        let read = fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut entries = match read {
            Ok(entries) => entries,
            Err(e) => {
                let why = unreadable(&path, &e);
                refuse(sender, path, relative, why.message())?;
                continue;
            }
        };
        if entries.is_empty() {
            sender.blocking_send(Seen::EmptyFolder).ok()?;
        }
        entries.sort_by_key(fs::DirEntry::file_name);
        // The last pushed folder is walked first, so that the order is that of names.
        let mut folders = Vec::new();
        for one in entries {
            folders.extend(entry(sender, &one, &relative)?);
        }
        stack.extend(folders.into_iter().rev());
    }
    Some(())
}

/// Tells of an entry of a folder; one that is a folder comes back, to be walked.
fn entry(
    sender: &mpsc::Sender<Seen>,
    entry: &fs::DirEntry,
    relative: &str,
) -> Option<Option<(PathBuf, String)>> {
    let (path, name) = (entry.path(), entry.file_name());
    let below = |name: &str| match relative {
        "" => name.to_owned(),
        parent => format!("{parent}/{name}"),
    };
    let Some(name) = name.to_str() else {
        let why = format!(
            "“{}” has a name that is not UTF-8, and a key must be",
            path.display()
        );
        let relative = below(&name.to_string_lossy());
        return refuse(sender, path, relative, &why).map(|()| None);
    };
    let relative = below(name);
    let going = match entry.file_type() {
        Ok(kind) if kind.is_dir() => return Some(Some((path, relative))),
        Ok(kind) if kind.is_file() => file(sender, path, relative),
        Ok(kind) => {
            let why = format!("“{}” is {} and is left out", path.display(), describe(kind));
            let seen = Seen::LeftOut {
                path,
                relative,
                why,
            };
            sender.blocking_send(seen).ok()
        }
        Err(e) => {
            let why = unreadable(&path, &e);
            refuse(sender, path, relative, why.message())
        }
    };
    going.map(|()| None)
}

fn file(sender: &mpsc::Sender<Seen>, path: PathBuf, relative: String) -> Going {
    // Opening is the only sure way to know that it can be read when its turn comes.
    match fs::File::open(&path).and_then(|file| file.metadata()) {
        Ok(metadata) => sender
            .blocking_send(Seen::File {
                path,
                relative,
                size: metadata.len(),
            })
            .ok(),
        Err(e) => {
            let why = unreadable(&path, &e);
            refuse(sender, path, relative, why.message())
        }
    }
}

fn refuse(sender: &mpsc::Sender<Seen>, path: PathBuf, relative: String, why: &str) -> Going {
    let why = why.to_owned();
    sender
        .blocking_send(Seen::Refused {
            path,
            relative,
            why,
        })
        .ok()
}
