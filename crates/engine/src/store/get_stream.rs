//! An object's bytes as they arrive: counted, watched for stalls, never silently short.

use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{BucketName, ObjectKey};
use crate::store::attempt::Call;
use crate::store::wire::Stalled;
use crate::store::{ByteRange, GetRequest, ObjectHead, Store, error_map};

/// The bytes of an object as they arrive.
///
/// # Cancellation
/// [`GetStream::next`] may be dropped and called again; dropping the stream ends the download.
#[derive(Debug)]
pub struct GetStream {
    /// What the answer says about the object; its size is the whole object's.
    pub head: ObjectHead,
    /// The bytes that the answer carries.
    pub range: ByteRange,
    body: ByteStream,
    taken: u64,
    store: Store,
    bucket: BucketName,
    key: ObjectKey,
}

impl GetStream {
    /// Takes an answer's body after checking that it is what was asked for.
    pub(super) fn begin(
        store: Store,
        request: &GetRequest,
        mut head: ObjectHead,
        content_range: Option<&str>,
        body: ByteStream,
    ) -> Result<Self> {
        let refuse = |kind, why: String| {
            Error::new(kind, "GetObject", why).about(crate::error::Subject::Object(
                request.bucket.clone(),
                request.key.clone(),
            ))
        };
        let range = match content_range {
            Some(text) => {
                let (range, size) = read_content_range(text).ok_or_else(|| {
                    refuse(
                        ErrorKind::NotS3,
                        format!("The server names the range “{text}”"),
                    )
                })?;
                head.size = size.unwrap_or(range.end);
                range
            }
            None => ByteRange {
                start: 0,
                end: head.size,
            },
        };
        if let Some(asked) = request.range {
            let expected = ByteRange {
                start: asked.start,
                end: asked.end.min(head.size),
            };
            if range != expected {
                return Err(refuse(
                    ErrorKind::Unsupported,
                    format!(
                        "The server sent bytes {} to {} where {} to {} were asked for; nothing of \
                         it was kept",
                        range.start, range.end, asked.start, asked.end
                    ),
                ));
            }
        }
        let (bucket, key) = (request.bucket.clone(), request.key.clone());
        Ok(Self {
            head,
            range,
            body,
            taken: 0,
            store,
            bucket,
            key,
        })
    }

    /// The next bytes; none at the end.
    ///
    /// # Errors
    /// `Offline` when the body ends early or breaks off, `Timeout` when nothing arrives for a
    /// while, `Integrity` when there are more bytes than the answer announced.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        let stall = self.store.limits().stall;
        let Ok(next) = tokio::time::timeout(stall, self.body.next()).await else {
            return Err(self.broken(&Stalled(stall)));
        };
        let expected = self.range.end - self.range.start;
        match next {
            Some(Ok(bytes)) => {
                self.taken += bytes.len() as u64;
                if self.taken > expected {
                    return Err(self.miscounted(ErrorKind::Integrity, expected));
                }
                Ok(Some(bytes))
            }
            Some(Err(error)) => Err(self.broken(&error)),
            None if self.taken < expected => Err(self.miscounted(ErrorKind::Offline, expected)),
            None => Ok(None),
        }
    }

    fn call(&self) -> Call<'_> {
        Call::read("GetObject", Some(&self.bucket)).of(&self.key)
    }

    fn broken(&self, error: &(dyn std::error::Error + 'static)) -> Error {
        error_map::broken_body(&self.call(), self.store.connection(), error)
    }

    fn miscounted(&self, kind: ErrorKind, expected: u64) -> Error {
        Error::new(
            kind,
            "GetObject",
            format!(
                "The download of s3://{}/{} ended after {} of {expected} bytes",
                self.bucket, self.key, self.taken
            ),
        )
        .about(crate::error::Subject::Object(
            self.bucket.clone(),
            self.key.clone(),
        ))
    }
}

/// Reads `bytes 0-99/1000`; the size is none for `*`.
fn read_content_range(text: &str) -> Option<(ByteRange, Option<u64>)> {
    let (range, size) = text
        .trim()
        .strip_prefix("bytes")?
        .trim_start()
        .split_once('/')?;
    let (start, last) = range.split_once('-')?;
    let (start, last) = (
        start.trim().parse::<u64>().ok()?,
        last.trim().parse::<u64>().ok()?,
    );
    let size = match size.trim() {
        "*" => None,
        digits => Some(digits.parse::<u64>().ok()?),
    };
    let end = last.checked_add(1)?;
    (start < end && size.is_none_or(|size| end <= size)).then_some((ByteRange { start, end }, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_gives_the_bytes_and_the_whole_size() {
        let range = |start, end| ByteRange { start, end };
        assert_eq!(
            read_content_range("bytes 0-99/1000"),
            Some((range(0, 100), Some(1000))),
            "the last byte is included in the header and not in ours"
        );
        assert_eq!(
            read_content_range("bytes 5-5/*"),
            Some((range(5, 6), None)),
            "unknown size"
        );
        for bad in [
            "",
            "bytes */10",
            "bytes 9-3/10",
            "bytes 0-10/10",
            "lines 0-1/2",
        ] {
            assert_eq!(read_content_range(bad), None, "“{bad}” names no bytes");
        }
    }
}
