//! `longshore-tour --to DIR`: drives the real window on a virtual display and takes its pictures.
//!
//! Samples on a local server, a folder opened, an object looked at, files dragged in from another
//! window over a slow line, a plan and a dialog; in light and in dark. What a person would do with
//! a display at hand, and what the README shows.

// This program talks to a terminal.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Parser;
use longshore_tests::proxy::{Action, Proxy, Rule};
use longshore_tests::samples;
use longshore_tests::servers::SeaweedFs;
use longshore_tests::window::{App, Desktop, DragSource, Launch, until};
use serde_json::json;

#[derive(Parser)]
struct Arguments {
    /// Where the pictures go.
    #[arg(long)]
    to: PathBuf,
}

/// Slow enough that parts are still on their way while a picture is taken.
const SLOW_LINE: u64 = 2 * 1024 * 1024;
/// Large enough for a part map with something to see.
const LARGE: usize = 400 * 1024 * 1024;
/// Pictures that are taken until two are the same; a transfer that moves never is.
const SETTLING: usize = 8;

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    std::fs::create_dir_all(&arguments.to)?;
    // Before the runtime, since starting blocks.
    let server = SeaweedFs::start()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(tour(&server, &arguments.to))
}

async fn tour(server: &SeaweedFs, to: &Path) -> Result<()> {
    let server = server.server();
    samples::fill(&server.client()).await?;
    let proxy = Proxy::start(server.endpoint())?;
    proxy.add(Rule::on("PUT").query("partNumber").then(Action::Throttle {
        bytes_per_second: SLOW_LINE,
    }));
    let desktop = Desktop::start()?;
    let launch = Launch::new()
        .with("LONGSHORE_DEMO_ENDPOINT", proxy.endpoint())
        .with("LONGSHORE_DEMO_ACCESS_KEY_ID", server.access_key())
        .with("LONGSHORE_DEMO_SECRET_ACCESS_KEY", server.secret_key());
    let app = App::open(&desktop, &launch).await?;
    let tour = Tour {
        desktop: &desktop,
        app: &app,
        to,
    };
    tour.theme("light").await?;
    tour.picture("start-light").await?;
    tour.look_around().await?;
    tour.drop_files().await?;
    for theme in ["light", "dark"] {
        tour.theme(theme).await?;
        tour.picture(&format!("window-{theme}")).await?;
        tour.dialogs(theme).await?;
    }
    Ok(())
}

struct Tour<'a> {
    desktop: &'a Desktop,
    app: &'a App,
    to: &'a Path,
}

impl Tour<'_> {
    /// Opens a session, a bucket, a folder, and an object's details.
    async fn look_around(&self) -> Result<()> {
        let page = &self.app.page;
        page.click(r#"[aria-label="Sessions"] [role="option"]"#)
            .await?;
        page.click(r#"[aria-label="Buckets"] [data-key="harbour-survey"]"#)
            .await?;
        for folder in ["photos/", "photos/2026/", "photos/2026/lighthouse/"] {
            page.click(&format!(r#"[role="row"][data-key="{folder}"]"#))
                .await?;
            page.press_key(r#"[role="grid"]"#, "Enter").await?;
        }
        page.click(r#"[role="row"][data-key="photos/2026/lighthouse/lighthouse-002.png"]"#)
            .await?;
        page.wait_for_text("image/png").await
    }

    /// Drags a large and a small file onto the listing.
    async fn drop_files(&self) -> Result<()> {
        let files = [("harbour-flight.mov", LARGE), ("field-notes.txt", 2_400)];
        let mut paths = Vec::new();
        for (name, length) in files {
            let path = self.desktop.home().join(name);
            std::fs::File::create(&path)?.set_len(length as u64)?;
            paths.push(path);
        }
        let window = self.app.window(self.desktop).await?;
        let target = self.app.page.rect(r#"[role="grid"]"#).await?.centre();
        let pointer = self.desktop.pointer();
        let paths: Vec<&Path> = paths.iter().map(PathBuf::as_path).collect();
        let source = DragSource::open(self.desktop, &paths).await?;
        pointer.pick_up(&source).await?;
        pointer.carry(source.start(), window.point(target)).await?;
        until("the window to take the drag", || async {
            pointer.tremble()?;
            let seen = "return !!document.querySelector('[data-drop-active]')";
            Ok(self
                .app
                .page
                .run::<bool>(seen, json!([]))
                .await?
                .then_some(()))
        })
        .await?;
        self.picture("drop-light").await?;
        pointer.let_go()?;
        let parts = "[...document.querySelectorAll('li[data-state=running]')].some(\
                     job => /[1-9]\\d?%/.test(job.textContent))";
        self.app
            .page
            .wait("acknowledged parts", parts, json!([]))
            .await?;
        // Only now: the window asks the source for the paths after the files were let go.
        drop(source);
        Ok(())
    }

    /// The plan of a deletion and the dialog of a connection, both left again.
    async fn dialogs(&self, theme: &str) -> Result<()> {
        let page = &self.app.page;
        page.press_key(r#"[role="grid"]"#, "Delete").await?;
        page.rect(r#"[role="alertdialog"], [role="dialog"]"#)
            .await?;
        self.picture(&format!("plan-{theme}")).await?;
        page.click_button_in(r#"[role="alertdialog"], [role="dialog"]"#, "Cancel")
            .await?;
        self.no_dialog().await?;
        page.click(r#"button[aria-label="New connection"]"#).await?;
        page.rect(r#"[role="dialog"]"#).await?;
        self.picture(&format!("connection-{theme}")).await?;
        page.click_button_in(r#"[role="dialog"]"#, "Cancel").await?;
        self.no_dialog().await
    }

    async fn no_dialog(&self) -> Result<()> {
        let gone = "!document.querySelector('[role=dialog], [role=alertdialog]')";
        self.app
            .page
            .wait("the dialog to close", gone, json!([]))
            .await
    }

    /// Presses the appearance button until the page has the theme.
    async fn theme(&self, theme: &str) -> Result<()> {
        until(&format!("the {theme} theme"), || async {
            let page = &self.app.page;
            let label: String = page
                .run(
                    "return document.querySelector('button[aria-label^=Appearance]').ariaLabel",
                    json!([]),
                )
                .await?;
            if label.ends_with(theme) {
                return Ok(Some(()));
            }
            page.click("button[aria-label^=Appearance]").await?;
            Ok(None)
        })
        .await
    }

    async fn picture(&self, name: &str) -> Result<()> {
        let to = self.to.join(format!("{name}.png"));
        // Fonts and pictures come after the text that was waited for.
        self.app
            .page
            .run_async::<()>("await document.fonts.ready", json!([]))
            .await?;
        // Of the screen: the driver's own picture waits for a frame that an idle page never draws.
        let window = self.app.window(self.desktop).await?;
        let mut before = Vec::new();
        for _ in 0..SETTLING {
            self.desktop
                .picture_of(&window, &to)
                .with_context(|| format!("the picture {name}"))?;
            let now = std::fs::read(&to)?;
            if now == before {
                break;
            }
            before = now;
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        println!("{}", to.display());
        Ok(())
    }
}
