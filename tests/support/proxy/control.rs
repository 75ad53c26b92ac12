//! The proxy's remote control, for tests in other languages: JSON over HTTP on loopback.
//!
//! | request | does |
//! |---|---|
//! | `POST /rules` | adds a [`Rule`], answers `{"id": N}` |
//! | `DELETE /rules` | removes all rules |
//! | `GET /rules/N` | answers `{"applied": COUNT}` |
//! | `POST /rules/N/release` | lets held and stalled requests go |
//! | `GET /requests` | answers all [`Recorded`] |
//! | `DELETE /requests` | forgets them |
//! | `POST /offline`, `POST /online` | closes and opens the proxy's port |

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Result;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::{Proxy, Recorded, Rule, RuleId};

/// Serves the remote control of `proxy` on a free loopback port, until the runtime ends.
///
/// # Errors
/// When no port can be bound.
pub async fn serve(proxy: Arc<Proxy>) -> Result<SocketAddr> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let routes = Router::new()
        .route("/rules", post(add_rule).delete(clear_rules))
        .route("/rules/{id}", get(count_applied))
        .route("/rules/{id}/release", post(release))
        .route("/requests", get(list_requests).delete(forget_requests))
        .route("/offline", post(go_offline))
        .route("/online", post(go_online))
        .with_state(proxy);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    Ok(address)
}

async fn add_rule(State(proxy): State<Arc<Proxy>>, Json(rule): Json<Rule>) -> Json<Value> {
    Json(json!({ "id": proxy.add(rule).0 }))
}

async fn clear_rules(State(proxy): State<Arc<Proxy>>) {
    proxy.clear();
}

async fn count_applied(State(proxy): State<Arc<Proxy>>, Path(id): Path<u64>) -> Json<Value> {
    Json(json!({ "applied": proxy.applied(RuleId(id)) }))
}

async fn release(State(proxy): State<Arc<Proxy>>, Path(id): Path<u64>) {
    proxy.release(RuleId(id));
}

async fn list_requests(State(proxy): State<Arc<Proxy>>) -> Json<Vec<Recorded>> {
    Json(proxy.requests())
}

async fn forget_requests(State(proxy): State<Arc<Proxy>>) {
    proxy.forget();
}

async fn go_offline(State(proxy): State<Arc<Proxy>>) {
    proxy.go_offline().await;
}

async fn go_online(State(proxy): State<Arc<Proxy>>) -> Result<(), (StatusCode, String)> {
    proxy
        .go_online()
        .await
        .map_err(|error| (StatusCode::CONFLICT, format!("{error:#}")))
}
