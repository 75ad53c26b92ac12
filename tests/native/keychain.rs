//! Secrets in a real secret service that is locked, unlocked, and not there at all.

use std::sync::Arc;

use longshore_tests::proxy::{Proxy, Rule};
use longshore_tests::window::{Keyring, Launch, until};
use serde_json::{Value, json};

use crate::resume::upload_typed_path;
use crate::stand::{Stand, noise};

/// Two parts of the default size and a rest.
const FILE: usize = 20 * 1024 * 1024;

fn draft(stand: &Stand) -> Value {
    json!({
        "name": "kept",
        "source": { "kind": "keychain", "accessKeyId": stand.server.access_key() },
        "secret": stand.server.secret_key(),
        "endpointUrl": stand.server.endpoint(),
        "region": "us-east-1",
        "pathStyle": "on",
    })
}

async fn saved(stand: &Stand) -> Value {
    let sessions = stand.call("sessions_list", json!({})).await.unwrap();
    let all = sessions.as_array().unwrap();
    all.iter()
        .find(|session| session["name"] == "kept")
        .cloned()
        .unwrap()
}

#[tokio::test]
async fn a_session_waits_for_its_locked_keychain_and_works_once_it_is_unlocked() {
    let mut stand = Stand::new("keychain").await;
    let launch = stand.launch();
    stand.start(&launch).await;
    let keyring = Keyring::start(&stand.desktop).await.unwrap();
    stand.call("session_save", draft(&stand)).await.unwrap();
    let session = saved(&stand).await;
    assert_eq!(
        session["memoryOnly"],
        json!(false),
        "the secret went into the keychain"
    );
    let state = std::fs::read_to_string(stand.desktop.data_dir().join("sessions.json")).unwrap();
    assert!(
        !state.contains(stand.server.secret_key()),
        "the secret is in no file of ours"
    );

    keyring.lock().unwrap();
    let asked = json!({ "id": session["id"] });
    let again = stand.call("session_renew", asked.clone()).await;
    let listed = stand.call("buckets_list", asked.clone()).await;
    assert!(
        again.is_err() || listed.is_err(),
        "without its secret the session does not work: {again:?} {listed:?}"
    );

    keyring.unlock().unwrap();
    until("the session to work", || async {
        let _ = stand.call("session_renew", asked.clone()).await;
        Ok(stand.call("buckets_list", asked.clone()).await.ok())
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_job_that_waits_for_a_locked_keychain_goes_on_once_it_is_unlocked() {
    let mut stand = Stand::new("keychain-job").await;
    let proxy = Proxy::start(stand.server.endpoint()).unwrap();
    let desktop = Arc::clone(&stand.desktop);
    let keyring = Keyring::start(&desktop).await.unwrap();
    stand.start(&Launch::new()).await;
    let mut kept = draft(&stand);
    kept["endpointUrl"] = json!(proxy.endpoint());
    stand.call("session_save", kept).await.unwrap();
    stand.open_bucket().await;
    let file = stand.desktop.home().join("film.mov");
    let bytes = noise(FILE);
    std::fs::write(&file, &bytes).unwrap();
    let parts = proxy.hold(Rule::on("PUT").query("partNumber").times(usize::MAX));
    upload_typed_path(&stand, &file.to_string_lossy()).await;
    proxy.arrived(parts, 1).await.unwrap();

    stand.app().signal("KILL").unwrap();
    stand.app().ended().await.unwrap();
    proxy.clear();
    keyring.lock().unwrap();
    stand.start(&Launch::new()).await;
    let button = |words: &str| format!(r#"button[aria-label^="{words} film.mov"]"#);
    stand.page().click(&button("Resume")).await.unwrap();
    let sign_in = button("Sign in for");
    stand.page().rect(&sign_in).await.unwrap();

    keyring.unlock().unwrap();
    stand.page().click(&sign_in).await.unwrap();
    stand.wait_for_object("film.mov", &bytes).await;
}

#[tokio::test]
async fn without_a_keychain_the_secret_stays_in_memory_and_the_window_says_so() {
    let mut stand = Stand::new("no-keychain").await;
    stand.start(&stand.launch()).await;
    stand.call("session_save", draft(&stand)).await.unwrap();
    let session = saved(&stand).await;
    assert_eq!(
        session["memoryOnly"],
        json!(true),
        "there is no keychain on this desktop"
    );
    let state = std::fs::read_to_string(stand.desktop.data_dir().join("sessions.json")).unwrap();
    assert!(
        !state.contains(stand.server.secret_key()),
        "nor is the secret in a file"
    );
    let option = format!(
        r#"[aria-label="Sessions"] [data-key="{}"]"#,
        session["id"].as_str().unwrap()
    );
    stand.page().click(&option).await.unwrap();
    stand
        .page()
        .wait_for_text("Keys in memory only")
        .await
        .unwrap();
}
