//! Who is who: all sessions of this machine from their five origins, found by id.
//!
//! Saved sessions may stand on a profile or on the environment; such a base is looked up each time
//! it is needed, so that an edit of the file reaches them. What a draft becomes is `draft`'s.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_credential_types::Credentials;
use tokio::sync::broadcast;

use super::assume_role::StsWay;
use super::config_file::ConfigFiles;
use super::draft::invalid;
use super::environment::Environment;
use super::saved::{Entry, Saved, SavedFile};
use super::session::{Leaf, Problem, Session, environment_id, playground_id, profile_id};
use super::vault::Vault;
use super::{IdentityOptions, Source};
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::event::EngineEvent;
use crate::model::{AccountId, SessionId};

/// All sessions.
#[derive(Debug)]
pub(super) struct Registry {
    pub(super) options: IdentityOptions,
    file: SavedFile,
    pub(super) vault: Vault,
    known: Mutex<Known>,
}

/// What was read and made so far.
#[derive(Debug, Default)]
pub(super) struct Known {
    profiles: Vec<Session>,
    environment: Option<Session>,
    playground: Option<Session>,
    pub(super) saved: Vec<Session>,
    this_run: Vec<Session>,
    accounts: HashMap<SessionId, AccountId>,
    file_notes: Vec<String>,
    saved_notes: Vec<String>,
}

impl Registry {
    /// A registry that has read nothing yet; makes the data directory.
    pub(super) fn over(
        options: IdentityOptions,
        events: broadcast::Sender<EngineEvent>,
    ) -> Result<Self> {
        make_private_folder(&options.data_dir)?;
        let file = SavedFile::of(&options.data_dir);
        let environment = Environment(&options.environment);
        let vault = Vault::new(&options.keychain_service, environment, events);
        Ok(Self {
            options,
            file,
            vault,
            known: Mutex::default(),
        })
    }

    /// The config file and the credentials file.
    pub(super) fn config_files(&self) -> Vec<PathBuf> {
        let (config, credentials) = Environment(&self.options.environment).config_files();
        [config, credentials]
            .map(|p| std::path::absolute(&p).unwrap_or(p))
            .into()
    }

    /// Reads all files anew.
    pub(super) fn read(&self) {
        let environment = Environment(&self.options.environment);
        let (config, credentials) = environment.config_files();
        let files = ConfigFiles::read(&config, &credentials);
        let saved = self.file.read();
        let mut known = self.known();
        known.profiles = super::profiles::sessions_of(&files, environment);
        known.environment = environment.session();
        known.playground = environment.playground();
        known.file_notes = files.notes.iter().map(ToString::to_string).collect();
        known.take_saved(saved);
    }

    /// All sessions: what a person made first, then what the machine offers.
    pub(super) fn all(&self) -> Vec<Session> {
        let known = self.known();
        let made = known.saved.iter().chain(&known.this_run);
        let offered = known
            .profiles
            .iter()
            .chain(&known.environment)
            .chain(&known.playground);
        made.chain(offered)
            .map(|session| self.standing(&known, session))
            .collect()
    }

    /// One session.
    pub(super) fn find(&self, id: &SessionId) -> Result<Session> {
        let known = self.known();
        let session = known.get(id).ok_or_else(|| {
            Error::new(
                ErrorKind::Gone,
                "Session",
                format!("There is no session {id} any more"),
            )
            .advise("Choose another session, or add it again")
        })?;
        Ok(self.standing(&known, session))
    }

    /// What could not be read.
    pub(super) fn notes(&self) -> Vec<String> {
        let known = self.known();
        known
            .saved_notes
            .iter()
            .chain(&known.file_notes)
            .cloned()
            .collect()
    }

    /// The error for a profile that is in no file.
    pub(super) fn no_profile(&self, name: &str) -> Error {
        let files: Vec<_> = self
            .config_files()
            .iter()
            .map(|p| p.display().to_string())
            .collect();
        Error::new(
            ErrorKind::InvalidInput,
            "Profile",
            format!("There is no profile “{name}” in {}", files.join(" or ")),
        )
        .advise("Check the name, or AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE")
    }

    /// The credentials that a session acts with, asked of vault and STS.
    pub(super) async fn resolve(&self, session: &Session) -> Result<Credentials> {
        if let Some(refusal) = session.refusal() {
            return Err(refusal);
        }
        let missing = || {
            Error::new(
                ErrorKind::NeedsSignIn,
                "Session",
                format!("The secret of “{}” is not kept any more", session.name),
            )
            .about(Subject::Session(session.name.clone()))
            .advise("Edit the session and enter the secret again")
        };
        let first = match &session.leaf {
            Leaf::Keys(keys) => keys.clone(),
            Leaf::Vault { access_key_id } => {
                let secret = self.vault.secret(&session.id).await?.ok_or_else(missing)?;
                let token = secret.token.as_ref().map(|token| token.to_string());
                Credentials::new(access_key_id, secret.key.as_str(), token, None, "keychain")
            }
            Leaf::Anonymous | Leaf::Missing => return Err(missing()),
        };
        let own = session.sts_endpoint_url.as_deref();
        let way = StsWay::beside(session.endpoint_url.as_deref(), own, &session.region)
            .trusting(session.ca_bundle.as_deref());
        let user = Environment(&self.options.environment).user();
        super::chain::walk(&way, first, &session.chain, user).await
    }

    /// Writes a session that [`Registry::drafted`] made.
    pub(super) fn save(&self, session: &Session) -> Result<()> {
        let own = {
            let known = self.known();
            let mut own = session.clone();
            if let Some(base) = known.base(&own.source)? {
                own.chain.drain(..base.chain.len().min(own.chain.len()));
            }
            own
        };
        let entry = Entry::of(&own);
        let saved =
            self.file.change(
                |entries| match entries.iter_mut().find(|e| e.id == entry.id) {
                    Some(older) => *older = entry.keeping_rest_of(older.clone()),
                    None => entries.push(entry),
                },
            )?;
        self.known().take_saved(saved);
        Ok(())
    }

    /// Keeps a session for this run.
    pub(super) fn add_for_this_run(&self, mut session: Session) {
        session.saved = false;
        let mut known = self.known();
        // `standing` adds the base's hops again.
        if let Ok(Some(base)) = known.base(&session.source) {
            let hops = base.chain.len().min(session.chain.len());
            session.chain.drain(..hops);
        }
        known.this_run.retain(|s| s.id != session.id);
        known.this_run.push(session);
    }

    /// Forgets a session that was made here, and its secret.
    pub(super) async fn remove(&self, id: &SessionId) -> Result<()> {
        let session = self.find(id)?;
        if !session.saved {
            let mut known = self.known();
            let before = known.this_run.len();
            known.this_run.retain(|s| s.id != *id);
            if known.this_run.len() == before {
                return Err(invalid(
                    "This session comes from the config files or the environment",
                    "Remove it there",
                ));
            }
            return Ok(());
        }
        if matches!(session.source, Source::Keychain { .. }) && !self.only_in_memory(&session) {
            match self.vault.forget(id).await {
                Err(error) if error.kind() == ErrorKind::KeychainLocked => return Err(error),
                Err(error) => {
                    tracing::warn!(kind = ?error.kind(), "the secret stays in the keychain");
                }
                Ok(()) => {}
            }
        }
        let saved = self
            .file
            .change(|entries| entries.retain(|e| e.id != id.as_str()))?;
        self.known().take_saved(saved);
        Ok(())
    }

    /// Remembers a session's account; whether that is news.
    pub(super) fn remember_account(&self, id: &SessionId, account: &AccountId) -> bool {
        let mut known = self.known();
        known.get(id).is_some()
            && known.accounts.insert(id.clone(), account.clone()).as_ref() != Some(account)
    }

    /// A session's account, once somebody asked.
    pub(super) fn account(&self, id: &SessionId) -> Option<AccountId> {
        self.known().accounts.get(id).cloned()
    }

    /// A session on its base, with the problems that are known without asking.
    pub(super) fn standing(&self, known: &Known, session: &Session) -> Session {
        let mut session = session.clone();
        if known.offered(&session.id).is_none() {
            session.ca_bundle = Environment(&self.options.environment).ca_bundle();
            match known.base(&session.source) {
                Ok(Some(base)) => {
                    session.leaf = base.leaf.clone();
                    session.chain.splice(0..0, base.chain.iter().cloned());
                    session.sts_endpoint_url = base.sts_endpoint_url.clone();
                    session.ca_bundle.clone_from(&base.ca_bundle);
                    session.problem = base.problem.clone();
                }
                Ok(None) => {}
                Err(error) => {
                    let advice = error.advice().unwrap_or_default();
                    session.problem = Some(Problem::new(error.kind(), error.message(), advice));
                }
            }
            session.check_durations();
        }
        session.needs_secret = matches!(session.leaf, Leaf::Vault { .. })
            && !self.vault.remembers(&session.id)
            && (session.memory_only || self.vault.lacks(&session.id));
        if session.needs_secret && session.memory_only {
            session.problem = Some(Problem::new(
                ErrorKind::NeedsSignIn,
                "its secret was kept in memory only, and Longshore was started again since",
                "Edit the session and enter the secret again",
            ));
        }
        session
    }

    fn only_in_memory(&self, session: &Session) -> bool {
        session.memory_only && matches!(session.leaf, Leaf::Vault { .. })
    }

    pub(super) fn known(&self) -> MutexGuard<'_, Known> {
        // A panic while the lock was held leaves lists that are still whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn take_saved(&mut self, saved: Saved) {
        self.saved = saved.entries.iter().map(Entry::session).collect();
        self.saved_notes = saved.notes;
    }

    /// A session by its id, as it was read or made.
    pub(super) fn get(&self, id: &SessionId) -> Option<&Session> {
        let made = self
            .saved
            .iter()
            .chain(&self.this_run)
            .find(|s| s.id == *id);
        made.or_else(|| self.offered(id))
    }

    /// A session that the machine offers by itself.
    fn offered(&self, id: &SessionId) -> Option<&Session> {
        let all = self
            .profiles
            .iter()
            .chain(&self.environment)
            .chain(&self.playground);
        all.into_iter().find(|s| s.id == *id)
    }

    /// The session that another one's credentials begin with.
    pub(super) fn base(&self, source: &Source) -> Result<Option<&Session>> {
        let (id, missing) = match source {
            Source::Keychain { .. } | Source::Anonymous => return Ok(None),
            Source::Profile(name) => (
                profile_id(name),
                format!("the profile “{name}” is in neither config file"),
            ),
            Source::Environment => (
                environment_id(),
                "the environment holds no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY".to_owned(),
            ),
            Source::Playground => (playground_id(), "the Playground is not running".to_owned()),
        };
        match self.offered(&id) {
            Some(base) => Ok(Some(base)),
            None => Err(invalid(missing, "Choose another source of credentials")),
        }
    }
}

/// Makes the data directory, for its owner alone.
fn make_private_folder(path: &std::path::Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|e| {
        let shown = path.display().to_string();
        Error::new(
            ErrorKind::StateUnavailable,
            "OpenState",
            format!("The folder {shown}, where Longshore keeps its state, cannot be made ({e})"),
        )
        .about(Subject::Path(shown))
        .advise("Set LONGSHORE_DATA_DIR to a folder that can be written")
    })
}
