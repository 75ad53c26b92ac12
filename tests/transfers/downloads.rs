//! Downloads: only what is missing is fetched, and no half or wrong file gets the name.

use longshore_engine::ErrorKind;
use longshore_engine::plan::{ConflictPolicy, DesiredState, JobState};
use longshore_tests::proxy::{Action, Rule};

use crate::stand::{PART, Stand, bytes, object, prefix};

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_download_fetches_only_what_is_missing() {
    let mut stand = Stand::new("dpause").await;
    stand.put("big.bin", bytes("big.bin", 4 * PART)).await;
    let get = Rule::on("GET").path("big.bin");
    let rule = stand.proxy.hold(get.clone().nth(3).times(9));
    let folder = stand.path("down");
    let job = stand
        .start(stand.download_of(object("big.bin"), &folder))
        .await;
    stand.proxy.arrived(rule, 2).await.unwrap();
    stand.until(&job, |job| job.bytes_done == 2 * PART).await;
    stand.want(&job, DesiredState::Pause).await;
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Paused,
        "it is paused"
    );
    assert!(
        !folder.join("big.bin").exists(),
        "no half file has the name"
    );

    stand.proxy.clear();
    stand.proxy.forget();
    stand.reopen().await;
    let done = stand.resumed(&job).await;
    assert_eq!(
        (done.state, done.bytes_reused),
        (JobState::Done, 2 * PART),
        "{:?}",
        done.reason
    );
    let returned: u64 = stand
        .proxy
        .requests_like(&get)
        .iter()
        .map(|r| r.body_returned)
        .sum();
    assert_eq!(returned, 2 * PART, "what had arrived was not fetched again");
    assert!(
        std::fs::read(folder.join("big.bin")).unwrap() == bytes("big.bin", 4 * PART),
        "bytes"
    );
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        1,
        "no temporary file stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_versions_of_an_object_are_never_mixed() {
    let stand = Stand::new("dmix").await;
    stand.put("big.bin", bytes("old", 3 * PART)).await;
    let rule = stand.proxy.hold(Rule::on("GET").path("big.bin").nth(2));
    let folder = stand.path("down");
    let job = stand
        .start(stand.download_of(object("big.bin"), &folder))
        .await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    stand.put("big.bin", bytes("new", 3 * PART)).await;
    stand.proxy.release(rule);
    let done = stand.settled(&job).await;
    assert_eq!(done.state, JobState::Done, "{:?}", done.reason);
    assert!(
        std::fs::read(folder.join("big.bin")).unwrap() == bytes("new", 3 * PART),
        "one of them"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_exists_is_asked_about_kept_or_replaced() {
    let stand = Stand::new("dexists").await;
    stand.put("a.txt", b"theirs".to_vec()).await;
    let folder = stand.path("down");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.txt"), b"mine").unwrap();
    let transfers = stand.engine.transfers();
    let plan = stand
        .plan(stand.download_of(object("a.txt"), &folder))
        .await;
    assert_eq!(plan.conflicts, 1, "the plan sees it");
    assert_eq!(
        transfers.start(&plan.id, None).await.unwrap_err().kind(),
        ErrorKind::Conflict,
        "nobody chose"
    );
    let job = transfers
        .start(&plan.id, Some(ConflictPolicy::KeepBoth))
        .await
        .unwrap();
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Done,
        "kept beside"
    );
    assert_eq!(
        std::fs::read(folder.join("a.txt")).unwrap(),
        b"mine",
        "mine stays"
    );
    assert_eq!(
        std::fs::read(folder.join("a (1).txt")).unwrap(),
        b"theirs",
        "theirs is beside it"
    );

    let plan = stand
        .plan(stand.download_of(object("a.txt"), &folder))
        .await;
    let job = transfers
        .start(&plan.id, Some(ConflictPolicy::Overwrite))
        .await
        .unwrap();
    assert_eq!(stand.settled(&job).await.state, JobState::Done, "replaced");
    assert_eq!(
        std::fs::read(folder.join("a.txt")).unwrap(),
        b"theirs",
        "theirs is there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_appears_meanwhile_is_not_replaced() {
    let stand = Stand::new("dappears").await;
    stand.put("a.txt", b"theirs".to_vec()).await;
    let folder = stand.path("down");
    let plan = stand
        .plan(stand.download_of(object("a.txt"), &folder))
        .await;
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("a.txt"), b"mine").unwrap();
    let job = stand
        .engine
        .transfers()
        .start(&plan.id, None)
        .await
        .unwrap();
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Failed,
        "it is not replaced"
    );
    assert_eq!(
        std::fs::read(folder.join("a.txt")).unwrap(),
        b"mine",
        "mine stays"
    );
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        1,
        "no temporary file stays"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_ends_early_or_is_damaged_makes_no_file() {
    let stand = Stand::new("ddamage").await;
    let file = stand.file("big.bin", 2 * PART);
    stand.done(stand.upload_of(&[file], "")).await;
    let get = Rule::on("GET").path("big.bin");
    stand
        .proxy
        .add(get.clone().nth(1).then(Action::ResetAfter { bytes: 1000 }));
    let folder = stand.path("down");
    stand
        .done(stand.download_of(object("big.bin"), &folder))
        .await;
    let expected = bytes("big.bin", 2 * PART);
    assert!(
        std::fs::read(folder.join("big.bin")).unwrap() == expected,
        "it was fetched again"
    );

    stand.proxy.clear();
    stand.proxy.add(get.then(Action::FlipBit { at: 99 }));
    let other = stand.path("other");
    let job = stand
        .start(stand.download_of(object("big.bin"), &other))
        .await;
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Failed,
        "the checksum tells"
    );
    assert_eq!(
        std::fs::read_dir(&other).unwrap().count(),
        0,
        "there is no file"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_stay_inside_the_folder() {
    let stand = Stand::new("dnames").await;
    stand.put("in/%2E%2E", b"escaped".to_vec()).await;
    stand.put("in/line\nbreak", b"control".to_vec()).await;
    let folder = stand.path("down");
    let outside = stand.path("outside");
    std::fs::create_dir_all(folder.join("in")).unwrap();
    std::fs::create_dir_all(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, folder.join("in/link")).unwrap();
    stand
        .put("in/link/file", b"through the link".to_vec())
        .await;
    let job = stand.start(stand.download_of(prefix("in/"), &folder)).await;
    let ended = stand.settled(&job).await;
    assert_eq!(
        ended.items_failed, 1,
        "what a link leads out of the folder is refused"
    );
    assert_eq!(
        std::fs::read_dir(&outside).unwrap().count(),
        0,
        "nothing is outside"
    );
    assert_eq!(
        std::fs::read(folder.join("in/line%0Abreak")).unwrap(),
        b"control",
        "escaped"
    );
    assert_eq!(
        std::fs::read(folder.join("in/%252E%252E")).unwrap(),
        b"escaped",
        "distinct"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_download_removes_what_had_arrived() {
    let stand = Stand::new("dcancel").await;
    stand.put("big.bin", bytes("big.bin", 3 * PART)).await;
    let rule = stand
        .proxy
        .hold(Rule::on("GET").path("big.bin").nth(2).times(9));
    let folder = stand.path("down");
    let job = stand
        .start(stand.download_of(object("big.bin"), &folder))
        .await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    stand.want(&job, DesiredState::Cancel).await;
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Cancelled,
        "it is cancelled"
    );
    assert_eq!(
        std::fs::read_dir(&folder).unwrap().count(),
        0,
        "the folder is empty"
    );
}
