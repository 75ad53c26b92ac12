//! The part map of a job as the journal knows it, for jobs that do not run here.

use rusqlite::{Connection, params};

use super::journal::rows::{ItemState, coded, to_u};
use super::progress::{Map, Mark};

/// Rows that are drawn one by one; beyond, a map of 96 cells gains nothing from more.
const MOST_ROWS: u32 = 100_000;

/// Draws a job's map; with `parts` also the acknowledged parts of items that are not over.
pub(crate) fn map(db: &Connection, plan: &str, parts: bool) -> rusqlite::Result<Map> {
    let (items, length, part_size): (i64, i64, Option<i64>) = db.query_row(
        "SELECT count(*), coalesce(max(position + size + 1), 1), max(part_size) \
         FROM items WHERE plan = ?1",
        [plan],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let alone = items == 1;
    let mut map = match part_size {
        Some(part_size) if alone => Map::of_parts(to_u(length).saturating_sub(1), to_u(part_size)),
        _ => Map::of_items(to_u(length)),
    };
    let mut statement = db.prepare_cached(
        "SELECT position, size, state FROM items WHERE plan = ?1 \
         AND state IN ('done', 'skipped', 'failed') LIMIT ?2",
    )?;
    let mut rows = statement.query(params![plan, MOST_ROWS])?;
    while let Some(row) = rows.next()? {
        let (start, size) = (to_u(row.get(0)?), to_u(row.get(1)?));
        let length = if alone { size.max(1) } else { size + 1 };
        match coded(row, 2)? {
            ItemState::Failed => map.add(start, length, Mark::Failed),
            _ => map.add(start, length, Mark::Done),
        }
    }
    if parts {
        add_parts(db, plan, &mut map)?;
    }
    Ok(map)
}

fn add_parts(db: &Connection, plan: &str, map: &mut Map) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "SELECT i.position + (p.number - 1) * i.part_size, p.size FROM parts p \
         JOIN items i ON i.plan = p.plan AND i.number = p.item \
         WHERE p.plan = ?1 AND i.part_size IS NOT NULL LIMIT ?2",
    )?;
    let mut rows = statement.query(params![plan, MOST_ROWS])?;
    while let Some(row) = rows.next()? {
        map.add(to_u(row.get(0)?), to_u(row.get(1)?), Mark::Done);
    }
    Ok(())
}
