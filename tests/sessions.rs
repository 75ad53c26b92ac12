//! Roles against servers nobody here wrote: AssumeRole over several hops and GetCallerIdentity.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use aws_credential_types::provider::ProvideCredentials as _;
use longshore_engine::ErrorKind;
use longshore_engine::identity::{IdentityOptions, Sessions};
use longshore_engine::model::SessionId;
use longshore_tests::servers::{Moto, SeaweedFs, Server};

/// Sessions over a config file, with nothing of the machine's own.
fn sessions(scratch: &tempfile::TempDir, config: &str) -> Sessions {
    let path = scratch.path().join("config");
    std::fs::write(&path, config).unwrap();
    let set = |name: &str, value: String| (name.to_owned(), value);
    let environment = BTreeMap::from([
        set("HOME", scratch.path().display().to_string()),
        set("AWS_CONFIG_FILE", path.display().to_string()),
        set("LONGSHORE_KEYCHAIN", "memory".to_owned()),
    ]);
    let options = IdentityOptions {
        data_dir: scratch.path().join("data"),
        environment,
        keychain_service: "longshore-test".to_owned(),
    };
    let (events, _) = tokio::sync::broadcast::channel(16);
    Sessions::open(options, events).unwrap()
}

/// A profile with the server's keys, and what follows.
fn config(server: &Server, more: &str) -> String {
    format!(
        "[profile base]\nendpoint_url = {}\nregion = {}\naws_access_key_id = {}\naws_secret_access_key = {}\n{more}",
        server.endpoint(),
        server.region(),
        server.access_key(),
        server.secret_key()
    )
}

#[tokio::test]
async fn a_chain_of_roles_ends_as_the_last_one_with_a_token_that_expires() {
    let moto = Moto::shared().unwrap().server();
    let scratch = tempfile::tempdir().unwrap();
    let roles = format!(
        "[profile mid]\nrole_arn = arn:aws:iam::111122223333:role/mid\nsource_profile = base\nendpoint_url = {url}\n\
         [profile top]\nrole_arn = arn:aws:iam::444455556666:role/top\nsource_profile = mid\nexternal_id = x-1\n\
         role_session_name = ann marie\nduration_seconds = 900\nendpoint_url = {url}\n",
        url = moto.endpoint()
    );
    let sessions = sessions(&scratch, &config(moto, &roles));
    let id = SessionId::new("profile:top");
    let connection = sessions.connection(&id).await.unwrap();
    let keys = connection
        .credentials
        .as_ref()
        .unwrap()
        .provide_credentials()
        .await
        .unwrap();
    assert!(keys.session_token().is_some(), "a role gives a token");
    assert_ne!(
        keys.access_key_id(),
        moto.access_key(),
        "and its own key id"
    );
    let view = sessions.view(&id).unwrap();
    assert!(view.expires.is_some(), "when it expires is shown");

    let who = sessions.caller_identity(&connection).await.unwrap();
    assert_eq!(
        who.account.as_str(),
        "444455556666",
        "the account of the last hop"
    );
    assert!(
        who.arn.ends_with("assumed-role/top/ann-marie"),
        "the role under a lawful name: {who:?}"
    );
    let account = sessions.view(&id).unwrap().account;
    assert_eq!(
        account.map(|a| a.to_string()).as_deref(),
        Some("444455556666"),
        "it is remembered"
    );

    sessions.invalidate(&id);
    let renewed = connection
        .credentials
        .unwrap()
        .provide_credentials()
        .await
        .unwrap();
    assert_ne!(
        renewed.access_key_id(),
        keys.access_key_id(),
        "an open connection renews"
    );
}

#[tokio::test]
async fn a_wrong_secret_and_a_server_that_is_not_there_are_told_apart() {
    let weed = SeaweedFs::shared().unwrap().server();
    let scratch = tempfile::tempdir().unwrap();
    let role = |name: &str, source: &str| {
        format!("[profile {name}]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = {source}\n")
    };
    let wrong = format!(
        "[profile wrong]\naws_access_key_id = {}\naws_secret_access_key = wrong\nregion = us-east-1\n\
         {}endpoint_url = {}\n{}endpoint_url = http://127.0.0.1:9\n",
        weed.access_key(),
        role("denied", "wrong"),
        weed.endpoint(),
        role("refused", "wrong")
    );
    let sessions = sessions(&scratch, &wrong);
    let denied = sessions
        .connection(&SessionId::new("profile:denied"))
        .await
        .unwrap_err();
    assert_eq!(
        denied.kind(),
        ErrorKind::BadCredentials,
        "the server does not believe us: {denied:?}"
    );
    let refused = sessions
        .connection(&SessionId::new("profile:refused"))
        .await
        .unwrap_err();
    assert_eq!(
        refused.kind(),
        ErrorKind::ConnectionRefused,
        "nobody listens: {refused:?}"
    );
    assert!(
        refused.to_string().contains("endpoint"),
        "with what to do: {refused}"
    );
}
