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
/// 3. Handovers that wait, guides and bindings that end by themselves, what was sent to each device.
/// 4. Who left a feed, by position.
/// 5. Coupons: campaigns, codes, tills, keys that sign; what members were given; levels of guides.
/// 6. Whose purchases are to be counted again.
/// 7. The guides of a store.
const STEPS: [&str; 7] = [
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
];

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

    /// What SQLite says of every table and index.
    fn shape(connection: &Connection) -> Vec<(String, String)> {
        let sql = "SELECT name, COALESCE(sql, '') FROM sqlite_schema ORDER BY name";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().collect::<rusqlite::Result<_>>().unwrap()
    }

    #[test]
    fn an_old_database_keeps_its_handovers_and_counts_as_sent_what_may_have_been() {
        let mut old = Connection::open_in_memory().unwrap();
        for step in &STEPS[..2] {
            old.execute_batch(step).unwrap();
        }
        old.pragma_update(None, "user_version", 2).unwrap();
        old.execute_batch(
            "INSERT INTO tenant (id, epoch) VALUES ('T', 'e');
            INSERT INTO store VALUES ('T', 'S', '', '', '');
            INSERT INTO guide (tenant, id, name, store) VALUES ('T', 'LI', '', 'S'), ('T', 'WU', '', 'S');
            INSERT INTO member VALUES ('T', 'M1', '{}', '{}', '{}', '{}', '[]', NULL, 0), ('T', 'M2', '{}', '{}', '{}', '{}', '[]', NULL, 0);
            INSERT INTO serves VALUES ('T', 'M1', 'LI', 'hq', 5, 20), ('T', 'M1', 'LI', 'hq', 30, 40), ('T', 'M2', 'LI', 'hq', 5, NULL), ('T', 'M2', 'WU', 'hq', 5, 9);
            INSERT INTO device VALUES ('d1', 'T', 'LI', x'00', '', 'active', NULL, 10, 10, 0, 0, 0), ('d2', 'T', 'WU', x'00', '', 'active', NULL, 10, 10, 0, 0, 0);
            INSERT INTO handover VALUES ('T', 'M1', 'LI', 'WU', 1, 7), ('T', 'M1', 'LI', 'WU', 0, 3);",
        )
        .unwrap();
        upgrade(&mut old).unwrap();
        let text = |sql: &str| old.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
        let handovers = text("SELECT group_concat(seq || ' ' || kind || ' ' || state || ' ' || ended_ms) FROM handover ORDER BY seq");
        assert_eq!(handovers, "1 resigned done 3,2 on_job done 7");
        let sent = text("SELECT group_concat(device || ' ' || member || ' ' || from_ms || ' ' || until_ms) FROM device_member");
        assert_eq!((sent.as_str(), text("SELECT group_concat(sent_feed) FROM device").as_str()), ("d1 M1 10 40", "0,0"));
        let mut fresh = Connection::open_in_memory().unwrap();
        upgrade(&mut fresh).unwrap();
        assert_eq!(shape(&old), shape(&fresh));
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
