//! The schema, its version and the steps from each version to the next.

use rusqlite::{Connection, TransactionBehavior};

use crate::db::Result;
use crate::error::ServerError;

/// The steps: the first makes version 1, each further one the next version.
///
/// 1. Everything the first release keeps.
/// 2. Nothing yet.
/// 3. Handovers that wait, guides and bindings that end by themselves, what was sent to each device.
const STEPS: [&str; 3] = [include_str!("schema.sql"), include_str!("schema_2.sql"), include_str!("schema_3.sql")];

/// The version that this server writes.
pub const VERSION: i64 = STEPS.len() as i64;

/// Brings a database to [`VERSION`]. One of a newer version is refused and not touched.
pub fn upgrade(connection: &mut Connection) -> Result<()> {
    let found: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > VERSION {
        return Err(ServerError::NewerDatabase { found, known: VERSION });
    }
    if found == VERSION {
        return Ok(());
    }
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been here between the two looks.
    let found: i64 = tx.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for step in STEPS.iter().skip(found.max(0) as usize) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_database_is_refused_untouched() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "user_version", VERSION + 1).unwrap();
        let refused = upgrade(&mut connection).unwrap_err();
        assert!(matches!(refused, ServerError::NewerDatabase { found, .. } if found == VERSION + 1));
        let tables: i64 = connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }

    #[test]
    fn upgrading_twice_is_upgrading_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        upgrade(&mut connection).unwrap();
        upgrade(&mut connection).unwrap();
    }
}
