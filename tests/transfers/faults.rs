//! What the network and the server do to requests, and what must become of a transfer then.

use longshore_engine::plan::{JobState, Verified};
use longshore_tests::proxy::{Action, Rule};

use crate::stand::{MIB, PART, Stand, bytes};

fn status(status: u16, code: &str) -> Action {
    Action::Status {
        status,
        code: code.to_owned(),
        body: None,
        headers: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_whose_answer_is_lost_is_recognised() {
    let stand = Stand::new("lost").await;
    let file = stand.file("big.bin", 2 * PART + 1);
    let complete = Rule::on("POST").path("big.bin").query("uploadId");
    stand
        .proxy
        .add(complete.clone().nth(1).then(Action::CommittedButLost));
    let done = stand.done(stand.upload_of(&[file], "")).await;
    let sent = stand.proxy.requests_like(&complete).len();
    assert_eq!(
        sent, 1,
        "the object was looked at, Complete was not repeated"
    );
    assert_eq!(
        stand.items(&done.id).await[0].verified,
        Verified::Checksum,
        "it was compared"
    );
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 2 * PART + 1),
        "the bytes are right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_put_whose_answer_is_lost_is_recognised_as_our_own() {
    let stand = Stand::new("lostput").await;
    let file = stand.file("small.bin", 1000);
    stand.proxy.add(
        Rule::on("PUT")
            .path("small.bin")
            .nth(1)
            .then(Action::CommittedButLost),
    );
    stand.done(stand.upload_of(&[file], "")).await;
    assert!(
        stand.get("small.bin").await == bytes("small.bin", 1000),
        "the bytes are right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_that_says_error_with_200_is_no_success() {
    let stand = Stand::new("error200").await;
    let file = stand.file("big.bin", 2 * PART);
    let complete = Rule::on("POST").path("big.bin").query("uploadId");
    let code = "InternalError".to_owned();
    stand.proxy.add(
        complete
            .clone()
            .nth(1)
            .then(Action::Ok200WithError { code }),
    );
    stand.done(stand.upload_of(&[file], "")).await;
    assert!(
        stand.proxy.requests_like(&complete).len() > 1,
        "it was asked for again"
    );
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 2 * PART),
        "the bytes are right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_breaks_off_is_sent_again() {
    let stand = Stand::new("reset").await;
    let file = stand.file("big.bin", 3 * PART);
    let part = Rule::on("PUT").path("big.bin").query("partNumber=2");
    stand
        .proxy
        .add(part.clone().nth(1).then(Action::ResetAfter { bytes: MIB }));
    let done = stand.done(stand.upload_of(&[file], "")).await;
    assert_eq!(done.bytes_done, 3 * PART, "it is counted once");
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 3 * PART),
        "the bytes are right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bit_that_flips_on_the_way_is_found() {
    let stand = Stand::new("flip").await;
    let file = stand.file("big.bin", 2 * PART);
    let part = Rule::on("PUT").path("big.bin").query("partNumber=1");
    stand
        .proxy
        .add(part.nth(1).then(Action::FlipBitSent { at: 4711 }));
    let job = stand.start(stand.upload_of(&[file], "")).await;
    let ended = stand.settled(&job).await;
    if ended.state == JobState::Done {
        assert!(
            stand.get("big.bin").await == bytes("big.bin", 2 * PART),
            "it was sent again"
        );
    } else {
        assert!(
            stand.keys("").await.is_empty(),
            "a damaged object is none: {:?}",
            ended.reason
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_waited_for() {
    let stand = Stand::new("busy").await;
    let file = stand.file("big.bin", 3 * PART);
    let part = Rule::on("PUT").path("big.bin").query("partNumber=2");
    stand.proxy.add(part.times(5).then(status(503, "SlowDown")));
    let done = stand.done(stand.upload_of(&[file], "")).await;
    assert_eq!(done.items_failed, 0, "to be busy is no failure");
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 3 * PART),
        "the bytes are right"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_item_does_not_stop_the_others() {
    let stand = Stand::new("denied").await;
    for name in ["f/a", "f/b", "f/c"] {
        stand.file(name, 100);
    }
    stand.proxy.add(
        Rule::on("PUT")
            .path("f/b")
            .then(status(403, "AccessDenied")),
    );
    let job = stand.start(stand.upload_of(&[stand.path("f")], "")).await;
    let ended = stand.settled(&job).await;
    assert_eq!(
        (ended.state, ended.items_done, ended.items_failed),
        (JobState::Failed, 2, 1),
        "one"
    );
    assert_eq!(stand.keys("").await, ["f/a", "f/c"], "the others are there");
    assert_eq!(
        (ended.bytes_done, ended.bytes, ended.percent()),
        (200, 300, 66),
        "what was moved, of what the job set out to move"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_create_leaves_no_second_upload() {
    let stand = Stand::new("create").await;
    let file = stand.file("big.bin", 2 * PART);
    let create = Rule::on("POST").path("big.bin").query("uploads");
    stand
        .proxy
        .add(create.nth(1).then(Action::CommittedButLost));
    stand.done(stand.upload_of(&[file], "")).await;
    assert_eq!(
        stand.uploads().await,
        0,
        "the one whose id was lost was found and aborted"
    );
}
