//! Plans: what is left out, what cannot be had, what is refused, what is found again.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use longshore_engine::ErrorKind;
use longshore_engine::identity::{SessionDraft, Source};
use longshore_engine::plan::JobState;
use longshore_engine::store::PathStyle;
use longshore_engine::transfer::ChangeRequest;
use longshore_tests::proxy::Rule;

use crate::stand::{PART, Stand, object, prefix};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_file_is_left_out_with_words() {
    let stand = Stand::new("special").await;
    stand.file("f/good.txt", 5);
    std::os::unix::fs::symlink("good.txt", stand.path("f/link")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(stand.path("f/pipe"))
        .status()
        .unwrap();
    assert!(made.success(), "a pipe was made");
    let strange = stand.path("f").join(OsStr::from_bytes(b"bad-\xff.txt"));
    std::fs::write(&strange, b"x").unwrap();
    let plan = stand.plan(stand.upload_of(&[stand.path("f")], "")).await;
    assert_eq!(
        (plan.items, plan.skipped, plan.failed),
        (1, 2, 1),
        "one file can be uploaded, two are left out on purpose, one cannot be had"
    );
    let link = plan.sample.iter().find(|row| row.why.contains("link"));
    let whole = stand.path("f/link").display().to_string();
    assert_eq!(link.unwrap().source, whole, "a row names its whole path");
    let said = |words: &str| plan.left_out.iter().any(|w| w.contains(words));
    assert!(
        said("symbolic link") && said("named pipe") && said("not UTF-8"),
        "{:?}",
        plan.left_out
    );
    let job = stand
        .engine
        .transfers()
        .start(&plan.id, None)
        .await
        .unwrap();
    let ended = stand.settled(&job).await;
    assert_eq!(
        ended.state,
        JobState::Failed,
        "a file that was meant did not go up"
    );
    assert_eq!(
        (ended.items_done, ended.items_failed, ended.items_skipped),
        (1, 1, 2),
        "counts"
    );
    assert_eq!(
        stand.keys("").await,
        ["f/good.txt"],
        "the others are not hindered"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn sources_that_cannot_be_had_are_named() {
    let stand = Stand::new("missing").await;
    let plan = async |name: &str| {
        let request = stand.upload_of(&[stand.path(name)], "");
        stand.engine.transfers().plan(request).await.unwrap_err()
    };
    let error = plan("not-there").await;
    assert_eq!(error.kind(), ErrorKind::SourceUnreadable, "it is gone");
    assert!(error.message().contains("not-there"), "by name: {error}");
    let error = plan("lossy-\u{fffd}.txt").await;
    assert_eq!(
        error.kind(),
        ErrorKind::BadName,
        "a name that was decoded with loss"
    );
    assert!(
        error.message().contains("drop its parent folder"),
        "what to do: {error}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_vanishes_after_the_plan_is_said() {
    let stand = Stand::new("vanish").await;
    stand.file("f/a", 5);
    stand.file("f/b", 5);
    let plan = stand.plan(stand.upload_of(&[stand.path("f")], "")).await;
    std::fs::remove_dir_all(stand.path("f")).unwrap();
    let job = stand
        .engine
        .transfers()
        .start(&plan.id, None)
        .await
        .unwrap();
    let ended = stand.settled(&job).await;
    assert_eq!(
        (ended.state, ended.items_failed),
        (JobState::Failed, 2),
        "nothing is pretended"
    );
    assert!(
        ended.reason.unwrap().contains("not there any more"),
        "it says why"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_session_sends_no_change() {
    let stand = Stand::new("readonly").await;
    stand.put("a", b"a".to_vec()).await;
    let draft = SessionDraft {
        id: None,
        name: "Looking".to_owned(),
        colour: None,
        source: Source::Environment,
        secret: None,
        session_token: None,
        chain: Vec::new(),
        endpoint_url: Some(stand.proxy.endpoint()),
        region: None,
        path_style: PathStyle::Auto,
        read_only: true,
        trust_plain_http: false,
    };
    let session = stand.engine.sessions().add_for_this_run(draft).unwrap();
    let request = ChangeRequest::Delete {
        session,
        bucket: stand.bucket(),
        targets: vec![object("a")],
    };
    let error = stand.engine.transfers().plan(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReadOnlySession, "refused");
    assert!(stand.proxy.requests().is_empty(), "before anything left");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_finds_its_unfinished_job() {
    let stand = Stand::new("again").await;
    let file = stand.file("a", 5);
    let request = stand.upload_of(&[file], "");
    stand.proxy.go_offline().await;
    assert!(
        stand
            .engine
            .transfers()
            .plan(request.clone())
            .await
            .is_err(),
        "no plan without it"
    );
    stand.proxy.go_online().await.unwrap();
    let plan = stand.plan(request.clone()).await;
    stand.proxy.go_offline().await;
    let job = stand
        .engine
        .transfers()
        .start(&plan.id, None)
        .await
        .unwrap();
    let found = stand
        .engine
        .transfers()
        .unfinished_like(&request)
        .await
        .unwrap();
    assert_eq!(found, Some(job.clone()), "the job that is under way");
    stand.proxy.go_online().await.unwrap();
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Done,
        "it goes on"
    );
    let found = stand
        .engine
        .transfers()
        .unfinished_like(&request)
        .await
        .unwrap();
    assert_eq!(found, None, "a finished one is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_vanishes_under_way_is_gone_and_not_changed() {
    let stand = Stand::new("vanishing").await;
    stand.file("f/big.bin", 2 * PART);
    let part = Rule::on("PUT").path("big.bin").query("partNumber=1");
    let rule = stand.proxy.hold(part);
    let job = stand.start(stand.upload_of(&[stand.path("f")], "")).await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    std::fs::remove_dir_all(stand.path("f")).unwrap();
    stand.proxy.release(rule);
    let ended = stand.settled(&job).await;
    let reason = ended.reason.unwrap();
    assert!(
        reason.contains("is not there any more") && !reason.contains("changed"),
        "it says what happened: {reason}"
    );
    assert_eq!(
        (ended.bytes, ended.items_failed),
        (2 * PART, 1),
        "the whole stays what it was"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_counts_the_requests_that_its_job_then_sends() {
    let stand = Stand::new("requests").await;
    stand.file("f/big.bin", 2 * PART + 1);
    stand.file("f/small.bin", 10);
    let sent = async |request: ChangeRequest| {
        let plan = stand.plan(request).await;
        stand.proxy.forget();
        let job = stand.engine.transfers().start(&plan.id, None).await;
        let ended = stand.settled(&job.unwrap()).await;
        assert_eq!(ended.state, JobState::Done, "{:?}", ended.reason);
        (plan.requests, stand.proxy.requests().len() as u64)
    };
    let (planned, up) = sent(stand.upload_of(&[stand.path("f")], "")).await;
    assert!(
        (planned..=planned + 1).contains(&up),
        "an upload plans {planned} and takes {up}, with a look where its sum is not told"
    );
    let down = stand.path("down");
    let (planned, took) = sent(stand.download_of(prefix("f/"), &down)).await;
    assert_eq!(planned, took, "a download");
    let all = ChangeRequest::Delete {
        session: stand.session.clone(),
        bucket: stand.bucket(),
        targets: vec![prefix("")],
    };
    let title = stand.plan(all.clone()).await.title;
    assert!(title.ends_with(&stand.bucket), "by its name: {title}");
    let (planned, took) = sent(all).await;
    assert_eq!((planned, took), (1, 1), "two keys go in one request");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_takes_the_requests_that_were_planned() {
    let stand = Stand::new("moverequests").await;
    stand.put("a", b"a".to_vec()).await;
    let request = ChangeRequest::Move {
        session: stand.session.clone(),
        bucket: stand.bucket(),
        from: object("a"),
        to: "b".to_owned(),
    };
    let plan = stand.plan(request).await;
    stand.proxy.forget();
    let job = stand
        .engine
        .transfers()
        .start(&plan.id, None)
        .await
        .unwrap();
    stand.settled(&job).await;
    let took = stand.proxy.requests().len() as u64;
    assert_eq!(plan.requests, took, "one object renamed");
}
