//! Files dragged over the window from outside, passed on in the page's own pixels.

use longshore_contract::wire::DropPhase;
use tauri::{AppHandle, DragDropEvent, PhysicalPosition};

use crate::shell;

/// Tells the page where a drag is; the paths become grants when it is let go.
pub(crate) fn tell(app: &AppHandle, scale: f64, drag: &DragDropEvent) {
    let Some(shell) = shell::of(app) else { return };
    let publish = |phase, at, paths: &[_]| {
        shell.router.publish_drop(&shell.page, phase, at, paths);
    };
    match drag {
        DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
            publish(DropPhase::Over, css_pixels(*position, scale), &[]);
        }
        DragDropEvent::Drop { paths, position } => {
            publish(DropPhase::Drop, css_pixels(*position, scale), paths);
        }
        _ => publish(DropPhase::Leave, (0.0, 0.0), &[]),
    }
}

/// The toolkits of Linux and macOS give the place in logical pixels, though the type says
/// physical; only Windows means it.
fn css_pixels(position: PhysicalPosition<f64>, scale: f64) -> (f64, f64) {
    let scale = if cfg!(windows) { scale } else { 1.0 };
    (position.x / scale, position.y / scale)
}
