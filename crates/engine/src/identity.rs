//! Who we act as: sources of credentials, chains of hops, and the sessions made of them.
//!
//! A *source* (profile in the AWS config files, environment, keys kept in the OS keychain, keys of
//! this run, anonymous) and a *chain* of hops (AssumeRole) make a *session*. [`Sessions`] lists
//! them, keeps the saved ones, watches the config files, resolves credentials ahead of expiry and
//! gives each session's way to its endpoint as a [`Connection`]. Long-lived secrets are in the OS
//! keychain and in memory only; STS tokens are in memory only.
//!
//! The files are read here (`config_file`, `profiles`, `environment`, `saved`) into `registry`,
//! which answers who is who; `draft` makes sessions of what a person enters; `vault`, `chain` and `refresh` turn a session into credentials;
//! `watch` follows the files. Asking for the list asks neither the keychain nor the network.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use aws_credential_types::provider::SharedCredentialsProvider;
use tokio::sync::broadcast;

use crate::error::{Error, ErrorKind, Result};
use crate::event::EngineEvent;
use crate::model::{SessionId, Timestamp};
use crate::store::{Connection, DropCredentials, client_trusting};

mod actor;
mod assume_role;
mod chain;
mod config_file;
mod draft;
mod environment;
mod profiles;
mod refresh;
mod registry;
mod saved;
mod session;
mod vault;
mod view;
mod watch;

pub(crate) use actor::Actor;
use assume_role::StsWay;
use refresh::{Renewing, SharedRenewing};
use registry::Registry;
use session::{Leaf, Session};
use vault::{Kept, Secret};
pub use view::{CallerIdentity, Hop, SessionDraft, SessionTest, SessionView, Source};

/// Where sessions are looked for and kept.
#[derive(Clone)]
pub struct IdentityOptions {
    /// Where `sessions.json` is kept.
    pub data_dir: PathBuf,
    /// The process's environment, taken once, so that tests and two engines do not meet in it.
    pub environment: BTreeMap<String, String>,
    /// The service name under which secrets are kept in the OS keychain.
    pub keychain_service: String,
}

/// The environment holds secrets, so only the names of its variables are shown.
impl std::fmt::Debug for IdentityOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("IdentityOptions")
            .field("data_dir", &self.data_dir)
            .field("environment", &self.environment.keys())
            .field("keychain_service", &self.keychain_service)
            .finish()
    }
}

/// All sessions of this machine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    registry: Arc<Registry>,
    /// One provider a session, so that all its connections share a token and its renewal.
    providers: Mutex<HashMap<SessionId, Arc<Renewing>>>,
    events: broadcast::Sender<EngineEvent>,
    /// How often the config files were read anew.
    readings: AtomicU64,
    /// Ends with the last clone.
    watch: OnceLock<watch::Watch>,
}

impl Sessions {
    /// Reads config files, environment and the saved sessions, and begins to watch the files.
    ///
    /// # Errors
    /// `StateUnavailable` when the data directory cannot be made. What cannot be read of the files
    /// is no error: it is in [`Sessions::notes`] and in the problem of the session it breaks.
    pub fn open(options: IdentityOptions, events: broadcast::Sender<EngineEvent>) -> Result<Self> {
        let registry = Arc::new(Registry::over(options, events.clone())?);
        let shared = Arc::new(Shared {
            registry,
            providers: Mutex::default(),
            events,
            readings: AtomicU64::new(0),
            watch: OnceLock::new(),
        });
        // Watching begins before the first reading, so that no change falls between the two.
        let weak = Arc::downgrade(&shared);
        let follow = move || weak.upgrade().map(|shared| shared.reload()).is_some();
        match watch::Watch::start(shared.registry.config_files(), follow) {
            Ok(watch) => drop(shared.watch.set(watch)),
            Err(error) => tracing::warn!(%error, "config files are not watched"),
        }
        shared.registry.read();
        Ok(Self { shared })
    }

    /// All sessions in the order in which they are shown.
    pub fn list(&self) -> Vec<SessionView> {
        let sessions = self.shared.registry.all();
        sessions.iter().map(|session| self.shown(session)).collect()
    }

    /// What could not be read in the config files and in `sessions.json`, with file and line.
    pub fn notes(&self) -> Vec<String> {
        self.shared.registry.notes()
    }

    /// One session.
    ///
    /// # Errors
    /// `Gone` when nobody knows it.
    pub fn view(&self, id: &SessionId) -> Result<SessionView> {
        Ok(self.shown(&self.shared.registry.find(id)?))
    }

    /// The session of a profile, for the command line.
    ///
    /// # Errors
    /// `InvalidInput` when neither config file has it.
    pub fn of_profile(&self, name: &str) -> Result<SessionView> {
        self.view(&session::profile_id(name))
            .map_err(|_| self.shared.registry.no_profile(name))
    }

    /// The way to the session's endpoint, with a provider that renews ahead of expiry.
    ///
    /// # Errors
    /// `KeychainLocked`, `KeychainAbsent`; `NeedsSignIn`, `Unsupported`, `InvalidInput` for what is
    /// wrong with the session itself; what STS answers to its hops; `Gone`.
    ///
    /// # Cancellation
    /// Dropping it asks nothing more; the next call begins anew.
    pub async fn connection(&self, id: &SessionId) -> Result<Connection> {
        let session = self.shared.registry.find(id)?;
        if let Some(refusal) = session.refusal() {
            return Err(refusal);
        }
        let provider = self.provider(id);
        let connected = connect(&session, provider).await;
        let lacks_secret =
            |kind| matches!(kind, ErrorKind::NeedsSignIn | ErrorKind::KeychainAbsent);
        if connected
            .as_ref()
            .is_err_and(|error| lacks_secret(error.kind()))
        {
            // Only now is it known, and the session shows that its secret is to be entered.
            self.shared.tell();
        }
        connected
    }

    /// Whether a secret that is saved now would be in memory only, since no keychain is there. A
    /// locked keychain is one. Asks nobody for a password.
    ///
    /// # Cancellation
    /// Dropping it changes nothing.
    pub async fn keeps_in_memory_only(&self) -> bool {
        !self.shared.registry.vault.has_keychain().await
    }

    /// The way that a draft would take, for a test; keeps nothing.
    ///
    /// # Errors
    /// `InvalidInput` for what the draft lacks, else as [`Sessions::connection`].
    ///
    /// # Cancellation
    /// Dropping it asks nothing more.
    pub async fn draft_connection(&self, draft: &SessionDraft) -> Result<Connection> {
        let session = self.shared.registry.drafted(draft)?;
        if let Some(refusal) = session.refusal() {
            return Err(refusal);
        }
        let (registry, fixed) = (Arc::clone(&self.shared.registry), session.clone());
        let provider = Renewing::new(Box::new(move || {
            let (registry, session) = (Arc::clone(&registry), fixed.clone());
            Box::pin(async move { registry.resolve(&session).await })
        }));
        connect(&session, Arc::new(provider)).await
    }

    /// Saves a draft; its secret goes to the keychain first.
    ///
    /// # Errors
    /// `InvalidInput` for what the draft lacks; `KeychainLocked` and nothing is saved;
    /// `StateUnavailable`, `StateNewer`, `DiskFull` when `sessions.json` cannot be written.
    ///
    /// # Cancellation
    /// Dropping it may leave a secret in the keychain that no session names.
    pub async fn save(&self, draft: SessionDraft) -> Result<SessionId> {
        let registry = &self.shared.registry;
        let mut session = registry.drafted(&draft)?;
        registry.check_saving(&draft, &session)?;
        if draft.id.is_none() {
            session.id = SessionId::fresh();
        }
        let id = session.id.clone();
        if let Some(key) = draft.secret {
            let secret = Secret {
                key,
                token: draft.session_token,
            };
            session.memory_only = registry.vault.keep(&id, secret).await? == Kept::Memory;
        }
        if let Err(error) = registry.save(&session) {
            if draft.id.is_none() {
                // What nobody can name any more must not stay; it may, if the keychain is gone too.
                let _ = registry.vault.forget(&id).await;
            }
            return Err(error);
        }
        self.invalidate(&id);
        self.shared.tell();
        Ok(id)
    }

    /// Makes a session for this run only (the command line's flags); nothing is written. The same
    /// draft gets the same id in every run.
    ///
    /// # Errors
    /// `InvalidInput` for what the draft lacks.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a draft holds a secret, which ends here"
    )]
    pub fn add_for_this_run(&self, draft: SessionDraft) -> Result<SessionId> {
        let mut session = self.shared.registry.drafted(&draft)?;
        session.id = session::run_id(&session);
        let id = session.id.clone();
        self.shared.registry.add_for_this_run(session);
        self.invalidate(&id);
        self.shared.tell();
        Ok(id)
    }

    /// Forgets a saved session and its secret.
    ///
    /// # Errors
    /// `KeychainLocked` and nothing is forgotten; `InvalidInput` for a session of the config files
    /// or the environment; `Gone`; those of writing `sessions.json`.
    ///
    /// # Cancellation
    /// Dropping it may leave the session without its secret.
    pub async fn remove(&self, id: &SessionId) -> Result<()> {
        self.shared.registry.remove(id).await?;
        self.shared.providers().remove(id);
        self.shared.tell();
        Ok(())
    }

    /// Who the endpoint says a connection is; the session's account is remembered.
    ///
    /// # Errors
    /// `Unsupported` for an anonymous session or an endpoint without STS; `BadCredentials`,
    /// `ExpiredCredentials`, `AccessDenied`; the network's kinds.
    ///
    /// # Cancellation
    /// Dropping it drops the request; nothing is changed by it.
    pub async fn caller_identity(&self, connection: &Connection) -> Result<CallerIdentity> {
        let Some(credentials) = connection.credentials.clone() else {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "GetCallerIdentity",
                format!(
                    "“{}” is anonymous, so nobody knows who it is",
                    connection.name
                ),
            ));
        };
        let registry = &self.shared.registry;
        let own = registry
            .find(&connection.session)
            .ok()
            .and_then(|s| s.sts_endpoint_url);
        let way = StsWay::beside(
            connection.endpoint_url.as_deref(),
            own.as_deref(),
            &connection.region,
        )
        .trusting(connection.ca_bundle.as_deref());
        let identity = assume_role::caller_identity(&way, credentials).await?;
        if registry.remember_account(&connection.session, &identity.account) {
            self.shared.tell();
        }
        Ok(identity)
    }

    /// Reads the config files again.
    pub fn reload(&self) {
        self.shared.reload();
    }

    /// How often the config files were read anew: what was made of a session before the last time
    /// may act as whom its profile was then.
    pub(crate) fn readings(&self) -> u64 {
        self.shared.readings.load(Ordering::Acquire)
    }

    /// Drops what is cached for a session, so that the next call renews (after ExpiredToken, after
    /// an unlock).
    pub fn invalidate(&self, id: &SessionId) {
        if let Some(provider) = self.shared.providers().get(id) {
            provider.invalidate();
        }
    }

    fn provider(&self, id: &SessionId) -> Arc<Renewing> {
        let mut providers = self.shared.providers();
        let made = providers.entry(id.clone()).or_insert_with(|| {
            let (registry, id) = (Arc::clone(&self.shared.registry), id.clone());
            Arc::new(Renewing::new(Box::new(move || {
                let (registry, id) = (Arc::clone(&registry), id.clone());
                Box::pin(async move { registry.resolve(&registry.find(&id)?).await })
            })))
        });
        Arc::clone(made)
    }

    fn shown(&self, session: &Session) -> SessionView {
        let mut view = session.view();
        view.account = self.shared.registry.account(&session.id);
        let provider = self.shared.providers().get(&session.id).cloned();
        view.expires = provider.and_then(|p| p.expires()).map(Timestamp::from);
        view
    }
}

impl Shared {
    fn reload(&self) {
        self.registry.read();
        for (id, provider) in self.providers().iter() {
            let of_file = self
                .registry
                .find(id)
                .is_ok_and(|s| matches!(s.source, Source::Profile(_)));
            if of_file {
                provider.invalidate();
            }
        }
        self.readings.fetch_add(1, Ordering::AcqRel);
        self.tell();
        // What waits for keys of the files may go on, and nothing else: asking for a secret of the
        // keychain may open its unlock dialog, which nobody expects of an edited file.
        let of_files = self.registry.all().into_iter();
        for session in of_files.filter(|s| matches!(s.source, Source::Profile(_))) {
            let _ = self.events.send(EngineEvent::SignedIn(Some(session.id)));
        }
    }

    fn tell(&self) {
        // Nobody may be listening.
        let _ = self.events.send(EngineEvent::SessionsChanged);
    }

    fn providers(&self) -> MutexGuard<'_, HashMap<SessionId, Arc<Renewing>>> {
        // A panic while the lock was held leaves a map that is still whole.
        self.providers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// The role of a hop, with the session name where one was chosen.
fn role_of(hop: &Hop) -> String {
    match &hop.session_name {
        Some(name) => format!("{} as {name}", hop.role_arn),
        None => hop.role_arn.clone(),
    }
}

/// A connection whose provider has answered once, so that what keeps a session from working is said
/// where the session is opened and not by its first request.
async fn connect(session: &Session, provider: Arc<Renewing>) -> Result<Connection> {
    if let Some(bundle) = &session.ca_bundle {
        client_trusting(bundle)?;
    }
    let (mut credentials, mut drop_credentials) = (None, None);
    if !matches!(session.leaf, Leaf::Anonymous) {
        provider.credentials().await?;
        let held = Arc::clone(&provider);
        drop_credentials = Some(DropCredentials::new(move || held.invalidate()));
        credentials = Some(SharedCredentialsProvider::new(SharedRenewing(provider)));
    }
    Ok(Connection {
        session: session.id.clone(),
        name: session.name.clone(),
        endpoint_url: session.endpoint_url.clone(),
        region: session.region.clone(),
        path_style: session.path_style,
        ca_bundle: session.ca_bundle.clone(),
        role: session.chain.last().map(role_of),
        credentials,
        drop_credentials,
        trust_plain_http: session.trust_plain_http,
        read_only: session.read_only,
    })
}

#[cfg(test)]
mod tests;
