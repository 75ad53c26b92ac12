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

#[cfg(test)]
mod tests {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    fn rows(page: &ListPage) -> Vec<(RowKind, String, u64)> {
        let key = |row: &ListedRow| slice(&page.arena, &row.key).to_owned();
        page.rows
            .iter()
            .map(|row| (row.kind, key(row), row.size))
            .collect()
    }

    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('\r', "&#13;")
    }

    fn document(encoded: bool, objects: &[(String, u64)], prefixes: &[String]) -> String {
        let name = |text: &str| match encoded {
            true => utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
            false => escaped(text),
        };
        let mut xml = String::from("<?xml version=\"1.0\"?>\n<ListBucketResult xmlns=\"urn:s3\">");
        for (key, size) in objects {
            xml += &format!(
                "<Contents><Key>{}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified>\
                 <ETag>&quot;e&quot;</ETag><Size>{size}</Size>\
                 <Owner><ID>Key</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>",
                name(key)
            );
        }
        for prefix in prefixes {
            xml += &format!(
                "<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>",
                name(prefix)
            );
        }
        if encoded {
            xml += "<EncodingType>url</EncodingType>";
        }
        xml + "<Prefix>not a row</Prefix><IsTruncated>false</IsTruncated></ListBucketResult>"
    }

    #[test]
    fn a_row_carries_what_the_server_said() {
        let xml = document(true, &[("a b".into(), 7)], &["a/".into()]);
        let page = page(xml.as_bytes()).unwrap();
        let expected = [
            (RowKind::Object, "a b".to_owned(), 7),
            (RowKind::Prefix, "a/".to_owned(), 0),
        ];
        assert_eq!(rows(&page), expected, "in the order of the keys");
        let row = &page.rows[0];
        assert_eq!(slice(&page.arena, &row.etag), "e", "without its quotes");
        assert!(
            row.storage_class.is_empty(),
            "STANDARD is what is meant by nothing"
        );
        assert_eq!(
            row.modified,
            Timestamp(1_767_323_045_000),
            "as milliseconds"
        );
    }

    #[test]
    fn a_key_that_cannot_be_decoded_is_shown_and_is_no_row() {
        let xml = "<ListBucketResult><EncodingType>url</EncodingType>\
                   <Contents><Key>bad%FF</Key><Size>1</Size></Contents>\
                   <Contents><Key>good</Key><Size>1</Size></Contents></ListBucketResult>";
        let page = page(xml.as_bytes()).unwrap();
        assert_eq!(page.undecodable, ["bad%FF"], "it is shown as it came");
        assert_eq!(page.rows.len(), 1, "what can be addressed stays");
    }

    #[test]
    fn bytes_that_are_no_utf8_spoil_their_own_row_only() {
        let mut xml =
            b"<ListBucketResult><Contents><Key>ok</Key><Size>1</Size></Contents>".to_vec();
        xml.extend_from_slice(
            b"<Contents><Key>\xff</Key><Size>1</Size></Contents></ListBucketResult>",
        );
        let page = page(&xml).unwrap();
        assert_eq!(
            (page.rows.len(), page.undecodable.len()),
            (1, 1),
            "one of each"
        );
    }

    #[test]
    fn a_document_type_is_refused_and_a_web_page_named() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><ListBucketResult>&a;</ListBucketResult>";
        assert!(
            matches!(page(bomb.as_bytes()), Err(PageFault::Entities)),
            "no entities"
        );
        let html = "<!DOCTYPE html><html></html>";
        assert!(
            matches!(
                page(html.as_bytes()),
                Err(PageFault::NotAListing("a web page"))
            ),
            "a web page is told from an attack"
        );
    }

    proptest! {
        #[test]
        fn every_page_is_read_as_it_was_meant(
            encoded: bool,
            objects in prop::collection::btree_map("[^\u{0}-\u{8}\u{b}-\u{1f}\u{fffe}\u{ffff}]{1,20}", 0..u64::MAX / 2, 0..8),
            prefixes in prop::collection::btree_set("[a-z&<> é]{1,8}/", 0..4),
        ) {
            let objects: Vec<_> = objects.into_iter().collect();
            let prefixes: Vec<_> = prefixes.into_iter().filter(|p| objects.iter().all(|(k, _)| k != p)).collect();
            let mut expected: Vec<_> =
                objects.iter().map(|(k, size)| (RowKind::Object, k.clone(), *size)).collect();
            expected.extend(prefixes.iter().map(|p| (RowKind::Prefix, p.clone(), 0)));
            expected.sort_by(|a, b| a.1.cmp(&b.1));
            let page = page(document(encoded, &objects, &prefixes).as_bytes()).unwrap();
            prop_assert_eq!(rows(&page), expected);
        }

        #[test]
        fn no_bytes_make_the_reader_fall(bytes: Vec<u8>, inside in "[<>/&;a-zA-Z\"=! ]{0,60}") {
            let _ = page(&bytes);
            let _ = page(format!("<ListBucketResult>{inside}</ListBucketResult>").as_bytes());
        }
    }
}
