//! Transfers that stop, go on, fail, or are another process's.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use longshore_tests::proxy::{Action, Proxy, Rule};
use longshore_tests::s3::S3;

use crate::terminal::{MIB, Terminal, content, lines, weed};

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

/// Waits until the server holds two parts that a running upload sent.
pub(crate) async fn two_parts_held(child: &mut Child, client: &S3, bucket: &str) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while held_parts(client, bucket).await.len() < 2 {
        assert!(child.try_wait().unwrap().is_none(), "it ended early");
        assert!(Instant::now() < deadline, "no two parts reached the server");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
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
    let flags = ["--part-size", "5MiB", "--concurrency", "2", "--json"];
    let line = [&["cp", &file, &to], &flags[..]].concat();
    // The first parts pass, the others wait until the process is gone.
    let rule = proxy.hold(Rule::on("PUT").query("partNumber").nth(4).times(1000));

    let mut child = terminal
        .command(&line)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    proxy.arrived(rule, 1).await.unwrap();
    two_parts_held(&mut child, &server.client(), &bucket).await;
    interrupt(child.id());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "it is not done: {output:?}");
    let summary = lines(&output.stdout).pop().unwrap();
    assert_eq!(summary["state"], "paused", "Ctrl-C pauses: {summary}");

    let held = held_parts(&server.client(), &bucket).await;
    // A part may have arrived whose answer did not come before the end.
    let acknowledged = summary["bytesDone"].as_u64().unwrap();
    assert!(
        acknowledged > 0 && acknowledged <= (held.len() * 5 * MIB) as u64,
        "what the server has acknowledged: {summary}"
    );
    assert_eq!(
        summary["bytesSent"], acknowledged,
        "all from here: {summary}"
    );
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
pub(crate) fn interrupt(process: u32) {
    let process = i32::try_from(process).unwrap();
    // SAFETY: kill takes two numbers and touches no memory; the child is ours and not yet waited for.
    assert_eq!(
        unsafe { libc::kill(process, libc::SIGINT) },
        0,
        "the signal is sent"
    );
}

#[tokio::test]
async fn a_job_that_fails_part_way_says_how_much_is_missing_and_what_to_do() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-partway").await.unwrap();
    let proxy = Proxy::start(server.endpoint()).unwrap();
    let terminal = Terminal::with(&proxy.endpoint(), server.client().keys().clone());
    for name in ["tree/one", "tree/refused", "tree/two"] {
        terminal.file(name, &content(1000));
    }
    proxy.add(Rule::on("PUT").path("/refused").then(Action::Status {
        status: 403,
        code: "AccessDenied".to_owned(),
        body: None,
        headers: Vec::new(),
    }));
    let (tree, uri) = (terminal.path("tree"), format!("s3://{bucket}/"));
    let run = terminal.run(&["cp", "-r", tree.to_str().unwrap(), &uri, "--json"]);
    assert_ne!(run.status.code(), Some(0), "one did not go: {run:?}");
    let listed = terminal.json(&["transfers"]).remove(0);
    assert_eq!(
        (&listed["bytesDone"], &listed["bytesTotal"]),
        (&2000.into(), &3000.into()),
        "the whole is what was set out to do: {listed}"
    );
    assert_eq!(
        (&listed["itemsDone"], &listed["itemsFailed"]),
        (&2.into(), &1.into()),
        "{listed}"
    );
    assert_eq!(
        listed["source"],
        tree.to_str().unwrap(),
        "a path, no phrase"
    );
    assert!(listed["next"].is_string(), "what to do: {listed}");
    let text = terminal.run(&["transfers"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("66 % of") && text.contains("3 KB"), "{text}");
    let shown = terminal.json(&["transfers", "show", listed["id"].as_str().unwrap()]);
    let (first, last) = (&shown[1], &shown[3]);
    assert_eq!(
        (&first["state"], &last["state"]),
        (&"failed".into(), &"done".into()),
        "what did not happen comes first: {shown:?}"
    );
    assert!(first["reason"].is_string(), "with its reason: {first}");
}

#[tokio::test]
async fn a_run_that_only_looks_on_claims_nothing_as_its_own() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-follow").await.unwrap();
    let proxy = Proxy::start(server.endpoint()).unwrap();
    let terminal = Terminal::with(&proxy.endpoint(), server.client().keys().clone());
    let bytes = content(11 * MIB);
    let file = terminal.file("big.bin", &bytes);
    let to = format!("s3://{bucket}/big.bin");
    let line = ["cp", &file, &to, "--part-size", "5MiB"];
    let rule = proxy.hold(Rule::on("PUT").query("partNumber=3"));
    let spawn = |arguments: &[&str]| {
        let mut command = terminal.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let driver = spawn(&[&line[..], &["--json"]].concat());
    proxy.arrived(rule, 1).await.unwrap();
    let mut follower = spawn(&line);
    let said = BufReader::new(follower.stderr.take().unwrap());
    let looks_on = tokio::task::spawn_blocking(move || {
        let mut lines = said.lines().map_while(Result::ok);
        lines.any(|line| line.contains("this one looks on"))
    });
    assert!(looks_on.await.unwrap(), "the second finds the job driven");
    proxy.release(rule);
    let ended = |child: Child| {
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        output.stdout
    };
    let drove = lines(&ended(driver)).pop().unwrap();
    let followed = String::from_utf8_lossy(&ended(follower)).into_owned();
    assert_eq!(
        drove["bytesSent"],
        bytes.len(),
        "the first sent all: {drove}"
    );
    assert!(
        drove["requests"].as_u64().unwrap() >= 5,
        "requests: {drove}"
    );
    assert!(
        followed.contains("by another process") && !followed.contains("sent"),
        "the second claims nothing: {followed}"
    );
}

#[test]
fn a_transfer_that_never_was_has_not_gone() {
    let terminal = Terminal::at(weed().server());
    let output = terminal.run(&["transfers", "resume", "nonid"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("There is no transfer nonid"), "{said}");
}
