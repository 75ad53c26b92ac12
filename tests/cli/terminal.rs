//! A person at a terminal: a home, a data directory and an environment of their own.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use longshore_tests::s3::Keys;
use longshore_tests::servers::{SeaweedFs, Server};
use serde_json::Value;

pub(crate) const MIB: usize = 1 << 20;

/// A person at a terminal: a home that is removed again, and the keys in the environment.
pub(crate) struct Terminal {
    pub(crate) home: tempfile::TempDir,
    pub(crate) endpoint: String,
    pub(crate) keys: Keys,
}

impl Terminal {
    pub(crate) fn at(server: &Server) -> Self {
        Self::with(server.endpoint(), server.client().keys().clone())
    }

    pub(crate) fn with(endpoint: &str, keys: Keys) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self {
            home,
            endpoint: endpoint.to_owned(),
            keys,
        }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_longshore"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("LONGSHORE_DATA_DIR", self.home.path().join("data"))
            .env("LONGSHORE_KEYCHAIN", "memory")
            .env("NO_PROXY", "127.0.0.1")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", &self.keys.access_key)
            .env("AWS_SECRET_ACCESS_KEY", &self.keys.secret_key)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs with `--json`; the lines of a run that exits with 0.
    pub(crate) fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?} is done: {output:?}"
        );
        lines(&output.stdout)
    }

    /// Runs with `--json` and fails; the exit code and the error's code.
    pub(crate) fn failure(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let error = lines(&output.stderr).pop().unwrap_or_default();
        let code = error["code"].as_str().unwrap_or_default().to_owned();
        (output.status.code().unwrap_or(-1), code)
    }

    pub(crate) fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }
}

pub(crate) fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

pub(crate) fn names(line: &Value) -> Vec<&str> {
    let mut names: Vec<_> = line
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}

/// Bytes in which no two parts are alike.
pub(crate) fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8)
        .collect()
}

pub(crate) fn weed() -> &'static SeaweedFs {
    SeaweedFs::shared().unwrap()
}
