//! The one window: made with every way out of the page closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager, Url, WebviewWindow, WebviewWindowBuilder, WindowEvent};

use crate::{drops, end, shell};

/// The label that the capability names.
pub(crate) const MAIN: &str = "main";

/// Opens the window.
///
/// # Errors
/// When the web view cannot be made.
pub(crate) fn open(app: &AppHandle) -> tauri::Result<()> {
    let windows = &app.config().app.windows;
    let Some(config) = windows.iter().find(|window| window.label == MAIN) else {
        return Err(tauri::Error::WindowNotFound);
    };
    let window = WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(is_our_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        // Objects are saved by the engine; the page itself has nothing to save.
        .on_download(|_, _| false)
        .on_page_load(|window, load| {
            // What belonged to the page before ends with it.
            if load.event() == PageLoadEvent::Started
                && let Some(shell) = shell::of(window.app_handle())
            {
                shell.router.forget(&shell.page);
            }
        })
        .build()?;
    let dragged_inside = watch_drags_inside(&window)?;
    let (app, scaled) = (app.clone(), window.clone());
    window.on_window_event(move |event| match event {
        WindowEvent::CloseRequested { api, .. } => {
            api.prevent_close();
            end::begin(&app, end::WELL);
        }
        WindowEvent::DragDrop(drag) if !dragged_inside.load(Ordering::Acquire) => {
            drops::tell(&app, scaled.scale_factor().unwrap_or(1.0), drag);
        }
        _ => {}
    });
    Ok(())
}

/// Shows the window and brings it to the front.
pub(crate) fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else {
        return;
    };
    // A desktop may refuse any of these; the others still help.
    let _ = window.unminimize();
    let _ = window.show();
    let _ = window.set_focus();
}

fn is_our_page(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "tauri" => host == "localhost",
        "http" | "https" => cfg!(windows) && host == "tauri.localhost",
        _ => false,
    }
}

/// Whether the drag that is told of is one that the page itself began.
///
/// The page could give such a drag any list of files as its contents, and the toolkit tells it by
/// the same events as one from a file manager: taken for one, it would make grants for paths that
/// nobody chose. The drop's event waits in a queue that the drag's end overtakes, so the answer
/// stays until another drag moves over the page while none of the page's own is on its way.
#[cfg(target_os = "linux")]
fn watch_drags_inside(window: &WebviewWindow) -> tauri::Result<Arc<AtomicBool>> {
    use std::cell::Cell;
    use std::rc::Rc;

    use gtk::prelude::WidgetExt as _;

    let inside = Arc::new(AtomicBool::new(false));
    let told = inside.clone();
    window.with_webview(move |view| {
        let view = view.inner();
        let is_on_its_way = Rc::new(Cell::new(false));
        let (begun, moved) = (is_on_its_way.clone(), is_on_its_way.clone());
        let told_of_own = told.clone();
        view.connect_drag_begin(move |_, _| {
            begun.set(true);
            told_of_own.store(true, Ordering::Release);
        });
        view.connect_drag_motion(move |_, _, _, _, _| {
            told.store(moved.get(), Ordering::Release);
            false
        });
        view.connect_drag_end(move |_, _| is_on_its_way.set(false));
    })?;
    Ok(inside)
}

#[cfg(not(target_os = "linux"))]
fn watch_drags_inside(_window: &WebviewWindow) -> tauri::Result<Arc<AtomicBool>> {
    Ok(Arc::default())
}
