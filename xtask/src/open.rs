//! `run` opens the window on a local server with a few objects; `screenshots` takes its pictures.
//!
//! Without a display the same window is opened on a virtual one and a short tour is driven through
//! it; the pictures tell what a person would have seen.

use std::env;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::Child;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::debian::{self, Purpose};
use crate::gate;
use crate::node;
use crate::place::Place;
use crate::tool::Tool;

/// Installs what is missing, builds, and opens Longshore on a server that needs no account.
pub(crate) fn run(place: &Place) -> Result<()> {
    if !has_display() {
        println!("There is no display, so the window is opened on a virtual one.");
        return tour(place);
    }
    if cfg!(windows) {
        return run_without_server(place);
    }
    build_for(place, Purpose::Open)?;
    let server = DemoServer::start(place)?;
    println!(
        "Opening Longshore on {}. Close the window to end.",
        server.endpoint
    );
    window(place)
        .env("LONGSHORE_DEMO_ENDPOINT", &server.endpoint)
        .env("LONGSHORE_DEMO_ACCESS_KEY_ID", &server.access_key)
        .env("LONGSHORE_DEMO_SECRET_ACCESS_KEY", &server.secret_key)
        .run()
}

/// What starts the local server is Unix's own, so Windows opens on the connection dialog.
fn run_without_server(place: &Place) -> Result<()> {
    debian::install(Purpose::Open)?;
    node::install(place, "ui")?;
    node::ui_script(place, "build").run()?;
    place
        .cargo("build")
        .args(["--package=longshore-desktop"])
        .run()?;
    println!("There is no local server on this system: connect to one of yours.");
    window(place).run()
}

/// The window, with its state in the clone unless it was said where.
fn window(place: &Place) -> Tool {
    let data_dir = env::var_os("LONGSHORE_DATA_DIR")
        .map_or_else(|| place.root().join("target/demo-data"), PathBuf::from);
    Tool::new(place.built("longshore-desktop")).env("LONGSHORE_DATA_DIR", data_dir)
}

/// Takes the README's pictures from the real window.
pub(crate) fn screenshots(place: &Place) -> Result<()> {
    tour(place)?;
    let kept = place.root().join("ui/screenshots");
    fs::create_dir_all(&kept)?;
    for picture in ["window-light.png", "window-dark.png"] {
        fs::copy(
            place.root().join("target/screenshots").join(picture),
            kept.join(picture),
        )?;
    }
    println!("The README's pictures are in {}", kept.display());
    Ok(())
}

fn tour(place: &Place) -> Result<()> {
    build_for(place, Purpose::Drive)?;
    let pictures = place.root().join("target/screenshots");
    Tool::new(place.built("longshore-tour"))
        .args([Path::new("--to"), &pictures])
        .env("LONGSHORE_CACHE", place.cache())
        .run()?;
    println!("The pictures of the tour are in {}", pictures.display());
    Ok(())
}

fn build_for(place: &Place, purpose: Purpose) -> Result<()> {
    debian::install(purpose)?;
    node::install(place, "ui")?;
    node::ui_script(place, "build").run()?;
    gate::build_programs(place)
}

fn has_display() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// The local server behind the window; it ends when this is dropped, or with this program.
struct DemoServer {
    process: Child,
    endpoint: String,
    access_key: String,
    secret_key: String,
}

impl DemoServer {
    fn start(place: &Place) -> Result<Self> {
        println!("Starting a local SeaweedFS (downloaded once, 46 MB).");
        let mut process = Tool::new(place.built("longshore-server"))
            .args([
                Path::new("--samples"),
                Path::new("--with-parent"),
                Path::new("--dir"),
            ])
            .args([place.root().join("target/demo-server")])
            .env("LONGSHORE_CACHE", place.cache())
            .start()?;
        let out = process.stdout.take().context("the server has no output")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line).context("the server did not start")?;
        let text = |name: &str| ready[name].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            process,
            endpoint: text("endpoint"),
            access_key: text("accessKeyId"),
            secret_key: text("secretAccessKey"),
        })
    }
}

impl Drop for DemoServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
