//! moto's server: every request shape, no authorization.
//!
//! It accepts any key, so it proves what was asked and never who may ask.

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use anyhow::Result;
use tempfile::TempDir;

use super::{Server, free_ports, start_until_ready, token, wait_until_ready};
use crate::process::ServerProcess;
use crate::s3::Keys;
use crate::tools::pip_package;

const WHEEL: &str = "moto[server]==5.2.5";

/// A running moto; it ends when this is dropped or when the process ends.
#[derive(Debug)]
pub struct Moto {
    server: Server,
    _process: ServerProcess,
}

impl Moto {
    /// The server that all tests of this process share, started by the first who asks.
    ///
    /// # Errors
    /// When it could not be installed or started; the next caller tries again.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<Moto> = OnceLock::new();
        static STARTING: Mutex<()> = Mutex::new(());
        let _starting = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = SHARED.get() {
            return Ok(server);
        }
        let started = Self::start()?;
        Ok(SHARED.get_or_init(|| started))
    }

    /// Installs moto if the cache lacks it, starts it and waits until it keeps an object. Blocks
    /// meanwhile.
    ///
    /// # Errors
    /// When pip fails or no start answers; the message carries the server's log.
    pub fn start() -> Result<Self> {
        let packages = pip_package(WHEEL)?;
        start_until_ready("moto", || Self::start_once(&packages))
    }

    /// Endpoint, keys and region.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    fn start_once(packages: &Path) -> Result<Self> {
        let scratch = TempDir::with_prefix("longshore-moto-")?;
        let port = free_ports(1)?[0];
        let arguments = [
            "-m",
            "moto.server",
            "-H",
            "127.0.0.1",
            "-p",
            &port.to_string(),
        ];
        let environment = [
            ("PYTHONPATH".to_owned(), packages.display().to_string()),
            ("PYTHONDONTWRITEBYTECODE".to_owned(), "1".to_owned()),
            ("PYTHONUNBUFFERED".to_owned(), "1".to_owned()),
        ];
        let process = ServerProcess::start(
            scratch,
            Path::new("python3"),
            &arguments.map(str::to_owned),
            &environment,
        )?;
        let server = Server {
            endpoint: format!("http://127.0.0.1:{port}"),
            keys: Keys::new(&token(), &token()),
            region: "us-east-1".to_owned(),
        };
        wait_until_ready(&server, &process)?;
        Ok(Self {
            server,
            _process: process,
        })
    }
}
