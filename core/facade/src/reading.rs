//! Lists, members, tags, and edits with their fates. Nothing here touches the network.

use guidebook_domain::edit_check::in_scope;
use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{Choice, Edit, EditableBy, Gender, GuideField, GuideId, MemberId, Outcome, Refusal, TagId};
use guidebook_store::search::{LARGEST_PAGE, Query, Sort};
use guidebook_store::{Fate, OperationEntry, Store};

use crate::editing::{malformed, parse};
use crate::request::{ListRequest, MemberField, MemberGender, MemberOrder};
use crate::view::*;
use crate::{Guidebook, GuidebookError};

/// The most edits in one page.
const LARGEST_EDIT_PAGE: u32 = 50;

#[uniffi::export]
impl Guidebook {
    /// A page of the member list.
    ///
    /// Errors: `Locked`, `Invalid` (`tags`), `StorageFault`.
    pub fn list(&self, request: ListRequest) -> Result<MemberPage, GuidebookError> {
        let tags = match request.tags.trim() {
            "" => None,
            text => Some(TagExpression::parse(text).map_err(|_| malformed("tags"))?),
        };
        let query = Query {
            text: request.text,
            tags,
            sort: match request.order {
                MemberOrder::Recent => Sort::Recent,
                MemberOrder::Name => Sort::Name,
                MemberOrder::Spend => Sort::Spend,
            },
            offset: request.offset as usize,
            limit: (request.limit as usize).min(LARGEST_PAGE),
        };
        self.inner.with(|store| {
            let page = store.search(&query);
            let rows = page.ids.iter().map(|id| Ok(member_row(store, &store.member(id)?))).collect::<Result<_, GuidebookError>>()?;
            Ok(MemberPage { rows, total: page.total as u32 })
        })
    }

    /// One member. The id of a walk-in who has become another member finds that one.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`member`), `StorageFault`.
    pub fn member(&self, member: String) -> Result<MemberView, GuidebookError> {
        let id: MemberId = parse("member", &member)?;
        self.inner.with(|store| Ok(member_view(store, &store.member(&id)?)))
    }

    /// The tag groups that this guide sees, with their living tags; her own tags under the group `personal`.
    ///
    /// Errors: `Locked`, `SignedOut`.
    pub fn tag_groups(&self) -> Result<Vec<TagGroupView>, GuidebookError> {
        self.inner.with(|store| {
            let editor = store.identity().ok_or(GuidebookError::SignedOut)?.editor();
            let catalogue = store.catalogue();
            let seen = catalogue.groups().filter(|g| in_scope(g, &editor.store, editor.brand.as_ref()));
            Ok(seen
                .map(|group| TagGroupView {
                    id: group.id.to_string(),
                    name: group.name.clone(),
                    single_choice: group.choice == Choice::Single,
                    editable: group.editable_by == EditableBy::Guides,
                    tags: catalogue.live_tags(&group.id).map(|t| TagRow { id: t.id.to_string(), name: t.name.clone() }).collect(),
                })
                .collect())
        })
    }

    /// Edits of this phone, newest first, with what became of each: all, or those on a member. At most 50 a page. Answered
    /// edits are kept for 90 days, and no longer than their member is in the book; those that wait or were refused stay.
    ///
    /// Errors: `Locked`, `Invalid` (`member`), `StorageFault`.
    pub fn edit_history(&self, member: Option<String>, offset: u32, limit: u32) -> Result<Vec<EditRow>, GuidebookError> {
        let member: Option<MemberId> = member.map(|member| parse("member", &member)).transpose()?;
        let limit = limit.min(LARGEST_EDIT_PAGE);
        self.inner.with(|store| {
            let entries = match &member {
                Some(member) => store.operations_on(member, offset, limit)?,
                None => store.operations(offset, limit)?,
            };
            Ok(entries.iter().map(|entry| edit_row(store, entry)).collect())
        })
    }

    /// One edit.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`edit`), `StorageFault`.
    pub fn edit_fate(&self, edit: String) -> Result<EditRow, GuidebookError> {
        let op = parse("edit", &edit)?;
        self.inner.with(|store| Ok(edit_row(store, &store.operation(op)?)))
    }

    /// One line that tells whether two books hold the same tags and notes: of this book, as shown.
    ///
    /// Errors: `Locked`, `StorageFault`.
    pub fn digest(&self) -> Result<String, GuidebookError> {
        self.inner.with(|store| Ok(store.digest()?))
    }
}

fn member_row(store: &Store, view: &guidebook_store::MemberView) -> MemberRow {
    let profile = &view.record.profile;
    let state = &view.record.state;
    MemberRow {
        id: view.record.id.to_string(),
        name: profile.name.expose().to_owned(),
        remark_name: state.fields.get(&GuideField::RemarkName).map(|c| c.value.expose().to_owned()).unwrap_or_default(),
        masked_phone: profile.phone.as_ref().map(|p| p.masked()).unwrap_or_default(),
        level: profile.level.clone(),
        tags: store.catalogue().carried(state).iter().map(ToString::to_string).collect(),
        spend_fen: profile.stats.spend_fen,
        last_purchase: profile.stats.last.map(|day| day.to_string()),
        waiting: view.waiting as u32,
    }
}

fn member_view(store: &Store, view: &guidebook_store::MemberView) -> MemberView {
    let profile = &view.record.profile;
    let state = &view.record.state;
    let mut follow_ups: Vec<FollowUpRow> = state
        .follow_ups
        .iter()
        .map(|(id, f)| FollowUpRow {
            id: id.to_string(),
            text: f.text.expose().to_owned(),
            due: f.due.to_string(),
            done: state.done.get(id).is_some_and(|cell| cell.value),
            guide: guide_name(store, &f.stamp.guide),
        })
        .collect();
    follow_ups.sort_by(|a, b| (&a.due, &a.id).cmp(&(&b.due, &b.id)));
    let mut notes: Vec<NoteRow> = state
        .standing_notes()
        .map(|(id, note)| NoteRow {
            id: id.to_string(),
            text: note.text.expose().to_owned(),
            guide: guide_name(store, &note.stamp.guide),
            at_ms: note.stamp.hlc.unix_ms(),
        })
        .collect();
    notes.sort_by(|a, b| (b.at_ms, &b.id).cmp(&(a.at_ms, &a.id)));
    MemberView {
        row: member_row(store, view),
        gender: profile.gender.map(|gender| match gender {
            Gender::Female => MemberGender::Female,
            Gender::Male => MemberGender::Male,
        }),
        birthday: profile.birthday.map(String::from),
        joined: profile.joined.map(|day| day.to_string()),
        points: profile.points,
        store: profile.store.as_ref().map(ToString::to_string),
        brands: profile.brands.iter().map(ToString::to_string).collect(),
        marketing_consent: profile.marketing_consent,
        orders: profile.stats.orders,
        purchases: profile
            .stats
            .recent
            .iter()
            .map(|p| PurchaseRow { day: p.day.to_string(), product: p.product.clone(), quantity: p.quantity, paid_fen: p.paid_fen })
            .collect(),
        notes,
        follow_ups,
        fields: state
            .fields
            .iter()
            .filter(|(_, cell)| !cell.value.is_empty())
            .map(|(field, cell)| FieldRow { field: member_field(*field), value: cell.value.expose().to_owned() })
            .collect(),
    }
}

fn member_field(field: GuideField) -> MemberField {
    match field {
        GuideField::RemarkName => MemberField::RemarkName,
        GuideField::Preferences => MemberField::Preferences,
        GuideField::SizeTop => MemberField::SizeTop,
        GuideField::SizeBottom => MemberField::SizeBottom,
        GuideField::SizeShoe => MemberField::SizeShoe,
        GuideField::SizeRing => MemberField::SizeRing,
    }
}

fn edit_row(store: &Store, entry: &OperationEntry) -> EditRow {
    let operation = &entry.operation;
    let kind = match &operation.edit {
        Edit::Tag { .. } => EditKind::Tag,
        Edit::Choose { .. } => EditKind::Choice,
        Edit::Note { .. } => EditKind::Note,
        Edit::WithdrawNote { .. } => EditKind::NoteWithdrawal,
        Edit::FollowUp { .. } => EditKind::FollowUp,
        Edit::FollowUpDone { .. } => EditKind::FollowUpDone,
        Edit::Field { .. } => EditKind::Field,
        Edit::Enrol { .. } => EditKind::Enrolment,
        Edit::PersonalTag { .. } => EditKind::PersonalTag,
    };
    EditRow {
        id: operation.id.to_string(),
        member: operation.member.as_ref().map(ToString::to_string),
        kind,
        what: in_short(store, &operation.edit),
        at_ms: operation.hlc.unix_ms(),
        fate: edit_fate(store, &entry.fate),
        undoable: entry.inverse.is_some() && entry.fate.holds(),
    }
}

fn edit_fate(store: &Store, fate: &Fate) -> EditFate {
    match fate {
        Fate::Waiting => EditFate::Waiting,
        Fate::NotUnderstood => EditFate::Refused { reason: RefusedReason::NotUnderstood },
        Fate::Answered(Outcome::Applied) => EditFate::Applied,
        Fate::Answered(Outcome::Superseded(by)) => {
            EditFate::Superseded { guide: guide_name(store, &by.guide), at_ms: by.at.unix_ms(), with: in_short(store, &by.with) }
        }
        Fate::Answered(Outcome::Redirected(to)) => {
            EditFate::Redirected { member: to.member.as_ref().map(ToString::to_string), tag: to.tag.as_ref().map(ToString::to_string) }
        }
        Fate::Answered(Outcome::Refused(refusal)) => EditFate::Refused {
            reason: match refusal {
                Refusal::NotYourMember => RefusedReason::NotYourMember,
                Refusal::TagDeleted(tag) => RefusedReason::TagDeleted { tag: tag.to_string() },
                Refusal::Rule(problem) => RefusedReason::Invalid { field: problem.field.clone(), reason: problem.reason.clone().into() },
                Refusal::NotYours => RefusedReason::NotYours,
                Refusal::NotUnderstood => RefusedReason::NotUnderstood,
            },
        },
    }
}

/// What an edit does, in short and in no language: `+Name`, `-Name`, the text, the day.
fn in_short(store: &Store, edit: &Edit) -> String {
    let sign = |on: bool| if on { '+' } else { '-' };
    match edit {
        Edit::Tag { tag, on } => format!("{}{}", sign(*on), tag_name(store, tag)),
        Edit::Choose { tag, .. } => tag.as_ref().map_or("-".to_owned(), |tag| format!("={}", tag_name(store, tag))),
        Edit::Note { text } => text.expose().to_owned(),
        Edit::FollowUp { text, due } => format!("{due} {}", text.expose()),
        Edit::WithdrawNote { withdrawn, .. } => sign(!*withdrawn).to_string(),
        Edit::FollowUpDone { done, .. } => sign(*done).to_string(),
        Edit::Field { value, .. } => value.expose().to_owned(),
        Edit::Enrol { walkin } => walkin.name.expose().to_owned(),
        Edit::PersonalTag { name, .. } => name.expose().to_owned(),
    }
}

fn tag_name(store: &Store, tag: &TagId) -> String {
    store.catalogue().tag(tag).map_or_else(|| tag.to_string(), |tag| tag.name.clone())
}

fn guide_name(store: &Store, guide: &GuideId) -> String {
    let known = store.directory().guides.iter().find(|g| g.id == *guide);
    known.map_or_else(|| guide.to_string(), |g| g.name.clone())
}
