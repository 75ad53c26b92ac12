//! Where things are: the clone, the cache outside it, the build output.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::tool::Tool;

/// The directories of one clone.
#[derive(Debug)]
pub(crate) struct Place {
    root: PathBuf,
    cache: PathBuf,
    build: PathBuf,
}

impl Place {
    /// Takes the clone from this program's own source, and the cache from `LONGSHORE_CACHE`,
    /// `XDG_CACHE_HOME` or `~/.cache`. Build output goes to `CARGO_TARGET_DIR` if that is set, so
    /// that a second clone does not compile everything again.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("no parent")?
            .to_owned();
        let cache = match (set("LONGSHORE_CACHE"), set("XDG_CACHE_HOME"), set("HOME")) {
            (Some(cache), _, _) => cache,
            (None, Some(caches), _) => caches.join("longshore"),
            (None, None, Some(home)) => home.join(".cache/longshore"),
            (None, None, None) => root.join("target/cache"),
        };
        let build = set("CARGO_TARGET_DIR").unwrap_or_else(|| cache.join("build"));
        Ok(Self { root, cache, build })
    }

    /// The clone.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Tools and build output that outlive the clone.
    pub(crate) fn cache(&self) -> &Path {
        &self.cache
    }

    /// Where a debug build puts programs.
    pub(crate) fn bin_dir(&self) -> PathBuf {
        self.build.join("debug")
    }

    /// Where a debug build puts `program`.
    pub(crate) fn built(&self, program: &str) -> PathBuf {
        self.bin_dir().join(program)
    }

    /// Cargo with the lock file as it is, building where all commands build.
    pub(crate) fn cargo(&self, subcommand: &str) -> Tool {
        Tool::new("cargo")
            .args([subcommand, "--locked"])
            .env("CARGO_TARGET_DIR", &self.build)
            .env("LONGSHORE_CACHE", &self.cache)
            .dir(&self.root)
    }
}

fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
