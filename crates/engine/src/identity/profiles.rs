//! From profiles of the config files to sessions, by the AWS CLI's rules.
//!
//! Every profile becomes a session; one that cannot work becomes one with a [`Problem`] that says
//! why and what to do, so that nobody wonders where it went. Role profiles are walked through their
//! `source_profile`s to the keys at the far end, with each role on the way as a hop. Keys are taken
//! as a pair from one file, never mixed from two.
//!
//! Left out on purpose: MFA, SSO, `credential_process`, web identity, and the metadata services.
//! They are recognised and named, never half done.

use aws_credential_types::Credentials;

use super::config_file::{ConfigFiles, Section};
use super::environment::{Environment, Service};
use super::session::{DEFAULT_REGION, Leaf, Problem, Session, profile_id};
use super::{Hop, Source};
use crate::error::ErrorKind;
use crate::model::Region;
use crate::store::PathStyle;

/// The sessions of all profiles, in the order of the files.
pub(super) fn sessions_of(files: &ConfigFiles, environment: Environment<'_>) -> Vec<Session> {
    let profiles = Profiles { files, environment };
    files
        .order
        .iter()
        .map(|name| profiles.session(name))
        .collect()
}

struct Profiles<'a> {
    files: &'a ConfigFiles,
    environment: Environment<'a>,
}

impl Profiles<'_> {
    fn session(&self, name: &str) -> Session {
        let mut session = Session::new(profile_id(name), name, Source::Profile(name.to_owned()));
        session.endpoint_url = self.endpoint(name, Service::S3);
        session.sts_endpoint_url = self.endpoint(name, Service::Sts);
        let of_profile = || self.get(name, "ca_bundle");
        session.ca_bundle = self
            .environment
            .ca_bundle()
            .or_else(|| of_profile().map(|path| self.environment.expand(path)));
        session.region = self.region(name);
        session.path_style = self.path_style(name);
        match self.walk(name, &mut Vec::new()) {
            Ok((leaf, chain)) => {
                session.leaf = leaf;
                session.chain = chain;
                session.check_durations();
            }
            Err(mut problem) => {
                if let Some(note) = self
                    .files
                    .notes
                    .iter()
                    .find(|n| n.profile.as_deref() == Some(name))
                {
                    problem.advice = format!("{note}. {}", problem.advice);
                }
                session.problem = Some(problem);
            }
        }
        session
    }

    /// The keys at the far end of a profile and the hops from there to it.
    fn walk(&self, name: &str, seen: &mut Vec<String>) -> Result<(Leaf, Vec<Hop>), Problem> {
        if seen.iter().any(|s| s == name) {
            seen.push(name.to_owned());
            return Err(Problem::new(
                ErrorKind::InvalidInput,
                format!(
                    "its source profiles lead in a circle ({})",
                    seen.join(" → ")
                ),
                "Let one of them hold keys instead of a source_profile",
            ));
        }
        seen.push(name.to_owned());
        let Some(role_arn) = self.get(name, "role_arn") else {
            return Ok((self.leaf(name)?, Vec::new()));
        };
        if let Some(serial) = self.get(name, "mfa_serial") {
            return Err(Problem::new(
                ErrorKind::NeedsSignIn,
                format!("it needs MFA ({serial})"),
                "Profiles with MFA are not supported; use one without mfa_serial, or one that holds \
                 the keys and the aws_session_token of a session that MFA has begun",
            ));
        }
        if self.get(name, "web_identity_token_file").is_some() {
            return Err(unsupported("a web identity token"));
        }
        let (leaf, mut chain) = self.role_source(name, seen)?;
        chain.push(self.hop(name, role_arn)?);
        Ok((leaf, chain))
    }

    /// Who assumes the role of a profile.
    fn role_source(&self, name: &str, seen: &mut Vec<String>) -> Result<(Leaf, Vec<Hop>), Problem> {
        match (
            self.get(name, "source_profile"),
            self.get(name, "credential_source"),
        ) {
            // A profile may name itself when it holds the keys too.
            (Some(source), _) if source == name => Ok((self.leaf(name)?, Vec::new())),
            (Some(source), _) if self.exists(source) => self.walk(source, seen),
            (Some(source), _) => Err(Problem::new(
                ErrorKind::InvalidInput,
                format!("its source_profile “{source}” is in neither config file"),
                "Add that profile or name another",
            )),
            (None, Some(source)) if source.eq_ignore_ascii_case("environment") => {
                let keys = self.environment.keys().ok_or_else(|| {
                    Problem::new(
                        ErrorKind::NeedsSignIn,
                        "its role is assumed with keys from the environment, and there are none",
                        "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then start Longshore again",
                    )
                })?;
                Ok((Leaf::Keys(keys), Vec::new()))
            }
            (None, Some(source)) => Err(unsupported(&format!("credential_source = {source}"))),
            (None, None) => Err(Problem::new(
                ErrorKind::InvalidInput,
                "it has a role_arn but neither source_profile nor credential_source",
                "Say who assumes the role",
            )),
        }
    }

    fn hop(&self, name: &str, role_arn: &str) -> Result<Hop, Problem> {
        let duration_seconds = match self.get(name, "duration_seconds").map(str::parse) {
            None => None,
            Some(Ok(seconds)) => Some(seconds),
            Some(Err(_)) => {
                return Err(Problem::new(
                    ErrorKind::InvalidInput,
                    "its duration_seconds is not a number",
                    "Write 900 to 43200",
                ));
            }
        };
        Ok(Hop {
            role_arn: role_arn.to_owned(),
            external_id: self.get(name, "external_id").map(ToOwned::to_owned),
            session_name: self.get(name, "role_session_name").map(ToOwned::to_owned),
            duration_seconds,
        })
    }

    /// The credentials that a profile itself stands for.
    fn leaf(&self, name: &str) -> Result<Leaf, Problem> {
        if self.get(name, "sso_session").is_some() || self.get(name, "sso_start_url").is_some() {
            return Err(unsupported("IAM Identity Center (SSO)"));
        }
        for section in [
            self.files.credentials.get(name),
            self.files.config.get(name),
        ]
        .into_iter()
        .flatten()
        {
            if let Some(keys) = keys_in(section)? {
                return Ok(Leaf::Keys(keys));
            }
        }
        if self.get(name, "credential_process").is_some() {
            return Err(unsupported("a credential_process"));
        }
        if self.get(name, "web_identity_token_file").is_some() {
            return Err(unsupported("a web identity token"));
        }
        Err(Problem::new(
            ErrorKind::NeedsSignIn,
            "it holds no credentials",
            "Add aws_access_key_id and aws_secret_access_key to it, or choose another session",
        ))
    }

    fn endpoint(&self, name: &str, service: Service) -> Option<String> {
        if self.environment.ignores_endpoints()
            || self
                .get(name, "ignore_configured_endpoint_urls")
                .is_some_and(|v| v.eq_ignore_ascii_case("true"))
        {
            return None;
        }
        let of_service = || {
            let section = self.files.services.get(self.get(name, "services")?)?;
            section.nested(service.name(), "endpoint_url")
        };
        let configured = || of_service().or_else(|| self.get(name, "endpoint_url"));
        self.environment
            .endpoint(service)
            .or_else(|| configured().map(ToOwned::to_owned))
    }

    fn region(&self, name: &str) -> Region {
        let of_profile = || self.get(name, "region").map(Region::new);
        self.environment
            .region()
            .or_else(of_profile)
            .unwrap_or_else(|| Region::new(DEFAULT_REGION))
    }

    fn path_style(&self, name: &str) -> PathStyle {
        let section = self.files.config.get(name);
        match section.and_then(|s| s.nested("s3", "addressing_style")) {
            Some(style) if style.eq_ignore_ascii_case("path") => PathStyle::On,
            Some(style) if style.eq_ignore_ascii_case("virtual") => PathStyle::Off,
            _ => PathStyle::Auto,
        }
    }

    /// A key of a profile; the credentials file wins over the config file.
    fn get(&self, name: &str, key: &str) -> Option<&str> {
        let credentials = self.files.credentials.get(name).and_then(|s| s.get(key));
        credentials.or_else(|| self.files.config.get(name).and_then(|s| s.get(key)))
    }

    fn exists(&self, name: &str) -> bool {
        self.files.config.contains_key(name) || self.files.credentials.contains_key(name)
    }
}

/// The key pair of a section; half a pair is a problem, since the other half of another file would
/// be another identity.
fn keys_in(section: &Section) -> Result<Option<Credentials>, Problem> {
    match (
        section.get("aws_access_key_id"),
        section.get("aws_secret_access_key"),
    ) {
        (Some(id), Some(secret)) => {
            let token = section
                .get("aws_session_token")
                .or_else(|| section.get("aws_security_token"));
            Ok(Some(Credentials::new(
                id,
                secret,
                token.map(ToOwned::to_owned),
                None,
                "profile",
            )))
        }
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("aws_secret_access_key")),
        (None, Some(_)) => Err(half("aws_access_key_id")),
    }
}

fn half(missing: &str) -> Problem {
    Problem::new(
        ErrorKind::InvalidInput,
        format!("its {missing} is missing"),
        "Both halves of a key must stand in the same section",
    )
}

fn unsupported(what: &str) -> Problem {
    Problem::new(
        ErrorKind::Unsupported,
        format!("its credentials come from {what}, which is not supported"),
        "Use a profile with an access key or with a role and a source_profile",
    )
}

#[cfg(test)]
mod tests;
