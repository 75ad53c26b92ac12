//! The part map: a job's bytes as at most 96 cells.
//!
//! The only item of a job is drawn part by part while there are few enough; everything else is
//! drawn as equal shares of the job's length, in which each item takes its size and one more, so
//! that empty files are seen too.

use crate::plan::{PartCell, PartMap};

/// What a span is marked as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    Flying,
    Done,
    Failed,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    whole: u64,
    done: u64,
    flying: u64,
    failed: u64,
}

/// A map that is being filled.
#[derive(Debug, Clone)]
pub(crate) struct Map {
    width: u64,
    cells: Vec<Cell>,
}

impl Map {
    /// A map of items whose sizes and ones add up to `length`.
    pub(crate) fn of_items(length: u64) -> Self {
        Self::cut(length.max(1), length.div_ceil(PartMap::CELLS as u64).max(1))
    }

    /// A map of one item's parts.
    pub(crate) fn of_parts(size: u64, part_size: u64) -> Self {
        let few = size.div_ceil(part_size.max(1)) <= PartMap::CELLS as u64;
        let width = if few {
            part_size.max(1)
        } else {
            size.div_ceil(PartMap::CELLS as u64)
        };
        Self::cut(size.max(1), width)
    }

    fn cut(length: u64, width: u64) -> Self {
        let count = length.div_ceil(width);
        let cell = |at: u64| Cell {
            whole: width.min(length - at * width),
            ..Cell::default()
        };
        Self {
            width,
            cells: (0..count).map(cell).collect(),
        }
    }

    /// Adds a span to what is marked so; marks of failure are for the whole cell.
    pub(crate) fn add(&mut self, start: u64, length: u64, mark: Mark) {
        self.each(start, length, |cell, share| match mark {
            Mark::Flying => cell.flying += share,
            Mark::Done => cell.done = (cell.done + share).min(cell.whole),
            Mark::Failed => cell.failed += share,
        });
    }

    /// A span is not on its way any more.
    pub(crate) fn land(&mut self, start: u64, length: u64) {
        self.each(start, length, |cell, share| {
            cell.flying = cell.flying.saturating_sub(share);
        });
    }

    /// A span counts as done from its first to its last byte; cells that it only touches gain no
    /// more than they miss.
    pub(crate) fn fill(&mut self, start: u64, length: u64) {
        self.each(start, length, |cell, share| {
            if share == cell.whole {
                cell.done = cell.whole;
            } else {
                cell.done = (cell.done + 1).min(cell.whole);
            }
        });
    }

    /// Nothing of a span is done any more.
    pub(crate) fn clear(&mut self, start: u64, length: u64) {
        self.each(start, length, |cell, share| {
            cell.done = cell.done.saturating_sub(share);
            cell.failed = cell.failed.saturating_sub(share);
        });
    }

    /// The cells as they are shown.
    pub(crate) fn draw(&self) -> PartMap {
        let cell = |cell: &Cell| {
            if cell.done >= cell.whole {
                PartCell::Done
            } else if cell.flying > 0 {
                PartCell::InFlight
            } else if cell.failed > 0 {
                PartCell::Failed
            } else if cell.done > 0 {
                PartCell::InFlight
            } else {
                PartCell::Waiting
            }
        };
        PartMap {
            cells: self.cells.iter().map(cell).collect(),
        }
    }

    fn each(&mut self, start: u64, length: u64, mut change: impl FnMut(&mut Cell, u64)) {
        let end = start.saturating_add(length);
        let first = usize::try_from(start / self.width).unwrap_or(usize::MAX);
        for (at, cell) in self.cells.iter_mut().enumerate().skip(first) {
            let from = at as u64 * self.width;
            if from >= end && length > 0 {
                break;
            }
            let share = end.min(from + cell.whole).saturating_sub(start.max(from));
            if share == 0 {
                break;
            }
            change(cell, share);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_file_is_a_cell() {
        let mut map = Map::of_parts(25, 10);
        map.add(0, 10, Mark::Done);
        map.add(10, 10, Mark::Flying);
        use PartCell::{Done, InFlight, Waiting};
        assert_eq!(
            map.draw().cells,
            [Done, InFlight, Waiting],
            "three parts, three cells"
        );
        map.land(10, 10);
        map.add(20, 5, Mark::Done);
        assert_eq!(
            map.draw().cells,
            [Done, Waiting, Done],
            "the short last part is whole"
        );
    }

    #[test]
    fn a_map_has_at_most_96_cells() {
        assert_eq!(
            Map::of_parts(96 * 5, 5).draw().cells.len(),
            96,
            "as many parts as cells"
        );
        assert!(
            Map::of_parts(10_000, 1).draw().cells.len() <= 96,
            "many parts share cells"
        );
        assert!(
            Map::of_items(1_000_003).draw().cells.len() <= 96,
            "so do many items"
        );
        assert_eq!(
            Map::of_items(0).draw().cells.len(),
            1,
            "a map is never empty"
        );
    }
}
