//! Walking local files and folders, off the async threads.
//!
//! Links inside a folder are left out and said, since following them can lead out of it and round
//! in circles; a link that a person named is followed. Pipes, sockets and devices are left out
//! without being opened. What cannot be read, and names that are not UTF-8, are named and fail.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;

use super::super::source::{describe, unreadable};
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
    LeftOut { relative: String, why: String },
    /// It was meant and cannot be had.
    Refused { relative: String, why: String },
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
        return Err(super::super::source::not_regular(
            path,
            metadata.file_type(),
        ));
    }
    Ok(Root {
        path: full,
        name,
        is_folder: metadata.is_dir(),
    })
}

fn bad_name(path: &Path) -> Error {
    let shown = path.display().to_string();
    Error::new(
        ErrorKind::BadName,
        "ReadFile",
        format!("{shown}: its name is not UTF-8; drop its parent folder"),
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
        let mut entries = match fs::read_dir(&path).and_then(Iterator::collect::<Result<Vec<_>, _>>)
        {
            Ok(entries) => entries,
            Err(e) => {
                refuse(sender, relative, unreadable(&path, &e).message())?;
                continue;
            }
        };
        entries.sort_by_key(fs::DirEntry::file_name);
        // The last pushed folder is walked first, so that the order is that of names.
        let mut folders = Vec::new();
        for entry in entries {
            let path = entry.path();
            let name = entry.file_name();
            let below = |name: &str| match relative.as_str() {
                "" => name.to_owned(),
                parent => format!("{parent}/{name}"),
            };
            let Some(name) = name.to_str() else {
                let why = format!(
                    "{}: its name is not UTF-8, and a key must be",
                    path.display()
                );
                refuse(sender, below(&name.to_string_lossy()), &why)?;
                continue;
            };
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push((path, below(name))),
                Ok(kind) if kind.is_file() => file(sender, path, below(name))?,
                Ok(kind) => {
                    let why = format!("{} is {} and is left out", path.display(), describe(kind));
                    sender
                        .blocking_send(Seen::LeftOut {
                            relative: below(name),
                            why,
                        })
                        .ok()?;
                }
                Err(e) => refuse(sender, below(name), unreadable(&path, &e).message())?,
            }
        }
        stack.extend(folders.into_iter().rev());
    }
    Some(())
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
        Err(e) => refuse(sender, relative, unreadable(&path, &e).message()),
    }
}

fn refuse(sender: &mpsc::Sender<Seen>, relative: String, why: &str) -> Going {
    sender
        .blocking_send(Seen::Refused {
            relative,
            why: why.to_owned(),
        })
        .ok()
}
