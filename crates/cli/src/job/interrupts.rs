//! Ctrl-C and, where there is one, the polite signal to end.

/// Listens from the start on, so that a signal that comes while something else is awaited is not
/// lost.
pub(super) struct Interrupts {
    #[cfg(unix)]
    signals: [Option<tokio::signal::unix::Signal>; 2],
    #[cfg(windows)]
    signal: Option<tokio::signal::windows::CtrlC>,
}

impl Interrupts {
    #[cfg(unix)]
    pub(super) fn listen() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let kinds = [SignalKind::interrupt(), SignalKind::terminate()];
        Self {
            signals: kinds.map(|kind| signal(kind).ok()),
        }
    }

    #[cfg(windows)]
    pub(super) fn listen() -> Self {
        Self {
            signal: tokio::signal::windows::ctrl_c().ok(),
        }
    }

    /// Waits for the next one.
    #[cfg(unix)]
    pub(super) async fn next(&mut self) {
        let [interrupt, terminate] = &mut self.signals;
        tokio::select! {
            Some(()) = received(interrupt) => {}
            Some(()) = received(terminate) => {}
            else => std::future::pending().await,
        }
    }

    /// Waits for the next one.
    #[cfg(windows)]
    pub(super) async fn next(&mut self) {
        match &mut self.signal {
            Some(signal) => drop(signal.recv().await),
            None => std::future::pending().await,
        }
    }
}

#[cfg(unix)]
async fn received(signal: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    signal.as_mut()?.recv().await
}
