//! What a file has brought, in memory and beyond it.

use guidebook_domain::MemberId;
use uuid::Uuid;

use super::learned::Seen;
use super::run::Run;
use crate::db::{DatabaseExt, Write};
use crate::error::ServerError;
use crate::import::read::Table;
use crate::service::testing::{NOW, World};

#[test]
fn what_was_brought_is_seen_again_whether_there_was_room_in_memory_or_not() {
    let world = World::empty();
    let run = Run { tenant: world.tenant.clone(), id: Uuid::from_u128(1), at_ms: NOW };
    let mut seen = Seen::of_at_most(2);
    world.db.writing(Write::Import, |tx| tx.start_run(&run.tenant, run.id, "members", NOW)).unwrap();
    let mut batch = |first: u64, keys: &[&str]| {
        let lines = world.db.writing(Write::Import, |tx| {
            seen.begin_batch();
            let mut lines = Vec::new();
            for (line, key) in (first..).zip(keys) {
                assert_eq!(seen.seen(tx, &run, key)?.is_some(), seen.see(tx, &run, key, line)?.is_some());
                lines.push(seen.see(tx, &run, key, 99)?);
            }
            Ok::<_, ServerError>(lines)
        });
        seen.keep_batch();
        lines.unwrap()
    };
    assert_eq!(batch(1, &["a"]), [Some(1)]);
    assert_eq!(batch(2, &["b", "c", "a"]), [Some(2), Some(3), Some(1)], "there was no room for the third");
    assert_eq!(batch(5, &["c", "b", "d", "d"]), [Some(3), Some(2), Some(7), Some(7)]);
}

#[test]
fn a_batch_that_is_run_again_has_brought_nothing_yet() {
    let world = World::empty();
    let run = Run { tenant: world.tenant.clone(), id: Uuid::from_u128(2), at_ms: NOW };
    let mut seen = Seen::default();
    for _ in 0..2 {
        let first = world.db.writing(Write::Import, |tx| {
            seen.begin_batch();
            seen.see(tx, &run, "a", 4)
        });
        assert_eq!(first.unwrap(), None);
    }
    let (db, tenant) = (&world.db, &world.tenant);
    let later = db.writing(Write::Import, |tx| {
        seen.keep_batch();
        let other = Run { id: Uuid::from_u128(3), ..run.clone() };
        Ok::<_, ServerError>((seen.see(tx, &run, "a", 5)?, seen.see(tx, &other, "a", 5)?, tx.tenant(tenant)?.is_some()))
    });
    assert_eq!(later.unwrap(), (Some(4), None, true), "another run's is its own");
}

#[test]
fn who_comes_after_her_orders_is_counted_when_she_comes_and_told_once() {
    let mut world = World::new();
    let li = world.phone("LI").who.guide;
    let position = |world: &World| world.db.reading(|tx| tx.feed_head(&world.tenant, &li)).unwrap().position;
    let before = position(&world);
    let orders = "订单号,会员号,门店号,品牌号,商品号,数量,实付金额,下单时间,渠道\nO1,M7,S1,B1,P1,1,10.00,2026-05-04 19:36:47,门店\nO1,M7,S1,B1,P1,1,12.00,2026-05-04 19:36:47,门店\nO1,M7,S1,B1,P1,1,12.00,2026-05-04 19:36:47,门店\n";
    let report = world.import(Table::Orders, orders);
    assert_eq!((report.accepted, report.unchanged), (3, 1), "the third says what the second did");
    world.import_members("M7,钱七,,女,,2020-01-01,金卡,5,LI,S1,,,否\n");
    assert_eq!(position(&world), before + 1);
    let m7 = MemberId::new("M7").unwrap();
    let stats = world.db.reading(|tx| tx.member(&world.tenant, &m7)).unwrap().unwrap().stats.stats;
    assert_eq!((stats.orders, stats.spend_fen), (1, 1_200));
    assert!(world.db.reading(|tx| tx.noted_buyers(1)).unwrap().is_empty());
}
