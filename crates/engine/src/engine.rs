//! The facade: everything that a shell may ask for, in one cheap-clone [`Engine`].
//!
//! It opens sessions, listings and the transfer queue over one data directory and keeps one
//! [`Store`] a session. It holds no rule of its own: each question goes to the module that owns
//! the answer.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::broadcast;

use crate::error::Result;
use crate::event::{EVENT_BACKLOG, EngineEvent};
use crate::identity::{IdentityOptions, SessionDraft, SessionTest, Sessions};
use crate::listing::{ListingRequest, Listings};
use crate::model::{BucketName, ListingId, ObjectKey, SessionId, VersionId};
use crate::object::ObjectDetail;
use crate::store::Store;
use crate::transfer::{StartNotes, TransferOptions, TransferQueue};

/// How an engine is opened.
#[derive(Clone)]
pub struct EngineOptions {
    /// Where the state is kept; made with mode 0700 when it is missing.
    pub data_dir: PathBuf,
    /// The process's environment, taken once.
    pub environment: BTreeMap<String, String>,
    /// The service name in the OS keychain.
    pub keychain_service: String,
    /// Smallest part size in bytes for new uploads.
    pub part_size: u64,
    /// Requests that carry bytes at the same time.
    pub concurrency: usize,
}

/// 8 MiB: above S3's least of 5 MiB, few enough requests for a large file, and little to send again
/// where a part fails.
pub const DEFAULT_PART_SIZE: u64 = 8 * 1024 * 1024;
/// On a path with a long round trip one stream waits most of the time; many together keep it full.
pub const DEFAULT_CONCURRENCY: usize = 16;

impl EngineOptions {
    /// The usual options over a data directory, with this process's environment.
    pub fn new(data_dir: PathBuf) -> Self {
        Self {
            data_dir,
            // `vars` panics on a variable that is not UTF-8, and somebody else set it.
            environment: std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
            keychain_service: "longshore".to_owned(),
            part_size: DEFAULT_PART_SIZE,
            concurrency: DEFAULT_CONCURRENCY,
        }
    }
}

/// The environment holds secrets, so only the names of its variables are shown.
impl std::fmt::Debug for EngineOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineOptions")
            .field("data_dir", &self.data_dir)
            .field("environment", &self.environment.keys())
            .field("keychain_service", &self.keychain_service)
            .field("part_size", &self.part_size)
            .field("concurrency", &self.concurrency)
            .finish()
    }
}

/// The engine. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Engine {
    events: broadcast::Sender<EngineEvent>,
    sessions: Sessions,
    stores: Stores,
    listings: Listings,
    transfers: TransferQueue,
}

impl Engine {
    /// Opens everything over a data directory.
    ///
    /// # Errors
    /// `StateNewer` when a newer version wrote the journal; `StateUnavailable` when the directory
    /// cannot be made, read or written. A damaged journal is moved aside and said in the notes.
    ///
    /// # Cancellation
    /// Dropping it closes what was opened.
    pub async fn open(options: EngineOptions) -> Result<(Self, StartNotes)> {
        let (events, _) = broadcast::channel(EVENT_BACKLOG);
        let sessions = Sessions::open(
            IdentityOptions {
                data_dir: options.data_dir.clone(),
                environment: options.environment,
                keychain_service: options.keychain_service,
            },
            events.clone(),
        )?;
        let stores = Stores::of_sessions(sessions.clone());
        let (transfers, notes) = TransferQueue::open(
            TransferOptions {
                data_dir: options.data_dir,
                part_size: options.part_size,
                concurrency: options.concurrency,
            },
            stores.clone(),
            events.clone(),
        )
        .await?;
        let listings = Listings::new(events.clone());
        Ok((
            Self {
                events,
                sessions,
                stores,
                listings,
                transfers,
            },
            notes,
        ))
    }

    /// What changes from now on.
    pub fn events(&self) -> broadcast::Receiver<EngineEvent> {
        self.events.subscribe()
    }

    /// The sessions.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// The open listings.
    pub fn listings(&self) -> &Listings {
        &self.listings
    }

    /// The queue.
    pub fn transfers(&self) -> &TransferQueue {
        &self.transfers
    }

    /// The store of a session.
    ///
    /// # Errors
    /// As [`Sessions::connection`].
    ///
    /// # Cancellation
    /// Dropping it asks nothing more; the next call begins anew.
    pub async fn store(&self, session: &SessionId) -> Result<Store> {
        self.stores.store(session).await
    }

    /// Begins to list.
    ///
    /// # Errors
    /// As [`Engine::store`]; failures of the listing itself are in its status.
    ///
    /// # Cancellation
    /// Dropping it opens no listing.
    pub async fn open_listing(&self, request: ListingRequest) -> Result<ListingId> {
        let store = self.stores.store(&request.session).await?;
        self.listings.open(store, request)
    }

    /// Everything that the server says about an object without changing it.
    ///
    /// # Errors
    /// As HeadObject; what else is denied is left out and named in the detail.
    ///
    /// # Cancellation
    /// Dropping it drops the requests; nothing is changed by them.
    pub async fn inspect(
        &self,
        session: &SessionId,
        bucket: &BucketName,
        key: &ObjectKey,
        version: Option<&VersionId>,
    ) -> Result<ObjectDetail> {
        crate::object::inspect(&self.stores.store(session).await?, bucket, key, version).await
    }

    /// Tries a session before it is saved.
    ///
    /// # Errors
    /// What the endpoint answers; not being allowed to list buckets is a note, not an error.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn test_session(&self, draft: &SessionDraft) -> Result<SessionTest> {
        let connection = self.sessions.draft_connection(draft).await?;
        crate::bucket::try_connection(&self.sessions, connection).await
    }

    /// Saves a session; what waits for its secret goes on.
    ///
    /// # Errors
    /// As [`Sessions::save`].
    ///
    /// # Cancellation
    /// As [`Sessions::save`].
    pub async fn save_session(&self, draft: SessionDraft) -> Result<SessionId> {
        let session = self.sessions.save(draft).await?;
        self.renew(&session);
        self.tell_signed_in(&session);
        Ok(session)
    }

    /// Reads a session's credentials anew, which asks a locked keychain to be unlocked; what waits
    /// for them goes on.
    ///
    /// # Errors
    /// As [`Engine::store`].
    ///
    /// # Cancellation
    /// Dropping it asks nothing more; what waits goes on waiting.
    pub async fn sign_in(&self, session: &SessionId) -> Result<()> {
        self.renew(session);
        self.stores.store(session).await?;
        self.tell_signed_in(session);
        Ok(())
    }

    /// Drops what is cached of a session after it was edited, removed or signed in again.
    pub fn renew(&self, session: &SessionId) {
        self.sessions.invalidate(session);
        self.stores.forget(session);
    }

    fn tell_signed_in(&self, session: &SessionId) {
        // Whether its secret is there shows in the session itself.
        for event in [
            EngineEvent::SessionsChanged,
            EngineEvent::SignedIn(Some(session.clone())),
        ] {
            let _nobody_listens = self.events.send(event);
        }
    }

    /// Pauses what runs and closes the journal.
    ///
    /// # Cancellation
    /// Once begun, the closing goes on when this is dropped.
    pub async fn close(&self) {
        self.transfers.close().await;
    }
}

/// The stores of sessions, made when first asked for. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Stores {
    sessions: Option<Sessions>,
    /// Each with the reading of the config files that it was made after.
    made: Arc<Mutex<HashMap<SessionId, (u64, Store)>>>,
}

impl Stores {
    /// Stores that are made from sessions.
    pub fn of_sessions(sessions: Sessions) -> Self {
        Self {
            sessions: Some(sessions),
            made: Arc::default(),
        }
    }

    /// Given stores and no others, for whoever has no sessions.
    pub fn fixed(stores: impl IntoIterator<Item = Store>) -> Self {
        let made = stores
            .into_iter()
            .map(|s| (s.session().clone(), (0, s)))
            .collect();
        Self {
            sessions: None,
            made: Arc::new(Mutex::new(made)),
        }
    }

    /// The store of a session.
    ///
    /// # Errors
    /// As [`Sessions::connection`]; `Gone` when nobody knows the session.
    ///
    /// # Cancellation
    /// Dropping it asks nothing more; the next call begins anew.
    pub async fn store(&self, session: &SessionId) -> Result<Store> {
        let made = self.lock().get(session).cloned();
        let readings = self.sessions.as_ref().map_or(0, Sessions::readings);
        if let Some((_, store)) =
            made.filter(|(made_after, store)| *made_after == readings && self.is_current(store))
        {
            return Ok(store);
        }
        let Some(sessions) = &self.sessions else {
            return Err(crate::Error::new(
                crate::ErrorKind::Gone,
                "Session",
                format!("There is no session {session}"),
            ));
        };
        let store = Store::connect(sessions.connection(session).await?)?;
        self.lock()
            .insert(session.clone(), (readings, store.clone()));
        Ok(store)
    }

    /// Whether a store's way is still its session's: an edited config file or session may name
    /// another endpoint or forbid changes. Who is no session any more is for `connection` to say.
    fn is_current(&self, store: &Store) -> bool {
        let Some(sessions) = &self.sessions else {
            return true;
        };
        let made = store.connection();
        sessions.view(&made.session).is_ok_and(|now| {
            now.endpoint_url == made.endpoint_url
                && now.region == made.region
                && now.path_style == made.path_style
                && now.read_only == made.read_only
        })
    }

    /// Makes the session's store anew when it is next asked for.
    pub fn forget(&self, session: &SessionId) {
        self.lock().remove(session);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, (u64, Store)>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
