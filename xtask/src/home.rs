//! Proof that a run left the user's home alone.
//!
//! Names at the top of the home are compared, and everything in the places where Longshore or the
//! AWS tools keep state. What package managers and compilers cache is theirs.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Result, bail};

/// Caches of the tools that build and install.
const OF_TOOLS: &[&str] = &[".cache", ".cargo", ".npm", ".rustup"];
/// Where state would be, were it written.
const WATCHED: &[&str] = &[
    ".aws",
    ".config/longshore",
    ".local/share/longshore",
    ".local/share/app.longshore.desktop",
    ".local/share/keyrings",
];

/// The home as it was.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    home: PathBuf,
    entries: BTreeMap<PathBuf, Option<(u64, SystemTime)>>,
}

impl Snapshot {
    /// Looks at `HOME` now.
    pub(crate) fn take() -> Self {
        Self::of(
            std::env::var_os("HOME")
                .map(PathBuf::from)
                .unwrap_or_default(),
        )
    }

    fn of(home: PathBuf) -> Self {
        let mut entries = BTreeMap::new();
        for entry in fs::read_dir(&home).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if !OF_TOOLS.iter().any(|tool| name == *tool) {
                entries.insert(entry.path(), None);
            }
        }
        for watched in WATCHED {
            read_tree(&home.join(watched), &mut entries);
        }
        Self { home, entries }
    }

    /// Fails when the home differs from what it was.
    pub(crate) fn compare(&self) -> Result<()> {
        let now = Self::of(self.home.clone());
        let mut changes = Vec::new();
        for (path, state) in &now.entries {
            match self.entries.get(path) {
                None => changes.push(format!("{} is new", path.display())),
                Some(before) if before != state => {
                    changes.push(format!("{} was written", path.display()));
                }
                Some(_) => {}
            }
        }
        let gone = self
            .entries
            .keys()
            .filter(|path| !now.entries.contains_key(*path));
        changes.extend(gone.map(|path| format!("{} is gone", path.display())));
        if !changes.is_empty() {
            bail!("the run touched the home: {}", changes.join(", "));
        }
        println!(
            "{} entries below {} are as they were.",
            now.entries.len(),
            self.home.display()
        );
        Ok(())
    }
}

fn read_tree(dir: &Path, entries: &mut BTreeMap<PathBuf, Option<(u64, SystemTime)>>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read_tree(&path, entries);
            continue;
        }
        let state = entry
            .metadata()
            .ok()
            .and_then(|data| Some((data.len(), data.modified().ok()?)));
        entries.insert(path, state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_and_a_written_state_file_are_seen_and_a_cache_is_not() {
        let home = std::env::temp_dir().join(format!("longshore-home-{}", std::process::id()));
        fs::create_dir_all(home.join(".aws")).unwrap();
        fs::write(home.join(".aws/config"), "a").unwrap();
        let before = Snapshot::of(home.clone());
        fs::create_dir_all(home.join(".cache/x")).unwrap();
        before.compare().unwrap();
        fs::write(home.join(".aws/config"), "longer").unwrap();
        fs::write(home.join("left-behind"), "").unwrap();
        let error = before.compare().unwrap_err().to_string();
        fs::remove_dir_all(&home).unwrap();
        assert!(error.contains("left-behind is new"), "{error}");
        assert!(error.contains("config was written"), "{error}");
    }
}
