//! What somebody else does to a destination meanwhile, on servers that may ignore conditions; and
//! what one odd answer may not do to the rest.

use longshore_engine::ErrorKind;
use longshore_engine::plan::{ConflictPolicy, DesiredState, JobState};
use longshore_engine::transfer::ChangeRequest;
use longshore_tests::proxy::{Action, Rule};

use crate::stand::{PART, Stand, bytes, object};

fn status(status: u16, code: &str, kind: &str) -> Action {
    Action::Status {
        status,
        code: code.to_owned(),
        body: code.is_empty().then(String::new),
        headers: vec![("content-type".to_owned(), kind.to_owned())],
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_put_is_not_sent_onto_what_appeared_since_the_plan() {
    let stand = Stand::new("appeared").await;
    let file = stand.file("small.bin", 1000);
    let plan = stand.plan(stand.upload_of(&[file], "")).await;
    stand.put("small.bin", b"somebody else's".to_vec()).await;
    let queue = stand.engine.transfers();
    let job = queue.start(&plan.id, None).await.unwrap();
    let ended = stand.settled(&job).await;
    assert_eq!(ended.state, JobState::Failed, "{:?}", ended.reason);
    let items = stand.items(&job).await;
    let failure = items[0].failure.as_ref().expect("its kind is kept");
    assert_eq!(failure.kind, ErrorKind::Conflict, "{items:#?}");
    assert_eq!(
        stand
            .proxy
            .requests_like(&Rule::on("PUT").path("small.bin"))
            .len(),
        0,
        "a server that ignores the condition would have replaced it"
    );
    assert_eq!(stand.get("small.bin").await, b"somebody else's", "it stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_resumed_is_not_completed_onto_what_appeared_meanwhile() {
    let stand = Stand::new("meanwhile").await;
    let file = stand.file("big.bin", 3 * PART);
    let rule = stand
        .proxy
        .hold(Rule::on("PUT").path("big.bin").query("partNumber=3"));
    let job = stand.start(stand.upload_of(&[file], "")).await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    let queue = stand.engine.transfers();
    queue.want(&job, DesiredState::Pause).await.unwrap();
    stand.settled(&job).await;
    stand.proxy.clear();
    stand.put("big.bin", b"somebody else's".to_vec()).await;
    queue.want(&job, DesiredState::Run).await.unwrap();
    let ended = stand.settled(&job).await;
    assert_eq!(ended.state, JobState::Failed, "{:?}", ended.reason);
    let complete = Rule::on("POST").path("big.bin").query("uploadId");
    assert_eq!(
        stand.proxy.requests_like(&complete).len(),
        0,
        "a server that ignores the condition would have replaced it"
    );
    assert_eq!(stand.get("big.bin").await, b"somebody else's", "it stays");
    assert_eq!(stand.uploads().await, 0, "the parts were thrown away");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_name_that_another_takes_first_is_followed_by_the_next() {
    for (what, size) in [("put", 1000), ("multipart", PART + 1)] {
        let stand = Stand::new("race").await;
        stand.put("a.bin", b"first".to_vec()).await;
        let file = stand.file("a.bin", size);
        let plan = stand.plan(stand.upload_of(&[file], "")).await;
        let writes = match what {
            "put" => Rule::on("PUT").path("a (1).bin"),
            _ => Rule::on("POST").path("a (1).bin").query("uploadId"),
        };
        let rule = stand.proxy.hold(writes);
        let queue = stand.engine.transfers();
        let policy = Some(ConflictPolicy::KeepBoth);
        let job = queue.start(&plan.id, policy).await.unwrap();
        stand.proxy.arrived(rule, 1).await.unwrap();
        stand.put("a (1).bin", b"another job's".to_vec()).await;
        stand.proxy.clear();
        let ended = stand.settled(&job).await;
        assert_eq!(ended.state, JobState::Done, "{what}: {:?}", ended.reason);
        assert_eq!(
            stand.keys("").await,
            ["a (1).bin", "a (2).bin", "a.bin"],
            "{what}: all three are kept"
        );
        assert_eq!(
            stand.get("a (1).bin").await,
            b"another job's",
            "{what}: nobody's is replaced"
        );
        assert!(
            stand.get("a (2).bin").await == bytes("a.bin", size),
            "{what}: ours is whole"
        );
        assert_eq!(stand.uploads().await, 0, "{what}: nothing is left over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_original_that_changes_during_its_copy_is_not_removed() {
    let stand = Stand::new("during").await;
    stand.put("a", b"old".to_vec()).await;
    let request = ChangeRequest::Move {
        session: stand.session.clone(),
        bucket: stand.bucket(),
        from: object("a"),
        to: "b".to_owned(),
    };
    let plan = stand.plan(request).await;
    // The first look at the new key after the copy: before it are the two that precede one.
    let rule = stand.proxy.hold(Rule::on("HEAD").path("/b").nth(3));
    let queue = stand.engine.transfers();
    let job = queue.start(&plan.id, None).await.unwrap();
    stand.proxy.arrived(rule, 1).await.unwrap();
    stand.put("a", b"newer".to_vec()).await;
    stand.proxy.clear();
    let ended = stand.settled(&job).await;
    assert_eq!(ended.state, JobState::Failed, "{:?}", ended.reason);
    assert_eq!(
        stand.proxy.requests_like(&Rule::on("DELETE")).len(),
        0,
        "a server that ignores the condition would have removed it"
    );
    assert_eq!(stand.get("a").await, b"newer", "what was written stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_abort_that_cannot_be_looked_at_is_not_taken_for_done() {
    let stand = Stand::new("abort").await;
    let file = stand.file("big.bin", 3 * PART);
    let rule = stand
        .proxy
        .hold(Rule::on("PUT").path("big.bin").query("partNumber=3"));
    let job = stand.start(stand.upload_of(&[file], "")).await;
    stand.proxy.arrived(rule, 1).await.unwrap();
    stand.proxy.add(
        Rule::on("GET")
            .path("big.bin")
            .query("uploadId")
            .then(status(500, "InternalError", "application/xml")),
    );
    let queue = stand.engine.transfers();
    queue.want(&job, DesiredState::Cancel).await.unwrap();
    let ended = stand.settled(&job).await;
    assert_eq!(ended.state, JobState::Cancelled, "{:?}", ended.reason);
    assert!(
        ended.reason.is_some_and(|why| why.contains("may remain")),
        "a failed look is no proof that nothing is left"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_odd_answer_about_one_name_does_not_stop_the_others() {
    for (what, answer) in [
        ("a page that is not found", status(404, "", "text/html")),
        ("a refusal", status(400, "", "text/html")),
    ] {
        let stand = Stand::new("odd").await;
        for name in ["f/a", "f/odd", "f/c"] {
            stand.file(name, 100);
        }
        stand.proxy.add(Rule::on("HEAD").path("f/odd").then(answer));
        let job = stand.start(stand.upload_of(&[stand.path("f")], "")).await;
        let ended = stand.settled(&job).await;
        assert!(
            ended.items_done >= 2,
            "{what} is about one name: {:?} {:#?}",
            ended.reason,
            stand.items(&job).await
        );
        let keys = stand.keys("").await;
        assert!(
            keys.contains(&"f/a".to_owned()) && keys.contains(&"f/c".to_owned()),
            "{what}: {keys:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_complete_that_conflicts_with_another_write_is_begun_anew() {
    let stand = Stand::new("conflict409").await;
    let file = stand.file("big.bin", 2 * PART);
    let complete = Rule::on("POST").path("big.bin").query("uploadId");
    stand.proxy.add(complete.clone().nth(1).then(status(
        409,
        "ConditionalRequestConflict",
        "application/xml",
    )));
    stand.done(stand.upload_of(&[file], "")).await;
    assert!(
        stand.get("big.bin").await == bytes("big.bin", 2 * PART),
        "the bytes are right"
    );
    assert_eq!(stand.uploads().await, 0, "the first upload was aborted");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_item_keeps_the_ids_of_its_refusal_over_a_restart() {
    let mut stand = Stand::new("ids").await;
    let file = stand.file("small.bin", 10);
    stand
        .proxy
        .add(Rule::on("PUT").path("small.bin").then(Action::Status {
            status: 403,
            code: "AccessDenied".to_owned(),
            body: None,
            headers: vec![
                ("x-amz-request-id".to_owned(), "R7".to_owned()),
                ("x-amz-id-2".to_owned(), "H7".to_owned()),
            ],
        }));
    let job = stand.start(stand.upload_of(&[file], "")).await;
    assert_eq!(stand.settled(&job).await.state, JobState::Failed, "denied");
    stand.reopen().await;
    let items = stand.items(&job).await;
    let failure = items[0].failure.as_ref().expect("it is in the journal");
    assert_eq!(failure.kind, ErrorKind::AccessDenied, "{failure:?}");
    assert_eq!(
        (failure.request_id.as_deref(), failure.host_id.as_deref()),
        (Some("R7"), Some("H7")),
        "by which the server's keeper finds it"
    );
}
