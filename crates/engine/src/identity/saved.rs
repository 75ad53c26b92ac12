//! `sessions.json`: the sessions that a person made here. It holds no secret.
//!
//! Written whole to a temporary file in the same directory, synced and renamed, mode 0600, so that
//! a crash leaves the old file or the new one. Fields and entries that this version does not know
//! are kept when the file is written again. A damaged file is moved aside and said; one of a newer
//! version is read as far as it is understood and never written.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::session::{DEFAULT_REGION, Leaf, Session};
use super::{Hop, Source};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::model::{Region, SessionId};
use crate::store::PathStyle;

/// The format's version; it grows only when an older program would misread the file.
const VERSION: u64 = 1;
const NAME: &str = "sessions.json";

/// The file and what it held.
#[derive(Debug)]
pub(super) struct SavedFile {
    path: PathBuf,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Saved {
    pub(super) entries: Vec<Entry>,
    /// Entries that are not understood, kept for the next writing.
    unread: Vec<Value>,
    rest: Map<String, Value>,
    newer: bool,
    /// What was wrong with it.
    pub(super) notes: Vec<String>,
}

/// One saved session as the file spells it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    pub(super) id: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    colour: Option<String>,
    source: EntrySource,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    chain: Vec<EntryHop>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint_url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(default)]
    path_style: EntryPathStyle,
    #[serde(default)]
    read_only: bool,
    #[serde(default)]
    trust_plain_http: bool,
    /// Whether the secret was only kept in the memory of the process that saved it.
    #[serde(default)]
    pub(super) memory_only: bool,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum EntrySource {
    Profile {
        profile: String,
    },
    Environment,
    #[serde(rename_all = "camelCase")]
    Keychain {
        access_key_id: String,
    },
    Anonymous,
    Playground,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct EntryHop {
    role_arn: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    session_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    duration_seconds: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum EntryPathStyle {
    #[default]
    Auto,
    On,
    Off,
}

impl SavedFile {
    /// The file of a data directory; nothing is read yet.
    pub(super) fn of(data_dir: &Path) -> Self {
        Self {
            path: data_dir.join(NAME),
        }
    }

    /// Reads the file. It never fails: what is wrong is in the notes.
    pub(super) fn read(&self) -> Saved {
        let mut text = Vec::new();
        match File::open(&self.path).and_then(|mut file| file.read_to_end(&mut text)) {
            Ok(_) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Saved::default(),
            Err(e) => {
                let note = format!(
                    "{} cannot be read ({e}), so saved sessions are missing",
                    self.path.display()
                );
                return Saved {
                    notes: vec![note],
                    newer: true,
                    ..Saved::default()
                };
            }
        }
        match serde_json::from_slice::<Map<String, Value>>(&text) {
            Ok(map) => Saved::of(map, &self.path),
            Err(_) => self.move_aside(),
        }
    }

    fn move_aside(&self) -> Saved {
        let stamp = crate::model::Timestamp::now().0;
        let aside = self.path.with_file_name(format!("{NAME}.damaged-{stamp}"));
        let shown = self.path.display();
        match std::fs::rename(&self.path, &aside) {
            Ok(()) => Saved {
                notes: vec![format!(
                    "{shown} was damaged and was moved to {}; saved sessions have to be made again, their secrets are still in the keychain",
                    aside.display()
                )],
                ..Saved::default()
            },
            Err(e) => Saved {
                notes: vec![format!(
                    "{shown} is damaged and could not be moved aside ({e})"
                )],
                newer: true,
                ..Saved::default()
            },
        }
    }

    /// Changes the file under a lock, on what it holds now, so that two processes lose nothing.
    ///
    /// # Errors
    /// `StateNewer` when a newer version wrote it (or it cannot be read): it is left as it is.
    /// `StateUnavailable` when it cannot be written.
    pub(super) fn change(&self, change: impl FnOnce(&mut Vec<Entry>)) -> Result<Saved> {
        let failed = |e: std::io::Error| self.unwritable(&e);
        let lock = private()
            .open(self.path.with_extension("lock"))
            .map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut saved = self.read();
        if saved.newer {
            return Err(Error::new(
                ErrorKind::StateNewer,
                "SaveSession",
                format!("{} cannot be changed: it was written by a newer Longshore or cannot be read. Nothing was saved", self.path.display()),
            )
            .advise("Update Longshore, or move the file away to begin anew"));
        }
        change(&mut saved.entries);
        self.write(&saved).map_err(failed)?;
        Ok(saved)
    }

    fn write(&self, saved: &Saved) -> std::io::Result<()> {
        let mut map = saved.rest.clone();
        let mut list = Vec::with_capacity(saved.entries.len() + saved.unread.len());
        for entry in &saved.entries {
            list.push(serde_json::to_value(entry)?);
        }
        list.extend(saved.unread.iter().cloned());
        map.insert("version".to_owned(), Value::from(VERSION));
        map.insert("sessions".to_owned(), Value::Array(list));
        let folder = self.path.parent().unwrap_or(Path::new("."));
        // `NamedTempFile` is made with mode 0600.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(serde_json::to_string_pretty(&map)?.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(&self.path).map_err(|e| e.error)?;
        sync_folder(folder)
    }

    fn unwritable(&self, e: &std::io::Error) -> Error {
        let shown = self.path.display().to_string();
        let kind = match e.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                ErrorKind::DiskFull
            }
            _ => ErrorKind::StateUnavailable,
        };
        Error::new(
            kind,
            "SaveSession",
            format!("{shown} cannot be written ({e}). Nothing was saved"),
        )
        .about(Subject::Path(shown))
    }
}

/// Makes the rename itself last over a power cut.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Folders cannot be opened as files here.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Opens for writing with nobody else's eyes on it.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

impl Saved {
    fn of(mut map: Map<String, Value>, path: &Path) -> Self {
        let mut saved = Self::default();
        let version = map
            .remove("version")
            .and_then(|v| v.as_u64())
            .unwrap_or(VERSION);
        let list = match map.remove("sessions") {
            Some(Value::Array(list)) => list,
            _ => Vec::new(),
        };
        saved.rest = map;
        saved.newer = version > VERSION;
        if saved.newer {
            saved.notes.push(format!(
                "{} was written by a newer Longshore; its sessions can be used but not changed here",
                path.display()
            ));
        }
        for (at, value) in list.into_iter().enumerate() {
            match Entry::deserialize(&value) {
                Ok(entry) if saved.entries.iter().all(|e| e.id != entry.id) => {
                    saved.entries.push(entry);
                }
                Ok(_) => {}
                Err(e) => {
                    saved.notes.push(format!(
                        "session {} of {} was left out: {e}",
                        at + 1,
                        path.display()
                    ));
                    saved.unread.push(value);
                }
            }
        }
        saved
    }
}

impl Entry {
    /// A session as the file spells it.
    pub(super) fn of(session: &Session) -> Self {
        Self {
            id: session.id.as_str().to_owned(),
            name: session.name.clone(),
            colour: session.colour.clone(),
            source: match &session.source {
                Source::Profile(name) => EntrySource::Profile {
                    profile: name.clone(),
                },
                Source::Environment => EntrySource::Environment,
                Source::Keychain { access_key_id } => EntrySource::Keychain {
                    access_key_id: access_key_id.clone(),
                },
                Source::Anonymous => EntrySource::Anonymous,
                Source::Playground => EntrySource::Playground,
            },
            chain: session.chain.iter().map(EntryHop::of).collect(),
            endpoint_url: session.endpoint_url.clone(),
            region: Some(session.region.as_str().to_owned()),
            path_style: match session.path_style {
                PathStyle::Auto => EntryPathStyle::Auto,
                PathStyle::On => EntryPathStyle::On,
                PathStyle::Off => EntryPathStyle::Off,
            },
            read_only: session.read_only,
            trust_plain_http: session.trust_plain_http,
            memory_only: session.memory_only,
            rest: Map::new(),
        }
    }

    /// Takes over what an older entry of the same id held and this version does not know.
    pub(super) fn keeping_rest_of(mut self, older: Self) -> Self {
        self.rest = older.rest;
        self
    }

    /// The session; a leaf of another session (profile, environment) is for the caller to set.
    pub(super) fn session(&self) -> Session {
        let (source, leaf) = match &self.source {
            EntrySource::Profile { profile } => (Source::Profile(profile.clone()), Leaf::Missing),
            EntrySource::Environment => (Source::Environment, Leaf::Missing),
            EntrySource::Keychain { access_key_id } => (
                Source::Keychain {
                    access_key_id: access_key_id.clone(),
                },
                Leaf::Vault {
                    access_key_id: access_key_id.clone(),
                },
            ),
            EntrySource::Anonymous => (Source::Anonymous, Leaf::Anonymous),
            EntrySource::Playground => (Source::Playground, Leaf::Missing),
        };
        let mut session = Session::new(SessionId::new(&self.id), &self.name, source);
        session.colour.clone_from(&self.colour);
        session.leaf = leaf;
        session.chain = self.chain.iter().map(EntryHop::hop).collect();
        session.endpoint_url.clone_from(&self.endpoint_url);
        session.region = Region::new(self.region.as_deref().unwrap_or(DEFAULT_REGION));
        session.path_style = match self.path_style {
            EntryPathStyle::Auto => PathStyle::Auto,
            EntryPathStyle::On => PathStyle::On,
            EntryPathStyle::Off => PathStyle::Off,
        };
        session.read_only = self.read_only;
        session.trust_plain_http = self.trust_plain_http;
        session.memory_only = self.memory_only;
        session.saved = true;
        session
    }
}

impl EntryHop {
    fn of(hop: &Hop) -> Self {
        Self {
            role_arn: hop.role_arn.clone(),
            external_id: hop.external_id.clone(),
            session_name: hop.session_name.clone(),
            duration_seconds: hop.duration_seconds,
        }
    }

    fn hop(&self) -> Hop {
        Hop {
            role_arn: self.role_arn.clone(),
            external_id: self.external_id.clone(),
            session_name: self.session_name.clone(),
            duration_seconds: self.duration_seconds,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: &str) -> Entry {
        let source = Source::Keychain {
            access_key_id: "AK".to_owned(),
        };
        let mut session = Session::new(SessionId::new(id), "Work", source);
        session.endpoint_url = Some("http://127.0.0.1:1".to_owned());
        Entry::of(&session)
    }

    #[test]
    fn what_is_written_is_read_again_and_only_its_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = SavedFile::of(folder.path());
        file.change(|entries| entries.push(entry("a"))).unwrap();
        let session = file.read().entries[0].session();
        assert_eq!(
            (session.id.as_str(), session.name.as_str()),
            ("a", "Work"),
            "the same session"
        );
        assert!(
            matches!(session.leaf, Leaf::Vault { .. }),
            "its secret is looked for in the vault"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(folder.path().join(NAME))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
        }
    }

    #[test]
    fn what_this_version_does_not_know_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = SavedFile::of(folder.path());
        let text = r#"{"version":1,"theme":"dark","sessions":[
            {"id":"a","name":"n","source":{"kind":"anonymous"},"shape":"round"},
            {"id":"b","name":"n","source":{"kind":"smartcard"}}]}"#;
        std::fs::write(folder.path().join(NAME), text).unwrap();
        let saved = file.change(|entries| entries.push(entry("c"))).unwrap();
        assert_eq!(saved.notes.len(), 1, "the entry of an unknown kind is said");
        let now = std::fs::read_to_string(folder.path().join(NAME)).unwrap();
        for word in ["\"theme\"", "\"shape\"", "\"smartcard\"", "\"c\""] {
            assert!(now.contains(word), "{word} is still there");
        }
    }

    #[test]
    fn a_damaged_file_is_moved_aside_and_said() {
        let folder = tempfile::tempdir().unwrap();
        let file = SavedFile::of(folder.path());
        std::fs::write(folder.path().join(NAME), "{\"version\":1,").unwrap();
        let saved = file.read();
        assert!(
            saved.notes[0].contains("damaged"),
            "it is said: {:?}",
            saved.notes
        );
        let names: Vec<_> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names.len(), 1, "nothing was thrown away");
        assert!(
            names[0]
                .to_string_lossy()
                .starts_with("sessions.json.damaged-"),
            "{names:?}"
        );
        file.change(|entries| entries.push(entry("a")))
            .expect("a new one can be begun");
    }

    #[test]
    fn a_file_of_a_newer_version_is_read_and_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = SavedFile::of(folder.path());
        let text =
            r#"{"version":2,"sessions":[{"id":"a","name":"n","source":{"kind":"anonymous"}}]}"#;
        std::fs::write(folder.path().join(NAME), text).unwrap();
        assert_eq!(
            file.read().entries.len(),
            1,
            "what is understood can be used"
        );
        let error = file.change(Vec::clear).unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::StateNewer,
            "and it is not overwritten"
        );
        assert_eq!(
            std::fs::read_to_string(folder.path().join(NAME)).unwrap(),
            text,
            "unchanged"
        );
    }
}
