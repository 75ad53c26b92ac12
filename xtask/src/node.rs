//! The page's packages and its tools.

use std::fs;

use anyhow::{Context as _, Result};

use crate::place::Place;
use crate::tool::Tool;

/// Installs exactly what the lock file in `directory` says, unless that is what is there.
pub(crate) fn install(place: &Place, directory: &str) -> Result<()> {
    let dir = place.root().join(directory);
    let lock = fs::read(dir.join("package-lock.json"))
        .with_context(|| format!("{directory}/package-lock.json is not there"))?;
    let stamp = dir.join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("{directory}/node_modules is what the lock file says.");
        return Ok(());
    }
    Tool::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .dir(&dir)
        .run()?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// A script of `ui/package.json`.
pub(crate) fn ui_script(place: &Place, script: &str) -> Tool {
    Tool::new("npm")
        .args(["run", "--silent", script])
        .env("NO_COLOR", "1")
        .dir(&place.root().join("ui"))
}
