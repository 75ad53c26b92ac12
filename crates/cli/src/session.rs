//! Which session the flags and the environment name.
//!
//! Precedence is the AWS CLI's: `--no-sign-request`, `--profile`, keys in the environment,
//! `AWS_PROFILE`, the profile `default`; last the Playground, where one runs. Flags that change the
//! way (endpoint, role, region, addressing) make a session of this run, whose id is made of what it
//! is, so that the same command finds its transfer again and no other one does.

use std::collections::BTreeMap;

use longshore_engine::identity::{Hop, SessionDraft, Sessions, Source};
use longshore_engine::model::{Region, SessionId};
use longshore_engine::store;
use longshore_engine::{Error, ErrorKind};

use crate::args::{Global, PathStyle};
use crate::failure::{Failure, Result};

/// The session that acts.
pub(crate) fn choose(
    sessions: &Sessions,
    flags: &Global,
    environment: &BTreeMap<String, String>,
) -> Result<SessionId> {
    let set = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    let changed = flags.role.is_some()
        || flags.endpoint_url.is_some()
        || flags.region.is_some()
        || !matches!(flags.path_style, PathStyle::Auto);
    // Two runs may have two endpoints in their environment and must not share a session.
    let elsewhere = ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]
        .iter()
        .any(|name| set(name).is_some());
    let source = match source(sessions, flags, set)? {
        Chosen::Saved(id) if changed => {
            return Err(Failure::usage(format!(
                "“{id}” is a saved session; its endpoint, region and role are changed in the window"
            )));
        }
        Chosen::Saved(id) => return Ok(id),
        Chosen::Source(Source::Profile(name)) if !changed && !elsewhere => {
            return Ok(sessions.of_profile(&name)?.id);
        }
        Chosen::Source(Source::Profile(name)) => Source::Profile(name),
        Chosen::Source(source) => source,
    };
    let endpoint = flags.endpoint_url.clone().or_else(|| match source {
        // The others take it from their base; nobody else knows it here.
        Source::Anonymous => set("AWS_ENDPOINT_URL_S3")
            .or_else(|| set("AWS_ENDPOINT_URL"))
            .cloned(),
        _ => None,
    });
    Ok(sessions.add_for_this_run(draft(flags, source, endpoint))?)
}

enum Chosen {
    Source(Source),
    Saved(SessionId),
}

fn source<'a>(
    sessions: &Sessions,
    flags: &Global,
    set: impl Fn(&str) -> Option<&'a String>,
) -> Result<Chosen> {
    if flags.no_sign_request {
        return Ok(Chosen::Source(Source::Anonymous));
    }
    if let Some(name) = &flags.profile {
        return named(sessions, name);
    }
    if set("AWS_ACCESS_KEY_ID").is_some() && set("AWS_SECRET_ACCESS_KEY").is_some() {
        return Ok(Chosen::Source(Source::Environment));
    }
    if let Some(name) = set("AWS_PROFILE").or_else(|| set("AWS_DEFAULT_PROFILE")) {
        return named(sessions, name);
    }
    if sessions
        .of_profile("default")
        .is_ok_and(|view| view.problem.is_none())
    {
        return Ok(Chosen::Source(Source::Profile("default".to_owned())));
    }
    if sessions
        .list()
        .iter()
        .any(|view| view.source == Source::Playground)
    {
        return Ok(Chosen::Source(Source::Playground));
    }
    if sessions.of_profile("default").is_ok() {
        return Ok(Chosen::Source(Source::Profile("default".to_owned())));
    }
    Err(Error::new(ErrorKind::NeedsSignIn, "Session", "No credentials were found")
        .advise(
            "Name a --profile, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use --no-sign-request",
        )
        .into())
}

/// A profile of the config files, or else a session that was saved in the window.
fn named(sessions: &Sessions, name: &str) -> Result<Chosen> {
    let Err(missing) = sessions.of_profile(name) else {
        return Ok(Chosen::Source(Source::Profile(name.to_owned())));
    };
    let saved = sessions
        .list()
        .into_iter()
        .find(|v| v.saved && (v.name == name || v.id.as_str() == name));
    saved
        .map(|view| Chosen::Saved(view.id))
        .ok_or_else(|| missing.into())
}

fn draft(flags: &Global, source: Source, endpoint_url: Option<String>) -> SessionDraft {
    let hop = flags.role.as_ref().map(|role| Hop {
        role_arn: role.clone(),
        external_id: flags.external_id.clone(),
        session_name: None,
        duration_seconds: None,
    });
    SessionDraft {
        id: None,
        name: match &source {
            Source::Profile(name) => name.clone(),
            Source::Anonymous => "Anonymous".to_owned(),
            Source::Playground => "Playground".to_owned(),
            Source::Environment | Source::Keychain { .. } => "Environment".to_owned(),
        },
        colour: None,
        source,
        secret: None,
        session_token: None,
        chain: hop.into_iter().collect(),
        endpoint_url,
        region: flags.region.as_deref().map(Region::new),
        path_style: match flags.path_style {
            PathStyle::Auto => store::PathStyle::Auto,
            PathStyle::On => store::PathStyle::On,
            PathStyle::Off => store::PathStyle::Off,
        },
        read_only: false,
        trust_plain_http: false,
    }
}
