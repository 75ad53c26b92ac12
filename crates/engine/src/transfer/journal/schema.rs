//! The journal's tables and how an older file becomes the present one.
//!
//! `user_version` counts the steps that a file has taken. A file with a higher number than ours was
//! written by a newer version and is not touched.

/// One step each; never edited once released, only appended to.
pub(super) const STEPS: &[&str] = &[FIRST, SECOND, THIRD, FOURTH];

/// The version that this program writes.
pub(super) fn current() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// A started plan's id is its job's id, so that starting a plan of a million items moves no row.
const FIRST: &str = "
CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    session TEXT NOT NULL,
    session_name TEXT NOT NULL,
    operation TEXT NOT NULL CHECK (operation IN ('upload', 'download', 'delete', 'move')),
    title TEXT NOT NULL,
    destination TEXT NOT NULL,
    bucket TEXT NOT NULL,
    prefix TEXT NOT NULL,
    folder BLOB,
    policy TEXT NOT NULL CHECK (policy IN ('ask', 'skip', 'keep-both', 'overwrite')),
    request TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE jobs (
    id TEXT PRIMARY KEY REFERENCES plans(id) ON DELETE CASCADE,
    session TEXT NOT NULL,
    policy TEXT NOT NULL,
    desired TEXT NOT NULL CHECK (desired IN ('run', 'pause', 'cancel')),
    state TEXT NOT NULL,
    reason TEXT,
    items INTEGER NOT NULL,
    items_done INTEGER NOT NULL DEFAULT 0,
    items_failed INTEGER NOT NULL DEFAULT 0,
    items_skipped INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL,
    bytes_done INTEGER NOT NULL DEFAULT 0,
    bytes_reused INTEGER NOT NULL DEFAULT 0,
    created INTEGER NOT NULL,
    ended INTEGER
) STRICT;

CREATE TABLE items (
    plan TEXT NOT NULL REFERENCES plans(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    session TEXT NOT NULL,
    key TEXT NOT NULL,
    version TEXT,
    to_key TEXT,
    local BLOB,
    size INTEGER NOT NULL,
    position INTEGER NOT NULL,
    etag TEXT,
    conflict INTEGER NOT NULL,
    before TEXT,
    why TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    fingerprint TEXT,
    upload_id TEXT,
    part_size INTEGER,
    temp TEXT,
    verified TEXT NOT NULL DEFAULT 'no',
    bytes_done INTEGER NOT NULL DEFAULT 0,
    bytes_reused INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (plan, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX items_by_key ON items (plan, key);
CREATE INDEX items_by_state ON items (plan, state, number);

CREATE TABLE parts (
    plan TEXT NOT NULL,
    item INTEGER NOT NULL,
    number INTEGER NOT NULL,
    session TEXT NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    crc64 INTEGER NOT NULL,
    confirmed INTEGER NOT NULL,
    PRIMARY KEY (plan, item, number),
    FOREIGN KEY (plan, item) REFERENCES items (plan, number) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE leases (
    job TEXT PRIMARY KEY REFERENCES jobs(id) ON DELETE CASCADE,
    session TEXT NOT NULL,
    owner TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started INTEGER NOT NULL,
    heartbeat INTEGER NOT NULL
) STRICT;
";

/// When an item's first request may have left, by this machine's clock (milliseconds since 1970),
/// and whom a plan was made as.
const SECOND: &str = "
ALTER TABLE items ADD COLUMN begun INTEGER;
ALTER TABLE plans ADD COLUMN actor TEXT;
";

/// What a job starts from, and the bytes of what was left out on purpose. The sums of ended jobs are
/// made anew, since failed items counted for nothing in them.
const THIRD: &str = "
ALTER TABLE plans ADD COLUMN source TEXT;
ALTER TABLE jobs ADD COLUMN bytes_skipped INTEGER NOT NULL DEFAULT 0;
UPDATE jobs SET
    bytes = (SELECT coalesce(sum(size), 0) FROM items WHERE plan = jobs.id),
    bytes_skipped = (SELECT coalesce(sum(size), 0) FROM items
                     WHERE plan = jobs.id AND state = 'skipped');
";

/// The kind of an item's failure and the server's ids of it, as JSON.
const FOURTH: &str = "
ALTER TABLE items ADD COLUMN failure TEXT;
";
