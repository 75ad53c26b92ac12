//! A server process that ends with the process that started it.
//!
//! Three layers, because each alone leaks: dropping a [`ServerProcess`] kills it; a parent that is
//! killed takes it along through the kernel's parent-death signal; and a small shell between the
//! two removes the scratch directory, since nothing of a killed parent runs any more.
//!
//! The kernel sends that signal when the *thread* that spawned the child ends. A test's thread
//! ends long before the test process does, so each server has a keeper thread of its own.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tempfile::TempDir;

/// How long the keeper sleeps between two looks at its child.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// On TERM (our process died): end the server, remove its scratch directory.
/// `$1` is the directory, `$2` what stands before the command, the rest is the command line.
const KEEPER_SCRIPT: &str = r#"
dir=$1; before=$2; shift 2
trap 'kill -9 "$child" 2>/dev/null; wait "$child" 2>/dev/null; rm -rf -- "$dir"; exit 0' TERM INT HUP
$before "$@" &
child=$!
wait "$child"
"#;

/// Only Linux tells a child that its parent has died; elsewhere a killed parent leaks its server.
const TIES_TO_PARENT: bool = cfg!(target_os = "linux");

/// A running server, its scratch directory and its log; dropping it ends the server and removes
/// both.
#[derive(Debug)]
pub struct ServerProcess {
    stop: Option<Sender<()>>,
    keeper: Option<JoinHandle<()>>,
    ended: Mutex<Receiver<ExitStatus>>,
    log: PathBuf,
    scratch: Option<TempDir>,
}

impl ServerProcess {
    /// Starts `program` with `arguments` and `environment`; its output goes to `server.log` in
    /// `scratch`.
    ///
    /// # Errors
    /// When the log cannot be created or the program cannot be started.
    pub fn start(
        scratch: TempDir,
        program: &Path,
        arguments: &[String],
        environment: &[(String, String)],
    ) -> Result<Self> {
        let log = scratch.path().join("server.log");
        let mut command = keeper_command(scratch.path(), program, arguments, &log)?;
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        let (stop, stopped) = channel();
        let (report, started) = channel();
        let (ended_report, ended) = channel();
        let keeper = std::thread::Builder::new()
            .name("server-keeper".into())
            .spawn(move || match command.spawn() {
                Ok(child) => {
                    let _ = report.send(Ok(()));
                    keep(child, &stopped, &ended_report);
                }
                Err(error) => {
                    let _ = report.send(Err(error));
                }
            })
            .context("no thread to keep the server in")?;
        started
            .recv()
            .context("the keeper thread ended early")?
            .with_context(|| format!("cannot start {}", program.display()))?;
        Ok(Self {
            stop: Some(stop),
            keeper: Some(keeper),
            ended: Mutex::new(ended),
            log,
            scratch: Some(scratch),
        })
    }

    /// The exit status, once the server has ended by itself.
    #[must_use]
    pub fn exited(&self) -> Option<ExitStatus> {
        self.ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_recv()
            .ok()
    }

    /// The directory that goes away with the server.
    #[must_use]
    pub fn scratch(&self) -> &Path {
        self.scratch.as_ref().map_or(Path::new(""), TempDir::path)
    }

    /// The last lines that the server wrote, for an error message.
    #[must_use]
    pub fn log_tail(&self) -> String {
        let text = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(keeper) = self.keeper.take() {
            let _ = keeper.join();
        }
        if let Some(scratch) = self.scratch.take() {
            remove_patiently(scratch);
        }
    }
}

fn keeper_command(dir: &Path, program: &Path, arguments: &[String], log: &Path) -> Result<Command> {
    let out = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let (mut command, before) = if TIES_TO_PARENT {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "TERM", "--", "sh"]);
        (command, "setpriv --pdeathsig KILL --")
    } else {
        (Command::new("sh"), "")
    };
    command.args(["-c", KEEPER_SCRIPT, "server-keeper"]);
    command.arg(dir).arg(before).arg(program).args(arguments);
    command
        .stdin(Stdio::null())
        .stderr(out.try_clone()?)
        .stdout(out);
    // A proxy configured for this machine must not see requests to loopback.
    command.env("NO_PROXY", "127.0.0.1,localhost");
    Ok(command)
}

/// Watches the child until it ends or until the owner hangs up.
fn keep(mut child: Child, stopped: &Receiver<()>, ended: &Sender<ExitStatus>) {
    loop {
        match stopped.recv_timeout(LOOK_EVERY) {
            Err(RecvTimeoutError::Timeout) => {
                if let Ok(Some(status)) = child.try_wait() {
                    let _ = ended.send(status);
                    return;
                }
            }
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                end(&mut child);
                return;
            }
        }
    }
}

/// Asks the shell to end the server and waits; a shell that does not answer is killed, and the
/// server with it through its own parent-death signal.
fn end(child: &mut Child) {
    let ask = format!("kill -TERM {}", child.id());
    let asked = Command::new("sh")
        .args(["-c", &ask])
        .stdin(Stdio::null())
        .status();
    if asked.is_ok_and(|status| status.success()) {
        for _ in 0..200 {
            if matches!(child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// A server that is being killed may still create a file while its directory is removed.
fn remove_patiently(scratch: TempDir) {
    let path = scratch.keep();
    for _ in 0..100 {
        match std::fs::remove_dir_all(&path) {
            Ok(()) => return,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return,
            Err(_) => std::thread::sleep(LOOK_EVERY),
        }
    }
}

/// Waits until the process that started this one has ended.
pub async fn parent_gone() {
    let parent = std::os::unix::process::parent_id();
    while std::os::unix::process::parent_id() == parent {
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
