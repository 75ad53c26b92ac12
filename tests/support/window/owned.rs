//! A child process that ends with its owner, also when the owner is killed.

use std::ffi::OsStr;
use std::process::{Child, Command};

use anyhow::{Context as _, Result};

/// A process that is killed and waited for when this is dropped.
#[derive(Debug)]
pub(super) struct Owned(pub(super) Child);

impl Owned {
    /// Starts what `configure` makes of the command for `program`.
    ///
    /// # Errors
    /// When `configure` fails, or `setpriv` is not there.
    pub(super) fn start(
        program: impl AsRef<OsStr>,
        configure: impl FnOnce(&mut Command) -> Result<()>,
    ) -> Result<Self> {
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "--"])
            .arg(program.as_ref());
        configure(&mut command)?;
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", program.as_ref().to_string_lossy()))?;
        Ok(Self(child))
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
