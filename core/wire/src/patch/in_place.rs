//! A patch put straight into the fields of a record, without writing her out as JSON and reading her back: a tag or her points
//! are most of what changes, and a record has a hundred other fields.
//!
//! Only what servers usually say is understood here; `None` means that the long way is to be gone. What was put in by then is
//! put in once more there, which changes nothing: a patch of a patched record is the same record.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::{MemberProfile, MemberState, PurchaseStats};
use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;
use serde::{Serialize, de};
use serde_json::{Map, Value};

use super::merge;
use crate::MemberRecord;

type Fields = Map<String, Value>;

/// The fields of what lies in a cell of the state. A patch that names them all leaves nothing of what was there.
const CELL: &[&str] = &["value", "stamp"];
const NOTE: &[&str] = &["text", "stamp"];
const FOLLOW_UP: &[&str] = &["text", "due", "stamp"];
const STAMP: &[&str] = &["hlc", "device", "op", "guide"];

pub(super) fn put(patch: &Value, record: &mut MemberRecord) -> Option<()> {
    for (name, value) in patch.as_object()? {
        match name.as_str() {
            "id" => (value.as_str()? == record.id.as_str()).then_some(())?,
            "profile" => put_profile(value.as_object()?, &mut record.profile)?,
            "state" => put_state(value.as_object()?, &mut record.state)?,
            "months" => put_each(value, &mut record.months.0, read)?,
            "due_again" => put_each(value, &mut record.due_again, read::<NaiveDate>)?,
            unknown => put_unknown(unknown, value, &mut record.extra.0),
        }
    }
    Some(())
}

fn put_profile(patch: &Fields, profile: &mut MemberProfile) -> Option<()> {
    for (name, value) in patch {
        match name.as_str() {
            "name" => profile.name = read(value)?,
            "phone" => profile.phone = read(value)?,
            "gender" => profile.gender = read(value)?,
            "birthday" => profile.birthday = read(value)?,
            "joined" => profile.joined = read(value)?,
            "level" => profile.level = read_or_none(value)?,
            "points" => profile.points = read_or_none(value)?,
            "store" => profile.store = read(value)?,
            "brands" => profile.brands = read_or_none(value)?,
            "marketing_consent" => profile.marketing_consent = read_or_none(value)?,
            "stats" => put_stats(value.as_object()?, &mut profile.stats)?,
            _ => return None,
        }
    }
    Some(())
}

fn put_stats(patch: &Fields, stats: &mut PurchaseStats) -> Option<()> {
    for (name, value) in patch {
        match name.as_str() {
            "orders" => stats.orders = read(value)?,
            "spend_fen" => stats.spend_fen = read(value)?,
            "first" => stats.first = read(value)?,
            "last" => stats.last = read(value)?,
            "recent" => stats.recent = read_or_none(value)?,
            _ => return None,
        }
    }
    Some(())
}

fn put_state(patch: &Fields, state: &mut MemberState) -> Option<()> {
    for (name, cells) in patch {
        match name.as_str() {
            "tags" => put_each(cells, &mut state.tags, |value| read_whole(value, CELL))?,
            "choices" => put_each(cells, &mut state.choices, |value| read_whole(value, CELL))?,
            "fields" => put_each(cells, &mut state.fields, |value| read_whole(value, CELL))?,
            "notes" => put_each(cells, &mut state.notes, |value| read_whole(value, NOTE))?,
            "withdrawn" => put_each(cells, &mut state.withdrawn, |value| read_whole(value, CELL))?,
            "follow_ups" => put_each(cells, &mut state.follow_ups, |value| read_whole(value, FOLLOW_UP))?,
            "done" => put_each(cells, &mut state.done, |value| read_whole(value, CELL))?,
            _ => return None,
        }
    }
    Some(())
}

fn put_each<K, V>(patch: &Value, map: &mut BTreeMap<K, V>, read: impl Fn(&Value) -> Option<V>) -> Option<()>
where
    K: Ord + Serialize + DeserializeOwned,
{
    if patch.is_null() {
        map.clear();
        return Some(());
    }
    for (name, value) in patch.as_object()? {
        let key = K::deserialize(StrDeserializer::<de::value::Error>::new(name)).ok()?;
        // Spelt in another way it would be a second field until it is read.
        if serde_json::to_value(&key).ok()?.as_str() != Some(name) {
            return None;
        }
        if value.is_null() {
            map.remove(&key);
        } else {
            map.insert(key, read(value)?);
        }
    }
    Some(())
}

fn put_unknown(name: &str, value: &Value, extra: &mut Fields) {
    if value.is_null() {
        extra.remove(name);
    } else {
        merge(extra.entry(name).or_insert(Value::Null), value.clone());
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// A field that is as if it were empty where it is missing.
fn read_or_none<T: DeserializeOwned + Default>(value: &Value) -> Option<T> {
    if value.is_null() { Some(T::default()) } else { read(value) }
}

/// What lies in a cell, if the patch names all of it.
fn read_whole<T: DeserializeOwned>(value: &Value, names: &[&str]) -> Option<T> {
    let has = |value: &Value, names: &[&str]| value.as_object().is_some_and(|fields| names.iter().all(|name| fields.contains_key(*name)));
    (has(value, names) && has(value.get("stamp")?, STAMP)).then(|| read(value))?
}
