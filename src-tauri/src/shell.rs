//! What stands behind the page: the engine over this machine's state, and its router.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::Arc;

use longshore_contract::router::{AllowedCallers, start_sentences};
use longshore_contract::{Caller, Router, RouterOptions};
use longshore_engine::{Engine, EngineOptions, Error};
use tauri::{AppHandle, Manager as _, State};

use crate::host::{Dialogs, in_dialog};
use crate::{end, process, tray, window};

/// Moves the state; also what tells two Longshores apart that keep separate states.
const DATA_DIR: &str = "LONGSHORE_DATA_DIR";

/// What is said where opening the state ended in a fault of the program.
const FAULT: &str = "A fault in Longshore itself stopped it while it opened its state. Objects on \
                     servers are untouched; what the fault was is said on the terminal that \
                     Longshore was started from.";

/// What the window's parts share once the engine is open.
pub(crate) struct Shell {
    /// Commands and topics.
    pub(crate) router: Router,
    /// The one caller: the page of the one window.
    pub(crate) page: Caller,
}

/// The shell, which is there whenever there is a page.
pub(crate) fn of(app: &AppHandle) -> Option<State<'_, Shell>> {
    app.try_state()
}

/// Opens the engine, then the window; says why where that fails, and ends.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let handle = app.clone();
        // In a task of its own: a panic in it would end this one without a word and a window.
        let opened = tauri::async_runtime::spawn(async move { open(&handle).await }).await;
        match opened {
            Ok(Ok(shell)) => {
                app.manage(shell);
                let handle = app.clone();
                let _ = app.run_on_main_thread(move || show(&handle));
            }
            Ok(Err(error)) => refuse(&app, &error.to_string()).await,
            Err(error) => {
                tracing::error!(%error, "opening the state panicked");
                refuse(&app, FAULT).await;
            }
        }
    });
}

/// The name under which a second instance over the same state finds the first.
pub(crate) fn instance_name() -> String {
    let identifier = "app.longshore.desktop";
    match std::env::var_os(DATA_DIR) {
        None => identifier.to_owned(),
        Some(dir) => {
            let mut hasher = DefaultHasher::new();
            dir.hash(&mut hasher);
            format!("{identifier}.d{:016x}", hasher.finish())
        }
    }
}

fn show(app: &AppHandle) {
    if let Err(error) = window::open(app) {
        let app = app.clone();
        let words = format!("The window could not be opened: {error}");
        tauri::async_runtime::spawn(async move { refuse(&app, &words).await });
        return;
    }
    tray::make(app);
}

async fn open(app: &AppHandle) -> Result<Shell, Error> {
    let data_dir = data_dir(app);
    tracing::info!(dir = %data_dir.display(), "opening the state");
    let (engine, notes) = Engine::open(EngineOptions::new(data_dir.clone())).await?;
    let page = Caller::window(window::MAIN);
    let options = RouterOptions {
        allowed: AllowedCallers::Only(vec![page.clone()]),
        version: app.package_info().version.to_string(),
        data_dir,
        home: app.path().home_dir().ok(),
        unfinished: notes.unfinished,
        notes: start_sentences(&notes),
    };
    let router = Router::new(engine, Arc::new(Dialogs::new(app.clone())), options);
    Ok(Shell { router, page })
}

fn data_dir(app: &AppHandle) -> PathBuf {
    match std::env::var_os(DATA_DIR) {
        Some(dir) if !dir.is_empty() => PathBuf::from(dir),
        _ => {
            let data = app.path().data_dir();
            data.unwrap_or_else(|_| PathBuf::from("."))
                .join("longshore")
        }
    }
}

/// Says why Longshore cannot start, on the terminal and in a dialog, and ends.
async fn refuse(app: &AppHandle, words: &str) {
    process::say(&format!("Longshore cannot start. {words}"));
    rfd::AsyncMessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title("Longshore cannot start")
        .set_description(in_dialog(words))
        .set_buttons(rfd::MessageButtons::Ok)
        .show()
        .await;
    end::begin(app, end::FAILED);
}
