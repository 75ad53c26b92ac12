//! The real window on a real (virtual) desktop against a server that nobody here wrote.
//!
//! Run with `--test-threads=1`: each test has a display of its own, but two web views at once are
//! more than a small machine shows in time. What a failed test saw is left in `target/native/`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// A test of the window is one story, told in the order in which a person lives it.
#![allow(clippy::too_many_lines)]

mod drops;
mod grid;
mod keychain;
mod paths;
mod reach;
mod resume;
mod stand;
mod start;
