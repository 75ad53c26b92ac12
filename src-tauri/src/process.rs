//! What the process settles before anything else runs: no core dumps, a renderer that works on
//! this machine, where the log goes, and whether the optional tray library is there.
//!
//! All unsafe code of the shell is here, each use with the reason why it is sound.

use std::path::Path;

use tracing_subscriber::EnvFilter;

/// Prepares the process. Call it first in `main`, while there is one thread.
pub(crate) fn prepare() {
    forbid_core_dumps();
    choose_renderer();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("LONGSHORE_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        tracing::error!(place = ?info.location(), "a thread panicked");
        report(info);
    }));
}

/// A core dump would carry keys and tokens to the disk.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
fn forbid_core_dumps() {
    let none = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the pointer is to a live value and the call keeps nothing of it.
    unsafe { libc::setrlimit(libc::RLIMIT_CORE, &raw const none) };
}

#[cfg(not(target_os = "linux"))]
fn forbid_core_dumps() {}

/// WebKitGTK hands frames over as DMA buffers. Without a render node (a virtual display, a remote
/// session, a machine with no GPU) or with NVIDIA's own driver the window stays blank, so there
/// the shared-memory path is taken. A person who set the variable decides.
#[allow(unsafe_code)]
fn choose_renderer() {
    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    let blank = !has_render_node() || Path::new("/proc/driver/nvidia/version").exists();
    if cfg!(target_os = "linux") && blank && std::env::var_os(SWITCH).is_none() {
        // SAFETY: no other thread exists yet that could read the environment.
        unsafe { std::env::set_var(SWITCH, "1") };
    }
}

fn has_render_node() -> bool {
    std::fs::read_dir("/dev/dri").is_ok_and(|nodes| {
        nodes
            .flatten()
            .any(|node| node.file_name().to_string_lossy().starts_with("renderD"))
    })
}

/// Whether a tray icon can be made: making one panics where the indicator library is missing.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)]
pub(crate) fn has_tray_library() -> bool {
    const NAMES: [&std::ffi::CStr; 2] =
        [c"libayatana-appindicator3.so.1", c"libappindicator3.so.1"];
    NAMES.iter().any(|name| {
        // SAFETY: the name is NUL-terminated; the library stays loaded, since the tray needs it.
        unsafe { !libc::dlopen(name.as_ptr(), libc::RTLD_LAZY | libc::RTLD_LOCAL).is_null() }
    })
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn has_tray_library() -> bool {
    true
}

/// Whether a display answers; without one the toolkit would panic instead of saying so.
#[cfg(target_os = "linux")]
pub(crate) fn has_display() -> bool {
    gtk::init().is_ok()
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn has_display() -> bool {
    true
}

/// Says something on the terminal that Longshore was started from.
#[allow(clippy::print_stderr)]
pub(crate) fn say(words: &str) {
    eprintln!("{words}");
}
