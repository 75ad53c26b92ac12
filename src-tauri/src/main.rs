//! Longshore's window: a thin shell around the contract.
//!
//! It owns what only a native program can do: the window, the tray icon, dialogs, drops, signals
//! and the end. Everything else is the router's, which the page reaches by two commands. It holds
//! no rule of the product.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod commands;
mod drops;
mod end;
mod host;
mod process;
mod prompt;
mod shell;
mod tray;
mod window;
mod words;

use tauri::{AppHandle, RunEvent};

fn main() -> std::process::ExitCode {
    process::prepare();
    if !process::has_display() {
        process::say("Longshore needs a display: neither DISPLAY nor WAYLAND_DISPLAY answers.");
        return std::process::ExitCode::FAILURE;
    }
    let built = tauri::Builder::default()
        .plugin(
            // First of all plugins: a second instance must end before it touches any state.
            tauri_plugin_single_instance::Builder::new()
                .callback(|app, _arguments, _directory| window::show(app))
                .dbus_id(shell::instance_name())
                .build(),
        )
        .invoke_handler(tauri::generate_handler![
            commands::call,
            commands::subscribe
        ])
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            std::process::ExitCode::from(u8::try_from(app.run_return(on_event)).unwrap_or(1))
        }
        Err(error) => {
            process::say(&format!("Longshore could not start: {error}"));
            std::process::ExitCode::FAILURE
        }
    }
}

fn on_event(app: &AppHandle, event: RunEvent) {
    match event {
        RunEvent::Ready => {
            end::on_signals(app);
            shell::start(app);
        }
        // The last window closed: what `end` began decides when the process exits.
        RunEvent::ExitRequested {
            code: None, api, ..
        } => api.prevent_exit(),
        _ => {}
    }
}
