//! Rows out of nothing, for tests of the window with more rows than a test server can be filled
//! with. Compiled with the feature `testing` only, and used only when the environment asks.

use std::fmt::Write as _;

use super::pager::PageSource;
use crate::error::Result;
use crate::model::Timestamp;
use crate::store::{ListPage, ListedRow, RowKind};

/// How many rows every listing of the process shall have; unset or no number lists for real.
pub(super) const ROWS_VARIABLE: &str = "LONGSHORE_TEST_ROWS";

/// Rows a page: more than a server sends, since nothing is parsed.
const PAGE_ROWS: u64 = 10_000;

/// 2026-01-01, so that the times of rows are ordinary ones.
const FIRST_MODIFIED: i64 = 1_767_225_600_000;

/// Pages of made-up objects in the order of their names.
pub(super) struct SyntheticPages {
    pub(super) prefix: String,
    pub(super) rows: u64,
}

impl PageSource for SyntheticPages {
    async fn page(&mut self, token: Option<String>) -> Result<ListPage> {
        // Other tasks get their turn between pages, as they would between requests.
        tokio::task::yield_now().await;
        let start: u64 = token.and_then(|token| token.parse().ok()).unwrap_or(0);
        let end = self.rows.min(start + PAGE_ROWS);
        let mut page = ListPage::default();
        for number in start..end {
            let at = page.arena.len() as u32;
            let _ = write!(page.arena, "{}object-{number:09}.bin", self.prefix);
            let key_end = page.arena.len() as u32;
            let _ = write!(page.arena, "{number:032x}");
            let etag_end = page.arena.len() as u32;
            page.rows.push(ListedRow {
                kind: RowKind::Object,
                key: at..key_end,
                // A multiplicative hash spreads sizes, so that sorting by them has work to do.
                size: number.wrapping_mul(2_654_435_761) % 1_000_000_007,
                modified: Timestamp(FIRST_MODIFIED + (number as i64) * 1000),
                etag: key_end..etag_end,
                storage_class: etag_end..etag_end,
            });
        }
        page.next_token = (end < self.rows).then(|| end.to_string());
        Ok(page)
    }
}
