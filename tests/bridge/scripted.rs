//! Dialogs that answer what a test said they shall, and nothing outside the root.

use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use longshore_contract::{AppError, Caller, ErrorCode, Host, HostFuture};
use serde::Deserialize;

/// What dialogs answer from now on; what is left out gives up. Paths are relative to the root, or
/// absolute below it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Script {
    /// The files that are picked.
    files: Vec<String>,
    /// The folder that is picked.
    folder: Option<String>,
    /// The file that a destination is picked for.
    destination: Option<String>,
    /// Whether a typed path is confirmed.
    confirm: bool,
}

#[derive(Debug, Default)]
struct Answers {
    files: Vec<PathBuf>,
    folder: Option<PathBuf>,
    destination: Option<PathBuf>,
    confirm: bool,
}

/// The host of the bridge.
pub(crate) struct ScriptedHost {
    root: PathBuf,
    answers: Mutex<Answers>,
}

impl ScriptedHost {
    /// A host whose dialogs give up until it is told otherwise.
    pub(crate) fn below(root: PathBuf) -> Self {
        Self {
            root,
            answers: Mutex::default(),
        }
    }

    /// Takes a script in place of the one before.
    pub(crate) fn follow(&self, script: &Script) -> Result<(), AppError> {
        let one =
            |text: &Option<String>| text.as_ref().map(|text| self.below_root(text)).transpose();
        let answers = Answers {
            files: script
                .files
                .iter()
                .map(|text| self.below_root(text))
                .collect::<Result<_, _>>()?,
            folder: one(&script.folder)?,
            destination: one(&script.destination)?,
            confirm: script.confirm,
        };
        *self.lock() = answers;
        Ok(())
    }

    /// A path below the root, which need not exist.
    pub(crate) fn below_root(&self, text: &str) -> Result<PathBuf, AppError> {
        let path = self.root.join(text);
        if self.is_below_root(&path) {
            return Ok(path);
        }
        let message = format!("“{text}” is not below {}", self.root.display());
        Err(AppError::new(ErrorCode::BadInput, message))
    }

    fn is_below_root(&self, path: &Path) -> bool {
        let climbs = path.components().any(|part| part == Component::ParentDir);
        // What exists is judged by where it really is, or a link would lead out.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        !climbs && path.starts_with(&self.root) && real.starts_with(&self.root)
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for ScriptedHost {
    fn pick_files<'a>(&'a self, _caller: &'a Caller) -> HostFuture<'a, Vec<PathBuf>> {
        Box::pin(async { Ok(self.lock().files.clone()) })
    }

    fn pick_folder<'a>(
        &'a self,
        _caller: &'a Caller,
        _title: Option<&'a str>,
    ) -> HostFuture<'a, Option<PathBuf>> {
        Box::pin(async { Ok(self.lock().folder.clone()) })
    }

    fn pick_destination<'a>(
        &'a self,
        _caller: &'a Caller,
        _name: &'a str,
    ) -> HostFuture<'a, Option<PathBuf>> {
        Box::pin(async { Ok(self.lock().destination.clone()) })
    }

    fn confirm_path<'a>(&'a self, _caller: &'a Caller, path: &'a Path) -> HostFuture<'a, bool> {
        Box::pin(async { Ok(self.lock().confirm && self.is_below_root(path)) })
    }
}
