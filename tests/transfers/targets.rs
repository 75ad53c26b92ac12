//! Where a download's name is taken by something that is no plain file.

use std::os::unix::fs::symlink;

use longshore_engine::plan::{ConflictPolicy, JobState};

use crate::stand::{Stand, object, prefix};

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_at_the_name_is_never_replaced() {
    let stand = Stand::new("isdir").await;
    stand.put("name", b"object".to_vec()).await;
    for policy in [ConflictPolicy::Overwrite, ConflictPolicy::KeepBoth] {
        let folder = stand.path(&format!("{policy:?}"));
        std::fs::create_dir_all(folder.join("name")).unwrap();
        std::fs::write(folder.join("name/inside"), b"mine").unwrap();
        let plan = stand.plan(stand.download_of(object("name"), &folder)).await;
        let queue = stand.engine.transfers();
        let job = queue.start(&plan.id, Some(policy)).await.unwrap();
        let ended = stand.settled(&job).await;
        assert_eq!(
            std::fs::read(folder.join("name/inside")).unwrap(),
            b"mine",
            "{policy:?}: what is in it stays"
        );
        if policy == ConflictPolicy::KeepBoth {
            assert_eq!(ended.state, JobState::Done, "{:?}", ended.reason);
            assert_eq!(
                std::fs::read(folder.join("name (1)")).unwrap(),
                b"object",
                "under a free name"
            );
        } else {
            assert_eq!(ended.state, JobState::Failed, "a file is no folder");
            assert_eq!(
                std::fs::read_dir(&folder).unwrap().count(),
                1,
                "no temporary file is left"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_at_the_name_is_never_written_through() {
    let stand = Stand::new("islink").await;
    stand.put("name", b"object".to_vec()).await;
    let outside = stand.file("outside.txt", 10);
    let before = std::fs::read(&outside).unwrap();
    let dangling = stand.path("nowhere.txt");
    for (what, target) in [("a link", &outside), ("a dangling link", &dangling)] {
        for policy in [ConflictPolicy::Overwrite, ConflictPolicy::KeepBoth] {
            let folder = stand.path(&format!("{what} {policy:?}"));
            std::fs::create_dir_all(&folder).unwrap();
            symlink(target, folder.join("name")).unwrap();
            let plan = stand.plan(stand.download_of(object("name"), &folder)).await;
            assert_eq!(plan.conflicts, 1, "{what}: the plan sees that it is there");
            let queue = stand.engine.transfers();
            let job = queue.start(&plan.id, Some(policy)).await.unwrap();
            stand.settled(&job).await;
            assert_eq!(
                std::fs::read(&outside).unwrap(),
                before,
                "{what}, {policy:?}: nothing is written through it"
            );
            assert!(
                !dangling.exists(),
                "{what}, {policy:?}: nor made at its end"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_object_and_what_is_in_it_come_down_together() {
    let stand = Stand::new("slashes").await;
    for (key, body) in [("p/a/", ""), ("p/a/b", "inside")] {
        stand.put(key, body.as_bytes().to_vec()).await;
    }
    let folder = stand.path("down");
    std::fs::create_dir_all(&folder).unwrap();
    stand.done(stand.download_of(prefix("p/"), &folder)).await;
    assert!(folder.join("p/a").is_dir(), "the folder object is a folder");
    assert_eq!(
        std::fs::read(folder.join("p/a/b")).unwrap(),
        b"inside",
        "what is in it"
    );
}
