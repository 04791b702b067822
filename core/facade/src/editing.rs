//! What a guide does. Each call returns when the edit is on the disk; it is then shown at once and sent by itself.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use guidebook_domain::{Birthday, BrandId, Choice, Consents, Edit, Gender, MemberId, OperationId, Phone, Private, TagId, Walkin};
use guidebook_store::{Moment, Store, StoreError};

use crate::request::{MemberField, MemberGender, RevealReason, WalkinRequest};
use crate::view::WalkinView;
use crate::{BookChange, Guidebook, GuidebookError, InvalidReason};

#[uniffi::export]
impl Guidebook {
    /// Puts a tag on a member, or takes it off. In a single-choice group the tag takes the place of the one before.
    /// Returns the edit's id.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`tag`), `StorageFull`, `StorageFault`.
    pub fn set_tag(&self, member: String, tag: String, on: bool) -> Result<String, GuidebookError> {
        let tag: TagId = parse("tag", &tag)?;
        self.edit(&member, |store| {
            let catalogue = store.catalogue();
            let group = catalogue.live(&tag).and_then(|live| catalogue.group(&live.group));
            Ok(match group {
                Some(group) if group.choice == Choice::Single => Edit::Choose { group: group.id.clone(), tag: on.then(|| tag.clone()) },
                Some(_) | None => Edit::Tag { tag: tag.clone(), on },
            })
        })
    }

    /// Appends a note of 1 to 1,000 characters. Returns its id, which is the edit's.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`note`), `StorageFull`, `StorageFault`.
    pub fn write_note(&self, member: String, text: String) -> Result<String, GuidebookError> {
        self.edit(&member, |_| Ok(Edit::Note { text: Private::new(text) }))
    }

    /// Appends a follow-up of 1 to 1,000 characters, due on a day (`YYYY-MM-DD`). Returns its id, which is the edit's.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`follow_up`, `due`), `StorageFull`, `StorageFault`.
    pub fn add_follow_up(&self, member: String, text: String, due: String) -> Result<String, GuidebookError> {
        let due = NaiveDate::parse_from_str(&due, "%Y-%m-%d").map_err(|_| malformed("due"))?;
        self.edit(&member, |_| Ok(Edit::FollowUp { text: Private::new(text), due }))
    }

    /// Marks a follow-up done, or open again. Returns the edit's id.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`follow_up`), `StorageFull`, `StorageFault`.
    pub fn set_follow_up_done(&self, member: String, follow_up: String, done: bool) -> Result<String, GuidebookError> {
        let follow_up = parse("follow_up", &follow_up)?;
        self.edit(&member, |_| Ok(Edit::FollowUpDone { follow_up, done }))
    }

    /// Sets a field; an empty value clears it. Returns the edit's id.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (the field's name), `StorageFull`, `StorageFault`.
    pub fn set_field(&self, member: String, field: MemberField, value: String) -> Result<String, GuidebookError> {
        self.edit(&member, |_| Ok(Edit::Field { field: field.into(), value: Private::new(value.trim()) }))
    }

    /// Shows a member's full number. That it was shown is on the disk before the number is returned, is sent like any edit,
    /// and stands in headquarters' change feed with guide, time, phone and reason. It cannot be undone.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`phone`: she has none, `Unknown`; `reveal`: `TooMany` in 24 hours),
    /// `StorageFull`, `StorageFault`.
    pub fn reveal_phone(&self, member: String, reason: RevealReason) -> Result<String, GuidebookError> {
        let member: MemberId = parse("member", &member)?;
        let moment = self.inner.moment()?;
        let phone = self.inner.with(|store| Ok(store.reveal_phone(&member, reason.into(), moment)?))?;
        self.edited(Some(&member));
        Ok(phone.into())
    }

    /// Enrols a walk-in customer at the guide's store: from then on she is a member.
    ///
    /// Errors: `AlreadyMember` with the member whose number it is, `Invalid` (`name`, `phone`, `birthday`,
    /// `membership`, `brand`), `Locked`, `SignedOut`, `StorageFull`, `StorageFault`.
    pub fn enrol_walk_in(&self, request: WalkinRequest) -> Result<WalkinView, GuidebookError> {
        let moment = self.inner.moment()?;
        let (member, edit) = self.inner.with(|store| {
            let walkin = walkin(store, request)?;
            Ok(store.enrol_walk_in(walkin, moment)?)
        })?;
        self.edited(Some(&member));
        Ok(WalkinView { member: member.to_string(), edit: edit.to_string() })
    }

    /// Makes a personal tag of 1 to 30 characters. Returns the tag's id.
    ///
    /// Errors: `Invalid` (`name`; also for what the law protects), `Locked`, `SignedOut`, `StorageFull`, `StorageFault`.
    pub fn make_personal_tag(&self, name: String) -> Result<String, GuidebookError> {
        self.personal_tag(None, name)
    }

    /// Renames a personal tag; an empty name gives it up. Returns the tag's id.
    ///
    /// Errors: as [`Guidebook::make_personal_tag`], and `Invalid` (`tag`).
    pub fn rename_personal_tag(&self, tag: String, name: String) -> Result<String, GuidebookError> {
        self.personal_tag(Some(parse("tag", &tag)?), name)
    }

    /// Undoes an edit by another edit, before or after the sync. Returns the second edit's id.
    ///
    /// Errors: `NotFound`, `Invalid` (`edit`: can't be undone, or a later edit has taken its place; or that there is nothing
    /// left to undo), `Locked`, `StorageFull`, `StorageFault`.
    pub fn undo(&self, edit: String) -> Result<String, GuidebookError> {
        self.follow_up_on(&edit, Store::undo)
    }

    /// Makes an edit once more, as of now: one that lost, was refused or was undone. It goes to the member and tag of today.
    /// Returns the second edit's id.
    ///
    /// Errors: `NotFound` where the edit or its member is gone, `Invalid` (it stands already: `NoChange`; its tag is gone:
    /// `Unknown`; or a rule of today), `AlreadyMember` for a walk-in, `Locked`, `StorageFull`, `StorageFault`.
    pub fn apply_again(&self, edit: String) -> Result<String, GuidebookError> {
        self.follow_up_on(&edit, Store::apply_again)
    }
}

/// What makes an edit out of an earlier one.
type FollowUpOn = fn(&mut Store, OperationId, Moment) -> Result<OperationId, StoreError>;

impl Guidebook {
    fn edit(&self, member: &str, edit: impl FnOnce(&Store) -> Result<Edit, GuidebookError>) -> Result<String, GuidebookError> {
        let member: MemberId = parse("member", member)?;
        let moment = self.inner.moment()?;
        let op = self.inner.with(|store| {
            let edit = edit(store)?;
            Ok(store.edit(&member, edit, moment)?)
        })?;
        self.edited(Some(&member));
        Ok(op.to_string())
    }

    fn follow_up_on(&self, edit: &str, make: FollowUpOn) -> Result<String, GuidebookError> {
        let moment = self.inner.moment()?;
        let op: OperationId = parse("edit", edit)?;
        let made = self.inner.with(|store| {
            let made = make(store, op, moment)?;
            Ok(store.operation(made)?.operation)
        })?;
        if made.member.is_none() {
            self.inner.tell(BookChange::Dictionary);
        }
        self.edited(made.member.as_ref());
        Ok(made.id.to_string())
    }

    fn personal_tag(&self, tag: Option<TagId>, name: String) -> Result<String, GuidebookError> {
        let moment = self.inner.moment()?;
        let tag = self.inner.with(|store| Ok(store.name_personal_tag(tag, Private::new(name), moment)?))?;
        self.inner.tell(BookChange::Dictionary);
        self.inner.tell(BookChange::SyncState);
        self.inner.edited();
        Ok(tag.to_string())
    }

    fn edited(&self, member: Option<&MemberId>) {
        self.inner.tell(BookChange::Members { members: member.iter().map(ToString::to_string).collect() });
        self.inner.tell(BookChange::SyncState);
        self.inner.edited();
    }
}

fn walkin(store: &Store, request: WalkinRequest) -> Result<Walkin, GuidebookError> {
    let identity = store.identity().ok_or(GuidebookError::SignedOut)?;
    let known = |brand: &BrandId| store.directory().brands.iter().any(|b| b.id == *brand);
    let mut brands = BTreeSet::new();
    for brand in &request.agrees_to_brands {
        let brand: BrandId = parse("brand", brand)?;
        if !known(&brand) {
            return Err(GuidebookError::invalid("brand", InvalidReason::Unknown));
        }
        brands.insert(brand);
    }
    Ok(Walkin {
        name: Private::new(request.name),
        phone: Phone::parse(&request.phone).map_err(|_| malformed("phone"))?,
        gender: request.gender.map(|gender| match gender {
            MemberGender::Female => Gender::Female,
            MemberGender::Male => Gender::Male,
        }),
        birthday: request.birthday.map(|text| Birthday::parse(&text).map_err(|_| malformed("birthday"))).transpose()?,
        store: identity.guide.store.clone(),
        consents: Consents { membership: request.agrees_to_membership, marketing: request.agrees_to_marketing, brands },
    })
}

/// Reads an id.
pub(crate) fn parse<T: std::str::FromStr>(field: &str, text: &str) -> Result<T, GuidebookError> {
    text.parse().map_err(|_| malformed(field))
}

/// The input `field` cannot be read.
pub(crate) fn malformed(field: &str) -> GuidebookError {
    GuidebookError::invalid(field, InvalidReason::Malformed)
}
