//! The end: what runs is paused and the journal closed, then the process exits.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tauri::{AppHandle, Manager};

use crate::{shell, window};

/// The exit code after a good run.
pub(crate) const WELL: i32 = 0;
/// The exit code when Longshore could not start.
pub(crate) const FAILED: i32 = 1;

/// How long parts in flight may take to be given up and the journal to be closed. What it does
/// not reach is what a kill would leave: the journal, which the next start takes up.
const CLOSE_WITHIN: Duration = Duration::from_secs(10);

static BEGUN: AtomicBool = AtomicBool::new(false);

/// Pauses what runs, closes the journal and exits; a second call changes nothing.
pub(crate) fn begin(app: &AppHandle, code: i32) {
    if BEGUN.swap(true, Ordering::AcqRel) {
        return;
    }
    if let Some(window) = app.get_webview_window(window::MAIN) {
        let _ = window.hide();
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Some(shell) = shell::of(&app) {
            let closing = shell.router.engine().close();
            if tokio::time::timeout(CLOSE_WITHIN, closing).await.is_err() {
                tracing::warn!("the queue did not close in time; the journal keeps its state");
            }
        }
        tracing::info!(code, "ended");
        app.exit(code);
    });
}

/// Ends as closing the window would when the session ends or somebody asks from a terminal.
#[cfg(unix)]
pub(crate) fn on_signals(app: &AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    for kind in [
        SignalKind::terminate(),
        SignalKind::interrupt(),
        SignalKind::hangup(),
    ] {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            match signal(kind) {
                Ok(mut signals) => {
                    if signals.recv().await.is_some() {
                        begin(&app, WELL);
                    }
                }
                Err(error) => tracing::warn!(%error, "a signal ends Longshore at once"),
            }
        });
    }
}

#[cfg(not(unix))]
pub(crate) fn on_signals(_app: &AppHandle) {}
