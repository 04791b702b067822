//! No request costs more because there is more of what it does not ask for: with ten times the data SQLite takes at
//! most 1.1 times the steps. The same holds for a few rows of an import, and for whom a guide serves. Not covered here: the first pull of a fresh phone, which is as large as its book, and
//! a larger tag dictionary, which a push and a page with changes read whole.

use guidebook_domain::{Edit, GuideId, MemberId, Operation, TagId};

use super::testing::{NOW, TestPhone, World, members};
use crate::db::DatabaseExt;
use crate::db::sqlite::work::steps_of;
use crate::error::ServerError;
use crate::import::read::Table;

/// A retailer's size.
#[derive(Clone, Copy, Debug)]
struct Size {
    /// Li's members.
    own: usize,
    /// Members of other guides.
    others: usize,
    /// Edits that Li's phone has sent before, all of one member.
    history: usize,
}

const SMALL: Size = Size { own: 50, others: 50, history: 50 };

/// The same with ten times one of them.
const LARGE: [(&str, Size); 3] = [
    ("own members", Size { own: 500, ..SMALL }),
    ("members of others", Size { others: 500, ..SMALL }),
    ("edits before", Size { history: 500, ..SMALL }),
];

/// A retailer with a phone of Li's that has everything.
struct Furnished {
    world: World,
    li: TestPhone,
    tag: TagId,
}

impl Furnished {
    fn of(size: Size) -> Self {
        let mut world = World::new();
        let own = (0..size.own).map(|n| line("A", n, "LI"));
        let others = (0..size.others).map(|n| line("B", n, if n.is_multiple_of(2) { "CHEN" } else { "WU" }));
        let lines: String = own.chain(others).collect();
        assert_eq!(world.import_members(&lines).refused_count, 0);
        let (li, tag) = (world.phone("LI"), world.tag("偏好", "通勤"));
        let mut furnished = Furnished { world, li, tag };
        let history: Vec<Operation> = (0..size.history).map(|n| furnished.tagging("M1", n)).collect();
        furnished.li.round(&furnished.world.db, &history.iter().collect::<Vec<_>>()).unwrap();
        while furnished.li.round(&furnished.world.db, &[]).unwrap().more {}
        furnished
    }

    /// Puts the tag on or takes it off.
    fn tagging(&mut self, member: &str, n: usize) -> Operation {
        let edit = Edit::Tag { tag: self.tag.clone(), on: n.is_multiple_of(2) };
        self.world.edit(&self.li, member, NOW + n as u64, edit)
    }
}

fn line(prefix: &str, n: usize, guide: &str) -> String {
    let store = if guide == "WU" { "S2" } else { "S1" };
    let digit = if guide == "LI" { 7 } else { 8 };
    format!("{prefix}{n:05},王芳,13{digit}{n:08},女,,2020-01-01,金卡,5,{guide},{store},,偏好/真皮,否\n")
}

/// Holds the steps of `work` within 1.1 times, whichever part of the data is ten times as large.
fn stays_the_same(work: impl Fn(&mut Furnished) -> u64) {
    let small = work(&mut Furnished::of(SMALL));
    assert!(small > 0, "nothing was counted");
    for (what, size) in LARGE {
        let large = work(&mut Furnished::of(size));
        assert!(large * 10 <= small * 11, "ten times the {what}: {large} steps, {small} before");
    }
}

#[test]
fn a_round_in_which_nothing_changed_costs_the_same_with_ten_times_the_data() {
    stays_the_same(|furnished| {
        let (answer, steps) = steps_of(|| furnished.li.round(&furnished.world.db, &[]).unwrap());
        assert!(answer.changes.is_empty());
        steps
    });
}

#[test]
fn a_push_of_one_edit_costs_the_same_with_ten_times_the_data() {
    stays_the_same(|furnished| {
        let edit = furnished.tagging("A00007", 0);
        let (answer, steps) = steps_of(|| furnished.li.round(&furnished.world.db, &[&edit]).unwrap());
        assert_eq!((answer.receipts.len(), members(&answer).len()), (1, 1));
        steps
    });
}

#[test]
fn a_pull_of_ten_changed_members_costs_the_same_with_ten_times_the_data() {
    stays_the_same(|furnished| {
        let changed: String = (0..10).map(|n| line("A", n, "LI").replace("金卡,5,", "金卡,6,")).collect();
        furnished.world.import_members(&changed);
        let (answer, steps) = steps_of(|| furnished.li.round(&furnished.world.db, &[]).unwrap());
        assert_eq!(members(&answer).len(), 10);
        steps
    });
}

#[test]
fn an_import_of_ten_orders_costs_the_same_with_ten_times_the_data() {
    stays_the_same(|furnished| {
        let orders = |from: usize| {
            let line = |n: usize| format!("O{n},A{:05},S1,B1,P1,1,100.00,2026-10-01 10:00:00,门店\n", n % 50);
            let lines: String = (from..from + 10).map(line).collect();
            format!("订单号,会员号,门店号,品牌号,商品号,数量,实付金额,下单时间,渠道\n{lines}")
        };
        // Orders of before: as many as the guide has members.
        let own = furnished.world.db.reading(|tx| tx.members_of(&furnished.world.tenant, &guide("LI")));
        let own = own.map_err(|error: ServerError| error.to_string()).unwrap().len();
        for from in (0..own).step_by(10) {
            assert_eq!(furnished.world.import(Table::Orders, &orders(1_000 + from)).refused_count, 0);
        }
        let (report, steps) = steps_of(|| furnished.world.import(Table::Orders, &orders(0).replace(",A0000", ",B0000")));
        assert_eq!((report.accepted, report.unchanged), (10, 0));
        steps
    });
}

#[test]
fn whom_a_guide_serves_and_what_was_done_to_a_member_are_found_without_reading_the_rest() {
    stays_the_same(|furnished| {
        let (tenant, db) = (&furnished.world.tenant, &furnished.world.db);
        let look = || {
            db.reading(|tx| {
                let served = tx.members_of(tenant, &guide("ZHOU"))?.len();
                Ok::<_, ServerError>(served + tx.operations_sent_to(tenant, &MemberId::new("A00007").unwrap())?.len())
            })
        };
        let (found, steps) = steps_of(look);
        // HQ has tagged her once.
        assert_eq!(found.unwrap(), 1);
        steps
    });
}

fn guide(id: &str) -> GuideId {
    GuideId::new(id).unwrap()
}
