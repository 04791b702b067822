//! From the file into memory: at unlock all of it, after a change only what changed.

use guidebook_domain::{Edit, GuideField, HlcClock, MemberId, Private, Tag, TagFate, TagGroupId};
use guidebook_wire::MemberRecord;

use crate::coupons::state::COUPONS;
use crate::outbox::{self, OperationEntry};
use crate::positions::Positions;
use crate::rows::{self, Entry, MemberRow};
use crate::search::{IndexEntry, SearchIndex};
use crate::settings::{self, IDENTITY, STANDING};
use crate::store::Memory;
use crate::terms::Terms;
use crate::{Store, StoreError};

/// The group under which a guide's own tags are listed.
pub(crate) const PERSONAL_GROUP: &str = "personal";

impl Store {
    /// Reads everything that is kept in memory.
    pub(crate) fn load(&mut self) -> Result<(), StoreError> {
        let mut memory = Memory {
            identity: settings::load(&self.conn, &self.vault, IDENTITY)?,
            standing: settings::load(&self.conn, &self.vault, STANDING)?.unwrap_or_default(),
            coupons: settings::load(&self.conn, &self.vault, COUPONS)?.unwrap_or_default(),
            ..Memory::default()
        };
        memory.clock = HlcClock::after(memory.standing.last_hlc);
        for entry in rows::entries(&self.conn, &self.vault)? {
            memory.put_entry(entry);
        }
        self.memory = memory;
        self.load_shown()?;
        self.load_index()
    }

    /// Reads which edits are shown on top of records, and for whom.
    pub(crate) fn load_shown(&mut self) -> Result<(), StoreError> {
        self.memory.aliases = rows::aliases(&self.conn)?.into_iter().collect();
        self.memory.shown.clear();
        for entry in outbox::shown(&self.conn, &self.vault)? {
            self.memory.show(entry);
        }
        Ok(())
    }

    /// Builds the index anew.
    pub(crate) fn load_index(&mut self) -> Result<(), StoreError> {
        let mut entries = Vec::new();
        let (mut positions, mut terms) = (Positions::default(), Terms::default());
        rows::each_member(&self.conn, &self.vault, |row| {
            positions.set(&row.record.id, row.position);
            terms.note(&row.record);
            entries.push(self.memory.index_entry(row));
            Ok(())
        })?;
        self.memory.index = SearchIndex::build(entries);
        self.memory.positions = positions;
        self.memory.terms = terms;
        self.settle_terms()
    }

    /// Brings the index up to date with one member's row, present or not.
    pub(crate) fn reindex(&mut self, id: &MemberId) -> Result<(), StoreError> {
        match rows::member(&self.conn, &self.vault, id)? {
            Some(row) => self.index_row(row),
            None => {
                self.memory.positions.remove(id);
                self.memory.terms.forget(id);
                self.memory.index.remove(id);
            }
        }
        Ok(())
    }

    /// Brings the index up to date with this row of a member.
    pub(crate) fn index_row(&mut self, row: MemberRow) {
        self.memory.positions.set(&row.record.id, row.position);
        self.memory.terms.note(&row.record);
        let entry = self.memory.index_entry(row);
        self.memory.index.put(entry);
    }
}

impl Memory {
    /// The member whom `id` stands for today.
    pub fn today(&self, id: &MemberId) -> MemberId {
        let mut id = id;
        // A chain is shorter than the table; the bound ends a circle.
        for _ in 0..self.aliases.len() {
            let Some(winner) = self.aliases.get(id) else { break };
            id = winner;
        }
        id.clone()
    }

    /// Adds an edit to those that are shown.
    pub fn show(&mut self, entry: OperationEntry) {
        if let Edit::PersonalTag { tag, name } = &entry.operation.edit {
            let group = TagGroupId::new(PERSONAL_GROUP).expect("a plain word is an id");
            let fate = if name.is_empty() { TagFate::Deleted } else { TagFate::Live };
            self.catalogue.put_tag(Tag { id: tag.clone(), group, name: name.expose().to_owned(), fate });
        }
        if let Some(member) = &entry.operation.member {
            self.shown.entry(self.today(member)).or_default().push(entry);
        }
    }

    /// Adds or replaces an entry of the dictionary.
    pub fn put_entry(&mut self, entry: Entry) {
        match entry {
            Entry::Group(group) => self.catalogue.put_group(group),
            Entry::Tag(tag) => self.catalogue.put_tag(tag),
            Entry::Campaign(campaign) => {
                self.coupon_pauses.retain(|(id, _), _| *id != campaign.id);
                self.campaigns.insert(campaign.id.clone(), *campaign);
            }
            Entry::Directory(directory) => self.directory = directory,
        }
    }

    /// Puts this phone's own edits on top of the server's word.
    pub fn overlay(&self, record: &mut MemberRecord) {
        for entry in self.shown.get(&record.id).into_iter().flatten() {
            let alias = |id: &MemberId| Some(self.today(id)).filter(|t| t != id);
            // An edit that is parked for a deleted tag shows nowhere but in the list of edits.
            if let Ok(resolved) = guidebook_domain::redirect::resolve(&entry.operation, alias, &self.catalogue) {
                record.state.apply(&resolved.operation);
            }
        }
    }

    /// What the index needs to know of a member.
    pub fn index_entry(&self, row: MemberRow) -> IndexEntry {
        let MemberRow { mut record, touched_ms, position: _ } = row;
        self.overlay(&mut record);
        let bought = record.profile.stats.last.and_then(|day| day.and_hms_opt(0, 0, 0)).map_or(0, |t| t.and_utc().timestamp_millis());
        let remark = record.state.fields.remove(&GuideField::RemarkName).map_or_else(Private::default, |cell| cell.value);
        IndexEntry {
            tags: self.catalogue.carried(&record.state),
            birthday: record.profile.birthday,
            next_follow_up: record.state.next_follow_up(),
            id: record.id,
            name: record.profile.name,
            remark,
            phone: record.profile.phone,
            spend_fen: record.profile.stats.spend_fen,
            recent_ms: touched_ms.max(bought),
        }
    }
}
