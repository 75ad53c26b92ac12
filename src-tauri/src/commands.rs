//! The two commands that a page reaches.

use longshore_contract::{AppError, Caller, ErrorCode, Router};
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{Manager as _, WebviewWindow};

use crate::shell;

/// Runs a command of the contract.
#[tauri::command]
pub(crate) async fn call(
    window: WebviewWindow,
    name: String,
    args: Value,
) -> Result<Value, AppError> {
    let (router, caller) = asked_by(&window)?;
    router.call(&caller, &name, args).await
}

/// Sends a topic's messages over the channel; answers the subscription's id.
#[tauri::command]
pub(crate) async fn subscribe(
    window: WebviewWindow,
    topic: String,
    args: Value,
    channel: Channel<Value>,
) -> Result<String, AppError> {
    let (router, caller) = asked_by(&window)?;
    let tell = move |message: Value| channel.send(message).is_ok();
    router.subscribe(&caller, &topic, args, Box::new(tell))
}

fn asked_by(window: &WebviewWindow) -> Result<(Router, Caller), AppError> {
    let Some(shell) = shell::of(window.app_handle()) else {
        let words = "Longshore is not ready yet";
        return Err(AppError::new(ErrorCode::Internal, words));
    };
    Ok((shell.router.clone(), Caller::window(window.label())))
}
