//! The router as a page meets it: calls, refusals, topics, and a whole change over a server that
//! nobody here wrote.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use longshore_contract::router::AllowedCallers;
use longshore_contract::wire::DropPhase;
use longshore_contract::{AppError, Caller, ErrorCode, Host, HostFuture, Router, RouterOptions};
use longshore_engine::{Engine, EngineOptions};
use longshore_tests::servers::{SeaweedFs, Server};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;

/// Far longer than anything takes on a busy machine; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(60);

/// A person who picks nothing and agrees to everything.
struct Agreeing;

impl Host for Agreeing {
    fn pick_files<'a>(&'a self, _caller: &'a Caller) -> HostFuture<'a, Vec<PathBuf>> {
        Box::pin(async { Ok(Vec::new()) })
    }
    fn pick_folder<'a>(
        &'a self,
        _caller: &'a Caller,
        _title: Option<&'a str>,
    ) -> HostFuture<'a, Option<PathBuf>> {
        Box::pin(async { Ok(None) })
    }
    fn pick_destination<'a>(
        &'a self,
        _caller: &'a Caller,
        _name: &'a str,
    ) -> HostFuture<'a, Option<PathBuf>> {
        Box::pin(async { Ok(None) })
    }
    fn confirm_path<'a>(&'a self, _caller: &'a Caller, _path: &'a Path) -> HostFuture<'a, bool> {
        Box::pin(async { Ok(true) })
    }
}

struct Stand {
    router: Router,
    page: Caller,
    dir: TempDir,
}

impl Stand {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut options = EngineOptions::new(dir.path().join("state"));
        let nowhere = dir.path().join("none").display().to_string();
        options.environment = [
            ("AWS_CONFIG_FILE".to_owned(), nowhere.clone()),
            ("AWS_SHARED_CREDENTIALS_FILE".to_owned(), nowhere),
            ("LONGSHORE_KEYCHAIN".to_owned(), "memory".to_owned()),
        ]
        .into();
        let (engine, notes) = Engine::open(options).await.unwrap();
        let page = Caller::window("main");
        let options = RouterOptions {
            allowed: AllowedCallers::Only(vec![page.clone(), Caller::window("second")]),
            version: "1".to_owned(),
            data_dir: dir.path().join("state"),
            home: None,
            notes: longshore_contract::router::start_sentences(&notes),
            unfinished: notes.unfinished,
        };
        Self {
            router: Router::new(engine, Arc::new(Agreeing), options),
            page,
            dir,
        }
    }

    async fn call(&self, name: &str, args: Value) -> Result<Value, AppError> {
        self.router.call(&self.page, name, args).await
    }

    async fn ok(&self, name: &str, args: Value) -> Value {
        self.call(name, args)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error:?}"))
    }

    async fn refused(&self, name: &str, args: Value) -> AppError {
        self.call(name, args).await.expect_err(name)
    }

    fn listen(&self, topic: &str) -> mpsc::UnboundedReceiver<Value> {
        let (sender, receiver) = mpsc::unbounded_channel();
        let sink = Box::new(move |message| sender.send(message).is_ok());
        self.router
            .subscribe(&self.page, topic, Value::Null, sink)
            .unwrap();
        receiver
    }

    async fn session(&self, server: &Server) -> String {
        let saved = self
            .ok("session_save", draft(server, server.secret_key()))
            .await;
        saved["id"].as_str().unwrap().to_owned()
    }

    /// Opens a prefix and waits until all of it is listed.
    async fn list(&self, session: &str, bucket: &str, prefix: &str) -> Value {
        let args = json!({ "session": session, "bucket": bucket, "prefix": prefix });
        let mut status = self.ok("listing_open", args).await;
        let ended = tokio::time::timeout(PATIENCE, async {
            while status["phase"] == "running" {
                tokio::time::sleep(Duration::from_millis(10)).await;
                status = self
                    .ok("listing_status", json!({ "id": status["id"] }))
                    .await;
            }
            status
        });
        ended.await.expect("the listing ends")
    }
}

fn draft(server: &Server, secret: &str) -> Value {
    json!({
        "name": "lab",
        "source": { "kind": "keychain", "accessKeyId": server.access_key() },
        "secret": secret,
        "endpointUrl": server.endpoint(),
    })
}

async fn next(messages: &mut mpsc::UnboundedReceiver<Value>) -> Value {
    let message = tokio::time::timeout(PATIENCE, messages.recv()).await;
    message
        .expect("a message comes")
        .expect("the topic goes on")
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_before_a_command_sees_it() {
    let stand = Stand::open().await;
    let stranger = Caller::window("stranger");
    let denied = stand
        .router
        .call(&stranger, "app_info", json!({}))
        .await
        .unwrap_err();
    assert_eq!(
        denied.code,
        ErrorCode::Denied,
        "a window that is not on the list"
    );
    let code = |error: AppError| error.code;
    assert_eq!(
        code(stand.refused("no_such", json!({})).await),
        ErrorCode::BadInput,
        "no command"
    );
    let bad = stand.refused("bucket_open", json!({ "session": 1 })).await;
    assert_eq!(bad.code, ErrorCode::BadInput, "arguments that do not fit");
    let gone = stand
        .refused("session_renew", json!({ "id": "nobody" }))
        .await;
    assert_eq!(gone.code, ErrorCode::Gone, "a session that is not there");
    let gone = stand
        .refused("listing_rows", json!({ "id": "l", "start": 0, "len": 1 }))
        .await;
    assert_eq!(gone.code, ErrorCode::Gone, "a listing that is not there");
    let grants = json!({ "session": "s", "bucket": "b", "prefix": "", "grants": ["/etc/passwd"] });
    let gone = stand.refused("plan_upload", grants).await;
    assert_eq!(gone.code, ErrorCode::Gone, "a path is no grant");
    assert_eq!(
        stand.ok("app_info", Value::Null).await["version"],
        "1",
        "no arguments are none"
    );
}

#[tokio::test]
async fn a_topic_begins_with_a_snapshot_and_ends_with_its_page() {
    let stand = Stand::open().await;
    let mut events = stand.listen("events");
    let first = next(&mut events).await;
    assert_eq!(first["seq"], 0, "messages are numbered from 0");
    assert_eq!(first["event"]["kind"], "snapshot", "everything as it is");
    assert_eq!(first["event"]["jobs"], json!([]), "there are no jobs yet");
    let source = json!({ "kind": "anonymous" });
    let draft = json!({ "name": "open", "source": source, "endpointUrl": "http://127.0.0.1:9" });
    stand.ok("session_save", draft).await;
    let second = next(&mut events).await;
    assert_eq!(second["seq"], 1, "one more each");
    assert_eq!(second["event"]["kind"], "sessions", "a session was saved");
    let names: Vec<&str> = second["event"]["sessions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| session["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"open"), "it is among them: {names:?}");

    let mut drops = stand.listen("drops");
    let file = stand.dir.path().join("a.txt");
    std::fs::write(&file, "a").unwrap();
    let paths = [file, stand.dir.path().join("missing")];
    stand
        .router
        .publish_drop(&stand.page, DropPhase::Over, (1.0, 2.0), &paths);
    let over = next(&mut drops).await;
    assert_eq!(
        over["drop"]["grants"],
        json!([]),
        "nothing is granted before it is let go"
    );
    stand
        .router
        .publish_drop(&stand.page, DropPhase::Drop, (1.0, 2.0), &paths);
    let dropped = next(&mut drops).await;
    assert_eq!(
        dropped["drop"]["grants"][0]["name"], "a.txt",
        "the file is granted"
    );
    assert_eq!(
        dropped["drop"]["refused"].as_array().unwrap().len(),
        1,
        "the other is refused"
    );

    stand.router.forget(&stand.page);
    let rest = async { while events.recv().await.is_some() {} };
    tokio::time::timeout(PATIENCE, rest)
        .await
        .expect("the topic ends with the page");
    assert!(drops.recv().await.is_none(), "and so does the other");
}

#[tokio::test]
async fn a_wrong_secret_is_told_apart_from_a_server_that_is_not_there() {
    let server = SeaweedFs::shared().unwrap().server();
    let stand = Stand::open().await;
    let wrong = stand
        .refused("session_test", draft(server, "not-the-secret"))
        .await;
    assert_eq!(wrong.code, ErrorCode::BadCredentials, "{wrong:?}");
    assert!(
        !format!("{wrong:?}").contains("not-the-secret"),
        "the secret shows nowhere"
    );
    let mut nobody = draft(server, server.secret_key());
    nobody["endpointUrl"] = json!("http://127.0.0.1:1");
    let refused = stand.refused("session_test", nobody).await;
    assert_eq!(refused.code, ErrorCode::Refused, "{refused:?}");
    let tested = stand
        .ok("session_test", draft(server, server.secret_key()))
        .await;
    assert!(
        tested["buckets"].is_number(),
        "it may list buckets: {tested}"
    );
}

#[tokio::test]
#[allow(
    clippy::too_many_lines,
    reason = "one page's story, told in the order in which it happens"
)]
async fn a_page_browses_makes_a_folder_and_finds_addresses() {
    let server = SeaweedFs::shared().unwrap().server();
    let bucket = server.fresh_bucket("router").await.unwrap();
    let client = server.client();
    for key in ["a/b.txt", "a/c/d.txt", "a-z.txt"] {
        client.put(&bucket, key, "12345").await.unwrap();
    }
    let stand = Stand::open().await;
    let session = stand.session(server).await;
    let listed = stand.ok("buckets_list", json!({ "id": session })).await;
    let names = listed.as_array().unwrap().iter().map(|b| b["name"].clone());
    assert!(
        names.into_iter().any(|name| name == json!(bucket)),
        "the bucket is listed: {listed}"
    );

    let address = |text: String| {
        let args = json!({ "session": session, "text": text });
        async { stand.call("address_resolve", args).await }
    };
    let place = |prefix: &str, select: Option<&str>| json!({ "bucket": bucket, "prefix": prefix, "select": select });
    let found = address(format!("s3://{bucket}/a/b.txt")).await.unwrap();
    assert_eq!(
        found,
        place("a/", Some("a/b.txt")),
        "an object is selected in its folder"
    );
    let found = address(format!(" s3://{bucket}/a\n")).await.unwrap();
    assert_eq!(found, place("a/", None), "a folder without its slash");
    let found = address(bucket.clone()).await.unwrap();
    assert_eq!(found, place("", None), "a bucket alone");
    let missing = address(format!("s3://{bucket}/nowhere")).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::NoSuchKey, "{missing:?}");
    let root = address("s3://".to_owned()).await.unwrap();
    assert_eq!(root["bucket"], Value::Null, "the list of buckets");

    let folder = json!({ "session": session, "bucket": bucket, "prefix": "a/", "name": "new" });
    let made = stand.ok("folder_create", folder.clone()).await;
    assert_eq!(made["prefix"], "a/new/", "it is a prefix");
    let again = stand.refused("folder_create", folder).await;
    assert_eq!(again.code, ErrorCode::Conflict, "it is there already");
    let implied = json!({ "session": session, "bucket": bucket, "prefix": "a/", "name": "c" });
    let again = stand.refused("folder_create", implied).await;
    assert_eq!(
        again.code,
        ErrorCode::Conflict,
        "its objects make it a folder"
    );

    let status = stand.list(&session, &bucket, "a/").await;
    assert_eq!(status["phase"], "complete", "{status}");
    let window = json!({ "id": status["id"], "start": 0, "len": 500 });
    let rows = stand.ok("listing_rows", window.clone()).await;
    let keys: Vec<&str> = rows["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["key"].as_str().unwrap())
        .collect();
    assert_eq!(keys, ["a/c/", "a/new/", "a/b.txt"], "folders first");
    let second = Caller::window("second");
    let foreign = stand
        .router
        .call(&second, "listing_rows", window.clone())
        .await
        .unwrap_err();
    assert_eq!(
        foreign.code,
        ErrorCode::Gone,
        "another page's listing does not exist"
    );

    let args = json!({ "session": session, "bucket": bucket, "key": "a/b.txt" });
    let detail = stand.ok("object_inspect", args).await;
    assert_eq!(detail["size"], 5, "{detail}");
    stand.router.forget(&stand.page);
    let gone = stand.refused("listing_rows", window).await;
    assert_eq!(gone.code, ErrorCode::Gone, "its listings end with the page");
}

/// A typed path was asked for to be read.
async fn refuse_to_write_into(stand: &Stand, session: &str, bucket: &str, grant: &Value) {
    let into_it = json!({
        "session": session, "bucket": bucket, "destination": grant["id"],
        "targets": [{ "kind": "prefix", "prefix": "" }],
    });
    let refused = stand.refused("plan_download", into_it).await;
    assert_eq!(
        refused.code,
        ErrorCode::BadInput,
        "a typed path was asked for to be read, not written: {refused:?}"
    );
}

#[tokio::test]
async fn a_dropped_file_is_planned_uploaded_and_told_of() {
    let server = SeaweedFs::shared().unwrap().server();
    let bucket = server.fresh_bucket("drop").await.unwrap();
    let stand = Stand::open().await;
    let session = stand.session(server).await;
    let file = stand.dir.path().join("Übung 1.txt");
    std::fs::write(&file, "bytes").unwrap();
    let typed = json!({ "text": file.display().to_string() });
    let grant = stand.ok("path_confirm", typed).await;
    refuse_to_write_into(&stand, &session, &bucket, &grant).await;
    let mut events = stand.listen("events");

    let args = json!({
        "session": session, "bucket": bucket, "prefix": "in/", "grants": [grant["id"]],
    });
    let plan = stand.ok("plan_upload", args).await;
    assert_eq!(
        (&plan["items"], &plan["bytes"]),
        (&json!(1), &json!(5)),
        "{plan}"
    );
    let started = stand.ok("plan_start", json!({ "plan": plan["id"] })).await;
    let mut seq = 0;
    loop {
        let message = next(&mut events).await;
        assert_eq!(message["seq"], seq, "no message is missing");
        seq += 1;
        let jobs = message["event"]["jobs"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let Some(job) = jobs.iter().find(|job| job["id"] == started["job"]) else {
            continue;
        };
        assert_ne!(job["state"], "failed", "{job}");
        if job["state"] == "done" {
            assert_eq!(job["bytesDone"], 5, "all bytes were acknowledged");
            break;
        }
    }
    let body = server
        .client()
        .get(&bucket, "in/Übung 1.txt")
        .await
        .unwrap();
    assert_eq!(body, "bytes", "the server has it");
    let items = json!({ "id": started["job"], "start": 0, "len": 10 });
    let items = stand.ok("job_items", items).await;
    assert_eq!(items[0]["state"], "done", "{items}");
    stand.ok("jobs_forget_ended", json!({})).await;
    assert_eq!(
        stand.ok("jobs_list", json!({})).await,
        json!([]),
        "the list is empty again"
    );
}
