//! What of a member changed: JSON Merge Patch (RFC 7396) over her record, made from the paths that changed.
//!
//! A path names a field by its keys from the top of the record: `["profile", "points"]`, `["state", "tags", "T7"]`.
//! A field that is not there any more is `null` in the patch. No field of a member is ever `null` for another reason
//! below such a path, except an empty choice, which reads the same when it is missing.

use guidebook_domain::{Edit, OperationId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::MemberRecord;

mod in_place;

/// How deep the paths of [`difference`] go within the state: the third key names one cell, which has always the same keys.
const CELL: usize = 3;

/// A field of a member, by its keys from the top of her record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Path(pub Vec<String>);

impl Path {
    /// A path of plain words.
    pub fn of(keys: &[&str]) -> Self {
        Path(keys.iter().map(|key| (*key).to_owned()).collect())
    }
}

/// A change that does not fit its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the patch does not fit the member's record")]
pub struct PatchError;

/// The patch. `Debug` hides what it holds.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MemberPatch(pub Value);

impl std::fmt::Debug for MemberPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemberPatch(…)")
    }
}

impl MemberPatch {
    /// The patch that brings the fields at `paths` up to what `record` has.
    pub fn of<'p>(record: &MemberRecord, paths: impl IntoIterator<Item = &'p Path>) -> Result<Self, PatchError> {
        let record = serde_json::to_value(record).map_err(|_| PatchError)?;
        let mut patch = Value::Object(Map::new());
        for Path(keys) in paths {
            let mut from = Some(&record);
            let mut to = &mut patch;
            for key in keys {
                from = from.and_then(|value| value.get(key));
                let Value::Object(map) = to else { return Err(PatchError) };
                to = map.entry(key.clone()).or_insert_with(|| Value::Object(Map::new()));
            }
            *to = from.cloned().unwrap_or(Value::Null);
        }
        Ok(MemberPatch(patch))
    }

    /// The record with the patch applied.
    pub fn apply(self, record: &MemberRecord) -> Result<MemberRecord, PatchError> {
        self.put_into(record.clone())
    }

    /// The same, where the record has no other use.
    pub fn put_into(self, mut record: MemberRecord) -> Result<MemberRecord, PatchError> {
        match in_place::put(&self.0, &mut record) {
            Some(()) => Ok(record),
            None => self.put_through_json(&record),
        }
    }

    /// What the patch means, by the letter of RFC 7396.
    fn put_through_json(self, record: &MemberRecord) -> Result<MemberRecord, PatchError> {
        let mut value = serde_json::to_value(record).map_err(|_| PatchError)?;
        merge(&mut value, self.0);
        let patched: MemberRecord = serde_json::from_value(value).map_err(|_| PatchError)?;
        if patched.id == record.id { Ok(patched) } else { Err(PatchError) }
    }
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => {
            for (key, value) in patch {
                if value.is_null() {
                    target.remove(&key);
                } else {
                    merge(target.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        // Inside a field that was not there, nothing is taken away.
        (target, mut value) => {
            drop_nulls(&mut value);
            *target = value;
        }
    }
}

fn drop_nulls(value: &mut Value) {
    if let Value::Object(map) = value {
        map.retain(|_, value| !value.is_null());
        map.values_mut().for_each(drop_nulls);
    }
}

/// The paths at which two records of one member differ.
pub fn difference(before: &MemberRecord, after: &MemberRecord) -> Result<Vec<Path>, PatchError> {
    let json = |record: &MemberRecord| serde_json::to_value(record).map_err(|_| PatchError);
    let mut paths = Vec::new();
    differ(&json(before)?, &json(after)?, &mut Vec::new(), &mut paths);
    Ok(paths)
}

fn differ(before: &Value, after: &Value, at: &mut Vec<String>, paths: &mut Vec<Path>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(before), Value::Object(after)) if at.len() < CELL || at[0] != "state" => {
            let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
            for key in keys {
                let none = Value::Null;
                at.push(key.clone());
                differ(before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none), at, paths);
                at.pop();
            }
        }
        _ => paths.push(Path(at.clone())),
    }
}

/// The path of what an edit of a member changes; none for an edit that changes no member.
pub fn edited(id: OperationId, edit: &Edit) -> Option<Path> {
    let cell = |map: &str, key: String| Some(Path(vec!["state".to_owned(), map.to_owned(), key]));
    match edit {
        Edit::Tag { tag, .. } => cell("tags", tag.to_string()),
        Edit::Choose { group, .. } => cell("choices", group.to_string()),
        Edit::Note { .. } => cell("notes", id.to_string()),
        Edit::WithdrawNote { note, .. } => cell("withdrawn", note.to_string()),
        Edit::FollowUp { .. } => cell("follow_ups", id.to_string()),
        Edit::FollowUpDone { follow_up, .. } => cell("done", follow_up.to_string()),
        Edit::Field { field, .. } => {
            let name = serde_json::to_value(field).ok()?;
            cell("fields", name.as_str()?.to_owned())
        }
        Edit::Enrol { .. } | Edit::PersonalTag { .. } | Edit::Reveal { .. } => None,
        Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => None,
    }
}

#[cfg(test)]
mod tests;
