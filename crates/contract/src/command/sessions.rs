//! Sessions: listed, tried, saved, removed, renewed.

use longshore_engine::identity;
use longshore_engine::model::SessionId;

use super::Reply;
use crate::router::Call;
use crate::wire::{
    CallerIdentity, KeychainState, NoArgs, Session, SessionDraft, SessionIdArgs, SessionSaved,
    SessionTest,
};

/// All sessions, those that were made here first.
pub(crate) async fn list(call: &Call, _args: NoArgs) -> Reply<Vec<Session>> {
    Ok(call
        .router
        .engine
        .sessions()
        .list()
        .into_iter()
        .map(Session::from)
        .collect())
}

/// Asks the server of a draft whether it works; nothing is kept.
pub(crate) async fn test(call: &Call, draft: SessionDraft) -> Reply<SessionTest> {
    let draft = identity::SessionDraft::from(draft);
    Ok(call.router.engine.test_session(&draft).await?.into())
}

/// Keeps a draft, its secret in the keychain; what waits for the session goes on.
pub(crate) async fn save(call: &Call, draft: SessionDraft) -> Reply<SessionSaved> {
    let id = call.router.engine.save_session(draft.into()).await?;
    Ok(SessionSaved {
        id: id.into_string(),
    })
}

/// Forgets a saved session and its secret.
pub(crate) async fn remove(call: &Call, args: SessionIdArgs) -> Reply<()> {
    let id = SessionId::new(args.id);
    call.router.engine.sessions().remove(&id).await?;
    call.router.engine.renew(&id);
    Ok(())
}

/// Reads the credentials anew (a locked keychain asks to be unlocked) and says how it stands; what
/// waits for the session goes on.
pub(crate) async fn renew(call: &Call, args: SessionIdArgs) -> Reply<Session> {
    let id = SessionId::new(args.id);
    call.router.engine.sign_in(&id).await?;
    Ok(call.router.engine.sessions().view(&id)?.into())
}

/// Asks the server whom a session acts as.
pub(crate) async fn identity(call: &Call, args: SessionIdArgs) -> Reply<CallerIdentity> {
    let store = call.store(&args.id).await?;
    Ok(call
        .router
        .engine
        .sessions()
        .caller_identity(store.connection())
        .await?
        .into())
}

/// Whether there is a keychain for the next secret; opens no dialog.
pub(crate) async fn keychain(call: &Call, _args: NoArgs) -> Reply<KeychainState> {
    let sessions = call.router.engine.sessions();
    Ok(KeychainState {
        memory_only: sessions.keeps_in_memory_only().await,
    })
}
