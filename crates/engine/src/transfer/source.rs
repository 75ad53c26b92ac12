//! Reading a local file in parts, guarded against writers.
//!
//! Parts are read with `pread` into buffers that are used again, off the async threads, and their
//! CRC64NVME is computed in the same pass. After each part the fingerprint is compared.

use std::fs::File;
use std::os::unix::fs::{FileExt, FileTypeExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use super::fingerprint::Fingerprint;
use crate::error::{Error, ErrorKind, Result, Subject};
use crate::store::{Body, ByteRange};

/// An open local file with the fingerprint it had when it was opened.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    file: Arc<File>,
    path: PathBuf,
    fingerprint: Fingerprint,
}

impl SourceFile {
    /// Opens a regular file.
    ///
    /// # Errors
    /// `SourceUnreadable` when it is gone, may not be read or is no regular file.
    pub(crate) async fn open(path: PathBuf) -> Result<Self> {
        blocking(move || {
            // A pipe would block the opener for ever, so what it is is asked first.
            let found = std::fs::metadata(&path).map_err(|e| unreadable(&path, &e))?;
            if !found.is_file() {
                return Err(not_regular(&path, found.file_type()));
            }
            let file = File::open(&path).map_err(|e| unreadable(&path, &e))?;
            let metadata = file.metadata().map_err(|e| unreadable(&path, &e))?;
            let fingerprint = Fingerprint::of(&metadata);
            Ok(Self {
                file: Arc::new(file),
                path,
                fingerprint,
            })
        })
        .await
    }

    /// What the file looked like when it was opened.
    pub(crate) fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Reads a part and checks that nobody wrote meanwhile.
    ///
    /// # Errors
    /// `SourceChanged`, `SourceUnreadable`.
    pub(crate) async fn read(&self, range: ByteRange, buffers: &Buffers) -> Result<Body> {
        let (source, buffers) = (self.clone(), buffers.clone());
        blocking(move || {
            let length = usize::try_from(range.end - range.start).unwrap_or(usize::MAX);
            let mut buffer = buffers.take(length);
            source
                .file
                .read_exact_at(&mut buffer.0, range.start)
                .map_err(|e| {
                    if e.kind() == std::io::ErrorKind::UnexpectedEof {
                        source.changed()
                    } else {
                        unreadable(&source.path, &e)
                    }
                })?;
            source.check_now()?;
            let crc64 = crc_fast::crc64_nvme(&buffer.0);
            Ok(Body {
                bytes: Bytes::from_owner(buffer),
                crc64,
            })
        })
        .await
    }

    /// Checks that the file still is what was opened, under its name too.
    ///
    /// # Errors
    /// `SourceChanged`, `SourceUnreadable` when it is not there any more.
    pub(crate) async fn check(&self) -> Result<()> {
        let source = self.clone();
        blocking(move || source.check_now()).await
    }

    fn check_now(&self) -> Result<()> {
        let open = self
            .file
            .metadata()
            .map_err(|e| unreadable(&self.path, &e))?;
        // The name is looked up as well: a file that was replaced keeps its old inode open.
        let named = std::fs::metadata(&self.path).map_err(|e| unreadable(&self.path, &e))?;
        let same = Fingerprint::of(&open) == self.fingerprint
            && Fingerprint::of(&named) == self.fingerprint;
        if same { Ok(()) } else { Err(self.changed()) }
    }

    /// The error of a file that changed.
    pub(crate) fn changed(&self) -> Error {
        Error::new(
            ErrorKind::SourceChanged,
            "ReadFile",
            format!(
                "“{}” changed while it was being uploaded, so the upload was given up and the object \
                 is as it was",
                self.path.display()
            ),
        )
        .about(Subject::Path(self.path.display().to_string()))
        .advise("Upload it again when nothing writes to it")
    }
}

/// Runs file work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|e| {
        Error::new(
            ErrorKind::Internal,
            "FileWork",
            "File work stopped unexpectedly",
        )
        .caused_by(e)
    })?
}

/// The error of a file that was seen and cannot be read.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let shown = path.display();
    let words = match error.kind() {
        std::io::ErrorKind::NotFound => format!("“{shown}” is not there any more"),
        std::io::ErrorKind::PermissionDenied => format!("“{shown}” may not be read by you"),
        _ => format!("“{shown}” cannot be read: {error}"),
    };
    Error::new(ErrorKind::SourceUnreadable, "ReadFile", words)
        .about(Subject::Path(shown.to_string()))
}

/// The error of a pipe, socket or device.
pub(crate) fn not_regular(path: &Path, kind: std::fs::FileType) -> Error {
    let what = describe(kind);
    Error::new(
        ErrorKind::SourceUnreadable,
        "ReadFile",
        format!("“{}” is {what}, not a file", path.display()),
    )
    .about(Subject::Path(path.display().to_string()))
}

/// What something that is no regular file is, with its article.
pub(crate) fn describe(kind: std::fs::FileType) -> &'static str {
    match kind {
        k if k.is_dir() => "a folder",
        k if k.is_symlink() => "a symbolic link",
        k if k.is_fifo() => "a named pipe",
        k if k.is_socket() => "a socket",
        k if k.is_block_device() || k.is_char_device() => "a device",
        _ => "something special",
    }
}

/// Buffers that are used again. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buffers {
    free: Arc<Mutex<Vec<Vec<u8>>>>,
    most: usize,
}

/// A buffer that goes back to its pool when the last request let go of it.
struct Lent(Vec<u8>, Buffers);

impl Buffers {
    /// A pool that keeps at most `most` buffers for another use.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            free: Arc::default(),
            most,
        }
    }

    fn take(&self, length: usize) -> Lent {
        let mut bytes = self.lock().pop().unwrap_or_default();
        bytes.resize(length, 0);
        Lent(bytes, self.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let bytes = std::mem::take(&mut self.0);
        let mut free = self.1.lock();
        if free.len() < self.1.most {
            free.push(bytes);
        }
    }
}
