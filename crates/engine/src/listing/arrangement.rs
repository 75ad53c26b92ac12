//! The order in which rows are shown: which ones, and where.
//!
//! Prefixes come first and are ordered by name; the rest is ordered by the column, and rows that
//! are alike in it by name, in either direction. An order is two lists of row numbers. By name and
//! from a server that sends keys in order, a new page is appended; otherwise the whole is arranged
//! anew, which [`arrange`] does on a copy of the index and away from the async threads.

use std::cmp::Ordering;
use std::sync::Arc;

use super::index::Index;
use super::{ListingView, SortColumn};

/// Rows in the order in which they are shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Arrangement {
    prefixes: Arc<Vec<u32>>,
    others: Arc<Vec<u32>>,
    /// Both lists are read from their end.
    backwards: bool,
    /// Rows of the index up to here were considered.
    upto: u32,
}

impl Arrangement {
    /// Rows that are shown.
    pub(super) fn len(&self) -> u64 {
        (self.prefixes.len() + self.others.len()) as u64
    }

    /// Rows of the index that were considered.
    pub(super) fn upto(&self) -> u32 {
        self.upto
    }

    /// The number of the row at a position.
    pub(super) fn at(&self, position: u64) -> Option<u32> {
        let position = usize::try_from(position).ok()?;
        let (list, at) = match position.checked_sub(self.prefixes.len()) {
            None => (&self.prefixes, position),
            Some(at) => (&self.others, at),
        };
        let at = if self.backwards {
            list.len().checked_sub(at + 1)?
        } else {
            at
        };
        list.get(at).copied()
    }

    /// Takes in what came to the index since, when that only appends; else false.
    pub(super) fn append(&mut self, index: &Index, view: &ListingView, prefix: &str) -> bool {
        if view.sort != SortColumn::Name || !index.in_order() {
            return false;
        }
        let filter = Filter::of(&view.filter);
        let (prefixes, others) = (
            Arc::make_mut(&mut self.prefixes),
            Arc::make_mut(&mut self.others),
        );
        for number in self.upto..index.len() {
            if filter.passes(name_of(index, number, prefix)) {
                if index.is_prefix(number) {
                    &mut *prefixes
                } else {
                    &mut *others
                }
                .push(number);
            }
        }
        self.backwards = view.descending;
        self.upto = index.len();
        true
    }
}

/// A row's name below the listed prefix.
pub(super) fn name_of<'a>(index: &'a Index, number: u32, prefix: &str) -> &'a str {
    let key = index.key(number);
    key.strip_prefix(prefix).unwrap_or(key)
}

/// Arranges all rows of an index; takes long for millions.
pub(super) fn arrange(index: &Index, view: &ListingView, prefix: &str) -> Arrangement {
    let filter = Filter::of(&view.filter);
    let (mut prefixes, mut others) = (Vec::new(), Vec::new());
    for number in 0..index.len() {
        if filter.passes(name_of(index, number, prefix)) {
            if index.is_prefix(number) {
                &mut prefixes
            } else {
                &mut others
            }
            .push(number);
        }
    }
    if !index.in_order() {
        // What comes out of order may also come twice.
        for list in [&mut prefixes, &mut others] {
            list.sort_by(|a, b| index.key(*a).cmp(index.key(*b)));
            list.dedup_by(|a, b| {
                index.key(*a) == index.key(*b) && index.version(*a) == index.version(*b)
            });
        }
    }
    let by_column = |a: &u32, b: &u32| match view.sort {
        SortColumn::Name => Ordering::Equal,
        SortColumn::Size => index.size(*a).cmp(&index.size(*b)),
        SortColumn::Modified => index.modified(*a).cmp(&index.modified(*b)),
        SortColumn::StorageClass => index.storage_class(*a).cmp(index.storage_class(*b)),
    };
    let by_name = view.sort == SortColumn::Name;
    if !by_name {
        // Stable, so that what is alike stays in the order of names.
        if view.descending {
            others.sort_by(|a, b| by_column(b, a));
        } else {
            others.sort_by(by_column);
        }
    }
    prefixes.shrink_to_fit();
    others.shrink_to_fit();
    Arrangement {
        prefixes: Arc::new(prefixes),
        others: Arc::new(others),
        backwards: by_name && view.descending,
        upto: index.len(),
    }
}

/// A text to look for in names, letter case aside.
struct Filter {
    lower: String,
    ascii: bool,
}

impl Filter {
    fn of(text: &str) -> Self {
        Self {
            lower: text.to_lowercase(),
            ascii: text.is_ascii(),
        }
    }

    fn passes(&self, name: &str) -> bool {
        if self.lower.is_empty() {
            return true;
        }
        if self.ascii && name.is_ascii() {
            let wanted = self.lower.as_bytes();
            return name
                .as_bytes()
                .windows(wanted.len())
                .any(|w| w.eq_ignore_ascii_case(wanted));
        }
        name.to_lowercase().contains(&self.lower)
    }
}

/// Whether a name starts with a text that is already in lower case.
pub(super) fn starts_with_folded(name: &str, lower: &str) -> bool {
    if lower.is_ascii()
        && let Some(head) = name.as_bytes().get(..lower.len())
        && head.is_ascii()
    {
        return head.eq_ignore_ascii_case(lower.as_bytes());
    }
    name.to_lowercase().starts_with(lower)
}
