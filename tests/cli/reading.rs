//! Buckets, listings and single objects: what is printed of them.

use longshore_tests::servers::fresh_name;

use crate::terminal::{Terminal, names, weed};

#[test]
fn buckets_are_created_listed_and_deleted() {
    let terminal = Terminal::at(weed().server());
    let name = fresh_name("cli-buckets");
    let made = terminal.json(&["buckets", "create", &name]);
    assert_eq!(made[0]["state"], "created", "it says what it did");
    let listed = terminal.json(&["buckets"]);
    let own = listed
        .iter()
        .find(|line| line["name"] == name.as_str())
        .expect("it is listed");
    assert_eq!(own["type"], "bucket", "one line a bucket");
    let again = terminal.failure(&["buckets", "create", &name]);
    assert_eq!(
        again,
        (1, "bucketExists".to_owned()),
        "a taken name is said"
    );
    terminal.json(&["buckets", "delete", &name]);
    let gone = terminal.run(&["buckets", "delete", &name]);
    let said = String::from_utf8_lossy(&gone.stderr).into_owned();
    assert!(
        said.contains("Could not delete") && said.contains("no such bucket"),
        "what was asked for did not happen: {said}"
    );
    let short = terminal.failure(&["buckets", "create", "ab"]);
    assert_eq!(
        short,
        (2, "badInput".to_owned()),
        "no server takes such a name"
    );
    let listed = terminal.json(&["buckets"]);
    assert!(
        listed.iter().all(|line| line["name"] != name.as_str()),
        "it is gone"
    );
}

#[tokio::test]
async fn listing_and_stat_print_the_lines_of_the_design() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-ls").await.unwrap();
    for key in ["a/1.txt", "a/b/2.txt", "top.txt"] {
        server
            .client()
            .put(&bucket, key, "four")
            .await
            .unwrap()
            .success("put")
            .unwrap();
    }
    let terminal = Terminal::at(server);
    let level = terminal.json(&["ls", &format!("s3://{bucket}/")]);
    let prefix = level
        .iter()
        .find(|line| line["type"] == "prefix")
        .expect("a prefix");
    assert_eq!(
        (names(prefix), &prefix["key"]),
        (vec!["key", "type"], &"a/".into()),
        "a prefix"
    );
    let object = level
        .iter()
        .find(|line| line["type"] == "object")
        .expect("an object");
    let fields = [
        "etag",
        "key",
        "lastModified",
        "size",
        "storageClass",
        "type",
    ];
    assert_eq!(names(object), fields, "an object's fields");
    assert_eq!(
        (&object["key"], &object["size"]),
        (&"top.txt".into(), &4.into()),
        "its key and size"
    );
    let all = terminal.json(&["ls", &format!("s3://{bucket}"), "--recursive"]);
    let keys: Vec<_> = all
        .iter()
        .map(|line| line["key"].as_str().unwrap())
        .collect();
    assert_eq!(
        keys,
        ["a/1.txt", "a/b/2.txt", "top.txt"],
        "everything below"
    );
}

#[tokio::test]
async fn stat_says_what_is_known_and_leaves_out_the_rest() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-stat").await.unwrap();
    let put = server.client().put(&bucket, "top.txt", "four").await;
    put.unwrap().success("put").unwrap();
    let terminal = Terminal::at(server);
    let stat = terminal
        .json(&["stat", &format!("s3://{bucket}/top.txt")])
        .remove(0);
    assert_eq!(
        (&stat["key"], &stat["size"]),
        (&"top.txt".into(), &4.into()),
        "the object"
    );
    assert!(
        stat["metadata"].is_object() && stat["system"].is_object(),
        "headers: {stat}"
    );
    assert!(
        !stat.to_string().contains("null"),
        "what is unknown is absent: {stat}"
    );
    let missing = terminal.failure(&["stat", &format!("s3://{bucket}/nothing")]);
    assert_eq!(
        missing,
        (1, "noSuchKey".to_owned()),
        "a key that is not there"
    );
}
