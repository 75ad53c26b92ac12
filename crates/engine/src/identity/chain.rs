//! From a session's first keys over its hops to the keys it acts with.
//!
//! Each hop is one AssumeRole signed with the credentials of the hop before. The result expires
//! when the first of them all does.

use aws_credential_types::Credentials;

use super::Hop;
use super::assume_role::{StsWay, assume_role};
use crate::error::Result;

/// Walks the hops.
///
/// # Errors
/// As [`assume_role`], about the hop that failed.
///
/// # Cancellation
/// Dropping the future asks nothing more.
pub(super) async fn walk(
    way: &StsWay,
    from: Credentials,
    hops: &[Hop],
    user: &str,
) -> Result<Credentials> {
    let mut credentials = from;
    for hop in hops {
        credentials = assume_role(way, credentials, hop, user).await?;
    }
    Ok(credentials)
}
