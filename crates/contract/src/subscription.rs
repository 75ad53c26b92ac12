//! Topics on their way to pages: `events` coalesced from the engine, `drops` passed on at once.
//!
//! Each subscription numbers its messages from 0. A task of its own gathers what changed and sends
//! the present state of it at most ten times a second, so that a busy queue costs a page little and
//! a late message never tells of an older state than an earlier one. A receiver that lagged gets a
//! snapshot. Tasks are owned by [`Subscriptions`] and end with the sink, the caller or the router.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use longshore_engine::event::EngineEvent;
use longshore_engine::model::{JobId, ListingId};
use longshore_engine::{Engine, ErrorKind};
use serde_json::Value;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::router::{Caller, Inner};
use crate::wire::{Drop, DropMessage, Event, EventMessage, Job, ListingStatus, Session};
use crate::{AppError, ErrorCode};

/// Where messages go; false says that nobody listens any more.
pub type Sink = Box<dyn Fn(Value) -> bool + Send + Sync>;

/// The shortest time between two messages: ten a second look smooth and cost a page little.
const INTERVAL: Duration = Duration::from_millis(100);

/// The pause before asking again when the state could not be read.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// A page needs one a topic; more are a page that forgets to end them.
const MAX_SUBSCRIPTIONS: usize = 32;

/// The subscriptions of all callers.
#[derive(Default)]
pub(crate) struct Subscriptions {
    of: Mutex<HashMap<Caller, HashMap<String, Subscription>>>,
}

enum Subscription {
    // Dropping the guard ends the task.
    Events { _task: DropGuard },
    Drops { seq: u64, sink: Sink },
}

impl Subscriptions {
    pub(crate) fn begin_events(
        &self,
        router: &Arc<Inner>,
        caller: &Caller,
        sink: Sink,
    ) -> Result<String, AppError> {
        // Before the snapshot is taken, or what changes between the two is never told.
        let receiver = router.engine.events();
        let token = CancellationToken::new();
        let id = self.keep(
            caller,
            Subscription::Events {
                _task: token.clone().drop_guard(),
            },
        )?;
        let pump = Pump {
            router: Arc::downgrade(router),
            caller: caller.clone(),
            sink,
            seq: 0,
            pending: Pending {
                snapshot: true,
                ..Pending::default()
            },
        };
        let caller = caller.clone();
        let (router, ended) = (Arc::downgrade(router), id.clone());
        tokio::spawn(async move {
            let _ = token.run_until_cancelled(pump.run(receiver)).await;
            if let Some(router) = router.upgrade() {
                router.subscriptions.end(&caller, &ended);
            }
        });
        Ok(id)
    }

    pub(crate) fn begin_drops(&self, caller: &Caller, sink: Sink) -> Result<String, AppError> {
        self.keep(caller, Subscription::Drops { seq: 0, sink })
    }

    pub(crate) fn publish_drop(&self, caller: &Caller, drop: &Drop) {
        let mut of = self.lock();
        let Some(held) = of.get_mut(caller) else {
            return;
        };
        held.retain(|_, subscription| match subscription {
            Subscription::Events { .. } => true,
            Subscription::Drops { seq, sink } => {
                let message = DropMessage {
                    seq: *seq,
                    drop: drop.clone(),
                };
                *seq += 1;
                deliver(sink, &message)
            }
        });
    }

    pub(crate) fn end(&self, caller: &Caller, id: &str) {
        if let Some(held) = self.lock().get_mut(caller) {
            held.remove(id);
        }
    }

    pub(crate) fn forget(&self, caller: &Caller) {
        self.lock().remove(caller);
    }

    fn keep(&self, caller: &Caller, subscription: Subscription) -> Result<String, AppError> {
        let mut of = self.lock();
        let held = of.entry(caller.clone()).or_default();
        if held.len() >= MAX_SUBSCRIPTIONS {
            return Err(AppError::new(
                ErrorCode::BadInput,
                format!("A page may hold {MAX_SUBSCRIPTIONS} subscriptions"),
            ));
        }
        let id = uuid::Uuid::now_v7().to_string();
        held.insert(id.clone(), subscription);
        Ok(id)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Caller, HashMap<String, Subscription>>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What changed since the last message.
#[derive(Default)]
struct Pending {
    snapshot: bool,
    sessions: bool,
    jobs: HashSet<JobId>,
    forgotten: BTreeSet<String>,
    listings: HashSet<ListingId>,
}

impl Pending {
    fn is_empty(&self) -> bool {
        !self.snapshot
            && !self.sessions
            && self.jobs.is_empty()
            && self.forgotten.is_empty()
            && self.listings.is_empty()
    }

    fn note(&mut self, event: EngineEvent) {
        match event {
            EngineEvent::ListingChanged(id) => {
                self.listings.insert(id);
            }
            EngineEvent::JobChanged(id) => {
                self.jobs.insert(id);
            }
            EngineEvent::JobForgotten(id) => {
                self.jobs.remove(&id);
                self.forgotten.insert(id.into_string());
            }
            EngineEvent::SessionsChanged => self.sessions = true,
            // What goes on because of it tells of itself.
            EngineEvent::SignedIn(_) => {}
        }
    }
}

struct Pump {
    // Weak, or a router that is dropped with open subscriptions would never end.
    router: Weak<Inner>,
    caller: Caller,
    sink: Sink,
    seq: u64,
    pending: Pending,
}

impl Pump {
    async fn run(mut self, mut receiver: broadcast::Receiver<EngineEvent>) {
        loop {
            while self.pending.is_empty() {
                if !self.take(receiver.recv().await) {
                    return;
                }
            }
            let sent = Instant::now();
            let pause = match self.flush().await {
                Flushed::Sent => INTERVAL,
                Flushed::Again => AFTER_FAILURE,
                Flushed::Over => return,
            };
            let next = sent + pause;
            loop {
                tokio::select! {
                    () = tokio::time::sleep_until(next) => break,
                    event = receiver.recv() => if !self.take(event) { return },
                }
            }
        }
    }

    fn take(&mut self, event: Result<EngineEvent, RecvError>) -> bool {
        match event {
            Ok(event) => self.pending.note(event),
            Err(RecvError::Lagged(_)) => {
                self.pending = Pending {
                    snapshot: true,
                    listings: std::mem::take(&mut self.pending.listings),
                    ..Pending::default()
                };
            }
            Err(RecvError::Closed) => return false,
        }
        true
    }

    async fn flush(&mut self) -> Flushed {
        let Some(router) = self.router.upgrade() else {
            return Flushed::Over;
        };
        let pending = std::mem::take(&mut self.pending);
        let engine = &router.engine;
        if pending.snapshot {
            let Ok(jobs) = jobs_of(engine).await else {
                self.pending = pending;
                return Flushed::Again;
            };
            if !self.send(Event::Snapshot {
                jobs,
                sessions: sessions_of(engine),
            }) {
                return Flushed::Over;
            }
        } else {
            if pending.sessions
                && !self.send(Event::Sessions {
                    sessions: sessions_of(engine),
                })
            {
                return Flushed::Over;
            }
            if !(pending.jobs.is_empty() && pending.forgotten.is_empty()) {
                let Ok((jobs, forgotten)) = changed_jobs(engine, &pending).await else {
                    self.pending = pending;
                    return Flushed::Again;
                };
                if !self.send(Event::Jobs { jobs, forgotten }) {
                    return Flushed::Over;
                }
            }
        }
        for id in &pending.listings {
            if !router.owns_listing(&self.caller, id) {
                continue;
            }
            let Ok(status) = engine.listings().status(id) else {
                continue;
            };
            if !self.send(Event::Listing {
                status: ListingStatus::of(id, &status),
            }) {
                return Flushed::Over;
            }
        }
        Flushed::Sent
    }

    fn send(&mut self, event: Event) -> bool {
        let message = EventMessage {
            seq: self.seq,
            event,
        };
        self.seq += 1;
        deliver(&self.sink, &message)
    }
}

enum Flushed {
    Sent,
    Again,
    Over,
}

async fn jobs_of(engine: &Engine) -> Result<Vec<Job>, longshore_engine::Error> {
    let jobs = engine.transfers().jobs().await;
    if let Err(error) = &jobs {
        tracing::warn!(%error, "the jobs could not be read for a page");
    }
    Ok(jobs?.into_iter().map(Job::from).collect())
}

fn sessions_of(engine: &Engine) -> Vec<Session> {
    engine
        .sessions()
        .list()
        .into_iter()
        .map(Session::from)
        .collect()
}

async fn changed_jobs(
    engine: &Engine,
    pending: &Pending,
) -> Result<(Vec<Job>, Vec<String>), longshore_engine::Error> {
    let mut forgotten = pending.forgotten.clone();
    let mut jobs = Vec::with_capacity(pending.jobs.len());
    for id in &pending.jobs {
        match engine.transfers().job(id).await {
            Ok(job) => jobs.push(Job::from(job)),
            Err(error) if error.kind() == ErrorKind::Gone => {
                forgotten.insert(id.as_str().to_owned());
            }
            Err(error) => {
                tracing::warn!(%error, job = %id, "a job could not be read for a page");
                return Err(error);
            }
        }
    }
    // Ids sort by age and the list shows the newest first.
    jobs.sort_by(|a, b| b.id.cmp(&a.id));
    Ok((jobs, forgotten.into_iter().collect()))
}

fn deliver<T: serde::Serialize>(sink: &Sink, message: &T) -> bool {
    match serde_json::to_value(message) {
        Ok(value) => sink(value),
        Err(error) => {
            tracing::error!(%error, "a message could not be written");
            true
        }
    }
}
