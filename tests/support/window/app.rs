//! Longshore's binary on a desktop, with its page under WebDriver or by itself.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use anyhow::{Context as _, Result};

use super::desktop::Desktop;
use super::driver::Page;
use super::owned::Owned;
use super::pointer::TopWindow;
use super::until;

/// Starts the program with the test's environment, its words in a log and its id in a file. The
/// driver would swallow the first and keep the second to itself.
const STARTER: &str = "#!/bin/sh\necho $$ > \"$LONGSHORE_TEST_PID\"\n\
exec \"$LONGSHORE_TEST_PROGRAM\" \"$@\" >> \"$LONGSHORE_TEST_LOG\" 2>&1\n";

/// How Longshore is started.
#[derive(Debug, Clone, Default)]
pub struct Launch {
    environment: BTreeMap<String, String>,
}

impl Launch {
    /// As on a desktop without any account.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more variable in its environment.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.environment.insert(name.to_owned(), value.into());
        self
    }
}

/// A running Longshore; it is killed when this is dropped.
#[derive(Debug)]
pub struct App {
    /// The page in its window.
    pub page: Page,
    log: PathBuf,
    pid: u32,
    _driver: Owned,
}

impl App {
    /// Starts Longshore and waits until its page is there.
    ///
    /// # Errors
    /// When the binary or the WebDriver is missing, or no page opens; carries Longshore's words.
    pub async fn open(desktop: &Desktop, launch: &Launch) -> Result<Self> {
        let log = desktop.home().join("longshore.log");
        let opened = Self::try_open(desktop, launch, &log).await;
        opened.with_context(|| format!("Longshore says:\n{}", read(&log)))
    }

    async fn try_open(desktop: &Desktop, launch: &Launch, log: &Path) -> Result<Self> {
        let starter = desktop.home().join("start-longshore");
        std::fs::write(&starter, STARTER)?;
        std::fs::set_permissions(&starter, std::fs::Permissions::from_mode(0o755))?;
        let pid_file = desktop.home().join("longshore.pid");
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let driver = Owned::start("WebKitWebDriver", |command| {
            command
                .args(["--host=127.0.0.1", &format!("--port={port}")])
                .envs(desktop.environment())
                .envs(&launch.environment)
                .env("TAURI_WEBVIEW_AUTOMATION", "true")
                .env("LONGSHORE_TEST_PID", &pid_file)
                .env("LONGSHORE_TEST_LOG", log)
                .env("LONGSHORE_TEST_PROGRAM", binary()?);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            Ok(())
        })?;
        until("the WebDriver to listen", || async {
            Ok(std::net::TcpStream::connect(("127.0.0.1", port)).ok())
        })
        .await?;
        let page = Page::open(port, &starter).await?;
        let pid = std::fs::read_to_string(&pid_file)?.trim().parse()?;
        let app = Self {
            page,
            log: log.to_owned(),
            pid,
            _driver: driver,
        };
        app.page
            .wait(
                "the page to load",
                "document.readyState === 'complete'",
                serde_json::json!([]),
            )
            .await?;
        Ok(app)
    }

    /// Starts Longshore without WebDriver and waits until it ends.
    ///
    /// # Errors
    /// When the binary is missing or does not end in time.
    pub async fn run(desktop: &Desktop, launch: &Launch) -> Result<Output> {
        let mut command = tokio::process::Command::from({
            let mut command = desktop.command(&binary()?.to_string_lossy());
            command.envs(&launch.environment).stdin(Stdio::null());
            command
        });
        command.kill_on_drop(true);
        let ended = tokio::time::timeout(super::SEEN_WITHIN, command.output()).await;
        Ok(ended.context("Longshore did not end")??)
    }

    /// Its window on the screen.
    ///
    /// # Errors
    /// When none appears.
    pub async fn window(&self, desktop: &Desktop) -> Result<TopWindow> {
        desktop.pointer().window("^Longshore$").await
    }

    /// What it wrote to its log, over all starts on this desktop.
    #[must_use]
    pub fn log(&self) -> String {
        read(&self.log)
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// When the process is gone.
    pub fn signal(&self, name: &str) -> Result<()> {
        let status = std::process::Command::new("kill")
            .args(["-s", name, &self.pid.to_string()])
            .stderr(Stdio::null())
            .status()?;
        anyhow::ensure!(status.success(), "no process {} to signal", self.pid);
        Ok(())
    }

    /// Waits until its process has ended.
    ///
    /// # Errors
    /// When it goes on.
    pub async fn ended(&self) -> Result<()> {
        until("Longshore to end", || async {
            Ok((!self.is_running()).then_some(()))
        })
        .await
    }

    /// Whether its process is there.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).unwrap_or_default();
        // An ended process that the driver has not waited for yet is a zombie.
        stat.rsplit_once(") ")
            .is_some_and(|(_, rest)| !rest.starts_with('Z'))
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.signal("KILL");
    }
}

/// The binary beside the running test, as cargo laid it out.
fn binary() -> Result<PathBuf> {
    if let Some(dir) = std::env::var_os("LONGSHORE_BIN_DIR") {
        return Ok(PathBuf::from(dir).join("longshore-desktop"));
    }
    let test = std::env::current_exe()?;
    let found = test
        .ancestors()
        .skip(1)
        .take(2)
        .map(|dir| dir.join("longshore-desktop"));
    found.into_iter().find(|path| path.exists()).context(
        "there is no longshore-desktop beside this program: cargo build -p longshore-desktop",
    )
}

fn read(log: &Path) -> String {
    String::from_utf8_lossy(&std::fs::read(log).unwrap_or_default()).into_owned()
}
