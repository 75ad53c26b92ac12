//! `ls`: what is below a prefix, printed page by page in the server's order.
//!
//! Nothing is held but the present page, so that a bucket of any size can be listed into a pipe.

use longshore_engine::model::{BucketName, Prefix, S3Uri, Timestamp};
use longshore_engine::store::{ListPage, ListRequest, ListedRow, Pages, RowKind, Store};
use serde_json::{Value, json};

use crate::args::Ls;
use crate::failure::{ALL_DONE, Result};
use crate::output::{put, shown};
use crate::run::Run;
use crate::{place, time};

/// The most keys that S3 gives in one page.
const PAGE: u16 = 1000;

pub(crate) async fn run(run: &Run<'_>, args: &Ls) -> Result<u8> {
    let uri = args
        .uri
        .as_deref()
        .filter(|uri| !matches!(*uri, "s3://" | "S3://"));
    let Some(uri) = uri.map(place::uri).transpose()? else {
        super::buckets::list(run, &run.store().await?).await?;
        return Ok(ALL_DONE);
    };
    let store = run.store().await?;
    let mut request = request(&uri, args.recursive);
    let mut pages = Pages::default();
    loop {
        let page = store.list_page(&store.context(), &request).await?;
        print(run, &page, &request);
        request.token = pages.after(&page)?;
        if request.token.is_none() {
            return Ok(ALL_DONE);
        }
    }
}

/// The first page of what is below a URI.
fn request(uri: &S3Uri, recursive: bool) -> ListRequest {
    ListRequest {
        bucket: uri.bucket.clone(),
        prefix: Prefix::new(uri.rest.as_str()),
        delimiter: (!recursive).then(|| "/".to_owned()),
        start_after: None,
        token: None,
        max_keys: PAGE,
    }
}

/// The prefixes and objects one level below a URI, each by its whole key.
pub(crate) async fn one_level(
    store: &Store,
    bucket: &BucketName,
    prefix: &str,
) -> Result<Vec<(RowKind, String)>> {
    let uri = S3Uri {
        bucket: bucket.clone(),
        rest: prefix.to_owned(),
    };
    let mut request = request(&uri, false);
    let (mut found, mut pages) = (Vec::new(), Pages::default());
    loop {
        let page = store.list_page(&store.context(), &request).await?;
        found.extend(
            page.rows
                .iter()
                .map(|row| (row.kind, text(&page, &row.key).to_owned())),
        );
        request.token = pages.after(&page)?;
        if request.token.is_none() {
            return Ok(found);
        }
    }
}

fn print(run: &Run<'_>, page: &ListPage, request: &ListRequest) {
    // Of one level only the last segment is news; of everything below, the whole key.
    let level = request
        .delimiter
        .as_ref()
        .and(request.prefix.as_str().rfind('/'));
    let hidden = level.map_or(0, |at| at + 1);
    for row in &page.rows {
        let key = text(page, &row.key);
        run.output.result(&json_of(page, row, key), || {
            let name = shown(key.get(hidden..).unwrap_or(key));
            match row.kind {
                RowKind::Prefix => format!("{:>19} {:>14} {name}", "", "PRE"),
                _ => format!("{} {:>14} {name}", time::column(row.modified), row.size),
            }
        });
    }
    for key in &page.undecodable {
        run.output
            .note(&format!("A key that cannot be decoded was left out: {key}"));
    }
}

fn json_of(page: &ListPage, row: &ListedRow, key: &str) -> Value {
    if row.kind == RowKind::Prefix {
        return json!({"type": "prefix", "key": key});
    }
    let mut line = json!({"type": "object", "key": key, "size": row.size});
    let etag = text(page, &row.etag);
    let class = text(page, &row.storage_class);
    put(
        &mut line,
        "etag",
        Some(etag).filter(|etag| !etag.is_empty()),
    );
    put(
        &mut line,
        "lastModified",
        Some(row.modified)
            .filter(|m| *m != Timestamp(0))
            .map(time::iso),
    );
    // S3 leaves out the class that everything has by default.
    line["storageClass"] = json!(if class.is_empty() { "STANDARD" } else { class });
    line
}

fn text<'a>(page: &'a ListPage, range: &std::ops::Range<u32>) -> &'a str {
    page.arena
        .get(range.start as usize..range.end as usize)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_line_with_only_what_is_known() {
        let page = ListPage {
            arena: "a/b.txtabcGLACIER".to_owned(),
            ..ListPage::default()
        };
        let mut row = ListedRow {
            kind: RowKind::Object,
            key: 0..7,
            size: 3,
            modified: Timestamp(0),
            etag: 7..10,
            storage_class: 10..17,
        };
        assert_eq!(
            json_of(&page, &row, "a/b.txt"),
            json!({"type":"object","key":"a/b.txt","size":3,"etag":"abc","storageClass":"GLACIER"}),
            "an unknown time is absent"
        );
        row.modified = Timestamp(1000);
        let line = json_of(&page, &row, "a/b.txt");
        assert_eq!(
            line["lastModified"], "1970-01-01T00:00:01Z",
            "a known one is ISO 8601"
        );
        row.kind = RowKind::Prefix;
        assert_eq!(
            json_of(&page, &row, "a/"),
            json!({"type":"prefix","key":"a/"}),
            "a prefix"
        );
    }
}
