//! What of a member changed: JSON Merge Patch (RFC 7396) over her record, made from the paths that changed.
//!
//! A path names a field by its keys from the top of the record: `["profile", "points"]`, `["state", "tags", "T7"]`.
//! A field that is not there any more is `null` in the patch. No field of a member is ever `null` for another reason
//! below such a path, except an empty choice, which reads the same when it is missing.

use guidebook_domain::{Edit, OperationId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::MemberRecord;

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
mod tests {
    use super::*;
    use guidebook_domain::MemberId;
    use serde_json::json;

    fn record(value: Value) -> MemberRecord {
        let mut whole = json!({"id": "M1", "profile": {"name": "张三丰", "points": 1, "stats": {"orders": 0, "spend_fen": 0}}});
        merge(&mut whole, value);
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn a_patch_of_the_difference_leads_from_one_record_to_the_other() {
        let cell = |n: u64, value: bool| json!({"value": value, "stamp": {"hlc": n, "device": uuid::Uuid::nil(), "op": uuid::Uuid::nil(), "guide": "G1"}});
        let worlds = [
            record(json!({})),
            record(json!({"profile": {"points": 7, "phone": "13812345678", "brands": ["B1"]}, "state": {"tags": {"T1": cell(1, true)}}})),
            record(json!({"profile": {"brands": ["B1", "B2"]}, "state": {"tags": {"T1": cell(2, false), "T2": cell(3, true)}}})),
            record(json!({"pet": {"kind": "猫"}, "profile": {"stats": {"orders": 2, "last": "2026-10-01"}}})),
        ];
        for before in &worlds {
            for after in &worlds {
                let paths = difference(before, after).unwrap();
                assert_eq!(paths.is_empty(), before == after);
                let patch = MemberPatch::of(after, &paths).unwrap();
                assert_eq!(&patch.clone().apply(before).unwrap(), after);
                // Applied to a record that has it already, it changes nothing.
                assert_eq!(&patch.apply(after).unwrap(), after);
            }
        }
    }

    #[test]
    fn a_patch_makes_nobody_somebody_else() {
        let other = MemberPatch(json!({"id": "M2"}));
        assert_eq!(other.apply(&record(json!({}))), Err(PatchError));
        assert_eq!(record(json!({})).id, MemberId::new("M1").unwrap());
    }
}
