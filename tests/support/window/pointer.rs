//! The mouse and the keyboard of a desktop, and the windows under them.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result};

use super::desktop::Desktop;
use super::owned::Owned;
use super::until;

/// A window that offers files to drag: a GTK window, as a file manager's is.
const DRAG_SOURCE: &str = include_str!("drag_source.py");
/// Debian's own interpreter: the one that has GTK's bindings.
pub(super) const PYTHON: &str = "/usr/bin/python3";
/// A hand moves in many small steps; a toolkit begins a drag only after some of them.
const STEPS: i32 = 12;
/// Between two steps, so that each is an event of its own.
const STEP_PAUSE: Duration = Duration::from_millis(25);

/// The mouse and the keyboard.
#[derive(Debug, Clone, Copy)]
pub struct Pointer<'a> {
    desktop: &'a Desktop,
}

/// A window as the X server knows it.
#[derive(Debug, Clone)]
pub struct TopWindow {
    id: String,
    /// Left edge of its contents on the screen.
    pub x: i32,
    /// Upper edge of its contents on the screen.
    pub y: i32,
    /// Width of its contents.
    pub width: i32,
    /// Height of its contents.
    pub height: i32,
}

/// A window with files to drag; it closes when this is dropped.
#[derive(Debug)]
pub struct DragSource {
    window: TopWindow,
    _process: Owned,
}

impl<'a> Pointer<'a> {
    pub(super) fn of(desktop: &'a Desktop) -> Self {
        Self { desktop }
    }

    /// The visible window whose title matches, once it is there.
    ///
    /// # Errors
    /// When none appears.
    pub async fn window(&self, title: &str) -> Result<TopWindow> {
        until(&format!("a window {title:?}"), || async {
            self.look_for(title)
        })
        .await
    }

    /// Waits until no visible window's title matches.
    ///
    /// # Errors
    /// When one stays.
    pub async fn window_gone(&self, title: &str) -> Result<()> {
        until(&format!("{title:?} to close"), || async {
            Ok(self.look_for(title)?.is_none().then_some(()))
        })
        .await
    }

    /// Presses Return in the window whose title matches until it closes: a file dialog takes the
    /// first for the end of a completion.
    ///
    /// # Errors
    /// When it stays.
    pub async fn agree(&self, title: &str) -> Result<()> {
        self.answer(title, "Return").await
    }

    /// Gives a window the keyboard and presses a key until it has closed.
    ///
    /// # Errors
    /// When it stays.
    pub async fn answer(&self, title: &str, key: &str) -> Result<()> {
        until(&format!("{title:?} to take {key} and close"), || async {
            let Some(window) = self.look_for(title)? else {
                return Ok(Some(()));
            };
            self.activate(&window)?;
            self.key(key)?;
            Ok(None)
        })
        .await
    }

    /// The title of the window that has the keyboard.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub fn active_title(&self) -> Result<String> {
        self.xdotool(&["getactivewindow", "getwindowname"])
    }

    /// Brings a window to the front and gives it the keyboard.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn activate(&self, window: &TopWindow) -> Result<()> {
        self.xdotool(&["windowactivate", "--sync", &window.id])
            .map(drop)
    }

    /// Puts a window's upper left corner somewhere.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn move_window(&self, window: &TopWindow, x: i32, y: i32) -> Result<()> {
        self.xdotool(&[
            "windowmove",
            "--sync",
            &window.id,
            &x.to_string(),
            &y.to_string(),
        ])
        .map(drop)
    }

    /// Puts a window out of sight, as a person's other windows would.
    ///
    /// # Errors
    /// When the window is gone.
    pub fn minimise(&self, window: &TopWindow) -> Result<()> {
        self.xdotool(&["windowminimize", "--sync", &window.id])
            .map(drop)
    }

    /// Types text into the window that has the keyboard.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub fn type_text(&self, text: &str) -> Result<()> {
        self.xdotool(&["type", "--delay", "30", "--", text])
            .map(drop)
    }

    /// Presses keys (`ctrl+l`, `Return`) in the window that has the keyboard.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub fn key(&self, keys: &str) -> Result<()> {
        self.xdotool(&["key", "--delay", "60", keys]).map(drop)
    }

    /// Clicks a point of the screen.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub fn click(&self, x: i32, y: i32) -> Result<()> {
        self.xdotool(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"])
            .map(drop)
    }

    /// Takes hold of what `source` offers.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub async fn pick_up(&self, source: &DragSource) -> Result<()> {
        let (x, y) = source.window.centre();
        self.glide((x, y), (x, y)).await?;
        self.xdotool(&["mousedown", "1"])?;
        self.glide((x, y), (x - 40, y + 20)).await
    }

    /// Moves what is held from the last place to `to` in steps.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub async fn carry(&self, from: (i32, i32), to: (i32, i32)) -> Result<()> {
        self.glide(from, to).await
    }

    /// Drags from one point of the screen to another and lets go.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub async fn drag(&self, from: (i32, i32), to: (i32, i32)) -> Result<()> {
        self.glide(from, from).await?;
        self.xdotool(&["mousedown", "1"])?;
        self.glide(from, to).await?;
        self.tremble()?;
        self.let_go()
    }

    /// Lets go of what is held.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub fn let_go(&self) -> Result<()> {
        self.xdotool(&["mouseup", "1"]).map(drop)
    }

    /// Moves by a pixel and back, so that a toolkit that waits for motion sees some.
    ///
    /// # Errors
    /// When xdotool is not there.
    pub fn tremble(&self) -> Result<()> {
        self.xdotool(&["mousemove_relative", "--", "1", "0"])?;
        self.xdotool(&["mousemove_relative", "--", "-1", "0"])
            .map(drop)
    }

    async fn glide(&self, from: (i32, i32), to: (i32, i32)) -> Result<()> {
        for step in 0..=STEPS {
            let along = |from: i32, to: i32| (from + (to - from) * step / STEPS).to_string();
            self.xdotool(&["mousemove", &along(from.0, to.0), &along(from.1, to.1)])?;
            tokio::time::sleep(STEP_PAUSE).await;
        }
        Ok(())
    }

    fn look_for(&self, title: &str) -> Result<Option<TopWindow>> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title]);
        let Some(id) = found
            .ok()
            .and_then(|ids| ids.lines().last().map(str::to_owned))
        else {
            return Ok(None);
        };
        // Under a window manager xdotool adds the frame to a window's place twice.
        let output = self
            .desktop
            .command("xwininfo")
            .args(["-id", &id])
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let value = |name: &str| -> Result<i32> {
            let line = text.lines().find_map(|line| line.trim().strip_prefix(name));
            let number = line.with_context(|| format!("no {name} in {text}"))?;
            Ok(number.trim().parse()?)
        };
        Ok(Some(TopWindow {
            x: value("Absolute upper-left X:")?,
            y: value("Absolute upper-left Y:")?,
            width: value("Width:")?,
            height: value("Height:")?,
            id,
        }))
    }

    fn xdotool(&self, arguments: &[&str]) -> Result<String> {
        let output = self.desktop.command("xdotool").args(arguments).output()?;
        anyhow::ensure!(
            output.status.success(),
            "xdotool {arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl TopWindow {
    /// The middle of its contents on the screen.
    #[must_use]
    pub fn centre(&self) -> (i32, i32) {
        (self.x + self.width / 2, self.y + self.height / 2)
    }

    /// A point of its contents on the screen.
    #[must_use]
    pub fn point(&self, (x, y): (f64, f64)) -> (i32, i32) {
        #[allow(clippy::cast_possible_truncation)]
        (self.x + x.round() as i32, self.y + y.round() as i32)
    }
}

impl DragSource {
    /// Opens a window at the right edge of the screen that offers files and folders.
    ///
    /// # Errors
    /// When GTK's Python bindings are not there or the window does not open.
    pub async fn open(desktop: &Desktop, paths: &[&Path]) -> Result<Self> {
        let process = Owned::start(PYTHON, |command| {
            command
                .args(["-c", DRAG_SOURCE])
                .args(paths)
                .envs(desktop.environment())
                .stdin(Stdio::null())
                .stdout(Stdio::null());
            Ok(())
        })?;
        let pointer = desktop.pointer();
        let opened = pointer.window("^drag source$").await?;
        pointer.move_window(&opened, 1600, 420)?;
        let window = pointer.window("^drag source$").await?;
        pointer.activate(&window)?;
        Ok(Self {
            window,
            _process: process,
        })
    }

    /// Where a drag begins on the screen.
    #[must_use]
    pub fn start(&self) -> (i32, i32) {
        let (x, y) = self.window.centre();
        (x - 40, y + 20)
    }
}
