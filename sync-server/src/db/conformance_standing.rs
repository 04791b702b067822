//! What both storages must do for a round: the one read of an idle one, what a push asks for in bulk, and the names that a
//! phone is told.

use std::collections::BTreeSet;

use guidebook_domain::{DeviceId, GuideId, Hlc, MemberId, StoreId};
use guidebook_wire::CursorRecord;
use uuid::Uuid;

use super::conformance::{change, li, m1, operation, tenant};
use super::devices::{Device, DeviceState};
use super::directory::Guide;
use super::feeds::FeedHead;
use super::members::Serving;
use super::needs::Needs;
use super::secrets::Token;
use super::standing::Standing;
use super::{Database, DatabaseExt, Result, Tx, Write};
use crate::error::ServerError;

/// To be called last: it leaves a device behind.
pub fn conforms(db: &dyn Database) {
    what_changes_after_it_was_gathered_is_seen(db);
    lines_follow_one_another(db);
    a_standing_is_what_its_rows_are(db);
    where_guides_are_many_those_of_a_store_are_named(db);
}

fn where_guides_are_many_those_of_a_store_are_named(db: &dyn Database) {
    let a = tenant("A");
    let store = |id: &str| StoreId::new(id).unwrap();
    let undone: Result<()> = db.writing(Write::Import, |tx| {
        let known = tx.guide(&a, &li())?.unwrap();
        let before = tx.guides(&a)?.len();
        for (id, at) in [("Z1", "S1"), ("Z2", "S2"), ("Z3", "S2")] {
            let (id, name) = (GuideId::new(id).unwrap(), format!("name of {id}"));
            tx.put_guide(&a, &Guide { id, name, store: store(at), ..known.clone() })?;
        }
        let ids = |tx: &mut dyn Tx, at: &str, most: usize| {
            let names = tx.guide_names(&a, &store(at), most)?;
            Ok::<_, ServerError>(names.into_iter().map(|(id, _)| id.to_string()).collect::<Vec<_>>())
        };
        let all: Vec<String> = tx.guides(&a)?.into_iter().map(|guide| guide.id.to_string()).collect();
        assert_eq!((ids(tx, "S2", before + 3)?, ids(tx, "nowhere", before + 3)?), (all.clone(), all));
        assert_eq!((ids(tx, "S2", before + 2)?, ids(tx, "nowhere", 1)?), (vec!["Z2".to_owned(), "Z3".to_owned()], vec![]));
        let first = (GuideId::new("Z2").unwrap(), "name of Z2".to_owned());
        assert_eq!(tx.guide_names(&a, &store("S2"), 1)?, [first]);
        Err(ServerError::Task)
    });
    assert!(matches!(undone, Err(ServerError::Task)));
}

fn what_changes_after_it_was_gathered_is_seen(db: &dyn Database) {
    let (a, old) = (tenant("A"), MemberId::new("M-old").unwrap());
    let (members, operations) = (BTreeSet::from([m1(), old.clone()]), BTreeSet::from([operation(77).id]));
    let needs = Needs { members, operations, feeds: BTreeSet::from([li()]), ..Needs::default() };
    let undone: Result<()> = db.writing(Write::Unmerge, |tx| {
        tx.gather(&a, &needs)?;
        tx.put_operation(&a, &operation(77))?;
        assert_eq!(tx.operation(&a, operation(77).id)?, Some(operation(77)));
        tx.put_alias(&a, &old, &m1(), 5)?;
        assert_eq!(tx.alias(&a, &old)?, Some(m1()));
        tx.end_serving(&a, &m1(), &li(), 10)?;
        assert!(tx.servings(&a, &m1())?.iter().all(|serving| serving.guide != li()));
        assert!(!tx.serves(&a, &m1(), &li(), None)?);
        let serving = Serving { guide: li(), source: "hq".to_owned(), from_ms: 11, entered: 3 };
        tx.put_serving(&a, &m1(), &serving, None)?;
        assert!(tx.servings(&a, &m1())?.contains(&serving) && tx.serves(&a, &m1(), &li(), None)?);
        let head = FeedHead { position: tx.hold_feed_head(&a, &li())?.position + 9, ..FeedHead::default() };
        tx.put_feed_head(&a, &li(), &head)?;
        assert_eq!(tx.feed_head(&a, &li())?, head);
        tx.leap(&a, 100)?;
        assert_eq!(tx.feed_head(&a, &li())?.position, head.position + 100);
        let mut phoneless = tx.member(&a, &m1())?.expect("she is there");
        let phone = phoneless.profile.phone.take().expect("she has a phone");
        tx.put_member(&a, &phoneless)?;
        assert!(!tx.members_of_phone(&a, &phone)?.contains(&m1()));
        Err(ServerError::Task)
    });
    assert!(matches!(undone, Err(ServerError::Task)));
}

fn lines_follow_one_another(db: &dyn Database) {
    let b = tenant("B");
    let newest = || db.reading(|tx| Ok::<_, ServerError>(tx.newest_change(&b)?.map_or(0, |line| line.seq))).unwrap();
    let before = newest();
    let write = |least: u64| {
        db.writing(Write::Round, |tx| {
            tx.log(&b, &change("first"))?;
            tx.log(&b, &super::operations::Change { seq: least, ..change("second") })?;
            tx.log(&b, &change("third"))
        })
        .unwrap();
    };
    write(0);
    assert_eq!(newest(), before + 3);
    write(before + 50);
    assert!(newest() > before + 50);
    let lines = db.reading(|tx| tx.changes_after(&b, before, 9)).unwrap();
    assert!(lines.len() == 6 && lines.windows(2).all(|two| two[0].seq < two[1].seq));
}

fn a_standing_is_what_its_rows_are(db: &dyn Database) {
    let (b, id, hash): (_, DeviceId, _) = (tenant("B"), Uuid::from_u128(77).to_string().parse().unwrap(), [7; 32]);
    let device = Device {
        tenant: b.clone(),
        id,
        guide: li(),
        public_key: [3; 32],
        name: "a phone".to_owned(),
        state: DeviceState::Closing { at_ms: 5 },
        enrolled_ms: 1,
        last_seen_ms: 2,
        last_hlc: Hlc::from_bits(u64::MAX),
        cursor: CursorRecord { feed: 4, catalogue: 6 },
    };
    let token = Token { device: id, family: Uuid::from_u128(8), expires_ms: 99, used: false };
    let none = db.reading(|tx| Ok::<_, ServerError>((tx.standing(id)?, tx.standing_of_session(&hash)?))).unwrap();
    assert_eq!(none, (None, None));
    db.writing(Write::Session, |tx| {
        tx.put_device(&device)?;
        tx.put_session(&hash, &token)
    })
    .unwrap();
    let same = || {
        db.reading(|tx| {
            let rows = Standing {
                tenant: tx.tenant(&b)?.expect("a tenant"),
                guide: tx.guide(&b, &li())?.expect("a guide"),
                device: device.clone(),
                head: tx.feed_head(&b, &li())?,
            };
            assert_eq!(tx.standing(id)?.as_ref(), Some(&rows));
            assert_eq!(tx.standing_of_session(&hash)?, Some((rows.clone(), 99)));
            Ok::<_, ServerError>(rows.head.position)
        })
        .unwrap()
    };
    let before = same();
    db.writing(Write::Round, |tx| {
        let mut head = tx.hold_feed_head(&b, &li())?;
        head.position += 1;
        head.sums.add(&m1(), head.position);
        tx.put_feed_head(&b, &li(), &head)
    })
    .unwrap();
    assert_eq!(same(), before + 1);
}
