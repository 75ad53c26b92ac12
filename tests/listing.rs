//! Listings over a server that nobody here wrote: pages, windows, orders, filters, an early end.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use futures_util::{StreamExt as _, stream};
use longshore_engine::ErrorKind;
use longshore_engine::event::EngineEvent;
use longshore_engine::identity::{IdentityOptions, SessionDraft, Sessions, Source};
use longshore_engine::listing::{ListingPhase, ListingRequest, ListingView, Listings, SortColumn};
use longshore_engine::model::{BucketName, ListingId, ObjectKey, Prefix};
use longshore_engine::store::{PathStyle, RowKind, Store};
use longshore_tests::servers::{SeaweedFs, Server};
use tokio::sync::broadcast;

/// More than two pages of a thousand.
const KEYS: usize = 2_500;

async fn store_of(server: &Server, dir: &Path) -> Store {
    let nowhere = dir.join("none").display().to_string();
    let options = IdentityOptions {
        data_dir: dir.to_owned(),
        environment: BTreeMap::from([
            ("AWS_CONFIG_FILE".to_owned(), nowhere.clone()),
            ("AWS_SHARED_CREDENTIALS_FILE".to_owned(), nowhere),
            ("LONGSHORE_KEYCHAIN".to_owned(), "memory".to_owned()),
        ]),
        keychain_service: "longshore-test".to_owned(),
    };
    let sessions = Sessions::open(options, broadcast::channel(16).0).unwrap();
    let draft = SessionDraft {
        id: None,
        name: "lab".to_owned(),
        colour: None,
        source: Source::Keychain {
            access_key_id: server.access_key().to_owned(),
        },
        secret: Some(server.secret_key().to_owned().into()),
        session_token: None,
        chain: Vec::new(),
        endpoint_url: Some(server.endpoint().to_owned()),
        region: None,
        path_style: PathStyle::Auto,
        read_only: false,
        trust_plain_http: false,
    };
    let id = sessions.save(draft).await.unwrap();
    Store::connect(sessions.connection(&id).await.unwrap()).unwrap()
}

async fn fill(server: &Server, bucket: &str) {
    let client = server.client();
    let keys = (0..KEYS)
        .map(|i| (format!("many/{i:05}.txt"), "x".repeat(i % 7)))
        .chain((0..3).map(|i| (format!("many/sub{i}/Ünder é/a.txt"), "y".to_owned())));
    let puts = stream::iter(keys).map(|(key, body)| {
        let client = &client;
        async move { client.put(bucket, &key, body).await.unwrap() }
    });
    puts.buffer_unordered(32).for_each(|_| async {}).await;
}

fn request(store: &Store, bucket: &str, prefix: &str) -> ListingRequest {
    ListingRequest {
        session: store.session().clone(),
        bucket: BucketName::parse(bucket).unwrap(),
        prefix: Prefix::new(prefix),
        recursive: false,
    }
}

fn key_at(listings: &Listings, id: &ListingId, at: u64) -> String {
    listings.rows(id, at, 1).unwrap().rows.remove(0).key
}

#[tokio::test]
async fn thousands_of_keys_come_in_pages_and_are_read_in_windows() {
    let server = SeaweedFs::shared().unwrap().server();
    let bucket = server.fresh_bucket("listing").await.unwrap();
    fill(server, &bucket).await;
    let dir = tempfile::tempdir().unwrap();
    let store = store_of(server, dir.path()).await;
    let (events, mut told) = broadcast::channel(4096);
    let listings = Listings::new(events);

    let id = listings
        .open(store.clone(), request(&store, &bucket, "many/"))
        .unwrap();
    let ended = listings.finished(&id).await.unwrap();
    assert_eq!(ended.phase, ListingPhase::Complete, "{:?}", ended.error);
    assert_eq!(
        ended.rows,
        (KEYS + 3) as u64,
        "every object and every folder of one level"
    );
    assert!(
        ended.requests >= 3,
        "a page has a thousand keys at most: {}",
        ended.requests
    );
    let expected: u64 = (0..KEYS as u64).map(|i| i % 7).sum();
    assert_eq!(ended.bytes, expected, "the folders' bytes are not in it");
    let event = told.recv().await.unwrap();
    assert_eq!(
        event,
        EngineEvent::ListingChanged(id.clone()),
        "whoever shows it is told"
    );

    let window = listings.rows(&id, 0, 5).unwrap().rows;
    assert_eq!(window[0].kind, RowKind::Prefix, "folders come first");
    assert_eq!(window[0].key, "many/sub0/", "with their whole prefix");
    assert_eq!(window[3].key, "many/00000.txt", "then objects by name");
    assert!(
        window[4].etag.is_some() && window[4].modified.is_some(),
        "with what is listed"
    );
    let tail = listings.rows(&id, ended.rows - 2, 500).unwrap().rows;
    assert_eq!(tail.len(), 2, "a window ends with the rows");
    assert_eq!(
        tail[1].key,
        format!("many/{:05}.txt", KEYS - 1),
        "the last row is the last key"
    );

    orders_and_filters(&listings, &id).await;
    listings.close(&id);
    assert_eq!(
        listings.status(&id).unwrap_err().kind(),
        ErrorKind::Gone,
        "it was closed"
    );

    // Nothing was awaited between the two, so that no page came.
    let id = listings
        .open(store.clone(), request(&store, &bucket, "many/"))
        .unwrap();
    listings.cancel(&id).unwrap();
    let ended = listings.finished(&id).await.unwrap();
    assert_eq!(ended.phase, ListingPhase::Cancelled, "it was cancelled");
    assert_eq!(ended.requests, 0, "and asked the server nothing more");
}

async fn orders_and_filters(listings: &Listings, id: &ListingId) {
    let view = |sort, descending, filter: &str| ListingView {
        sort,
        descending,
        filter: filter.to_owned(),
    };
    listings
        .show(id, view(SortColumn::Size, true, ""))
        .await
        .unwrap();
    assert_eq!(
        key_at(listings, id, 3),
        "many/00006.txt",
        "the largest, first by name among alike"
    );
    let key = ObjectKey::parse("many/00013.txt").unwrap();
    assert_eq!(
        listings.position(id, &key).unwrap(),
        Some(4),
        "the next of its size"
    );
    let before = listings.status(id).unwrap().revision;
    let shown = listings
        .show(id, view(SortColumn::Name, false, "0249"))
        .await
        .unwrap();
    assert_eq!(shown.rows, 11, "00249, and 02490 to 02499");
    assert!(shown.revision > before, "an older window is stale");
    assert_eq!(shown.total, (KEYS + 3) as u64, "the rest is still known");
    listings
        .show(id, view(SortColumn::Name, true, ""))
        .await
        .unwrap();
    assert_eq!(
        key_at(listings, id, 0),
        "many/sub2/",
        "folders stay first, the last name leading"
    );
    assert_eq!(
        listings.find_name(id, 0, "0000").unwrap(),
        Some((KEYS + 3 - 10) as u64),
        "00009"
    );
}

#[tokio::test]
async fn a_listing_of_no_bucket_fails_with_the_servers_reason() {
    let server = SeaweedFs::shared().unwrap().server();
    let dir = tempfile::tempdir().unwrap();
    let store = store_of(server, dir.path()).await;
    let listings = Listings::new(broadcast::channel(16).0);
    let missing = longshore_tests::servers::fresh_name("nowhere");
    let id = listings
        .open(store.clone(), request(&store, &missing, ""))
        .unwrap();
    let ended = listings.finished(&id).await.unwrap();
    assert_eq!(
        ended.phase,
        ListingPhase::Failed,
        "there is nothing to list"
    );
    assert_eq!(
        ended.error.unwrap().kind(),
        ErrorKind::NoSuchBucket,
        "and that is said"
    );
}
