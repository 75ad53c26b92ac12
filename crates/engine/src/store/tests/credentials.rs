//! Providers that renew, fail or have nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{
    ProvideCredentials, SharedCredentialsProvider, error::CredentialsError, future,
};

use super::super::{DropCredentials, Store};
use super::{Stranger, connection, http, limits, refusal, store};
use crate::error::{Error, ErrorKind};

#[tokio::test]
async fn an_expired_token_is_renewed_and_the_call_sent_once_more() {
    let stranger = Stranger::answering(|nth| match nth {
        1 => refusal("400 Bad Request", "ExpiredToken"),
        _ => http("200 OK", "application/xml", "<ListAllMyBucketsResult/>"),
    })
    .await;
    let asked = Arc::new(AtomicUsize::new(0));
    let keys = SharedCredentialsProvider::new(Renewing(Arc::clone(&asked)));
    let mut connection = connection(&stranger.endpoint, keys);
    let dropped = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&dropped);
    connection.drop_credentials = Some(DropCredentials::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    }));
    let store = Store::connect_within(connection, limits()).unwrap();
    store.list_buckets(&store.context(), None).await.unwrap();
    assert_eq!(
        dropped.load(Ordering::Relaxed),
        1,
        "the provider dropped what it held"
    );
    assert_eq!(
        asked.load(Ordering::Relaxed),
        2,
        "the provider was asked again"
    );
    let requests = stranger.requests();
    assert!(
        requests[1].contains("AKID2"),
        "the second request is signed with the new key"
    );
}

#[tokio::test]
async fn a_token_that_stays_expired_asks_for_a_sign_in() {
    let stranger = Stranger::saying(&refusal("400 Bad Request", "ExpiredToken")).await;
    let store = store(&stranger.endpoint);
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ExpiredCredentials, "{error:?}");
    assert_eq!(
        error.retry(),
        crate::Retry::AfterSignIn,
        "only a person can help"
    );
    assert_eq!(
        stranger.requests().len(),
        2,
        "renewed once and not for ever"
    );
}

/// Gives another key each time.
#[derive(Debug)]
struct Renewing(Arc<AtomicUsize>);

impl ProvideCredentials for Renewing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let nth = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        let keys = Credentials::new(format!("AKID{nth}"), "secret", None, None, "test");
        future::ProvideCredentials::ready(Ok(keys))
    }
}

/// Fails as our own providers do: with an error of ours inside.
#[derive(Debug)]
struct Locked;

impl ProvideCredentials for Locked {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let ours = Error::new(
            ErrorKind::KeychainLocked,
            "Keychain",
            "The keychain is locked",
        );
        future::ProvideCredentials::ready(Err(CredentialsError::provider_error(ours)))
    }
}

/// Has nothing.
#[derive(Debug)]
struct Without;

impl ProvideCredentials for Without {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let error = CredentialsError::not_loaded("no keys anywhere");
        future::ProvideCredentials::ready(Err(error))
    }
}

#[tokio::test]
async fn a_provider_that_fails_is_told_with_its_own_reason() {
    let stranger = Stranger::saying(&refusal("403 Forbidden", "AccessDenied")).await;
    let locked = connection(&stranger.endpoint, SharedCredentialsProvider::new(Locked));
    let store = Store::connect_within(locked, limits()).unwrap();
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::KeychainLocked, "{error:?}");
    let without = connection(&stranger.endpoint, SharedCredentialsProvider::new(Without));
    let store = Store::connect_within(without, limits()).unwrap();
    let error = store
        .list_buckets(&store.context(), None)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NeedsSignIn, "{error:?}");
    assert!(
        error.message().contains("quay"),
        "the sentence names the session: {error}"
    );
    assert!(
        stranger.requests().is_empty(),
        "nothing was sent without credentials"
    );
}
