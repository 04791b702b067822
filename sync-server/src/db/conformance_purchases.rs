//! What both storages must do for orders, what they come to, and the parts of a member that are written alone.

use std::collections::BTreeMap;

use guidebook_domain::{BrandId, Edit, GuideId, Hlc, MemberId, MemberState, Operation, OperationId, StoreId, TagId};

use super::conformance::{m1, tenant};
use super::orders::{Order, Purchases};
use super::{Database, DatabaseExt, Write};
use crate::error::ServerError;

fn nobody() -> MemberId {
    MemberId::new("M-nobody").unwrap()
}

fn order(id: &str, member: MemberId, paid_fen: i64) -> Order {
    Order {
        id: id.to_owned(),
        member,
        store: StoreId::new("S1").unwrap(),
        brand: BrandId::new("B1").unwrap(),
        product: "P\0".to_owned(),
        quantity: 2,
        paid_fen,
        at: "2026-05-04T19:36:47".parse().unwrap(),
        channel: "门店".to_owned(),
    }
}

/// A tag that was put on.
fn tagged() -> MemberState {
    let mut state = MemberState::default();
    let id = OperationId::from_time(5, [0; 10]);
    let edit = Edit::Tag { tag: TagId::new("t1").unwrap(), on: true };
    state.apply(&Operation {
        id,
        device: guidebook_domain::DeviceId::HQ,
        guide: GuideId::hq(),
        hlc: Hlc::new(5, 0),
        member: Some(m1()),
        edit,
    });
    state
}

/// Tenants A and B are furnished.
pub fn conforms(db: &dyn Database) {
    orders_are_replaced_and_added_up(db);
    a_part_of_a_member_is_written_and_the_rest_stands(db);
}

fn orders_are_replaced_and_added_up(db: &dyn Database) {
    let a = tenant("A");
    let first = [order("O1", m1(), 100), order("O2", m1(), 50), order("O3", nobody(), 7)];
    let spent = |found: &BTreeMap<MemberId, Purchases>, id: &MemberId| (found[id].stats.orders, found[id].stats.spend_fen);
    db.writing(Write::Import, |tx| {
        assert_eq!(tx.orders(&a, &["O1", "O2"].into())?, []);
        tx.put_orders(&a, &first.iter().collect::<Vec<_>>())?;
        tx.put_orders(&a, &[])?;
        let mut found = tx.orders(&a, &["O1", "O3", "O9"].into())?;
        found.sort_by(|one, other| one.id.cmp(&other.id));
        assert_eq!(found, [first[0].clone(), first[2].clone()]);
        let found = tx.purchases(&a, &[m1(), nobody()].into())?;
        assert_eq!((found.len(), spent(&found, &m1()), spent(&found, &nobody())), (2, (2, 150), (1, 7)));
        // HQ says that it was somebody else's.
        tx.put_orders(&a, &[&order("O2", nobody(), 60)])?;
        let found = tx.purchases(&a, &[m1(), nobody()].into())?;
        assert_eq!((spent(&found, &m1()), spent(&found, &nobody())), ((1, 100), (2, 67)));
        assert_eq!((tx.count_orders(&a)?, tx.count_orders(&tenant("B"))?), (3, 0));
        let others = tx.purchases(&tenant("B"), &[m1()].into())?;
        assert_eq!(others[&m1()], Purchases::default());
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn a_part_of_a_member_is_written_and_the_rest_stands(db: &dyn Database) {
    let a = tenant("A");
    let before = db.reading(|tx| tx.member(&a, &m1())).unwrap().unwrap();
    let counted = db
        .writing(Write::Import, |tx| {
            let counted = tx.purchases(&a, &[m1()].into())?.remove(&m1()).unwrap();
            assert_eq!(tx.counted(&a, &[m1(), nobody()].into())?, [(m1(), before.stats.clone())].into());
            tx.put_counted(&a, &m1(), &counted)?;
            tx.put_state(&a, &m1(), &tagged())?;
            // Nobody is there to be written.
            tx.put_counted(&a, &nobody(), &counted)?;
            tx.put_state(&a, &nobody(), &tagged())?;
            assert_eq!((tx.state(&a, &m1())?, tx.state(&a, &nobody())?), (Some(tagged()), None));
            Ok::<_, ServerError>(counted)
        })
        .unwrap();
    let expected = super::members::Member { stats: counted, state: tagged(), ..before.clone() };
    db.reading(|tx| {
        assert_eq!((tx.state(&a, &m1())?, tx.state(&a, &nobody())?), (Some(tagged()), None));
        assert_eq!((tx.member(&a, &m1())?, tx.member(&a, &nobody())?), (Some(expected.clone()), None));
        assert_eq!(tx.member(&tenant("B"), &m1())?.unwrap().state, MemberState::default());
        Ok::<_, ServerError>(())
    })
    .unwrap();
    db.writing(Write::Import, |tx| tx.put_member(&a, &before)).unwrap();
}
