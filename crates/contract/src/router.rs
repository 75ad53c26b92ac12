//! Runs commands and topics for callers: the one door between a page and the engine.
//!
//! A caller is a window (or a page of the bridge). It must be on the allow-list, arguments are
//! checked before a body sees them, and a body that panics becomes an `internal` failure of its
//! own call and of nothing else. What belongs to a caller (listings, grants, subscriptions) ends
//! when [`Router::forget`] says that its page is gone.

use std::collections::{HashMap, HashSet};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use longshore_engine::Engine;
use longshore_engine::model::ListingId;
use longshore_engine::transfer::StartNotes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::command;
use crate::grant::GrantTable;
use crate::host::Host;
use crate::subscription::{Sink, Subscriptions};
use crate::table::for_each_command;
use crate::wire::{
    Address, AddressArgs, AppInfo, Bucket, BucketArgs, BucketCreateArgs, CallerIdentity, Drop,
    DropPhase, FolderCreateArgs, FolderCreated, InspectArgs, Job, JobItem, JobItemsArgs,
    JobWantArgs, KeychainState, ListingFindArgs, ListingIdArgs, ListingOpenArgs,
    ListingPositionArgs, ListingRowsArgs, ListingShowArgs, ListingStatus, NoArgs, ObjectDetail,
    PathConfirmArgs, PathGrant, PickDestinationArgs, PickFolderArgs, Plan, PlanDeleteArgs,
    PlanDownloadArgs, PlanIdArgs, PlanMoveArgs, PlanStartArgs, PlanUploadArgs, RowWindow, Session,
    SessionDraft, SessionIdArgs, SessionSaved, SessionTest, Started, SubscriptionArgs, WantAllArgs,
};
use crate::{AppError, ErrorCode};

/// Who asks: a window by its label.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller(String);

impl Caller {
    /// The window with this label.
    pub fn window(label: impl Into<String>) -> Self {
        Self(label.into())
    }

    /// The label.
    pub fn label(&self) -> &str {
        &self.0
    }
}

/// Whose calls are answered.
#[derive(Debug, Clone)]
pub enum AllowedCallers {
    /// These windows and no others.
    Only(Vec<Caller>),
    /// Everybody; for a host that checks a token before it calls.
    Any,
}

/// What a router is told beside its engine.
#[derive(Debug, Clone)]
pub struct RouterOptions {
    /// Whose calls are answered.
    pub allowed: AllowedCallers,
    /// The version to show.
    pub version: String,
    /// Where the state is, for display.
    pub data_dir: PathBuf,
    /// What a typed `~/` stands for.
    pub home: Option<PathBuf>,
    /// Sentences about the start that the page shows once.
    pub notes: Vec<String>,
    /// Jobs of an earlier run that are paused.
    pub unfinished: u64,
}

/// What the page shows once about how the state was found.
pub fn start_sentences(notes: &StartNotes) -> Vec<String> {
    let moved = notes.moved_aside.iter().map(|path| {
        format!(
            "The state database was damaged. It was moved to {} and a new one was begun; \
             objects on servers are untouched.",
            path.display()
        )
    });
    moved.collect()
}

/// The router. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Router {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) options: RouterOptions,
    pub(crate) grants: GrantTable,
    pub(crate) subscriptions: Subscriptions,
    listings: Mutex<HashMap<Caller, HashSet<ListingId>>>,
}

/// One call on its way: who asks, of what.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) caller: Caller,
    pub(crate) router: Arc<Inner>,
}

impl Router {
    /// A router over an engine.
    pub fn new(engine: Engine, host: Arc<dyn Host>, options: RouterOptions) -> Self {
        Self {
            inner: Arc::new(Inner {
                engine,
                host,
                options,
                grants: GrantTable::default(),
                subscriptions: Subscriptions::default(),
                listings: Mutex::default(),
            }),
        }
    }

    /// The engine behind it.
    pub fn engine(&self) -> &Engine {
        &self.inner.engine
    }

    /// Runs one command.
    ///
    /// # Errors
    /// `Denied` for a caller that is not allowed, `BadInput` for an unknown name or arguments that
    /// do not fit, `Internal` when the body panicked, else what the command says.
    ///
    /// # Cancellation
    /// Dropping it drops the command where it waits; a change that was sent may have happened.
    pub async fn call(&self, caller: &Caller, name: &str, args: Value) -> Result<Value, AppError> {
        self.admit(caller)?;
        let call = Call {
            caller: caller.clone(),
            router: Arc::clone(&self.inner),
        };
        match AssertUnwindSafe(dispatch(call, name, args))
            .catch_unwind()
            .await
        {
            Ok(result) => result,
            Err(panic) => {
                let what = panic_text(panic.as_ref());
                tracing::error!(command = name, what, "a command panicked");
                Err(
                    AppError::new(ErrorCode::Internal, "Longshore made a mistake in this step")
                        .advise("Nothing else is affected; try again or report it")
                        .detailed(format!("command: {name}\npanic: {what}")),
                )
            }
        }
    }

    /// Sends a topic's messages to a sink, a snapshot first; answers the subscription's id.
    ///
    /// It ends when the sink fails, when it is unsubscribed, and when the caller is forgotten.
    ///
    /// # Errors
    /// `Denied` for a caller that is not allowed, `BadInput` for an unknown topic, arguments that do
    /// not fit, or more subscriptions than a page needs.
    pub fn subscribe(
        &self,
        caller: &Caller,
        topic: &str,
        args: Value,
        sink: Sink,
    ) -> Result<String, AppError> {
        self.admit(caller)?;
        let NoArgs {} = arguments(topic, args)?;
        match topic {
            "events" => self
                .inner
                .subscriptions
                .begin_events(&self.inner, caller, sink),
            "drops" => self.inner.subscriptions.begin_drops(caller, sink),
            _ => Err(AppError::new(
                ErrorCode::BadInput,
                format!("There is no topic “{topic}”"),
            )),
        }
    }

    /// Ends one subscription.
    pub fn unsubscribe(&self, caller: &Caller, id: &str) {
        self.inner.subscriptions.end(caller, id);
    }

    /// Tells a page where a drag from outside is; paths count for [`DropPhase::Drop`] only.
    ///
    /// Each path becomes a grant of the caller, or a sentence about why it cannot be taken.
    pub fn publish_drop(
        &self,
        caller: &Caller,
        phase: DropPhase,
        at: (f64, f64),
        paths: &[PathBuf],
    ) {
        if self.admit(caller).is_err() {
            return;
        }
        let mut grants = Vec::new();
        let mut refused = Vec::new();
        if phase == DropPhase::Drop {
            for path in paths {
                match self.inner.grants.grant_reading(caller, path) {
                    Ok(grant) => grants.push(grant),
                    Err(error) => refused.push(sentence(&error)),
                }
            }
        }
        let drop = Drop {
            phase,
            x: at.0,
            y: at.1,
            grants,
            refused,
        };
        self.inner.subscriptions.publish_drop(caller, &drop);
    }

    /// Grants a path to a caller, for a host that has its own way to ask the person.
    ///
    /// # Errors
    /// `BadInput` when the path is not there.
    pub fn grant(&self, caller: &Caller, path: &Path) -> Result<PathGrant, AppError> {
        self.inner.grants.grant(caller, path)
    }

    /// Ends what belongs to a caller: its page was loaded anew, or its window was closed.
    pub fn forget(&self, caller: &Caller) {
        self.inner.subscriptions.forget(caller);
        self.inner.grants.forget(caller);
        for listing in self
            .inner
            .lock_listings()
            .remove(caller)
            .unwrap_or_default()
        {
            self.inner.engine.listings().close(&listing);
        }
    }

    fn admit(&self, caller: &Caller) -> Result<(), AppError> {
        match &self.inner.options.allowed {
            AllowedCallers::Any => Ok(()),
            AllowedCallers::Only(callers) if callers.contains(caller) => Ok(()),
            AllowedCallers::Only(_) => Err(AppError::new(
                ErrorCode::Denied,
                format!("The window “{}” may not ask the engine", caller.label()),
            )),
        }
    }
}

impl Inner {
    pub(crate) fn keep_listing(&self, caller: &Caller, id: ListingId) {
        self.lock_listings()
            .entry(caller.clone())
            .or_default()
            .insert(id);
    }

    pub(crate) fn owns_listing(&self, caller: &Caller, id: &ListingId) -> bool {
        self.lock_listings()
            .get(caller)
            .is_some_and(|held| held.contains(id))
    }

    pub(crate) fn drop_listing(&self, caller: &Caller, id: &ListingId) -> bool {
        self.lock_listings()
            .get_mut(caller)
            .is_some_and(|held| held.remove(id))
    }

    fn lock_listings(&self) -> MutexGuard<'_, HashMap<Caller, HashSet<ListingId>>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.listings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

macro_rules! read_dispatch {
    ($($name:ident($args:ty) -> $reply:ty = $module:ident::$body:ident;)*) => {
        async fn dispatch(call: Call, name: &str, args: Value) -> Result<Value, AppError> {
            match name {
                // Boxed one by one, or the future is as large as all bodies together.
                $(stringify!($name) => Box::pin(async move {
                    let args: $args = arguments(stringify!($name), args)?;
                    let reply: $reply = command::$module::$body(&call, args).await?;
                    answer(stringify!($name), &reply)
                }).await,)*
                _ => Err(AppError::new(
                    ErrorCode::BadInput,
                    format!("There is no command “{name}”"),
                )),
            }
        }
    };
}
for_each_command!(read_dispatch);

fn arguments<T: DeserializeOwned>(name: &str, args: Value) -> Result<T, AppError> {
    let args = if args.is_null() {
        Value::Object(serde_json::Map::new())
    } else {
        args
    };
    serde_json::from_value(args).map_err(|error| {
        // The text of the error may quote an argument, so that it goes back but into no log.
        AppError::new(
            ErrorCode::BadInput,
            format!("The arguments of {name} do not fit"),
        )
        .detailed(error.to_string())
    })
}

fn answer<T: Serialize>(name: &str, reply: &T) -> Result<Value, AppError> {
    serde_json::to_value(reply).map_err(|error| {
        AppError::new(
            ErrorCode::Internal,
            format!("The answer of {name} could not be written"),
        )
        .detailed(error.to_string())
    })
}

fn sentence(error: &AppError) -> String {
    match &error.advice {
        Some(advice) => format!("{}. {advice}", error.message),
        None => error.message.clone(),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}
