//! The fault proxy in front of SeaweedFS: it is transparent until a rule says otherwise, it counts
//! what crossed, and each fault is the one it claims to be.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use http::Method;
use longshore_tests::proxy::{Action, Proxy, Rule, control};
use longshore_tests::s3::{Answer, S3};
use longshore_tests::servers::{SeaweedFs, Server};

/// A proxy, a client through it, and a bucket behind it.
struct Behind {
    proxy: Proxy,
    client: S3,
    server: &'static Server,
    bucket: String,
}

impl Behind {
    async fn new() -> Self {
        let server = SeaweedFs::shared().unwrap().server();
        let proxy = Proxy::start(server.endpoint()).unwrap();
        let keys = server.client().keys().clone();
        let client = S3::new(&proxy.endpoint(), server.region(), keys);
        let bucket = server.fresh_bucket("proxied").await.unwrap();
        Self {
            proxy,
            client,
            server,
            bucket,
        }
    }

    async fn get(&self, key: &str) -> anyhow::Result<Answer> {
        let path = format!("/{}/{key}", self.bucket);
        self.client.send(Method::GET, &path, &[], &[], "").await
    }

    async fn put(&self, key: &str, body: Vec<u8>) -> anyhow::Result<Answer> {
        let path = format!("/{}/{key}", self.bucket);
        self.client.send(Method::PUT, &path, &[], &[], body).await
    }

    /// Whether the server itself holds the object.
    async fn held(&self, key: &str) -> bool {
        self.server
            .client()
            .head(&self.bucket, key)
            .await
            .unwrap()
            .is_some()
    }
}

#[tokio::test]
async fn signed_requests_pass_unchanged_and_are_recorded() {
    let b = Behind::new().await;
    let body = vec![5_u8; 300_000];
    b.client
        .put(&b.bucket, "a b+c/ü.bin", body.clone())
        .await
        .unwrap();
    assert_eq!(b.client.get(&b.bucket, "a b+c/ü.bin").await.unwrap(), body);
    assert_eq!(b.client.list(&b.bucket, "a b").await.unwrap().len(), 1);
    let requests = b.proxy.requests();
    assert_eq!(requests.len(), 3, "{requests:#?}");
    assert_eq!(requests[0].method, "PUT");
    assert_eq!(
        requests[0].path,
        format!("/{}/a b+c/ü.bin", b.bucket),
        "the path is decoded"
    );
    assert_eq!(
        (requests[0].body_received, requests[0].status),
        (300_000, Some(200))
    );
    assert_eq!(
        requests[1].body_returned, 300_000,
        "bytes of a response are counted"
    );
    assert_eq!(requests[2].query["prefix"], "a b");
    assert!(
        !requests[0].headers.contains_key("authorization"),
        "no credential is recorded"
    );
}

#[tokio::test]
async fn parts_are_counted_by_number_over_all_attempts() {
    let b = Behind::new().await;
    let id = b.client.create_upload(&b.bucket, "big").await.unwrap();
    b.proxy.add(
        Rule::on("PUT")
            .query("partNumber=2")
            .nth(1)
            .then(Action::CommittedButLost),
    );
    let send = |number| {
        b.client
            .upload_part((&b.bucket, "big"), &id, number, vec![1; 1000])
    };
    send(1).await.unwrap();
    assert!(send(2).await.is_err(), "the answer was lost");
    send(2).await.unwrap();
    assert_eq!(b.proxy.bytes_of_part("big", 1), 1000);
    assert_eq!(
        b.proxy.bytes_of_part("big", 2),
        2000,
        "both attempts are counted"
    );
    let held = b
        .server
        .client()
        .list_parts(&b.bucket, "big", &id)
        .await
        .unwrap();
    // SeaweedFS lists a part that was sent twice twice.
    let numbers: BTreeSet<u32> = held.iter().map(|part| part.number).collect();
    assert_eq!(
        numbers,
        BTreeSet::from([1, 2]),
        "the lost answer's part was committed: {held:?}"
    );
}

#[tokio::test]
async fn a_lost_response_was_committed_and_a_reset_before_headers_was_not() {
    let b = Behind::new().await;
    b.proxy
        .add(Rule::on("PUT").path("lost").then(Action::CommittedButLost));
    b.proxy.add(
        Rule::on("PUT")
            .path("reset")
            .then(Action::ResetBeforeHeaders),
    );
    b.proxy
        .add(Rule::on("PUT").path("refused").then(Action::Refuse));
    for key in ["lost", "reset", "refused"] {
        assert!(
            b.put(key, vec![1; 1000]).await.is_err(),
            "{key} has no answer"
        );
    }
    assert!(
        b.held("lost").await,
        "the server committed before the answer was lost"
    );
    assert!(!b.held("reset").await, "nothing reached the server");
    assert!(!b.held("refused").await);
    let lost = &b.proxy.requests()[0];
    assert_eq!(
        (lost.status, lost.rule.as_deref()),
        (Some(200), Some("CommittedButLost"))
    );
}

#[tokio::test]
async fn an_upload_is_reset_in_the_middle_of_its_body() {
    let b = Behind::new().await;
    b.proxy
        .add(Rule::on("PUT").then(Action::ResetAfter { bytes: 100_000 }));
    assert!(b.put("torn", vec![1; 1_000_000]).await.is_err());
    assert!(!b.held("torn").await, "a torn body is no object");
    assert_eq!(
        b.proxy.requests()[0].body_received,
        100_000,
        "exactly as many bytes passed"
    );
}

#[tokio::test]
async fn a_download_is_reset_in_the_middle_of_its_body() {
    let b = Behind::new().await;
    b.put("whole", vec![1; 1_000_000]).await.unwrap();
    b.proxy.add(
        Rule::on("GET")
            .nth(1)
            .then(Action::ResetAfter { bytes: 100_000 }),
    );
    assert!(b.get("whole").await.is_err(), "the body was cut");
    assert_eq!(
        b.get("whole").await.unwrap().body.len(),
        1_000_000,
        "the rule applied once"
    );
}

#[tokio::test]
async fn a_stalled_body_moves_no_further_until_the_rule_is_cleared() {
    let b = Behind::new().await;
    let rule = b
        .proxy
        .add(Rule::on("PUT").then(Action::Stall { bytes: 4096 }));
    let (client, path) = (b.client.clone(), format!("/{}/stalled", b.bucket));
    let sending = tokio::spawn(async move {
        client
            .send(Method::PUT, &path, &[], &[], vec![1; 1_000_000])
            .await
    });
    b.proxy.arrived(rule, 1).await.unwrap();
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while b.proxy.requests().last().unwrap().body_received < 4096 {
        assert!(std::time::Instant::now() < deadline, "the first bytes pass");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(!sending.is_finished(), "the request hangs");
    b.proxy.clear();
    assert!(
        sending.await.unwrap().is_err(),
        "a cleared stall ends in a reset"
    );
    assert!(!b.held("stalled").await);
}

#[tokio::test]
async fn held_requests_wait_at_the_gate_and_then_succeed() {
    let b = Behind::new().await;
    let gate = b.proxy.hold(Rule::on("PUT").path("held"));
    let mut sending = tokio::task::JoinSet::new();
    for number in 0..3 {
        let (client, path) = (b.client.clone(), format!("/{}/held-{number}", b.bucket));
        sending.spawn(async move { client.send(Method::PUT, &path, &[], &[], "x").await });
    }
    b.proxy.arrived(gate, 3).await.unwrap();
    assert!(!b.held("held-0").await, "nothing passes the gate");
    b.proxy.release(gate);
    for answer in sending.join_all().await {
        assert_eq!(answer.unwrap().status, 200);
    }
    assert!(b.held("held-2").await);
}

#[tokio::test]
async fn answers_of_the_proxy_look_like_s3s() {
    let b = Behind::new().await;
    let slow = Action::Status {
        status: 503,
        code: "SlowDown".into(),
        body: None,
        headers: vec![("retry-after".into(), "1".into())],
    };
    b.proxy
        .add(Rule::on("PUT").path("slow").times(2).then(slow));
    b.proxy
        .add(Rule::on("PUT").path("ok").then(Action::Ok200WithError {
            code: "InternalError".into(),
        }));
    b.proxy.add(
        Rule::on("PUT")
            .path("skew")
            .then(Action::DateSkew { seconds: 3600 }),
    );
    b.proxy
        .add(Rule::on("PUT").path("moved").then(Action::Redirect {
            status: 301,
            location: "http://elsewhere:1/".into(),
            region: "eu-central-1".into(),
        }));
    for _ in 0..2 {
        let answer = b.put("slow", vec![]).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.error_code().unwrap()),
            (503, "SlowDown".into())
        );
        assert_eq!(answer.headers["retry-after"], "1");
    }
    assert_eq!(
        b.put("slow", vec![]).await.unwrap().status,
        200,
        "the third time it passes"
    );
    let answer = b.put("ok", vec![]).await.unwrap();
    assert_eq!(answer.status, 200);
    assert!(
        answer.success("PUT").is_err(),
        "200 with <Error> is a failure"
    );
    let answer = b.put("skew", vec![]).await.unwrap();
    assert_eq!(answer.error_code().as_deref(), Some("RequestTimeTooSkewed"));
    let answer = b.put("moved", vec![]).await.unwrap();
    assert_eq!(answer.headers["x-amz-bucket-region"], "eu-central-1");
    assert_eq!(answer.error_code().as_deref(), Some("PermanentRedirect"));
}

#[tokio::test]
async fn responses_of_the_server_are_changed_on_their_way() {
    let b = Behind::new().await;
    b.proxy
        .add(Rule::on("PUT").path("none").then(Action::NoETag));
    b.proxy
        .add(Rule::on("PUT").path("wrong").then(Action::WrongETag));
    assert!(
        !b.put("none", vec![1])
            .await
            .unwrap()
            .headers
            .contains_key("etag")
    );
    let wrong = b.put("wrong", vec![1]).await.unwrap().headers["etag"].clone();
    let right = b.put("right", vec![1]).await.unwrap().headers["etag"].clone();
    assert_ne!(
        wrong, right,
        "the same body has another ETag under the rule"
    );
    b.proxy.add(
        Rule::on("GET")
            .path("right")
            .nth(1)
            .then(Action::FlipBit { at: 0 }),
    );
    assert_eq!(
        b.get("right").await.unwrap().body.as_ref(),
        [0],
        "one bit is flipped"
    );
    assert_eq!(b.get("right").await.unwrap().body.as_ref(), [1]);
    b.proxy
        .add(Rule::on("GET").path("right").then(Action::ReplaceBody {
            body: "<not".into(),
        }));
    assert_eq!(b.get("right").await.unwrap().body, "<not");
    b.proxy.add(
        Rule::on("PUT")
            .path("bad")
            .then(Action::FlipBitSent { at: 3 }),
    );
    b.put("bad", vec![1; 10]).await.unwrap();
    let stored = b.server.client().get(&b.bucket, "bad").await.unwrap();
    assert_eq!(
        stored.as_ref(),
        [1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
        "SeaweedFS checks no payload hash"
    );
}

#[tokio::test]
async fn a_proxy_that_is_offline_refuses_connections_until_it_is_online() {
    let b = Behind::new().await;
    b.put("before", vec![1]).await.unwrap();
    b.proxy.go_offline().await;
    let error = b.put("during", vec![1]).await.unwrap_err();
    assert!(format!("{error:#}").contains("cannot connect"), "{error:#}");
    b.proxy.go_online().await.unwrap();
    b.put("after", vec![1]).await.unwrap();
}

#[tokio::test]
async fn a_throttled_body_arrives_whole() {
    let b = Behind::new().await;
    b.proxy.add(Rule::on_any().then(Action::Throttle {
        bytes_per_second: 2_000_000,
    }));
    let body: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    b.put("slowly", body.clone()).await.unwrap();
    assert_eq!(b.get("slowly").await.unwrap().body, body);
}

#[tokio::test]
async fn rules_are_added_and_requests_read_over_the_remote_control() {
    let server = SeaweedFs::shared().unwrap().server();
    let proxy = std::sync::Arc::new(Proxy::start(server.endpoint()).unwrap());
    let control = control::serve(std::sync::Arc::clone(&proxy)).await.unwrap();
    // The control speaks plain HTTP, so the tests' own client can reach it.
    let remote = server.client_as(longshore_tests::s3::Keys::anonymous());
    let remote = S3::new(&format!("http://{control}"), "none", remote.keys().clone());
    let rule =
        r#"{"method":"GET","nth":1,"action":{"do":"status","status":500,"code":"InternalError"}}"#;
    let json = [("content-type", "application/json")];
    let added = remote
        .send(Method::POST, "/rules", &[], &json, rule)
        .await
        .unwrap();
    assert_eq!(added.body, r#"{"id":1}"#, "{added:?}");
    let client = S3::new(
        &proxy.endpoint(),
        server.region(),
        server.client().keys().clone(),
    );
    assert!(client.buckets().await.is_err(), "the rule applies");
    client.buckets().await.expect("the rule applies once");
    let applied = remote
        .send(Method::GET, "/rules/1", &[], &[], "")
        .await
        .unwrap();
    assert_eq!(applied.body, r#"{"applied":1}"#);
    let requests = remote
        .send(Method::GET, "/requests", &[], &[], "")
        .await
        .unwrap();
    let requests: serde_json::Value = serde_json::from_slice(&requests.body).unwrap();
    assert_eq!(requests[0]["status"], 500);
    assert_eq!(requests[0]["rule"], "Status");
    let misspelt = remote
        .send(Method::POST, "/rules", &[], &json, r#"{"methd":"GET"}"#)
        .await;
    assert!(
        misspelt.unwrap().status.is_client_error(),
        "a misspelt rule is refused"
    );
}
