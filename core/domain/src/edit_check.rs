//! What a guide may do to a member, decided at the moment of the edit, on the phone; and again on the server.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::member::LONGEST_NAME;
use crate::sensitive::{SensitiveTopic, sensitive_topic};
use crate::{
    BrandId, Catalogue, Choice, Edit, EditableBy, GuideField, GuideId, Limits, MemberState, StoreId, Tag, TagGroup, TagId, Walkin,
};

/// Who edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    /// The guide.
    pub guide: GuideId,
    /// Her store.
    pub store: StoreId,
    /// Her brand, if she works for one.
    pub brand: Option<BrandId>,
}

/// A rule that an edit breaks: which field of it, and why. Holds no member's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct EditProblem {
    /// The field, in the words of the API: `tag`, `note`, `name`, `phone`, …
    pub field: String,
    /// Why.
    pub reason: EditReason,
}

/// Why an edit is not allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum EditReason {
    /// Nothing was given where something is needed.
    #[error("empty")]
    Empty,
    /// More characters than the limit.
    #[error("longer than {limit} characters")]
    TooLong {
        /// The limit, in characters.
        limit: usize,
    },
    /// More of them than the limit.
    #[error("more than {limit}")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// No such tag, group, note or follow-up.
    #[error("unknown")]
    Unknown,
    /// Only HQ sets tags of this group.
    #[error("set by headquarters only")]
    HqOnly,
    /// The group belongs to another brand or store than the guide's.
    #[error("belongs to another brand or store")]
    OutOfScope,
    /// A single-choice group takes one choice, a multi-choice group takes tags.
    #[error("does not fit the group's kind")]
    WrongKind,
    /// The text touches a topic that the law forbids here.
    #[error("about a protected topic")]
    Sensitive {
        /// Which.
        topic: SensitiveTopic,
    },
    /// Not a mobile number, a day, or the like.
    #[error("malformed")]
    Malformed,
    /// Consent is missing.
    #[error("consent is missing")]
    NoConsent,
    /// The edit changes nothing.
    #[error("changes nothing")]
    NoChange,
}

impl EditProblem {
    /// The problem `reason` with `field`.
    pub fn new(field: &str, reason: EditReason) -> Self {
        EditProblem { field: field.to_owned(), reason }
    }
}

/// Whether `editor` may see (and, unless HQ keeps it, edit) the tags of `group`.
pub fn in_scope(group: &TagGroup, store: &StoreId, brand: Option<&BrandId>) -> bool {
    group.brand.as_ref().is_none_or(|b| Some(b) == brand) && group.store.as_ref().is_none_or(|s| s == store)
}

/// Checks `edit` by `editor` on a member in `state`. The first rule that is broken is the answer.
pub fn check_edit(edit: &Edit, editor: &Editor, state: &MemberState, catalogue: &Catalogue, limits: &Limits) -> Result<(), EditProblem> {
    match edit {
        Edit::Tag { tag, on } if tag.is_personal() => {
            if !tag.belongs_to(&editor.guide) {
                return Err(EditProblem::new("tag", EditReason::Unknown));
            }
            check_room_for_tag(*on, state, limits)
        }
        Edit::Tag { tag, on } => {
            check_tag(tag, Choice::Multi, editor, catalogue)?;
            check_room_for_tag(*on, state, limits)
        }
        Edit::Choose { group, tag } => {
            let found = catalogue.group(group).ok_or_else(|| EditProblem::new("group", EditReason::Unknown))?;
            check_group(found, Choice::Single, editor)?;
            let Some(tag) = tag else { return Ok(()) };
            let known = check_tag(tag, Choice::Single, editor, catalogue)?;
            if known.group == *group { Ok(()) } else { Err(EditProblem::new("tag", EditReason::WrongKind)) }
        }
        Edit::Note { text } => {
            check_text("note", text, 1, limits.note)?;
            check_count("note", state.notes.len(), limits.notes_per_member)
        }
        Edit::WithdrawNote { note, .. } => known("note", state.notes.contains_key(note)),
        Edit::FollowUp { text, due } => {
            check_text("follow_up", text, 1, limits.note)?;
            check_day("due", *due)?;
            check_count("follow_up", state.follow_ups.len(), limits.notes_per_member)
        }
        Edit::FollowUpDone { follow_up, .. } => known("follow_up", state.follow_ups.contains_key(follow_up)),
        Edit::Field { field, value } => {
            let (name, limit) = match field {
                GuideField::RemarkName => ("remark_name", limits.remark_name),
                GuideField::Preferences => ("preferences", limits.preferences),
                GuideField::SizeTop => ("size_top", limits.size),
                GuideField::SizeBottom => ("size_bottom", limits.size),
                GuideField::SizeShoe => ("size_shoe", limits.size),
                GuideField::SizeRing => ("size_ring", limits.size),
            };
            check_text(name, value, 0, limit)
        }
        Edit::Enrol { walkin } => check_walkin(walkin),
        Edit::PersonalTag { tag, name } => {
            if !tag.belongs_to(&editor.guide) {
                return Err(EditProblem::new("tag", EditReason::Unknown));
            }
            check_text("name", name, 0, limits.tag_name)?;
            match sensitive_topic(name) {
                Some(topic) => Err(EditProblem::new("name", EditReason::Sensitive { topic })),
                None => Ok(()),
            }
        }
        // It is on record or it is not: see `Limits::reveals_per_day`.
        Edit::Reveal { .. } => Ok(()),
        // Judged by `coupon::issue_check` on the phone, and by the server's books of codes.
        Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => Ok(()),
    }
}

fn check_walkin(walkin: &Walkin) -> Result<(), EditProblem> {
    check_text("name", &walkin.name, 1, LONGEST_NAME)?;
    if !walkin.consents.membership {
        return Err(EditProblem::new("membership", EditReason::NoConsent));
    }
    Ok(())
}

/// The tag, if it is known and its group is of this kind and open to the editor.
fn check_tag<'a>(tag: &TagId, kind: Choice, editor: &Editor, catalogue: &'a Catalogue) -> Result<&'a Tag, EditProblem> {
    let unknown = || EditProblem::new("tag", EditReason::Unknown);
    let tag = catalogue.tag(tag).ok_or_else(unknown)?;
    let group = catalogue.group(&tag.group).ok_or_else(unknown)?;
    check_group(group, kind, editor)?;
    Ok(tag)
}

fn check_group(group: &TagGroup, kind: Choice, editor: &Editor) -> Result<(), EditProblem> {
    let reason = if !in_scope(group, &editor.store, editor.brand.as_ref()) {
        EditReason::OutOfScope
    } else if group.editable_by == EditableBy::Hq {
        EditReason::HqOnly
    } else if group.choice != kind {
        EditReason::WrongKind
    } else {
        return Ok(());
    };
    Err(EditProblem::new("tag", reason))
}

fn check_room_for_tag(on: bool, state: &MemberState, limits: &Limits) -> Result<(), EditProblem> {
    if !on {
        return Ok(());
    }
    let carried = state.tags.values().filter(|cell| cell.value).count();
    check_count("tag", carried, limits.tags_per_member)
}

fn check_text(field: &str, text: &str, least: usize, limit: usize) -> Result<(), EditProblem> {
    if least > 0 && text.trim().is_empty() {
        return Err(EditProblem::new(field, EditReason::Empty));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(EditProblem::new(field, EditReason::Malformed));
    }
    if text.chars().count() > limit {
        return Err(EditProblem::new(field, EditReason::TooLong { limit }));
    }
    Ok(())
}

fn check_count(field: &str, have: usize, limit: usize) -> Result<(), EditProblem> {
    if have >= limit { Err(EditProblem::new(field, EditReason::TooMany { limit })) } else { Ok(()) }
}

fn check_day(field: &str, day: NaiveDate) -> Result<(), EditProblem> {
    use chrono::Datelike;
    if (2000..=2100).contains(&day.year()) { Ok(()) } else { Err(EditProblem::new(field, EditReason::Malformed)) }
}

fn known(field: &str, it_is: bool) -> Result<(), EditProblem> {
    if it_is { Ok(()) } else { Err(EditProblem::new(field, EditReason::Unknown)) }
}

#[cfg(test)]
mod tests;
