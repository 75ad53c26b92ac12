//! What crossed the proxy: one entry a request, its counts moving while it runs.
//!
//! Headers are kept, but none that carries a credential.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use http::request::Parts;
use serde::Serialize;

use crate::s3::sign::decode;

const SECRET_HEADERS: [&str; 3] = [
    "authorization",
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
];

/// A request as far as it has come.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Recorded {
    /// HTTP method.
    pub method: String,
    /// Decoded path: `/bucket/key`.
    pub path: String,
    /// Decoded query parameters; a name without value has an empty one.
    pub query: BTreeMap<String, String>,
    /// Request headers in lower case, without credentials.
    pub headers: BTreeMap<String, String>,
    /// The `partNumber` parameter.
    pub part_number: Option<u32>,
    /// Body bytes that the client has sent so far.
    pub body_received: u64,
    /// Body bytes of the response that have been passed on so far.
    pub body_returned: u64,
    /// The status that the client was given, or was about to be given when the rule lost it.
    pub status: Option<u16>,
    /// The rule's action, by name, when one was applied.
    pub rule: Option<String>,
}

/// The live form of [`Recorded`].
#[derive(Debug, Default)]
pub(super) struct Entry {
    head: Recorded,
    late: Mutex<(Option<u16>, Option<String>)>,
    pub(super) received: AtomicU64,
    pub(super) returned: AtomicU64,
}

impl Entry {
    pub(super) fn new(head: &Parts) -> Self {
        Self {
            head: read_head(head),
            ..Self::default()
        }
    }

    pub(super) fn snapshot(&self) -> Recorded {
        let late = self
            .late
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Recorded {
            body_received: self.received.load(Ordering::Acquire),
            body_returned: self.returned.load(Ordering::Acquire),
            status: late.0,
            rule: late.1,
            ..self.head.clone()
        }
    }

    pub(super) fn answered(&self, status: u16) {
        self.late.lock().unwrap_or_else(PoisonError::into_inner).0 = Some(status);
    }

    pub(super) fn ruled(&self, action: &super::Action) {
        let named = format!("{action:?}");
        let name = named
            .split([' ', '{'])
            .next()
            .unwrap_or_default()
            .to_owned();
        self.late.lock().unwrap_or_else(PoisonError::into_inner).1 = Some(name);
    }
}

fn read_head(head: &Parts) -> Recorded {
    let query = read_query(head.uri.query().unwrap_or_default());
    let headers = head
        .headers
        .iter()
        .filter(|(name, _)| !SECRET_HEADERS.contains(&name.as_str()))
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into(),
            )
        })
        .collect();
    Recorded {
        method: head.method.to_string(),
        path: decoded(&head.uri.path().replace('+', "%2B")),
        part_number: query
            .get("partNumber")
            .and_then(|number| number.parse().ok()),
        query,
        headers,
        ..Recorded::default()
    }
}

fn read_query(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    // A presigned request carries its credentials here.
    let public = |name: &str| !matches!(name, "X-Amz-Signature" | "X-Amz-Security-Token");
    pairs
        .map(|(name, value)| (decoded(name), decoded(value)))
        .filter(|(name, _)| public(name))
        .collect()
}

fn decoded(text: &str) -> String {
    decode(text).unwrap_or_else(|_| text.to_owned())
}
