//! The sample export as a whole, and what changes between two exports.

use std::path::Path;

use guidebook_domain::{MemberId, Outcome};
use serde_json::{Value, json};

use super::{ImportReport, import_dir};
use crate::db::DatabaseExt;
use crate::hq::{export, tell};
use crate::import::read::Table;
use crate::service::testing::{NOW, World, gone, members, note};

fn sample() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/sample"))
}

fn import_sample(world: &World, random: u8, now_ms: u64) -> Vec<ImportReport> {
    import_dir(&world.db, &world.tenant, sample(), || Ok(rand_of(random)), now_ms).unwrap()
}

/// A run's id for each call in turn.
fn rand_of(seed: u8) -> [u8; 16] {
    use std::sync::atomic::{AtomicU64, Ordering};
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let n = u128::from(COUNT.fetch_add(1, Ordering::Relaxed)) << 8;
    (n | u128::from(seed)).to_be_bytes()
}

fn heads(world: &World) -> Vec<u64> {
    let heads = world.db.reading(|tx| {
        let mut heads = vec![tx.tenant(&world.tenant)?.unwrap().catalogue];
        for guide in tx.guides(&world.tenant)? {
            heads.push(tx.feed_head(&world.tenant, &guide.id)?.position);
        }
        Ok::<_, crate::ServerError>(heads)
    });
    heads.unwrap()
}

fn log_length(world: &World) -> usize {
    world.db.reading(|tx| tx.changes_after(&world.tenant, 0, 1_000_000)).unwrap().len()
}

#[test]
fn the_sample_lands_as_expected_and_a_second_time_changes_nothing() {
    let world = World::empty();
    let reports = import_sample(&world, 1, NOW);
    let expected: Value = serde_json::from_slice(&std::fs::read(sample().join("expected.json")).unwrap()).unwrap();
    let report = |table: Table| reports.iter().find(|report| report.table == table.stem()).unwrap();
    let members = report(Table::Members);
    assert_eq!(json!(members.accepted), expected["members"]["accepted"]);
    let refused: Vec<Value> = members.refused.iter().map(|r| json!({ "line": r.line, "field": r.field, "why": r.reason })).collect();
    assert_eq!(json!(refused), expected["members"]["rejected"]);
    assert_eq!(json!(members.warnings), expected["members"]["warnings"]);
    assert_eq!(json!(report(Table::Orders).accepted), expected["orders"]["accepted"]);
    assert_eq!(world.db.reading(|tx| tx.count_orders(&world.tenant)).unwrap(), 6919);

    let (heads_before, log_before) = (heads(&world), log_length(&world));
    for report in import_sample(&world, 2, NOW + 1) {
        assert_eq!(report.accepted, report.unchanged, "{}", report.table);
    }
    assert_eq!((heads(&world), log_length(&world)), (heads_before, log_before));
}

#[test]
fn orders_wait_for_their_member_and_count_when_she_arrives() {
    let mut world = World::new();
    let orders = "订单号,会员号,门店号,品牌号,商品号,数量,实付金额,下单时间,渠道\nO1,M7,S1,B1,P1,1,10.00,2026-05-04 19:36:47,门店\nO2,M1,S1,B1,P1,2,20.50,2026-05-04 19:36:47,门店\nO3,M1,S9,B1,P1,2,20.50,2026-05-04 19:36:47,门店\n";
    let report = world.import(Table::Orders, orders);
    assert_eq!((report.accepted, report.refused[0].field.as_str(), report.refused[0].reason.as_str()), (2, "门店号", "no such store"));
    world.import_members("M7,钱七,,女,,2020-01-01,金卡,5,LI,S1,,,否\n");
    let lines = export::members(&world.db, &world.tenant, None).unwrap();
    let stats = |id: &str| lines.iter().find(|line| line.member.as_str() == id).unwrap().profile.stats.clone();
    assert_eq!((stats("M7").orders, stats("M7").spend_fen, stats("M1").spend_fen), (1, 1_000, 2_050));
    assert_eq!(stats("M1").recent[0].product, "面霜");
}

#[cfg(feature = "failpoints")]
#[test]
fn an_import_that_dies_before_it_has_counted_leaves_the_counting_to_the_server() {
    use std::io::Cursor;

    use guidebook_domain::Limits;

    use crate::failpoint;
    use crate::hq::upkeep::upkeep;
    use crate::import::read::Format;

    let mut world = World::new();
    let orders = "订单号,会员号,门店号,品牌号,商品号,数量,实付金额,下单时间,渠道\nO1,M1,S1,B1,P1,1,10.00,2026-05-04 19:36:47,门店\n";
    // The run, its batch; then it dies before the commit of the counting.
    failpoint::arm(Some(4));
    let died = super::import_file(&world.db, &world.tenant, Table::Orders, Format::Csv, Cursor::new(orders), rand_of(9), NOW);
    failpoint::arm(None);
    assert!(died.is_err());
    let orders_of_m1 = |world: &World| {
        export::members(&world.db, &world.tenant, None)
            .unwrap()
            .into_iter()
            .find(|m| m.member.as_str() == "M1")
            .unwrap()
            .profile
            .stats
            .orders
    };
    assert_eq!(orders_of_m1(&world), 0);
    // The same file again changes no order.
    let turn = || upkeep(&world.db, None, &Limits::default(), NOW).unwrap().recounted;
    assert_eq!((turn(), turn()), (1, 0));
    assert_eq!(orders_of_m1(&world), 1);
    assert_eq!(world.import(Table::Orders, orders).unchanged, 1);
}

#[test]
fn orders_tell_months_and_when_a_product_is_due_again() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    li.round(&world.db, &[]).unwrap();
    world.import(Table::Products, "商品号,品牌号,商品,吊牌价,复购周期天\nP1,B1,面霜,100.00,90\nP2,B1,外套,900.00,\n");
    let orders = "订单号,会员号,门店号,品牌号,商品号,数量,实付金额,下单时间,渠道\nO1,M1,S1,B1,P1,1,10.00,2025-09-30 09:00:00,门店\nO2,M1,S1,B1,P1,1,20.00,2026-09-30 19:36:47,门店\nO3,M1,S1,B1,P2,1,30.00,2026-10-01 00:00:00,门店\nO4,M1,S1,B1,P2,1,-30.00,2026-10-02 00:00:00,门店\nO5,M1,S1,B1,P1,1,-20.00,2026-10-03 00:00:00,门店\n";
    world.import(Table::Orders, orders);
    let answer = li.round(&world.db, &[]).unwrap();
    let told = members(&answer).pop().unwrap();
    let months: Vec<(String, i64)> = told.months.0.iter().map(|(month, fen)| (month.to_string(), *fen)).collect();
    assert_eq!(months, [("2026-09".to_owned(), 2_000), ("2026-10".to_owned(), -2_000)], "a year's months, refunds taken off");
    let due: Vec<(&str, String)> = told.due_again.iter().map(|(product, due)| (product.as_str(), due.to_string())).collect();
    assert_eq!(due, [("面霜", "2026-12-29".to_owned())], "90 days after the purchase; a refund is none");
}

#[test]
fn what_a_guide_did_since_stands_unless_hq_says_something_else() {
    let mut world = World::new();
    let mut li = world.phone("LI");
    let leather = world.tag("偏好", "真皮");
    let off = world.edit(&li, "M1", NOW, guidebook_domain::Edit::Tag { tag: leather.clone(), on: false });
    li.push(&world.db, &[&off]);
    let tags =
        |world: &World| export::members(&world.db, &world.tenant, None).unwrap()[0].tags.iter().map(|t| t.name.clone()).collect::<Vec<_>>();
    world.import_members("M1,张三丰,13800000001,女,,2020-01-01,黑卡,5,LI,S1,B1,偏好/真皮;年龄段/80后,否\n");
    assert_eq!(tags(&world), ["80后"]);
    world.import_members("M1,张三丰,13800000001,女,,2020-01-01,黑卡,5,LI,S1,B1,偏好/通勤;年龄段/90后,否\n");
    let mut now = tags(&world);
    now.sort();
    assert_eq!(now, ["90后", "通勤"]);
}

#[test]
fn a_changed_guide_ends_only_what_the_last_export_made() {
    let mut world = World::new();
    let (mut li, mut wu) = (world.phone("LI"), world.phone("WU"));
    crate::hq::assign::assign(&world.db, &world.tenant, &"M1".parse().unwrap(), &"CHEN".parse().unwrap(), NOW).unwrap();
    li.round(&world.db, &[]).unwrap();
    world.import_members("M1,张三丰,13800000001,女,,2020-01-01,金卡,5,WU,S1,B1,偏好/真皮;年龄段/80后,否\n");
    let m1 = &export::members(&world.db, &world.tenant, None).unwrap()[0];
    assert_eq!(m1.guides, ["CHEN".parse().unwrap(), "WU".parse().unwrap()]);
    assert_eq!(gone(&li.round(&world.db, &[]).unwrap()), [("M1".to_owned(), None)]);
    assert!(members(&wu.round(&world.db, &[]).unwrap()).iter().any(|m| m.id.as_str() == "M1"));
}

#[test]
fn a_walk_in_becomes_the_member_who_arrives_with_her_phone() {
    let mut world = World::new();
    let mut chen = world.phone("CHEN");
    let walk_in = world.walk_in(&chen, "13900000005");
    let loser = MemberId::walk_in(walk_in.id);
    let written = world.edit(&chen, loser.as_str(), NOW, note("before HQ knew her"));
    assert_eq!(chen.push(&world.db, &[&walk_in, &written]), [Outcome::Applied, Outcome::Applied]);
    world.import_members("M8,钱七,13900000005,女,,2020-01-01,普卡,5,LI,S1,,,否\n");
    let answer = chen.round(&world.db, &[]).unwrap();
    assert_eq!(gone(&answer), [(loser.to_string(), Some("M8".to_owned()))]);
    let m8 = members(&answer).into_iter().find(|m| m.id.as_str() == "M8").unwrap();
    assert!(m8.state.notes.len() == 1 && m8.profile.marketing_consent);
    let late = world.edit(&chen, loser.as_str(), NOW + 1, note("under the old id"));
    assert!(matches!(&chen.push(&world.db, &[&late])[0], Outcome::Redirected(r) if r.member.as_ref().unwrap().as_str() == "M8"));
    let page = tell::changes(&world.db, &world.tenant, 0, 1000).unwrap();
    assert!(page.changes.iter().any(|line| line.kind == "merge"));
}

#[test]
fn a_run_that_was_killed_is_run_again_with_the_same_result() {
    let whole = World::empty();
    import_sample(&whole, 3, NOW);
    let broken = World::empty();
    let dir = tempfile::tempdir().unwrap();
    for table in Table::IN_ORDER {
        let name = table.file_name(crate::import::read::Format::Csv);
        let bytes = std::fs::read(sample().join(&name)).unwrap();
        let kept = if table == Table::Members { bytes.len() / 2 } else { bytes.len() };
        if table != Table::Orders {
            std::fs::write(dir.path().join(name), &bytes[..kept]).unwrap();
        }
    }
    import_dir(&broken.db, &broken.tenant, dir.path(), || Ok(rand_of(4)), NOW).unwrap();
    import_sample(&broken, 5, NOW);
    let count = |world: &World| {
        let mut digest = guidebook_wire::digest::BookDigest::default();
        let (mut last, mut members): (Option<MemberId>, usize) = (None, 0);
        loop {
            let lines = export::members(&world.db, &world.tenant, last.as_ref()).unwrap();
            let Some(end) = lines.last() else { break };
            last = Some(end.member.clone());
            members += lines.len();
            for line in &lines {
                digest.add(&line.member, &line.tags.iter().map(|tag| tag.id.clone()).collect(), &Default::default());
            }
        }
        (members, digest.finish())
    };
    assert_eq!(count(&broken), count(&whole));
    assert_eq!(count(&whole).0, 2350);
}
