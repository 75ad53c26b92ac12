//! Other programs: shown, run without an input, their failure turned into an error.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// A program about to run.
#[derive(Debug)]
pub(crate) struct Tool {
    command: Command,
    shown: String,
}

impl Tool {
    /// `program` from `PATH`, or by its path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(&program);
        command.stdin(Stdio::null());
        // A proxy configured for this machine must not see requests to loopback.
        command
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("no_proxy", "127.0.0.1,localhost");
        Self {
            command,
            shown: program.as_ref().to_string_lossy().into_owned(),
        }
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        for argument in arguments {
            self.shown.push(' ');
            self.shown.push_str(&argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// Runs it in `dir`.
    pub(crate) fn dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// Shows it, runs it and waits for success.
    pub(crate) fn run(mut self) -> Result<()> {
        self.show();
        let status = self.command.status().with_context(|| self.missing())?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.shown);
        }
        Ok(())
    }

    /// Shows it, runs it with its output passed on, and gives whether it succeeded and what it
    /// wrote.
    pub(crate) fn run_and_read(mut self) -> Result<(bool, String)> {
        self.show();
        self.command.stdout(Stdio::piped());
        let mut child = self.command.spawn().with_context(|| self.missing())?;
        let mut written = String::new();
        let out = child.stdout.take().context("no output to read")?;
        // By bytes: what a test prints need not be UTF-8.
        for line in BufReader::new(out).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            written.push_str(&line);
            written.push('\n');
        }
        Ok((child.wait()?.success(), written))
    }

    /// Runs it without a word and gives what it wrote, or nothing when it failed.
    pub(crate) fn read_quietly(mut self) -> Option<String> {
        let output = self.command.stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(text)
    }

    /// Shows it and starts it with its output to be read; the caller ends it.
    pub(crate) fn start(mut self) -> Result<Child> {
        self.show();
        self.command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| self.missing())
    }

    fn show(&self) {
        println!("$ {}", self.shown);
    }

    fn missing(&self) -> String {
        let program = self.shown.split(' ').next().unwrap_or_default();
        format!("cannot run `{program}`; is it installed?")
    }
}

/// Whether `program` is in `PATH`.
pub(crate) fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|dir| dir.join(program).is_file())
}
