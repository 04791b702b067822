//! A member as the guide sees her: the server's last word plus this phone's own edits.

use guidebook_domain::{GuideField, MemberId};
use guidebook_wire::MemberRecord;
use guidebook_wire::digest::BookDigest;

use crate::search::{Page, Query, ShownMatch, shown_matches};
use crate::{Fate, Store, StoreError, rows};

/// A member as the guide sees her.
#[derive(Clone, Debug)]
pub struct MemberView {
    /// The record, with this phone's own edits on top.
    pub record: MemberRecord,
    /// How many of these edits wait for the server's answer.
    pub waiting: usize,
}

/// A member in a list.
#[derive(Clone, Debug)]
pub struct ListedMember {
    /// Who.
    pub member: MemberView,
    /// Where the typed text was found.
    pub matches: Vec<ShownMatch>,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct ListedPage {
    /// The members on this page, in order.
    pub members: Vec<ListedMember>,
    /// The number of members on all pages.
    pub total: usize,
}

impl MemberView {
    /// The guide's own name for her; empty where there is none.
    pub fn remark_name(&self) -> &str {
        self.record.state.fields.get(&GuideField::RemarkName).map_or("", |cell| cell.value.expose())
    }
}

impl Store {
    /// A page of the list, each member with where the text was found.
    pub fn list(&self, query: &Query) -> Result<ListedPage, StoreError> {
        let Page { ids, total } = self.search(query);
        let listed = |id: &MemberId| {
            let member = self.member(id)?;
            let profile = &member.record.profile;
            let matches = shown_matches(&query.text, &profile.name, member.remark_name(), profile.phone.as_ref());
            Ok(ListedMember { member, matches })
        };
        Ok(ListedPage { members: ids.iter().map(listed).collect::<Result<_, StoreError>>()?, total })
    }

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

    /// Who is on a page of the list.
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
