//! Who we act as: sources of credentials, chains of hops, and the sessions made of them.
//!
//! A *source* (profile in the AWS config files, environment, keys kept in the OS keychain, keys of
//! this run, anonymous) and a *chain* of hops (AssumeRole) make a *session*. [`Sessions`] lists
//! them, keeps the saved ones, watches the config files, resolves credentials ahead of expiry and
//! gives each session's way to its endpoint as a [`Connection`]. Long-lived secrets are in the OS
//! keychain and in memory only; STS tokens are in memory only.

use std::collections::BTreeMap;
use std::path::PathBuf;

use tokio::sync::broadcast;
use zeroize::Zeroizing;

use crate::error::Result;
use crate::event::EngineEvent;
use crate::model::{AccountId, Region, SessionId, Timestamp};
use crate::store::{Connection, PathStyle};

/// Where sessions are looked for and kept.
#[derive(Debug, Clone)]
pub struct IdentityOptions {
    /// Where `sessions.json` is kept.
    pub data_dir: PathBuf,
    /// The process's environment, taken once, so that tests and two engines do not meet in it.
    pub environment: BTreeMap<String, String>,
    /// The service name under which secrets are kept in the OS keychain.
    pub keychain_service: String,
}

/// A source of credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A profile of the AWS config and credentials files.
    Profile(String),
    /// `AWS_ACCESS_KEY_ID` and the like.
    Environment,
    /// An access key whose secret is in the OS keychain (or in memory, where there is none).
    Keychain {
        /// The access key id; not a secret.
        access_key_id: String,
    },
    /// No credentials: requests go unsigned.
    Anonymous,
    /// The built-in world to try Longshore in.
    Playground,
}

/// One AssumeRole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The role's ARN.
    pub role_arn: String,
    /// The external id, an identifier and no secret.
    pub external_id: Option<String>,
    /// The session name that the account's log shows.
    pub session_name: Option<String>,
    /// Seconds that the token lasts.
    pub duration_seconds: Option<u32>,
}

/// A session as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// Its id; the same over restarts.
    pub id: SessionId,
    /// Its display name.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub colour: String,
    /// Where its credentials come from.
    pub source: Source,
    /// The roles it goes through.
    pub chain: Vec<Hop>,
    /// The endpoint; none is AWS.
    pub endpoint_url: Option<String>,
    /// The region.
    pub region: Region,
    /// Addressing.
    pub path_style: PathStyle,
    /// Whether mutating calls are refused.
    pub read_only: bool,
    /// Whether it can be edited and removed here (a profile is the file's).
    pub saved: bool,
    /// The account, once GetCallerIdentity said so.
    pub account: Option<AccountId>,
    /// When its credentials expire.
    pub expires: Option<Timestamp>,
    /// What keeps it from working, such as a locked keychain or a broken profile.
    pub problem: Option<String>,
    /// Whether its secret is in memory only, since there is no keychain.
    pub memory_only: bool,
}

/// A session to be tested or saved.
#[derive(Debug, Clone)]
pub struct SessionDraft {
    /// The session that is edited; none makes a new one.
    pub id: Option<SessionId>,
    /// Display name.
    pub name: String,
    /// Colour; none is derived from the account or the name.
    pub colour: Option<String>,
    /// Source.
    pub source: Source,
    /// The secret access key; none keeps what is kept.
    pub secret: Option<Zeroizing<String>>,
    /// A session token that goes with pasted temporary keys; kept in memory only.
    pub session_token: Option<Zeroizing<String>>,
    /// Hops after the source.
    pub chain: Vec<Hop>,
    /// Endpoint.
    pub endpoint_url: Option<String>,
    /// Region; none is the source's or `us-east-1`.
    pub region: Option<Region>,
    /// Addressing.
    pub path_style: PathStyle,
    /// Whether mutating calls are refused.
    pub read_only: bool,
    /// Whether bodies may go unsigned over plain http to another host.
    pub trust_plain_http: bool,
}

/// What GetCallerIdentity says; other servers may not know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerIdentity {
    /// Account.
    pub account: AccountId,
    /// ARN.
    pub arn: String,
    /// User id.
    pub user_id: String,
}

/// How a draft fared when it was tried.
#[derive(Debug, Clone)]
pub struct SessionTest {
    /// Who the endpoint says we are, where it can.
    pub identity: Option<CallerIdentity>,
    /// How many buckets the first page lists; none when it may not list them.
    pub buckets: Option<usize>,
    /// Sentences to read before saving (plain http, cannot list buckets, clock offset).
    pub notes: Vec<String>,
}

/// All sessions of this machine. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions {}

impl Sessions {
    /// Reads config files, environment and the saved sessions, and begins to watch the files.
    pub fn open(
        _options: IdentityOptions,
        _events: broadcast::Sender<EngineEvent>,
    ) -> Result<Self> {
        todo!()
    }
    /// All sessions in the order in which they are shown.
    pub fn list(&self) -> Vec<SessionView> {
        todo!()
    }
    /// One session.
    pub fn view(&self, _id: &SessionId) -> Result<SessionView> {
        todo!()
    }
    /// The session of a profile, for the command line.
    pub fn of_profile(&self, _name: &str) -> Result<SessionView> {
        todo!()
    }
    /// The way to the session's endpoint, with a provider that renews ahead of expiry.
    pub async fn connection(&self, _id: &SessionId) -> Result<Connection> {
        todo!()
    }
    /// The way that a draft would take, for a test; keeps nothing.
    pub async fn draft_connection(&self, _draft: &SessionDraft) -> Result<Connection> {
        todo!()
    }
    /// Saves a draft; its secret goes to the keychain first.
    pub async fn save(&self, _draft: SessionDraft) -> Result<SessionId> {
        todo!()
    }
    /// Makes a session for this run only (the command line's flags); nothing is written.
    pub fn add_for_this_run(&self, _draft: SessionDraft) -> Result<SessionId> {
        todo!()
    }
    /// Forgets a saved session and its secret.
    pub async fn remove(&self, _id: &SessionId) -> Result<()> {
        todo!()
    }
    /// Who the endpoint says a connection is.
    pub async fn caller_identity(&self, _connection: &Connection) -> Result<CallerIdentity> {
        todo!()
    }
    /// Reads the config files again.
    pub fn reload(&self) {
        todo!()
    }
    /// Drops what is cached for a session, so that the next call renews (after ExpiredToken, after
    /// an unlock).
    pub fn invalidate(&self, _id: &SessionId) {
        todo!()
    }
}
