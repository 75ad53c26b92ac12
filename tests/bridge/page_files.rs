//! The built page, under the window's own Content-Security-Policy.

use std::path::{Component, Path, PathBuf};

use anyhow::{Context as _, Result};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;

/// The window's configuration, so that a page that breaks its policy breaks here too.
const WINDOW: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri/tauri.conf.json");

/// Files below one directory.
pub(crate) struct PageFiles {
    dist: PathBuf,
    policy: String,
}

impl PageFiles {
    /// Files below `dist`; whether it is there shows when they are asked for.
    pub(crate) fn new(dist: PathBuf) -> Result<Self> {
        let window = std::fs::read_to_string(WINDOW).with_context(|| WINDOW.to_owned())?;
        let window: Value = serde_json::from_str(&window)?;
        let policy = window.pointer("/app/security/csp").and_then(Value::as_str);
        let policy = policy.context("tauri.conf.json names no policy under app.security.csp")?;
        Ok(Self {
            dist,
            policy: policy.to_owned(),
        })
    }

    /// The file at a path, or the page itself at `/`.
    pub(crate) async fn answer(&self, path: &str) -> Response {
        let inside = Path::new(path.trim_start_matches('/'));
        let plain = inside
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let file = if inside.as_os_str().is_empty() {
            Path::new("index.html")
        } else {
            inside
        };
        let whole = self.dist.join(file);
        let read = if plain {
            tokio::fs::read(&whole).await.ok()
        } else {
            None
        };
        let Some(bytes) = read else {
            let words = format!("There is no {}; is the page built?\n", whole.display());
            return (StatusCode::NOT_FOUND, words).into_response();
        };
        let headers = [
            (header::CONTENT_TYPE, content_type(&whole)),
            (header::CONTENT_SECURITY_POLICY, self.policy.as_str()),
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        (headers, bytes).into_response()
    }
}

/// The kinds of files that a build of the page holds.
fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        _ => "application/octet-stream",
    }
}
