//! Items and parts while a job runs: each record before or right after the effect it records.

use rusqlite::{Connection, OptionalExtension, params};

use super::rows::{
    Coded, ITEM_COLUMNS, Item, ItemState, PartRecord, failure_json, item_of, to_i, to_json, to_u,
};
use crate::model::{ObjectKey, SessionId, Timestamp, UploadId};
use crate::plan::{Failure, Verified};
use crate::transfer::fingerprint::Fingerprint;

/// Names one item.
#[derive(Debug, Clone)]
pub(crate) struct ItemRef {
    pub(crate) plan: String,
    pub(crate) number: u64,
    pub(crate) session: SessionId,
}

/// Items after `after` that are not over, in order.
pub(crate) fn open_after(
    db: &Connection,
    plan: &str,
    after: Option<u64>,
    len: u64,
) -> rusqlite::Result<Vec<Item>> {
    db.prepare_cached(&format!(
        "SELECT {ITEM_COLUMNS} FROM items WHERE plan = ?1 AND number > ?2 \
         AND state IN ('planned', 'creating', 'moving', 'completing') ORDER BY number LIMIT ?3"
    ))?
    .query_map(params![plan, after.map_or(-1, to_i), to_i(len)], item_of)?
    .collect()
}

/// The frozen facts of an item that begins: written before its first request leaves.
#[derive(Debug, Clone)]
pub(crate) struct Intent {
    pub(crate) size: u64,
    pub(crate) part_size: u64,
    pub(crate) fingerprint: Option<Fingerprint>,
    pub(crate) etag: Option<String>,
    pub(crate) temp: Option<String>,
}

/// Writes the intent and forgets parts of an earlier attempt.
pub(crate) fn intend(db: &Connection, item: &ItemRef, intent: &Intent) -> rusqlite::Result<()> {
    clear_parts(db, item)?;
    db.prepare_cached(
        "UPDATE items SET state = 'creating', size = ?3, part_size = ?4, fingerprint = ?5, \
         etag = coalesce(?6, etag), temp = ?7, upload_id = NULL, bytes_done = 0, bytes_reused = 0, \
         begun = ?8 WHERE plan = ?1 AND number = ?2",
    )?
    .execute(params![
        item.plan,
        to_i(item.number),
        to_i(intent.size),
        to_i(intent.part_size),
        intent.fingerprint.as_ref().and_then(to_json),
        intent.etag,
        intent.temp,
        Timestamp::now().0,
    ])?;
    Ok(())
}

/// When the intent of an item was written, by this machine's clock.
pub(crate) fn begun(db: &Connection, item: &ItemRef) -> rusqlite::Result<Option<Timestamp>> {
    let begun: Option<Option<i64>> = db
        .prepare_cached("SELECT begun FROM items WHERE plan = ?1 AND number = ?2")?
        .query_row(params![item.plan, to_i(item.number)], |row| row.get(0))
        .optional()?;
    Ok(begun.flatten().map(Timestamp))
}

/// Whether an upload belongs to an item of any job here.
pub(crate) fn knows_upload(db: &Connection, upload: &UploadId) -> rusqlite::Result<bool> {
    db.query_row(
        "SELECT EXISTS (SELECT 1 FROM items WHERE upload_id = ?1)",
        [upload.as_str()],
        |row| row.get(0),
    )
}

pub(crate) fn clear_parts(db: &Connection, item: &ItemRef) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM parts WHERE plan = ?1 AND item = ?2")?
        .execute(params![item.plan, to_i(item.number)])?;
    Ok(())
}

/// Records the upload's id: before the first part leaves.
pub(crate) fn set_upload(
    db: &Connection,
    item: &ItemRef,
    upload: Option<&UploadId>,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE items SET upload_id = ?3, state = 'moving' WHERE plan = ?1 AND number = ?2",
    )?
    .execute(params![
        item.plan,
        to_i(item.number),
        upload.map(UploadId::as_str)
    ])?;
    Ok(())
}

pub(crate) fn set_state(db: &Connection, item: &ItemRef, state: ItemState) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE items SET state = ?3 WHERE plan = ?1 AND number = ?2")?
        .execute(params![item.plan, to_i(item.number), state.code()])?;
    Ok(())
}

/// Another destination key: a free name under `KeepBoth`. It is the new key of a move when
/// `by_target` holds, else the item's own.
pub(crate) fn set_target(
    db: &Connection,
    item: &ItemRef,
    by_target: bool,
    key: &ObjectKey,
) -> rusqlite::Result<()> {
    let column = if by_target { "to_key" } else { "key" };
    db.prepare_cached(&format!(
        "UPDATE items SET {column} = ?3, conflict = 0 WHERE plan = ?1 AND number = ?2"
    ))?
    .execute(params![item.plan, to_i(item.number), key.as_str()])?;
    Ok(())
}

/// Another local path relative to the folder: a free name under `KeepBoth`.
pub(crate) fn set_local(db: &Connection, item: &ItemRef, local: &[u8]) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE items SET local = ?3 WHERE plan = ?1 AND number = ?2")?
        .execute(params![item.plan, to_i(item.number), local])?;
    Ok(())
}

/// Records an acknowledged part.
pub(crate) fn add_part(db: &Connection, item: &ItemRef, part: &PartRecord) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO parts (plan, item, number, session, size, etag, crc64, confirmed) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        item.plan,
        to_i(item.number),
        part.number,
        item.session.as_str(),
        to_i(part.size),
        part.etag,
        part.crc64.cast_signed(),
        part.confirmed,
    ])?;
    db.prepare_cached(
        "UPDATE items SET bytes_done = (SELECT coalesce(sum(size), 0) FROM parts \
         WHERE plan = ?1 AND item = ?2) WHERE plan = ?1 AND number = ?2",
    )?
    .execute(params![item.plan, to_i(item.number)])?;
    Ok(())
}

/// Keeps only these parts, and says how many bytes of them an earlier run had brought over.
pub(crate) fn keep_parts(
    db: &Connection,
    item: &ItemRef,
    held: &[PartRecord],
) -> rusqlite::Result<()> {
    clear_parts(db, item)?;
    for part in held {
        add_part(db, item, part)?;
    }
    let bytes: u64 = held.iter().map(|part| part.size).sum();
    db.prepare_cached(
        "UPDATE items SET bytes_done = ?3, bytes_reused = ?3 WHERE plan = ?1 AND number = ?2",
    )?
    .execute(params![item.plan, to_i(item.number), to_i(bytes)])?;
    Ok(())
}

pub(crate) fn parts(db: &Connection, item: &ItemRef) -> rusqlite::Result<Vec<PartRecord>> {
    db.prepare_cached(
        "SELECT number, size, etag, crc64, confirmed FROM parts \
         WHERE plan = ?1 AND item = ?2 ORDER BY number",
    )?
    .query_map(params![item.plan, to_i(item.number)], |row| {
        Ok(PartRecord {
            number: row.get(0)?,
            size: to_u(row.get(1)?),
            etag: row.get(2)?,
            crc64: row.get::<_, i64>(3)?.cast_unsigned(),
            confirmed: row.get(4)?,
        })
    })?
    .collect()
}

/// How an item ended.
#[derive(Debug, Clone)]
pub(crate) struct Ending {
    pub(crate) state: ItemState,
    pub(crate) reason: Option<String>,
    pub(crate) failure: Option<Failure>,
    pub(crate) verified: Verified,
    pub(crate) bytes_done: u64,
    pub(crate) etag: Option<String>,
    /// The upload is gone or complete, so that nothing is left to abort.
    pub(crate) upload_gone: bool,
}

pub(crate) fn end(db: &Connection, item: &ItemRef, ending: &Ending) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE items SET state = ?3, reason = ?4, verified = ?5, bytes_done = ?6, \
         etag = coalesce(?7, etag), upload_id = CASE WHEN ?8 THEN NULL ELSE upload_id END, \
         bytes_reused = min(bytes_reused, ?6), failure = ?9 WHERE plan = ?1 AND number = ?2",
    )?
    .execute(params![
        item.plan,
        to_i(item.number),
        ending.state.code(),
        ending.reason,
        ending.verified.code(),
        to_i(ending.bytes_done),
        ending.etag,
        ending.upload_gone,
        ending.failure.as_ref().and_then(failure_json),
    ])?;
    // The parts of an item that is over are of no more use to anybody.
    clear_parts(db, item)
}

/// Ends what is still open, at a cancellation.
pub(crate) fn cancel_open(db: &Connection, plan: &str) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE items SET state = 'cancelled' WHERE plan = ?1 \
         AND state IN ('planned', 'creating', 'moving', 'completing')",
        [plan],
    )?;
    Ok(())
}

pub(crate) fn find(db: &Connection, item: &ItemRef) -> rusqlite::Result<Option<Item>> {
    db.prepare_cached(&format!(
        "SELECT {ITEM_COLUMNS} FROM items WHERE plan = ?1 AND number = ?2"
    ))?
    .query_row(params![item.plan, to_i(item.number)], item_of)
    .optional()
}

/// How many items failed, and why the first did.
pub(crate) fn failures(db: &Connection, plan: &str) -> rusqlite::Result<(u64, Option<String>)> {
    let count: i64 = db.query_row(
        "SELECT count(*) FROM items WHERE plan = ?1 AND state = 'failed'",
        [plan],
        |row| row.get(0),
    )?;
    let first = db
        .query_row(
            "SELECT reason FROM items WHERE plan = ?1 AND state = 'failed' ORDER BY number LIMIT 1",
            [plan],
            |row| row.get(0),
        )
        .optional()?;
    Ok((to_u(count), first.flatten()))
}
