//! Moving bytes so that nothing is lost, torn or lied about: the journaled queue.
//!
//! [`TransferQueue`] is one actor over the journal. See [`crate::plan`] for the model.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot};

use self::job::Shared;
use self::journal::Journal;
use self::journal::{jobs, plans};
use self::queue::Command;
use crate::engine::Stores;
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::event::EngineEvent;
use crate::model::{JobId, PlanId};
use crate::plan::{
    ConflictPolicy, DesiredState, ItemView, JobState, JobView, Operation, Plan, PlanRow,
};
use crate::store::Store;

mod checksum;
mod delete;
mod download;
mod fill;
mod fingerprint;
mod job;
mod journal;
mod lease;
mod part_plan;
mod permits;
mod planner;
mod progress;
mod queue;
mod rename;
mod request;
mod restore;
mod source;
mod upload;
mod view;
mod work;

pub use request::{ChangeRequest, Target};

/// Settings of the queue; a running upload keeps the part plan it began with.
#[derive(Debug, Clone)]
pub struct TransferOptions {
    /// Where the journal is.
    pub data_dir: PathBuf,
    /// Smallest part size in bytes for new uploads; at least 5 MiB except against test servers.
    pub part_size: u64,
    /// Requests that carry bytes at the same time.
    pub concurrency: usize,
}

/// What opening the journal found.
#[derive(Debug, Clone, Default)]
pub struct StartNotes {
    /// The damaged database was moved here and a new one was begun.
    pub moved_aside: Option<PathBuf>,
    /// Unfinished jobs that are paused and can be resumed.
    pub unfinished: u64,
}

/// The queue. Cheap to clone; when the last clone is dropped, what runs here is paused.
#[derive(Debug, Clone)]
pub struct TransferQueue {
    shared: Arc<Shared>,
    commands: mpsc::Sender<Command>,
}

impl TransferQueue {
    /// Opens the journal and takes up what an earlier run left.
    ///
    /// # Errors
    /// `StateNewer` when a newer version wrote the journal, `StateUnavailable` when it cannot be
    /// read or written. A damaged one is moved aside, which is in the notes.
    ///
    /// # Cancellation
    /// Dropping it closes the journal; jobs stay as they stand there.
    pub async fn open(
        options: TransferOptions,
        stores: Stores,
        events: broadcast::Sender<EngineEvent>,
    ) -> Result<(Self, StartNotes)> {
        let opened = Journal::open(options.data_dir.clone()).await?;
        let shared = Arc::new(Shared::new(opened.journal, stores, options, events));
        let (commands, receiver) = mpsc::channel(queue::BACKLOG);
        let signed_in = shared.events.subscribe();
        tokio::spawn(queue::serve(Arc::clone(&shared), receiver, signed_in));
        let queue = Self { shared, commands };
        let unfinished = queue.take_up().await?;
        Ok((
            queue,
            StartNotes {
                moved_aside: opened.moved_aside,
                unfinished,
            },
        ))
    }

    /// Finds out what a change would do; nothing changes but the journal.
    ///
    /// # Errors
    /// `ReadOnlySession`, `SourceUnreadable`, `BadName`, and what the server answers.
    ///
    /// # Cancellation
    /// Dropping it leaves a plan that is forgotten later.
    pub async fn plan(&self, request: ChangeRequest) -> Result<Plan> {
        let store = self.shared.stores.store(request.session()).await?;
        planner::plan(&self.shared.journal, &self.shared.options, &store, request).await
    }

    /// Turns a plan into a job. With conflicts and [`ConflictPolicy::Ask`] it is refused.
    ///
    /// # Errors
    /// `Conflict` when something is in the way and nobody said what happens to it, `Gone` when the
    /// plan is unknown or was started already, `ReadOnlySession`.
    ///
    /// # Cancellation
    /// Dropping it may leave the job queued in the journal; [`TransferQueue::want`] takes it up.
    pub async fn start(&self, plan: &PlanId, policy: Option<ConflictPolicy>) -> Result<JobId> {
        let id = plan.as_str().to_owned();
        let found = self
            .shared
            .journal
            .read(move |db| {
                let sums = plans::sums(db, &id)?;
                Ok(plans::find(db, &id)?.map(|record| (record, sums)))
            })
            .await?;
        let (record, sums) = found.ok_or_else(|| gone("plan"))?;
        let policy = policy.unwrap_or(record.policy);
        if policy == ConflictPolicy::Ask && sums.conflicts > 0 {
            return Err(Error::new(
                ErrorKind::Conflict,
                "Start",
                format!(
                    "{} of the destinations exist already; nothing was begun",
                    sums.conflicts
                ),
            )
            .advise("Choose whether they are skipped, kept beside the new ones, or replaced"));
        }
        if record.operation != Operation::Download {
            let store = self.shared.stores.store(&record.session).await?;
            if store.connection().read_only {
                return Err(read_only(&store));
            }
        }
        let job = JobId::new(record.id.as_str());
        let started = self
            .shared
            .journal
            .write(move |db| jobs::start(db, &record, policy))
            .await?;
        if !started {
            return Err(gone("plan"));
        }
        self.shared.tell(&job);
        self.drive(&job).await?;
        Ok(job)
    }

    /// Forgets a plan that nobody started.
    ///
    /// # Cancellation
    /// Dropping it may leave the plan, which is then forgotten later.
    pub async fn drop_plan(&self, plan: &PlanId) {
        let id = plan.as_str().to_owned();
        if let Err(error) = self
            .shared
            .journal
            .write(move |db| plans::drop_unstarted(db, &id))
            .await
        {
            tracing::warn!(%error, "a plan was not forgotten");
        }
    }

    /// The newest unfinished job of the same request, so that asking again can continue it.
    ///
    /// # Errors
    /// `StateUnavailable`.
    ///
    /// # Cancellation
    /// Dropping it changes nothing.
    pub async fn unfinished_like(&self, request: &ChangeRequest) -> Result<Option<JobId>> {
        let line = planner::line(request);
        let found = self
            .shared
            .journal
            .read(move |db| jobs::unfinished_like(db, &line))
            .await?;
        Ok(found.map(JobId::new))
    }

    /// All jobs, newest first.
    ///
    /// # Errors
    /// `StateUnavailable`.
    ///
    /// # Cancellation
    /// Dropping it changes nothing.
    pub async fn jobs(&self) -> Result<Vec<JobView>> {
        view::all(&self.shared).await
    }

    /// One job.
    ///
    /// # Errors
    /// `Gone` when there is none of that id.
    ///
    /// # Cancellation
    /// Dropping it changes nothing.
    pub async fn job(&self, id: &JobId) -> Result<JobView> {
        view::one(&self.shared, id)
            .await?
            .ok_or_else(|| unknown(id))
    }

    /// Bytes of a job that this process brought over; 0 of one that another process drives.
    pub fn sent_here(&self, id: &JobId) -> u64 {
        self.shared.sent_here(id)
    }

    /// Rows `start..start + len` of a plan, also those that are left out.
    ///
    /// # Errors
    /// `Gone` when there is no such plan.
    ///
    /// # Cancellation
    /// Dropping it changes nothing.
    pub async fn plan_rows(&self, plan: &PlanId, start: u64, len: u64) -> Result<Vec<PlanRow>> {
        let id = plan.as_str().to_owned();
        let found = self.shared.journal.read(move |db| {
            let Some(record) = plans::find(db, &id)? else {
                return Ok(None);
            };
            let items = plans::items(db, &id, start, len)?;
            Ok(Some(
                items
                    .iter()
                    .map(|item| planner::row(&record, item))
                    .collect(),
            ))
        });
        found.await?.ok_or_else(|| gone("plan"))
    }

    /// Items `start..start + len` of a job.
    ///
    /// # Errors
    /// `Gone` when there is no such job.
    ///
    /// # Cancellation
    /// Dropping it changes nothing.
    pub async fn items(&self, id: &JobId, start: u64, len: u64) -> Result<Vec<ItemView>> {
        view::items(&self.shared, id, start, len)
            .await?
            .ok_or_else(|| unknown(id))
    }

    /// Says what is wanted of a job; also of one that another process drives. Of a job that is over
    /// nothing can be wanted, which is no error.
    ///
    /// # Errors
    /// `Gone` when there is no such job.
    ///
    /// # Cancellation
    /// Dropping it may leave the wish written: a job that runs sees it, one at rest waits for the
    /// next call.
    pub async fn want(&self, id: &JobId, state: DesiredState) -> Result<()> {
        let (owner, job) = (self.shared.owner.clone(), id.as_str().to_owned());
        let (known, changed) = self
            .shared
            .journal
            .write(move |db| {
                let driven = owner.holds(db, &job)? || owner.elsewhere(db, &job)?;
                Ok((
                    jobs::find(db, &job)?.is_some(),
                    jobs::want(db, &job, state, driven)?,
                ))
            })
            .await?;
        match (known, changed) {
            (false, _) => Err(unknown(id)),
            (true, false) => Ok(()),
            (true, true) => self.drive(id).await,
        }
    }

    /// Takes ended jobs off the list.
    ///
    /// # Errors
    /// `StateUnavailable`.
    ///
    /// # Cancellation
    /// Dropping it may leave jobs forgotten of which no event tells.
    pub async fn forget_ended(&self) -> Result<()> {
        for id in self.shared.journal.write(jobs::forget_ended).await? {
            let _nobody_listens = self
                .shared
                .events
                .send(EngineEvent::JobForgotten(JobId::new(id)));
        }
        Ok(())
    }

    /// Waits until a job is over, paused or waits for a person.
    ///
    /// # Errors
    /// As [`TransferQueue::job`].
    ///
    /// # Cancellation
    /// Dropping it ends the waiting; the job goes on.
    pub async fn settled(&self, id: &JobId) -> Result<JobView> {
        let mut events = self.shared.events.subscribe();
        loop {
            let job = self.job(id).await?;
            let rests = matches!(job.state, JobState::Paused | JobState::WaitingForSignIn);
            if (rests || job.state.is_over()) && self.shared.live(id).is_none() {
                return Ok(job);
            }
            // Another process's job sends no events here, so it is looked at now and then.
            let _event_or_time = tokio::time::timeout(LOOK, events.recv()).await;
        }
    }

    /// Pauses what runs here, keeps the parts, closes the journal. Ends within seconds.
    ///
    /// # Cancellation
    /// Once begun, the closing goes on when this is dropped.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.commands.send(Command::Close(done)).await.is_ok() {
            let _gone = closed.await;
        }
    }

    async fn drive(&self, id: &JobId) -> Result<()> {
        self.commands
            .send(Command::Drive(id.clone()))
            .await
            .map_err(|_| {
                Error::new(
                    ErrorKind::StateUnavailable,
                    "TransferQueue",
                    "The transfer queue is closed",
                )
            })
    }

    /// Forgets stale plans, pauses what died while it ran, and finishes what was to be cancelled. Says how many jobs are unfinished and not driven elsewhere.
    async fn take_up(&self) -> Result<u64> {
        let owner = self.shared.owner.clone();
        let left = self
            .shared
            .journal
            .write(move |db| {
                plans::drop_stale(db)?;
                let mut left = Vec::new();
                for record in jobs::unfinished(db)? {
                    let id = record.plan.id;
                    if owner.elsewhere(db, &id)? {
                        continue;
                    }
                    jobs::recount(db, &id)?;
                    let waits =
                        matches!(record.state, JobState::Paused | JobState::WaitingForSignIn);
                    if !waits {
                        jobs::set_state(db, &id, JobState::Paused, Some(DIED))?;
                    }
                    left.push((id, record.desired));
                }
                Ok(left)
            })
            .await?;
        let unfinished = left.len() as u64;
        for (id, desired) in left {
            if desired == DesiredState::Cancel {
                self.drive(&JobId::new(id)).await?;
            }
        }
        Ok(unfinished)
    }
}

/// What a job says whose process died.
const DIED: &str = "The program ended while it ran";
/// How often a job of another process is looked at while somebody waits for it.
const LOOK: Duration = Duration::from_millis(300);

fn gone(what: &str) -> Error {
    Error::new(
        ErrorKind::Gone,
        "TransferQueue",
        format!("There is no such {what} any more"),
    )
}

fn unknown(job: &JobId) -> Error {
    Error::new(
        ErrorKind::Gone,
        "TransferQueue",
        format!("There is no transfer {job}"),
    )
    .advise("The list of transfers names those that there are")
}

/// The refusal of a change by a session that only looks.
fn read_only(store: &Store) -> Error {
    let name = &store.connection().name;
    Error::new(
        ErrorKind::ReadOnlySession,
        "Plan",
        format!("The session {name} is read-only, so nothing was changed"),
    )
    .about(Subject::Session(name.clone()))
    .advise("Use another session, or take the read-only guard off this one")
}
