//! The tray icon: shows the window or ends Longshore. It is left out where the desktop has none.

use tauri::AppHandle;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::TrayIconBuilder;

use crate::{end, process, window, words};

/// Makes the tray icon where the machine can show one; everything in it is in the window too.
pub(crate) fn make(app: &AppHandle) {
    if !process::has_tray_library() {
        tracing::info!("no tray icon: the indicator library is not installed");
        return;
    }
    if let Err(error) = build(app) {
        tracing::warn!(%error, "no tray icon");
    }
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let show = MenuItem::with_id(app, "show", words::SHOW, true, None::<&str>)?;
    let quit = MenuItem::with_id(app, "quit", words::QUIT, true, None::<&str>)?;
    let mut tray = TrayIconBuilder::with_id("longshore")
        .tooltip(words::NAME)
        .menu(&Menu::with_items(app, &[&show, &quit])?)
        .on_menu_event(|app, event| match event.id().as_ref() {
            "show" => window::show(app),
            "quit" => end::begin(app, end::WELL),
            _ => {}
        });
    if let Some(icon) = app.default_window_icon() {
        tray = tray.icon(icon.clone());
    }
    tray.build(app)?;
    Ok(())
}
