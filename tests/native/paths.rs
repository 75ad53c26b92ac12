//! Local paths that come into the page by the system's dialogs and by a typed text.

use serde_json::json;

use crate::resume::{TYPED_PROMPT, upload_typed_path};
use crate::stand::Stand;

#[tokio::test]
async fn a_file_is_picked_in_the_systems_dialog_and_giving_up_uploads_nothing() {
    let mut stand = Stand::new("picker").await;
    let file = stand.desktop.home().join("picked.txt");
    std::fs::write(&file, "picked").unwrap();
    stand.start_in_bucket(&stand.launch()).await;
    let pointer = stand.desktop.pointer();

    stand.choose_upload("files").await;
    let dialog = pointer.window("^Upload files$").await.unwrap();
    pointer.activate(&dialog).unwrap();
    pointer.key("Escape").unwrap();
    pointer.window_gone("^Upload files$").await.unwrap();
    assert_eq!(
        stand.keys().await,
        Vec::<String>::new(),
        "giving up uploads nothing"
    );

    stand.choose_upload("files").await;
    let dialog = pointer.window("^Upload files$").await.unwrap();
    pointer.activate(&dialog).unwrap();
    pointer.key("ctrl+l").unwrap();
    pointer.type_text(&file.to_string_lossy()).unwrap();
    pointer.agree("^Upload files$").await.unwrap();
    stand.wait_for_object("picked.txt", b"picked").await;
}

#[tokio::test]
async fn a_typed_path_is_used_only_after_the_native_prompt_that_shows_it() {
    let mut stand = Stand::new("typed").await;
    // A percent sign would be a format to a toolkit that is not told better.
    let file = stand.desktop.home().join("100%s %n.txt");
    std::fs::write(&file, "typed").unwrap();
    let path = file.to_string_lossy().into_owned();
    stand.start_in_bucket(&stand.launch()).await;
    let pointer = stand.desktop.pointer();

    stand.choose_upload("typed").await;
    stand
        .page()
        .type_into(r#"[role="dialog"] input"#, &format!("{path}\u{e007}"))
        .await
        .unwrap();
    let prompt = pointer.window(TYPED_PROMPT).await.unwrap();
    let jobs = stand.call("jobs_list", json!({})).await.unwrap();
    assert_eq!(jobs, json!([]), "nothing begins while the prompt is open");
    pointer.activate(&prompt).unwrap();
    // The key that sent the page's form off must not agree as well.
    pointer.key("Return").unwrap();
    pointer.window_gone(TYPED_PROMPT).await.unwrap();
    stand
        .page()
        .wait_for_text("You did not allow this path")
        .await
        .unwrap();
    let refused = stand.call("paths_none", json!({})).await.unwrap_err();
    assert!(
        refused.to_string().contains("no command"),
        "the page goes on: {refused}"
    );
    assert_eq!(
        stand.keys().await,
        Vec::<String>::new(),
        "a No uploads nothing"
    );
    stand
        .page()
        .click_button_in(r#"[role="dialog"]"#, "Cancel")
        .await
        .unwrap();

    upload_typed_path(&stand, &path).await;
    stand.wait_for_object("100%s %n.txt", b"typed").await;
    stand
        .page()
        .wait(
            "the open listing to show what was uploaded, each row filled",
            "[...document.querySelectorAll('[role=row][data-position]')].map(row => row.dataset.key)\
             .join() === arguments[0]",
            json!(["100%s %n.txt"]),
        )
        .await
        .unwrap();
}
