//! One session as the engine keeps it: how its credentials begin, its hops, its way, its look.
//!
//! Ids are stable over restarts, since jobs and panes name their session by them: `profile:NAME`,
//! `environment`, `playground`, a UUID for a saved one, and for the flags of one run a digest of
//! what the flags say, so that the same command finds its job again. Colours come from a fixed
//! palette; red is kept for what looks like production, grey for what belongs to nobody.

use std::path::PathBuf;

use aws_credential_types::Credentials;

use super::{Hop, SessionView, Source};
use crate::error::{Error, ErrorKind, Subject};
use crate::model::{Region, SessionId};
use crate::store::PathStyle;

/// What requests are signed for when nobody names a region.
pub(super) const DEFAULT_REGION: &str = "us-east-1";

/// AWS caps the token of a role that was assumed by a role at one hour
/// (<https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html>).
const CHAINED_SECONDS: u32 = 3600;

/// Colours that identities get by the hash of their account or name.
const PALETTE: [&str; 4] = ["#7a4fd0", "#0b8f6a", "#c2571a", "#0b6e8f"];
const PRODUCTION: &str = "#b3261e";
const NEUTRAL: &str = "#8a97a3";

/// A session as it is kept.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) id: SessionId,
    pub(super) name: String,
    pub(super) colour: Option<String>,
    pub(super) source: Source,
    pub(super) leaf: Leaf,
    pub(super) chain: Vec<Hop>,
    pub(super) endpoint_url: Option<String>,
    /// Where STS is asked when it is neither AWS nor the endpoint itself.
    pub(super) sts_endpoint_url: Option<String>,
    /// A file of authorities that are trusted beside the system's.
    pub(super) ca_bundle: Option<PathBuf>,
    pub(super) region: Region,
    pub(super) path_style: PathStyle,
    pub(super) read_only: bool,
    pub(super) trust_plain_http: bool,
    pub(super) saved: bool,
    pub(super) memory_only: bool,
    /// Whether a person has to enter its secret before it works.
    pub(super) needs_secret: bool,
    pub(super) problem: Option<Problem>,
}

/// How a session's credentials begin, before its first hop.
#[derive(Debug, Clone)]
pub(super) enum Leaf {
    /// Keys that were read or given; their secret is wiped when dropped and not shown by `Debug`.
    Keys(Credentials),
    /// The secret is in the vault under the session's id.
    Vault {
        access_key_id: String,
    },
    Anonymous,
    /// Nothing that works; the session's problem says why.
    Missing,
}

/// Why a session does not work, found without asking anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) kind: ErrorKind,
    pub(super) what: String,
    pub(super) advice: String,
}

impl Problem {
    pub(super) fn new(kind: ErrorKind, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            advice: advice.into(),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        if self.advice.is_empty() {
            Ok(())
        } else {
            write!(f, ". {}", self.advice)
        }
    }
}

impl Session {
    /// A session without credentials, roles or an endpoint.
    pub(super) fn new(id: SessionId, name: impl Into<String>, source: Source) -> Self {
        Self {
            id,
            name: name.into(),
            colour: None,
            source,
            leaf: Leaf::Missing,
            chain: Vec::new(),
            endpoint_url: None,
            sts_endpoint_url: None,
            ca_bundle: None,
            region: Region::new(DEFAULT_REGION),
            path_style: PathStyle::Auto,
            read_only: false,
            trust_plain_http: false,
            saved: false,
            memory_only: false,
            needs_secret: false,
            problem: None,
        }
    }

    /// Its problem as the error of whoever wants to use it.
    pub(super) fn refusal(&self) -> Option<Error> {
        let problem = self.problem.as_ref()?;
        let error = Error::new(
            problem.kind,
            "Session",
            format!("Session “{}” cannot be used: {}", self.name, problem.what),
        )
        .about(Subject::Session(self.name.clone()));
        Some(if problem.advice.is_empty() {
            error
        } else {
            error.advise(&problem.advice)
        })
    }

    /// As it is shown; account and expiry are the caller's to fill in.
    pub(super) fn view(&self) -> SessionView {
        SessionView {
            id: self.id.clone(),
            name: self.name.clone(),
            colour: self
                .colour
                .clone()
                .unwrap_or_else(|| colour_of(self).to_owned()),
            source: self.source.clone(),
            chain: self.chain.clone(),
            endpoint_url: self.endpoint_url.clone(),
            region: self.region.clone(),
            path_style: self.path_style,
            read_only: self.read_only,
            saved: self.saved,
            account: None,
            expires: None,
            problem: self.problem.as_ref().map(ToString::to_string),
            memory_only: self.memory_only,
            needs_secret: self.needs_secret,
            definition: definition(self),
            trust_plain_http: self.trust_plain_http,
        }
    }

    /// Finds what AWS would refuse anyway: chained tokens of more than an hour.
    pub(super) fn check_durations(&mut self) {
        let chained = self.chain.len() > 1;
        let longest = self
            .chain
            .iter()
            .filter_map(|h| h.duration_seconds)
            .max()
            .unwrap_or(0);
        if self.problem.is_none() && chained && longest > CHAINED_SECONDS {
            self.problem = Some(Problem::new(
                ErrorKind::InvalidInput,
                format!(
                    "it asks for {longest} seconds, and a role reached through another role lasts at most {CHAINED_SECONDS}"
                ),
                "Lower duration_seconds to 3600 or less",
            ));
        }
    }
}

/// The id of a profile's session.
pub(super) fn profile_id(name: &str) -> SessionId {
    SessionId::new(format!("profile:{name}"))
}

/// The id of the environment's session.
pub(super) fn environment_id() -> SessionId {
    SessionId::new("environment")
}

/// The id of the built-in world's session.
pub(super) fn playground_id() -> SessionId {
    SessionId::new("playground")
}

/// The id of a session that was made of flags: the same flags give the same id, and no secret is
/// part of it.
pub(super) fn run_id(session: &Session) -> SessionId {
    let digest = fnv1a(stands_for(session).join("\n").as_bytes());
    SessionId::new(format!("run:{digest:016x}"))
}

/// A digest of the place and the keys that a session stands for now; no secret is part of it.
fn definition(session: &Session) -> String {
    let mut parts = stands_for(session);
    parts.push(session.region.to_string());
    parts.push(format!("{:?}", session.path_style));
    format!("{:016x}", fnv1a(parts.join("\n").as_bytes()))
}

/// Source, key, endpoint and roles, in an order of their own.
fn stands_for(session: &Session) -> Vec<String> {
    let source = match &session.source {
        Source::Profile(name) => format!("profile {name}"),
        Source::Environment => "environment".to_owned(),
        Source::Keychain { .. } => "keys".to_owned(),
        Source::Anonymous => "anonymous".to_owned(),
        Source::Playground => "playground".to_owned(),
    };
    let endpoint = session
        .endpoint_url
        .as_deref()
        .unwrap_or("aws")
        .trim_end_matches('/');
    let key = match &session.leaf {
        Leaf::Keys(keys) => keys.access_key_id(),
        Leaf::Vault { access_key_id } => access_key_id,
        Leaf::Anonymous | Leaf::Missing => "",
    };
    let mut parts = vec![source, key.to_owned(), endpoint.to_owned()];
    for hop in &session.chain {
        parts.push(format!(
            "{} {}",
            hop.role_arn,
            hop.external_id.as_deref().unwrap_or("")
        ));
    }
    parts
}

fn colour_of(session: &Session) -> &'static str {
    match session.source {
        Source::Playground | Source::Anonymous => return NEUTRAL,
        _ if looks_like_production(&session.name) => return PRODUCTION,
        _ => {}
    }
    let account = session
        .chain
        .last()
        .and_then(|hop| account_in_arn(&hop.role_arn));
    let hash = fnv1a(account.unwrap_or(&session.name).as_bytes());
    // The low bits of FNV-1a are its weak ones, so the high half is folded in.
    PALETTE[usize::try_from((hash ^ (hash >> 32)) % 4).unwrap_or(0)]
}

/// The account of `arn:partition:iam::ACCOUNT:role/…`.
pub(super) fn account_in_arn(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| !account.is_empty())
}

/// Whether a word of the name says production: `prod`, `acme-production`, `live2`.
fn looks_like_production(name: &str) -> bool {
    name.split(|c: char| !c.is_alphabetic())
        .map(str::to_lowercase)
        .any(|word| matches!(word.as_str(), "prod" | "production" | "prd" | "live"))
}

/// FNV-1a, 64 bit: stable over versions and platforms, which std's hasher does not promise.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Session {
        Session::new(profile_id(name), name, Source::Profile(name.to_owned()))
    }

    #[test]
    fn what_looks_like_production_is_red_and_nothing_else_is() {
        for name in ["prod", "acme-production", "eu_PRD", "live2", "prod-eu-1"] {
            assert_eq!(
                named(name).view().colour,
                PRODUCTION,
                "{name} is production"
            );
        }
        for name in [
            "product-team",
            "reproduction",
            "alive",
            "dev",
            "default",
            "staging",
        ] {
            assert_ne!(
                named(name).view().colour,
                PRODUCTION,
                "{name} only sounds like it"
            );
        }
    }

    #[test]
    fn a_chosen_colour_wins_and_the_same_account_has_one_colour() {
        let role = |account: &str| Hop {
            role_arn: format!("arn:aws:iam::{account}:role/reader"),
            external_id: None,
            session_name: None,
            duration_seconds: None,
        };
        let (mut a, mut b) = (named("a"), named("b"));
        a.chain.push(role("111122223333"));
        b.chain.push(role("111122223333"));
        assert_eq!(a.view().colour, b.view().colour, "one account, one colour");
        a.colour = Some("#123456".to_owned());
        assert_eq!(a.view().colour, "#123456", "a person's choice wins");
    }

    #[test]
    fn the_same_flags_give_the_same_id_and_other_flags_another() {
        let keys =
            |id: &str, secret: &str| Leaf::Keys(Credentials::new(id, secret, None, None, "test"));
        let mut session = named("p");
        session.leaf = keys("AKIA", "one");
        let first = run_id(&session);
        session.leaf = keys("AKIA", "two");
        assert_eq!(
            first,
            run_id(&session),
            "the same command finds its job again; no secret counts"
        );
        session.endpoint_url = Some("http://127.0.0.1:1".to_owned());
        let second = run_id(&session);
        assert_ne!(first, second, "another endpoint is another session");
        session.endpoint_url = Some("http://127.0.0.1:1/".to_owned());
        assert_eq!(second, run_id(&session), "a slash at the end means nothing");
        session.leaf = keys("AKIB", "one");
        assert_ne!(second, run_id(&session), "another key is another session");
    }

    #[test]
    fn a_chained_role_of_more_than_an_hour_is_refused_up_front() {
        let hop = Hop {
            role_arn: "arn:aws:iam::1:role/r".to_owned(),
            external_id: None,
            session_name: None,
            duration_seconds: Some(7200),
        };
        let mut session = named("p");
        session.chain = vec![hop.clone()];
        session.check_durations();
        assert!(session.problem.is_none(), "a single hop may last longer");
        session.chain.push(hop);
        session.check_durations();
        let problem = session.problem.expect("a chained one may not");
        assert!(
            problem.what.contains("3600"),
            "the limit is named: {problem}"
        );
    }
}
