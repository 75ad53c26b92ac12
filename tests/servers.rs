//! The servers that the other tests stand on: they start, judge and go away.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use http::Method;
use longshore_tests::s3::{Keys, S3};
use longshore_tests::samples;
use longshore_tests::servers::{Identity, Moto, SeaweedFs};

#[tokio::test]
async fn seaweedfs_keeps_what_it_is_given_and_lists_it() {
    let server = SeaweedFs::shared().unwrap().server();
    let bucket = server.fresh_bucket("keeps").await.unwrap();
    let client = server.client();
    client
        .put(&bucket, "Übersicht/a b+c/日本.txt", "hello")
        .await
        .unwrap();
    let body = client
        .get(&bucket, "Übersicht/a b+c/日本.txt")
        .await
        .unwrap();
    assert_eq!(body, "hello", "the bytes come back as they went");
    let listed = client.list(&bucket, "Über").await.unwrap();
    assert_eq!(listed.len(), 1, "the prefix finds the object: {listed:?}");
    assert_eq!(
        listed[0].key, "Übersicht/a b+c/日本.txt",
        "the key is decoded"
    );
    assert_eq!(listed[0].size, 5);
    assert!(
        client.head(&bucket, "nowhere").await.unwrap().is_none(),
        "a missing object is none"
    );
}

#[tokio::test]
async fn a_wrong_secret_and_an_unknown_key_are_refused() {
    let server = SeaweedFs::shared().unwrap().server();
    let forged = server.client_as(Keys::new(server.access_key(), "not the secret"));
    let answer = forged.send(Method::GET, "/", &[], &[], "").await.unwrap();
    assert_eq!(
        answer.error_code().as_deref(),
        Some("SignatureDoesNotMatch")
    );
    let unknown = server.client_as(Keys::new("AKIANOBODY", "secret"));
    let answer = unknown.send(Method::GET, "/", &[], &[], "").await.unwrap();
    assert_eq!(answer.error_code().as_deref(), Some("InvalidAccessKeyId"));
}

#[tokio::test]
async fn limited_identities_reach_their_bucket_and_no_other() {
    let weed = SeaweedFs::shared().unwrap();
    let other = weed.server().fresh_bucket("other").await.unwrap();
    let limited = weed.server().client_as(weed.keys(Identity::Limited));
    limited
        .put(SeaweedFs::LIMITED_BUCKET, "mine", "1")
        .await
        .unwrap();
    assert!(limited.list(SeaweedFs::LIMITED_BUCKET, "").await.is_ok());
    assert!(
        limited.list(&other, "").await.is_err(),
        "another bucket is denied"
    );
    assert!(limited.put(&other, "mine", "1").await.is_err());
    let blind = weed.server().client_as(weed.keys(Identity::Blind));
    blind
        .put(SeaweedFs::LIMITED_BUCKET, "blind", "1")
        .await
        .unwrap();
    assert!(
        blind.list(SeaweedFs::LIMITED_BUCKET, "").await.is_err(),
        "it may write, not list"
    );
}

#[tokio::test]
async fn a_role_gives_keys_that_can_do_what_its_policy_says() {
    let server = SeaweedFs::shared().unwrap().server();
    let bucket = server.fresh_bucket("role").await.unwrap();
    server.client().put(&bucket, "a", "1").await.unwrap();
    let assume = async |role: &str| {
        let keys = server
            .client()
            .assume_role(&SeaweedFs::role_arn(role), "test")
            .await?;
        anyhow::Ok(server.client_as(keys))
    };
    let auditor = assume("Auditor").await.unwrap();
    assert_eq!(
        auditor.get(&bucket, "a").await.unwrap(),
        "1",
        "an auditor reads"
    );
    assert!(
        auditor.put(&bucket, "b", "1").await.is_err(),
        "an auditor does not write"
    );
    let operator = assume("Operator").await.unwrap();
    operator.put(&bucket, "b", "1").await.unwrap();
    assert!(
        assume("Forbidden").await.is_err(),
        "its trust denies everyone"
    );
    assert!(assume("Nowhere").await.is_err(), "there is no such role");
}

#[tokio::test]
async fn parts_that_were_sent_are_listed_until_the_upload_is_complete() {
    let server = SeaweedFs::shared().unwrap().server();
    let bucket = server.fresh_bucket("parts").await.unwrap();
    let client = server.client();
    let id = client.create_upload(&bucket, "big").await.unwrap();
    let mut etags = Vec::new();
    for number in 1..=2 {
        let body = vec![7_u8; 5 * 1024 * 1024];
        let etag = client
            .upload_part((&bucket, "big"), &id, number, body)
            .await
            .unwrap();
        etags.push((number, etag));
    }
    let parts = client.list_parts(&bucket, "big", &id).await.unwrap();
    let held: Vec<(u32, u64)> = parts.iter().map(|part| (part.number, part.size)).collect();
    assert_eq!(held, [(1, 5_242_880), (2, 5_242_880)]);
    assert_eq!(client.list_uploads(&bucket).await.unwrap()[0].id, id);
    client
        .complete_upload((&bucket, "big"), &id, &etags)
        .await
        .unwrap();
    assert_eq!(client.get(&bucket, "big").await.unwrap().len(), 10_485_760);
    assert!(
        client.list_uploads(&bucket).await.unwrap().is_empty(),
        "nothing is left open"
    );
}

#[tokio::test]
async fn moto_knows_buckets_objects_and_roles() {
    let server = Moto::shared().unwrap().server();
    let bucket = server.fresh_bucket("shapes").await.unwrap();
    server.client().put(&bucket, "a//b", "1").await.unwrap();
    let listed = server.client().list(&bucket, "").await.unwrap();
    assert_eq!(listed[0].key, "a//b", "moto keeps empty segments");
    let keys = server
        .client()
        .assume_role("arn:aws:iam::123456789012:role/any", "t")
        .await;
    assert!(
        keys.unwrap().session_token.is_some(),
        "keys of a role have a token"
    );
}

#[test]
fn a_server_ends_and_leaves_nothing_when_it_is_dropped() {
    let weed = SeaweedFs::start().unwrap();
    let scratch = weed.scratch().to_owned();
    let address = weed.server().endpoint().replace("http://", "");
    assert!(scratch.is_dir(), "it keeps its data there");
    assert!(std::net::TcpStream::connect(&address).is_ok(), "it answers");
    drop(weed);
    assert!(
        std::net::TcpStream::connect(&address).is_err(),
        "nobody listens any more"
    );
    assert!(!scratch.exists(), "the scratch directory is gone");
}

#[test]
fn a_server_ends_and_leaves_nothing_when_its_parent_is_killed() {
    let mut parent = std::process::Command::new(env!("CARGO_BIN_EXE_longshore-server"))
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = std::io::BufReader::new(parent.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    let address = ready["endpoint"].as_str().unwrap().replace("http://", "");
    assert!(std::net::TcpStream::connect(&address).is_ok(), "{line}");
    parent.kill().unwrap();
    parent.wait().unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while std::net::TcpStream::connect(&address).is_ok() {
        assert!(
            std::time::Instant::now() < deadline,
            "the server outlived its parent"
        );
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

#[tokio::test]
async fn samples_are_filled_once_and_can_be_read() {
    let server = SeaweedFs::shared().unwrap().server();
    let client: S3 = server.client();
    samples::fill(&client).await.unwrap();
    let survey = client.list("harbour-survey", "").await.unwrap();
    assert!(
        survey
            .iter()
            .any(|object| object.key.starts_with("photos/2026/魚市場/"))
    );
    let picture = client
        .get(
            "harbour-survey",
            "photos/2026/north-pier/north-pier-001.png",
        )
        .await;
    assert!(
        picture.unwrap().starts_with(b"\x89PNG"),
        "a picture is a picture"
    );
    let path = "/harbour-survey/README.md";
    let edited = client
        .send(Method::PUT, path, &[], &[], "edited by hand")
        .await
        .unwrap();
    assert!(edited.status.is_success(), "a person may edit a sample");
    samples::fill(&client).await.unwrap();
    let read = client.get("harbour-survey", "README.md").await.unwrap();
    assert_eq!(
        read, "edited by hand",
        "a second filling leaves what a person changed"
    );
}

#[tokio::test]
async fn a_server_with_a_directory_of_its_own_keeps_its_objects_over_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let start = async || {
        let dir = dir.path().to_owned();
        tokio::task::spawn_blocking(move || SeaweedFs::start_in(&dir))
            .await
            .unwrap()
            .unwrap()
    };
    let weed = start().await;
    weed.server().client().create_bucket("kept").await.unwrap();
    weed.server()
        .client()
        .put("kept", "a", "first")
        .await
        .unwrap();
    drop(weed);
    let weed = start().await;
    assert_eq!(
        weed.server().client().get("kept", "a").await.unwrap(),
        "first"
    );
    weed.server()
        .client()
        .put("kept", "b", "second")
        .await
        .unwrap();
    assert_eq!(
        weed.server().client().get("kept", "b").await.unwrap(),
        "second"
    );
}

#[tokio::test]
async fn a_server_with_samples_shows_them_and_nothing_of_the_tests() {
    let weed = tokio::task::spawn_blocking(|| SeaweedFs::start().unwrap())
        .await
        .unwrap();
    let client = weed.server().client();
    samples::fill(&client).await.unwrap();
    let answer = client.send(Method::GET, "/", &[], &[], "").await.unwrap();
    let body = String::from_utf8(answer.body.to_vec()).unwrap();
    let mut names: Vec<_> = body
        .split("<Name>")
        .skip(1)
        .filter_map(|rest| rest.split("</Name>").next())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        samples::BUCKETS,
        "a first look meets no bucket of a test: {body}"
    );
}
