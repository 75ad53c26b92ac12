//! The journal as a file and as a writer: private, checked, moved aside, each closure for itself.

use super::rows::{Item, PlanRecord};
use super::{Journal, items, jobs, plans};
use crate::error::ErrorKind;
use crate::model::{BucketName, ObjectKey, Prefix, SessionId};
use crate::plan::{ConflictPolicy, JobState, Operation};

fn plan(id: &str) -> PlanRecord {
    PlanRecord {
        id: id.to_owned(),
        session: SessionId::new("s"),
        session_name: "S".to_owned(),
        operation: Operation::Upload,
        title: "t".to_owned(),
        source: None,
        destination: "d".to_owned(),
        bucket: BucketName::parse("b").unwrap(),
        prefix: Prefix::new(""),
        folder: None,
        policy: ConflictPolicy::Ask,
        request: "r".to_owned(),
    }
}

async fn with_job(journal: &Journal) {
    let record = plan("p");
    journal
        .write(move |db| {
            plans::insert(db, &record)?;
            let items: Vec<Item> = (0..3)
                .map(|n| {
                    let key = ObjectKey::parse(format!("k{n}")).unwrap();
                    Item {
                        number: n,
                        position: n * 11,
                        ..Item::planned(key, 10)
                    }
                })
                .collect();
            plans::insert_items(db, "p", &record.session, &items)?;
            jobs::start(db, &record, ConflictPolicy::Ask)
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_journal_is_private_and_keeps_what_was_written() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("state");
    let opened = Journal::open(data.clone()).await.unwrap();
    with_job(&opened.journal).await;
    opened.journal.close().await;
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&data), 0o700, "the directory is the owner's");
    assert_eq!(mode(&data.join("journal.db")), 0o600, "so is the file");
    let again = Journal::open(data).await.unwrap();
    let record = again
        .journal
        .read(|db| jobs::find(db, "p"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (record.counts.items, record.counts.bytes),
        (3, 30),
        "the rows are there"
    );
    assert_eq!(record.state, JobState::Queued, "so is the state");
}

#[tokio::test]
async fn a_closed_journal_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let opened = Journal::open(dir.path().to_owned()).await.unwrap();
    opened.journal.close().await;
    let error = opened.journal.read(jobs::all).await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::StateUnavailable,
        "nothing is written any more"
    );
}

#[tokio::test]
async fn a_damaged_journal_is_moved_aside_with_its_companions() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("journal.db"),
        b"not a database at all, but long enough",
    )
    .unwrap();
    std::fs::write(dir.path().join("journal.db-wal"), b"wal").unwrap();
    let opened = Journal::open(dir.path().to_owned()).await.unwrap();
    let aside = opened.moved_aside.unwrap();
    let name = aside.file_name().unwrap().to_str().unwrap().to_owned();
    assert!(
        name.starts_with("journal.corrupt-") && name.ends_with(".db"),
        "named: {name}"
    );
    let kept = std::fs::read(&aside).unwrap();
    assert!(kept.starts_with(b"not a database"), "its bytes are kept");
    with_job(&opened.journal).await;
}

#[tokio::test]
async fn a_page_of_garbage_in_the_middle_is_found() {
    use std::io::{Seek, SeekFrom, Write};
    let dir = tempfile::tempdir().unwrap();
    let opened = Journal::open(dir.path().to_owned()).await.unwrap();
    with_job(&opened.journal).await;
    opened.journal.close().await;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .open(dir.path().join("journal.db"))
        .unwrap();
    file.seek(SeekFrom::Start(4096)).unwrap();
    file.write_all(&[0xA5; 8192]).unwrap();
    drop(file);
    let opened = Journal::open(dir.path().to_owned()).await.unwrap();
    assert!(opened.moved_aside.is_some(), "it is not used");
}

#[tokio::test]
async fn a_newer_journal_is_refused_and_untouched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 999;")
        .unwrap();
    drop(db);
    let before = std::fs::read(&path).unwrap();
    let error = Journal::open(dir.path().to_owned()).await.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::StateNewer, "it says why");
    assert_eq!(std::fs::read(&path).unwrap(), before, "no byte changed");
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        1,
        "nothing was put beside it"
    );
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let error = Journal::open(file.join("state")).await.err().unwrap();
    assert_eq!(
        error.kind(),
        ErrorKind::StateUnavailable,
        "it is not the journal's damage"
    );
}

#[tokio::test]
async fn one_failing_closure_does_not_take_others_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let opened = Journal::open(dir.path().to_owned()).await.unwrap();
    with_job(&opened.journal).await;
    let journal = &opened.journal;
    let good = journal.write(|db| jobs::set_state(db, "p", JobState::Running, None));
    let bad = journal.write(|db| {
        jobs::set_state(db, "p", JobState::Failed, Some("half"))?;
        db.execute("INSERT INTO nowhere VALUES (1)", [])
    });
    let (good, bad) = tokio::join!(good, bad);
    assert!(good.is_ok() && bad.is_err(), "each has its own fate");
    let record = journal
        .read(|db| jobs::find(db, "p"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        record.state,
        JobState::Running,
        "the failing one left no trace"
    );
}

#[tokio::test]
async fn counters_follow_the_items() {
    let dir = tempfile::tempdir().unwrap();
    let opened = Journal::open(dir.path().to_owned()).await.unwrap();
    with_job(&opened.journal).await;
    let record = opened
        .journal
        .write(|db| {
            let item = |number| items::ItemRef {
                plan: "p".to_owned(),
                number,
                session: SessionId::new("s"),
            };
            let ending = |state, bytes_done| items::Ending {
                failure: None,
                state,
                reason: None,
                verified: crate::plan::Verified::No,
                bytes_done,
                etag: None,
                upload_gone: true,
            };
            items::end(db, &item(0), &ending(super::rows::ItemState::Done, 10))?;
            items::end(db, &item(1), &ending(super::rows::ItemState::Failed, 4))?;
            jobs::recount(db, "p")?;
            jobs::find(db, "p")
        })
        .await
        .unwrap()
        .unwrap();
    assert_eq!((record.counts.done, record.counts.failed), (1, 1), "items");
    assert_eq!(
        (record.counts.bytes, record.counts.bytes_done),
        (30, 14),
        "a failed item stays in the whole"
    );
}

#[tokio::test]
async fn of_two_files_with_one_key_the_first_is_kept_in_the_plan() {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(dir.path().to_owned()).await.unwrap().journal;
    let record = plan("p");
    let (doubles, items) = journal
        .write(move |db| {
            plans::insert(db, &record)?;
            let items: Vec<Item> = (0..4)
                .zip(["a", "b", "a", "a"])
                .map(|(number, key)| Item {
                    number,
                    ..Item::planned(ObjectKey::parse(key).unwrap(), 1)
                })
                .collect();
            plans::insert_items(db, "p", &record.session, &items)?;
            let doubles = plans::fail_doubles(db, "p", "twice")?;
            Ok((doubles, plans::items(db, "p", 0, 10)?))
        })
        .await
        .unwrap();
    assert_eq!(doubles, 2, "both that follow");
    let kept: Vec<u64> = items
        .iter()
        .filter(|item| item.reason.is_none())
        .map(|item| item.number)
        .collect();
    assert_eq!(kept, [0, 1], "the first of each key goes");
}
