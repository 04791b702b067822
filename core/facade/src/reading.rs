//! Lists, members, tags, and edits with their fates. Nothing here touches the network.

use chrono::NaiveDate;
use guidebook_domain::edit_check::in_scope;
use guidebook_domain::member::LONGEST_NAME;
use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{
    BirthdayWindow, BrandId, Choice, EditableBy, Gender, GuideField, GuideId, Limits, MemberId, Phone, ScannedCode, cadence,
};
use guidebook_store::Store;
use guidebook_store::search::{LARGEST_PAGE, MatchedField, Query, ShownMatch, Sort, index_letter};
use guidebook_wire::MemberRecord;

use crate::edit_rows::edit_row;
use crate::edit_view::EditRow;
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
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| {
            let today = store.today(now_ms);
            let query = Query {
                text: request.text,
                tags,
                birthday: request.birthday_within_days.map(|days| BirthdayWindow::within(today, days)),
                due_by: request.follow_up_due.then_some(today),
                sort: match request.order {
                    MemberOrder::Recent => Sort::Recent,
                    MemberOrder::Name => Sort::Name,
                    MemberOrder::Spend => Sort::Spend,
                },
                offset: request.offset as usize,
                limit: (request.limit as usize).min(LARGEST_PAGE),
            };
            let page = store.list(&query)?;
            let rows = page.members.iter().map(|listed| MemberRow {
                matches: listed.matches.iter().map(match_span).collect(),
                ..member_row(store, &listed.member, today)
            });
            Ok(MemberPage { rows: rows.collect(), total: page.total as u32 })
        })
    }

    /// One member. The id of a walk-in who has become another member finds that one.
    ///
    /// Errors: `Locked`, `NotFound`, `Invalid` (`member`), `StorageFault`.
    pub fn member(&self, member: String) -> Result<MemberView, GuidebookError> {
        let id: MemberId = parse("member", &member)?;
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| Ok(member_view(store, &store.member(&id)?, store.today(now_ms))))
    }

    /// The member of this book who has this number, however it is written; of several, the first by id.
    ///
    /// Errors: `Locked`, `Invalid` (`phone`), `StorageFault`.
    pub fn member_by_phone(&self, phone: String) -> Result<Option<MemberRow>, GuidebookError> {
        let phone = Phone::parse(&phone).map_err(|_| malformed("phone"))?;
        let now_ms = self.inner.wall_ms();
        self.inner.with(|store| {
            let Some(id) = store.member_with_phone(&phone)? else { return Ok(None) };
            Ok(Some(member_row(store, &store.member(&id)?, store.today(now_ms))))
        })
    }

    /// What a scanned or wedged text is: HQ's enrolment code, a phone number, a member of this book. Without an open book
    /// nobody is a member of it.
    ///
    /// Errors: `StorageFault`.
    pub fn read_code(&self, text: String) -> Result<CodeView, GuidebookError> {
        match self.inner.with(|store| code_view(&text, Some(store))) {
            Err(GuidebookError::Locked | GuidebookError::Wiped) => code_view(&text, None),
            read => read,
        }
    }

    /// The retailer's brands.
    ///
    /// Errors: `Locked`.
    pub fn brands(&self) -> Result<Vec<MembershipRow>, GuidebookError> {
        self.inner.with(|store| {
            Ok(store.directory().brands.iter().map(|b| MembershipRow { id: b.id.to_string(), name: b.name.clone() }).collect())
        })
    }

    /// What an editor can say before the tap.
    pub fn limits(&self) -> LimitsView {
        let limits = Limits::default();
        LimitsView {
            member_name: LONGEST_NAME as u32,
            note: limits.note as u32,
            notes_per_member: limits.notes_per_member as u32,
            tag_name: limits.tag_name as u32,
            tags_per_member: limits.tags_per_member as u32,
            remark_name: limits.remark_name as u32,
            preferences: limits.preferences as u32,
            size: limits.size as u32,
            reveals_per_day: limits.reveals_per_day as u32,
            page: LARGEST_PAGE as u32,
        }
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

fn code_view(text: &str, store: Option<&mut Store>) -> Result<CodeView, GuidebookError> {
    let store = store.as_deref();
    Ok(match ScannedCode::read(text, |id| store.is_some_and(|store| store.member(id).is_ok())) {
        ScannedCode::Enrolment { code, server } => CodeView::Enrolment { code, server },
        ScannedCode::Phone(phone) => {
            let member = store.map_or(Ok(None), |store| store.member_with_phone(&phone))?;
            CodeView::Phone { phone: phone.expose().to_owned(), member: member.map(String::from) }
        }
        ScannedCode::Member(member) => CodeView::Member { member: member.into() },
        ScannedCode::Unknown => CodeView::Unknown,
    })
}

fn match_span(found: &ShownMatch) -> MatchSpan {
    MatchSpan {
        field: match found.field {
            MatchedField::Name => MatchField::Name,
            MatchedField::RemarkName => MatchField::RemarkName,
            MatchedField::Phone => MatchField::Phone,
        },
        start: found.characters.start as u32,
        length: found.characters.len() as u32,
    }
}

fn member_row(store: &Store, view: &guidebook_store::MemberView, today: NaiveDate) -> MemberRow {
    let profile = &view.record.profile;
    let state = &view.record.state;
    MemberRow {
        id: view.record.id.to_string(),
        name: profile.name.expose().to_owned(),
        remark_name: view.remark_name().to_owned(),
        masked_phone: profile.phone.as_ref().map(|p| p.masked()).unwrap_or_default(),
        level: profile.level.clone(),
        tags: store.catalogue().carried(state).iter().map(ToString::to_string).collect(),
        spend_fen: profile.stats.spend_fen,
        last_purchase: profile.stats.last.map(|day| day.to_string()),
        waiting: view.waiting as u32,
        birthday: profile.birthday.map(String::from),
        days_to_birthday: profile.birthday.map(|birthday| birthday.days_until(today).into()),
        next_follow_up: state.next_follow_up().map(|day| day.to_string()),
        index_letter: index_letter(&profile.name).into(),
        matches: Vec::new(),
    }
}

fn member_view(store: &Store, view: &guidebook_store::MemberView, today: NaiveDate) -> MemberView {
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
        row: member_row(store, view, today),
        gender: profile.gender.map(|gender| match gender {
            Gender::Female => MemberGender::Female,
            Gender::Male => MemberGender::Male,
        }),
        birthday: profile.birthday.map(String::from),
        joined: profile.joined.map(|day| day.to_string()),
        points: profile.points,
        store: profile.store.as_ref().map(ToString::to_string),
        store_name: profile.store.as_ref().and_then(|id| store.directory().stores.iter().find(|s| s.id == *id)).map(|s| s.name.clone()),
        brands: profile.brands.iter().map(ToString::to_string).collect(),
        memberships: profile.brands.iter().map(|brand| MembershipRow { id: brand.to_string(), name: brand_name(store, brand) }).collect(),
        marketing_consent: profile.marketing_consent,
        orders: profile.stats.orders,
        spend_by_month: spend_by_month(&view.record, today),
        cadence_days: cadence::cadence_days(&profile.stats),
        usual_return: cadence::usual_return(&profile.stats).map(|day| day.to_string()),
        replenishments: replenishments(&view.record),
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

fn spend_by_month(record: &MemberRecord, today: NaiveDate) -> Vec<MonthSpend> {
    let shown = record.months.shown(today);
    shown.into_iter().map(|(month, spend_fen)| MonthSpend { month: month.to_string(), spend_fen }).collect()
}

fn replenishments(record: &MemberRecord) -> Vec<ReplenishmentRow> {
    let mut rows: Vec<_> = record.due_again.iter().map(|(product, due)| (due, product)).collect();
    rows.sort_unstable();
    rows.into_iter().map(|(due, product)| ReplenishmentRow { product: product.clone(), due: due.to_string() }).collect()
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

pub(crate) fn brand_name(store: &Store, brand: &BrandId) -> String {
    let known = store.directory().brands.iter().find(|b| b.id == *brand);
    known.map_or_else(|| brand.to_string(), |b| b.name.clone())
}

pub(crate) fn guide_name(store: &Store, guide: &GuideId) -> String {
    let known = store.directory().guides.iter().find(|g| g.id == *guide);
    known.map_or_else(|| guide.to_string(), |g| g.name.clone())
}
