//! Secrets in a real secret service that is locked, unlocked, and not there at all.

use longshore_tests::window::{Keyring, until};
use serde_json::{Value, json};

use crate::stand::Stand;

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
