//! Jobs: listed, looked into, run, paused, cancelled, forgotten.

use longshore_engine::model::JobId;
use longshore_engine::plan::DesiredState;

use super::Reply;
use crate::router::Call;
use crate::wire::{Job, JobItem, JobItemsArgs, JobWantArgs, NoArgs, WantAllArgs};

/// More items than a dock shows at once; a larger window is cut off.
const MAX_ITEMS: u64 = 500;

/// All jobs, newest first.
pub(crate) async fn list(call: &Call, _args: NoArgs) -> Reply<Vec<Job>> {
    Ok(call
        .router
        .engine
        .transfers()
        .jobs()
        .await?
        .into_iter()
        .map(Job::from)
        .collect())
}

/// Items of a job, at most [`MAX_ITEMS`] of them.
pub(crate) async fn items(call: &Call, args: JobItemsArgs) -> Reply<Vec<JobItem>> {
    let len = args.len.min(MAX_ITEMS);
    let items = call
        .router
        .engine
        .transfers()
        .items(&JobId::new(args.id), args.start, len)
        .await?;
    Ok(items.into_iter().map(JobItem::from).collect())
}

/// Says what is wanted of a job.
pub(crate) async fn want(call: &Call, args: JobWantArgs) -> Reply<()> {
    Ok(call
        .router
        .engine
        .transfers()
        .want(&JobId::new(args.id), args.want.into())
        .await?)
}

/// Asks every job that is not over; the first failure is answered after all were asked.
pub(crate) async fn want_all(call: &Call, args: WantAllArgs) -> Reply<()> {
    let transfers = call.router.engine.transfers();
    let wanted = DesiredState::from(args.want);
    let mut outcome = Ok(());
    for job in transfers
        .jobs()
        .await?
        .iter()
        .filter(|job| !job.state.is_over())
    {
        let asked = transfers.want(&job.id, wanted).await;
        outcome = outcome.and(asked.map_err(Into::into));
    }
    outcome
}

/// Takes ended jobs off the list.
pub(crate) async fn forget_ended(call: &Call, _args: NoArgs) -> Reply<()> {
    Ok(call.router.engine.transfers().forget_ended().await?)
}
