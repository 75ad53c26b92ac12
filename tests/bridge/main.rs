//! `longshore-bridge`: the window's router over loopback HTTP and WebSocket, for tests.
//!
//! Serves the built page with the window's own Content-Security-Policy, runs commands at
//! `POST /call`, carries topics over `GET /subscribe` (one WebSocket each), and stands in for what
//! only a window has: `POST /test/drop` is a drop from the desktop, `POST /test/script` says what
//! the next dialogs answer. Every request but the page's own files carries a random token, and
//! local paths are granted below one root only.
//!
//! Prints one line of JSON when it listens, `{"url","origin","token","root"}`, and ends on SIGTERM
//! or with the process that started it.

mod http;
mod page_files;
mod pages;
mod scripted;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Parser;
use longshore_contract::router::{AllowedCallers, start_sentences};
use longshore_contract::{Router, RouterOptions};
use longshore_engine::{Engine, EngineOptions};
use longshore_tests::process::parent_gone;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::http::Bridge;
use crate::page_files::PageFiles;
use crate::pages::Pages;
use crate::scripted::ScriptedHost;

#[derive(Parser)]
struct Arguments {
    /// Where the engine keeps its state.
    #[arg(long)]
    data_dir: PathBuf,
    /// The one folder below which local paths are granted.
    #[arg(long)]
    root: PathBuf,
    /// The built page.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist"))]
    dist: PathBuf,
    /// The port; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Smallest part size in bytes of new uploads.
    #[arg(long)]
    part_size: Option<u64>,
    /// Requests that carry bytes at the same time.
    #[arg(long)]
    concurrency: Option<usize>,
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    let root = arguments
        .root
        .canonicalize()
        .context("the root must be there")?;
    let (engine, notes) = Engine::open(engine_options(&arguments)).await?;
    let host = Arc::new(ScriptedHost::below(root.clone()));
    let router = Router::new(
        engine.clone(),
        Arc::clone(&host) as _,
        RouterOptions {
            allowed: AllowedCallers::Any,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: arguments.data_dir.clone(),
            // A typed `~/` leads below the root, or tests could not type one.
            home: Some(root.clone()),
            notes: start_sentences(&notes),
            unfinished: notes.unfinished,
        },
    );
    let token = format!(
        "{}{}",
        uuid::Uuid::now_v7().simple(),
        uuid::Uuid::now_v7().simple()
    );
    let listener = TcpListener::bind(("127.0.0.1", arguments.port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let bridge = Bridge {
        pages: Pages::new(router.clone()),
        router,
        host,
        token: token.clone(),
        files: PageFiles::new(arguments.dist)?,
    };
    let ready = serde_json::json!({
        "url": format!("{origin}/#token={token}"),
        "origin": origin,
        "token": token,
        "root": root,
    });
    writeln!(std::io::stdout(), "{ready}")?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        served = axum::serve(listener, http::routes(Arc::new(bridge))) => served?,
        _ = terminate.recv() => {}
        () = parent_gone() => {}
    }
    engine.close().await;
    Ok(())
}

fn engine_options(arguments: &Arguments) -> EngineOptions {
    let mut options = EngineOptions::new(arguments.data_dir.clone());
    // Tests never meet a person's keychain, not even by accident.
    let switch = BTreeMap::from([("LONGSHORE_KEYCHAIN".to_owned(), "memory".to_owned())]);
    options.environment.extend(switch);
    if let Some(part_size) = arguments.part_size {
        options.part_size = part_size;
    }
    if let Some(concurrency) = arguments.concurrency {
        options.concurrency = concurrency;
    }
    options
}
