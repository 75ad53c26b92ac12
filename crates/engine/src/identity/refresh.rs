//! Credentials that renew themselves ahead of their expiry.
//!
//! [`Renewing`] resolves once for everybody who waits, keeps the result until shortly before it
//! expires, and hands out what it has when a renewal fails while the old token still lasts. It is
//! the provider that every connection of a session shares, so that one renewal or
//! [`Renewing::invalidate`] reaches them all.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::{self, ProvideCredentials, error::CredentialsError, future};
use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;

use crate::error::Result;

/// A token is renewed this long before it ends: a part that is being sent and the requests behind
/// it must not meet the expiry. One minute more than the five that the SDK's own cache keeps clear.
const AHEAD: Duration = Duration::from_secs(6 * 60);

/// Where credentials come from when none are held.
pub(super) type Resolve = Box<dyn Fn() -> BoxFuture<'static, Result<Credentials>> + Send + Sync>;

/// A provider that renews. Shared.
pub(super) struct Renewing {
    resolve: Resolve,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// Filled once; a renewal puts a new cell in its place, so that no lock is held while waiting.
    cell: Arc<OnceCell<Fetched>>,
    /// What was held before the renewal that is under way.
    before: Option<Credentials>,
}

struct Fetched {
    credentials: Credentials,
    renew_at: Option<SystemTime>,
}

impl std::fmt::Debug for Renewing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Renewing(…)")
    }
}

impl Renewing {
    pub(super) fn new(resolve: Resolve) -> Self {
        Self {
            resolve,
            held: Mutex::default(),
        }
    }

    /// Credentials that last, resolved when needed.
    ///
    /// # Errors
    /// What resolving says, unless what is held lasts a little longer.
    pub(super) async fn credentials(&self) -> Result<Credentials> {
        let (cell, before) = self.current(SystemTime::now());
        match cell.get_or_try_init(|| self.fetch()).await {
            Ok(fetched) => Ok(fetched.credentials.clone()),
            Err(error) => match before {
                Some(old) if old.expiry().is_none_or(|e| e > SystemTime::now()) => {
                    tracing::warn!(kind = ?error.kind(), "renewal failed; the present token still lasts");
                    Ok(old)
                }
                _ => Err(error),
            },
        }
    }

    /// Drops what is held; the next call resolves anew.
    pub(super) fn invalidate(&self) {
        *self.lock() = Held::default();
    }

    /// When what is held expires.
    pub(super) fn expires(&self) -> Option<SystemTime> {
        self.lock()
            .cell
            .get()
            .and_then(|fetched| fetched.credentials.expiry())
    }

    fn current(&self, now: SystemTime) -> (Arc<OnceCell<Fetched>>, Option<Credentials>) {
        let mut held = self.lock();
        if let Some(fetched) = held.cell.get()
            && fetched.renew_at.is_some_and(|at| at <= now)
        {
            let old = fetched.credentials.clone();
            *held = Held {
                cell: Arc::default(),
                before: Some(old),
            };
        }
        (Arc::clone(&held.cell), held.before.clone())
    }

    async fn fetch(&self) -> Result<Fetched> {
        let credentials = (self.resolve)().await?;
        let renew_at = credentials.expiry().map(|expiry| {
            // A server that gives very short tokens is asked at half of their time, not on each call.
            let left = expiry.duration_since(SystemTime::now()).unwrap_or_default();
            expiry - AHEAD.min(left / 2)
        });
        Ok(Fetched {
            credentials,
            renew_at,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The provider as connections hold it.
#[derive(Debug, Clone)]
pub(super) struct SharedRenewing(pub(super) Arc<Renewing>);

impl ProvideCredentials for SharedRenewing {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let given: provider::Result = self
                .0
                .credentials()
                .await
                .map_err(CredentialsError::provider_error);
            given
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::error::{Error, ErrorKind};

    /// A provider whose nth answer lasts as long as the nth entry says; none fails.
    fn lasting(answers: &'static [Option<u64>]) -> (Renewing, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let renewing = Renewing::new(Box::new(move || {
            let n = counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                let seconds = answers.get(n).copied().flatten();
                let seconds =
                    seconds.ok_or_else(|| Error::new(ErrorKind::Offline, "T", "offline"))?;
                let expiry = SystemTime::now() + Duration::from_secs(seconds);
                Ok(Credentials::new(
                    format!("AK{n}"),
                    "s",
                    None,
                    Some(expiry),
                    "test",
                ))
            })
        }));
        (renewing, count)
    }

    /// Makes what is held due for renewal.
    fn age(renewing: &Renewing, left: u64) {
        let mut held = renewing.lock();
        let old = held.cell.get().unwrap().credentials.clone();
        let expiry = SystemTime::now() + Duration::from_secs(left);
        let credentials = Credentials::new(old.access_key_id(), "s", None, Some(expiry), "test");
        let cell = OnceCell::new();
        let renew_at = Some(expiry - AHEAD);
        assert!(
            cell.set(Fetched {
                credentials,
                renew_at
            })
            .is_ok(),
            "the cell is new"
        );
        held.cell = Arc::new(cell);
    }

    #[tokio::test]
    async fn a_token_is_kept_until_six_minutes_before_its_end() {
        let (renewing, count) = lasting(&[Some(3600), Some(3600)]);
        for _ in 0..3 {
            renewing.credentials().await.unwrap();
        }
        assert_eq!(count.load(Ordering::SeqCst), 1, "one answer serves all");
        age(&renewing, 5 * 60);
        assert_eq!(
            renewing.credentials().await.unwrap().access_key_id(),
            "AK1",
            "renewed ahead"
        );
    }

    #[tokio::test]
    async fn a_failed_renewal_does_not_take_away_what_still_lasts() {
        let (renewing, count) = lasting(&[Some(3600), None, Some(3600)]);
        renewing.credentials().await.unwrap();
        age(&renewing, 5 * 60);
        assert_eq!(
            renewing.credentials().await.unwrap().access_key_id(),
            "AK0",
            "the old one lasts"
        );
        assert_eq!(
            renewing.credentials().await.unwrap().access_key_id(),
            "AK2",
            "asked again"
        );
        assert_eq!(
            count.load(Ordering::SeqCst),
            3,
            "once a call until it works"
        );
    }

    #[tokio::test]
    async fn an_expired_token_is_never_handed_out_and_the_failure_is_ours() {
        let (renewing, _) = lasting(&[Some(3600), None]);
        renewing.credentials().await.unwrap();
        age(&renewing, 0);
        let shared = SharedRenewing(Arc::new(renewing));
        let error = shared.provide_credentials().await.unwrap_err();
        let own = std::error::Error::source(&error).and_then(|e| e.downcast_ref::<Error>());
        assert_eq!(
            own.map(Error::kind),
            Some(ErrorKind::Offline),
            "the cause can be found"
        );
    }

    #[tokio::test]
    async fn everybody_who_waits_is_served_by_one_renewal_and_invalidating_asks_anew() {
        let (renewing, count) = lasting(&[Some(3600), Some(3600)]);
        let all = futures_util::future::join_all((0..20).map(|_| renewing.credentials())).await;
        assert!(all.iter().all(Result::is_ok), "all are served");
        assert_eq!(count.load(Ordering::SeqCst), 1, "by one answer");
        renewing.invalidate();
        renewing.credentials().await.unwrap();
        assert_eq!(count.load(Ordering::SeqCst), 2, "asked anew");
    }

    #[tokio::test]
    async fn a_very_short_token_is_not_asked_for_on_every_call() {
        let (renewing, count) = lasting(&[Some(60), Some(60)]);
        renewing.credentials().await.unwrap();
        renewing.credentials().await.unwrap();
        assert_eq!(count.load(Ordering::SeqCst), 1, "half of its time is used");
    }
}
