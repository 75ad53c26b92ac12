//! Sessions as they are shown, entered and tried. A secret is in a draft alone, and only inward.

use zeroize::Zeroizing;

use crate::model::{AccountId, Region, SessionId, Timestamp};
use crate::store::PathStyle;

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
    /// Whether its secret is in memory only: there is no keychain, or the keys are temporary.
    pub memory_only: bool,
    /// Whether its secret is gone, so that a person has to enter it before the session works.
    pub needs_secret: bool,
    /// Changes whenever the session comes to stand for another place or other keys. It is for
    /// comparing alone: what was listed under another one is not what the session sees now.
    pub definition: String,
    /// Whether bodies may go unsigned over plain http to another host.
    pub trust_plain_http: bool,
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
