//! The bridge's doors: commands, topics, and what a window would do by itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::ws::{Message, WebSocket};
use axum::extract::{Query, State, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use longshore_contract::wire::DropPhase;
use longshore_contract::{AppError, Caller, ErrorCode, Router};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::mpsc;

use crate::page_files::PageFiles;
use crate::pages::Pages;
use crate::scripted::{Script, ScriptedHost};

/// The caller of a page that does not name itself.
const UNNAMED_PAGE: &str = "main";

/// The name that a page gives itself, new with every load.
const PAGE_HEADER: &str = "x-longshore-page";

/// Messages that wait for a slow page before its subscription ends.
const BACKLOG: usize = 1024;

/// What all requests share.
pub(crate) struct Bridge {
    pub(crate) router: Router,
    pub(crate) host: Arc<ScriptedHost>,
    pub(crate) pages: Pages,
    pub(crate) token: String,
    pub(crate) files: PageFiles,
}

type Shared = State<Arc<Bridge>>;

/// All routes.
pub(crate) fn routes(bridge: Arc<Bridge>) -> axum::Router {
    axum::Router::new()
        .route("/call", post(call))
        .route("/subscribe", get(subscribe))
        .route("/test/drop", post(drop_paths))
        .route("/test/script", post(script))
        .fallback(get(page_file))
        .with_state(bridge)
}

#[derive(Deserialize)]
struct CallBody {
    name: String,
    #[serde(default)]
    args: Value,
}

async fn call(
    State(bridge): Shared,
    headers: HeaderMap,
    Json(body): Json<CallBody>,
) -> Result<Json<Value>, Refusal> {
    bridge.admit(&headers)?;
    let page = headers
        .get(PAGE_HEADER)
        .and_then(|value| value.to_str().ok());
    let caller = Caller::window(page.unwrap_or(UNNAMED_PAGE));
    Ok(Json(
        bridge.router.call(&caller, &body.name, body.args).await?,
    ))
}

#[derive(Deserialize)]
struct SubscribeQuery {
    token: String,
    topic: String,
    page: Option<String>,
}

async fn subscribe(
    State(bridge): Shared,
    Query(query): Query<SubscribeQuery>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Refusal> {
    bridge.admit_token(&query.token)?;
    let page = query.page.unwrap_or_else(|| UNNAMED_PAGE.to_owned());
    Ok(upgrade.on_upgrade(move |socket| carry(bridge, page, query.topic, socket)))
}

/// Carries one topic until either side ends it.
async fn carry(bridge: Arc<Bridge>, page: String, topic: String, mut socket: WebSocket) {
    let caller = Caller::window(page);
    let _presence = bridge.pages.enter(&caller);
    let (sender, mut messages) = mpsc::channel::<Value>(BACKLOG);
    let sink = Box::new(move |message| sender.try_send(message).is_ok());
    let begun = bridge.router.subscribe(&caller, &topic, Value::Null, sink);
    let id = match begun {
        Ok(id) => id,
        Err(error) => {
            tracing::warn!(%error, topic, "a topic did not begin");
            return;
        }
    };
    loop {
        tokio::select! {
            message = messages.recv() => {
                let Some(message) = message else { break };
                if socket.send(Message::text(message.to_string())).await.is_err() {
                    break;
                }
            }
            said = socket.recv() => if matches!(said, None | Some(Err(_) | Ok(Message::Close(_)))) {
                break;
            },
        }
    }
    bridge.router.unsubscribe(&caller, &id);
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct DropBody {
    phase: DropPhase,
    #[serde(default)]
    x: f64,
    #[serde(default)]
    y: f64,
    /// Relative to the root, or absolute below it; need not exist.
    #[serde(default)]
    paths: Vec<String>,
}

/// A drag from the desktop over every page that is open.
async fn drop_paths(
    State(bridge): Shared,
    headers: HeaderMap,
    Json(body): Json<DropBody>,
) -> Result<StatusCode, Refusal> {
    bridge.admit(&headers)?;
    let below = |text: &String| bridge.host.below_root(text);
    let paths = body
        .paths
        .iter()
        .map(below)
        .collect::<Result<Vec<_>, _>>()?;
    for caller in bridge.pages.present() {
        bridge
            .router
            .publish_drop(&caller, body.phase, (body.x, body.y), &paths);
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Says what dialogs answer from now on.
async fn script(
    State(bridge): Shared,
    headers: HeaderMap,
    Json(script): Json<Script>,
) -> Result<StatusCode, Refusal> {
    bridge.admit(&headers)?;
    bridge.host.follow(&script)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn page_file(State(bridge): Shared, uri: Uri) -> Response {
    bridge.files.answer(uri.path()).await
}

impl Bridge {
    fn admit(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let sent = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        self.admit_token(
            sent.and_then(|text| text.strip_prefix("Bearer "))
                .unwrap_or_default(),
        )
    }

    fn admit_token(&self, token: &str) -> Result<(), Refusal> {
        if token == self.token {
            return Ok(());
        }
        let error = AppError::new(ErrorCode::Denied, "The bridge does not know this token");
        Err(Refusal(StatusCode::UNAUTHORIZED, error))
    }
}

/// A failed request in the contract's own words.
struct Refusal(StatusCode, AppError);

impl From<AppError> for Refusal {
    fn from(error: AppError) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY, error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.0, Json(self.1)).into_response()
    }
}
