//! The index: members in slots, and a search from query to page.

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use guidebook_domain::{Birthday, MemberId};
use zeroize::{Zeroize, Zeroizing};

use super::bits::Bits;
use super::encoded_name::{EncodedName, folded_text, name_in};
use super::name_match::NamePattern;
use super::orders::{Orders, Place};
use super::phone_digits::{NO_PHONE, PhoneDigits, phone_number};
use super::readings::Spellings;
use super::tag_bits::TagBits;
use super::wiped::push_wiped;
use super::{IndexEntry, LARGEST_PAGE, Page, Query, Sort};

/// All members that a guide may find. See the [module](super) for what it promises.
///
/// What a search reads of everyone (masks, phones, birthdays, follow-ups) lies in columns of its own; the rest is looked up for the few
/// that remain.
#[derive(Default)]
pub struct SearchIndex {
    by_id: HashMap<MemberId, u32>,
    members: Vec<Option<Member>>,
    masks: Zeroizing<Vec<u64>>,
    phones: Zeroizing<Vec<u64>>,
    /// Days of a leap year, [`NO_BIRTHDAY`] for none.
    birthdays: Zeroizing<Vec<u16>>,
    /// Days since the common era on which a follow-up is due, [`NOTHING_DUE`] for none.
    due: Zeroizing<Vec<i32>>,
    free: Vec<u32>,
    occupied: Bits,
    tags: TagBits,
    orders: Orders,
    spellings: Spellings,
}

const NO_BIRTHDAY: u16 = 0;
const NOTHING_DUE: i32 = i32::MAX;

struct Member {
    place: Place,
    items: Zeroizing<Box<[u32]>>,
    remark: Zeroizing<Box<str>>,
}

impl Member {
    fn is_called(&self, name: &str, remark: &str) -> bool {
        name_in(&self.place.sort_key) == name && **self.remark == *remark
    }
}

impl SearchIndex {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// An index of many members at once: what [`put`](Self::put) one by one would make, only quicker.
    pub fn build(entries: Vec<IndexEntry>) -> Self {
        let mut index = Self::default();
        index.put_many(entries);
        index
    }

    /// Adds or replaces many members at once.
    pub fn put_many(&mut self, entries: Vec<IndexEntry>) {
        for entry in entries {
            if let Some(slot) = self.by_id.remove(&entry.id) {
                self.vacate(slot);
            }
            self.occupy(entry);
        }
        let slots: Vec<u32> = self.by_id.values().copied().collect();
        self.orders = Orders::build(&slots, |slot| place(&self.members, slot));
    }

    /// Adds a member, or replaces what is known of her. What stays as it was is left alone: mostly it is a tag that changes,
    /// and neither what she is called nor where she stands.
    pub fn put(&mut self, entry: IndexEntry) {
        let Some(&slot) = self.by_id.get(&entry.id) else {
            let slot = self.occupy(entry);
            return self.orders.insert(slot, &Sort::ALL, |slot| place(&self.members, slot));
        };
        let before = self.members[slot as usize].as_ref().expect("a slot of a member is occupied");
        let is_called_so = before.is_called(&entry.name, &entry.remark);
        let moves = |sort: &Sort| match sort {
            Sort::Recent => before.place.recent_ms != entry.recent_ms,
            Sort::Name => !is_called_so,
            Sort::Spend => before.place.spend_fen != entry.spend_fen,
        };
        let moving: Vec<Sort> = Sort::ALL.into_iter().filter(moves).collect();
        self.orders.remove(slot, &moving, |slot| place(&self.members, slot));
        self.fill(slot, entry, is_called_so);
        self.orders.insert(slot, &moving, |slot| place(&self.members, slot));
    }

    /// Says that she was served at `now_ms`, which changes her place alone. `false`, and nothing done, where she is not there
    /// or stands at a later moment.
    pub fn touch(&mut self, id: &MemberId, now_ms: i64) -> bool {
        let Some(&slot) = self.by_id.get(id) else { return false };
        if place(&self.members, slot).recent_ms > now_ms {
            return false;
        }
        self.orders.remove(slot, &[Sort::Recent], |slot| place(&self.members, slot));
        self.members[slot as usize].as_mut().expect("a slot of a member is occupied").place.recent_ms = now_ms;
        self.orders.insert(slot, &[Sort::Recent], |slot| place(&self.members, slot));
        true
    }

    /// Forgets a member; does nothing if she is not there.
    pub fn remove(&mut self, id: &MemberId) {
        let Some(slot) = self.by_id.remove(id) else { return };
        self.orders.remove(slot, &Sort::ALL, |slot| place(&self.members, slot));
        self.vacate(slot);
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The members that both text and tags find.
    ///
    /// A text finds a name or a remark by its characters, its pinyin or the initials of it, in any mixture, from
    /// any character on; digits also find a phone by its last four or its beginning. Blanks, hyphens and dots do
    /// not count. Each character typed narrows the hits; only a country code needs its whole number.
    pub fn search(&self, query: &Query) -> Page {
        let hits = self.hits(query);
        let total = hits.count();
        let limit = query.limit.min(LARGEST_PAGE).min(total.saturating_sub(query.offset));
        let slots = self.orders.page(query.sort, &hits, query.offset, limit, |slot| place(&self.members, slot));
        let ids = slots.into_iter().map(|slot| place(&self.members, slot).id.clone()).collect();
        Page { ids, total }
    }

    fn hits(&self, query: &Query) -> Bits {
        let mut hits = match &query.tags {
            Some(expression) => self.tags.evaluate(expression, &self.occupied),
            None => self.occupied.clone(),
        };
        if let Some(window) = &query.birthday {
            hits.keep(&Bits::of_column(&self.birthdays, |birthday| window.contains(birthday)));
        }
        if let Some(day) = query.due_by {
            let by = day.num_days_from_ce();
            hits.keep(&Bits::of_column(&self.due, |due| due <= by));
        }
        let text = folded_text(&query.text);
        let Some(name) = NamePattern::new(&text, self.spellings.texts()) else { return hits };
        let mut found = Bits::of_column(&self.masks, |mask| name.may_match(mask));
        found.keep(&hits);
        found.keep_if(|slot| self.members[slot].as_ref().is_some_and(|member| name.matches(&member.items)));
        if let Some(digits) = PhoneDigits::read(&query.text, &text) {
            found.add(&Bits::of_column(&self.phones, |phone| digits.matches(phone)));
        }
        hits.keep(&found);
        hits
    }

    fn occupy(&mut self, entry: IndexEntry) -> u32 {
        let slot = self.free.pop().unwrap_or_else(|| self.new_slot());
        self.occupied.insert(slot as usize);
        self.by_id.insert(entry.id.clone(), slot);
        self.fill(slot, entry, false);
        slot
    }

    /// Writes an entry into its slot. `is_called_so`: her names are those that lie there.
    fn fill(&mut self, slot: u32, entry: IndexEntry, is_called_so: bool) {
        let at = slot as usize;
        let IndexEntry { id, name, remark, phone, tags, birthday, next_follow_up, spend_fen, recent_ms } = entry;
        let (name, remark) = (Zeroizing::new(name.into_inner()), Zeroizing::new(remark.into_inner()));
        self.phones[at] = phone_number(phone);
        self.birthdays[at] = birthday.as_ref().map_or(NO_BIRTHDAY, Birthday::leap_day);
        self.due[at] = next_follow_up.as_ref().map_or(NOTHING_DUE, NaiveDate::num_days_from_ce);
        self.tags.put(at, tags);
        match &mut self.members[at] {
            Some(member) if is_called_so => (member.place.spend_fen, member.place.recent_ms) = (spend_fen, recent_ms),
            member => {
                let EncodedName { items, mask, sort_key } = EncodedName::new(&name, &remark, &mut self.spellings);
                self.masks[at] = mask;
                let remark = Zeroizing::new(Box::from(remark.as_str()));
                *member = Some(Member { place: Place { id, sort_key, spend_fen, recent_ms }, items, remark });
            }
        }
    }

    fn vacate(&mut self, slot: u32) {
        let at = slot as usize;
        self.members[at] = None;
        self.masks[at].zeroize();
        self.phones[at] = NO_PHONE;
        self.birthdays[at] = NO_BIRTHDAY;
        self.due[at] = NOTHING_DUE;
        self.tags.put(at, BTreeSet::new());
        self.occupied.remove(at);
        self.free.push(slot);
    }

    fn new_slot(&mut self) -> u32 {
        let slot = u32::try_from(self.members.len()).expect("a guide knows fewer than four thousand million members");
        self.members.push(None);
        push_wiped(&mut self.masks, 0);
        push_wiped(&mut self.phones, NO_PHONE);
        push_wiped(&mut self.birthdays, NO_BIRTHDAY);
        push_wiped(&mut self.due, NOTHING_DUE);
        slot
    }
}

fn place(members: &[Option<Member>], slot: u32) -> &Place {
    &members[slot as usize].as_ref().expect("an ordered slot is occupied").place
}
