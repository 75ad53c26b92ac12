//! Transfers that are given up, by the process that runs them or another one.

use std::process::{Child, Stdio};

use longshore_tests::proxy::{Proxy, Rule};

use crate::jobs::{interrupt, two_parts_held};
use crate::terminal::{MIB, Terminal, content, lines, weed};

/// An upload that runs in a process of its own, and of which two parts are at the server.
struct Running {
    terminal: Terminal,
    proxy: Proxy,
    bucket: String,
    child: Child,
}

impl Running {
    async fn begin(name: &str) -> Self {
        let server = weed().server();
        let bucket = server.fresh_bucket(name).await.unwrap();
        let proxy = Proxy::start(server.endpoint()).unwrap();
        let terminal = Terminal::with(&proxy.endpoint(), server.client().keys().clone());
        let file = terminal.file("big.bin", &content(40 * MIB));
        proxy.hold(Rule::on("PUT").query("partNumber").nth(4).times(1000));
        let to = format!("s3://{bucket}/big.bin");
        let flags = ["--part-size", "5MiB", "--concurrency", "2", "--json"];
        let mut child = terminal
            .command(&[&["cp", &file, &to], &flags[..]].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        two_parts_held(&mut child, &server.client(), &bucket).await;
        Self {
            terminal,
            proxy,
            bucket,
            child,
        }
    }

    /// As [`begin`](Self::begin), then paused by Ctrl-C.
    async fn paused(name: &str) -> (Terminal, Proxy, String) {
        let running = Self::begin(name).await;
        interrupt(running.child.id());
        let output = running.child.wait_with_output().unwrap();
        let last = lines(&output.stdout).pop().unwrap();
        assert_eq!(last["state"], "paused", "{last}");
        running.proxy.clear();
        (running.terminal, running.proxy, running.bucket)
    }
}

/// Unfinished uploads of a bucket.
async fn uploads(bucket: &str) -> usize {
    let client = weed().server().client();
    client.list_uploads(bucket).await.unwrap().len()
}

#[tokio::test]
async fn a_session_of_the_environment_removes_the_parts_of_what_it_cancels() {
    let (terminal, _proxy, bucket) = Running::paused("cli-cancel").await;
    assert_eq!(uploads(&bucket).await, 1, "the parts are kept until then");
    let cancelled = terminal.run(&["transfers", "cancel", "--all"]);
    assert_eq!(cancelled.status.code(), Some(0), "{cancelled:?}");
    assert_eq!(uploads(&bucket).await, 0, "nothing stays at the server");
}

#[tokio::test]
async fn parts_that_could_not_be_removed_are_said_and_not_called_all_done() {
    let (terminal, _proxy, bucket) = Running::paused("cli-remains").await;
    let mut command = terminal.command(&["transfers", "cancel", "--all"]);
    command.env_remove("AWS_ACCESS_KEY_ID");
    let cancelled = command
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&cancelled.stderr).into_owned();
    assert_eq!(uploads(&bucket).await, 1, "nobody could remove it: {said}");
    assert_eq!(cancelled.status.code(), Some(1), "{said}");
    assert!(said.contains("may remain on the server"), "{said}");
}

#[tokio::test]
async fn what_was_sent_is_no_less_sent_when_another_process_cancels() {
    let running = Running::begin("cli-cancelled").await;
    let cancelled = running.terminal.run(&["transfers", "cancel", "--all"]);
    assert_eq!(cancelled.status.code(), Some(0), "{cancelled:?}");
    let output = running.child.wait_with_output().unwrap();
    let summary = lines(&output.stdout).pop().unwrap();
    assert_eq!(summary["bytesReused"], 0, "all was from here: {summary}");
    assert_eq!(
        summary["bytesSent"], summary["bytesDone"],
        "and counted so: {summary}"
    );
    assert!(
        summary["bytesSent"].as_u64().unwrap() > 0,
        "parts were acknowledged: {summary}"
    );
    drop(running.proxy);
    assert_eq!(uploads(&running.bucket).await, 0, "the upload is aborted");
}
