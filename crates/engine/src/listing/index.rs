//! All rows of a listing in little memory: texts in an arena, rows of fixed size.
//!
//! Rows live in chunks of [`CHUNK_ROWS`]; a chunk holds its rows and their texts (key, ETag,
//! version id, one after the other). Full chunks never change, so that a copy of the index for a
//! sort on another thread shares them and costs a pointer a chunk. A row is 32 bytes; with its
//! ETag and its place in an order it stays below 120 bytes beyond the key
//! (`a_row_costs_less_than_120_bytes_beyond_its_key`).
//!
//! Rows are kept in the order in which they came. S3 sends keys in ascending byte order; the index
//! notes when a server does not ([`Index::in_order`]) and leaves out a row that repeats the one
//! before it, so that the usual listing needs no sort at all.

use std::sync::Arc;

use crate::model::{ETag, Timestamp, VersionId};
use crate::store::RowKind;

use super::ListingRow;

/// Rows a chunk: small enough that copying the open one while a sort holds it is not felt, large
/// enough that millions of rows are some hundred chunks.
pub(super) const CHUNK_ROWS: usize = 16 * 1024;

/// A row as a page names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct NewRow<'a> {
    pub(super) kind: RowKind,
    pub(super) key: &'a str,
    pub(super) size: u64,
    pub(super) modified: Timestamp,
    pub(super) etag: &'a str,
    pub(super) storage_class: &'a str,
    pub(super) version_id: &'a str,
}

/// What became of a row that was pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pushed {
    /// It has this number.
    Row(u32),
    /// It repeats the row before it of its kind.
    Repeats,
    /// Its key is longer than any server may send.
    TooLong,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    size: u64,
    modified: i64,
    text: u32,
    key_len: u16,
    version_len: u16,
    etag_len: u8,
    class: u8,
    kind: RowKind,
}

#[derive(Debug, Clone, Default)]
struct Chunk {
    rows: Vec<Row>,
    text: String,
}

/// The rows. Cloning shares all that is full.
#[derive(Debug, Clone)]
pub(super) struct Index {
    chunks: Vec<Arc<Chunk>>,
    classes: Vec<Arc<str>>,
    rows: u32,
    last_prefix: Option<u32>,
    last_object: Option<u32>,
    in_order: bool,
    bytes: u64,
    prefixes: u64,
    held: u64,
}

impl Default for Index {
    fn default() -> Self {
        Self {
            chunks: Vec::new(),
            // The empty class is STANDARD and what prefixes have.
            classes: vec![Arc::from("")],
            rows: 0,
            last_prefix: None,
            last_object: None,
            in_order: true,
            bytes: 0,
            prefixes: 0,
            held: 0,
        }
    }
}

impl Index {
    /// Adds a row at the end.
    pub(super) fn push(&mut self, row: NewRow<'_>) -> Pushed {
        let (Ok(key_len), Ok(version_len)) = (
            u16::try_from(row.key.len()),
            u16::try_from(row.version_id.len()),
        ) else {
            return Pushed::TooLong;
        };
        let last = match row.kind {
            RowKind::Prefix => self.last_prefix,
            _ => self.last_object,
        };
        if let Some(last) = last {
            let before = self.key(last);
            if row.key == before && row.version_id == self.version(last) {
                return Pushed::Repeats;
            }
            self.in_order &= row.key >= before;
        }
        // An ETag of more than 255 bytes is no ETag that any later request could use.
        let etag = if row.etag.len() <= usize::from(u8::MAX) {
            row.etag
        } else {
            ""
        };
        let class = self.intern(row.storage_class);
        let number = self.rows;
        let chunk = self.open_chunk();
        let text = u32::try_from(chunk.text.len()).unwrap_or(u32::MAX);
        for piece in [row.key, etag, row.version_id] {
            chunk.text.push_str(piece);
        }
        chunk.rows.push(Row {
            size: row.size,
            modified: row.modified.0,
            text,
            key_len,
            version_len,
            etag_len: u8::try_from(etag.len()).unwrap_or(0),
            class,
            kind: row.kind,
        });
        if chunk.rows.len() == CHUNK_ROWS {
            chunk.text.shrink_to_fit();
            chunk.rows.shrink_to_fit();
        }
        self.rows += 1;
        self.bytes = self.bytes.saturating_add(row.size);
        self.held +=
            (row.key.len() + etag.len() + row.version_id.len()) as u64 + size_of::<Row>() as u64;
        match row.kind {
            RowKind::Prefix => {
                self.last_prefix = Some(number);
                self.prefixes += 1;
            }
            _ => self.last_object = Some(number),
        }
        Pushed::Row(number)
    }

    /// Rows in all.
    pub(super) fn len(&self) -> u32 {
        self.rows
    }

    /// Bytes of all objects.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Common prefixes, whose objects are in none of the other counts.
    pub(super) fn prefixes(&self) -> u64 {
        self.prefixes
    }

    /// Memory that rows and texts take.
    pub(super) fn held(&self) -> u64 {
        self.held
    }

    /// Whether keys came in ascending order, prefixes and objects each for themselves.
    pub(super) fn in_order(&self) -> bool {
        self.in_order
    }

    pub(super) fn kind(&self, number: u32) -> RowKind {
        self.row(number)
            .map_or(RowKind::Object, |(_, row)| row.kind)
    }

    pub(super) fn is_prefix(&self, number: u32) -> bool {
        self.kind(number) == RowKind::Prefix
    }

    pub(super) fn size(&self, number: u32) -> u64 {
        self.row(number).map_or(0, |(_, row)| row.size)
    }

    pub(super) fn modified(&self, number: u32) -> i64 {
        self.row(number).map_or(0, |(_, row)| row.modified)
    }

    /// The storage class by its name; STANDARD for what says nothing.
    pub(super) fn storage_class(&self, number: u32) -> &str {
        let class = self.row(number).map_or(0, |(_, row)| row.class);
        match self.classes.get(usize::from(class)) {
            Some(name) if !name.is_empty() => name,
            _ => "STANDARD",
        }
    }

    /// The whole key.
    pub(super) fn key(&self, number: u32) -> &str {
        self.text(number, |row| (0, usize::from(row.key_len)))
    }

    pub(super) fn version(&self, number: u32) -> &str {
        self.text(number, |row| {
            let start = usize::from(row.key_len) + usize::from(row.etag_len);
            (start, start + usize::from(row.version_len))
        })
    }

    fn etag(&self, number: u32) -> &str {
        self.text(number, |row| {
            let start = usize::from(row.key_len);
            (start, start + usize::from(row.etag_len))
        })
    }

    /// A row as it is shown; none beyond the end.
    pub(super) fn shown(&self, number: u32) -> Option<ListingRow> {
        let (_, row) = self.row(number)?;
        let class = self
            .classes
            .get(usize::from(row.class))
            .filter(|class| !class.is_empty());
        let version = self.version(number);
        Some(ListingRow {
            kind: row.kind,
            key: self.key(number).to_owned(),
            size: row.size,
            modified: (row.kind != RowKind::Prefix && row.modified != 0)
                .then_some(Timestamp(row.modified)),
            etag: ETag::from_header(self.etag(number)),
            storage_class: class.map(ToString::to_string),
            version_id: (!version.is_empty()).then(|| VersionId::new(version)),
        })
    }

    fn row(&self, number: u32) -> Option<(&Chunk, &Row)> {
        let number = number as usize;
        let chunk = self.chunks.get(number / CHUNK_ROWS)?;
        Some((chunk, chunk.rows.get(number % CHUNK_ROWS)?))
    }

    fn text(&self, number: u32, within: impl Fn(&Row) -> (usize, usize)) -> &str {
        let Some((chunk, row)) = self.row(number) else {
            return "";
        };
        let (start, end) = within(row);
        let at = row.text as usize;
        chunk.text.get(at + start..at + end).unwrap_or("")
    }

    fn open_chunk(&mut self) -> &mut Chunk {
        if self.rows as usize == self.chunks.len() * CHUNK_ROWS {
            self.chunks.push(Arc::default());
        }
        let last = self.chunks.len() - 1;
        Arc::make_mut(&mut self.chunks[last])
    }

    fn intern(&mut self, class: &str) -> u8 {
        let known = self.classes.iter().position(|known| &**known == class);
        let at = known.unwrap_or_else(|| {
            // There are a dozen classes; a server that makes up hundreds loses their names.
            if self.classes.len() > usize::from(u8::MAX) {
                return 0;
            }
            self.classes.push(Arc::from(class));
            self.classes.len() - 1
        });
        u8::try_from(at).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object<'a>(key: &'a str, etag: &'a str) -> NewRow<'a> {
        NewRow {
            kind: RowKind::Object,
            key,
            size: 7,
            modified: Timestamp(1),
            etag,
            storage_class: "GLACIER",
            version_id: "",
        }
    }

    #[test]
    fn a_row_comes_back_as_it_was_given() {
        let mut index = Index::default();
        let version = NewRow {
            kind: RowKind::Version,
            version_id: "v1",
            ..object("a/ü", "abc-2")
        };
        assert_eq!(
            index.push(version),
            Pushed::Row(0),
            "the first row has number 0"
        );
        let shown = index.shown(0).unwrap();
        assert_eq!(shown.key, "a/ü", "the key keeps its bytes");
        assert_eq!(shown.etag, ETag::from_header("abc-2"), "so does the ETag");
        assert_eq!(
            shown.version_id,
            Some(VersionId::new("v1")),
            "and the version"
        );
        assert_eq!(
            shown.storage_class.as_deref(),
            Some("GLACIER"),
            "and the class"
        );
        assert_eq!(index.shown(1), None, "there is nothing beyond the end");
    }

    #[test]
    fn a_repeated_row_is_left_out_and_a_step_back_is_noted() {
        let mut index = Index::default();
        index.push(object("b", ""));
        assert_eq!(
            index.push(object("b", "")),
            Pushed::Repeats,
            "it says nothing new"
        );
        assert!(index.in_order(), "repeating is not going back");
        index.push(object("a", ""));
        assert!(!index.in_order(), "`a` comes before `b`");
        let long = "k".repeat(70_000);
        assert_eq!(
            index.push(object(&long, "")),
            Pushed::TooLong,
            "no key is that long"
        );
    }

    #[test]
    fn folders_are_counted_apart_from_the_bytes_of_objects() {
        let mut index = Index::default();
        for key in ["a/", "b/"] {
            index.push(NewRow {
                kind: RowKind::Prefix,
                size: 0,
                ..object(key, "")
            });
        }
        let object = object("c", "");
        let size = object.size;
        index.push(object);
        assert_eq!(index.prefixes(), 2, "what lies below them is not here");
        assert_eq!(index.bytes(), size, "the object alone");
    }

    #[test]
    fn a_copy_does_not_see_what_comes_later() {
        let mut index = Index::default();
        index.push(object("a", ""));
        let copy = index.clone();
        for i in 0..CHUNK_ROWS {
            index.push(object(&format!("b{i:08}"), ""));
        }
        assert_eq!(copy.shown(1), None, "the copy ends where it was made");
        assert_eq!(copy.key(0), "a", "and keeps what it had");
        assert_eq!(
            index.key(CHUNK_ROWS as u32),
            "b00016383",
            "rows go on over chunks"
        );
    }

    #[test]
    fn a_row_costs_less_than_120_bytes_beyond_its_key() {
        let mut index = Index::default();
        let count = 3 * CHUNK_ROWS + 5;
        let mut keys = 0;
        for i in 0..count {
            let key = format!("photos/2026/{i:012}.jpg");
            keys += key.len();
            index.push(object(&key, "d41d8cd98f00b204e9800998ecf8427e-1234"));
        }
        let real: usize = index
            .chunks
            .iter()
            .map(|c| c.text.capacity() + c.rows.capacity() * size_of::<Row>())
            .sum();
        // Beside the index, a row has its number in the shown order and in a sort's working copy.
        let beyond = (real - keys) / count + 2 * size_of::<u32>();
        assert!(beyond <= 120, "a row costs {beyond} bytes beyond its key");
    }
}
