//! One job from its lease to its end.
//!
//! The driver takes the lease, then polls two futures in one task: the items, and the watch over
//! the lease and over what is wanted. Whichever ends first ends the other by dropping it, so that
//! nothing of the job leaves the process after that. Only then is the outcome written and shown.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, broadcast};
use tokio_util::sync::CancellationToken;

use super::journal::Journal;
use super::journal::items;
use super::journal::jobs::{self, JobRecord};
use super::journal::plans;
use super::journal::rows::ItemState;
use super::lease::Owner;
use super::permits::Permits;
use super::progress::Live;
use super::source::Buffers;
use super::work::{Patience, Work, patience};
use super::{TransferOptions, download, restore, upload};
use crate::engine::Stores;
use crate::error::{Error, ErrorKind, Result};
use crate::event::EngineEvent;
use crate::identity::Actor;
use crate::model::JobId;
use crate::plan::{DesiredState, JobState, Operation};

mod run;
mod watch;

use run::run;
use watch::{Stop, watch};

/// Items that are read from the journal at once.
const PAGE: u64 = 200;
/// A cancelled job's uploads are aborted within this, or it says that they may remain.
const ABORT_TIME: Duration = Duration::from_secs(60);

/// What all jobs of a queue share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) journal: Journal,
    pub(crate) stores: Stores,
    pub(crate) options: Arc<TransferOptions>,
    pub(crate) events: broadcast::Sender<EngineEvent>,
    pub(crate) permits: Permits,
    pub(crate) buffers: Buffers,
    pub(crate) owner: Owner,
    live: Mutex<HashMap<JobId, Arc<Live>>>,
    /// What this process brought over of jobs that do not run here any more.
    sent: Mutex<HashMap<JobId, u64>>,
}

impl Shared {
    pub(crate) fn new(
        journal: Journal,
        stores: Stores,
        options: TransferOptions,
        events: broadcast::Sender<EngineEvent>,
    ) -> Self {
        Self {
            journal,
            stores,
            permits: Permits::new(options.concurrency, options.part_size),
            buffers: Buffers::new(options.concurrency),
            options: Arc::new(options),
            events,
            owner: Owner::here(),
            live: Mutex::default(),
            sent: Mutex::default(),
        }
    }

    /// The live side of a job that runs here.
    pub(crate) fn live(&self, job: &JobId) -> Option<Arc<Live>> {
        self.lock().get(job).cloned()
    }

    /// The jobs that run here. Taken before the journal is read: what has ended in between is
    /// then still known by its live side, and never taken for a job that lost its process.
    pub(crate) fn running(&self) -> HashMap<JobId, Arc<Live>> {
        self.lock().clone()
    }

    pub(crate) fn tell(&self, job: &JobId) {
        let _nobody_listens = self.events.send(EngineEvent::JobChanged(job.clone()));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes of a job that this process brought over, whoever else had a part in it.
    pub(crate) fn sent_here(&self, job: &JobId) -> u64 {
        let running = self.lock().get(job).map_or(0, |live| live.sent());
        let before = self.sent().get(job).copied().unwrap_or(0);
        running + before
    }

    fn sent(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, u64>> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A job runs here now; what it brought over before, in this process too, stays counted.
    fn admit(&self, job: &JobId, live: Arc<Live>) {
        let before = self.lock().insert(job.clone(), live);
        if let Some(before) = before {
            *self.sent().entry(job.clone()).or_default() += before.sent();
        }
    }

    /// A job does not run here any more.
    fn retire(&self, job: &JobId) {
        if let Some(live) = self.lock().remove(job) {
            *self.sent().entry(job.clone()).or_default() += live.sent();
        }
        self.tell(job);
    }

    /// Writes where a job stands, gives its lease back and shows it. Whoever lost the lease writes
    /// nothing: the job is another's by now.
    async fn settle(&self, job: &JobId, state: JobState, reason: Option<String>) -> Result<()> {
        let (owner, id) = (self.owner.clone(), job.as_str().to_owned());
        let written = self
            .journal
            .write(move |db| {
                if !owner.holds(db, &id)? {
                    return Ok(());
                }
                if state == JobState::Cancelled {
                    items::cancel_open(db, &id)?;
                }
                jobs::recount(db, &id)?;
                match (state, &reason) {
                    (JobState::Paused, None) => jobs::pause(db, &id)?,
                    _ => jobs::set_state(db, &id, state, reason.as_deref())?,
                }
                owner.release(db, &id)
            })
            .await;
        self.retire(job);
        written
    }
}

/// Drives a job until it is over, is to stop, or waits for a person.
pub(crate) async fn drive(
    shared: &Shared,
    job: &JobId,
    wake: &Notify,
    closing: &CancellationToken,
) -> Result<()> {
    let (owner, id) = (shared.owner.clone(), job.as_str().to_owned());
    let taken = shared
        .journal
        .write(move |db| {
            let Some(record) = jobs::find(db, &id)? else {
                return Ok(None);
            };
            if record.state.is_over() || !owner.take(db, &id, &record.plan.session)? {
                return Ok(None);
            }
            jobs::recount(db, &id)?;
            jobs::find(db, &id)
        })
        .await?;
    let Some(record) = taken else { return Ok(()) };
    match record.desired {
        DesiredState::Pause => return shared.settle(job, JobState::Paused, None).await,
        DesiredState::Cancel => return cancel(shared, job, &record).await,
        DesiredState::Run => {}
    }
    let work = match prepare(shared, job, &record).await {
        Ok(work) => work,
        Err(error) => return park(shared, job, error).await,
    };
    work.live.set_state(JobState::Running, None);
    let ended = tokio::select! {
        biased;
        stop = watch(shared, job, &work.live, wake, closing) => Err(stop),
        other = Actor::changes(work.actor.as_ref(), &work.store) => Ok(Err(other)),
        ran = run(&work) => Ok(ran),
    };
    match ended {
        Ok(Ok(())) => finish(shared, job).await,
        Ok(Err(error)) => park(shared, job, error).await,
        Err(Stop::Pause) => shared.settle(job, JobState::Paused, None).await,
        Err(Stop::Closing) => {
            let reason = "Longshore was closed while it ran".to_owned();
            shared.settle(job, JobState::Paused, Some(reason)).await
        }
        Err(Stop::Cancel) => cancel(shared, job, &record).await,
        Err(Stop::Lost) => {
            shared.retire(job);
            Ok(())
        }
    }
}

async fn prepare(shared: &Shared, job: &JobId, record: &JobRecord) -> Result<Work> {
    let store = shared.stores.store(&record.plan.session).await?;
    if record.plan.operation != Operation::Download && store.connection().read_only {
        return Err(super::read_only(&store));
    }
    let id = record.plan.id.clone();
    let (map, actor) = shared
        .journal
        .read(move |db| Ok((restore::map(db, &id, false)?, plans::actor(db, &id)?)))
        .await?;
    if let Some(actor) = &actor {
        actor.check(&store).await?;
    }
    let live = Live::new(job.clone(), shared.events.clone(), record.counts, map);
    let live = Arc::new(live);
    live.set_state(JobState::Running, None);
    shared.admit(job, Arc::clone(&live));
    Ok(Work {
        journal: shared.journal.clone(),
        context: store.context(),
        store,
        plan: record.plan.clone(),
        policy: record.policy,
        options: Arc::clone(&shared.options),
        permits: shared.permits.clone(),
        buffers: shared.buffers.clone(),
        live,
        alone: record.counts.items == 1,
        actor,
    })
}

/// The job waits for a person, its parts kept.
async fn park(shared: &Shared, job: &JobId, error: Error) -> Result<()> {
    let state = match patience(&error) {
        Patience::SignIn => JobState::WaitingForSignIn,
        _ if error.kind() == ErrorKind::Gone => JobState::WaitingForSignIn,
        _ => JobState::Paused,
    };
    shared.settle(job, state, Some(error.to_string())).await
}

async fn finish(shared: &Shared, job: &JobId) -> Result<()> {
    let id = job.as_str().to_owned();
    let (failed, first) = shared
        .journal
        .read(move |db| items::failures(db, &id))
        .await?;
    match (failed, first) {
        (0, _) => shared.settle(job, JobState::Done, None).await,
        (1, first) => shared.settle(job, JobState::Failed, first).await,
        (failed, first) => {
            let reason = format!("{failed} failed; the first: {}", first.unwrap_or_default());
            shared.settle(job, JobState::Failed, Some(reason)).await
        }
    }
}

/// Removes what an unfinished job left on the server and on the disk, then ends it.
async fn cancel(shared: &Shared, job: &JobId, record: &JobRecord) -> Result<()> {
    let cleared = tokio::time::timeout(ABORT_TIME, clear(shared, job, record)).await;
    let reason = match cleared {
        Ok(Ok(())) => None,
        Ok(Err(error)) => Some(format!("Something of it may remain on the server: {error}")),
        Err(_) => Some("The server did not answer; parts of it may remain there".to_owned()),
    };
    shared.settle(job, JobState::Cancelled, reason).await
}

async fn clear(shared: &Shared, job: &JobId, record: &JobRecord) -> Result<()> {
    let work = prepare(shared, job, record).await?;
    let mut after = None;
    let mut outcome = Ok(());
    loop {
        let plan = work.plan.id.clone();
        let page = work
            .journal
            .read(move |db| items::open_after(db, &plan, after, PAGE))
            .await?;
        let Some(last) = page.last() else {
            return outcome;
        };
        after = Some(last.number);
        for item in page.iter().filter(|item| item.state != ItemState::Planned) {
            match work.plan.operation {
                Operation::Upload => outcome = outcome.and(upload::abort(&work, item).await),
                Operation::Download => download::remove_temp(&work, item).await,
                Operation::Delete | Operation::Move => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::journal::rows::PlanRecord;
    use super::*;
    use crate::model::{BucketName, Prefix, SessionId};
    use crate::plan::ConflictPolicy;

    #[tokio::test]
    async fn who_lost_the_lease_writes_nothing_of_the_job() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::open(dir.path().to_owned()).await.unwrap().journal;
        let options = TransferOptions {
            data_dir: dir.path().to_owned(),
            part_size: 1,
            concurrency: 1,
        };
        let (events, _) = broadcast::channel(8);
        let shared = Shared::new(journal.clone(), Stores::fixed([]), options, events);
        let record = PlanRecord {
            id: "p".to_owned(),
            session: SessionId::new("s"),
            session_name: "S".to_owned(),
            operation: Operation::Upload,
            title: "t".to_owned(),
            source: None,
            destination: "d".to_owned(),
            bucket: BucketName::parse("b").unwrap(),
            prefix: Prefix::new(""),
            folder: None,
            policy: ConflictPolicy::Ask,
            request: "r".to_owned(),
        };
        let (own, other) = (shared.owner.clone(), Owner::here());
        let session = record.session.clone();
        journal
            .write(move |db| {
                plans::insert(db, &record)?;
                jobs::start(db, &record, ConflictPolicy::Ask)?;
                own.take(db, "p", &session)?;
                own.release(db, "p")?;
                other.take(db, "p", &session)
            })
            .await
            .unwrap();
        let job = JobId::new("p");
        let settled = shared.settle(&job, JobState::Cancelled, None).await;
        assert!(settled.is_ok(), "it is no failure");
        let record = journal.read(|db| jobs::find(db, "p")).await.unwrap();
        assert_eq!(
            record.unwrap().state,
            JobState::Queued,
            "the job is another's by now"
        );
    }
}
