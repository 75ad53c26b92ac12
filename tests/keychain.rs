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
use longshore_engine::identity::{IdentityOptions, SessionDraft, Sessions, Source};
use longshore_engine::model::{BucketName, JobId, ObjectKey, PlanId, SessionId};
use longshore_engine::plan::{ConflictPolicy, JobState};
use longshore_engine::store::PathStyle;
use longshore_engine::transfer::{ChangeRequest, Target};
use longshore_engine::{Engine, EngineOptions, ErrorKind};
use longshore_tests::servers::SeaweedFs;
use zeroize::Zeroizing;

/// Where the inner test finds its scratch directory.
const SCRATCH: &str = "LONGSHORE_TEST_SCRATCH";
const SERVICE: &str = "longshore-test";
/// An object on the server, and what is in it.
const KEY: &str = "tide.csv";
const BODY: &str = "hour,metres\n02:00,1.2\n";
const SECRET: &str = "canary-secret-access-key";

/// Runs one ignored test of this program in a surrounding of its own, with an object to fetch.
fn run_alone(wrapper: &[&str], test: &str, variables: &[(&str, &str)]) {
    let server = SeaweedFs::shared().unwrap().server();
    let fetched = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let bucket = server.fresh_bucket("keychain").await.unwrap();
        server.client().put(&bucket, KEY, BODY).await.unwrap();
        bucket
    });
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
        .env("TEST_ENDPOINT", server.endpoint())
        .env("TEST_ACCESS_KEY", server.access_key())
        .env("TEST_SECRET_KEY", server.secret_key())
        .env("TEST_BUCKET", &fetched)
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

fn told(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("the outer test sets {name}"))
}

/// An engine over the scratch directory, as each start of the program opens one.
async fn start() -> Engine {
    let scratch = std::path::PathBuf::from(told(SCRATCH));
    let mut options = EngineOptions::new(scratch.join("engine"));
    options.environment = BTreeMap::from([("HOME".to_owned(), scratch.display().to_string())]);
    options.keychain_service = SERVICE.to_owned();
    Engine::open(options).await.unwrap().0
}

/// Keys of the server that the outer test started.
fn server_draft() -> SessionDraft {
    SessionDraft {
        source: Source::Keychain {
            access_key_id: told("TEST_ACCESS_KEY"),
        },
        secret: Some(Zeroizing::new(told("TEST_SECRET_KEY"))),
        endpoint_url: Some(told("TEST_ENDPOINT")),
        path_style: PathStyle::On,
        ..draft()
    }
}

/// Plans to fetch the object.
async fn plan_fetch(engine: &Engine, session: &SessionId) -> PlanId {
    let request = ChangeRequest::Download {
        session: session.clone(),
        bucket: BucketName::parse(told("TEST_BUCKET")).unwrap(),
        targets: vec![Target::Object(ObjectKey::parse(KEY).unwrap(), None)],
        folder: told(SCRATCH).into(),
        file_name: None,
        policy: ConflictPolicy::Overwrite,
    };
    engine.transfers().plan(request).await.unwrap().id
}

/// Waits until a job is done without asking anything of it.
async fn done(engine: &Engine, job: &JobId) {
    let wait = async {
        loop {
            let view = engine.transfers().settled(job).await.unwrap();
            if view.state == JobState::Done {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let waited = tokio::time::timeout(std::time::Duration::from_secs(60), wait).await;
    let job = engine.transfers().job(job).await.unwrap();
    assert!(waited.is_ok(), "the job goes on by itself: {job:?}");
    let fetched = Path::new(&told(SCRATCH)).join(KEY);
    assert_eq!(std::fs::read_to_string(fetched).unwrap(), BODY, "all of it");
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

    assert!(
        !locked.keeps_in_memory_only().await,
        "a locked keychain is one"
    );

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
fn a_job_that_waits_for_a_locked_keychain_goes_on_after_the_unlock() {
    run_alone(&["dbus-run-session", "--"], "a_job_with_a_keychain", &[]);
}

#[tokio::test]
#[ignore = "runs on the session bus that the test above makes"]
async fn a_job_with_a_keychain() {
    unlock_keychain();
    let engine = start().await;
    let id = engine.save_session(server_draft()).await.unwrap();
    let plan = plan_fetch(&engine, &id).await;
    engine.close().await;
    lock_keychain();
    let engine = start().await;
    let job = engine.transfers().start(&plan, None).await.unwrap();
    let waits = engine.transfers().settled(&job).await.unwrap();
    assert_eq!(
        waits.state,
        JobState::WaitingForSignIn,
        "a locked keychain parks the job: {waits:?}"
    );
    unlock_keychain();
    engine.sign_in(&id).await.unwrap();
    done(&engine, &job).await;
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

#[test]
fn a_job_that_waits_for_a_lost_secret_goes_on_once_it_is_entered() {
    let nowhere = [("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")];
    run_alone(&[], "a_job_without_a_bus", &nowhere);
}

#[tokio::test]
#[ignore = "runs where the test above took the session bus away"]
async fn a_job_without_a_bus() {
    let engine = start().await;
    assert!(
        engine.sessions().keeps_in_memory_only().await,
        "it is said before anything is saved"
    );
    let id = engine.save_session(server_draft()).await.unwrap();
    let plan = plan_fetch(&engine, &id).await;
    engine.close().await;
    drop(engine);

    let engine = start().await;
    assert!(
        engine.sessions().view(&id).unwrap().needs_secret,
        "the next start asks for the secret"
    );
    let job = engine.transfers().start(&plan, None).await.unwrap();
    let waits = engine.transfers().settled(&job).await.unwrap();
    assert_eq!(
        waits.state,
        JobState::WaitingForSignIn,
        "the job waits for it: {waits:?}"
    );
    let again = SessionDraft {
        id: Some(id.clone()),
        ..server_draft()
    };
    engine.save_session(again).await.unwrap();
    done(&engine, &job).await;
}
