//! Which pages are there, told by their open subscriptions.
//!
//! A window knows when its page is loaded anew; here a page that has had no subscription for a
//! while is gone, and what belonged to it ends. The while bridges a page that ends one
//! subscription before it begins the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use longshore_contract::{Caller, Router};

/// Long enough for a page on a busy machine to subscribe again, short enough that tests of many
/// pages do not pile up what they left.
const AFTERLIFE: Duration = Duration::from_secs(20);

/// The pages that have subscriptions.
pub(crate) struct Pages {
    inner: Arc<Inner>,
}

struct Inner {
    router: Router,
    subscriptions: Mutex<HashMap<Caller, usize>>,
}

/// Dropped when a subscription ends.
pub(crate) struct Presence {
    inner: Weak<Inner>,
    caller: Caller,
}

impl Pages {
    pub(crate) fn new(router: Router) -> Self {
        Self {
            inner: Arc::new(Inner {
                router,
                subscriptions: Mutex::default(),
            }),
        }
    }

    /// A page began a subscription.
    pub(crate) fn enter(&self, caller: &Caller) -> Presence {
        *self.inner.lock().entry(caller.clone()).or_default() += 1;
        Presence {
            inner: Arc::downgrade(&self.inner),
            caller: caller.clone(),
        }
    }

    /// The pages that have a subscription now.
    pub(crate) fn present(&self) -> Vec<Caller> {
        let held = self.inner.lock();
        held.iter()
            .filter(|(_, count)| **count > 0)
            .map(|(caller, _)| caller.clone())
            .collect()
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, HashMap<Caller, usize>> {
        self.subscriptions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_if_gone(&self, caller: &Caller) {
        let mut held = self.lock();
        if held.get(caller) == Some(&0) {
            held.remove(caller);
            self.router.forget(caller);
        }
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        let Some(inner) = self.inner.upgrade() else {
            return;
        };
        let left = {
            let mut held = inner.lock();
            let count = held.entry(self.caller.clone()).or_default();
            *count = count.saturating_sub(1);
            *count
        };
        if left > 0 {
            return;
        }
        let (inner, caller) = (Weak::clone(&self.inner), self.caller.clone());
        tokio::spawn(async move {
            tokio::time::sleep(AFTERLIFE).await;
            if let Some(inner) = inner.upgrade() {
                inner.forget_if_gone(&caller);
            }
        });
    }
}
