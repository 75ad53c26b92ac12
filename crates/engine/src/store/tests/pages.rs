//! Pages of a list that make no sense, lead nowhere or break off.

use super::super::ListRequest;
use super::{Stranger, http, page, store};
use crate::error::ErrorKind;

#[tokio::test]
async fn a_page_that_makes_no_sense_never_ends_a_listing() {
    let more = "<IsTruncated>true</IsTruncated>";
    let row = |size: &str| format!("<Contents><Key>k</Key><Size>{size}</Size></Contents>");
    let nonsense = [
        ("no token", more.to_owned()),
        (
            "an empty token",
            format!("{more}<NextContinuationToken></NextContinuationToken>"),
        ),
        ("a size below nothing", row("-1")),
        ("a size beyond all", row("99999999999999999999")),
        ("no size", "<Contents><Key>k</Key></Contents>".to_owned()),
        ("no key", "<Contents><Size>1</Size></Contents>".to_owned()),
        (
            "a time that is none",
            format!(
                "{}<Contents><LastModified>soon</LastModified></Contents>",
                row("1")
            ),
        ),
        (
            "an entity of its own",
            "<Contents><Key>&xxe;</Key><Size>1</Size></Contents>".to_owned(),
        ),
        ("an end too early", "<Contents><Key>k".to_owned()),
    ];
    for (what, inside) in nonsense {
        let whole = match what {
            "an end too early" => format!("<ListBucketResult>{inside}"),
            _ => format!("<ListBucketResult>{inside}</ListBucketResult>"),
        };
        let stranger = Stranger::saying(&http("200 OK", "application/xml", &whole)).await;
        let store = store(&stranger.endpoint);
        let error = store
            .list_page(&store.context(), &page())
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotS3, "{what}: {error:?}");
    }
}

#[tokio::test]
async fn a_token_that_leads_back_is_noticed() {
    let body = "<ListBucketResult><IsTruncated>true</IsTruncated>\
                <NextContinuationToken>again</NextContinuationToken></ListBucketResult>";
    let stranger = Stranger::saying(&http("200 OK", "application/xml", body)).await;
    let store = store(&stranger.endpoint);
    let first = store.list_page(&store.context(), &page()).await.unwrap();
    assert_eq!(
        first.next_token.as_deref(),
        Some("again"),
        "the first time it may be new"
    );
    let request = ListRequest {
        token: first.next_token,
        ..page()
    };
    let error = store
        .list_page(&store.context(), &request)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotS3, "{error:?}");
}

#[tokio::test]
async fn a_page_that_breaks_off_is_a_broken_connection() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<ListBucketResult>";
    let stranger = Stranger::saying(answer).await;
    let store = store(&stranger.endpoint);
    let error = store
        .list_page(&store.context(), &page())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Offline, "{error:?}");
    assert_eq!(stranger.requests().len(), 3, "it is worth three attempts");
}
