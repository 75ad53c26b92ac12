//! Sessions as a whole: files, environment, drafts, and what is said to be wrong.

use std::path::Path;
use std::time::Duration;

use aws_credential_types::provider::ProvideCredentials as _;
use zeroize::Zeroizing;

use super::*;
use crate::store::PathStyle;

/// A machine of its own: config files, environment and data directory in one folder that is removed.
struct Machine {
    folder: tempfile::TempDir,
    environment: BTreeMap<String, String>,
}

impl Machine {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let environment = BTreeMap::from([
            ("HOME".to_owned(), path("home")),
            ("AWS_CONFIG_FILE".to_owned(), path("aws/config")),
            (
                "AWS_SHARED_CREDENTIALS_FILE".to_owned(),
                path("aws/credentials"),
            ),
            ("LONGSHORE_KEYCHAIN".to_owned(), "memory".to_owned()),
        ]);
        std::fs::create_dir(folder.path().join("aws")).unwrap();
        Self {
            folder,
            environment,
        }
    }

    fn set(mut self, pairs: &[(&str, &str)]) -> Self {
        self.environment.extend(
            pairs
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned())),
        );
        self
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join("aws").join(name), text).unwrap();
    }

    fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    fn open(&self) -> (Sessions, broadcast::Receiver<EngineEvent>) {
        let (events, told) = broadcast::channel(64);
        let options = IdentityOptions {
            data_dir: self.data_dir(),
            environment: self.environment.clone(),
            keychain_service: "longshore-test".to_owned(),
        };
        (Sessions::open(options, events).unwrap(), told)
    }
}

fn draft(source: Source) -> SessionDraft {
    SessionDraft {
        id: None,
        name: "Work".to_owned(),
        colour: None,
        source,
        secret: None,
        session_token: None,
        chain: Vec::new(),
        endpoint_url: None,
        region: None,
        path_style: PathStyle::Auto,
        read_only: false,
        trust_plain_http: false,
    }
}

fn keys(id: &str) -> SessionDraft {
    let source = Source::Keychain {
        access_key_id: id.to_owned(),
    };
    SessionDraft {
        secret: Some(Zeroizing::new("hush".to_owned())),
        ..draft(source)
    }
}

async fn access_key(connection: &Connection) -> String {
    let provider = connection.credentials.as_ref().expect("it has credentials");
    provider
        .provide_credentials()
        .await
        .unwrap()
        .access_key_id()
        .to_owned()
}

const BASE: &str = "[base]\naws_access_key_id=AKBASE\naws_secret_access_key=S\n";

#[tokio::test]
async fn profiles_environment_and_playground_are_sessions_that_connect() {
    let machine = Machine::new().set(&[
        ("AWS_ACCESS_KEY_ID", "AKENV"),
        ("AWS_SECRET_ACCESS_KEY", "S"),
        ("LONGSHORE_DEMO_ENDPOINT", "http://127.0.0.1:1"),
        ("LONGSHORE_DEMO_ACCESS_KEY_ID", "AKDEMO"),
        ("LONGSHORE_DEMO_SECRET_ACCESS_KEY", "S"),
    ]);
    machine.write("credentials", BASE);
    let (sessions, _told) = machine.open();
    let ids: Vec<_> = sessions.list().iter().map(|v| v.id.to_string()).collect();
    assert_eq!(
        ids,
        ["profile:base", "environment", "playground"],
        "in this order"
    );
    for (id, key) in [
        ("profile:base", "AKBASE"),
        ("environment", "AKENV"),
        ("playground", "AKDEMO"),
    ] {
        let connection = sessions.connection(&SessionId::new(id)).await.unwrap();
        assert_eq!(
            access_key(&connection).await,
            key,
            "{id} acts with its own key"
        );
    }
    assert_eq!(
        sessions.of_profile("base").unwrap().name,
        "base",
        "found by name"
    );
    let error = sessions.of_profile("bass").unwrap_err();
    assert!(
        error.message().contains("“bass”"),
        "the name is said: {error}"
    );
    assert!(
        !format!("{sessions:?}").contains("\"S\""),
        "no secret is shown"
    );
}

#[tokio::test]
async fn a_saved_session_is_there_again_after_a_restart_and_its_secret_is_in_no_file() {
    let machine = Machine::new();
    let (sessions, mut told) = machine.open();
    let id = sessions.save(keys("AKSAVED")).await.unwrap();
    assert_eq!(
        told.try_recv(),
        Ok(EngineEvent::SessionsChanged),
        "it is told"
    );
    let view = sessions.view(&id).unwrap();
    assert!(
        view.saved && view.memory_only && view.problem.is_none(),
        "kept in memory: {view:?}"
    );
    assert_eq!(
        access_key(&sessions.connection(&id).await.unwrap()).await,
        "AKSAVED",
        "it works"
    );
    let text = std::fs::read_to_string(machine.data_dir().join("sessions.json")).unwrap();
    assert!(
        text.contains("AKSAVED") && !text.contains("hush"),
        "no secret in the file"
    );

    let (again, _told) = machine.open();
    let view = again.view(&id).unwrap();
    assert!(
        view.needs_secret && view.problem.is_some_and(|p| p.contains("memory only")),
        "what is gone is said, and what to do about it"
    );
    let error = again.connection(&id).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::NeedsSignIn,
        "and it does not pretend to work"
    );
    let mut edited = keys("AKSAVED");
    edited.id = Some(id.clone());
    assert_eq!(
        again.save(edited).await.unwrap(),
        id,
        "editing keeps the id"
    );
    assert!(again.connection(&id).await.is_ok(), "and it works again");
    assert!(!again.view(&id).unwrap().needs_secret, "and asks no more");
    again.remove(&id).await.unwrap();
    assert_eq!(
        again.view(&id).unwrap_err().kind(),
        ErrorKind::Gone,
        "it can be removed"
    );
}

#[tokio::test]
async fn a_session_is_defined_by_its_place_and_keys_and_not_by_its_look() {
    let machine = Machine::new();
    let (sessions, _told) = machine.open();
    let id = sessions.save(keys("AKONE")).await.unwrap();
    let definition = || sessions.view(&id).unwrap().definition;
    let first = definition();
    assert!(!first.contains("AKONE"), "it is a digest");
    let edit = async |change: fn(&mut SessionDraft)| {
        let mut edited = keys("AKONE");
        edited.id = Some(id.clone());
        change(&mut edited);
        sessions.save(edited).await.unwrap();
    };
    edit(|draft| draft.name = "Other".to_owned()).await;
    assert_eq!(definition(), first, "a name is a look");
    edit(|draft| draft.endpoint_url = Some("http://127.0.0.1:2".to_owned())).await;
    let elsewhere = definition();
    assert_ne!(elsewhere, first, "another endpoint is another place");
    edit(|draft| {
        draft.source = Source::Keychain {
            access_key_id: "AKTWO".to_owned(),
        }
    })
    .await;
    assert_ne!(definition(), first, "other keys may see something else");
}

#[tokio::test]
async fn a_new_secret_reaches_connections_that_are_open() {
    let machine = Machine::new();
    let (sessions, _told) = machine.open();
    let id = sessions.save(keys("AKONE")).await.unwrap();
    let connection = sessions.connection(&id).await.unwrap();
    let mut edited = keys("AKTWO");
    edited.id = Some(id);
    sessions.save(edited).await.unwrap();
    assert_eq!(
        access_key(&connection).await,
        "AKTWO",
        "the provider asks anew"
    );
}

#[tokio::test]
async fn anonymous_sessions_and_drafts_work_and_keep_nothing() {
    let machine = Machine::new();
    let (sessions, _told) = machine.open();
    let anonymous = sessions.add_for_this_run(draft(Source::Anonymous)).unwrap();
    assert!(
        sessions
            .connection(&anonymous)
            .await
            .unwrap()
            .credentials
            .is_none(),
        "unsigned"
    );
    let tried = sessions.draft_connection(&keys("AKTRY")).await.unwrap();
    assert_eq!(access_key(&tried).await, "AKTRY", "a draft can be tried");
    assert_eq!(sessions.list().len(), 1, "and is not kept");
    assert!(
        !machine.data_dir().join("sessions.json").exists(),
        "nothing is written"
    );
}

#[tokio::test]
async fn the_flags_of_a_run_give_the_same_session_in_the_next_run() {
    let machine = Machine::new();
    machine.write("credentials", BASE);
    let made = || {
        let (sessions, _told) = machine.open();
        let mut flags = draft(Source::Profile("base".to_owned()));
        flags.endpoint_url = Some("http://127.0.0.1:1".to_owned());
        (sessions.add_for_this_run(flags).unwrap(), sessions)
    };
    let ((first, sessions), (second, _)) = (made(), made());
    assert_eq!(first, second, "the same command finds its job again");
    let connection = sessions.connection(&first).await.unwrap();
    assert_eq!(
        access_key(&connection).await,
        "AKBASE",
        "with the profile's key"
    );
    assert_eq!(
        connection.endpoint_url.as_deref(),
        Some("http://127.0.0.1:1"),
        "at the flag's endpoint"
    );
}

#[tokio::test]
async fn a_draft_that_cannot_work_is_refused_with_what_it_lacks() {
    let machine = Machine::new();
    let (sessions, _told) = machine.open();
    let at = |url: &str| SessionDraft {
        endpoint_url: Some(url.to_owned()),
        ..keys("AK")
    };
    let no_secret = SessionDraft {
        secret: None,
        ..keys("AK")
    };
    let no_name = SessionDraft {
        name: " ".to_owned(),
        ..keys("AK")
    };
    let newline = SessionDraft {
        secret: Some(Zeroizing::new("s\n".to_owned())),
        ..keys("AK")
    };
    let nowhere = draft(Source::Profile("nowhere".to_owned()));
    for bad in [
        at("ftp://h"),
        at("no url"),
        at("http://u:p@h"),
        no_secret,
        no_name,
        newline,
        nowhere,
    ] {
        let error = sessions.save(bad).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.advice().is_some(), "it says what to do: {error}");
    }
    assert!(sessions.list().is_empty(), "nothing was saved");
}

#[tokio::test]
async fn editing_a_session_on_a_profile_does_not_double_its_roles() {
    let machine = Machine::new();
    machine.write(
        "config",
        "[profile role]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=base\n",
    );
    machine.write("credentials", BASE);
    let (sessions, _told) = machine.open();
    let id = sessions
        .save(draft(Source::Profile("role".to_owned())))
        .await
        .unwrap();
    let view = sessions.view(&id).unwrap();
    assert_eq!(view.chain.len(), 1, "the profile's role is shown");
    let mut edited = draft(view.source.clone());
    edited.id = Some(id.clone());
    edited.chain = view.chain;
    sessions.save(edited).await.unwrap();
    assert_eq!(sessions.view(&id).unwrap().chain.len(), 1, "and still once");
    machine.write("config", "");
    sessions.reload();
    assert!(
        sessions.view(&id).unwrap().problem.is_some(),
        "a profile that is gone is said"
    );
}

/// Waits until the sessions are as wanted; the watch tells when it likes.
async fn until(told: &mut broadcast::Receiver<EngineEvent>, wanted: impl Fn() -> bool) -> bool {
    let waiting = async {
        while !wanted() {
            let _ = told.recv().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .is_ok()
}

fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, text).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

#[tokio::test]
async fn an_edit_of_the_config_files_shows_without_a_restart() {
    let machine = Machine::new();
    machine.write("credentials", BASE);
    let (sessions, mut told) = machine.open();
    let connection = sessions
        .connection(&SessionId::new("profile:base"))
        .await
        .unwrap();
    let path = machine.folder.path().join("aws/credentials");
    let base = SessionId::new("profile:base");
    let before = sessions.view(&base).unwrap().definition;
    replace(
        &path,
        "[base]\naws_access_key_id=AKNEW\naws_secret_access_key=S\n[other]\n",
    );
    let other = SessionId::new("profile:other");
    assert!(
        until(&mut told, || sessions.view(&other).is_ok()).await,
        "a replaced file is noticed"
    );
    assert_eq!(
        access_key(&connection).await,
        "AKNEW",
        "open connections act with the new key"
    );
    assert_ne!(
        sessions.view(&base).unwrap().definition,
        before,
        "what was listed with the old one is known to be stale"
    );
    replace(&path, BASE);
    assert!(
        until(&mut told, || sessions.view(&other).is_err()).await,
        "and the next one too"
    );
}

#[tokio::test]
async fn config_files_that_did_not_exist_are_noticed_when_they_are_made() {
    let machine = Machine::new();
    let folder = machine.folder.path().join("aws");
    std::fs::remove_dir(&folder).unwrap();
    let (sessions, mut told) = machine.open();
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("credentials"), BASE).unwrap();
    let base = SessionId::new("profile:base");
    assert!(
        until(&mut told, || sessions.view(&base).is_ok()).await,
        "a new folder is followed"
    );
}

#[test]
fn bad_lines_are_listed_with_their_place() {
    let machine = Machine::new();
    machine.write("credentials", &format!("{BASE}what is this\n"));
    let (sessions, _told) = machine.open();
    let notes = sessions.notes();
    assert!(
        notes.len() == 1 && notes[0].contains("credentials:4: "),
        "file and line: {notes:?}"
    );
}
