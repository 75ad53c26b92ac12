//! Watches the config files, so that an edit shows without a restart.
//!
//! Editors replace files and files may be links, so the folders of the files (and of what they link
//! to) are watched, and of a folder that does not exist yet its parent. Events are hints: whatever
//! happens to one of the names, both files are read again once it has been quiet for [`SETTLE`].
//! A thread of its own does this; it ends when its [`Watch`] is dropped.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use notify::{RecursiveMode, Watcher as _};

/// An editor writes, renames and sets the mode within milliseconds; a person does not notice this
/// long a wait.
const SETTLE: Duration = Duration::from_millis(200);

/// A watch that lasts until it is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    end: mpsc::Sender<Told>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        // The thread may have ended already, and then there is nobody to tell.
        let _ = self.end.send(Told::End);
    }
}

enum Told {
    Changed,
    End,
}

impl Watch {
    /// Calls `changed` on the watch's thread after the files changed, until it answers false.
    ///
    /// # Errors
    /// When the system has no watcher or thread left; everything works without, on `reload`.
    pub(super) fn start(
        files: Vec<PathBuf>,
        changed: impl Fn() -> bool + Send + 'static,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let (end, told) = mpsc::channel();
        let names: BTreeSet<PathBuf> = files.iter().flat_map(|file| names_of(file)).collect();
        let tell = end.clone();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // An overflow names no path, so an event without paths counts.
            let ours = event.map_or(true, |e| {
                !e.kind.is_access()
                    && (e.paths.is_empty() || e.paths.iter().any(|p| names.contains(p)))
            });
            if ours {
                let _ = tell.send(Told::Changed);
            }
        })?;
        let mut folders = Folders {
            watcher,
            files,
            watched: BTreeSet::new(),
        };
        folders.arm();
        std::thread::Builder::new()
            .name("config-watch".to_owned())
            .spawn(move || follow(&told, &mut folders, &changed))?;
        Ok(Self { end })
    }
}

fn follow(told: &mpsc::Receiver<Told>, folders: &mut Folders, changed: &dyn Fn() -> bool) {
    while let Ok(Told::Changed) = told.recv() {
        loop {
            match told.recv_timeout(SETTLE) {
                Ok(Told::Changed) => {}
                Ok(Told::End) | Err(mpsc::RecvTimeoutError::Disconnected) => return,
                Err(mpsc::RecvTimeoutError::Timeout) => break,
            }
        }
        folders.arm();
        if !changed() {
            return;
        }
    }
}

struct Folders {
    watcher: notify::RecommendedWatcher,
    files: Vec<PathBuf>,
    watched: BTreeSet<PathBuf>,
}

impl Folders {
    /// Watches the folders as they are now; a folder that was replaced is watched anew.
    fn arm(&mut self) {
        for old in std::mem::take(&mut self.watched) {
            // It may be gone, and its watch with it.
            let _ = self.watcher.unwatch(&old);
        }
        for folder in self.files.iter().flat_map(|file| folders_of(file)) {
            if self.watched.contains(&folder) {
                continue;
            }
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(folder);
                }
                Err(e) => tracing::warn!(folder = %folder.display(), error = %e, "not watched"),
            }
        }
    }
}

/// The names at which a file can change: its own, its folder's, and what it links to.
fn names_of(file: &Path) -> Vec<PathBuf> {
    let mut names = vec![file.to_owned()];
    names.extend(file.parent().map(Path::to_owned));
    names.extend(std::fs::canonicalize(file).ok());
    names
}

/// The existing folders whose entries tell of a file.
fn folders_of(file: &Path) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    if let Some(folder) = file.parent() {
        let parent = folder.parent().map(Path::to_owned);
        folders.extend(if folder.is_dir() {
            Some(folder.to_owned())
        } else {
            parent.filter(|p| p.is_dir())
        });
    }
    let target = std::fs::canonicalize(file).ok();
    folders.extend(target.and_then(|t| t.parent().map(Path::to_owned)));
    folders
}
