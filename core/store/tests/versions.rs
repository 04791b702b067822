//! A book of each version that was ever released opens, with all that is in it, and equals a fresh one in its tables.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use guidebook_domain::MemberId;
use guidebook_store::{Key, Store, schema};
use rusqlite::Connection;

/// When the coupons of `v3.db` were given out, Unix milliseconds.
const NOW: u64 = 1_800_000_000_000;

fn tables(path: &Path) -> Vec<(String, String)> {
    let conn = Connection::open(path).unwrap();
    let mut query = conn.prepare("SELECT name, coalesce(sql, '') FROM sqlite_master ORDER BY name").unwrap();
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_book_of_version_1_opens_with_all_that_is_in_it() {
    opens_with_all_that_is_in_it("v1.db", |_| ());
}

#[test]
fn a_book_of_version_2_opens_with_all_that_is_in_it() {
    opens_with_all_that_is_in_it("v2.db", |_| ());
}

#[test]
fn a_book_of_version_3_opens_with_all_that_is_in_it() {
    opens_with_all_that_is_in_it("v3.db", |store| {
        // Two coupons were taken by the server, the third waits, and so does the note; the newest comes first.
        let ids = ["01a3185c-57d0-7000-8000-000000000004", "01a3185c-53e8-7000-8000-000000000003", "01a3185c-5000-7000-8000-000000000002"]
            .map(|id| id.parse().unwrap());
        let coupons = store.coupons(0, 10, NOW).unwrap();
        assert_eq!(coupons.iter().map(|coupon| coupon.id).collect::<Vec<_>>(), ids);
        let codes = BTreeSet::from(ids.map(|id| store.coupon(id, NOW).unwrap().code.plain()));
        assert_eq!(codes.len(), 3);
        assert_eq!(store.next_push().unwrap().len(), 2);
        let edits = |member| store.operations_on(&MemberId::new(member).unwrap(), 0, 10).unwrap().len();
        assert_eq!((edits("M1"), edits("M2"), store.campaigns().count()), (2, 2, 1));
    });
}

/// Opens the fixture and looks at what all versions have; `more` looks at the rest.
fn opens_with_all_that_is_in_it(fixture: &str, more: impl FnOnce(&Store)) {
    let key = Key::from_bytes(&[1; 32]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (old, fresh) = (folder.path().join("old.db"), folder.path().join("fresh.db"));
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(fixture), &old).unwrap();
    let store = Store::open(&old, &key).unwrap();
    let view = store.member(&MemberId::new("M1").unwrap()).unwrap();
    assert_eq!(view.record.profile.name.expose(), "张三丰");
    assert_eq!((view.record.state.notes.len(), view.waiting), (1, 1));
    assert_eq!(store.identity().unwrap().guide.id.as_str(), "G1");
    more(&store);
    drop(store);
    drop(Store::open(&fresh, &key).unwrap());
    assert_eq!(tables(&old), tables(&fresh));
    let version: i64 = Connection::open(&old).unwrap().pragma_query_value(None, "user_version", |r| r.get(0)).unwrap();
    assert_eq!(version, schema::VERSION);
}
