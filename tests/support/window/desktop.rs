//! A display, a window manager, a session bus and a home that nobody else uses.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use super::owned::Owned;
use super::pointer::{Pointer, TopWindow};

/// Wide enough for the window of 1440 × 860 and another one beside it.
const SCREEN: &str = "1920x1000x24";

/// A bus that starts no service by itself, so that a keychain is there only where a test puts one.
const BUS_CONFIG: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// A desktop; everything in it ends when this is dropped.
#[derive(Debug)]
pub struct Desktop {
    environment: BTreeMap<String, String>,
    // In the order in which they end: the window manager before its display.
    _manager: Owned,
    _bus: Owned,
    _display: Owned,
    home: TempDir,
}

impl Desktop {
    /// Starts an empty desktop.
    ///
    /// # Errors
    /// When `Xvfb`, `openbox` or `dbus-daemon` is not there or does not come up.
    pub fn start() -> Result<Self> {
        let home = TempDir::with_prefix("longshore-desktop-")?;
        let mut environment = home_environment(home.path())?;
        let (display, number) = start_display()?;
        environment.insert("DISPLAY".into(), format!(":{number}"));
        let (bus, address) = start_bus(home.path())?;
        environment.insert("DBUS_SESSION_BUS_ADDRESS".into(), address);
        let manager = Owned::start("openbox", |command| {
            command
                .arg("--sm-disable")
                .envs(&environment)
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            Ok(())
        })?;
        Ok(Self {
            environment,
            _manager: manager,
            _bus: bus,
            _display: display,
            home,
        })
    }

    /// What a program on this desktop finds in its environment.
    #[must_use]
    pub fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }

    /// The home directory.
    #[must_use]
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// Where Longshore keeps its state on this desktop.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.home.path().join("state")
    }

    /// A command that runs on this desktop.
    #[must_use]
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.envs(&self.environment);
        command
    }

    /// The mouse and the keyboard.
    #[must_use]
    pub fn pointer(&self) -> Pointer<'_> {
        Pointer::of(self)
    }

    /// Writes a picture of the whole screen.
    ///
    /// # Errors
    /// When ImageMagick's `import` is not there or the file cannot be written.
    pub fn picture(&self, to: &Path) -> Result<()> {
        self.import(&[], to)
    }

    /// Writes a picture of what the screen shows where a window's contents are.
    ///
    /// # Errors
    /// When ImageMagick's `import` is not there or the file cannot be written.
    pub fn picture_of(&self, window: &TopWindow, to: &Path) -> Result<()> {
        let TopWindow {
            x,
            y,
            width,
            height,
            ..
        } = window;
        self.import(
            &["-crop", &format!("{width}x{height}+{x}+{y}"), "+repage"],
            to,
        )
    }

    fn import(&self, options: &[&str], to: &Path) -> Result<()> {
        let status = self
            .command("import")
            .args(["-window", "root"])
            .args(options)
            .arg(to)
            .status()?;
        anyhow::ensure!(status.success(), "import ended with {status}");
        Ok(())
    }
}

fn home_environment(home: &Path) -> Result<BTreeMap<String, String>> {
    let mut environment = BTreeMap::new();
    let dirs = [
        ("HOME", "."),
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_STATE_HOME", "xdg-state"),
        ("XDG_RUNTIME_DIR", "run"),
        ("LONGSHORE_DATA_DIR", "state"),
        ("AWS_CONFIG_FILE", "aws-config"),
        ("AWS_SHARED_CREDENTIALS_FILE", "aws-credentials"),
    ];
    for (name, below) in dirs {
        let path = home.join(below);
        if name.starts_with("XDG") {
            std::fs::create_dir_all(&path)?;
        }
        environment.insert(name.to_owned(), path.to_string_lossy().into_owned());
    }
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(home.join("run"), std::fs::Permissions::from_mode(0o700))?;
    let fixed = [
        ("GDK_BACKEND", "x11"),
        ("GTK_THEME", "Adwaita"),
        ("GTK_USE_PORTAL", "0"),
        ("GSETTINGS_BACKEND", "memory"),
        ("NO_AT_BRIDGE", "1"),
        ("NO_PROXY", "127.0.0.1,localhost"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("LC_ALL", "C.UTF-8"),
    ];
    environment.extend(fixed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    environment.insert("PATH".into(), std::env::var("PATH").unwrap_or_default());
    Ok(environment)
}

fn start_display() -> Result<(Owned, u32)> {
    let mut display = Owned::start("Xvfb", |command| {
        command
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                SCREEN,
                "-nolisten",
                "tcp",
                "-noreset",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        Ok(())
    })?;
    let number = first_line(&mut display).context("Xvfb named no display")?;
    Ok((
        display,
        number
            .parse()
            .with_context(|| format!("Xvfb said {number:?}"))?,
    ))
}

fn start_bus(home: &Path) -> Result<(Owned, String)> {
    let config = home.join("bus.xml");
    std::fs::write(&config, BUS_CONFIG)?;
    let mut bus = Owned::start("dbus-daemon", |command| {
        command
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        Ok(())
    })?;
    let address = first_line(&mut bus).context("dbus-daemon named no address")?;
    Ok((bus, address))
}

fn first_line(process: &mut Owned) -> Result<String> {
    let out = process.0.stdout.take().context("no output is read")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let line = line.trim().to_owned();
    anyhow::ensure!(!line.is_empty(), "it ended without a word");
    Ok(line)
}
