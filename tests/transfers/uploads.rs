//! Uploads of every size, their progress, and what exists already where they lead.

use longshore_engine::ErrorKind;
use longshore_engine::plan::{ConflictPolicy, JobState, PartCell, Verified};
use longshore_tests::proxy::Rule;

use crate::stand::{MIB, PART, Stand, bytes, prefix};

#[tokio::test(flavor = "multi_thread")]
async fn every_size_goes_up_and_comes_down_again() {
    let stand = Stand::new("sizes").await;
    let sizes = [
        0,
        1,
        PART - 1,
        PART,
        PART + 1,
        2 * PART,
        2 * PART + 1,
        3 * PART + 7,
    ];
    for size in sizes {
        stand.file(&format!("up/{size}"), size);
    }
    let up = stand
        .done(stand.upload_of(&[stand.path("up")], "in/"))
        .await;
    assert_eq!(
        up.bytes_done,
        sizes.iter().sum::<u64>(),
        "every byte is acknowledged"
    );
    for item in stand.items(&up.id).await {
        assert_eq!(
            item.verified,
            Verified::Checksum,
            "the server's checksum agrees: {item:?}"
        );
    }
    for size in sizes {
        let expected = bytes(&format!("up/{size}"), size);
        assert!(
            stand.get(&format!("in/up/{size}")).await == expected,
            "{size} bytes as they were"
        );
    }
    let down = stand
        .done(stand.download_of(prefix("in/up/"), &stand.path("down")))
        .await;
    assert_eq!(down.items_done, sizes.len() as u64, "each is a file");
    for size in sizes {
        let expected = bytes(&format!("up/{size}"), size);
        let got = std::fs::read(stand.path(&format!("down/up/{size}"))).unwrap();
        assert!(got == expected, "{size} bytes came back");
    }
    for item in stand.items(&down.id).await {
        assert_ne!(
            item.verified,
            Verified::LengthOnly,
            "the content was checked: {item:?}"
        );
    }
    let left = std::fs::read_dir(stand.path("down/up")).unwrap().count();
    assert_eq!(left, sizes.len(), "no temporary file stays");
    assert_eq!(stand.uploads().await, 0, "no upload stays open");
}

#[tokio::test(flavor = "multi_thread")]
async fn progress_and_part_map_agree_with_the_servers_parts() {
    let stand = Stand::new("map").await;
    let file = stand.file("big.bin", 6 * PART + MIB);
    let held = [3, 6].map(|part| {
        let rule = Rule::on("PUT")
            .path("big.bin")
            .query(&format!("partNumber={part}"));
        stand.proxy.hold(rule)
    });
    let job = stand.start(stand.upload_of(&[file], "")).await;
    let view = stand
        .until(&job, |job| job.bytes_done == 4 * PART + MIB)
        .await;
    let upload = stand
        .s3
        .list_uploads(&stand.bucket)
        .await
        .unwrap()
        .remove(0);
    let parts = stand
        .s3
        .list_parts(&stand.bucket, "big.bin", &upload.id)
        .await
        .unwrap();
    assert_eq!(
        parts.iter().map(|part| part.size).sum::<u64>(),
        view.bytes_done,
        "the same bytes"
    );
    for number in 1..=7_u32 {
        let there = parts.iter().any(|part| part.number == number);
        let cell = view.map.cells[number as usize - 1];
        assert_eq!(cell == PartCell::Done, there, "cell {number} is {cell:?}");
    }
    assert_eq!(view.map.cells.len(), 7, "a cell a part");
    assert_eq!(
        view.map.cells[2],
        PartCell::InFlight,
        "a held part is on its way"
    );
    for rule in held {
        stand.proxy.release(rule);
    }
    let done = stand.settled(&job).await;
    assert_eq!(done.state, JobState::Done, "{:?}", done.reason);
    assert!(
        done.map.cells.iter().all(|cell| *cell == PartCell::Done),
        "the map is full"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_exists_is_asked_about_skipped_kept_or_replaced() {
    let stand = Stand::new("policies").await;
    let file = stand.file("a.txt", 10);
    stand.put("a.txt", b"theirs".to_vec()).await;
    let transfers = stand.engine.transfers();

    let plan = stand
        .plan(stand.upload_of(std::slice::from_ref(&file), ""))
        .await;
    assert_eq!(plan.conflicts, 1, "the plan sees it");
    assert!(
        plan.sample[0].conflict && plan.sample[0].why.contains("6 B"),
        "and says what"
    );
    let error = transfers.start(&plan.id, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict, "nobody chose");

    let job = transfers
        .start(&plan.id, Some(ConflictPolicy::Skip))
        .await
        .unwrap();
    let skipped = stand.settled(&job).await;
    assert_eq!(
        (skipped.state, skipped.items_skipped),
        (JobState::Done, 1),
        "left out"
    );
    assert_eq!(stand.get("a.txt").await, b"theirs", "theirs stays");

    let plan = stand
        .plan(stand.upload_of(std::slice::from_ref(&file), ""))
        .await;
    let job = transfers
        .start(&plan.id, Some(ConflictPolicy::KeepBoth))
        .await
        .unwrap();
    assert_eq!(
        stand.settled(&job).await.state,
        JobState::Done,
        "kept beside"
    );
    assert_eq!(stand.get("a.txt").await, b"theirs", "theirs stays");
    assert_eq!(
        stand.get("a (1).txt").await,
        bytes("a.txt", 10),
        "ours is beside it"
    );

    let plan = stand.plan(stand.upload_of(&[file], "")).await;
    let job = transfers
        .start(&plan.id, Some(ConflictPolicy::Overwrite))
        .await
        .unwrap();
    assert_eq!(stand.settled(&job).await.state, JobState::Done, "replaced");
    assert_eq!(
        stand.get("a.txt").await,
        bytes("a.txt", 10),
        "ours is there"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_another_writer_made_meanwhile_is_not_replaced() {
    let stand = Stand::new("writers").await;
    for (name, size) in [("small", 10), ("large", PART + 1)] {
        let file = stand.file(name, size);
        let plan = stand.plan(stand.upload_of(&[file], "")).await;
        stand.put(name, b"theirs".to_vec()).await;
        let job = stand
            .engine
            .transfers()
            .start(&plan.id, Some(ConflictPolicy::Overwrite))
            .await;
        let job = stand.settled(&job.unwrap()).await;
        assert_eq!(
            job.state,
            JobState::Failed,
            "{name}: it is not what the plan saw"
        );
        assert!(
            job.reason.unwrap().contains("appeared after the plan"),
            "{name}: it says so"
        );
        assert_eq!(stand.get(name).await, b"theirs", "{name}: theirs stays");
    }
    assert_eq!(stand.uploads().await, 0, "the upload was aborted");
}
