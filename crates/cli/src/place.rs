//! Where a path of the command line leads: into a bucket or into the local file system.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use longshore_engine::model::{ObjectKey, S3Uri};

use crate::failure::{Failure, Result};

/// One end of a copy.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Place {
    S3(S3Uri),
    Local(PathBuf),
}

impl Place {
    /// Reads a path: `s3://…` leads into a bucket, everything else is local.
    pub(crate) fn of(text: &OsStr) -> Result<Self> {
        match text.to_str() {
            Some(text) if is_s3(text) => Ok(Self::S3(S3Uri::parse(text)?)),
            _ => Ok(Self::Local(PathBuf::from(OsString::from(text)))),
        }
    }
}

/// Reads a URI, whose `s3://` may be left out.
pub(crate) fn uri(text: &str) -> Result<S3Uri> {
    Ok(S3Uri::parse(text)?)
}

/// The key of a URI that must name one object.
pub(crate) fn key(uri: &S3Uri) -> Result<ObjectKey> {
    if uri.rest.is_empty() {
        return Err(Failure::usage(format!(
            "{uri} names a bucket and no object"
        )));
    }
    Ok(ObjectKey::parse(uri.rest.as_str())?)
}

fn is_s3(text: &str) -> bool {
    text.get(..5)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case("s3://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_scheme_leads_into_a_bucket() {
        assert!(
            matches!(Place::of(OsStr::new("S3://b/k")).unwrap(), Place::S3(_)),
            "a URI"
        );
        assert!(
            matches!(Place::of(OsStr::new("b/k")).unwrap(), Place::Local(_)),
            "a local path"
        );
        assert!(Place::of(OsStr::new("s3://")).is_err(), "no bucket");
    }
}
