//! The one keychain of each platform.
//!
//! On Linux the store is built anew on every [`open`], which is what lets it work after an unlock;
//! the other platforms' stores hold no connection, so `keyring`'s own are used.

use keyring_core::{Entry, Result};

#[cfg(target_os = "linux")]
pub(super) use linux::{Store, entry, open};
#[cfg(not(target_os = "linux"))]
pub(super) use other::{Store, entry, open};

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::HashMap;
    use std::sync::Arc;

    use keyring_core::api::CredentialStoreApi as _;

    use super::{Entry, Result};

    pub(in crate::identity::vault) type Store = Arc<zbus_secret_service_keyring_store::Store>;

    /// Connects to the Secret Service of the session bus.
    pub(in crate::identity::vault) fn open() -> Result<Store> {
        zbus_secret_service_keyring_store::Store::new()
    }

    /// The item of one session.
    pub(in crate::identity::vault) fn entry(
        store: &Store,
        service: &str,
        account: &str,
    ) -> Result<Entry> {
        let label = HashMap::from([("label", "Longshore access key")]);
        store.build(service, account, Some(&label))
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    use super::{Entry, Result};

    pub(in crate::identity::vault) struct Store;

    /// Nothing is held between two questions.
    pub(in crate::identity::vault) fn open() -> Result<Store> {
        Ok(Store)
    }

    /// The item of one session.
    pub(in crate::identity::vault) fn entry(
        _: &Store,
        service: &str,
        account: &str,
    ) -> Result<Entry> {
        keyring::Entry::new(service, account).map(|entry| entry.inner)
    }
}
