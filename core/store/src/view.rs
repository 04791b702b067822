//! A member as the guide sees her: the server's last word plus this phone's own edits.

use guidebook_domain::MemberId;
use guidebook_wire::MemberRecord;
use guidebook_wire::digest::BookDigest;

use crate::search::{Page, Query};
use crate::{Fate, Store, StoreError, rows};

/// A member as the guide sees her.
#[derive(Clone, Debug)]
pub struct MemberView {
    /// The record, with this phone's own edits on top.
    pub record: MemberRecord,
    /// How many of these edits wait for the server's answer.
    pub waiting: usize,
}

impl Store {
    /// One member. One whose last day with this guide is over is not found.
    pub fn member(&self, id: &MemberId) -> Result<MemberView, StoreError> {
        let id = self.memory.today(id);
        if self.memory.terms.hides(&id) {
            return Err(StoreError::NotFound);
        }
        let mut record = rows::member(&self.conn, &self.vault, &id)?.ok_or(StoreError::NotFound)?.record;
        self.memory.overlay(&mut record);
        Ok(MemberView { record, waiting: self.waiting_on(&id) })
    }

    /// A page of the list.
    pub fn search(&self, query: &Query) -> Page {
        self.memory.index.search(query)
    }

    /// The digest of all members of this book, as shown.
    pub fn digest(&self) -> Result<String, StoreError> {
        let mut digest = BookDigest::default();
        rows::each_member(&self.conn, &self.vault, |mut row| {
            self.memory.overlay(&mut row.record);
            digest.add_state(&row.record.id, &row.record.state, &self.memory.catalogue);
            Ok(())
        })?;
        Ok(digest.finish())
    }

    fn waiting_on(&self, id: &MemberId) -> usize {
        let shown = self.memory.shown.get(id).into_iter().flatten();
        shown.filter(|entry| entry.fate == Fate::Waiting).count()
    }
}
