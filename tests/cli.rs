//! The command line against SeaweedFS: what it prints, how it exits, what it does to the server.
//!
//! Every run has a home, a data directory and an environment of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use longshore_tests::proxy::{Proxy, Rule};
use longshore_tests::s3::{Keys, S3};
use longshore_tests::servers::{Identity, SeaweedFs, Server, fresh_name};
use serde_json::Value;

const MIB: usize = 1 << 20;

/// A person at a terminal: a home that is removed again, and the keys in the environment.
struct Terminal {
    home: tempfile::TempDir,
    endpoint: String,
    keys: Keys,
}

impl Terminal {
    fn at(server: &Server) -> Self {
        Self::with(server.endpoint(), server.client().keys().clone())
    }

    fn with(endpoint: &str, keys: Keys) -> Self {
        let home = tempfile::tempdir().unwrap();
        Self {
            home,
            endpoint: endpoint.to_owned(),
            keys,
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_longshore"));
        command
            .args(arguments)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.home.path())
            .env("LONGSHORE_DATA_DIR", self.home.path().join("data"))
            .env("LONGSHORE_KEYCHAIN", "memory")
            .env("NO_PROXY", "127.0.0.1")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", &self.keys.access_key)
            .env("AWS_SECRET_ACCESS_KEY", &self.keys.secret_key)
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs with `--json`; the lines of a run that exits with 0.
    fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let output = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?} is done: {output:?}"
        );
        lines(&output.stdout)
    }

    /// Runs with `--json` and fails; the exit code and the error's code.
    fn failure(&self, arguments: &[&str]) -> (i32, String) {
        let output = self.run(&[arguments, &["--json"]].concat());
        let error = lines(&output.stderr).pop().unwrap_or_default();
        let code = error["code"].as_str().unwrap_or_default().to_owned();
        (output.status.code().unwrap_or(-1), code)
    }

    fn file(&self, name: &str, content: &[u8]) -> String {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .map(|line| serde_json::from_str(line).expect(line))
        .collect()
}

fn names(line: &Value) -> Vec<&str> {
    let mut names: Vec<_> = line
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    names
}

/// Bytes in which no two parts are alike.
fn content(length: usize) -> Vec<u8> {
    (0..length)
        .map(|i| (i.wrapping_mul(2_654_435_761) >> 11) as u8)
        .collect()
}

fn weed() -> &'static SeaweedFs {
    SeaweedFs::shared().unwrap()
}

#[test]
fn buckets_are_created_listed_and_deleted() {
    let terminal = Terminal::at(weed().server());
    let name = fresh_name("cli-buckets");
    let made = terminal.json(&["buckets", "create", &name]);
    assert_eq!(made[0]["state"], "created", "it says what it did");
    let listed = terminal.json(&["buckets"]);
    let own = listed
        .iter()
        .find(|line| line["name"] == name.as_str())
        .expect("it is listed");
    assert_eq!(own["type"], "bucket", "one line a bucket");
    let again = terminal.failure(&["buckets", "create", &name]);
    assert_eq!(
        again,
        (1, "bucketExists".to_owned()),
        "a taken name is said"
    );
    terminal.json(&["buckets", "delete", &name]);
    let listed = terminal.json(&["buckets"]);
    assert!(
        listed.iter().all(|line| line["name"] != name.as_str()),
        "it is gone"
    );
}

#[tokio::test]
async fn listing_and_stat_print_the_lines_of_the_design() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-ls").await.unwrap();
    for key in ["a/1.txt", "a/b/2.txt", "top.txt"] {
        server
            .client()
            .put(&bucket, key, "four")
            .await
            .unwrap()
            .success("put")
            .unwrap();
    }
    let terminal = Terminal::at(server);
    let level = terminal.json(&["ls", &format!("s3://{bucket}/")]);
    let prefix = level
        .iter()
        .find(|line| line["type"] == "prefix")
        .expect("a prefix");
    assert_eq!(
        (names(prefix), &prefix["key"]),
        (vec!["key", "type"], &"a/".into()),
        "a prefix"
    );
    let object = level
        .iter()
        .find(|line| line["type"] == "object")
        .expect("an object");
    let fields = [
        "etag",
        "key",
        "lastModified",
        "size",
        "storageClass",
        "type",
    ];
    assert_eq!(names(object), fields, "an object's fields");
    assert_eq!(
        (&object["key"], &object["size"]),
        (&"top.txt".into(), &4.into()),
        "its key and size"
    );
    let all = terminal.json(&["ls", &format!("s3://{bucket}"), "--recursive"]);
    let keys: Vec<_> = all
        .iter()
        .map(|line| line["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        keys,
        ["a/1.txt", "a/b/2.txt", "top.txt"],
        "everything below"
    );
}

#[tokio::test]
async fn stat_says_what_is_known_and_leaves_out_the_rest() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-stat").await.unwrap();
    let put = server.client().put(&bucket, "top.txt", "four").await;
    put.unwrap().success("put").unwrap();
    let terminal = Terminal::at(server);
    let stat = terminal
        .json(&["stat", &format!("s3://{bucket}/top.txt")])
        .remove(0);
    assert_eq!(
        (&stat["key"], &stat["size"]),
        (&"top.txt".into(), &4.into()),
        "the object"
    );
    assert!(
        stat["metadata"].is_object() && stat["system"].is_object(),
        "headers: {stat}"
    );
    assert!(
        !stat.to_string().contains("null"),
        "what is unknown is absent: {stat}"
    );
    let missing = terminal.failure(&["stat", &format!("s3://{bucket}/nothing")]);
    assert_eq!(
        missing,
        (1, "noSuchKey".to_owned()),
        "a key that is not there"
    );
}

#[tokio::test]
async fn a_large_file_goes_up_in_parts_and_comes_down_the_same() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-cp").await.unwrap();
    let terminal = Terminal::at(server);
    let bytes = content(12 * MIB + 5);
    let file = terminal.file("big.bin", &bytes);
    let to = format!("s3://{bucket}/in/");
    let said = terminal.json(&["cp", &file, &to, "--part-size", "5MiB"]);
    assert_eq!(said[0]["state"], "done", "the item is done: {said:?}");
    assert_eq!(
        said[0]["destination"],
        format!("{to}big.bin").as_str(),
        "under its own name"
    );
    let summary = &said[1];
    assert_eq!(
        (&summary["type"], &summary["done"]),
        (&"summary".into(), &1.into()),
        "summed up"
    );
    assert_eq!(
        summary["bytesSent"],
        bytes.len(),
        "all bytes were sent: {summary}"
    );
    let held = server.client().get(&bucket, "in/big.bin").await.unwrap();
    assert!(held == bytes.as_slice(), "the server holds the same bytes");

    let back = terminal.path("back.bin");
    terminal.json(&["cp", &format!("{to}big.bin"), back.to_str().unwrap()]);
    assert!(
        std::fs::read(&back).unwrap() == bytes,
        "and gives them back"
    );
}

#[tokio::test]
async fn a_folder_lands_below_the_prefix_and_comes_back_without_it() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-folder").await.unwrap();
    let terminal = Terminal::at(server);
    terminal.file("tree/one.txt", b"1");
    terminal.file("tree/deep/er/two.txt", b"22");
    let (tree, out) = (terminal.path("tree"), terminal.path("out"));
    let uri = format!("s3://{bucket}/kept");
    let plain = terminal.failure(&["cp", tree.to_str().unwrap(), &uri]);
    assert_eq!(plain.0, 2, "a folder wants --recursive");
    let said = terminal.json(&["cp", tree.to_str().unwrap(), &uri, "--recursive"]);
    assert_eq!(said.last().unwrap()["done"], 2, "both files: {said:?}");
    let listed = server.client().list(&bucket, "").await.unwrap();
    let keys: Vec<_> = listed.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(
        keys,
        ["kept/deep/er/two.txt", "kept/one.txt"],
        "its contents, not its name"
    );

    let again = terminal.json(&[
        "cp",
        tree.to_str().unwrap(),
        &uri,
        "--recursive",
        "--no-overwrite",
    ]);
    assert_eq!(
        again.last().unwrap()["skipped"],
        2,
        "what exists is left out: {again:?}"
    );
    terminal.json(&["cp", &uri, out.to_str().unwrap(), "--recursive"]);
    let read = |name: &str| std::fs::read(out.join(name)).unwrap_or_default();
    assert_eq!(
        (read("one.txt"), read("deep/er/two.txt")),
        (b"1".to_vec(), b"22".to_vec()),
        "back"
    );
}

#[tokio::test]
async fn a_dry_run_says_what_would_go_and_rm_then_removes_it() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-rm").await.unwrap();
    for key in ["d/1", "d/2", "keep"] {
        server
            .client()
            .put(&bucket, key, "x")
            .await
            .unwrap()
            .success("put")
            .unwrap();
    }
    let terminal = Terminal::at(server);
    let uri = format!("s3://{bucket}/d/");
    let planned = terminal.json(&["rm", &uri, "--recursive", "--dry-run"]);
    let rows: Vec<_> = planned
        .iter()
        .filter(|line| line["type"] == "plan")
        .collect();
    assert_eq!(rows.len(), 2, "one row an object: {planned:?}");
    assert_eq!(
        names(rows[0]),
        ["action", "source", "type", "why"],
        "a plan's fields"
    );
    assert_eq!(
        planned.last().unwrap()["dryRun"],
        true,
        "the summary says so"
    );
    assert_eq!(
        server.client().list(&bucket, "").await.unwrap().len(),
        3,
        "nothing is gone"
    );
    let said = terminal.json(&["rm", &uri, "--recursive"]);
    assert_eq!(said.last().unwrap()["done"], 2, "both are gone: {said:?}");
    let left = server.client().list(&bucket, "").await.unwrap();
    assert_eq!(left.len(), 1, "and nothing else: {left:?}");
}

#[test]
fn exit_codes_tell_usage_denial_and_the_rest_apart() {
    let server = weed().server();
    let terminal = Terminal::at(server);
    assert_eq!(terminal.failure(&["cp", "one"]).0, 2, "one path is no copy");
    assert_eq!(
        terminal.failure(&["ls", "https://b/k"]),
        (2, "badInput".to_owned()),
        "no such scheme"
    );
    assert_eq!(
        terminal.failure(&["ls", "s3://no-such-bucket-here/"]).1,
        "noSuchBucket",
        "no bucket"
    );
    let missing = terminal.path("missing").display().to_string();
    assert_eq!(
        terminal.failure(&["cp", &missing, "s3://limited/x"]).0,
        1,
        "no such file"
    );

    let limited = Terminal::with(server.endpoint(), weed().keys(Identity::Limited));
    let elsewhere = fresh_name("cli-denied");
    terminal.json(&["buckets", "create", &elsewhere]);
    let denied = limited.failure(&["ls", &format!("s3://{elsewhere}/")]);
    assert_eq!(
        denied,
        (3, "denied".to_owned()),
        "the server refuses to list"
    );
    let file = limited.file("f", b"x");
    let denied = limited.run(&["cp", &file, &format!("s3://{elsewhere}/f"), "--json"]);
    assert_eq!(denied.status.code(), Some(3), "and to write: {denied:?}");

    let mut wrong = server.client().keys().clone();
    wrong.secret_key = "wrong".to_owned();
    let wrong = Terminal::with(server.endpoint(), wrong);
    let refused = wrong.failure(&["ls", "s3://limited/"]);
    assert_eq!(refused, (3, "badCredentials".to_owned()), "a wrong secret");
    let file = wrong.file("f", b"x");
    assert_eq!(
        wrong.failure(&["cp", &file, "s3://limited/f"]).0,
        3,
        "also before a copy"
    );
    assert!(
        wrong.json(&["transfers"]).is_empty(),
        "which leaves no transfer behind"
    );
}

#[test]
fn without_credentials_or_without_a_server_it_says_so() {
    let server = weed().server();
    let terminal = Terminal::at(server);
    let nobody = terminal
        .command(&["ls", "s3://limited/"])
        .env_remove("AWS_ACCESS_KEY_ID")
        .output()
        .unwrap();
    assert_eq!(
        nobody.status.code(),
        Some(4),
        "without credentials somebody must sign in"
    );
    let nowhere = Terminal::with("http://127.0.0.1:9", server.client().keys().clone());
    assert_eq!(
        nowhere.failure(&["buckets"]),
        (1, "refused".to_owned()),
        "nobody listens"
    );
}

/// The only upload of a bucket and the numbers of the parts that the server holds of it.
async fn held_parts(client: &S3, bucket: &str) -> Vec<u32> {
    let Some(upload) = client.list_uploads(bucket).await.unwrap().pop() else {
        return Vec::new();
    };
    let parts = client
        .list_parts(bucket, &upload.key, &upload.id)
        .await
        .unwrap();
    parts.iter().map(|part| part.number).collect()
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupted_upload_continues_with_the_same_command_and_sends_no_held_part_again() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-interrupt").await.unwrap();
    let proxy = Proxy::start(server.endpoint()).unwrap();
    let terminal = Terminal::with(&proxy.endpoint(), server.client().keys().clone());
    let bytes = content(40 * MIB);
    let file = terminal.file("big.bin", &bytes);
    let to = format!("s3://{bucket}/big.bin");
    let line = [
        "cp",
        &file,
        &to,
        "--part-size",
        "5MiB",
        "--concurrency",
        "2",
        "--json",
    ];
    // The first parts pass, the others wait until the process is gone.
    let rule = proxy.hold(Rule::on("PUT").query("partNumber").nth(4).times(1000));

    let mut child = terminal
        .command(&line)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    proxy.arrived(rule, 1).await.unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while held_parts(&server.client(), &bucket).await.len() < 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended early");
        assert!(Instant::now() < deadline, "no two parts reached the server");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    interrupt(child.id());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "it is not done: {output:?}");
    let summary = lines(&output.stdout).pop().unwrap();
    assert_eq!(summary["state"], "paused", "Ctrl-C pauses: {summary}");

    let held = held_parts(&server.client(), &bucket).await;
    assert!(held.len() >= 2, "the server keeps the parts: {held:?}");
    proxy.clear();
    proxy.forget();
    let output = terminal.command(&line).output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(0),
        "the same command ends it: {output:?}"
    );
    let summary = lines(&output.stdout).pop().unwrap();
    assert!(
        summary["bytesReused"].as_u64().unwrap() > 0,
        "parts were reused: {summary}"
    );
    for part in held {
        assert_eq!(
            proxy.bytes_of_part("big.bin", part),
            0,
            "part {part} was sent again"
        );
    }
    let whole = server.client().get(&bucket, "big.bin").await.unwrap();
    assert!(whole == bytes.as_slice(), "and the object is whole");
}

/// Ctrl-C, as a terminal sends it.
#[cfg(unix)]
#[allow(unsafe_code)]
fn interrupt(process: u32) {
    let process = i32::try_from(process).unwrap();
    // SAFETY: kill takes two numbers and touches no memory; the child is ours and not yet waited for.
    assert_eq!(
        unsafe { libc::kill(process, libc::SIGINT) },
        0,
        "the signal is sent"
    );
}

#[tokio::test]
async fn nothing_is_written_outside_the_data_directory() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-home").await.unwrap();
    let terminal = Terminal::at(server);
    let file = terminal.file("f.txt", b"x");
    terminal.json(&["cp", &file, &format!("s3://{bucket}/")]);
    let entries = |path: &Path| -> Vec<_> {
        std::fs::read_dir(path)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect()
    };
    let mut home = entries(terminal.home.path());
    home.sort();
    assert_eq!(home, ["data", "f.txt"], "the home is untouched");
}
