//! A snapshot taken in chunk by chunk, each in a transaction with the number of the next. The first, with the guide's
//! most recent members, is searchable at once; the others when all are there.

use std::collections::BTreeMap;

use guidebook_domain::MemberId;
use guidebook_wire::CursorRecord;
use guidebook_wire::slices::SliceSums;
use guidebook_wire::snapshot::SnapshotMember;
use rusqlite::TransactionBehavior;

use crate::pull::{Changed, is_unsent, unsent_aside};
use crate::rows::{self, MemberRow, Origin, SealedMember};
use crate::settings::{self, Incoming, STANDING};
use crate::{Store, StoreError, failpoint, outbox};

impl Store {
    /// The snapshot that is to be fetched, and its next chunk.
    pub fn incoming(&self) -> Option<&Incoming> {
        self.memory.standing.snapshot.as_ref()
    }

    /// The sums of what the book holds of its feed: of all members but walk-ins whose enrolment waits.
    pub fn sums(&self) -> SliceSums {
        self.memory.positions.sums(|id| is_unsent(id, &self.memory.shown, &BTreeMap::new()))
    }

    /// Takes in the next chunk of the snapshot. After the last one the feed goes on from the snapshot's position, and
    /// members who were not in it are gone.
    pub fn absorb_chunk(&mut self, members: Vec<SnapshotMember>, wall_ms: u64) -> Result<Changed, StoreError> {
        let Some(incoming) = self.incoming().cloned() else { return Ok(Changed::default()) };
        let mut standing = self.memory.standing.clone();
        let now_ms = wall_ms.saturating_add_signed(standing.clock_offset_ms);
        let mut clock = self.memory.clock;
        clock.correct(now_ms);
        members.iter().for_each(|member| clock.see(member.record.state.newest(), now_ms));
        standing.last_hlc = clock.last();
        let next = incoming.next + 1;
        let incoming_position = incoming.record.position;
        let is_last = next as usize >= incoming.record.chunks.len();
        if is_last {
            standing.snapshot = None;
            standing.cursor = CursorRecord { feed: incoming.record.position, ..standing.cursor };
            standing.whole = incoming.record.position;
        } else {
            standing.snapshot = Some(Incoming { next, ..incoming });
        }
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let sealed = SealedMember::all(&self.vault, members.iter().map(|member| &member.record))?;
        for (SnapshotMember { position, record }, sealed) in members.iter().zip(&sealed) {
            let origin = Origin { generation: standing.generation, position: *position };
            if self.memory.aliases.contains_key(&record.id) {
                rows::delete_alias(&tx, &record.id)?;
            }
            if self.memory.positions.holds(&record.id) {
                rows::put_member(&tx, sealed, origin, 0)?;
            } else {
                rows::add_member(&tx, sealed, origin)?;
            }
        }
        let old = if is_last { rows::members_before(&tx, standing.generation)? } else { Vec::new() };
        // One on whom an edit was taken behind the snapshot comes with a page after it.
        let coming = outbox::members_taken_after(&tx, incoming_position)?;
        let all = old.len();
        let gone: Vec<MemberId> =
            unsent_aside(old, &self.memory.shown, &BTreeMap::new()).into_iter().filter(|id| !coming.contains(id)).collect();
        // Unless she has been handed away since: then she does not come by the end of those pages either. Nor does a walk-in
        // whose enrolment is sent again, as after a restore, if she is not this guide's any more.
        if is_last {
            standing.sweep((gone.len() < all).then_some(standing.generation));
        }
        for id in &gone {
            rows::delete_member(&tx, id)?;
            outbox::forget_on(&tx, &self.vault, id)?;
        }
        outbox::hide_contained(&tx, standing.cursor.feed)?;
        settings::save(&tx, &self.vault, STANDING, &standing)?;
        failpoint::hit("store.pull.before_commit")?;
        tx.commit()?;
        failpoint::hit("store.pull.after_commit")?;
        self.memory.clock = clock;
        self.memory.standing = standing;
        self.remember(members, gone, is_last)
    }

    /// Memory follows the file.
    fn remember(&mut self, members: Vec<SnapshotMember>, gone: Vec<MemberId>, is_last: bool) -> Result<Changed, StoreError> {
        let mut changed = Changed { more: is_last, snapshot: !is_last, ..Changed::default() };
        // Who comes under her own id is herself there; a merge behind the snapshot comes with a page after it.
        let parted: Vec<MemberId> = members.iter().filter_map(|member| self.memory.aliases.remove(&member.record.id)).collect();
        if is_last || !parted.is_empty() {
            self.load_shown()?;
        }
        for winner in parted {
            self.memory.coming.retain(|entry| entry.id != winner);
            self.reindex(&winner)?;
            changed.members.insert(winner);
        }
        for id in &gone {
            self.memory.positions.remove(id);
            self.memory.terms.forget(id);
            self.memory.index.remove(id);
        }
        changed.members.extend(gone);
        for SnapshotMember { position, record } in members {
            let touched_ms = if self.memory.positions.holds(&record.id) { self.touched_ms(&record.id)? } else { 0 };
            self.memory.positions.set(&record.id, position);
            self.memory.terms.note(&record);
            changed.members.insert(record.id.clone());
            let entry = self.memory.index_entry(MemberRow { record, touched_ms, position });
            self.memory.coming.push(entry);
        }
        let first = self.memory.index.is_empty();
        if first || is_last {
            self.list_coming()?;
        }
        self.settle_terms()?;
        Ok(changed)
    }

    /// Makes searchable who has come with a snapshot.
    pub(crate) fn list_coming(&mut self) -> Result<(), StoreError> {
        let mut coming = std::mem::take(&mut self.memory.coming);
        // What has come of an earlier snapshot may be gone since.
        coming.retain(|entry| self.memory.positions.holds(&entry.id));
        self.memory.index.put_many(coming);
        // Some of these may have been edited while the others came.
        for id in self.memory.shown.keys().cloned().collect::<Vec<_>>() {
            self.reindex(&id)?;
        }
        Ok(())
    }

    fn touched_ms(&self, id: &MemberId) -> Result<i64, StoreError> {
        Ok(rows::member(&self.conn, &self.vault, id)?.map_or(0, |row| row.touched_ms))
    }
}
