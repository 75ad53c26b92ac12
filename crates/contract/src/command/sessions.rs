//! Sessions: listed, tried, saved, removed, renewed.

use longshore_engine::identity;
use longshore_engine::model::SessionId;

use super::Reply;
use crate::router::Call;
use crate::wire::{
    CallerIdentity, NoArgs, Session, SessionDraft, SessionIdArgs, SessionSaved, SessionTest,
};

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

pub(crate) async fn test(call: &Call, draft: SessionDraft) -> Reply<SessionTest> {
    let draft = identity::SessionDraft::from(draft);
    Ok(call.router.engine.test_session(&draft).await?.into())
}

pub(crate) async fn save(call: &Call, draft: SessionDraft) -> Reply<SessionSaved> {
    let id = call.router.engine.sessions().save(draft.into()).await?;
    call.router.engine.renew(&id);
    Ok(SessionSaved {
        id: id.into_string(),
    })
}

pub(crate) async fn remove(call: &Call, args: SessionIdArgs) -> Reply<()> {
    let id = SessionId::new(args.id);
    call.router.engine.sessions().remove(&id).await?;
    call.router.engine.renew(&id);
    Ok(())
}

/// Reads the credentials anew (a locked keychain asks to be unlocked) and says how it stands.
pub(crate) async fn renew(call: &Call, args: SessionIdArgs) -> Reply<Session> {
    let id = SessionId::new(args.id);
    call.router.engine.renew(&id);
    call.router.engine.store(&id).await?;
    Ok(call.router.engine.sessions().view(&id)?.into())
}

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
