//! Members as columns. A column whose values are all the same, or that nobody has, costs next to nothing.
//!
//! A field that a later version adds is a column of its own name at the top of the record; this version keeps it in
//! [`MemberRecord::extra`]. What is rare (notes, follow-ups, fields) lies as JSON.

use chrono::{Datelike, NaiveDate};
use guidebook_domain::merge::Stamp;
use guidebook_domain::{Birthday, Gender, MemberState, Phone, PurchaseStats, StoreId, TagId};

use super::SnapshotError;
use super::columns::Writer;
use crate::MemberRecord;

/// A member and the position of the feed at which she last changed.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotMember {
    /// Position in the guide's feed.
    pub position: u64,
    /// The member.
    pub record: MemberRecord,
}

/// Writes a chunk.
pub fn write_chunk(members: &[SnapshotMember]) -> Result<Vec<u8>, SnapshotError> {
    let mut writer = Writer::default();
    for member in members {
        write_member(&mut writer, member)?;
    }
    write_where_any(&mut writer, "months", members, |record| (!record.months.is_empty()).then_some(&record.months))?;
    write_where_any(&mut writer, "due_again", members, |record| (!record.due_again.is_empty()).then_some(&record.due_again))?;
    write_where_any(&mut writer, "extra", members, |record| (!record.extra.0.is_empty()).then_some(&record.extra.0))?;
    Ok(writer.finish(members.len()))
}

fn write_member(to: &mut Writer, SnapshotMember { position, record }: &SnapshotMember) -> Result<(), SnapshotError> {
    let MemberRecord { id, profile, state, months: _, due_again: _, extra: _ } = record;
    to.int("position", *position as i64);
    to.text("id", id.as_str());
    to.text("name", profile.name.expose());
    to.text("phone", profile.phone.as_ref().map_or("", Phone::expose));
    to.int("gender", profile.gender.map_or(0, |g| if g == Gender::Female { 1 } else { 2 }));
    to.int("birthday", profile.birthday.map_or(0, birthday_number));
    to.int("joined", profile.joined.map_or(0, day_number));
    to.dict("level", Some(profile.level.as_str()).filter(|level| !level.is_empty()));
    to.int("points", profile.points);
    to.dict("store", profile.store.as_ref().map(StoreId::as_str));
    to.int("brands", profile.brands.len() as i64);
    profile.brands.iter().for_each(|brand| to.dict("brands.id", Some(brand.as_str())));
    to.int("consent", i64::from(profile.marketing_consent));
    write_stats(to, &profile.stats);
    to.int("tags", state.tags.len() as i64);
    for (tag, cell) in &state.tags {
        to.dict("tags.id", Some(tag.as_str()));
        to.int("tags.on", i64::from(cell.value));
        write_stamp(to, &TAG_STAMP, &cell.stamp);
    }
    to.int("choices", state.choices.len() as i64);
    for (group, cell) in &state.choices {
        to.dict("choices.group", Some(group.as_str()));
        to.dict("choices.tag", cell.value.as_ref().map(TagId::as_str));
        write_stamp(to, &CHOICE_STAMP, &cell.stamp);
    }
    let rare = MemberState { tags: Default::default(), choices: Default::default(), ..state.clone() };
    let rare = if rare == MemberState::default() { String::new() } else { json(&rare)? };
    to.json("state", &rare);
    Ok(())
}

fn write_stats(to: &mut Writer, stats: &PurchaseStats) {
    to.int("orders", stats.orders.into());
    to.int("spend", stats.spend_fen);
    to.int("first", stats.first.map_or(0, day_number));
    to.int("last", stats.last.map_or(0, day_number));
    to.int("recent", stats.recent.len() as i64);
    for purchase in &stats.recent {
        to.int("recent.day", day_number(purchase.day));
        to.dict("recent.product", Some(&purchase.product));
        to.int("recent.quantity", purchase.quantity.into());
        to.int("recent.paid", purchase.paid_fen);
    }
}

/// The columns of a stamp: HLC, device, operation, guide.
pub(super) type StampColumns = [&'static str; 4];
pub(super) const TAG_STAMP: StampColumns = ["tags.hlc", "tags.device", "tags.op", "tags.guide"];
pub(super) const CHOICE_STAMP: StampColumns = ["choices.hlc", "choices.device", "choices.op", "choices.guide"];

fn write_stamp(to: &mut Writer, [hlc, device, op, guide]: &StampColumns, stamp: &Stamp) {
    to.int(hlc, stamp.hlc.to_bits() as i64);
    to.dict(device, Some(&stamp.device.to_string()));
    to.id(op, *stamp.op.uuid().as_bytes());
    to.dict(guide, Some(stamp.guide.as_str()));
}

/// A column of JSON, left out where nobody has anything in it: what came after protocol 2 began, and `extra`, the fields of
/// a newer version than this one, so that a server that keeps them can hand them on.
fn write_where_any<'m, T: serde::Serialize + 'm>(
    to: &mut Writer,
    name: &'static str,
    members: &'m [SnapshotMember],
    value: impl Fn(&'m MemberRecord) -> Option<&'m T>,
) -> Result<(), SnapshotError> {
    let values: Vec<Option<&T>> = members.iter().map(|member| value(&member.record)).collect();
    if values.iter().any(Option::is_some) {
        for value in values {
            to.json(name, &value.map_or(Ok(String::new()), json)?);
        }
    }
    Ok(())
}

fn json(value: &impl serde::Serialize) -> Result<String, SnapshotError> {
    serde_json::to_string(value).map_err(|_| SnapshotError::Malformed("JSON"))
}

fn day_number(day: NaiveDate) -> i64 {
    day.num_days_from_ce().into()
}

/// Year (0 if it was not given), month and day in one number; never 0.
fn birthday_number(birthday: Birthday) -> i64 {
    let (month, day) = birthday.month_day();
    i64::from(birthday.year().unwrap_or(0)) * 512 + i64::from(month) * 32 + i64::from(day)
}
