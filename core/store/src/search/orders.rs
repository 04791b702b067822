//! The three orders of the list, kept sorted, so that a page is read off.

use std::cmp::{Ordering, Reverse};

use guidebook_domain::MemberId;
use zeroize::Zeroizing;

use super::Sort;
use super::bits::Bits;

/// As many hits as are sooner sorted than looked for among everyone.
const FEW: usize = 256;

/// What decides a member's place.
pub(super) struct Place {
    pub id: MemberId,
    pub sort_key: Zeroizing<String>,
    pub spend_fen: i64,
    pub recent_ms: i64,
}

impl Place {
    fn compare(&self, other: &Place, sort: Sort) -> Ordering {
        let by_sort = match sort {
            Sort::Recent => Reverse(self.recent_ms).cmp(&Reverse(other.recent_ms)),
            Sort::Name => self.sort_key.as_str().cmp(&other.sort_key),
            Sort::Spend => Reverse(self.spend_fen).cmp(&Reverse(other.spend_fen)),
        };
        by_sort.then_with(|| self.id.cmp(&other.id))
    }
}

/// The occupied slots in each order.
#[derive(Default)]
pub(super) struct Orders {
    recent: Vec<u32>,
    name: Vec<u32>,
    spend: Vec<u32>,
}

impl Orders {
    /// Sorts everyone afresh.
    pub fn build<'a>(slots: &[u32], place: impl Fn(u32) -> &'a Place) -> Self {
        let sorted = |sort| {
            let mut order = slots.to_vec();
            order.sort_unstable_by(|&a, &b| place(a).compare(place(b), sort));
            order
        };
        Orders { recent: sorted(Sort::Recent), name: sorted(Sort::Name), spend: sorted(Sort::Spend) }
    }

    /// The slots among `hits` in the order `sort`, `limit` of them after `offset`. Few hits are sorted; many are
    /// picked from the kept order, which yields a page soon.
    pub fn page<'a>(&self, sort: Sort, hits: &Bits, offset: usize, limit: usize, place: impl Fn(u32) -> &'a Place) -> Vec<u32> {
        if hits.count() <= FEW {
            let mut slots: Vec<u32> = hits.slots().map(|slot| slot as u32).collect();
            slots.sort_unstable_by(|&a, &b| place(a).compare(place(b), sort));
            return slots.into_iter().skip(offset).take(limit).collect();
        }
        let order = match sort {
            Sort::Recent => &self.recent,
            Sort::Name => &self.name,
            Sort::Spend => &self.spend,
        };
        order.iter().copied().filter(|&slot| hits.contains(slot as usize)).skip(offset).take(limit).collect()
    }

    /// Puts a slot where its place belongs in these orders.
    pub fn insert<'a>(&mut self, slot: u32, sorts: &[Sort], place: impl Fn(u32) -> &'a Place) {
        for &sort in sorts {
            let order = self.of(sort);
            let at = order.partition_point(|&other| place(other).compare(place(slot), sort).is_lt());
            order.insert(at, slot);
        }
    }

    /// Takes a slot out of these orders, while its place is still what it was put in by.
    pub fn remove<'a>(&mut self, slot: u32, sorts: &[Sort], place: impl Fn(u32) -> &'a Place) {
        for &sort in sorts {
            let order = self.of(sort);
            let at = order.partition_point(|&other| place(other).compare(place(slot), sort).is_lt());
            debug_assert_eq!(order.get(at), Some(&slot), "ids make every order total");
            order.remove(at);
        }
    }

    fn of(&mut self, sort: Sort) -> &mut Vec<u32> {
        match sort {
            Sort::Recent => &mut self.recent,
            Sort::Name => &mut self.name,
            Sort::Spend => &mut self.spend,
        }
    }
}
