//! What a draft becomes: the session that is tried, saved or made for one run, by the same rules.
//!
//! A draft is checked before anybody is asked: what no session can be made of is refused here with
//! what it lacks. On a base (a profile, the environment) a draft adds its own hops and takes from
//! the base what it leaves open.

use aws_credential_types::Credentials;

use super::environment::Environment;
use super::registry::Registry;
use super::session::{Leaf, Session};
use super::{SessionDraft, Source};
use crate::error::{Error, ErrorKind, Result};
use crate::model::SessionId;
use crate::store::PathStyle;

impl Registry {
    /// The session that a draft describes, on its base.
    ///
    /// # Errors
    /// `InvalidInput` for what it lacks.
    pub(super) fn drafted(&self, draft: &SessionDraft) -> Result<Session> {
        check(draft)?;
        let id = draft.id.clone().unwrap_or_else(|| SessionId::new("draft"));
        let known = self.known();
        let mut session = Session::new(id, draft.name.trim(), draft.source.clone());
        session.saved = true;
        session.colour.clone_from(&draft.colour);
        session.leaf = leaf_of(draft);
        session.chain.clone_from(&draft.chain);
        session.path_style = draft.path_style;
        session.read_only = draft.read_only;
        session.trust_plain_http = draft.trust_plain_http;
        session.endpoint_url = draft.endpoint_url.clone().filter(|url| !url.is_empty());
        session.memory_only = matches!(session.source, Source::Keychain { .. })
            && known.get(&session.id).is_some_and(|s| s.memory_only);
        let base = known.base(&session.source)?;
        if let Some(base) = base {
            // A view shows the base's hops too, and an edited view comes back as a draft.
            if session.chain.starts_with(&base.chain) {
                session.chain.drain(..base.chain.len());
            }
            session.endpoint_url = session.endpoint_url.or_else(|| base.endpoint_url.clone());
            session.region = base.region.clone();
            if draft.path_style == PathStyle::Auto {
                session.path_style = base.path_style;
            }
        } else if let Some(region) = Environment(&self.options.environment).region() {
            session.region = region;
        }
        if let Some(region) = &draft.region {
            session.region = region.clone();
        }
        Ok(self.standing(&known, &session))
    }

    /// What saving needs beyond trying.
    pub(super) fn check_saving(&self, draft: &SessionDraft, session: &Session) -> Result<()> {
        if session.name.is_empty() {
            return Err(invalid("The session has no name", "Give it one"));
        }
        let known = self.known();
        let before = match &draft.id {
            None => None,
            Some(id) => Some(known.saved.iter().find(|s| s.id == *id).ok_or_else(|| {
                invalid(
                    "Only sessions that were saved here can be changed here",
                    "Edit the config file instead",
                )
            })?),
        };
        let Source::Keychain { access_key_id } = &draft.source else {
            return Ok(());
        };
        let same_key = before.is_some_and(
            |b| matches!(&b.source, Source::Keychain { access_key_id: old } if old == access_key_id),
        );
        if draft.secret.is_none() && !same_key {
            return Err(invalid(
                "The secret access key is missing",
                "Enter the secret of this access key id",
            ));
        }
        Ok(())
    }
}

fn leaf_of(draft: &SessionDraft) -> Leaf {
    match (&draft.source, &draft.secret) {
        (Source::Anonymous, _) => Leaf::Anonymous,
        (Source::Keychain { access_key_id }, Some(secret)) => {
            let token = draft.session_token.as_ref().map(|token| token.to_string());
            Leaf::Keys(Credentials::new(
                access_key_id,
                secret.as_str(),
                token,
                None,
                "draft",
            ))
        }
        (Source::Keychain { access_key_id }, None) => Leaf::Vault {
            access_key_id: access_key_id.clone(),
        },
        (Source::Profile(_) | Source::Environment | Source::Playground, _) => Leaf::Missing,
    }
}

/// Finds what no session can be made of.
fn check(draft: &SessionDraft) -> Result<()> {
    if let Some(url) = draft.endpoint_url.as_deref().filter(|url| !url.is_empty()) {
        check_endpoint(url)?;
    }
    if let Source::Keychain { access_key_id } = &draft.source {
        let bad = access_key_id.is_empty() || access_key_id.chars().any(char::is_whitespace);
        if bad {
            return Err(invalid(
                "The access key id is empty or holds blanks",
                "Enter it as it was given",
            ));
        }
        if draft.secret.is_none() && draft.id.is_none() {
            return Err(invalid(
                "The secret access key is missing",
                "Enter the secret of this access key id",
            ));
        }
        if draft
            .secret
            .as_ref()
            .is_some_and(|s| s.is_empty() || s.chars().any(char::is_whitespace))
        {
            return Err(invalid(
                "The secret access key is empty or holds blanks",
                "Enter it as it was given; a line break may have been pasted with it",
            ));
        }
    }
    if matches!(draft.source, Source::Anonymous) && !draft.chain.is_empty() {
        return Err(invalid(
            "Nobody can assume a role without credentials",
            "Choose a source that has keys",
        ));
    }
    match draft
        .chain
        .iter()
        .find(|hop| !hop.role_arn.starts_with("arn:"))
    {
        Some(hop) => Err(invalid(
            format!("“{}” is not a role's ARN", hop.role_arn),
            "Write it as arn:aws:iam::ACCOUNT:role/NAME",
        )),
        None => Ok(()),
    }
}

fn check_endpoint(text: &str) -> Result<()> {
    let advice = "Write it as https://host or http://host:port";
    let url = url::Url::parse(text).map_err(|_| invalid("The endpoint is not a URL", advice))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(invalid("The endpoint is not an http or https URL", advice));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid(
            "The endpoint holds a user name or password",
            "Enter keys in their own fields",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("The endpoint holds a query or a fragment", advice));
    }
    Ok(())
}

/// What is wrong with a session that is to be made.
pub(super) fn invalid(message: impl Into<String>, advice: &str) -> Error {
    Error::new(ErrorKind::InvalidInput, "SaveSession", message).advise(advice)
}
