//! The actor: which jobs run in this process.
//!
//! It takes commands from a bounded channel, keeps one task a job, and joins each. A job that is
//! asked to run while its task is ending is driven again afterwards, and one that waits for its
//! session goes on when an event says that the session was signed in. The state of jobs is not here
//! but in the journal; dropping the last handle of the queue stops all tasks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Notify, broadcast, mpsc, oneshot};
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

use super::job::{self, Shared};
use super::journal::jobs;
use crate::event::EngineEvent;
use crate::model::{JobId, SessionId};
use crate::plan::{DesiredState, JobState};

/// Commands that may wait: a person's clicks, with room for a script's.
pub(super) const BACKLOG: usize = 64;
/// Closing waits this long for jobs to write that they are paused; their parts are safe anyway.
const CLOSE_TIME: Duration = Duration::from_secs(2);

/// What the actor is asked.
#[derive(Debug)]
pub(super) enum Command {
    /// Run a job, or look at once at what is wanted of it when it runs.
    Drive(JobId),
    /// Pause everything and close the journal.
    Close(oneshot::Sender<()>),
}

struct Running {
    wake: Arc<Notify>,
    again: bool,
}

struct Queue {
    shared: Arc<Shared>,
    closing: CancellationToken,
    tasks: JoinSet<()>,
    running: HashMap<JobId, Running>,
    jobs: HashMap<Id, JobId>,
}

/// Serves commands until it is closed or nobody is left to give any.
pub(super) async fn serve(
    shared: Arc<Shared>,
    mut commands: mpsc::Receiver<Command>,
    mut events: broadcast::Receiver<EngineEvent>,
) {
    let mut queue = Queue {
        shared,
        closing: CancellationToken::new(),
        tasks: JoinSet::new(),
        running: HashMap::new(),
        jobs: HashMap::new(),
    };
    loop {
        tokio::select! {
            command = commands.recv() => match command {
                Some(Command::Drive(job)) => queue.drive(job),
                Some(Command::Close(done)) => {
                    commands.close();
                    queue.close().await;
                    let _nobody_waits = done.send(());
                    return;
                }
                None => return queue.close().await,
            },
            event = events.recv() => match event {
                Ok(EngineEvent::SignedIn(session)) => queue.go_on(session.as_ref()).await,
                // Among the events that were missed may have been one of these.
                Err(RecvError::Lagged(_)) => queue.go_on(None).await,
                Ok(_) | Err(RecvError::Closed) => {}
            },
            Some(ended) = queue.tasks.join_next_with_id() => {
                let id = match &ended {
                    Ok((id, ())) => *id,
                    Err(error) => {
                        tracing::error!(%error, "the driver of a job stopped");
                        error.id()
                    }
                };
                queue.ended(id);
            }
        }
    }
}

impl Queue {
    fn drive(&mut self, job: JobId) {
        if let Some(running) = self.running.get_mut(&job) {
            running.again = true;
            running.wake.notify_one();
            return;
        }
        let wake = Arc::new(Notify::new());
        let (shared, closing) = (Arc::clone(&self.shared), self.closing.child_token());
        let (id, woken) = (job.clone(), Arc::clone(&wake));
        let handle = self.tasks.spawn(async move {
            if let Err(error) = Box::pin(job::drive(&shared, &id, &woken, &closing)).await {
                tracing::error!(%error, job = %id, "a job could not be driven");
            }
        });
        self.jobs.insert(handle.id(), job.clone());
        self.running.insert(job, Running { wake, again: false });
    }

    /// Drives the jobs that wait for a session, or for any; those that must wait on find out.
    async fn go_on(&mut self, session: Option<&SessionId>) {
        let waiting = self.shared.journal.read(jobs::unfinished).await;
        let waiting = waiting.unwrap_or_else(|error| {
            tracing::warn!(%error, "jobs that wait for a sign-in could not be read");
            Vec::new()
        });
        for job in waiting {
            let waits = job.state == JobState::WaitingForSignIn && job.desired == DesiredState::Run;
            if waits && session.is_none_or(|session| job.plan.session == *session) {
                self.drive(JobId::new(job.plan.id));
            }
        }
    }

    fn ended(&mut self, id: Id) {
        let Some(job) = self.jobs.remove(&id) else {
            return;
        };
        if self
            .running
            .remove(&job)
            .is_some_and(|running| running.again)
        {
            self.drive(job);
        }
    }

    async fn close(&mut self) {
        self.closing.cancel();
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(CLOSE_TIME, all).await.is_err() {
            self.tasks.shutdown().await;
        }
        self.shared.journal.close().await;
    }
}
