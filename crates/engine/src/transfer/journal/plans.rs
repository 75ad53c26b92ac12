//! Plans and their items as they are found.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::ITEM_COLUMNS;
use super::rows::{
    Coded, Item, PlanRecord, coded, item_of, path_bytes, path_of, to_i, to_json, to_u, unreadable,
};
use crate::identity::Actor;
use crate::model::{BucketName, Prefix, SessionId, Timestamp};
use crate::plan::Operation;

/// A plan that nobody started for a day is forgotten when the journal is next opened.
const STALE: i64 = 24 * 3600 * 1000;

pub(crate) fn insert(db: &Connection, plan: &PlanRecord) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO plans (id, session, session_name, operation, title, destination, bucket, \
         prefix, folder, policy, request, created, source) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?
    .execute(params![
        plan.id,
        plan.session.as_str(),
        plan.session_name,
        plan.operation.code(),
        plan.title,
        plan.destination,
        plan.bucket.as_str(),
        plan.prefix.as_str(),
        plan.folder.as_deref().map(path_bytes),
        plan.policy.code(),
        plan.request,
        Timestamp::now().0,
        plan.source,
    ])?;
    Ok(())
}

/// Keeps whom a plan was made as.
pub(crate) fn set_actor(db: &Connection, plan: &str, actor: &Actor) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE plans SET actor = ?2 WHERE id = ?1")?
        .execute(params![plan, to_json(actor)])?;
    Ok(())
}

/// Whom a plan was made as, where that was kept.
pub(crate) fn actor(db: &Connection, plan: &str) -> rusqlite::Result<Option<Actor>> {
    let text: Option<Option<String>> = db
        .prepare_cached("SELECT actor FROM plans WHERE id = ?1")?
        .query_row([plan], |row| row.get(0))
        .optional()?;
    text.flatten()
        .map(|text| serde_json::from_str(&text).map_err(|e| unreadable(0, e.into())))
        .transpose()
}

/// When a plan was made.
pub(crate) fn created(db: &Connection, plan: &str) -> rusqlite::Result<Option<Timestamp>> {
    db.query_row("SELECT created FROM plans WHERE id = ?1", [plan], |row| {
        row.get(0).map(Timestamp)
    })
    .optional()
}

pub(crate) const PLAN_COLUMNS: &str = "p.id, p.session, p.session_name, p.operation, p.title, \
     p.destination, p.bucket, p.prefix, p.folder, p.policy, p.request, p.source";

pub(crate) fn plan_of(row: &Row<'_>) -> rusqlite::Result<PlanRecord> {
    Ok(PlanRecord {
        id: row.get(0)?,
        session: SessionId::new(row.get::<_, String>(1)?),
        session_name: row.get(2)?,
        operation: coded(row, 3)?,
        title: row.get(4)?,
        destination: row.get(5)?,
        bucket: BucketName::parse(row.get::<_, String>(6)?).map_err(|e| unreadable(6, e.into()))?,
        prefix: Prefix::new(row.get::<_, String>(7)?),
        folder: row.get::<_, Option<Vec<u8>>>(8)?.map(path_of),
        policy: coded(row, 9)?,
        request: row.get(10)?,
        source: row.get(11)?,
    })
}

pub(crate) fn find(db: &Connection, id: &str) -> rusqlite::Result<Option<PlanRecord>> {
    db.prepare_cached(&format!(
        "SELECT {PLAN_COLUMNS} FROM plans p WHERE p.id = ?1"
    ))?
    .query_row([id], plan_of)
    .optional()
}

/// Writes items; their numbers and positions are the caller's.
pub(crate) fn insert_items(
    db: &Connection,
    plan: &str,
    session: &SessionId,
    items: &[Item],
) -> rusqlite::Result<()> {
    let mut statement = db.prepare_cached(
        "INSERT INTO items (plan, number, session, key, version, to_key, local, size, position, \
         etag, conflict, before, why, state, reason, fingerprint) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
    )?;
    for item in items {
        statement.execute(params![
            plan,
            to_i(item.number),
            session.as_str(),
            item.key.as_str(),
            item.version.as_ref().map(crate::model::VersionId::as_str),
            item.to_key.as_ref().map(crate::model::ObjectKey::as_str),
            item.local.as_deref().map(path_bytes),
            to_i(item.size),
            to_i(item.position),
            item.etag.as_ref().map(crate::model::ETag::as_str),
            item.standing.code(),
            item.before.as_ref().and_then(to_json),
            item.why,
            item.state.code(),
            item.reason,
            item.fingerprint.as_ref().and_then(to_json),
        ])?;
    }
    Ok(())
}

/// What was found to exist at an item's destination.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) key: String,
    pub(crate) standing: super::rows::Standing,
    pub(crate) before: Option<super::rows::BeforeImage>,
    pub(crate) why: String,
}

/// Marks the items whose destination key was found: the new key of a move when `by_target` holds,
/// else the item's own.
pub(crate) fn mark_found(
    db: &Connection,
    plan: &str,
    by_target: bool,
    found: &[Found],
) -> rusqlite::Result<()> {
    let column = if by_target { "to_key" } else { "key" };
    let mut statement = db.prepare_cached(&format!(
        "UPDATE items SET conflict = ?3, before = ?4, why = ?5 \
         WHERE plan = ?1 AND {column} = ?2 AND state = 'planned'"
    ))?;
    for one in found {
        let before = one.before.as_ref().and_then(to_json);
        statement.execute(params![plan, one.key, one.standing.code(), before, one.why])?;
    }
    Ok(())
}

/// Fails all but the first of the planned items with one key, and says how many these are.
pub(crate) fn fail_doubles(db: &Connection, plan: &str, why: &str) -> rusqlite::Result<usize> {
    db.execute(
        "UPDATE items SET state = 'failed', why = ?2, reason = ?2 \
         WHERE plan = ?1 AND state = 'planned' AND number > (SELECT min(o.number) FROM items o \
         WHERE o.plan = items.plan AND o.key = items.key AND o.state = 'planned')",
        [plan, why],
    )
}

/// Counts of a plan's items.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Sums {
    pub(crate) items: u64,
    pub(crate) bytes: u64,
    pub(crate) conflicts: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

pub(crate) fn sums(db: &Connection, plan: &str) -> rusqlite::Result<Sums> {
    db.prepare_cached(
        "SELECT count(*), coalesce(sum(CASE WHEN state = 'planned' THEN size ELSE 0 END), 0), \
         coalesce(sum(conflict = 1 AND state = 'planned'), 0), coalesce(sum(state = 'failed'), 0), \
         coalesce(sum(state = 'skipped'), 0) FROM items WHERE plan = ?1",
    )?
    .query_row([plan], |row| {
        Ok(Sums {
            items: to_u(row.get(0)?),
            bytes: to_u(row.get(1)?),
            conflicts: to_u(row.get(2)?),
            failed: to_u(row.get(3)?),
            skipped: to_u(row.get(4)?),
        })
    })
}

/// Items from `start` on, at most `len`.
pub(crate) fn items(
    db: &Connection,
    plan: &str,
    start: u64,
    len: u64,
) -> rusqlite::Result<Vec<Item>> {
    db.prepare_cached(&format!(
        "SELECT {ITEM_COLUMNS} FROM items WHERE plan = ?1 ORDER BY number LIMIT ?3 OFFSET ?2"
    ))?
    .query_map(params![plan, to_i(start), to_i(len)], item_of)?
    .collect()
}

/// Forgets a plan that was not started.
pub(crate) fn drop_unstarted(db: &Connection, plan: &str) -> rusqlite::Result<()> {
    db.execute(
        "DELETE FROM plans WHERE id = ?1 AND id NOT IN (SELECT id FROM jobs)",
        [plan],
    )?;
    Ok(())
}

/// Forgets the plans of earlier days that were not started.
pub(crate) fn drop_stale(db: &Connection) -> rusqlite::Result<()> {
    db.execute(
        "DELETE FROM plans WHERE created < ?1 AND id NOT IN (SELECT id FROM jobs)",
        [Timestamp::now().0 - STALE],
    )?;
    Ok(())
}

/// What DeleteObjects takes at most.
const KEYS_A_DELETE: u64 = 1000;

/// How the requests of a plan are made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    /// Bytes of a part.
    pub(crate) part_size: u64,
    /// What exists is skipped.
    pub(crate) skips: bool,
    /// Each write looks at its key first.
    pub(crate) looks: bool,
}

/// Requests that the planned items take, if nothing goes wrong; those that exist already take none
/// when they are to be skipped.
pub(crate) fn requests(
    db: &Connection,
    plan: &str,
    operation: Operation,
    asked: &Asked,
) -> rusqlite::Result<u64> {
    let (items, up, down): (u64, u64, u64) = db
        .prepare_cached(
            "SELECT count(*), \
             coalesce(sum(CASE WHEN size > ?2 THEN (size - 1) / ?2 + 3 ELSE 1 END), 0), \
             coalesce(sum(CASE WHEN size > 0 THEN (size - 1) / ?2 + 2 \
             WHEN substr(key, -1) = '/' THEN 0 ELSE 1 END), 0) \
             FROM items WHERE plan = ?1 AND state = 'planned' AND NOT (?3 AND conflict = 1)",
        )?
        .query_row(
            params![plan, to_i(asked.part_size).max(1), asked.skips],
            |row| Ok((to_u(row.get(0)?), to_u(row.get(1)?), to_u(row.get(2)?))),
        )?;
    Ok(match operation {
        // One, or with parts one a part between the first and the last of the upload.
        Operation::Upload => up + if asked.looks { items } else { 0 },
        // A look, then one a range; a folder's marker asks nothing.
        Operation::Download => down,
        Operation::Delete => items.div_ceil(KEYS_A_DELETE),
        // A look at both keys, one more at the new key right before the copy, then at what this
        // made, at the old key right before its removal, and that.
        Operation::Move => items * 7,
    })
}

/// Another local path for an item whose name turned out to be a folder's too.
pub(crate) fn set_local(
    db: &Connection,
    plan: &str,
    number: u64,
    local: &std::path::Path,
) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE items SET local = ?3 WHERE plan = ?1 AND number = ?2")?
        .execute(params![plan, to_i(number), path_bytes(local)])?;
    Ok(())
}

/// The server would not say what exists at the destinations.
pub(crate) fn mark_unknown(db: &Connection, plan: &str) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE items SET conflict = 2, why = 'what exists there is not known' \
         WHERE plan = ?1 AND conflict = 0 AND state = 'planned'",
        [plan],
    )?;
    Ok(())
}
