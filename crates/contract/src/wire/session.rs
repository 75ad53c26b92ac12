//! Sessions as a page sees them; a secret only ever comes in.

use longshore_engine::identity;
use longshore_engine::model::{Region, SessionId};
use longshore_engine::store;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A source of credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Source {
    /// A profile of the AWS config and credentials files.
    Profile {
        /// Its name.
        name: String,
    },
    /// `AWS_ACCESS_KEY_ID` and the like.
    Environment,
    /// An access key whose secret is in the OS keychain.
    Keychain {
        /// The access key id; no secret.
        access_key_id: String,
    },
    /// Requests go unsigned.
    Anonymous,
    /// The built-in world to try Longshore in.
    Playground,
}

/// One AssumeRole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct Hop {
    /// The role's ARN.
    pub role_arn: String,
    /// The external id.
    pub external_id: Option<String>,
    /// The session name that the account's log shows.
    pub session_name: Option<String>,
    /// Seconds that the token lasts.
    pub duration_seconds: Option<u32>,
}

/// How a bucket is named in a request's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PathStyle {
    /// Path style for custom endpoints, host style for AWS.
    #[default]
    Auto,
    /// `https://host/bucket/key`.
    On,
    /// `https://bucket.host/key`.
    Off,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id; the same over restarts.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub colour: String,
    /// Where its credentials come from.
    pub source: Source,
    /// The roles it goes through.
    pub chain: Vec<Hop>,
    /// The endpoint; null is AWS.
    pub endpoint_url: Option<String>,
    /// The region.
    pub region: String,
    /// Addressing.
    pub path_style: PathStyle,
    /// Whether everything that would change something is refused.
    pub read_only: bool,
    /// Whether it can be edited and removed here (a profile is its file's).
    pub saved: bool,
    /// The account, once the server said so.
    pub account: Option<String>,
    /// When its credentials expire.
    pub expires: Option<i64>,
    /// What keeps it from working.
    pub problem: Option<String>,
    /// Whether its secret is in memory only: there is no keychain, or the keys are temporary.
    pub memory_only: bool,
    /// Whether its secret is gone, so that a person has to enter it before the session works.
    pub needs_secret: bool,
    /// Changes whenever the session comes to stand for another place or other keys; for comparing
    /// alone.
    pub definition: String,
    /// Whether bodies may go unsigned over plain http to another host.
    pub trust_plain_http: bool,
}

/// A session to be tested or saved.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields = nullable)]
pub struct SessionDraft {
    /// The session that is edited; left out makes a new one.
    pub id: Option<String>,
    /// Display name.
    pub name: String,
    /// Colour, `#rrggbb`; left out is derived.
    pub colour: Option<String>,
    /// Source.
    pub source: Source,
    /// The secret access key; left out keeps what is kept. It never comes back.
    pub secret: Option<String>,
    /// A session token that goes with pasted temporary keys.
    pub session_token: Option<String>,
    /// Hops after the source.
    #[serde(default)]
    pub chain: Vec<Hop>,
    /// Endpoint; left out is AWS.
    pub endpoint_url: Option<String>,
    /// Region; left out is the source's.
    pub region: Option<String>,
    /// Addressing.
    #[serde(default)]
    pub path_style: PathStyle,
    /// Whether everything that would change something is refused.
    #[serde(default)]
    pub read_only: bool,
    /// Whether bodies may go unsigned over plain http to another host.
    #[serde(default)]
    pub trust_plain_http: bool,
}

// A derived Debug would carry the secret into a log line.
impl std::fmt::Debug for SessionDraft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionDraft")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("source", &self.source)
            .field("endpoint_url", &self.endpoint_url)
            .finish_non_exhaustive()
    }
}

/// Names a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionIdArgs {
    /// Its id.
    pub id: String,
}

/// Where secrets are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeychainState {
    /// Whether a secret that is saved now would be in memory only, since there is no keychain. A
    /// locked one is a keychain; it shows as the code `keychainLocked`.
    pub memory_only: bool,
}

/// A session was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionSaved {
    /// Its id.
    pub id: String,
}

/// Who the server says we are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CallerIdentity {
    /// Account.
    pub account: String,
    /// ARN.
    pub arn: String,
    /// User id.
    pub user_id: String,
}

/// How a draft fared when it was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionTest {
    /// Who the endpoint says we are, where it can.
    pub identity: Option<CallerIdentity>,
    /// How many buckets the first page lists; null when it may not list them.
    pub buckets: Option<u64>,
    /// Sentences to read before saving.
    pub notes: Vec<String>,
}

impl From<identity::Source> for Source {
    fn from(source: identity::Source) -> Self {
        match source {
            identity::Source::Profile(name) => Self::Profile { name },
            identity::Source::Environment => Self::Environment,
            identity::Source::Keychain { access_key_id } => Self::Keychain { access_key_id },
            identity::Source::Anonymous => Self::Anonymous,
            identity::Source::Playground => Self::Playground,
        }
    }
}

impl From<Source> for identity::Source {
    fn from(source: Source) -> Self {
        match source {
            Source::Profile { name } => Self::Profile(name),
            Source::Environment => Self::Environment,
            Source::Keychain { access_key_id } => Self::Keychain { access_key_id },
            Source::Anonymous => Self::Anonymous,
            Source::Playground => Self::Playground,
        }
    }
}

impl From<identity::Hop> for Hop {
    fn from(hop: identity::Hop) -> Self {
        Self {
            role_arn: hop.role_arn,
            external_id: hop.external_id,
            session_name: hop.session_name,
            duration_seconds: hop.duration_seconds,
        }
    }
}

impl From<Hop> for identity::Hop {
    fn from(hop: Hop) -> Self {
        Self {
            role_arn: hop.role_arn,
            external_id: hop.external_id,
            session_name: hop.session_name,
            duration_seconds: hop.duration_seconds,
        }
    }
}

impl From<store::PathStyle> for PathStyle {
    fn from(style: store::PathStyle) -> Self {
        match style {
            store::PathStyle::Auto => Self::Auto,
            store::PathStyle::On => Self::On,
            store::PathStyle::Off => Self::Off,
        }
    }
}

impl From<PathStyle> for store::PathStyle {
    fn from(style: PathStyle) -> Self {
        match style {
            PathStyle::Auto => Self::Auto,
            PathStyle::On => Self::On,
            PathStyle::Off => Self::Off,
        }
    }
}

impl From<identity::SessionView> for Session {
    fn from(view: identity::SessionView) -> Self {
        Self {
            id: view.id.into_string(),
            name: view.name,
            colour: view.colour,
            source: view.source.into(),
            chain: view.chain.into_iter().map(Hop::from).collect(),
            endpoint_url: view.endpoint_url,
            region: view.region.into_string(),
            path_style: view.path_style.into(),
            read_only: view.read_only,
            saved: view.saved,
            account: view
                .account
                .map(longshore_engine::model::AccountId::into_string),
            expires: view.expires.map(|at| at.0),
            problem: view.problem,
            memory_only: view.memory_only,
            needs_secret: view.needs_secret,
            definition: view.definition,
            trust_plain_http: view.trust_plain_http,
        }
    }
}

impl From<SessionDraft> for identity::SessionDraft {
    fn from(draft: SessionDraft) -> Self {
        // An empty field of a form says nothing; it does not ask for an empty secret.
        let said = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Self {
            id: draft.id.map(SessionId::new),
            name: draft.name,
            colour: said(draft.colour),
            source: draft.source.into(),
            secret: said(draft.secret).map(Into::into),
            session_token: said(draft.session_token).map(Into::into),
            chain: draft.chain.into_iter().map(Into::into).collect(),
            endpoint_url: said(draft.endpoint_url),
            region: said(draft.region).map(Region::new),
            path_style: draft.path_style.into(),
            read_only: draft.read_only,
            trust_plain_http: draft.trust_plain_http,
        }
    }
}

impl From<identity::CallerIdentity> for CallerIdentity {
    fn from(identity: identity::CallerIdentity) -> Self {
        Self {
            account: identity.account.into_string(),
            arn: identity.arn,
            user_id: identity.user_id,
        }
    }
}

impl From<identity::SessionTest> for SessionTest {
    fn from(test: identity::SessionTest) -> Self {
        Self {
            identity: test.identity.map(CallerIdentity::from),
            buckets: test.buckets.map(|count| count as u64),
            notes: test.notes,
        }
    }
}
