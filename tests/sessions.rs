//! Roles against servers nobody here wrote: AssumeRole over several hops and GetCallerIdentity.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use aws_credential_types::provider::ProvideCredentials as _;
use longshore_engine::identity::{IdentityOptions, Sessions};
use longshore_engine::model::{BucketName, ObjectKey, SessionId};
use longshore_engine::plan::{ConflictPolicy, JobState};
use longshore_engine::transfer::{ChangeRequest, Target};
use longshore_engine::{Engine, EngineOptions, ErrorKind};
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

#[tokio::test]
async fn a_job_waits_while_its_profile_is_somebody_else_and_goes_on_when_it_is_not() {
    let server = SeaweedFs::shared().unwrap().server();
    let bucket = server.fresh_bucket("identity").await.unwrap();
    server
        .client()
        .put(&bucket, "a.txt", "hello")
        .await
        .unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("config");
    let own = config(server, "");
    std::fs::write(&path, &own).unwrap();
    let mut options = EngineOptions::new(scratch.path().join("data"));
    options.environment = BTreeMap::from([
        ("HOME".to_owned(), scratch.path().display().to_string()),
        ("AWS_CONFIG_FILE".to_owned(), path.display().to_string()),
        ("LONGSHORE_KEYCHAIN".to_owned(), "memory".to_owned()),
    ]);
    let (engine, _) = Engine::open(options).await.unwrap();
    let session = SessionId::new("profile:base");
    let request = ChangeRequest::Download {
        session: session.clone(),
        bucket: BucketName::parse(&bucket).unwrap(),
        targets: vec![Target::Object(ObjectKey::parse("a.txt").unwrap(), None)],
        folder: scratch.path().to_owned(),
        file_name: None,
        policy: ConflictPolicy::Overwrite,
    };
    let plan = engine.transfers().plan(request).await.unwrap();

    std::fs::write(&path, own.replace(server.access_key(), "AKSOMEBODYELSE")).unwrap();
    engine.sessions().reload();
    let job = engine.transfers().start(&plan.id, None).await.unwrap();
    let waits = engine.transfers().settled(&job).await.unwrap();
    assert_eq!(waits.state, JobState::WaitingForSignIn, "{waits:?}");
    let reason = waits.reason.unwrap_or_default();
    assert!(
        reason.contains("AKSOMEBODYELSE") && reason.contains(server.access_key()),
        "both are named: {reason}"
    );
    assert!(
        !scratch.path().join("a.txt").exists(),
        "nothing was fetched as the other"
    );

    std::fs::write(&path, &own).unwrap();
    engine.sessions().reload();
    let done = async {
        while engine.transfers().settled(&job).await.unwrap().state != JobState::Done {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(60), done).await;
    let job = engine.transfers().job(&job).await.unwrap();
    assert!(waited.is_ok(), "it goes on by itself: {job:?}");
}
