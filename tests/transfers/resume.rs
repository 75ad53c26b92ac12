//! Uploads that stop and go on: paused, cancelled, forgotten by the server, changed on the disk.

use http::Method;
use longshore_engine::plan::{DesiredState, JobState, Verified};
use longshore_tests::proxy::{Action, Rule};

use crate::stand::{PART, Stand, bytes};

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_upload_sends_only_what_is_missing() {
    let mut stand = Stand::new("pause").await;
    let job = stand.paused_before_last("big.bin", 5).await;
    stand.proxy.forget();
    let notes = stand.reopen().await;
    assert_eq!(notes.unfinished, 1, "the next start knows of it");
    assert_eq!(
        stand.job(&job).await.bytes_done,
        4 * PART,
        "and of its parts"
    );
    let done = stand.resumed(&job).await;
    assert_eq!(
        (done.state, done.bytes_reused),
        (JobState::Done, 4 * PART),
        "{:?}",
        done.reason
    );
    let sent = stand.proxy.bytes_of_parts("big.bin");
    assert_eq!(
        sent.keys().copied().collect::<Vec<_>>(),
        [5],
        "only the missing part was sent"
    );
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 5 * PART),
        "the bytes are right"
    );
    assert_eq!(
        stand.items(&job).await[0].verified,
        Verified::Checksum,
        "and checked as a whole"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_upload_leaves_nothing_and_sends_nothing_more() {
    let stand = Stand::new("cancel").await;
    let file = stand.file("big.bin", 4 * PART);
    let rule = stand
        .proxy
        .hold(Rule::on("PUT").path("big.bin").query("partNumber=3"));
    let job = stand.start(stand.upload_of(&[file], "")).await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    stand.want(&job, DesiredState::Cancel).await;
    let cancelled = stand.settled(&job).await;
    assert_eq!(
        cancelled.state,
        JobState::Cancelled,
        "{:?}",
        cancelled.reason
    );
    stand.proxy.forget();
    stand.proxy.clear();
    assert_eq!(stand.uploads().await, 0, "the server holds no part");
    assert!(stand.keys("").await.is_empty(), "and no object");
    // Another upload goes the whole way through the same queue; what was left would go before it.
    let other = stand.file("other.bin", 2 * PART);
    stand.done(stand.upload_of(&[other], "")).await;
    let sent = |name: &str| stand.proxy.requests_like(&Rule::on_any().path(name));
    assert!(
        !sent("other.bin").is_empty(),
        "the proxy sees what is sent: {:#?}",
        stand.proxy.requests()
    );
    assert!(
        sent("big.bin").is_empty(),
        "nothing left after it was cancelled: {:#?}",
        sent("big.bin")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_the_server_forgot_begins_anew_once() {
    let stand = Stand::new("forgot").await;
    let job = stand.paused_before_last("big.bin", 3).await;
    let upload = stand
        .s3
        .list_uploads(&stand.bucket)
        .await
        .unwrap()
        .remove(0);
    let path = format!("/{}/big.bin", stand.bucket);
    let query = [("uploadId", upload.id.as_str())];
    let gone = stand
        .s3
        .send(Method::DELETE, &path, &query, &[], "")
        .await
        .unwrap();
    assert!(gone.status.is_success(), "somebody aborted it: {gone:?}");

    stand.proxy.forget();
    let done = stand.resumed(&job).await;
    assert_eq!(
        (done.state, done.bytes_reused),
        (JobState::Done, 0),
        "{:?}",
        done.reason
    );
    assert_eq!(done.bytes_done, 3 * PART, "the bytes are counted once");
    assert_eq!(
        stand.proxy.bytes_of_parts("big.bin").len(),
        3,
        "all parts were sent again"
    );
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 3 * PART),
        "the bytes are right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_meanwhile_makes_no_object() {
    let stand = Stand::new("changed").await;
    let file = stand.file("big.bin", 4 * PART);
    let rule = stand
        .proxy
        .hold(Rule::on("PUT").path("big.bin").query("partNumber=2"));
    let job = stand
        .start(stand.upload_of(std::slice::from_ref(&file), ""))
        .await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    let modified = std::fs::metadata(&file).unwrap().modified().unwrap();
    let mut other = bytes("big.bin", 4 * PART);
    other[0] ^= 1;
    std::fs::write(&file, other).unwrap();
    let handle = std::fs::File::options().write(true).open(&file).unwrap();
    handle.set_modified(modified).unwrap();
    drop(handle);
    stand.proxy.release(rule);
    let failed = stand.settled(&job).await;
    assert_eq!(
        failed.state,
        JobState::Failed,
        "same size and same time do not hide it"
    );
    assert!(
        failed.reason.unwrap().contains("changed while"),
        "it says so"
    );
    assert!(stand.keys("").await.is_empty(), "there is no object");
    assert_eq!(stand.uploads().await, 0, "and no upload");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changed_while_paused_is_not_spliced() {
    let stand = Stand::new("spliced").await;
    let job = stand.paused_before_last("big.bin", 3).await;
    let file = stand.path("big.bin");
    std::fs::write(&file, bytes("another", 3 * PART)).unwrap();
    let failed = stand.resumed(&job).await;
    assert_eq!(
        failed.state,
        JobState::Failed,
        "two versions are never one object"
    );
    assert!(stand.keys("").await.is_empty(), "there is no object");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_a_job_waits_and_then_goes_on() {
    let stand = Stand::new("offline").await;
    let file = stand.file("big.bin", 3 * PART);
    let rule = stand
        .proxy
        .hold(Rule::on("PUT").path("big.bin").query("partNumber=3"));
    let job = stand.start(stand.upload_of(&[file], "")).await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    stand.until(&job, |job| job.bytes_done == 2 * PART).await;
    stand.proxy.go_offline().await;
    let waits = stand
        .until(&job, |job| job.state == JobState::WaitingForNetwork)
        .await;
    assert!(waits.reason.is_some(), "it says what it waits for");
    stand.proxy.clear();
    stand.proxy.go_online().await.unwrap();
    let done = stand.settled(&job).await;
    assert_eq!(
        (done.state, done.bytes_done),
        (JobState::Done, 3 * PART),
        "{:?}",
        done.reason
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn expired_credentials_park_a_job_with_its_parts() {
    let stand = Stand::new("expired").await;
    let file = stand.file("big.bin", 3 * PART);
    stand.proxy.add(
        Rule::on("PUT")
            .path("big.bin")
            .query("partNumber=3")
            .then(Action::Status {
                status: 400,
                code: "ExpiredToken".to_owned(),
                body: None,
                headers: Vec::new(),
            }),
    );
    let job = stand.start(stand.upload_of(&[file], "")).await;
    let parked = stand.settled(&job).await;
    assert_eq!(
        parked.state,
        JobState::WaitingForSignIn,
        "{:?}",
        parked.reason
    );
    stand.proxy.clear();
    let done = stand.resumed(&job).await;
    assert_eq!(done.state, JobState::Done, "{:?}", done.reason);
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 3 * PART),
        "the bytes are right"
    );
}
