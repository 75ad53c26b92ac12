//! The commands, one file each. A command prints its results and answers with the exit code.

pub(crate) mod buckets;
pub(crate) mod cp;
pub(crate) mod ls;
pub(crate) mod rm;
pub(crate) mod stat;
pub(crate) mod transfers;
pub(crate) mod whoami;
