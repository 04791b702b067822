//! The schema, its version and the steps from each version to the next.

use std::collections::BTreeMap;

use guidebook_domain::MemberId;
use guidebook_wire::slices::{SliceSums, slice_of};
use rusqlite::{Connection, TransactionBehavior, params};

use crate::db::Result;
use crate::error::ServerError;

/// The steps: the first makes version 1, each further one the next version.
///
/// 1. Everything the first release keeps.
/// 2. Fields that changed, sums, snapshots, restores. What rows must hold for it is computed by [`fill_sums`].
const STEPS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema_2.sql")];

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
    if found < 2 {
        fill_sums(&tx)?;
    }
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(())
}

/// Puts members of older feeds into their slices and adds the slices up.
fn fill_sums(connection: &Connection) -> Result<()> {
    let mut heads: BTreeMap<(String, String), SliceSums> = BTreeMap::new();
    let mut query = connection.prepare("SELECT tenant, guide, entity, position, present FROM feed WHERE kind = 0")?;
    let mut put = connection.prepare("UPDATE feed SET slice = ?4 WHERE tenant = ?1 AND guide = ?2 AND kind = 0 AND entity = ?3")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (tenant, guide, entity): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let member = MemberId::new(entity).map_err(|_| ServerError::Corrupt("a member's id"))?;
        put.execute(params![tenant, guide, member.as_str(), slice_of(&member)])?;
        let sums = heads.entry((tenant, guide)).or_default();
        if row.get(4)? {
            sums.add(&member, row.get(3)?);
        }
    }
    let mut put = connection.prepare("UPDATE feed_head SET sums = ?3 WHERE tenant = ?1 AND guide = ?2")?;
    for ((tenant, guide), sums) in heads {
        put.execute(params![tenant, guide, sums.to_bytes()])?;
    }
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

    #[test]
    fn feeds_of_version_1_get_their_slices_and_sums() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection
            .execute_batch(
                "PRAGMA foreign_keys = OFF; PRAGMA user_version = 1;
                 INSERT INTO feed_head VALUES ('t', 'g', 3);
                 INSERT INTO feed VALUES ('t', 'g', 0, 'M1', 1, 1), ('t', 'g', 0, 'M2', 2, 0), ('t', 'g', 1, 'p.g.x', 3, 1);",
            )
            .unwrap();
        upgrade(&mut connection).unwrap();
        let member = MemberId::new("M1").unwrap();
        let mut expected = SliceSums::default();
        expected.add(&member, 1);
        let sums: Vec<u8> = connection.query_row("SELECT sums FROM feed_head", [], |row| row.get(0)).unwrap();
        assert_eq!(SliceSums::from_bytes(&sums), Ok(expected));
        let row = connection.query_row("SELECT slice, whole FROM feed WHERE entity = 'M1'", [], |row| Ok((row.get(0)?, row.get(1)?)));
        assert_eq!(row, Ok((slice_of(&member), 1)));
    }
}
