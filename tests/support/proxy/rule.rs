//! Which request is broken, and how.
//!
//! A rule matches by method, by a piece of the decoded path and by one query parameter; it counts
//! the requests that match and applies to the `nth` of them and as many `times` as it says. The
//! form in JSON, for tests in other languages, has the same names in camel case:
//! `{"method":"PUT","path":"big.bin","query":"partNumber=3","nth":1,"times":1,"action":{"do":"reset"}}`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::record::Recorded;

/// Matches requests and says what happens to them. Without conditions it matches every request,
/// without `nth` and `times` it applies to every match.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    method: Option<String>,
    path: Option<String>,
    query: Option<String>,
    nth: Option<usize>,
    times: Option<usize>,
    #[serde(default)]
    action: Action,
}

/// What happens to a request under a rule. Nothing reaches the server unless it is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Forwarded unchanged.
    #[default]
    Pass,
    /// The connection is reset as soon as the head has arrived; the body is not read.
    Refuse,
    /// The body is read to its end, then the connection is reset before any response.
    ResetBeforeHeaders,
    /// Forwarded; the connection is reset after this many bytes of the request's body, or of the
    /// response's when the request has none.
    ResetAfter {
        /// Bytes that still pass.
        bytes: u64,
    },
    /// Forwarded and committed by the server, but the response is lost: the connection is reset.
    CommittedButLost,
    /// Forwarded; after this many bytes of the request's body, or of the response's when the
    /// request has none, nothing moves until the rule is released or cleared.
    Stall {
        /// Bytes that still pass.
        bytes: u64,
    },
    /// Waits before anything is forwarded until the rule is released or cleared.
    Hold,
    /// Forwarded, both bodies at this speed.
    Throttle {
        /// Bytes a second.
        bytes_per_second: u64,
    },
    /// Forwarded after this long.
    Delay {
        /// Milliseconds.
        millis: u64,
    },
    /// Answered by the proxy once the body has been read: S3's error XML with this code, or `body`
    /// where it is given.
    Status {
        /// HTTP status.
        status: u16,
        /// S3's error code.
        #[serde(default)]
        code: String,
        /// The body instead of S3's error XML.
        body: Option<String>,
        /// Further response headers.
        #[serde(default)]
        headers: Vec<(String, String)>,
    },
    /// Answered by the proxy: status 200, and S3's error XML as its body.
    Ok200WithError {
        /// S3's error code.
        code: String,
    },
    /// Forwarded; the response loses its `ETag` header and its `<ETag>` elements.
    NoETag,
    /// Forwarded; the response's ETag, in header and XML, is another one.
    WrongETag,
    /// Forwarded; one bit of the response's body is flipped in the byte at this offset.
    FlipBit {
        /// Offset from the body's start.
        at: u64,
    },
    /// Forwarded; one bit of the request's body is flipped in the byte at this offset.
    FlipBitSent {
        /// Offset from the body's start.
        at: u64,
    },
    /// Refused with `RequestTimeTooSkewed`, by a server whose clock is this far ahead.
    DateSkew {
        /// Seconds; negative when the server's clock is behind.
        seconds: i64,
    },
    /// Answered with S3's permanent redirect to another region.
    Redirect {
        /// HTTP status, 301 or 307.
        status: u16,
        /// The `Location` header.
        location: String,
        /// The `x-amz-bucket-region` header.
        region: String,
    },
    /// Forwarded; the response carries this body instead of its own.
    ReplaceBody {
        /// The new body.
        body: String,
    },
    /// Forwarded; a response header is set, or removed when there is no value.
    Header {
        /// Header name.
        name: String,
        /// Its value.
        value: Option<String>,
    },
}

/// Names a rule of one proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleId(pub u64);

impl Rule {
    /// A rule for all requests with this method, such as `PUT`.
    #[must_use]
    pub fn on(method: &str) -> Self {
        Self {
            method: Some(method.to_owned()),
            ..Self::default()
        }
    }

    /// A rule for all requests.
    #[must_use]
    pub fn on_any() -> Self {
        Self::default()
    }

    /// Only where the decoded path contains `piece`.
    #[must_use]
    pub fn path(self, piece: &str) -> Self {
        Self {
            path: Some(piece.to_owned()),
            ..self
        }
    }

    /// Only where the query has the parameter: `partNumber=3` by value, `uploadId` by name.
    #[must_use]
    pub fn query(self, parameter: &str) -> Self {
        Self {
            query: Some(parameter.to_owned()),
            ..self
        }
    }

    /// Only from the `n`th match on, counted from 1; once, unless [`Rule::times`] says otherwise.
    #[must_use]
    pub fn nth(self, n: usize) -> Self {
        Self {
            nth: Some(n),
            ..self
        }
    }

    /// At most `n` times.
    #[must_use]
    pub fn times(self, n: usize) -> Self {
        Self {
            times: Some(n),
            ..self
        }
    }

    /// What happens.
    #[must_use]
    pub fn then(self, action: Action) -> Self {
        Self { action, ..self }
    }

    /// Whether the conditions on method, path and query hold.
    #[must_use]
    pub fn matches(&self, request: &Recorded) -> bool {
        let method = self
            .method
            .as_ref()
            .is_none_or(|m| m.eq_ignore_ascii_case(&request.method));
        let path = self
            .path
            .as_ref()
            .is_none_or(|piece| request.path.contains(piece));
        let query = self
            .query
            .as_ref()
            .is_none_or(|wanted| match wanted.split_once('=') {
                Some((name, value)) => request.query.get(name).is_some_and(|found| found == value),
                None => request.query.contains_key(wanted),
            });
        method && path && query
    }

    fn applies_to_match(&self, number: usize) -> bool {
        let first = self.nth.unwrap_or(1);
        let times = self.times.or(self.nth.map(|_| 1));
        number >= first && times.is_none_or(|times| number < first.saturating_add(times))
    }
}

/// The rules of one proxy, with their counts and gates.
#[derive(Debug, Default)]
pub(super) struct Rules {
    active: Mutex<(u64, Vec<Active>)>,
}

#[derive(Debug)]
struct Active {
    id: u64,
    rule: Rule,
    matched: usize,
    gate: Arc<Gate>,
}

/// Counts the requests that a rule was applied to, and opens once.
#[derive(Debug)]
pub(super) struct Gate {
    applied: watch::Sender<usize>,
    open: watch::Sender<bool>,
}

impl Gate {
    fn new() -> Self {
        Self {
            applied: watch::Sender::new(0),
            open: watch::Sender::new(false),
        }
    }

    /// Waits until the rule is released or cleared.
    pub(super) async fn opened(&self) {
        let _ = self.open.subscribe().wait_for(|open| *open).await;
    }
}

impl Rules {
    pub(super) fn add(&self, rule: Rule) -> RuleId {
        let mut active = self.locked();
        active.0 += 1;
        let id = active.0;
        active.1.push(Active {
            id,
            rule,
            matched: 0,
            gate: Arc::new(Gate::new()),
        });
        RuleId(id)
    }

    /// Counts the request at every rule that matches and gives the first that applies.
    pub(super) fn decide(&self, request: &Recorded) -> Option<(Action, Arc<Gate>)> {
        let mut decided = None;
        for active in &mut self.locked().1 {
            if !active.rule.matches(request) {
                continue;
            }
            active.matched += 1;
            if decided.is_none() && active.rule.applies_to_match(active.matched) {
                active.gate.applied.send_modify(|count| *count += 1);
                decided = Some((active.rule.action.clone(), Arc::clone(&active.gate)));
            }
        }
        decided
    }

    pub(super) fn release(&self, id: RuleId) {
        if let Some(gate) = self.gate(id) {
            gate.open.send_replace(true);
        }
    }

    pub(super) fn clear(&self) {
        for active in self.locked().1.drain(..) {
            active.gate.open.send_replace(true);
        }
    }

    pub(super) fn applied(&self, id: RuleId) -> usize {
        self.gate(id).map_or(0, |gate| *gate.applied.borrow())
    }

    pub(super) async fn wait_for(&self, id: RuleId, count: usize) {
        let Some(gate) = self.gate(id) else { return };
        let _ = gate
            .applied
            .subscribe()
            .wait_for(|applied| *applied >= count)
            .await;
    }

    fn gate(&self, id: RuleId) -> Option<Arc<Gate>> {
        let active = self.locked();
        active
            .1
            .iter()
            .find(|rule| rule.id == id.0)
            .map(|rule| Arc::clone(&rule.gate))
    }

    fn locked(&self) -> MutexGuard<'_, (u64, Vec<Active>)> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
