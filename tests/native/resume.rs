//! A process that is killed in the middle of an upload, and the one that takes it up.

use std::collections::BTreeSet;

use longshore_tests::proxy::{Proxy, Rule};
use longshore_tests::window::until;
use serde_json::json;

use crate::stand::{Stand, noise};

/// Five parts of the default size and a rest.
const FILE: usize = 42 * 1024 * 1024;
/// Parts that reach the server before the kill.
const LET_THROUGH: usize = 2;

#[tokio::test]
async fn an_upload_killed_halfway_is_resumed_from_the_window_and_sends_no_held_part_again() {
    let mut stand = Stand::new("resume").await;
    let proxy = Proxy::start(stand.server.endpoint()).unwrap();
    let file = stand.desktop.home().join("film.mov");
    let bytes = noise(FILE);
    std::fs::write(&file, &bytes).unwrap();
    let rest = proxy.hold(
        Rule::on("PUT")
            .query("partNumber")
            .nth(LET_THROUGH + 1)
            .times(usize::MAX),
    );
    let launch = stand.launch_on(&proxy.endpoint());
    stand.start_in_bucket(&launch).await;
    upload_typed_path(&stand, &file.to_string_lossy()).await;
    proxy.arrived(rest, 1).await.unwrap();
    let held = until("parts that the server holds", || async {
        let acknowledged = acknowledged(&proxy);
        Ok((acknowledged.len() >= LET_THROUGH).then_some(acknowledged))
    })
    .await
    .unwrap();
    stand
        .page()
        .wait(
            "the part map to show what was acknowledged",
            "document.querySelector('li[data-state=running]')",
            json!([]),
        )
        .await
        .unwrap();

    stand.app().signal("KILL").unwrap();
    stand.app().ended().await.unwrap();
    proxy.clear();
    proxy.forget();
    stand.start(&launch).await;
    stand
        .page()
        .click(r#"button[aria-label^="Resume film.mov"]"#)
        .await
        .unwrap();
    stand.wait_for_object("film.mov", &bytes).await;

    let sent = proxy.bytes_of_parts("film.mov");
    for part in &held {
        assert!(
            !sent.contains_key(part),
            "part {part} was on the server and was sent again"
        );
    }
    assert!(
        !sent.is_empty(),
        "the parts that were missing were sent after the restart"
    );
    stand
        .page()
        .wait(
            "the job to be done",
            "document.querySelector('li[data-state=done]')",
            json!([]),
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn a_termination_signal_pauses_the_upload_and_ends_well() {
    let mut stand = Stand::new("term").await;
    let proxy = Proxy::start(stand.server.endpoint()).unwrap();
    let file = stand.desktop.home().join("film.mov");
    std::fs::write(&file, noise(FILE)).unwrap();
    let rest = proxy.hold(Rule::on("PUT").query("partNumber"));
    let launch = stand.launch_on(&proxy.endpoint());
    stand.start_in_bucket(&launch).await;
    upload_typed_path(&stand, &file.to_string_lossy()).await;
    proxy.arrived(rest, 1).await.unwrap();
    stand.app().signal("TERM").unwrap();
    stand.app().ended().await.unwrap();
    let log = stand.app().log();
    assert!(
        log.contains("ended code=0"),
        "it said that it ended well:\n{log}"
    );

    proxy.clear();
    stand.start(&launch).await;
    stand
        .page()
        .rect(r#"button[aria-label^="Resume film.mov"]"#)
        .await
        .unwrap();
}

/// Parts that the proxy saw acknowledged.
fn acknowledged(proxy: &Proxy) -> BTreeSet<u32> {
    let all = proxy.requests().into_iter();
    all.filter(|request| request.method == "PUT" && request.status == Some(200))
        .filter_map(|request| request.part_number)
        .collect()
}

/// Uploads a path that is typed and agreed to.
/// The title of the question whether a typed path may be read.
pub(crate) const TYPED_PROMPT: &str = "^Upload from this path";

pub(crate) async fn upload_typed_path(stand: &Stand, path: &str) {
    stand.choose_upload("typed").await;
    stand
        .page()
        .type_into(r#"[role="dialog"] input"#, &format!("{path}\u{e007}"))
        .await
        .unwrap();
    let pointer = stand.desktop.pointer();
    pointer.window(TYPED_PROMPT).await.unwrap();
    pointer.answer(TYPED_PROMPT, "alt+u").await.unwrap();
}
