//! The real window on a desktop of its own, driven as a person would.
//!
//! A [`Desktop`] is a virtual display with a window manager, a session bus and a home directory
//! that nobody else uses. An [`App`] is Longshore's real binary on it: its page is read and
//! pressed over WebDriver ([`Page`]), while everything that is not the page (drags from another
//! window, file dialogs, prompts) goes through the X server ([`Pointer`]), since the page has no
//! hand in it. All of it ends when it is dropped, and leaves nothing in the user's home.
//!
//! It waits for what it expects to see and never for a time.

mod app;
mod desktop;
mod driver;
mod keyring;
mod owned;
mod pointer;

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

pub use self::app::{App, Launch};
pub use self::desktop::Desktop;
pub use self::driver::{Page, Rect};
pub use self::keyring::Keyring;
pub use self::pointer::{DragSource, Pointer, TopWindow};

/// How long anything may take that is waited for: a cold web view on a busy machine takes 20 s.
pub const SEEN_WITHIN: Duration = Duration::from_secs(90);
/// The pause between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Asks again until there is an answer; `what` says what was waited for.
///
/// # Errors
/// When there was none within [`SEEN_WITHIN`]; carries the last error.
pub async fn until<T, F>(what: &str, mut look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let deadline = Instant::now() + SEEN_WITHIN;
    loop {
        let seen = look().await;
        if let Ok(Some(value)) = seen {
            return Ok(value);
        }
        if Instant::now() > deadline {
            seen.with_context(|| format!("waited for {what}"))?;
            anyhow::bail!("did not see {what} within {} s", SEEN_WITHIN.as_secs());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
