//! What an item is carried out with, and how long a failing request is repeated.
//!
//! The store repeats a call a few times within seconds; here is the patience beyond that. Without a
//! network a job waits as long as it takes and says so; a busy server lowers the queue's limit;
//! a server that fails is given up after some tries; lost credentials end the run of the job with
//! its parts kept. All pauses are drawn at random up to their bound, so that parts do not march in
//! step.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use super::TransferOptions;
use super::journal::Journal;
use super::journal::items::ItemRef;
use super::journal::rows::{Item, PlanRecord};
use super::permits::Permits;
use super::progress::Live;
use super::source::Buffers;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::Actor;
use crate::model::ETag;
use crate::plan::{ConflictPolicy, JobState, Verified};
use crate::store::{RequestContext, Store};

/// No wait between two tries is longer, so that a network that is back is noticed soon.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// A server that fails (5xx) this often in a row fails the item.
const SERVER_TRIES: u32 = 8;
/// Bytes that arrive damaged this often are not an accident.
const DAMAGE_TRIES: u32 = 3;

/// What all items of a job share.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) journal: Journal,
    pub(crate) store: Store,
    pub(crate) context: RequestContext,
    pub(crate) plan: PlanRecord,
    pub(crate) policy: ConflictPolicy,
    pub(crate) options: Arc<TransferOptions>,
    pub(crate) permits: Permits,
    pub(crate) buffers: Buffers,
    pub(crate) live: Arc<Live>,
    /// Whether the job has one item only, whose parts are then its map.
    pub(crate) alone: bool,
    /// Whom the plan was made as, where that is known.
    pub(crate) actor: Option<Actor>,
}

/// An item that went well.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) verified: Verified,
    pub(crate) etag: Option<ETag>,
}

/// What kind of patience a failure asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// Until the network is back.
    Network,
    /// Until the server has room.
    Busy,
    /// Some tries.
    Server,
    /// A few tries: the bytes were damaged on their way.
    Damage,
    /// Until a person signed in.
    SignIn,
    /// None.
    Never,
}

/// The patience that a failure asks for.
pub(crate) fn patience(error: &Error) -> Patience {
    match error.kind() {
        ErrorKind::Offline
        | ErrorKind::UnknownHost
        | ErrorKind::ConnectionRefused
        | ErrorKind::Timeout => Patience::Network,
        ErrorKind::Throttled => Patience::Busy,
        ErrorKind::Integrity => Patience::Damage,
        ErrorKind::ExpiredCredentials
        | ErrorKind::NeedsSignIn
        | ErrorKind::BadCredentials
        | ErrorKind::KeychainLocked
        | ErrorKind::KeychainAbsent => Patience::SignIn,
        _ if error.is_transient() => Patience::Server,
        _ => Patience::Never,
    }
}

/// Whether the request may have had its effect although it failed.
pub(crate) fn is_ambiguous(error: &Error) -> bool {
    let may_have_left = patience(error) == Patience::Network
        && !matches!(
            error.kind(),
            ErrorKind::UnknownHost | ErrorKind::ConnectionRefused
        );
    may_have_left
        || patience(error) == Patience::Server
        || matches!(error.kind(), ErrorKind::NotS3 | ErrorKind::Integrity)
}

impl Work {
    /// Names an item in the journal.
    pub(crate) fn refer(&self, item: &Item) -> ItemRef {
        ItemRef {
            plan: self.plan.id.clone(),
            number: item.number,
            session: self.plan.session.clone(),
        }
    }

    /// Where an item begins in the map, and its length there.
    pub(crate) fn span(&self, item: &Item) -> (u64, u64) {
        if self.alone {
            (0, item.size.max(1))
        } else {
            (item.position, item.size + 1)
        }
    }

    /// Repeats a call that can be repeated, with the patience that its failures ask for.
    ///
    /// # Errors
    /// The last failure, when patience does not help or has ended.
    pub(crate) async fn attempt<T, F>(&self, mut call: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut tries = 0;
        loop {
            match call().await {
                Ok(value) => {
                    self.live.answered();
                    return Ok(value);
                }
                Err(error) => self.wait_after(error, &mut tries).await?,
            }
        }
    }

    /// Waits after the failure number `tries`, or gives the failure back.
    ///
    /// # Errors
    /// The failure itself.
    pub(crate) async fn wait_after(&self, error: Error, tries: &mut u32) -> Result<()> {
        *tries += 1;
        match patience(&error) {
            Patience::Network => {
                self.live
                    .set_state(JobState::WaitingForNetwork, Some(error.to_string()));
            }
            Patience::Busy => {
                self.permits.slow_down();
                if *tries > SERVER_TRIES {
                    self.live
                        .set_state(JobState::WaitingForNetwork, Some(error.to_string()));
                }
            }
            Patience::Server if *tries < SERVER_TRIES => {}
            Patience::Damage if *tries < DAMAGE_TRIES => {}
            Patience::Server | Patience::Damage | Patience::SignIn | Patience::Never => {
                return Err(error);
            }
        }
        tracing::debug!(%error, tries, "a request is repeated");
        tokio::select! {
            () = tokio::time::sleep(pause(*tries)) => {}
            () = self.live.nudge.notified() => {}
        }
        Ok(())
    }
}

/// A random part of a bound that doubles from half a second.
fn pause(tries: u32) -> Duration {
    let bound = Duration::from_millis(500 << tries.saturating_sub(1).min(5)).min(LONGEST_PAUSE);
    let millis = u64::try_from(bound.as_millis()).unwrap_or(1).max(1);
    // A fresh hasher's keys are the standard library's only source of randomness.
    Duration::from_millis(50 + RandomState::new().hash_one(tries) % millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pause_is_longer_than_a_network_may_stay_unnoticed() {
        for tries in 1..100 {
            assert!(
                pause(tries) <= LONGEST_PAUSE + Duration::from_millis(50),
                "it is bounded"
            );
        }
    }

    #[test]
    fn a_refused_connection_had_no_effect_and_a_lost_answer_may_have() {
        let error = |kind| Error::new(kind, "PutObject", "x");
        assert!(
            !is_ambiguous(&error(ErrorKind::ConnectionRefused)),
            "nothing left"
        );
        assert!(
            is_ambiguous(&error(ErrorKind::Offline)),
            "the answer may have been lost"
        );
        assert!(
            is_ambiguous(&error(ErrorKind::ServerFault)),
            "a 500 may come after the commit"
        );
        assert!(
            !is_ambiguous(&error(ErrorKind::AccessDenied)),
            "a refusal is an answer"
        );
    }
}
