//! The AWS config and credentials files, read so that one bad line loses only itself.
//!
//! [`ConfigFiles::read`] takes both files into sections of lower-cased keys; sections of the same
//! name merge, later lines win. What cannot be read is a [`LineNote`] with file and line and never
//! an error. Invariant: a line that makes no sense changes no other line's meaning, except that a
//! header without a name swallows the lines up to the next header: they belong to nobody, and
//! giving them to the section before would mix two identities.
//!
//! Left out on purpose: what the keys mean (`profiles`), and writing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Both files, read.
#[derive(Debug, Default)]
pub(super) struct ConfigFiles {
    /// Profiles of the config file, `default` among them.
    pub(super) config: BTreeMap<String, Section>,
    /// Profiles of the credentials file.
    pub(super) credentials: BTreeMap<String, Section>,
    /// `[services NAME]` sections.
    pub(super) services: BTreeMap<String, Section>,
    /// Profile names in the order in which the files name them, config first.
    pub(super) order: Vec<String>,
    /// What could not be read.
    pub(super) notes: Vec<LineNote>,
}

/// One section: keys in lower case.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Section {
    values: BTreeMap<String, Value>,
}

/// A value and the indented keys below it (`s3 =`, then `  addressing_style = path`).
#[derive(Default, Clone, PartialEq, Eq)]
struct Value {
    text: String,
    nested: BTreeMap<String, String>,
}

/// Values may be secrets.
impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(…)")
    }
}

/// A line that could not be used. The line itself is not quoted: it may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineNote {
    /// The file.
    pub(super) file: PathBuf,
    /// Its number from 1; 0 is the file as a whole.
    pub(super) line: usize,
    /// The profile in whose section it stands.
    pub(super) profile: Option<String>,
    /// What is wrong with it.
    pub(super) what: &'static str,
}

impl std::fmt::Display for LineNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.what)
    }
}

impl Section {
    /// A key's value; an empty one counts as absent.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.values
            .get(key)
            .map(|v| v.text.as_str())
            .filter(|t| !t.is_empty())
    }

    /// A key that stands indented below another.
    pub(super) fn nested(&self, key: &str, below: &str) -> Option<&str> {
        let value = self.values.get(key)?.nested.get(below)?;
        (!value.is_empty()).then_some(value.as_str())
    }
}

impl ConfigFiles {
    /// Reads both files; one that does not exist is empty.
    pub(super) fn read(config: &Path, credentials: &Path) -> Self {
        let mut files = Self::default();
        for (path, kind) in [
            (config, FileKind::Config),
            (credentials, FileKind::Credentials),
        ] {
            match std::fs::read(path) {
                Ok(bytes) => files.take(path, kind, &bytes),
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => {
                    tracing::warn!(file = %path.display(), error = %e, "config file unreadable");
                    files.note(path, 0, None, "the file cannot be read");
                }
            }
        }
        files
    }

    /// Takes one file's bytes.
    fn take(&mut self, path: &Path, kind: FileKind, bytes: &[u8]) {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let mut reader = Reader {
            place: Place::Nowhere,
            key: None,
        };
        for (at, raw) in bytes.split(|b| *b == b'\n').enumerate() {
            let text = String::from_utf8_lossy(raw);
            let line = text.strip_suffix('\r').unwrap_or(&text);
            if let Err(what) = reader.take(self, kind, line) {
                self.note(path, at + 1, reader.profile(), what);
            } else if matches!(text, std::borrow::Cow::Owned(_)) && !is_blank(line) {
                self.note(
                    path,
                    at + 1,
                    reader.profile(),
                    "the line holds bytes that are not UTF-8",
                );
            }
        }
    }

    fn note(&mut self, file: &Path, line: usize, profile: Option<&str>, what: &'static str) {
        let profile = profile.map(ToOwned::to_owned);
        self.notes.push(LineNote {
            file: file.to_owned(),
            line,
            profile,
            what,
        });
    }

    fn section(&mut self, place: &Place) -> Option<&mut Section> {
        match place {
            Place::Profile(FileKind::Config, name) => self.config.get_mut(name),
            Place::Profile(FileKind::Credentials, name) => self.credentials.get_mut(name),
            Place::Services(name) => self.services.get_mut(name),
            Place::Nowhere | Place::Unused | Place::Nameless => None,
        }
    }

    fn enter(&mut self, place: &Place) {
        match place {
            Place::Profile(kind, name) => {
                if !self.order.contains(name) {
                    self.order.push(name.clone());
                }
                let map = match kind {
                    FileKind::Config => &mut self.config,
                    FileKind::Credentials => &mut self.credentials,
                };
                map.entry(name.clone()).or_default();
            }
            Place::Services(name) => {
                self.services.entry(name.clone()).or_default();
            }
            Place::Nowhere | Place::Unused | Place::Nameless => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    Config,
    Credentials,
}

/// Whose the present line is.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// Before the first header.
    Nowhere,
    /// A section that means nothing to us (`sso-session`, `plugins`, …).
    Unused,
    /// Below a header whose name could not be read.
    Nameless,
    Profile(FileKind, String),
    Services(String),
}

struct Reader {
    place: Place,
    /// The last key, for indented lines below it.
    key: Option<String>,
}

impl Reader {
    fn profile(&self) -> Option<&str> {
        match &self.place {
            Place::Profile(_, name) => Some(name),
            _ => None,
        }
    }

    fn take(
        &mut self,
        files: &mut ConfigFiles,
        kind: FileKind,
        line: &str,
    ) -> Result<(), &'static str> {
        if is_blank(line) {
            return Ok(());
        }
        if line.starts_with('[') {
            return self.take_header(files, kind, line);
        }
        if line.starts_with([' ', '\t']) {
            return self.take_indented(files, line.trim());
        }
        self.take_pair(files, line)
    }

    fn take_header(
        &mut self,
        files: &mut ConfigFiles,
        kind: FileKind,
        line: &str,
    ) -> Result<(), &'static str> {
        self.key = None;
        let inner = &line[1..];
        let (name, rest, closed) = match inner.split_once(']') {
            Some((name, rest)) => (name, rest.trim(), true),
            None => (without_comment(inner), "", false),
        };
        let (place, complaint) = place_of(kind, name.trim());
        files.enter(&place);
        self.place = place;
        if let Some(what) = complaint {
            return Err(what);
        }
        if !closed {
            return Err(
                "the section's “]” is missing; the name up to the end of the line was taken",
            );
        }
        if !rest.is_empty() && !rest.starts_with(['#', ';']) {
            return Err("what follows the section's “]” was left out");
        }
        Ok(())
    }

    fn take_pair(&mut self, files: &mut ConfigFiles, line: &str) -> Result<(), &'static str> {
        let Some((key, value)) = line.split_once('=') else {
            // What is indented below a line that was not understood belongs to it.
            self.key = None;
            return Err("the line is neither a section nor “key = value”");
        };
        let key = key.trim().to_lowercase();
        if key.is_empty() {
            self.key = None;
            return Err("there is no key before the “=”");
        }
        if self.place == Place::Nowhere {
            return Err("the line stands before the first section");
        }
        if let Some(section) = files.section(&self.place) {
            let text = unquoted(without_comment(value).trim()).to_owned();
            section.values.insert(
                key.clone(),
                Value {
                    text,
                    nested: BTreeMap::new(),
                },
            );
        }
        self.key = Some(key);
        Ok(())
    }

    fn take_indented(&mut self, files: &mut ConfigFiles, line: &str) -> Result<(), &'static str> {
        if line.starts_with(['#', ';']) {
            return Ok(());
        }
        let Some(key) = &self.key else {
            // A file that is indented throughout is read as if it were not.
            return match self.place {
                Place::Nowhere => Err("the line stands before the first section"),
                _ => self.take_pair(files, line),
            };
        };
        let Some(section) = files.section(&self.place) else {
            return Ok(());
        };
        let Some(value) = section.values.get_mut(key) else {
            return Ok(());
        };
        match line.split_once('=') {
            Some((below, text)) if value.text.is_empty() => {
                let below = below.trim().to_lowercase();
                if below.is_empty() {
                    return Err("there is no key before the “=”");
                }
                let text = unquoted(without_comment(text).trim()).to_owned();
                value.nested.insert(below, text);
                Ok(())
            }
            // Indented pairs below a finished value are keys of their own for most people.
            Some(_) => self.take_pair(files, line),
            None if value.text.is_empty() => Err("the indented line is not “key = value”"),
            None => Err("values that go on over several lines are not used here"),
        }
    }
}

/// Whose a header is, and what is wrong with it.
fn place_of(kind: FileKind, name: &str) -> (Place, Option<&'static str>) {
    let (word, rest) = match name.split_once(|c: char| c.is_whitespace()) {
        Some((word, rest)) => (word, unquoted(rest.trim())),
        None => (name, ""),
    };
    let whole = unquoted(name);
    match (word.to_lowercase().as_str(), kind) {
        ("", _) => (
            Place::Nameless,
            Some("the section has no name; lines up to the next one were left out"),
        ),
        ("profile" | "services" | "sso-session", _) if rest.is_empty() => (
            Place::Nameless,
            Some("the section has no name; lines up to the next one were left out"),
        ),
        ("profile", _) => (Place::Profile(kind, rest.to_owned()), None),
        ("services", FileKind::Config) => (Place::Services(rest.to_owned()), None),
        ("sso-session" | "plugins" | "preview", FileKind::Config) => (Place::Unused, None),
        (_, FileKind::Credentials) => (Place::Profile(kind, whole.to_owned()), None),
        (_, FileKind::Config) if whole.eq_ignore_ascii_case("default") => {
            (Place::Profile(kind, "default".to_owned()), None)
        }
        (_, FileKind::Config) => (
            Place::Unused,
            Some("the section was left out: in this file it must be “[profile NAME]”"),
        ),
    }
}

fn is_blank(line: &str) -> bool {
    let bare = line.trim();
    bare.is_empty() || (line.starts_with(['#', ';']))
}

/// The text before ` #` or ` ;`. Without the blank they belong to the value: passwords hold them.
fn without_comment(text: &str) -> &str {
    let mut before_blank = false;
    for (at, c) in text.char_indices() {
        if before_blank && (c == '#' || c == ';') {
            return &text[..at];
        }
        before_blank = c.is_whitespace();
    }
    text
}

/// The text without one pair of quotes around it.
fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
        if let Some(inner) = inner.filter(|i| !i.contains(quote)) {
            return inner;
        }
    }
    text
}

#[cfg(test)]
mod tests;
