//! Whom a session stands for at a moment, so that a job never goes on as somebody else.
//!
//! A session is found by its id, and what stands behind an id can change: a profile is edited, a
//! variable is set anew. An [`Actor`] is what is known without asking anybody: the endpoint, and
//! the account; where the account cannot be told, the role that is assumed, or the access key.
//! Another key of the same account, and a renewed token of the same role, are the same actor. Of
//! temporary keys that somebody else issued only that they are temporary can be compared: their id
//! changes with every renewal, and a job that could never go on would not be safer, only lost. It
//! holds no secret. What is not known is never taken for a difference.

use std::fmt;
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result, Subject};
use crate::store::Store;

/// How often a running job's credentials are looked at. The store keeps those it signs with for
/// longer than this, so that a change is seen before it is acted on.
const LOOK: Duration = Duration::from_secs(1);

/// Whom a plan was made as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Actor {
    /// The endpoint; none is AWS.
    endpoint: Option<String>,
    who: Option<Who>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Who {
    Anonymous,
    Account(String),
    Role(String),
    Key(String),
    /// Keys of a session that somebody else began; their id says nothing.
    Temporary,
}

impl Actor {
    /// Whom a store acts as now.
    pub(crate) async fn of(store: &Store) -> Self {
        let connection = store.connection();
        let endpoint = connection.endpoint_url.as_deref();
        let who = match &connection.credentials {
            None => Some(Who::Anonymous),
            // Why there are none is what the next request says.
            Some(provider) => match provider.provide_credentials().await {
                Ok(keys) => Some(who(&keys, connection.role.as_deref(), endpoint.is_none())),
                Err(_) => None,
            },
        };
        Self {
            endpoint: endpoint.map(|url| url.trim_end_matches('/').to_owned()),
            who,
        }
    }

    /// Refuses a store that acts as somebody else.
    ///
    /// # Errors
    /// `NeedsSignIn`, which parks a job with its parts kept.
    pub(crate) async fn check(&self, store: &Store) -> Result<()> {
        let now = Self::of(store).await;
        if self.may_be(&now) {
            return Ok(());
        }
        let name = &store.connection().name;
        Err(Error::new(
            ErrorKind::NeedsSignIn,
            "Session",
            format!(
                "This was begun as {self}, and the session “{name}” is {now} now; nothing was sent \
                 as the other"
            ),
        )
        .about(Subject::Session(name.clone()))
        .advise(
            "Give the session its earlier endpoint, role or key and resume. If that one is gone for \
             good, cancel this and start it again: what is complete there is seen in the plan and \
             can be left out",
        ))
    }

    /// Waits until a store acts as somebody else.
    ///
    /// # Cancellation
    /// It changes nothing and may be dropped at any time.
    pub(crate) async fn changes(actor: Option<&Self>, store: &Store) -> Error {
        let Some(actor) = actor else {
            return std::future::pending().await;
        };
        loop {
            tokio::time::sleep(LOOK).await;
            if let Err(error) = actor.check(store).await {
                return error;
            }
        }
    }

    fn may_be(&self, now: &Self) -> bool {
        let same = match (&self.who, &now.who) {
            (Some(before), Some(now)) => before == now,
            _ => true,
        };
        self.endpoint == now.endpoint && same
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.who {
            Some(Who::Anonymous) => f.write_str("nobody in particular")?,
            Some(Who::Account(account)) => write!(f, "account {account}")?,
            Some(Who::Role(role)) => write!(f, "role {role}")?,
            Some(Who::Temporary) => f.write_str("temporary keys")?,
            Some(Who::Key(key)) => write!(f, "access key {key}")?,
            None => f.write_str("somebody")?,
        }
        let endpoint = self.endpoint.as_deref().unwrap_or("Amazon S3");
        write!(f, " at {endpoint}")
    }
}

fn who(credentials: &Credentials, role: Option<&str>, is_amazon: bool) -> Who {
    let id = credentials.access_key_id();
    if is_amazon && let Some(account) = account_in_key(id) {
        return Who::Account(account);
    }
    match role {
        Some(role) => Who::Role(role.to_owned()),
        None if credentials.session_token().is_some() => Who::Temporary,
        None => Who::Key(id.to_owned()),
    }
}

/// The account that AWS writes into its access key ids: bits 1 to 40 of what follows the prefix, in
/// base32. Ids from before 2019 lack it, and the highest bit.
fn account_in_key(id: &str) -> Option<String> {
    const PREFIX: usize = 4;
    let digits = id.as_bytes().get(PREFIX..).filter(|d| d.len() == 16)?;
    let mut value: u128 = 0;
    for digit in digits {
        let five_bits = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        value = value << 5 | u128::from(five_bits);
    }
    // 80 bits: one that is set, 40 of the account, the rest.
    let has_account = value >> 79 == 1;
    has_account.then(|| format!("{:012}", (value >> 39) & 0xff_ffff_ffff))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(endpoint: Option<&str>, who: Option<Who>) -> Actor {
        Actor {
            endpoint: endpoint.map(str::to_owned),
            who,
        }
    }

    #[test]
    fn a_key_of_aws_tells_its_account() {
        assert_eq!(
            account_in_key("ASIAQNZGKIQY56JQ7WML").as_deref(),
            Some("029608264753"),
            "a published example"
        );
        assert_eq!(
            account_in_key("AKIAIOSFODNN7EXAMPLE"),
            None,
            "an old id has none"
        );
        assert_eq!(account_in_key("minio"), None, "another server's id");
    }

    #[test]
    fn a_renewed_token_is_the_same_actor_and_another_key_is_not() {
        let of = |id: &str, token: Option<&str>, is_amazon| {
            let token = token.map(str::to_owned);
            Some(who(
                &Credentials::new(id, "s", token, None, "test"),
                None,
                is_amazon,
            ))
        };
        assert_eq!(
            of("ASIAQNZGKIQY56JQ7WML", Some("t"), true),
            of("AKIAQNZGKIQY56JQ7WML", None, true),
            "one account"
        );
        let before = actor(Some("http://a"), of("one", None, false));
        assert!(before.may_be(&before), "nothing changed");
        assert!(
            before.may_be(&actor(Some("http://a"), None)),
            "what is not known is no difference"
        );
        assert!(
            !before.may_be(&actor(Some("http://a"), of("two", None, false))),
            "another key"
        );
        assert!(
            !before.may_be(&actor(Some("http://b"), of("one", None, false))),
            "another server"
        );
        let temporary = actor(Some("http://a"), of("t1", Some("t"), false));
        assert!(
            temporary.may_be(&actor(Some("http://a"), of("t2", Some("u"), false))),
            "a renewal"
        );
        assert!(
            !temporary.may_be(&before) && !before.may_be(&temporary),
            "no renewal makes a lasting key of a temporary one"
        );
    }

    #[test]
    fn another_role_at_the_same_endpoint_is_somebody_else() {
        let of = |id: &str, role: &str| {
            let keys = Credentials::new(id, "s", Some("t".to_owned()), None, "test");
            actor(Some("http://a"), Some(who(&keys, Some(role), false)))
        };
        let reader = of("t1", "arn:aws:iam::1:role/reader");
        assert!(
            reader.may_be(&of("t2", "arn:aws:iam::1:role/reader")),
            "a renewed token of the same role"
        );
        let admin = of("t3", "arn:aws:iam::1:role/admin");
        assert!(!reader.may_be(&admin), "a profile that was edited");
        assert!(
            admin.to_string().contains("role/admin"),
            "the sentence names the role: {admin}"
        );
    }
}
