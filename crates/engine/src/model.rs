//! The words that the engine speaks: names and identifiers as types that are checked once.
//!
//! A value of one of these types has passed its check, so that no later code asks again. Keys are
//! opaque UTF-8 of 1 to 1024 bytes and are never normalised. Ids of sessions, jobs and plans are
//! strings made here; ids of the server (version, upload, ETag) are kept as the server sent them.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{Error, ErrorKind, Result};

/// S3 allows keys up to this many bytes of UTF-8
/// (<https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>).
pub const MAX_KEY_BYTES: usize = 1024;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The text, taken out.
            pub fn into_string(self) -> String {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

macro_rules! opaque_type {
    ($(#[$doc:meta])* $name:ident) => {
        text_type!($(#[$doc])* $name);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }
    };
}

text_type!(
    /// A bucket's name, 1 to 255 bytes without `/`: AWS is stricter, other servers are not.
    BucketName
);
text_type!(
    /// An object's key, 1 to 1024 bytes, never normalised.
    ObjectKey
);
opaque_type!(
    /// What a listing is restricted to: the start of keys, possibly empty.
    Prefix
);
opaque_type!(
    /// A version id as the server names it; `null` is a version like any other.
    VersionId
);
opaque_type!(
    /// The id of a multipart upload.
    UploadId
);
opaque_type!(
    /// A region's name.
    Region
);
opaque_type!(
    /// A twelve-digit AWS account id, or what another server uses for one.
    AccountId
);
opaque_type!(
    /// A session: a source of credentials plus its chain of hops.
    SessionId
);
opaque_type!(
    /// A job: one action of a person.
    JobId
);
opaque_type!(
    /// A plan that was shown and may be started.
    PlanId
);
opaque_type!(
    /// A listing that is held open by the engine.
    ListingId
);

macro_rules! fresh_id {
    ($($name:ident),*) => {$(
        impl $name {
            /// A new id; later ids sort after earlier ones (UUID version 7).
            pub fn fresh() -> Self {
                Self(uuid::Uuid::now_v7().to_string())
            }
        }
    )*};
}
fresh_id!(SessionId, JobId, PlanId, ListingId);

impl BucketName {
    /// Checks a bucket's name.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is empty, longer than 255 bytes, holds `/` or a control
    /// character, or is `.` or `..`, which HTTP stacks would fold away.
    pub fn parse(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        let bad = text.is_empty()
            || text.len() > 255
            || text == "."
            || text == ".."
            || text
                .chars()
                .any(|c| c == '/' || c.is_control() || c.is_whitespace());
        if bad {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "BucketName",
                format!("“{}” is not a bucket name", text.escape_debug()),
            )
            .advise("Bucket names are 3 to 63 lower-case letters, digits, dots and hyphens"));
        }
        Ok(Self(text))
    }
}

impl ObjectKey {
    /// Checks a key's length; every other content is a key.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when it is empty or longer than 1024 bytes.
    pub fn parse(text: impl Into<String>) -> Result<Self> {
        let text = text.into();
        if text.is_empty() || text.len() > MAX_KEY_BYTES {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "ObjectKey",
                format!(
                    "A key has 1 to {MAX_KEY_BYTES} bytes; this one has {}",
                    text.len()
                ),
            ));
        }
        Ok(Self(text))
    }

    /// What follows the last `/` (for a key that ends in `/`: its last segment with the `/`).
    pub fn name(&self) -> &str {
        let trimmed = self.0.strip_suffix('/').unwrap_or(&self.0);
        match trimmed.rfind('/') {
            Some(at) => &self.0[at + 1..],
            None => &self.0,
        }
    }
}

impl Prefix {
    /// The key below this prefix with `rest` appended.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when the whole is no key.
    pub fn join(&self, rest: &str) -> Result<ObjectKey> {
        ObjectKey::parse(format!("{}{rest}", self.0))
    }

    /// The prefix one level up, or none at the top.
    pub fn parent(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        let trimmed = self.0.strip_suffix('/').unwrap_or(&self.0);
        Some(Self(match trimmed.rfind('/') {
            Some(at) => self.0[..=at].to_owned(),
            None => String::new(),
        }))
    }
}

/// An entity tag as the server sent it, without the quotes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ETag(String);

impl ETag {
    /// Takes an ETag with or without its quotes; none when it is empty, since some servers answer
    /// with an empty one and that proves nothing.
    pub fn from_header(text: &str) -> Option<Self> {
        let bare = text.trim().trim_matches('"');
        (!bare.is_empty()).then(|| Self(bare.to_owned()))
    }

    /// The tag without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The tag with quotes, for conditional headers.
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0)
    }

    /// Whether it is a multipart upload's tag (`md5-of-md5s-N`), which is no MD5 of the content.
    pub fn is_composite(&self) -> bool {
        self.0.contains('-')
    }

    /// The MD5 it claims to be, when it has the form of one.
    pub fn as_md5(&self) -> Option<[u8; 16]> {
        if self.0.len() != 32 || !self.0.is_ascii() {
            return None;
        }
        let mut out = [0; 16];
        for (i, byte) in out.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&self.0[i * 2..i * 2 + 2], 16).ok()?;
        }
        Some(out)
    }
}

impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Milliseconds since 1970 UTC. The engine stores and compares times; a page formats them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The present, by the local clock.
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }

    /// The time that follows after `span`.
    #[must_use]
    pub fn after(self, span: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(span.as_millis()).unwrap_or(i64::MAX)),
        )
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self(match time.duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_millis()).unwrap_or(i64::MAX),
        })
    }
}

/// A place in S3: a bucket and the rest of the URI, which is a key or a prefix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Uri {
    /// The bucket.
    pub bucket: BucketName,
    /// Everything after the bucket's `/`, possibly empty, never normalised or decoded.
    pub rest: String,
}

impl S3Uri {
    /// Reads `s3://bucket/rest`; the `s3://` may be left out.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidInput`] when there is another scheme or no bucket.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim_matches(|c: char| c == '\n' || c == '\r' || c == '\t' || c == ' ');
        let bare = match text.split_once("://") {
            Some((scheme, bare)) if scheme.eq_ignore_ascii_case("s3") => bare,
            Some((scheme, _)) if !scheme.contains('/') => {
                return Err(Error::new(
                    ErrorKind::InvalidInput,
                    "S3Uri",
                    format!("“{scheme}://” is not a scheme that leads into a bucket"),
                )
                .advise("Write s3://bucket/prefix/"));
            }
            _ => text,
        };
        let (bucket, rest) = bare.split_once('/').unwrap_or((bare, ""));
        Ok(Self {
            bucket: BucketName::parse(bucket)?,
            rest: rest.to_owned(),
        })
    }
}

impl fmt::Display for S3Uri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_keeps_every_byte_after_the_bucket() {
        let uri = S3Uri::parse("s3://b//a/../ü//").unwrap();
        assert_eq!(uri.rest, "/a/../ü//", "keys are never normalised");
        assert_eq!(
            S3Uri::parse("b").unwrap().rest,
            "",
            "a bucket alone is a place"
        );
        assert!(
            S3Uri::parse("https://b/k").is_err(),
            "another scheme leads elsewhere"
        );
    }

    #[test]
    fn a_parent_is_found_through_empty_segments() {
        let parents = |text: &str| Prefix::new(text).parent().map(Prefix::into_string);
        assert_eq!(parents("a/b/"), Some("a/".into()), "one level up");
        assert_eq!(
            parents("a//"),
            Some("a/".into()),
            "an empty segment is a level"
        );
        assert_eq!(
            parents("a/"),
            Some(String::new()),
            "the top is the empty prefix"
        );
        assert_eq!(parents(""), None, "there is nothing above the top");
    }

    #[test]
    fn the_name_of_a_key_is_its_last_segment() {
        let name = |text: &str| ObjectKey::parse(text).unwrap().name().to_owned();
        assert_eq!(name("a/b.txt"), "b.txt", "after the last slash");
        assert_eq!(name("a/b/"), "b/", "a marker keeps its slash");
        assert_eq!(name("a//"), "/", "an empty segment shows as a slash");
    }

    #[test]
    fn an_empty_etag_is_none_and_a_composite_one_no_md5() {
        assert_eq!(
            ETag::from_header("\"\""),
            None,
            "an empty tag proves nothing"
        );
        let composite = ETag::from_header("\"d41d8cd98f00b204e9800998ecf8427e-3\"").unwrap();
        assert!(
            composite.is_composite() && composite.as_md5().is_none(),
            "it is a tag of parts"
        );
        let plain = ETag::from_header("d41d8cd98f00b204e9800998ecf8427e").unwrap();
        assert_eq!(plain.as_md5().unwrap()[0], 0xd4, "a plain one is an MD5");
    }
}
