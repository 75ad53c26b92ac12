//! Starting: twice, without what is optional, over a state that is damaged or too new.

use longshore_tests::window::{App, DragSource};
use serde_json::json;

use crate::stand::Stand;

#[tokio::test]
async fn a_second_instance_brings_the_first_to_the_front_and_ends_well() {
    let mut stand = Stand::new("second").await;
    stand.start(&stand.launch()).await;
    let file = stand.desktop.home().join("x");
    std::fs::write(&file, "x").unwrap();
    let _other = DragSource::open(&stand.desktop, &[&file]).await.unwrap();
    let pointer = stand.desktop.pointer();
    assert_eq!(
        pointer.active_title().unwrap(),
        "drag source",
        "another window is in front"
    );
    let second = App::run(&stand.desktop, &stand.launch()).await.unwrap();
    assert!(
        second.status.success(),
        "the second ended with {}",
        second.status
    );
    longshore_tests::window::until("the first to have the keyboard", || async {
        Ok((pointer.active_title()? == "Longshore").then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn the_window_opens_where_the_tray_library_is_missing() {
    let mut stand = Stand::new("no-tray").await;
    // Files of these names that are no libraries stand before the real ones.
    let empty = stand.desktop.home().join("no-libraries");
    std::fs::create_dir_all(&empty).unwrap();
    for name in ["libayatana-appindicator3.so.1", "libappindicator3.so.1"] {
        std::fs::write(empty.join(name), "").unwrap();
    }
    let launch = stand
        .launch()
        .with("LD_LIBRARY_PATH", empty.to_string_lossy());
    stand.start_in_bucket(&launch).await;
    let log = stand.app().log();
    assert!(
        log.contains("no tray icon"),
        "it went without a tray icon:\n{log}"
    );
}

#[tokio::test]
async fn a_damaged_journal_is_moved_aside_and_said() {
    let mut stand = Stand::new("damaged").await;
    let state = stand.desktop.data_dir();
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(state.join("journal.db"), "this is no database".repeat(500)).unwrap();
    stand.start(&stand.launch()).await;
    stand.page().wait_for_text("was damaged").await.unwrap();
    let names: Vec<String> = std::fs::read_dir(&state)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(
        names
            .iter()
            .any(|name| name.starts_with("journal.corrupt-")),
        "the damaged file is kept: {names:?}"
    );
}

#[tokio::test]
async fn a_journal_of_a_newer_version_is_refused_with_words_and_left_alone() {
    let mut stand = Stand::new("newer").await;
    stand.start(&stand.launch()).await;
    stand.call("jobs_list", json!({})).await.unwrap();
    stand.app().signal("TERM").unwrap();
    stand.app().ended().await.unwrap();
    let journal = stand.desktop.data_dir().join("journal.db");
    let newer = "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\n\
                 c.execute('PRAGMA user_version=9999')\nc.commit()\nc.close()";
    let set = stand
        .desktop
        .command("python3")
        .args(["-c", newer])
        .arg(&journal)
        .status()
        .unwrap();
    assert!(set.success(), "the version was set");
    let before = std::fs::read(&journal).unwrap();

    let pointer = stand.desktop.pointer();
    let launch = stand.launch();
    let refused = App::run(&stand.desktop, &launch);
    let dialog = async {
        let dialog = pointer.window("^Longshore cannot start$").await.unwrap();
        pointer.activate(&dialog).unwrap();
        pointer.key("Return").unwrap();
    };
    let (refused, ()) = tokio::join!(refused, dialog);
    let refused = refused.unwrap();
    assert_eq!(refused.status.code(), Some(1), "it did not start");
    let words = String::from_utf8_lossy(&refused.stderr);
    assert!(
        words.contains("newer"),
        "the terminal is told why:\n{words}"
    );
    assert!(
        before == std::fs::read(&journal).unwrap(),
        "the newer journal is as it was"
    );
}
