//! Deletes and renames: what goes, what stays, and in which order.

use longshore_engine::ErrorKind;
use longshore_engine::plan::{JobState, Reversible};
use longshore_engine::transfer::{ChangeRequest, Target};
use longshore_tests::proxy::{Action, Rule};

use crate::stand::{Stand, bytes, object, prefix};

fn delete_of(stand: &Stand, targets: Vec<Target>) -> ChangeRequest {
    ChangeRequest::Delete {
        session: stand.session.clone(),
        bucket: stand.bucket(),
        targets,
    }
}

fn move_of(stand: &Stand, from: Target, to: &str) -> ChangeRequest {
    let (session, bucket) = (stand.session.clone(), stand.bucket());
    ChangeRequest::Move {
        session,
        bucket,
        from,
        to: to.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_than_a_request_of_objects_goes_up_and_is_deleted() {
    let stand = Stand::new("many").await;
    for number in 0..1005 {
        stand.file(&format!("many/{number:04}"), 3);
    }
    stand.put("other", b"stays".to_vec()).await;
    stand.put("many/0007", b"conflict".to_vec()).await;
    let plan = stand.plan(stand.upload_of(&[stand.path("many")], "")).await;
    assert_eq!(
        (plan.items, plan.conflicts),
        (1005, 1),
        "the listing shows what exists"
    );
    let policy = Some(longshore_engine::plan::ConflictPolicy::Overwrite);
    let job = stand
        .engine
        .transfers()
        .start(&plan.id, policy)
        .await
        .unwrap();
    let up = stand.settled(&job).await;
    assert_eq!(
        (up.state, up.items_done),
        (JobState::Done, 1005),
        "{:?}",
        up.reason
    );

    let plan = stand.plan(delete_of(&stand, vec![prefix("many/")])).await;
    assert_eq!(
        (plan.items, plan.reversible),
        (1005, Reversible::No),
        "it says what it does"
    );
    stand.proxy.forget();
    let job = stand
        .engine
        .transfers()
        .start(&plan.id, None)
        .await
        .unwrap();
    let gone = stand.settled(&job).await;
    assert_eq!(
        (gone.state, gone.items_done),
        (JobState::Done, 1005),
        "{:?}",
        gone.reason
    );
    let requests = stand
        .proxy
        .requests_like(&Rule::on("POST").query("delete"))
        .len();
    assert_eq!(requests, 2, "a thousand a request");
    assert_eq!(stand.keys("").await, ["other"], "nothing else is touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_may_not_be_deleted_is_named() {
    let stand = Stand::new("perkey").await;
    for key in ["d/a", "d/b"] {
        stand.put(key, b"x".to_vec()).await;
    }
    stand.proxy.add(
        Rule::on("POST")
            .query("delete")
            .nth(1)
            .then(Action::ReplaceBody {
                body:
                    "<?xml version=\"1.0\"?><DeleteResult><Deleted><Key>d/a</Key></Deleted><Error>\
               <Key>d/b</Key><Code>AccessDenied</Code><Message>No</Message></Error></DeleteResult>"
                        .to_owned(),
            }),
    );
    let job = stand.start(delete_of(&stand, vec![prefix("d/")])).await;
    let ended = stand.settled(&job).await;
    assert_eq!(
        (ended.items_done, ended.items_failed),
        (1, 1),
        "each has its own answer"
    );
    let items = stand.items(&job).await;
    assert!(
        items[1].reason.is_some() && items[0].reason.is_none(),
        "the right one: {items:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_is_renamed_without_a_moment_of_absence() {
    let stand = Stand::new("rename").await;
    stand.put("old name.txt", bytes("r", 2000)).await;
    stand
        .done(move_of(&stand, object("old name.txt"), "new/name ü.txt"))
        .await;
    assert_eq!(
        stand.keys("").await,
        ["new/name ü.txt"],
        "it is under the new key only"
    );
    assert_eq!(
        stand.get("new/name ü.txt").await,
        bytes("r", 2000),
        "the same bytes"
    );
    let requests = stand.proxy.requests();
    let copied = requests
        .iter()
        .position(|r| r.headers.contains_key("x-amz-copy-source"));
    let removed = requests.iter().position(|r| r.method == "DELETE");
    assert!(
        copied.unwrap() < removed.unwrap(),
        "copied first, then removed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_whose_answer_is_lost_still_ends_in_one_place() {
    let stand = Stand::new("lostcopy").await;
    stand.put("a", bytes("a", 500)).await;
    stand.proxy.add(
        Rule::on("PUT")
            .path("/b")
            .nth(1)
            .then(Action::CommittedButLost),
    );
    stand.done(move_of(&stand, object("a"), "b")).await;
    assert_eq!(stand.keys("").await, ["b"], "one place");
    assert_eq!(stand.get("b").await, bytes("a", 500), "the same bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_renamed_with_all_in_it() {
    let stand = Stand::new("folder").await;
    for key in ["f/a", "f/g/b", "f2/c"] {
        stand.put(key, key.as_bytes().to_vec()).await;
    }
    stand.done(move_of(&stand, prefix("f/"), "h/")).await;
    assert_eq!(
        stand.keys("").await,
        ["f2/c", "h/a", "h/g/b"],
        "only what is in the folder"
    );
    let into_itself = stand
        .engine
        .transfers()
        .plan(move_of(&stand, prefix("h/"), "h/i/"))
        .await;
    assert_eq!(
        into_itself.unwrap_err().kind(),
        ErrorKind::InvalidInput,
        "it would never end"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_onto_an_object_is_asked_about() {
    let stand = Stand::new("onto").await;
    stand.put("a", b"a".to_vec()).await;
    stand.put("b", b"b".to_vec()).await;
    let plan = stand.plan(move_of(&stand, object("a"), "b")).await;
    assert_eq!(plan.conflicts, 1, "the plan sees it");
    let refused = stand.engine.transfers().start(&plan.id, None).await;
    assert_eq!(
        refused.unwrap_err().kind(),
        ErrorKind::Conflict,
        "nobody chose"
    );
    assert_eq!(stand.get("b").await, b"b", "nothing happened");
}
