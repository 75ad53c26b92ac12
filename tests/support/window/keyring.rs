//! A real secret service on a desktop's bus, which a test locks and unlocks.

use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Context as _, Result};

use super::desktop::Desktop;
use super::owned::Owned;
use super::pointer::PYTHON;
use super::until;

const PASSWORD: &str = "a password of this test";
const SCRIPT: &str = include_str!("keyring.py");

/// A running `gnome-keyring-daemon`; it ends when this is dropped.
#[derive(Debug)]
pub struct Keyring<'a> {
    desktop: &'a Desktop,
    _daemon: Owned,
}

impl<'a> Keyring<'a> {
    /// Starts the secret service with an unlocked login keyring.
    ///
    /// # Errors
    /// When the daemon is not there or does not take its name on the bus.
    pub async fn start(desktop: &'a Desktop) -> Result<Self> {
        let mut daemon = Owned::start("gnome-keyring-daemon", |command| {
            command
                .args(["--foreground", "--unlock", "--components=secrets"])
                .envs(desktop.environment())
                .stdin(Stdio::piped())
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            Ok(())
        })?;
        let mut input = daemon
            .0
            .stdin
            .take()
            .context("the daemon reads no password")?;
        input.write_all(PASSWORD.as_bytes())?;
        drop(input);
        let keyring = Self {
            desktop,
            _daemon: daemon,
        };
        until("the login keyring", || async {
            Ok((keyring.ask(&["state"])? == "open").then_some(()))
        })
        .await?;
        Ok(keyring)
    }

    /// Locks the login keyring.
    ///
    /// # Errors
    /// When it stays open.
    pub fn lock(&self) -> Result<()> {
        anyhow::ensure!(self.ask(&["lock"])? == "locked", "the keyring stayed open");
        Ok(())
    }

    /// Unlocks the login keyring, as a login does.
    ///
    /// # Errors
    /// When it stays locked.
    pub fn unlock(&self) -> Result<()> {
        anyhow::ensure!(
            self.ask(&["unlock", PASSWORD])? == "open",
            "the keyring stayed locked"
        );
        Ok(())
    }

    fn ask(&self, arguments: &[&str]) -> Result<String> {
        let mut python = self.desktop.command(PYTHON);
        let output = python.args(["-c", SCRIPT]).args(arguments).output()?;
        anyhow::ensure!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}
