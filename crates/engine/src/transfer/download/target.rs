//! The local file of a download: a temporary one beside the destination, then the name itself.
//!
//! All paths are opened relative to the folder that the person chose, through `cap-std`, so that
//! neither a key nor a link that lies in the folder leads out of it. The name is given with a hard
//! link, which fails where something exists; only file systems without links get a rename after a
//! look. The file and its folder are synced before the item is done.

use std::ffi::OsStr;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cap_std::fs::{Dir, MetadataExt, OpenOptions};

use super::super::checksum;
use super::super::fingerprint::Fingerprint;
use super::super::journal::items;
use super::super::journal::rows::{Item, path_bytes};
use super::super::part_plan::PartPlan;
use super::super::source::blocking;
use super::super::work::Work;
use super::place::{Naming, exists, place, unwritable};
use crate::error::{Error, ErrorKind, Result};
use crate::names;
use crate::store::{ByteRange, ObjectHead};

/// Names that `KeepBoth` tries before it gives up.
const MOST_NAMES: u32 = 1000;
/// A file is read again in pieces of this size.
const PIECE: usize = 1024 * 1024;

/// A download's file before it has its name.
pub(super) struct TargetFile {
    /// The folder that holds both names.
    folder: Arc<Dir>,
    temp: String,
    name: String,
    shown: PathBuf,
    size: u64,
    file: Option<Arc<std::fs::File>>,
}

impl TargetFile {
    /// Makes the folders and chooses the temporary name; no file exists yet.
    pub(super) async fn prepare(work: &Work, item: &mut Item) -> Result<Self> {
        let (folder, name, shown) = place(work, item, true).await?;
        let id = uuid::Uuid::now_v7().simple().to_string();
        // The last digits of such an id are its random ones.
        let temp = names::temp_name(&name, &id[20..]);
        item.temp = Some(temp.clone());
        Ok(Self {
            folder,
            temp,
            name,
            shown,
            size: item.size,
            file: None,
        })
    }

    /// Makes the temporary file at its full length.
    pub(super) async fn create(mut self) -> Result<Self> {
        let (folder, temp) = (Arc::clone(&self.folder), self.temp.clone());
        let (shown, size) = (self.shown.clone(), self.size);
        let file = blocking(move || {
            let mut options = OpenOptions::new();
            options.read(true).write(true).create_new(true);
            let made = folder.open_with(&temp, &options).and_then(|file| {
                let file = file.into_std();
                file.set_len(size)?;
                Ok(file)
            });
            made.map_err(|e| unwritable(&shown, e))
        })
        .await?;
        self.file = Some(Arc::new(file));
        Ok(self)
    }

    /// The temporary file of an earlier run, when it still has its length.
    pub(super) async fn reopen(work: &Work, item: &Item) -> Result<Option<Self>> {
        let Some(temp) = item.temp.clone() else {
            return Ok(None);
        };
        let Ok((folder, name, shown)) = place(work, item, false).await else {
            return Ok(None);
        };
        let (dir, wanted, size) = (Arc::clone(&folder), temp.clone(), item.size);
        let file = blocking(move || {
            let mut options = OpenOptions::new();
            options.read(true).write(true);
            let file = dir
                .open_with(&wanted, &options)
                .map(cap_std::fs::File::into_std);
            Ok(file
                .ok()
                .filter(|f| f.metadata().is_ok_and(|m| m.is_file() && m.len() == size)))
        })
        .await?;
        Ok(file.map(|file| Self {
            folder,
            temp,
            name,
            shown,
            size,
            file: Some(Arc::new(file)),
        }))
    }

    /// Writes a range and gives its checksum.
    pub(super) async fn write(&self, range: ByteRange, bytes: Vec<u8>) -> Result<u64> {
        let (file, shown) = (self.open_file()?, self.shown.clone());
        blocking(move || {
            file.write_all_at(&bytes, range.start)
                .map_err(|e| unwritable(&shown, e))?;
            Ok(crc_fast::crc64_nvme(&bytes))
        })
        .await
    }

    /// The checksum of a range as it is on disk.
    pub(super) async fn crc64(&self, range: ByteRange) -> Result<u64> {
        let (file, shown) = (self.open_file()?, self.shown.clone());
        blocking(move || {
            let mut digest = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc64Nvme);
            read_pieces(&file, range, |piece| digest.update(piece))
                .map_err(|e| unwritable(&shown, e))?;
            Ok(digest.finalize())
        })
        .await
    }

    /// The MD5 of the whole file.
    pub(super) async fn md5(&self) -> Result<[u8; 16]> {
        let (file, shown, size) = (self.open_file()?, self.shown.clone(), self.size);
        blocking(move || {
            md5_of(
                &file,
                ByteRange {
                    start: 0,
                    end: size,
                },
            )
            .map_err(|e| unwritable(&shown, e))
        })
        .await
    }

    /// The MD5 of each part, in hexadecimal digits.
    pub(super) async fn md5_of_parts(&self, plan: PartPlan) -> Result<Vec<String>> {
        let (file, shown) = (self.open_file()?, self.shown.clone());
        blocking(move || {
            (1..=plan.count())
                .map(|n| md5_of(&file, plan.range(n)).map(|md5| checksum::hex(&md5)))
                .collect::<io::Result<_>>()
                .map_err(|e| unwritable(&shown, e))
        })
        .await
    }

    /// Syncs the file, gives it its time and its name, and syncs the folder.
    pub(super) async fn finish(
        self,
        work: &Work,
        item: &mut Item,
        head: &ObjectHead,
    ) -> Result<()> {
        let (file, modified) = (self.open_file()?, head.modified.map(|time| time.0));
        let naming = Naming::of(work, item);
        let name = blocking(move || {
            let wrong = |e| unwritable(&self.shown, e);
            if let Some(time) = modified.and_then(system_time) {
                file.set_modified(time).map_err(wrong)?;
            }
            file.sync_all().map_err(wrong)?;
            let name = self.give_name(&naming)?;
            // The held folder is a mere handle to its path; syncing needs it open for reading.
            let folder = self.folder.open(".").map_err(wrong)?;
            folder.into_std().sync_all().map_err(wrong)?;
            Ok(name)
        })
        .await?;
        if let Some(local) = &item.local
            && local.file_name() != Some(OsStr::new(&name))
        {
            let renamed = local.with_file_name(&name);
            let (reference, bytes) = (work.refer(item), path_bytes(&renamed));
            work.journal
                .write(move |db| items::set_local(db, &reference, &bytes))
                .await?;
            item.local = Some(renamed);
        }
        Ok(())
    }

    fn give_name(&self, naming: &Naming) -> Result<String> {
        let wrong = |e| unwritable(&self.shown, e);
        if let Naming::Replace(seen) = naming {
            let now = self.folder.symlink_metadata(&self.name);
            let same = match (&now, seen) {
                (Ok(_), Some(seen)) => self.fingerprint().is_some_and(|now| now == *seen),
                _ => true,
            };
            if !same {
                return Err(exists(&self.shown, "changed after the plan was made"));
            }
            self.folder
                .rename(&self.temp, &self.folder, &self.name)
                .map_err(wrong)?;
            return Ok(self.name.clone());
        }
        for n in 0..MOST_NAMES {
            let name = if n == 0 {
                self.name.clone()
            } else {
                names::numbered(&self.name, n)
            };
            match self.link(&name) {
                Ok(()) => return Ok(name),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                    if matches!(naming, Naming::Exactly) {
                        return Err(exists(&self.shown, "appeared after the plan was made"));
                    }
                }
                Err(e) => return Err(wrong(e)),
            }
        }
        Err(exists(&self.shown, "exists under too many names"))
    }

    /// Gives the file a name that nothing has.
    fn link(&self, name: &str) -> io::Result<()> {
        match self.folder.hard_link(&self.temp, &self.folder, name) {
            Ok(()) => self.folder.remove_file(&self.temp),
            // An earlier run ended between giving the name and taking the temporary one away.
            Err(e)
                if e.kind() == io::ErrorKind::AlreadyExists
                    && is_one(&self.folder, &self.temp, name) =>
            {
                self.folder.remove_file(&self.temp)
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(e),
            Err(_) => {
                // This file system knows no links; a look and a rename is the best there is.
                if self.folder.symlink_metadata(name).is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                self.folder.rename(&self.temp, &self.folder, name)
            }
        }
    }

    fn fingerprint(&self) -> Option<Fingerprint> {
        let file = self.folder.open(&self.name).ok()?.into_std();
        Some(Fingerprint::of(&file.metadata().ok()?))
    }

    fn open_file(&self) -> Result<Arc<std::fs::File>> {
        self.file.clone().ok_or_else(|| {
            Error::new(
                ErrorKind::Internal,
                "Download",
                "The temporary file is not open",
            )
        })
    }
}

/// Whether two names in a folder are one file.
fn is_one(folder: &Dir, one: &str, other: &str) -> bool {
    let identity = |name| {
        let metadata = folder.symlink_metadata(name).ok()?;
        Some((metadata.dev(), metadata.ino()))
    };
    let of_one = identity(one);
    of_one.is_some() && of_one == identity(other)
}

fn md5_of(file: &std::fs::File, range: ByteRange) -> io::Result<[u8; 16]> {
    use md5::{Digest, Md5};
    let mut digest = Md5::new();
    read_pieces(file, range, |piece| digest.update(piece))?;
    Ok(digest.finalize().into())
}

fn read_pieces(
    file: &std::fs::File,
    range: ByteRange,
    mut each: impl FnMut(&[u8]),
) -> io::Result<()> {
    let mut buffer = vec![0; PIECE];
    let mut at = range.start;
    while at < range.end {
        let most = usize::try_from(range.end - at).unwrap_or(PIECE).min(PIECE);
        file.read_exact_at(&mut buffer[..most], at)?;
        each(&buffer[..most]);
        at += most as u64;
    }
    Ok(())
}

fn system_time(millis: i64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_millis(u64::try_from(millis).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_an_earlier_run_gave_is_known_as_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Dir::open_ambient_dir(dir.path(), cap_std::ambient_authority()).unwrap();
        folder.write("temp", b"bytes").unwrap();
        folder.hard_link("temp", &folder, "name").unwrap();
        folder.write("other", b"bytes").unwrap();
        assert!(is_one(&folder, "temp", "name"), "two names of one file");
        assert!(!is_one(&folder, "temp", "other"), "somebody else's file");
        assert!(!is_one(&folder, "gone", "gone"), "nothing is no file");
    }
}
