//! Going from page to page of a listing, and noticing a server that goes in circles.
//!
//! A listing ends where a page names no next one. A server that repeats a token or a page, or sends
//! empty pages on and on, would be asked for ever; what was read until then is not the whole, so it
//! is an error and never an end.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use crate::error::{Error, ErrorKind, Result};
use crate::store::{ListPage, RowKind};

/// Pages without a row that may follow each other: a server may look through many deleted keys for
/// one page, yet not through a million of them for nothing.
const MOST_EMPTY: u32 = 1000;

/// The pages of one listing that were read so far, each remembered by eight bytes.
#[derive(Debug, Default)]
pub struct Pages {
    hasher: RandomState,
    tokens: HashSet<u64>,
    ends: HashSet<u64>,
    empty: u32,
}

impl Pages {
    /// The token of the page after this one; none at the end.
    ///
    /// # Errors
    /// `NotS3` when the server goes in circles.
    pub fn after(&mut self, page: &ListPage) -> Result<Option<String>> {
        let again = "The server sends the same page of its list again";
        if ends(page).is_some_and(|ends| !self.ends.insert(self.hasher.hash_one(ends))) {
            return Err(circles(again));
        }
        let Some(token) = page.next_token.clone() else {
            return Ok(None);
        };
        if !self.tokens.insert(self.hasher.hash_one(&token)) {
            return Err(circles(again));
        }
        self.empty = if page.rows.is_empty() {
            self.empty + 1
        } else {
            0
        };
        if self.empty > MOST_EMPTY {
            return Err(circles("The server's list goes on and on with empty pages"));
        }
        Ok(Some(token))
    }
}

/// The first and the last key of a page. A prefix alone may come again where a page boundary cuts
/// what it stands for, and proves nothing.
fn ends(page: &ListPage) -> Option<(&str, &str)> {
    let text = |range: &std::ops::Range<u32>| {
        page.arena
            .get(range.start as usize..range.end as usize)
            .unwrap_or_default()
    };
    match page.rows.as_slice() {
        [only] if only.kind == RowKind::Prefix => None,
        [only] => Some((text(&only.key), "")),
        [first, .., last] => Some((text(&first.key), text(&last.key))),
        [] => None,
    }
}

fn circles(what: &str) -> Error {
    let words = format!("{what}, so that it would never end; it was given up");
    Error::new(ErrorKind::NotS3, "ListObjectsV2", words)
        .advise("The server or a proxy before it does not page as S3 does")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;
    use crate::store::ListedRow;

    fn page(keys: &[&str], token: &str) -> ListPage {
        let mut page = ListPage {
            next_token: Some(token.to_owned()),
            ..ListPage::default()
        };
        for key in keys {
            let start = u32::try_from(page.arena.len()).unwrap();
            page.arena.push_str(key);
            page.rows.push(ListedRow {
                kind: RowKind::Object,
                key: start..u32::try_from(page.arena.len()).unwrap(),
                size: 0,
                modified: Timestamp(0),
                etag: 0..0,
                storage_class: 0..0,
            });
        }
        page
    }

    #[test]
    fn a_token_that_came_before_ends_the_listing_with_an_error() {
        let mut pages = Pages::default();
        assert!(pages.after(&page(&["a"], "1")).is_ok(), "the first");
        assert!(pages.after(&page(&["b"], "2")).is_ok(), "the second");
        let error = pages.after(&page(&["c"], "1")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotS3, "round and round: {error}");
    }

    #[test]
    fn a_page_that_came_before_ends_the_listing_also_under_a_new_token() {
        let mut pages = Pages::default();
        assert!(pages.after(&page(&["a", "b"], "1")).is_ok(), "the first");
        assert!(
            pages.after(&page(&["b", "c"], "2")).is_ok(),
            "others follow"
        );
        assert!(pages.after(&page(&["a", "b"], "3")).is_err(), "nothing new");
    }

    #[test]
    fn empty_pages_are_followed_but_not_for_ever() {
        let mut pages = Pages::default();
        let taken = (0..5000).take_while(|n| pages.after(&page(&[], &n.to_string())).is_ok());
        assert_eq!(taken.count(), 1000, "a thousand in a row are enough");
        let mut last = page(&[], "");
        last.next_token = None;
        assert!(pages.after(&last).unwrap().is_none(), "an end is an end");
    }
}
