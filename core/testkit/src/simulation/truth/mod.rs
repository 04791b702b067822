//! The reference model: what the server must hold, from a plain list of all writes. It shares no rule with
//! `core/domain`: of each slot the write with the greatest (time, device, value, operation) holds, walk-ins are merged by
//! phone number, and an id that was merged stands for another. What it is told is what the server has committed, in that order.

mod ownership;

use std::collections::{BTreeMap, BTreeSet};

use guidebook_domain::{
    DeviceId, Edit, GuideField, GuideId, Hlc, MemberId, Operation, OperationId, Phone, TagFate, TagGroupId, TagId, Walkin,
};
use guidebook_server::service::round::DeviceSession;

use ownership::Ownership;
pub use ownership::day;

/// Last words are heard for so long after the revocation, in milliseconds.
const LAST_WORDS_MS: u64 = 30 * 24 * 3_600_000;
/// A phone's clock may be ahead of the server's by so much, in milliseconds.
const AHEAD_MS: u64 = 300_000;

/// A place that the last write holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Tag(TagId),
    Choice(TagGroupId),
    Field(GuideField),
    Withdrawn(OperationId),
}

/// A write into a slot. Its order is the order in which writes win.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Written {
    hlc: Hlc,
    device: DeviceId,
    value: String,
    op: Option<OperationId>,
}

#[derive(Clone, Debug)]
struct TrueMember {
    phone: Phone,
    hq_tags: BTreeSet<TagId>,
    hq_guide: Option<GuideId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Active,
    /// Its guide left at this time; it may push once more.
    Closing(u64),
    /// What was made up to this time may still be said, once; none if it was said.
    Revoked(Option<u64>),
}

#[derive(Clone, Debug)]
struct Device {
    guide: GuideId,
    standing: Standing,
    last_hlc: Hlc,
}

/// What the server must hold.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    members: BTreeMap<MemberId, TrueMember>,
    became: BTreeMap<MemberId, MemberId>,
    writes: Vec<(MemberId, Slot, Written)>,
    notes: Vec<(MemberId, OperationId, String)>,
    ownership: Ownership,
    fates: BTreeMap<TagId, TagFate>,
    devices: BTreeMap<DeviceId, Device>,
    receipts: BTreeMap<OperationId, &'static str>,
}

/// What holds in a slot, and since when by whose word.
pub type Held<T> = (T, Hlc, DeviceId);

/// What HQ must see of a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Tags of multi-choice groups and personal tags.
    pub tags: BTreeMap<TagId, Held<bool>>,
    /// Choices; empty for none.
    pub choices: BTreeMap<TagGroupId, Held<String>>,
    /// Guides' fields.
    pub fields: BTreeMap<GuideField, Held<String>>,
    /// Notes by the operation that wrote them.
    pub notes: BTreeMap<OperationId, String>,
    /// Which notes are withdrawn.
    pub withdrawn: BTreeMap<OperationId, Held<bool>>,
}

/// A member's row in HQ's export.
#[derive(Clone, Debug)]
pub struct ExportRow {
    /// Who.
    pub member: MemberId,
    /// Her number.
    pub phone: Phone,
    /// Her guide.
    pub guide: Option<GuideId>,
    /// Her tags of the multi-choice group, by the names that they had at the beginning.
    pub tags: BTreeSet<TagId>,
}

impl Truth {
    /// A member of HQ's.
    pub fn adds_member(&mut self, id: MemberId, phone: Phone) {
        self.members.insert(id, TrueMember { phone, hq_tags: BTreeSet::new(), hq_guide: None });
    }

    /// A device is enrolled.
    pub fn enrols(&mut self, who: &DeviceSession) {
        let device = Device { guide: who.guide.clone(), standing: Standing::Active, last_hlc: Hlc::default() };
        self.devices.insert(who.device, device);
    }

    /// A tag has another fate.
    pub fn tag_becomes(&mut self, tag: TagId, fate: TagFate) {
        self.fates.insert(tag, fate);
    }

    /// HQ has revoked a device.
    pub fn revokes(&mut self, device: DeviceId, now_ms: u64) {
        if let Some(device) = self.devices.get_mut(&device) {
            device.standing = match device.standing {
                Standing::Active => Standing::Revoked(Some(now_ms)),
                Standing::Closing(at_ms) => Standing::Revoked(Some(at_ms)),
                Standing::Revoked(words) => Standing::Revoked(words),
            };
        }
    }

    /// A request was taken in. `full` is how many operations one carries at most.
    pub fn hears(&mut self, who: &DeviceSession, operations: &[Operation], full: usize, now_ms: u64) {
        self.ends_guide(&who.guide, now_ms);
        self.takes(who, operations, now_ms);
        if let Some(device) = self.devices.get_mut(&who.device)
            && let Standing::Closing(at_ms) = device.standing
            && operations.len() < full
        {
            device.standing = Standing::Revoked(Some(at_ms));
        }
    }

    /// A revoked phone says its last words. They are heard once, and for 30 days.
    pub fn hears_last_words(&mut self, who: &DeviceSession, operations: &[Operation], now_ms: u64) {
        self.takes(who, operations, now_ms);
        if let Some(device) = self.devices.get_mut(&who.device) {
            device.standing = Standing::Revoked(None);
        }
    }

    /// Whether last words of this device are heard.
    pub fn would_hear(&self, device: DeviceId, now_ms: u64) -> bool {
        let words = self.devices.get(&device).map(|device| device.standing);
        matches!(words, Some(Standing::Revoked(Some(at_ms))) if now_ms <= at_ms + LAST_WORDS_MS)
    }

    fn takes(&mut self, who: &DeviceSession, operations: &[Operation], now_ms: u64) {
        for operation in operations {
            if !self.receipts.contains_key(&operation.id) {
                let word = self.judges(who, operation, now_ms);
                self.receipts.insert(operation.id, word);
            }
        }
    }

    fn judges(&mut self, who: &DeviceSession, sent: &Operation, now_ms: u64) -> &'static str {
        let Some((hlc, left_ms)) = self.filed_at(who, sent.hlc, now_ms) else { return "refused" };
        if let Edit::Enrol { walkin } = &sent.edit {
            return self.takes_walk_in(who, sent, walkin, left_ms, now_ms);
        }
        let Some(sent_to) = &sent.member else { return "applied" };
        let member = self.stands_for(sent_to);
        let mut moved = member != *sent_to;
        let (slot, value) = match &sent.edit {
            Edit::Tag { tag, on } => {
                let Some(today) = self.tag_today(tag, *on) else { return "refused" };
                moved |= today != *tag;
                (Some(Slot::Tag(today)), on.to_string())
            }
            Edit::Choose { group, tag } => {
                (Some(Slot::Choice(group.clone())), tag.as_ref().map_or(String::new(), |tag| tag.as_str().to_owned()))
            }
            Edit::Field { field, value } => (Some(Slot::Field(*field)), value.expose().to_owned()),
            Edit::WithdrawNote { note, withdrawn } => (Some(Slot::Withdrawn(*note)), withdrawn.to_string()),
            Edit::Note { text } => (None, text.expose().to_owned()),
            Edit::Reveal { .. } => (None, String::new()),
            Edit::FollowUp { .. } | Edit::FollowUpDone { .. } | Edit::Enrol { .. } | Edit::PersonalTag { .. } => return "applied",
            Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => return "refused",
        };
        if !self.members.contains_key(&member) || !self.serves(&member, &who.guide, left_ms) {
            return "refused";
        }
        let Some(slot) = slot else {
            if let Edit::Reveal { .. } = &sent.edit {
                return if moved { "redirected" } else { "applied" };
            }
            self.notes.push((member, sent.id, value));
            return if moved { "redirected" } else { "applied" };
        };
        if let Slot::Withdrawn(note) = &slot
            && !self.notes.iter().any(|(of, id, _)| id == note && self.stands_for(of) == member)
        {
            return "refused";
        }
        let written = Written { hlc, device: who.device, value, op: Some(sent.id) };
        let beaten = self.holder(&member, &slot).is_some_and(|held| *held > written);
        self.writes.push((member, slot, written));
        match (beaten, moved) {
            (true, _) => "superseded",
            (false, true) => "redirected",
            (false, false) => "applied",
        }
    }

    /// The time under which an edit is filed, and when its guide left; none for an edit made after that.
    fn filed_at(&mut self, who: &DeviceSession, hlc: Hlc, now_ms: u64) -> Option<(Hlc, Option<u64>)> {
        let device = self.devices.get_mut(&who.device)?;
        let ahead = |hlc: Hlc| hlc.unix_ms() > now_ms + AHEAD_MS;
        let left_ms = match device.standing {
            Standing::Closing(at_ms) | Standing::Revoked(Some(at_ms)) => Some(at_ms),
            Standing::Active | Standing::Revoked(None) => None,
        };
        if left_ms.is_some_and(|left_ms| !ahead(hlc) && hlc.unix_ms() > left_ms) {
            return None;
        }
        let receipt_ms = left_ms.unwrap_or(now_ms);
        let filed = match (ahead(hlc), device.last_hlc) {
            (false, _) => hlc,
            // Two edits of a wrong clock keep their order.
            (true, last) if last >= Hlc::new(receipt_ms, 0) && last.unix_ms() <= receipt_ms + AHEAD_MS => last.next(),
            (true, _) => Hlc::new(receipt_ms, 0),
        };
        device.last_hlc = device.last_hlc.max(filed);
        Some((filed, left_ms))
    }

    fn takes_walk_in(&mut self, who: &DeviceSession, sent: &Operation, walkin: &Walkin, left_ms: Option<u64>, now_ms: u64) -> &'static str {
        let id = MemberId::walk_in(sent.id);
        let same = self.members.iter().filter(|(id, m)| m.phone == walkin.phone && !self.became.contains_key(id)).map(|(id, _)| id);
        let owner = same.min_by_key(|id| (id.is_walk_in(), (*id).clone())).cloned();
        let member = owner.clone().unwrap_or_else(|| id.clone());
        if owner.is_some() {
            self.became.insert(id, member.clone());
        } else {
            self.adds_member(id, walkin.phone.clone());
        }
        self.binds_walk_in(&member, &who.guide, left_ms, now_ms);
        if owner.is_some() { "redirected" } else { "applied" }
    }

    /// A row of HQ's export was taken in.
    pub fn imports(&mut self, row: &ExportRow, now_ms: u64) {
        let known = self.members.get(&row.member).cloned();
        let phone_is_news = known.as_ref().is_none_or(|m| m.phone != row.phone);
        let (had, hq_guide) = known.map_or_else(Default::default, |m| (m.hq_tags, m.hq_guide));
        let living = |tags: &BTreeSet<TagId>| -> BTreeSet<TagId> { tags.iter().filter_map(|tag| self.tag_today(tag, true)).collect() };
        let (before, after) = (living(&had), living(&row.tags));
        for tag in before.symmetric_difference(&after) {
            let value = after.contains(tag).to_string();
            let written = Written { hlc: Hlc::new(now_ms, 0), device: DeviceId::HQ, value, op: None };
            self.writes.push((row.member.clone(), Slot::Tag(tag.clone()), written));
        }
        let member = TrueMember { phone: row.phone.clone(), hq_tags: after, hq_guide: row.guide.clone() };
        self.members.insert(row.member.clone(), member);
        if phone_is_news {
            self.takes_in_walk_ins(row, now_ms);
        }
        if hq_guide != row.guide {
            if let Some(guide) = &hq_guide {
                self.import_ends(&row.member, guide, now_ms);
            }
            if let Some(guide) = &row.guide {
                self.starts(&row.member, guide, true);
            }
        }
    }

    fn takes_in_walk_ins(&mut self, row: &ExportRow, now_ms: u64) {
        let is_hers = |id: &MemberId, m: &TrueMember| id.is_walk_in() && m.phone == row.phone && !self.became.contains_key(id);
        let hers: Vec<MemberId> = self.members.iter().filter(|(id, m)| is_hers(id, m)).map(|(id, _)| id.clone()).collect();
        for walk_in in hers {
            for guide in self.guides_of(&walk_in) {
                self.ends(&walk_in, &guide, now_ms);
                self.starts(&row.member, &guide, false);
            }
            self.became.insert(walk_in, row.member.clone());
        }
    }

    /// The living tag that `tag` is today; the same for one that is taken off; none for one that was deleted.
    fn tag_today(&self, tag: &TagId, on: bool) -> Option<TagId> {
        match self.fates.get(tag) {
            None | Some(TagFate::Live) => Some(tag.clone()),
            Some(TagFate::MergedInto(other)) => self.tag_today(other, on),
            Some(TagFate::Deleted) => (!on).then(|| tag.clone()),
        }
    }

    fn stands_for(&self, id: &MemberId) -> MemberId {
        self.became.get(id).map_or_else(|| id.clone(), |winner| self.stands_for(winner))
    }

    fn holder(&self, member: &MemberId, slot: &Slot) -> Option<&Written> {
        let there = self.writes.iter().filter(|(of, s, _)| s == slot && self.stands_for(of) == *member);
        there.map(|(_, _, written)| written).max()
    }

    /// Whether the server answers this operation from memory.
    pub fn has_receipt(&self, op: OperationId) -> bool {
        self.receipts.contains_key(&op)
    }

    /// The kind of the receipt of an operation.
    pub fn receipt(&self, op: OperationId) -> Option<&'static str> {
        self.receipts.get(&op).copied()
    }

    /// Whether the server must turn this device away.
    pub fn is_revoked(&self, device: DeviceId) -> bool {
        self.devices.get(&device).is_some_and(|d| matches!(d.standing, Standing::Revoked(_)))
    }

    /// Whether the server knows this device.
    pub fn knows(&self, device: DeviceId) -> bool {
        self.devices.contains_key(&device)
    }

    /// Every member as HQ must see her.
    pub fn view(&self) -> BTreeMap<MemberId, (Phone, Seen)> {
        let alive = self.members.iter().filter(|(id, _)| !self.became.contains_key(id));
        let mut view: BTreeMap<_, _> = alive.map(|(id, m)| (id.clone(), (m.phone.clone(), Seen::default()))).collect();
        let mut in_order: Vec<_> = self.writes.iter().collect();
        in_order.sort_by_key(|(_, _, written)| written);
        for (of, slot, Written { value, hlc, device, .. }) in in_order {
            let Some((_, seen)) = view.get_mut(&self.stands_for(of)) else { continue };
            let (is_on, text) = ((value == "true", *hlc, *device), (value.clone(), *hlc, *device));
            match slot {
                Slot::Tag(tag) => drop(seen.tags.insert(tag.clone(), is_on)),
                Slot::Choice(group) => drop(seen.choices.insert(group.clone(), text)),
                Slot::Field(field) => drop(seen.fields.insert(*field, text)),
                Slot::Withdrawn(note) => drop(seen.withdrawn.insert(*note, is_on)),
            }
        }
        for (of, op, text) in &self.notes {
            if let Some((_, seen)) = view.get_mut(&self.stands_for(of)) {
                seen.notes.insert(*op, text.clone());
            }
        }
        view
    }
}
