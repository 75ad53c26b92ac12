//! Dialogs that the page cannot forge: the system's file dialogs and a prompt for a typed path.
//!
//! Only asynchronous dialogs, and only once the event loop runs: a blocking one stops the loop
//! that would draw it.

use std::path::{Path, PathBuf};

use longshore_contract::{Caller, Host, HostFuture};
use rfd::{AsyncFileDialog, FileHandle};
use tauri::{AppHandle, Manager as _};

use crate::{prompt, window, words};

/// Asks over the main window.
pub(crate) struct Dialogs {
    app: AppHandle,
}

impl Dialogs {
    /// Dialogs of this application.
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app }
    }

    fn file_dialog(&self, title: &str) -> AsyncFileDialog {
        let dialog = AsyncFileDialog::new().set_title(title);
        match self.app.get_webview_window(window::MAIN) {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

impl Host for Dialogs {
    fn pick_files<'a>(&'a self, _caller: &'a Caller) -> HostFuture<'a, Vec<PathBuf>> {
        Box::pin(async move {
            let picked = self.file_dialog(words::UPLOAD_FILES).pick_files().await;
            Ok(picked.unwrap_or_default().iter().map(path_of).collect())
        })
    }

    fn pick_folder<'a>(
        &'a self,
        _caller: &'a Caller,
        title: Option<&'a str>,
    ) -> HostFuture<'a, Option<PathBuf>> {
        Box::pin(async move {
            let dialog = self.file_dialog(title.unwrap_or(words::CHOOSE_FOLDER));
            Ok(dialog.pick_folder().await.as_ref().map(path_of))
        })
    }

    fn pick_destination<'a>(
        &'a self,
        _caller: &'a Caller,
        name: &'a str,
    ) -> HostFuture<'a, Option<PathBuf>> {
        Box::pin(async move {
            let dialog = self.file_dialog(words::SAVE_AS).set_file_name(name);
            Ok(dialog.save_file().await.as_ref().map(path_of))
        })
    }

    fn confirm_path<'a>(&'a self, _caller: &'a Caller, path: &'a Path) -> HostFuture<'a, bool> {
        Box::pin(async move { Ok(prompt::may_upload(&self.app, path).await) })
    }
}

/// Words as rfd must be given them: it hands a description to GTK as a format string, in which a
/// `%` of a file's name would read memory that nobody passed, and it panics at a NUL.
pub(crate) fn in_dialog(words: &str) -> String {
    let percent = if cfg!(target_os = "linux") { "%%" } else { "%" };
    words.replace('\0', "").replace('%', percent)
}

fn path_of(file: &FileHandle) -> PathBuf {
    file.path().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percent_sign_reaches_gtk_as_one_and_a_nul_not_at_all() {
        let expected = if cfg!(target_os = "linux") {
            "100%% of a name"
        } else {
            "100% of a name"
        };
        assert_eq!(
            in_dialog("100% of\0 a name"),
            expected,
            "GTK takes a format"
        );
    }
}
