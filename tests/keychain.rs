//! Secrets and a real keychain: `gnome-keyring-daemon` on a session bus of its own.
//!
//! The keychain is found through the process's environment, which tests of one process share, so
//! each case runs this program again for one ignored test, under its own bus, home and runtime
//! directory. The user's own keychain is never in reach. `secret-tool` is the second pair of eyes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use aws_credential_types::provider::ProvideCredentials as _;
use longshore_engine::ErrorKind;
use longshore_engine::identity::{IdentityOptions, SessionDraft, Sessions, Source};
use longshore_engine::model::SessionId;
use longshore_engine::store::PathStyle;
use zeroize::Zeroizing;

/// Where the inner test finds its scratch directory.
const SCRATCH: &str = "LONGSHORE_TEST_SCRATCH";
const SERVICE: &str = "longshore-test";
const SECRET: &str = "canary-secret-access-key";

/// Runs one ignored test of this program in a surrounding of its own.
fn run_alone(wrapper: &[&str], test: &str, variables: &[(&str, &str)]) {
    let scratch = tempfile::tempdir().unwrap();
    let program = std::env::current_exe().unwrap();
    let mut line: Vec<String> = wrapper.iter().map(|w| (*w).to_owned()).collect();
    line.push(program.display().to_string());
    line.extend(["--exact", test, "--ignored", "--nocapture"].map(ToOwned::to_owned));
    let runtime = scratch.path().join("runtime");
    std::fs::create_dir(&runtime).unwrap();
    private(&runtime);
    let output = Command::new(&line[0])
        .args(&line[1..])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", scratch.path())
        .env("XDG_RUNTIME_DIR", &runtime)
        .env("XDG_DATA_HOME", scratch.path().join("share"))
        .env("XDG_CONFIG_HOME", scratch.path().join("config"))
        .env("XDG_CACHE_HOME", scratch.path().join("cache"))
        .env(SCRATCH, scratch.path())
        .envs(variables.iter().copied())
        .output()
        .unwrap_or_else(|e| panic!("{} does not start: {e}", line[0]));
    let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "the inner test failed:\n{said}");
    assert!(said.contains("1 passed"), "the inner test ran:\n{said}");
}

#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn open() -> Sessions {
    let scratch = std::env::var_os(SCRATCH).expect("the outer test made a scratch directory");
    let scratch = Path::new(&scratch);
    let environment = BTreeMap::from([("HOME".to_owned(), scratch.display().to_string())]);
    let options = IdentityOptions {
        data_dir: scratch.join("data"),
        environment,
        keychain_service: SERVICE.to_owned(),
    };
    let (events, _) = tokio::sync::broadcast::channel(16);
    Sessions::open(options, events).unwrap()
}

fn draft() -> SessionDraft {
    SessionDraft {
        id: None,
        name: "Work".to_owned(),
        colour: None,
        source: Source::Keychain {
            access_key_id: "AKTEST".to_owned(),
        },
        secret: Some(Zeroizing::new(SECRET.to_owned())),
        session_token: None,
        chain: Vec::new(),
        endpoint_url: Some("http://127.0.0.1:1".to_owned()),
        region: None,
        path_style: PathStyle::Auto,
        read_only: false,
        trust_plain_http: false,
    }
}

/// The secret that a session acts with.
async fn secret_of(sessions: &Sessions, id: &SessionId) -> longshore_engine::Result<String> {
    let connection = sessions.connection(id).await?;
    let provider = connection.credentials.expect("it has credentials");
    Ok(provider
        .provide_credentials()
        .await
        .unwrap()
        .secret_access_key()
        .to_owned())
}

/// Starts an unlocked keychain in the place of the one that runs, as a login does.
fn unlock_keychain() {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--unlock", "--replace", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("gnome-keyring-daemon is installed");
    daemon
        .stdin
        .take()
        .unwrap()
        .write_all(b"test password")
        .unwrap();
    assert!(daemon.wait().unwrap().success(), "the keychain is unlocked");
}

fn lock_keychain() {
    let done = Command::new("dbus-send")
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.secrets",
        ])
        .args([
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
        ])
        .arg("array:objpath:/org/freedesktop/secrets/collection/login")
        .output()
        .unwrap();
    assert!(
        text(&done.stdout).contains("collection/login"),
        "it was locked: {done:?}"
    );
}

fn secret_tool(id: &SessionId) -> Output {
    let account = ["username", id.as_str()];
    Command::new("secret-tool")
        .args(["lookup", "service", SERVICE])
        .args(account)
        .output()
        .unwrap()
}

#[test]
fn a_real_keychain_keeps_the_secret_and_works_again_after_an_unlock() {
    run_alone(&["dbus-run-session", "--"], "with_a_keychain", &[]);
}

#[tokio::test]
#[ignore = "runs on the session bus that the test above makes"]
async fn with_a_keychain() {
    unlock_keychain();
    let sessions = open();
    let id = sessions.save(draft()).await.expect("it is saved");
    assert!(
        !sessions.view(&id).unwrap().memory_only,
        "it went into the keychain"
    );
    assert!(
        text(&secret_tool(&id).stdout).contains(SECRET),
        "somebody else finds it there"
    );
    let again = open();
    assert_eq!(
        secret_of(&again, &id).await.unwrap(),
        SECRET,
        "the next start reads it back"
    );

    lock_keychain();
    let locked = open();
    assert!(
        locked.view(&id).unwrap().problem.is_none(),
        "a list asks no keychain"
    );
    let error = secret_of(&locked, &id).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::KeychainLocked,
        "it is locked, and said: {error}"
    );
    assert!(
        error.advice().is_some_and(|a| a.contains("Unlock")),
        "with what to do: {error}"
    );
    let error = locked.save(draft()).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::KeychainLocked,
        "saving says the same: {error}"
    );
    assert_eq!(locked.list().len(), 1, "and saved nothing");

    unlock_keychain();
    assert_eq!(
        secret_of(&locked, &id).await.unwrap(),
        SECRET,
        "no restart is needed"
    );
    locked.remove(&id).await.unwrap();
    assert!(
        secret_tool(&id).stdout.is_empty(),
        "removing takes it out of the keychain"
    );
}

#[test]
fn without_a_keychain_the_secret_is_kept_in_memory_and_said() {
    let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")];
    run_alone(&[], "without_a_bus", &nowhere);
}

#[tokio::test]
#[ignore = "runs where the test above took the session bus away"]
async fn without_a_bus() {
    let sessions = open();
    let id = sessions
        .save(draft())
        .await
        .expect("it is saved all the same");
    assert!(
        sessions.view(&id).unwrap().memory_only,
        "it is said to be in memory only"
    );
    assert_eq!(
        secret_of(&sessions, &id).await.unwrap(),
        SECRET,
        "it works until the end"
    );
    let error = secret_of(&open(), &id).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::NeedsSignIn,
        "after that it is asked for again: {error}"
    );
}
