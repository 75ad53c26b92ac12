//! The XML of a page, read in one pass.
//!
//! Only the fields that a row shows are kept; everything else is skipped by depth. Names are
//! compared without their namespace, since servers differ in it.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use super::{PageFault, text};
use crate::model::Timestamp;
use crate::store::{ListPage, ListedRow, RowKind};

/// A row costs about this much XML beside its key; only for the first reservation.
const XML_PER_ROW: usize = 250;

/// Reads a page.
pub(super) fn page(body: &[u8]) -> Result<ListPage, PageFault> {
    // Servers that ignore `encoding-type` may send keys that are no UTF-8: those are told by the
    // character that stands in for what cannot be read.
    let text = String::from_utf8_lossy(body);
    let is_lossy = matches!(text, Cow::Owned(_));
    let begin = text.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}');
    match begin.as_bytes().first() {
        Some(b'<') => {}
        None => return Err(PageFault::NotAListing("nothing")),
        Some(b'{' | b'[') => return Err(PageFault::NotAListing("JSON")),
        Some(_) => return Err(PageFault::NotAListing("something that is no XML")),
    }
    // Servers may name the encoding after the keys. Within a key this text would be escaped.
    let is_encoded = begin.contains("EncodingType>url<");
    PageReader::new(begin, is_encoded, is_lossy).read(begin)
}

struct PageReader {
    page: ListPage,
    is_encoded: bool,
    is_lossy: bool,
    is_truncated: bool,
    token: String,
    text: String,
    row: Fields,
}

/// The fields of the row that is being read.
#[derive(Default)]
struct Fields {
    key: Option<Range<u32>>,
    undecodable: bool,
    size: Option<u64>,
    modified: Option<Timestamp>,
    etag: Range<u32>,
    storage_class: Range<u32>,
}

impl PageReader {
    fn new(body: &str, is_encoded: bool, is_lossy: bool) -> Self {
        let rows = body.len() / XML_PER_ROW;
        let page = ListPage {
            arena: String::with_capacity(body.len() / 3),
            rows: Vec::with_capacity(rows),
            ..ListPage::default()
        };
        let (token, text, row) = (String::new(), String::new(), Fields::default());
        Self {
            page,
            is_encoded,
            is_lossy,
            is_truncated: false,
            token,
            text,
            row,
        }
    }

    fn read(mut self, body: &str) -> Result<ListPage, PageFault> {
        let mut reader = Reader::from_str(body);
        let mut depth = 0_usize;
        // Which list element at depth 2 we are in: a row's parent decides what `Prefix` means.
        let mut parent = Parent::Other;
        loop {
            match reader
                .read_event()
                .map_err(|e| PageFault::Malformed(e.to_string()))?
            {
                Event::Start(tag) => {
                    depth += 1;
                    self.text.clear();
                    match depth {
                        1 if tag.local_name().as_ref() != "ListBucketResult" => {
                            return Err(wrong_root(tag.local_name().as_ref()));
                        }
                        2 => parent = Parent::of(tag.local_name().as_ref()),
                        _ => {}
                    }
                }
                Event::End(tag) => {
                    match depth {
                        2 => self.end_of_element(tag.local_name().as_ref(), parent)?,
                        3 => self.end_of_field(tag.local_name().as_ref(), parent)?,
                        _ => {}
                    }
                    depth = depth.saturating_sub(1);
                    self.text.clear();
                }
                Event::Empty(tag) if depth == 0 => {
                    if tag.local_name().as_ref() != "ListBucketResult" {
                        return Err(wrong_root(tag.local_name().as_ref()));
                    }
                    return self.finish();
                }
                Event::Text(part) => self.text.push_str(&part),
                Event::CData(part) => self.text.push_str(&part),
                Event::GeneralRef(name) => self.push_entity(&name)?,
                Event::DocType(kind)
                    if kind.trim_start().to_ascii_lowercase().starts_with("html") =>
                {
                    return Err(wrong_root("html"));
                }
                Event::DocType(_) => return Err(PageFault::Entities),
                Event::Eof if depth == 0 => return self.finish(),
                Event::Eof => return Err(PageFault::Malformed("it ends early".to_owned())),
                _ => {}
            }
        }
    }

    fn push_entity(&mut self, name: &BytesRef<'_>) -> Result<(), PageFault> {
        let resolved = match &**name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => name
                .resolve_char_ref()
                .ok()
                .flatten()
                .ok_or(PageFault::Entities)?,
        };
        self.text.push(resolved);
        Ok(())
    }

    fn end_of_element(&mut self, name: &str, parent: Parent) -> Result<(), PageFault> {
        match (parent, name) {
            (Parent::Contents, _) => self.finish_object(),
            (Parent::Other, "IsTruncated") => {
                self.is_truncated = match self.text.trim() {
                    "true" | "True" => true,
                    "false" | "False" | "" => false,
                    _ => return Err(PageFault::BadField("IsTruncated")),
                };
                Ok(())
            }
            (Parent::Other, "NextContinuationToken") => {
                self.token = self.text.clone();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn end_of_field(&mut self, name: &str, parent: Parent) -> Result<(), PageFault> {
        match (parent, name) {
            (Parent::Contents, "Key") => self.take_key(),
            (Parent::CommonPrefixes, "Prefix") => {
                self.take_key();
                return self.finish_prefix();
            }
            (Parent::Contents, "Size") => {
                let size = self.text.trim().parse::<u64>().ok();
                // More than any sum of sizes could carry is no size.
                self.row.size = size.filter(|size| *size <= i64::MAX as u64);
                if self.row.size.is_none() {
                    return Err(PageFault::BadField("Size"));
                }
            }
            (Parent::Contents, "LastModified") => {
                self.row.modified = text::timestamp(self.text.trim());
                if self.row.modified.is_none() {
                    return Err(PageFault::BadField("LastModified"));
                }
            }
            (Parent::Contents, "ETag") => {
                let bare = self.text.trim();
                let bare = bare.strip_prefix('"').unwrap_or(bare);
                let bare = bare.strip_suffix('"').unwrap_or(bare);
                self.row.etag = push(&mut self.page.arena, bare);
            }
            (Parent::Contents, "StorageClass") if self.text != "STANDARD" => {
                self.row.storage_class = push(&mut self.page.arena, &self.text);
            }
            _ => {}
        }
        Ok(())
    }

    fn take_key(&mut self) {
        let start = self.page.arena.len();
        let decoded = if self.is_encoded {
            text::decode_url(self.text.as_bytes(), &mut self.page.arena)
        } else if self.is_lossy && self.text.contains(char::REPLACEMENT_CHARACTER) {
            false
        } else {
            self.page.arena.push_str(&self.text);
            true
        };
        if decoded {
            self.row.key = Some(range(start, self.page.arena.len()));
        } else {
            self.row.undecodable = true;
            self.page.undecodable.push(text::escape(&self.text));
        }
    }

    fn finish_object(&mut self) -> Result<(), PageFault> {
        let row = std::mem::take(&mut self.row);
        if row.undecodable {
            return Ok(());
        }
        let key = row
            .key
            .filter(|key| !key.is_empty())
            .ok_or(PageFault::BadField("Key"))?;
        self.page.rows.push(ListedRow {
            kind: RowKind::Object,
            key,
            size: row.size.ok_or(PageFault::BadField("Size"))?,
            modified: row.modified.unwrap_or(Timestamp(0)),
            etag: row.etag,
            storage_class: row.storage_class,
        });
        Ok(())
    }

    fn finish_prefix(&mut self) -> Result<(), PageFault> {
        let row = std::mem::take(&mut self.row);
        if row.undecodable {
            return Ok(());
        }
        self.page.rows.push(ListedRow {
            kind: RowKind::Prefix,
            key: row
                .key
                .filter(|key| !key.is_empty())
                .ok_or(PageFault::BadField("Prefix"))?,
            size: 0,
            modified: Timestamp(0),
            etag: 0..0,
            storage_class: 0..0,
        });
        Ok(())
    }

    /// Merges objects and prefixes, which servers send one after the other, into one order.
    fn finish(mut self) -> Result<ListPage, PageFault> {
        if self.is_truncated {
            if self.token.is_empty() {
                return Err(PageFault::NoToken);
            }
            self.page.next_token = Some(std::mem::take(&mut self.token));
        }
        let arena = &self.page.arena;
        self.page
            .rows
            .sort_by(|a, b| slice(arena, &a.key).cmp(slice(arena, &b.key)));
        Ok(self.page)
    }
}

/// The element that a field stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    Contents,
    CommonPrefixes,
    Other,
}

impl Parent {
    fn of(name: &str) -> Self {
        match name {
            "Contents" => Self::Contents,
            "CommonPrefixes" => Self::CommonPrefixes,
            _ => Self::Other,
        }
    }
}

fn wrong_root(name: &str) -> PageFault {
    PageFault::NotAListing(match name.to_ascii_lowercase().as_str() {
        "html" => "a web page",
        "error" => "an error in the guise of a success",
        _ => "another document",
    })
}

fn push(arena: &mut String, text: &str) -> Range<u32> {
    let start = arena.len();
    arena.push_str(text);
    range(start, arena.len())
}

fn range(start: usize, end: usize) -> Range<u32> {
    // A page is smaller than `MAX_PAGE_BYTES`, so that both fit.
    let fit = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    fit(start)..fit(end)
}

fn slice<'a>(arena: &'a str, range: &Range<u32>) -> &'a str {
    arena
        .get(range.start as usize..range.end as usize)
        .unwrap_or_default()
}
