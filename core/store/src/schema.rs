//! The tables and their versions.
//!
//! History: version 1, the first; version 2, positions of members and the times of answers, so that a restored server
//! and a diverged book are noticed; version 3, coupon codes and what is asked for, so that coupons are given out offline.

use rusqlite::Connection;

use crate::StoreError;

/// The version that this program writes.
pub const VERSION: i64 = 3;

/// Ids and positions lie in the clear; everything personal is in a `sealed` column.
const VERSION_1: &str = "
    CREATE TABLE setting (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE member (
        id TEXT PRIMARY KEY,
        generation INTEGER NOT NULL,
        touched_ms INTEGER NOT NULL,
        sealed BLOB NOT NULL
    );
    CREATE TABLE member_phone (
        hash BLOB NOT NULL,
        member TEXT NOT NULL REFERENCES member (id) ON DELETE CASCADE,
        PRIMARY KEY (hash, member)
    ) WITHOUT ROWID;
    CREATE INDEX member_phone_by_member ON member_phone (member);
    CREATE TABLE alias (loser TEXT PRIMARY KEY, winner TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE dictionary (kind TEXT NOT NULL, id TEXT NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
    CREATE TABLE operation (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        member TEXT,
        state TEXT NOT NULL CHECK (state IN ('waiting', 'applied', 'superseded', 'redirected', 'refused')),
        -- Whether the edit is shown on top of the record: until the record itself contains it.
        shown INTEGER NOT NULL,
        position INTEGER NOT NULL,
        made_ms INTEGER NOT NULL,
        sealed BLOB NOT NULL
    );
    CREATE INDEX operation_by_state ON operation (state, seq);
    CREATE INDEX operation_by_member ON operation (member);
    CREATE INDEX operation_shown ON operation (position) WHERE shown = 1;
";

/// `position`: at which she last changed in the feed, 0 where no server has told. `answered_ms`: by the server's clock.
const VERSION_2: &str = "
    ALTER TABLE member ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE operation ADD COLUMN answered_ms INTEGER;
    CREATE INDEX operation_by_answer ON operation (answered_ms) WHERE answered_ms IS NOT NULL;
";

/// Codes granted to this phone, and the coupons made of them. `given_seq` counts the coupons in the order in which they were
/// given out; `operation` is the edit that says so, and names the coupon. `coupon_need`: how many codes the last grant of a
/// campaign's value held, and what is asked for and not yet answered.
const VERSION_3: &str = "
    CREATE TABLE coupon_grant (
        id TEXT PRIMARY KEY,
        campaign TEXT NOT NULL,
        value INTEGER NOT NULL,
        mark TEXT NOT NULL,
        lease_until_ms INTEGER NOT NULL,
        expires_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE coupon_code (
        id INTEGER PRIMARY KEY,
        grant_id TEXT NOT NULL REFERENCES coupon_grant (id),
        turn INTEGER NOT NULL,
        campaign TEXT NOT NULL,
        value INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('held', 'given', 'void', 'surrendered')),
        operation TEXT,
        given_seq INTEGER,
        sealed BLOB NOT NULL,
        UNIQUE (grant_id, turn)
    );
    CREATE INDEX coupon_code_held ON coupon_code (campaign, value, turn) WHERE state = 'held';
    CREATE UNIQUE INDEX coupon_by_operation ON coupon_code (operation) WHERE operation IS NOT NULL;
    CREATE UNIQUE INDEX coupon_given ON coupon_code (given_seq) WHERE given_seq IS NOT NULL;
    CREATE TABLE coupon_need (
        campaign TEXT NOT NULL,
        value INTEGER NOT NULL,
        granted INTEGER NOT NULL DEFAULT 0,
        request TEXT,
        mark TEXT,
        PRIMARY KEY (campaign, value)
    ) WITHOUT ROWID;
";

/// Brings a fresh or older database to [`VERSION`]; refuses a newer one untouched.
pub(crate) fn upgrade(conn: &mut Connection) -> Result<(), StoreError> {
    let found = version(conn)?;
    if found == VERSION {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for (version, step) in [(1, VERSION_1), (2, VERSION_2), (3, VERSION_3)] {
        if found < version {
            tx.execute_batch(step)?;
        }
    }
    tx.pragma_update(None, "user_version", VERSION)?;
    Ok(tx.commit()?)
}

/// The version of a database, 0 if it is empty; an error if it is newer than this program.
pub(crate) fn version(conn: &Connection) -> Result<i64, StoreError> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > VERSION { Err(StoreError::Newer { found, known: VERSION }) } else { Ok(found) }
}
