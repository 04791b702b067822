//! An edit: checked, written down with its operation in one transaction, and shown.

use guidebook_domain::redirect::resolve;
use guidebook_domain::{
    Edit, EditProblem, EditReason, Hlc, Limits, MemberId, MemberProfile, MemberState, Operation, OperationId, Phone, Private, TagId,
    Walkin, check_edit,
};
use guidebook_wire::MemberRecord;
use rusqlite::{Transaction, TransactionBehavior};

use crate::outbox::{self, Fate, OperationEntry};
use crate::settings::{self, STANDING};
use crate::vault::Vault;
use crate::{Store, StoreError, failpoint, rows};

/// When an edit is made, and the chance that its id needs.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// This phone's clock, Unix milliseconds.
    pub wall_ms: u64,
    /// Ten random bytes.
    pub random: [u8; 10],
}

impl Store {
    /// Edits a member. When this returns, the edit is on the disk and shown.
    pub fn edit(&mut self, member: &MemberId, edit: Edit, moment: Moment) -> Result<OperationId, StoreError> {
        let member = self.memory.today(member);
        let state = self.member(&member)?.record.state;
        let operation = self.operation_of(Some(member), edit, moment)?;
        let inverse = state.inverse(operation.id, &operation.edit);
        self.check(&operation.edit, &state)?;
        if inverse.as_ref() == Some(&operation.edit) {
            return Err(EditProblem::new(field_of(&operation.edit), EditReason::NoChange).into());
        }
        self.commit(OperationEntry { operation, inverse, fate: Fate::Waiting }, None, moment)
    }

    /// Enrols a walk-in customer. Her name is trimmed. A number that the book knows is answered with its member.
    pub fn enrol_walk_in(&mut self, mut walkin: Walkin, moment: Moment) -> Result<(MemberId, OperationId), StoreError> {
        walkin.name = Private::new(walkin.name.trim());
        if let Some(known) = self.member_with_phone(&walkin.phone)? {
            return Err(StoreError::AlreadyMember(known));
        }
        let mut operation = self.operation_of(None, Edit::Enrol { walkin: Box::new(walkin.clone()) }, moment)?;
        let id = MemberId::walk_in(operation.id);
        operation.member = Some(id.clone());
        self.check(&operation.edit, &MemberState::default())?;
        let profile = MemberProfile {
            name: walkin.name,
            phone: Some(walkin.phone),
            gender: walkin.gender,
            birthday: walkin.birthday,
            store: Some(walkin.store),
            brands: walkin.consents.brands,
            marketing_consent: walkin.consents.marketing,
            ..MemberProfile::default()
        };
        let record = MemberRecord::new(id.clone(), profile, MemberState::default());
        let op = self.commit(OperationEntry { operation, inverse: None, fate: Fate::Waiting }, Some(record), moment)?;
        Ok((id, op))
    }

    /// Names one of the guide's own tags: a fresh one, or one that she has. An empty name gives it up.
    pub fn name_personal_tag(&mut self, tag: Option<TagId>, name: Private, moment: Moment) -> Result<TagId, StoreError> {
        let guide = self.identity().ok_or(StoreError::NotEnrolled)?.guide.id.clone();
        let fresh = TagId::personal(&guide, OperationId::from_time(moment.wall_ms, moment.random));
        let is_fresh = tag.is_none();
        let tag = tag.map_or(fresh, Ok).map_err(|_| EditProblem::new("tag", EditReason::Malformed))?;
        let name = Private::new(name.trim());
        if is_fresh && name.is_empty() {
            return Err(EditProblem::new("name", EditReason::Empty).into());
        }
        if !is_fresh && self.memory.catalogue.tag(&tag).is_none() {
            return Err(EditProblem::new("tag", EditReason::Unknown).into());
        }
        self.put_personal_tag(tag.clone(), name, moment)?;
        Ok(tag)
    }

    pub(crate) fn put_personal_tag(&mut self, tag: TagId, name: Private, moment: Moment) -> Result<OperationId, StoreError> {
        let operation = self.operation_of(None, Edit::PersonalTag { tag, name }, moment)?;
        self.check(&operation.edit, &MemberState::default())?;
        self.commit(OperationEntry { operation, inverse: None, fate: Fate::Waiting }, None, moment)
    }

    pub(crate) fn check(&self, edit: &Edit, state: &MemberState) -> Result<(), StoreError> {
        let editor = self.identity().ok_or(StoreError::NotEnrolled)?.editor();
        Ok(check_edit(edit, &editor, state, &self.memory.catalogue, &Limits::default())?)
    }

    /// The operation for an edit, following tags that were merged. Does not move the clock.
    pub(crate) fn operation_of(&self, member: Option<MemberId>, edit: Edit, moment: Moment) -> Result<Operation, StoreError> {
        let identity = self.identity().ok_or(StoreError::NotEnrolled)?;
        let now_ms = self.corrected_ms(moment.wall_ms);
        let operation = Operation {
            id: OperationId::from_time(now_ms, moment.random),
            device: identity.device,
            guide: identity.guide.id.clone(),
            hlc: Hlc::default(),
            member,
            edit,
        };
        match resolve(&operation, |_| None, &self.memory.catalogue) {
            Ok(resolved) => Ok(resolved.operation),
            Err(_) => Err(EditProblem::new("tag", EditReason::Unknown).into()),
        }
    }

    /// One transaction: the operation, its member's row, and the clock. Only then does it show.
    fn commit(&mut self, entry: OperationEntry, enrolled: Option<MemberRecord>, moment: Moment) -> Result<OperationId, StoreError> {
        let generation = self.memory.standing.generation;
        self.commit_with(entry, moment, |tx, vault, now_ms| {
            let Some(record) = &enrolled else { return Ok(()) };
            let origin = rows::Origin { generation, position: 0 };
            rows::put_member(tx, &rows::SealedMember::of(vault, record)?, origin, now_ms as i64)
        })
    }

    /// The same, with what else an edit writes.
    pub(crate) fn commit_with(
        &mut self,
        mut entry: OperationEntry,
        moment: Moment,
        write: impl FnOnce(&Transaction<'_>, &Vault, u64) -> Result<(), StoreError>,
    ) -> Result<OperationId, StoreError> {
        let now_ms = self.corrected_ms(moment.wall_ms);
        let mut clock = self.memory.clock;
        entry.operation.hlc = clock.tick(now_ms);
        let mut standing = self.memory.standing.clone();
        standing.last_hlc = entry.operation.hlc;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        outbox::insert(&tx, &self.vault, &entry)?;
        if let Some(member) = &entry.operation.member {
            rows::touch_member(&tx, member, now_ms)?;
        }
        write(&tx, &self.vault, now_ms)?;
        settings::save(&tx, &self.vault, STANDING, &standing)?;
        failpoint::hit("store.edit.before_commit")?;
        tx.commit()?;
        failpoint::hit("store.edit.after_commit")?;
        self.memory.clock = clock;
        self.memory.standing = standing;
        let (id, member) = (entry.operation.id, entry.operation.member.clone());
        // Of a coupon nothing is searched for.
        let only_touches = matches!(entry.operation.edit, Edit::CouponIssued { .. } | Edit::CouponVoided { .. });
        self.memory.show(entry);
        if let Some(member) = member
            && !(only_touches && self.memory.index.touch(&member, now_ms as i64))
        {
            self.reindex(&member)?;
        }
        Ok(id)
    }

    /// The member of this book with this phone number: of several, the first by id.
    pub fn member_with_phone(&self, phone: &Phone) -> Result<Option<MemberId>, StoreError> {
        let found = rows::members_by_phone(&self.conn, self.vault.phone_hash(phone))?;
        Ok(found.into_iter().find(|id| !self.memory.terms.hides(id)))
    }
}

pub(crate) fn field_of(edit: &Edit) -> &'static str {
    match edit {
        Edit::Tag { .. } | Edit::Choose { .. } | Edit::PersonalTag { .. } => "tag",
        Edit::Note { .. } | Edit::WithdrawNote { .. } => "note",
        Edit::FollowUp { .. } | Edit::FollowUpDone { .. } => "follow_up",
        Edit::Field { .. } => "value",
        Edit::Enrol { .. } => "phone",
        Edit::Reveal { .. } => "reveal",
        Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => "coupon",
    }
}
