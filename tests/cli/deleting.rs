//! `rm`: what goes, what stays, and what its dry run says.

use crate::terminal::{Terminal, lines, names, weed};

#[tokio::test]
async fn a_dry_run_says_what_would_go_and_rm_then_removes_it() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-rm").await.unwrap();
    for key in ["d/1", "d/2", "keep"] {
        server
            .client()
            .put(&bucket, key, "x")
            .await
            .unwrap()
            .success("put")
            .unwrap();
    }
    let terminal = Terminal::at(server);
    let uri = format!("s3://{bucket}/d/");
    let planned = terminal.json(&["rm", &uri, "--recursive", "--dry-run"]);
    let rows: Vec<_> = planned
        .iter()
        .filter(|line| line["type"] == "plan")
        .collect();
    assert_eq!(rows.len(), 2, "one row an object: {planned:?}");
    assert_eq!(
        names(rows[0]),
        ["action", "source", "type", "why"],
        "a plan's fields"
    );
    assert_eq!(
        planned.last().unwrap()["dryRun"],
        true,
        "the summary says so"
    );
    assert_eq!(
        server.client().list(&bucket, "").await.unwrap().len(),
        3,
        "nothing is gone"
    );
    let said = terminal.json(&["rm", &uri, "--recursive"]);
    assert_eq!(said.last().unwrap()["done"], 2, "both are gone: {said:?}");
    let left = server.client().list(&bucket, "").await.unwrap();
    assert_eq!(left.len(), 1, "and nothing else: {left:?}");
}

#[tokio::test]
async fn what_is_not_there_is_said_and_the_rest_goes() {
    let server = weed().server();
    let bucket = server.fresh_bucket("cli-rmmissing").await.unwrap();
    for key in ["a", "b"] {
        let put = server.client().put(&bucket, key, "x").await;
        put.unwrap().success("put").unwrap();
    }
    let terminal = Terminal::at(server);
    let uri = |key: &str| format!("s3://{bucket}/{key}");
    let (a, b, missing) = (uri("a"), uri("b"), uri("missing"));
    let line = ["rm", &a, &missing, &a, &b, "--json"];
    let planned = terminal.run(&[&line[..], &["--dry-run"]].concat());
    assert_eq!(
        planned.status.code(),
        Some(1),
        "the dry run knows: {planned:?}"
    );
    let rows = lines(&planned.stdout);
    assert_eq!(rows[1]["state"], "skipped", "a row says so: {rows:?}");
    let summary = rows.last().unwrap();
    assert_eq!(
        (&summary["items"], &summary["skipped"], &summary["requests"]),
        (&2.into(), &1.into(), &1.into()),
        "each once, in one request: {summary}"
    );
    let run = terminal.run(&line);
    assert_eq!(run.status.code(), Some(1), "as rm does: {run:?}");
    let said = lines(&run.stdout);
    let summary = said.last().unwrap();
    assert_eq!(
        (&summary["done"], &summary["skipped"], &summary["bytesSent"]),
        (&2.into(), &1.into(), &0.into()),
        "{summary}"
    );
    let left = server.client().list(&bucket, "").await.unwrap();
    assert!(left.is_empty(), "the others are gone: {left:?}");
    assert_eq!(
        terminal.failure(&["rm", &missing]),
        (1, "noSuchKey".to_owned()),
        "alone it is an error"
    );
    let listed = terminal.json(&["transfers"]).remove(0);
    assert!(
        listed.get("destination").is_none(),
        "it leads nowhere: {listed}"
    );
    assert_eq!(listed["source"], uri(""), "a URI, no phrase");
}
