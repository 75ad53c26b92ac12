//! Two processes on one journal: one is killed, both want the same job, one has no room.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use longshore_engine::model::JobId;
use longshore_engine::plan::{DesiredState, JobState};
use longshore_tests::proxy::Rule;

use crate::stand::{MIB, PART, Stand, bytes};

const DRIVE: &str = env!("CARGO_BIN_EXE_longshore-drive");

/// Starts a transfer in another process and reads its job's id.
async fn drive(stand: &Stand, mut command: Command) -> (Child, JobId) {
    let child = command
        .env_clear()
        .envs(stand.environment())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    let out = child.stdout.take().unwrap();
    let line = tokio::task::spawn_blocking(move || {
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line).map(|_| line)
    });
    let line = line.await.unwrap().unwrap();
    assert!(!line.trim().is_empty(), "it was started");
    (child, JobId::new(line.trim()))
}

fn upload(stand: &Stand, name: &str) -> Command {
    let mut command = Command::new(DRIVE);
    command
        .arg("upload")
        .arg(&stand.bucket)
        .arg("")
        .arg(stand.path(name));
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_held_parts_are_not_sent_again() {
    let stand = Stand::new("kill").await;
    stand.file("big.bin", 6 * PART);
    let rule = stand
        .proxy
        .hold(Rule::on("PUT").path("big.bin").query("partNumber=6"));
    let (mut child, job) = drive(&stand, upload(&stand, "big.bin")).await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    let view = stand.until(&job, |job| job.bytes_done == 5 * PART).await;
    assert!(view.elsewhere, "another process drives it");
    child.kill().unwrap();
    child.wait().unwrap();

    let died = stand.until(&job, |job| job.state == JobState::Paused).await;
    assert!(
        died.reason.unwrap().contains("ended while it ran"),
        "it says why it rests"
    );
    stand.proxy.clear();
    stand.proxy.forget();
    let done = stand.resumed(&job).await;
    assert_eq!(
        (done.state, done.bytes_reused),
        (JobState::Done, 5 * PART),
        "{:?}",
        done.reason
    );
    let sent = stand.proxy.bytes_of_parts("big.bin");
    assert_eq!(
        sent.keys().copied().collect::<Vec<_>>(),
        [6],
        "only the missing part was sent"
    );
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 6 * PART),
        "the bytes are right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_another_process_is_not_driven_twice_and_can_be_paused() {
    let stand = Stand::new("lease").await;
    stand.file("big.bin", 3 * PART);
    let part = Rule::on("PUT").path("big.bin").query("partNumber=3");
    let rule = stand.proxy.hold(part.clone());
    let (mut child, job) = drive(&stand, upload(&stand, "big.bin")).await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    stand.until(&job, |job| job.bytes_done == 2 * PART).await;
    stand.want(&job, DesiredState::Run).await;
    let view = stand.job(&job).await;
    assert!(view.elsewhere, "it stays the other's");
    stand.want(&job, DesiredState::Pause).await;
    let ended = tokio::task::spawn_blocking(move || child.wait())
        .await
        .unwrap()
        .unwrap();
    assert!(ended.success(), "the other paused and ended");
    let paused = stand.settled(&job).await;
    assert_eq!(
        (paused.state, paused.elsewhere),
        (JobState::Paused, false),
        "{paused:?}"
    );
    assert_eq!(
        stand.proxy.requests_like(&part).len(),
        1,
        "the part was sent by one only"
    );
    stand.proxy.clear();
    assert_eq!(
        stand.resumed(&job).await.state,
        JobState::Done,
        "now it is driven here"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_fails_one_file_and_leaves_the_others() {
    let stand = Stand::new("full").await;
    stand.put("d/large.bin", bytes("l", 30 * MIB)).await;
    stand.put("d/small.bin", bytes("s", MIB)).await;
    let folder = stand.path("down");
    // A limit on the size of files fails writes as a full disk does; with SIGXFSZ ignored the
    // write fails instead of the process.
    let mut command = Command::new("sh");
    command
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 32768; exec \"$@\"",
            "sh",
            DRIVE,
            "download",
        ])
        .arg(&stand.bucket)
        .arg("d/")
        .arg(&folder);
    let (mut child, job) = drive(&stand, command).await;
    tokio::task::spawn_blocking(move || child.wait())
        .await
        .unwrap()
        .unwrap();
    let ended = stand.settled(&job).await;
    assert_eq!(
        (ended.state, ended.items_done, ended.items_failed),
        (JobState::Failed, 1, 1),
        "one"
    );
    assert!(ended.reason.unwrap().contains("no room"), "it says why");
    let left: Vec<_> = std::fs::read_dir(folder.join("d"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(left, ["small.bin"], "the other is there and nothing half");
}
