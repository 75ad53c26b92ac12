//! The vault against a store that hangs, is locked, or is not there.

use super::*;

fn in_memory() -> Vault {
    let map = [(SWITCH.to_owned(), "memory".to_owned())].into();
    Vault::new(
        "longshore-test",
        super::super::environment::Environment(&map),
        broadcast::channel(1).0,
    )
}

#[tokio::test]
async fn without_a_keychain_a_secret_lives_in_memory_and_is_said_to() {
    let vault = in_memory();
    let id = SessionId::new("s");
    let secret = Secret {
        key: Zeroizing::new("hush".to_owned()),
        token: None,
    };
    assert_eq!(
        vault.keep(&id, secret).await.unwrap(),
        Kept::Memory,
        "it says where"
    );
    assert_eq!(
        vault.secret(&id).await.unwrap().unwrap().key.as_str(),
        "hush",
        "it is there"
    );
    assert!(!format!("{vault:?}").contains("hush"), "it is never shown");
    vault.forget(&id).await.unwrap();
    assert!(
        vault.secret(&id).await.unwrap().is_none(),
        "it can be forgotten"
    );
}

#[tokio::test]
async fn a_secret_that_is_nowhere_is_known_to_be_lacking_until_it_is_kept_again() {
    let vault = in_memory();
    let id = SessionId::new("s");
    assert!(!vault.lacks(&id), "nobody looked yet");
    assert!(vault.secret(&id).await.unwrap().is_none(), "nobody kept it");
    assert!(vault.lacks(&id), "it was looked for");
    let secret = Secret {
        key: Zeroizing::new("hush".to_owned()),
        token: None,
    };
    vault.keep(&id, secret).await.unwrap();
    assert!(!vault.lacks(&id), "it is there again");
    assert!(!vault.has_keychain().await, "the keychain is turned off");
}

#[test]
fn an_unlock_that_came_too_late_is_told_and_a_failure_is_not() {
    let (events, mut told) = broadcast::channel(4);
    let (reply, waiting) = oneshot::channel();
    give(reply, Ok(None), &events);
    assert!(
        told.try_recv().is_err(),
        "somebody waited and has the answer"
    );
    drop(waiting);
    let (reply, _) = oneshot::channel();
    give(reply, Err(Failure::Locked("still".to_owned())), &events);
    assert!(told.try_recv().is_err(), "it is locked still");
    let (reply, _) = oneshot::channel();
    give(reply, Ok(None), &events);
    assert_eq!(
        told.try_recv(),
        Ok(EngineEvent::SignedIn(None)),
        "the keychain is open now"
    );
}

#[test]
fn an_item_is_opened_as_it_was_wrapped_and_a_foreign_one_is_not_quoted() {
    let wrapped = envelope("hush").unwrap();
    assert_eq!(opened(&wrapped).unwrap().key.as_str(), "hush", "round trip");
    let error = opened(b"{\"secretAccessKey\":\"hush\"").unwrap_err();
    assert!(
        !format!("{error:?} {error}").contains("hush"),
        "an error quotes no secret"
    );
}
