//! No request costs more because there is more of what it does not ask for: with ten times the data SQLite takes at
//! most 1.1 times the steps. Not covered here: the first pull of a fresh phone, which is as large as its book, and
//! a larger tag dictionary, which a push and a page with changes read whole.

use guidebook_domain::{Edit, Operation, TagId};

use super::testing::{NOW, TestPhone, World, members};
use crate::db::sqlite::work::steps_of;

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
        let others = (0..size.others).map(|n| line("B", n, if n % 2 == 0 { "CHEN" } else { "WU" }));
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
        let edit = Edit::Tag { tag: self.tag.clone(), on: n % 2 == 0 };
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
