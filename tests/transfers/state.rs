//! The journal on the disk: damaged, newer, closed in time, private.

use std::os::unix::fs::PermissionsExt;

use longshore_engine::ErrorKind;
use longshore_engine::plan::{DesiredState, JobState};
use longshore_tests::proxy::Rule;

use crate::stand::{PART, Stand};

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_journal_is_moved_aside_and_nothing_is_uploaded_twice() {
    let mut stand = Stand::new("damaged").await;
    let file = stand.file("a.bin", 1000);
    stand
        .done(stand.upload_of(std::slice::from_ref(&file), ""))
        .await;
    stand.engine.close().await;
    let journal = stand.path("state/journal.db");
    std::fs::write(&journal, vec![0xA5; 20_000]).unwrap();
    stand.proxy.forget();
    let notes = stand.reopen().await;
    let aside = notes.moved_aside.expect("it is said");
    assert!(aside.exists(), "its bytes are kept");
    assert!(
        stand.engine.transfers().jobs().await.unwrap().is_empty(),
        "a new one was begun"
    );
    let plan = stand.plan(stand.upload_of(&[file], "")).await;
    assert_eq!(
        plan.conflicts, 1,
        "what was uploaded is seen and not sent again"
    );
    let puts = stand.proxy.requests_like(&Rule::on("PUT")).len();
    assert_eq!(puts, 0, "nothing was uploaded twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_journal_is_refused() {
    let stand = Stand::new("newer").await;
    stand.engine.close().await;
    let journal = stand.path("state/journal.db");
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    std::fs::write(&journal, &bytes).unwrap();
    let error = stand.open().await.expect_err("it is refused");
    assert_eq!(error.kind(), ErrorKind::StateNewer, "{error}");
    assert_eq!(
        std::fs::read(&journal).unwrap(),
        bytes,
        "not a byte changed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_pauses_within_seconds_and_keeps_the_parts() {
    let mut stand = Stand::new("closing").await;
    let file = stand.file("big.bin", 3 * PART);
    stand
        .proxy
        .hold(Rule::on("PUT").path("big.bin").query("partNumber=3"));
    let job = stand.start(stand.upload_of(&[file], "")).await;
    stand.until(&job, |job| job.bytes_done == 2 * PART).await;
    let notes = stand.reopen().await;
    assert_eq!(notes.unfinished, 1, "it is known");
    let paused = stand.job(&job).await;
    assert_eq!(
        (paused.state, paused.bytes_done),
        (JobState::Paused, 2 * PART),
        "{paused:?}"
    );
    stand.proxy.clear();
    stand.want(&job, DesiredState::Cancel).await;
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Cancelled,
        "a paused one is cancelled"
    );
    assert_eq!(stand.uploads().await, 0, "with its parts");
    stand.engine.transfers().forget_ended().await.unwrap();
    assert!(
        stand.engine.transfers().jobs().await.unwrap().is_empty(),
        "ended jobs are forgotten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_state_is_private() {
    let stand = Stand::new("private").await;
    let mode = |name: &str| {
        std::fs::metadata(stand.path(name))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("state/journal.db"), 0o600, "only the owner reads it");
    assert_eq!(mode("state"), 0o700, "only the owner lists it");
}
