//! What a refusal says: status, S3's error document, the headers that matter.
//!
//! Read leniently, since what answers may be anything: a proxy, a router's login page, a web
//! server on the wrong port.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use quick_xml::Reader;
use quick_xml::events::{BytesRef, Event};

use crate::error::ServerWords;
use crate::store::wire;

/// An error document is a few hundred bytes; more than this is something else.
const MAX_DOCUMENT: usize = 64 * 1024;

/// What the body of an answer looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Shape {
    /// Nothing.
    Empty,
    /// S3's error document, or other XML.
    Xml,
    /// A web page.
    Html,
    /// JSON.
    Json,
    /// Anything else.
    Other,
}

impl Shape {
    /// Looks at the begin of a body and at its declared type.
    pub(in crate::store) fn of(body: &[u8], content_type: Option<&str>) -> Self {
        let begin = body.trim_ascii_start();
        let begin = begin.strip_prefix(b"\xef\xbb\xbf").unwrap_or(begin);
        let starts = |text: &[u8]| {
            begin.len() >= text.len() && begin[..text.len()].eq_ignore_ascii_case(text)
        };
        let declared = |kind: &str| content_type.is_some_and(|text| text.contains(kind));
        if starts(b"<!doctype html") || starts(b"<html") {
            Self::Html
        } else if begin.is_empty() {
            if declared("text/html") {
                Self::Html
            } else {
                Self::Empty
            }
        } else if starts(b"<") && !declared("text/html") {
            Self::Xml
        } else if starts(b"{") || starts(b"[") {
            Self::Json
        } else if declared("text/html") {
            Self::Html
        } else {
            Self::Other
        }
    }
}

/// A refusal, taken apart.
#[derive(Debug, Clone)]
pub(in crate::store) struct Answer {
    pub(super) status: u16,
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
    pub(super) request_id: Option<String>,
    pub(super) extended_request_id: Option<String>,
    pub(super) bucket_region: Option<String>,
    /// Where a redirect leads; never followed.
    pub(super) location: Option<String>,
    /// Seconds that the server's clock is ahead of ours.
    pub(super) clock_offset: Option<i64>,
    pub(super) is_delete_marker: bool,
    pub(super) shape: Shape,
    /// Whether a header says that an S3 server answered.
    pub(super) has_s3_headers: bool,
}

impl Answer {
    /// What an answer to many keys says of one of them; it has no status of its own, so that its
    /// code alone decides.
    pub(in crate::store) fn of_one_key(words: ServerWords) -> Self {
        Self {
            status: 400,
            code: words.code,
            message: words.message,
            request_id: words.request_id,
            extended_request_id: words.extended_request_id,
            bucket_region: None,
            location: None,
            clock_offset: None,
            is_delete_marker: false,
            shape: Shape::Xml,
            has_s3_headers: true,
        }
    }

    /// Reads an answer whose body is in memory (the SDK loads it for every refusal).
    pub(in crate::store) fn read(response: &HttpResponse) -> Self {
        let header = |name: &str| response.headers().get(name).map(str::to_owned);
        let body = response.body().bytes().unwrap_or_default();
        let shape = Shape::of(body, response.headers().get("content-type"));
        let document = match shape {
            Shape::Xml if body.len() <= MAX_DOCUMENT => Document::read(body),
            _ => Document::default(),
        };
        Self {
            status: response.status().as_u16(),
            code: document.code,
            message: document.message,
            has_s3_headers: response
                .headers()
                .iter()
                .any(|(name, _)| name.starts_with("x-amz-") || name.starts_with("x-amzn-")),
            request_id: header("x-amz-request-id")
                .or_else(|| header("x-amzn-requestid"))
                .or(document.request_id),
            extended_request_id: header("x-amz-id-2").or(document.host_id),
            bucket_region: header("x-amz-bucket-region").or(document.region),
            location: header("location"),
            clock_offset: response.headers().get("date").and_then(wire::offset_of),
            is_delete_marker: response.headers().get("x-amz-delete-marker") == Some("true"),
            shape,
        }
    }
}

/// S3's `<Error>` document.
#[derive(Debug, Default)]
struct Document {
    code: Option<String>,
    message: Option<String>,
    region: Option<String>,
    request_id: Option<String>,
    host_id: Option<String>,
}

impl Document {
    /// Reads as much as is well-formed; STS wraps the same fields one level deeper.
    fn read(body: &[u8]) -> Self {
        let body = String::from_utf8_lossy(body);
        let mut reader = Reader::from_str(&body);
        reader.config_mut().check_end_names = false;
        let (mut document, mut field, mut text) = (Self::default(), String::new(), String::new());
        while let Ok(event) = reader.read_event() {
            match event {
                Event::Start(tag) => {
                    field = tag.local_name().as_ref().to_owned();
                    text.clear();
                }
                Event::Text(part) => text.push_str(&part),
                Event::CData(part) => text.push_str(&part),
                Event::GeneralRef(name) => text.extend(character(&name)),
                Event::End(_) => {
                    document.take(&field, &text);
                    field.clear();
                }
                Event::Eof => break,
                _ => {}
            }
        }
        document
    }

    fn take(&mut self, field: &str, text: &str) {
        let place = match field {
            "Code" => &mut self.code,
            "Message" => &mut self.message,
            "Region" => &mut self.region,
            "RequestId" => &mut self.request_id,
            "HostId" => &mut self.host_id,
            _ => return,
        };
        let text = text.trim();
        if place.is_none() && !text.is_empty() {
            *place = Some(text.to_owned());
        }
    }
}

fn character(name: &BytesRef<'_>) -> Option<char> {
    match &**name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.resolve_char_ref().ok().flatten(),
    }
}
