//! The journal's private row types and how domain values are written in columns.
//!
//! Domain types do not serialise; these do, so that a renamed variant in the model can never change
//! the meaning of a file on disk.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rusqlite::Row;
use rusqlite::types::Type;
use serde::{Deserialize, Serialize};

use crate::error::ErrorKind;
use crate::model::{BucketName, ETag, ObjectKey, Prefix, SessionId, UploadId, VersionId};
use crate::plan::{ConflictPolicy, DesiredState, Failure, JobState, Operation, Verified};
use crate::transfer::fingerprint::Fingerprint;

macro_rules! coded {
    ($type:ty { $($variant:ident = $text:literal),* $(,)? }) => {
        impl Coded for $type {
            fn code(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
            fn from_code(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}

/// A closed set that is written as a word.
pub(crate) trait Coded: Sized {
    /// The word.
    fn code(self) -> &'static str;
    /// The value of a word.
    fn from_code(text: &str) -> Option<Self>;
}

/// Where an item stands in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ItemState {
    /// Nothing was sent.
    Planned,
    /// The first request that changes something may have left.
    Creating,
    /// Parts are on their way (the upload id or the temp file is known).
    Moving,
    /// The request that makes the change visible may have left.
    Completing,
    Done,
    Skipped,
    Failed,
    Cancelled,
}

coded!(ItemState {
    Planned = "planned",
    Creating = "creating",
    Moving = "moving",
    Completing = "completing",
    Done = "done",
    Skipped = "skipped",
    Failed = "failed",
    Cancelled = "cancelled",
});
coded!(Operation { Upload = "upload", Download = "download", Delete = "delete", Move = "move" });
coded!(ConflictPolicy {
    Ask = "ask",
    Skip = "skip",
    KeepBoth = "keep-both",
    Overwrite = "overwrite",
});
coded!(ErrorKind {
    InvalidInput = "invalid-input",
    NoSuchBucket = "no-such-bucket",
    NoSuchKey = "no-such-key",
    NoSuchUpload = "no-such-upload",
    AccessDenied = "access-denied",
    BadCredentials = "bad-credentials",
    ExpiredCredentials = "expired-credentials",
    NeedsSignIn = "needs-sign-in",
    ClockSkew = "clock-skew",
    WrongRegion = "wrong-region",
    BucketExists = "bucket-exists",
    BucketNotEmpty = "bucket-not-empty",
    Conflict = "conflict",
    Throttled = "throttled",
    UnknownHost = "unknown-host",
    ConnectionRefused = "connection-refused",
    Offline = "offline",
    Timeout = "timeout",
    Tls = "tls",
    NotS3 = "not-s3",
    Unsupported = "unsupported",
    ServerFault = "server-fault",
    SourceChanged = "source-changed",
    SourceUnreadable = "source-unreadable",
    Integrity = "integrity",
    DiskFull = "disk-full",
    DestinationUnwritable = "destination-unwritable",
    DestinationExists = "destination-exists",
    BadName = "bad-name",
    StateCorrupt = "state-corrupt",
    StateNewer = "state-newer",
    StateUnavailable = "state-unavailable",
    ReadOnlySession = "read-only-session",
    KeychainLocked = "keychain-locked",
    KeychainAbsent = "keychain-absent",
    Busy = "busy",
    Cancelled = "cancelled",
    Gone = "gone",
    Internal = "internal",
});
coded!(DesiredState { Run = "run", Pause = "pause", Cancel = "cancel" });
coded!(JobState {
    Queued = "queued",
    Running = "running",
    Paused = "paused",
    WaitingForSignIn = "waiting-for-sign-in",
    WaitingForNetwork = "waiting-for-network",
    Verifying = "verifying",
    Done = "done",
    Failed = "failed",
    Cancelled = "cancelled",
});
coded!(Verified { No = "no", Checksum = "checksum", ETag = "etag", LengthOnly = "length" });

/// Whether the destination of an item existed when it was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Absent,
    Present,
    /// The server would not say.
    Unknown,
}

impl Standing {
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Absent => 0,
            Self::Present => 1,
            Self::Unknown => 2,
        }
    }

    fn from_code(code: i64) -> Self {
        match code {
            0 => Self::Absent,
            1 => Self::Present,
            _ => Self::Unknown,
        }
    }
}

/// What an item replaces or removes, as it was when it was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BeforeImage {
    pub(crate) size: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) etag: Option<String>,
    /// Milliseconds since 1970; nanoseconds of a local file are in `fingerprint`.
    pub(crate) modified: i64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) fingerprint: Option<Fingerprint>,
}

/// A failure as it is written; a kind that this version does not know reads as none.
#[derive(Debug, Serialize, Deserialize)]
struct FailureRecord {
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    host: Option<String>,
}

impl FailureRecord {
    fn read(self) -> Option<Failure> {
        Some(Failure {
            kind: ErrorKind::from_code(&self.kind)?,
            request_id: self.request,
            host_id: self.host,
        })
    }
}

pub(crate) fn failure_json(failure: &Failure) -> Option<String> {
    to_json(&FailureRecord {
        kind: failure.kind.code().to_owned(),
        request: failure.request_id.clone(),
        host: failure.host_id.clone(),
    })
}

/// One object or file of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) number: u64,
    pub(crate) key: ObjectKey,
    pub(crate) version: Option<VersionId>,
    pub(crate) to_key: Option<ObjectKey>,
    pub(crate) local: Option<PathBuf>,
    pub(crate) size: u64,
    /// Where the item begins in the job's part map.
    pub(crate) position: u64,
    pub(crate) etag: Option<ETag>,
    pub(crate) standing: Standing,
    pub(crate) before: Option<BeforeImage>,
    pub(crate) why: String,
    pub(crate) state: ItemState,
    pub(crate) reason: Option<String>,
    pub(crate) failure: Option<Failure>,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) upload_id: Option<UploadId>,
    pub(crate) part_size: Option<u64>,
    pub(crate) temp: Option<String>,
    pub(crate) verified: Verified,
    pub(crate) bytes_done: u64,
    pub(crate) bytes_reused: u64,
}

impl Item {
    /// A planned item with nothing said about it.
    pub(crate) fn planned(key: ObjectKey, size: u64) -> Self {
        Self {
            number: 0,
            key,
            version: None,
            to_key: None,
            local: None,
            size,
            position: 0,
            etag: None,
            standing: Standing::Absent,
            before: None,
            why: String::new(),
            state: ItemState::Planned,
            reason: None,
            failure: None,
            fingerprint: None,
            upload_id: None,
            part_size: None,
            temp: None,
            verified: Verified::No,
            bytes_done: 0,
            bytes_reused: 0,
        }
    }
}

/// The columns that [`item_of`] reads, in its order.
pub(crate) const ITEM_COLUMNS: &str = "number, key, version, to_key, local, size, position, etag, \
     conflict, before, why, state, reason, fingerprint, upload_id, part_size, temp, verified, \
     bytes_done, bytes_reused, failure";

pub(crate) fn item_of(row: &Row<'_>) -> rusqlite::Result<Item> {
    let key =
        |at: usize, text: String| ObjectKey::parse(text).map_err(|e| unreadable(at, e.into()));
    let to_key: Option<String> = row.get(3)?;
    let etag: Option<String> = row.get(7)?;
    Ok(Item {
        number: to_u(row.get(0)?),
        key: key(1, row.get(1)?)?,
        version: row.get::<_, Option<String>>(2)?.map(VersionId::new),
        to_key: to_key.map(|text| key(3, text)).transpose()?,
        local: row.get::<_, Option<Vec<u8>>>(4)?.map(path_of),
        size: to_u(row.get(5)?),
        position: to_u(row.get(6)?),
        etag: etag.and_then(|text| ETag::from_header(&text)),
        standing: Standing::from_code(row.get(8)?),
        before: json(row, 9)?,
        why: row.get(10)?,
        state: coded(row, 11)?,
        reason: row.get(12)?,
        fingerprint: json(row, 13)?,
        upload_id: row.get::<_, Option<String>>(14)?.map(UploadId::new),
        part_size: row.get::<_, Option<i64>>(15)?.map(to_u),
        temp: row.get(16)?,
        verified: coded(row, 17)?,
        bytes_done: to_u(row.get(18)?),
        bytes_reused: to_u(row.get(19)?),
        failure: json::<FailureRecord>(row, 20)?.and_then(FailureRecord::read),
    })
}

/// A plan's own row.
#[derive(Debug, Clone)]
pub(crate) struct PlanRecord {
    pub(crate) id: String,
    pub(crate) session: SessionId,
    pub(crate) session_name: String,
    pub(crate) operation: Operation,
    pub(crate) title: String,
    /// Where it starts; unknown of plans that an earlier version made.
    pub(crate) source: Option<String>,
    pub(crate) destination: String,
    pub(crate) bucket: BucketName,
    pub(crate) prefix: Prefix,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) policy: ConflictPolicy,
    /// The request in one line, by which the same request is recognised later.
    pub(crate) request: String,
}

/// A part that the journal says was acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartRecord {
    pub(crate) number: u32,
    pub(crate) size: u64,
    pub(crate) etag: String,
    pub(crate) crc64: u64,
    /// Whether the answer proved that what arrived is what was read.
    pub(crate) confirmed: bool,
}

pub(crate) fn coded<T: Coded>(row: &Row<'_>, at: usize) -> rusqlite::Result<T> {
    let text: String = row.get(at)?;
    T::from_code(&text).ok_or_else(|| unreadable(at, format!("“{text}” is no word of it").into()))
}

fn json<T: for<'a> Deserialize<'a>>(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<T>> {
    let text: Option<String> = row.get(at)?;
    text.map(|text| serde_json::from_str(&text).map_err(|e| unreadable(at, e.into())))
        .transpose()
}

pub(crate) fn unreadable(
    at: usize,
    error: Box<dyn std::error::Error + Send + Sync>,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, Type::Text, error)
}

/// SQLite's integers are signed; sizes stay far below.
pub(crate) fn to_i(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn to_u(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

pub(crate) fn path_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_bytes().to_vec()
}

pub(crate) fn path_of(bytes: Vec<u8>) -> PathBuf {
    PathBuf::from(OsString::from_vec(bytes))
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_string(value).ok()
}
