//! The torn-file guard: what a local file looked like when it was opened.
//!
//! Device, inode, size, mtime and ctime in nanoseconds. A writer that keeps the size and restores
//! the mtime still moves the ctime, which no program can set. Compared after every part that was
//! read and before the change becomes visible; a difference ends the item as `SourceChanged`.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

use serde::{Deserialize, Serialize};

/// What identifies one state of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Fingerprint {
    dev: u64,
    ino: u64,
    size: u64,
    mtime: (i64, i64),
    ctime: (i64, i64),
}

impl Fingerprint {
    /// The fingerprint of an open file's metadata.
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            dev: metadata.dev(),
            ino: metadata.ino(),
            size: metadata.size(),
            mtime: (metadata.mtime(), metadata.mtime_nsec()),
            ctime: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The file's size in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::{Duration, SystemTime};

    use super::*;

    fn print(path: &std::path::Path) -> Fingerprint {
        Fingerprint::of(&std::fs::metadata(path).unwrap())
    }

    #[test]
    fn a_write_that_keeps_size_and_mtime_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, b"aaaa").unwrap();
        let before = print(&path);
        assert_eq!(before, print(&path), "nothing happened");
        let modified = std::fs::metadata(&path).unwrap().modified().unwrap();
        // The kernel's clock for file times ticks in milliseconds; wait until it has moved.
        let deadline = SystemTime::now() + Duration::from_secs(30);
        while before == print(&path) && SystemTime::now() < deadline {
            let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
            file.write_all(b"bbbb").unwrap();
            file.set_modified(modified).unwrap();
        }
        assert_ne!(before, print(&path), "the change time tells");
    }

    #[test]
    fn another_file_under_the_same_name_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("f");
        std::fs::write(&path, b"aaaa").unwrap();
        let before = print(&path);
        let other = dir.path().join("g");
        std::fs::write(&other, b"aaaa").unwrap();
        std::fs::rename(&other, &path).unwrap();
        assert_ne!(before, print(&path), "the inode tells");
    }
}
