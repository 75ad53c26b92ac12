//! What the process's environment says: where the config files are, keys, endpoints, regions.
//!
//! The environment is read once into a map by whoever opens the engine; nothing here asks the
//! process. Precedence is the AWS CLI's: variables win over the config files, the variable of one
//! service wins over the general one, and `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` hides them all.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aws_credential_types::Credentials;

use super::Source;
use super::session::{Leaf, Session, environment_id, playground_id};
use crate::model::Region;
use crate::store::PathStyle;

/// A process's environment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Environment<'a>(pub(super) &'a BTreeMap<String, String>);

/// The service whose endpoint is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Service {
    S3,
    Sts,
}

impl Service {
    /// As `[services]` sections call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::S3 => "s3",
            Self::Sts => "sts",
        }
    }

    fn variable(self) -> &'static str {
        match self {
            Self::S3 => "AWS_ENDPOINT_URL_S3",
            Self::Sts => "AWS_ENDPOINT_URL_STS",
        }
    }
}

impl<'a> Environment<'a> {
    /// A variable that is set and not empty.
    pub(super) fn get(self, name: &str) -> Option<&'a str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The config file and the credentials file.
    pub(super) fn config_files(self) -> (PathBuf, PathBuf) {
        let path = |variable, name: &str| match self.get(variable) {
            Some(path) => self.expand(path),
            None => self.home().join(".aws").join(name),
        };
        (
            path("AWS_CONFIG_FILE", "config"),
            path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        )
    }

    /// The session of the keys in the environment.
    pub(super) fn session(self) -> Option<Session> {
        let keys = self.keys()?;
        let mut session = Session::new(environment_id(), "Environment", Source::Environment);
        session.leaf = Leaf::Keys(keys);
        session.endpoint_url = self.endpoint(Service::S3);
        session.sts_endpoint_url = self.endpoint(Service::Sts);
        session.ca_bundle = self.ca_bundle();
        if let Some(region) = self.region() {
            session.region = region;
        }
        Some(session)
    }

    /// The session of the local server with samples, when whoever started us also started that. It
    /// stands where the built-in world will, and is called what it is.
    pub(super) fn playground(self) -> Option<Session> {
        let endpoint = self.get("LONGSHORE_DEMO_ENDPOINT")?;
        let key = self.get("LONGSHORE_DEMO_ACCESS_KEY_ID")?;
        let secret = self.get("LONGSHORE_DEMO_SECRET_ACCESS_KEY")?;
        let mut session = Session::new(playground_id(), "Local samples", Source::Playground);
        session.leaf = Leaf::Keys(Credentials::new(key, secret, None, None, "playground"));
        session.endpoint_url = Some(endpoint.to_owned());
        session.path_style = PathStyle::On;
        Some(session)
    }

    /// The keys in the environment.
    pub(super) fn keys(self) -> Option<Credentials> {
        let key = self.get("AWS_ACCESS_KEY_ID")?;
        let secret = self.get("AWS_SECRET_ACCESS_KEY")?;
        let token = self.get("AWS_SESSION_TOKEN").map(ToOwned::to_owned);
        Some(Credentials::new(key, secret, token, None, "environment"))
    }

    /// The file of authorities that the environment names.
    pub(super) fn ca_bundle(self) -> Option<PathBuf> {
        self.get("AWS_CA_BUNDLE").map(|path| self.expand(path))
    }

    /// The region that the environment asks for.
    pub(super) fn region(self) -> Option<Region> {
        self.get("AWS_REGION")
            .or_else(|| self.get("AWS_DEFAULT_REGION"))
            .map(Region::new)
    }

    /// The endpoint that the environment asks for.
    pub(super) fn endpoint(self, service: Service) -> Option<String> {
        if self.ignores_endpoints() {
            return None;
        }
        let url = self
            .get(service.variable())
            .or_else(|| self.get("AWS_ENDPOINT_URL"))?;
        Some(url.to_owned())
    }

    /// Whether configured endpoints are to be left aside.
    pub(super) fn ignores_endpoints(self) -> bool {
        self.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Who runs us, for role session names.
    pub(super) fn user(self) -> &'a str {
        self.get("USER")
            .or_else(|| self.get("USERNAME"))
            .or_else(|| self.get("LOGNAME"))
            .unwrap_or("user")
    }

    fn home(self) -> PathBuf {
        PathBuf::from(
            self.get("HOME")
                .or_else(|| self.get("USERPROFILE"))
                .unwrap_or("."),
        )
    }

    pub(super) fn expand(self, path: &str) -> PathBuf {
        match path.strip_prefix("~/") {
            Some(rest) => self.home().join(rest),
            None => PathBuf::from(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn config_files_follow_their_variables_and_else_the_home() {
        let home = vars(&[("HOME", "/h"), ("AWS_CONFIG_FILE", "~/c")]);
        let (config, credentials) = Environment(&home).config_files();
        assert_eq!(config, PathBuf::from("/h/c"), "a tilde is the home");
        assert_eq!(
            credentials,
            PathBuf::from("/h/.aws/credentials"),
            "the usual place"
        );
    }

    #[test]
    fn the_variable_of_the_service_wins_and_all_can_be_ignored() {
        let mut map = vars(&[
            ("AWS_ENDPOINT_URL", "http://all"),
            ("AWS_ENDPOINT_URL_S3", "http://s3"),
        ]);
        assert_eq!(
            Environment(&map).endpoint(Service::S3).as_deref(),
            Some("http://s3"),
            "its own"
        );
        assert_eq!(
            Environment(&map).endpoint(Service::Sts).as_deref(),
            Some("http://all"),
            "general"
        );
        map.insert("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS".into(), "true".into());
        assert_eq!(Environment(&map).endpoint(Service::S3), None, "ignored");
    }

    #[test]
    fn the_environment_is_a_session_only_with_both_halves_of_a_key() {
        let half = vars(&[("AWS_ACCESS_KEY_ID", "AK")]);
        assert!(Environment(&half).session().is_none(), "half a key is none");
        let whole = vars(&[
            ("AWS_ACCESS_KEY_ID", "AK"),
            ("AWS_SECRET_ACCESS_KEY", "S"),
            ("AWS_REGION", "eu-west-1"),
        ]);
        let session = Environment(&whole)
            .session()
            .expect("a whole key is a session");
        assert_eq!(
            session.region.as_str(),
            "eu-west-1",
            "with the environment's region"
        );
        assert!(
            !format!("{session:?}").contains("\"S\""),
            "the secret is not shown"
        );
    }

    #[test]
    fn the_playground_is_there_when_it_was_started() {
        let map = vars(&[
            ("LONGSHORE_DEMO_ENDPOINT", "http://127.0.0.1:9"),
            ("LONGSHORE_DEMO_ACCESS_KEY_ID", "AK"),
            ("LONGSHORE_DEMO_SECRET_ACCESS_KEY", "S"),
        ]);
        let view = Environment(&map)
            .playground()
            .expect("all three are set")
            .view();
        assert_eq!(
            (view.name.as_str(), view.colour.as_str()),
            ("Local samples", "#8a97a3"),
            "its look"
        );
        assert_eq!(
            view.path_style,
            PathStyle::On,
            "a loopback server knows no host names"
        );
    }
}
