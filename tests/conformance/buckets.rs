//! Buckets: made, found, opened, thrown away.

use longshore_engine::ErrorKind;
use longshore_engine::bucket;
use longshore_engine::model::BucketName;
use longshore_tests::servers::fresh_name;

use crate::ground::Ground;

on_each_server!(
    a_created_bucket_is_listed_and_opened_by_name,
    a_bucket_that_is_not_there_is_no_such_bucket,
    a_bucket_that_exists_is_not_created_again_silently,
    a_bucket_with_an_object_is_not_deleted,
    an_empty_bucket_is_deleted_and_gone,
    versioning_is_told_and_remembered,
    a_connection_is_tried_and_says_what_it_found,
);

fn fresh(purpose: &str) -> BucketName {
    BucketName::parse(fresh_name(purpose)).unwrap()
}

async fn a_created_bucket_is_listed_and_opened_by_name(ground: &Ground) {
    let name = fresh("made");
    bucket::create(&ground.store, &name, None).await.unwrap();
    let listed = bucket::list(&ground.store).await.unwrap();
    let found = listed
        .iter()
        .find(|entry| entry.name == name)
        .expect("the new bucket is listed");
    assert!(
        found.created.is_some_and(|time| time.0 > 0),
        "ListBuckets says when it was made"
    );
    let opened = bucket::open_by_name(&ground.store, &name).await.unwrap();
    assert_eq!(opened.name, name, "it opens without ListBuckets");
}

async fn a_bucket_that_is_not_there_is_no_such_bucket(ground: &Ground) {
    let name = fresh("nowhere");
    let error = bucket::open_by_name(&ground.store, &name)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchBucket, "{error:?}");
    assert!(
        error.message().contains(name.as_str()),
        "the sentence names it: {error}"
    );
    let error = bucket::delete(&ground.store, &name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoSuchBucket, "{error:?}");
}

async fn a_bucket_that_exists_is_not_created_again_silently(ground: &Ground) {
    let name = ground.bucket("twice").await;
    // In us-east-1, S3 itself lets an owner create a bucket again; elsewhere it is a conflict.
    match bucket::create(&ground.store, &name, None).await {
        Ok(()) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::BucketExists, "{error:?}"),
    }
    bucket::open_by_name(&ground.store, &name).await.unwrap();
}

async fn a_bucket_with_an_object_is_not_deleted(ground: &Ground) {
    let name = ground.bucket("full").await;
    ground.put(&name, "kept.txt", "still here").await;
    let error = bucket::delete(&ground.store, &name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BucketNotEmpty, "{error:?}");
    let answer = ground
        .server
        .client()
        .get(name.as_str(), "kept.txt")
        .await
        .unwrap();
    assert_eq!(answer, "still here", "a refused delete deletes nothing");
}

async fn an_empty_bucket_is_deleted_and_gone(ground: &Ground) {
    let name = ground.bucket("empty").await;
    bucket::delete(&ground.store, &name).await.unwrap();
    let left = ground.server.client().buckets().await.unwrap();
    assert!(
        !left.contains(&name.as_str().to_owned()),
        "the server does not list it any more"
    );
}

async fn versioning_is_told_and_remembered(ground: &Ground) {
    use longshore_engine::capability::Feature;
    let name = ground.bucket("versions").await;
    let told = ground.store.versioning(&ground.ctx, &name).await.unwrap();
    assert_eq!(told, Some(false), "a new bucket keeps no versions");
    assert_eq!(
        ground.store.capabilities().known(Feature::Versioning),
        Some(true),
        "the answer showed that the server knows the question"
    );
    enable_versions(ground, &name).await;
    let told = ground.store.versioning(&ground.ctx, &name).await.unwrap();
    assert_eq!(told, Some(true), "it was switched on");
}

/// Switches versioning on with a hand of its own.
pub(crate) async fn enable_versions(ground: &Ground, name: &BucketName) {
    let body = "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                <Status>Enabled</Status></VersioningConfiguration>";
    ground
        .server
        .client()
        .send(
            http::Method::PUT,
            &format!("/{name}"),
            &[("versioning", "")],
            &[],
            body,
        )
        .await
        .unwrap()
        .success("switch versioning on")
        .unwrap();
}

fn sessions(dir: &std::path::Path) -> longshore_engine::identity::Sessions {
    let environment = [
        ("HOME", dir.to_string_lossy().into_owned()),
        (
            "AWS_CONFIG_FILE",
            dir.join("config").to_string_lossy().into_owned(),
        ),
        (
            "AWS_SHARED_CREDENTIALS_FILE",
            dir.join("credentials").to_string_lossy().into_owned(),
        ),
    ];
    let options = longshore_engine::identity::IdentityOptions {
        data_dir: dir.to_path_buf(),
        environment: environment
            .map(|(name, value)| (name.to_owned(), value))
            .into(),
        keychain_service: "longshore-conformance".into(),
    };
    let (events, _) = tokio::sync::broadcast::channel(16);
    longshore_engine::identity::Sessions::open(options, events).unwrap()
}

async fn a_connection_is_tried_and_says_what_it_found(ground: &Ground) {
    let dir = tempfile::tempdir().unwrap();
    ground.bucket("tried").await;
    let test = bucket::try_connection(&sessions(dir.path()), ground.store.connection().clone())
        .await
        .unwrap();
    assert!(
        test.buckets.is_some_and(|count| count >= 1),
        "it may list buckets: {test:?}"
    );
    assert!(
        test.identity.is_some(),
        "the server says who we are: {test:?}"
    );
    assert!(test.notes.is_empty(), "nothing is odd: {test:?}");
}

#[tokio::test]
async fn a_try_notes_what_is_odd_and_fails_only_where_nothing_works() {
    use longshore_tests::proxy::{Action, Proxy, Rule};
    let ground = crate::ground::seaweedfs();
    let dir = tempfile::tempdir().unwrap();
    let sessions = sessions(dir.path());
    let proxy = Proxy::start(ground.server.endpoint()).unwrap();
    proxy.add(Rule::on("GET").then(Action::Status {
        status: 403,
        code: "AccessDenied".into(),
        body: None,
        headers: Vec::new(),
    }));
    let mut connection = ground.store.connection().clone();
    connection.endpoint_url = Some(proxy.endpoint());
    let test = bucket::try_connection(&sessions, connection.clone())
        .await
        .unwrap();
    assert_eq!(test.buckets, None, "the buckets are unknown, not none");
    assert!(
        test.notes
            .iter()
            .any(|note| note.contains("may not list buckets")),
        "it is said: {test:?}"
    );
    proxy.clear();
    proxy.add(Rule::on_any().then(Action::ReplaceBody {
        body: "<html></html>".into(),
    }));
    let error = bucket::try_connection(&sessions, connection)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotS3, "{error:?}");
}
