//! Host names to addresses, with a failure that says which name it was.
//!
//! hyper's own resolver fails with a private type, and a kind must never be guessed from text.

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};

/// A name that has no address.
#[derive(Debug, thiserror::Error)]
#[error("the name “{name}” has no address: {source}")]
pub(super) struct NameWithoutAddress {
    /// The host's name.
    pub(super) name: String,
    source: std::io::Error,
}

/// The system's resolver.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver;

impl ResolveDns for Resolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let failed = |source| {
                ResolveDnsError::new(NameWithoutAddress {
                    name: name.to_owned(),
                    source,
                })
            };
            let addresses = tokio::net::lookup_host((name, 0)).await.map_err(failed)?;
            Ok(addresses.map(|address| address.ip()).collect())
        })
    }
}
