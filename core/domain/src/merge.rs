//! How edits of several people become one state.
//!
//! Each thing that can be edited is a cell that remembers who won it. A later stamp wins: (HLC, device). When two
//! different edits carry the very same stamp, the greater value wins, which for a tag means that *on* beats *off*.
//! Applying an operation is therefore commutative, associative and idempotent: any order, repetition or grouping of
//! the same operations gives the same state. The table of cases is in this file's tests.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{DeviceId, Edit, GuideField, GuideId, Hlc, Operation, OperationId, Private, Superseded, TagGroupId, TagId};

/// Who won a cell.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stamp {
    /// When.
    pub hlc: Hlc,
    /// On which device.
    pub device: DeviceId,
    /// By which operation.
    pub op: OperationId,
    /// By whom.
    pub guide: GuideId,
}

impl Stamp {
    /// The stamp of an operation.
    pub fn of(operation: &Operation) -> Self {
        Stamp { hlc: operation.hlc, device: operation.device, op: operation.id, guide: operation.guide.clone() }
    }
}

/// A last-writer-wins value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell<T> {
    /// The value that holds.
    pub value: T,
    /// Who set it.
    pub stamp: Stamp,
}

impl<T: Ord + Clone> Cell<T> {
    /// Whether this cell stands against `other`.
    fn beats(&self, other: &Cell<T>) -> bool {
        let key = |c: &Cell<T>| (c.stamp.hlc, c.stamp.device);
        match key(self).cmp(&key(other)) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            // Same moment on the same device: value first, then the operation, so that the order is total.
            std::cmp::Ordering::Equal => (&self.value, &self.stamp) > (&other.value, &other.stamp),
        }
    }
}

/// A note. Its text never changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its text.
    pub text: Private,
    /// Who wrote it, and when.
    pub stamp: Stamp,
}

/// A follow-up. Only whether it is done changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// What is to be done.
    pub text: Private,
    /// The day it is due.
    pub due: NaiveDate,
    /// Who wrote it, and when.
    pub stamp: Stamp,
}

/// All that guides (and HQ's dictionary) have put on one member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberState {
    /// Tags of multi-choice groups and personal tags: on or off.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<TagId, Cell<bool>>,
    /// Single-choice groups: the tag chosen, if any.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub choices: BTreeMap<TagGroupId, Cell<Option<TagId>>>,
    /// The guide's fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<GuideField, Cell<Private>>,
    /// Notes by the operation that wrote them, which is also their order in time.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub notes: BTreeMap<OperationId, Note>,
    /// Which notes are withdrawn.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub withdrawn: BTreeMap<OperationId, Cell<bool>>,
    /// Follow-ups.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub follow_ups: BTreeMap<OperationId, FollowUp>,
    /// Which follow-ups are done.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub done: BTreeMap<OperationId, Cell<bool>>,
}

impl MemberState {
    /// Merges one operation in. Returns the edit that stands against it, if it does not hold.
    pub fn apply(&mut self, operation: &Operation) -> Option<Superseded> {
        let stamp = Stamp::of(operation);
        match &operation.edit {
            Edit::Tag { tag, on } => {
                let cell = set(&mut self.tags, tag.clone(), Cell { value: *on, stamp })?;
                Some(superseded(&cell.stamp, Edit::Tag { tag: tag.clone(), on: cell.value }))
            }
            Edit::Choose { group, tag } => {
                let cell = set(&mut self.choices, group.clone(), Cell { value: tag.clone(), stamp })?;
                Some(superseded(&cell.stamp, Edit::Choose { group: group.clone(), tag: cell.value.clone() }))
            }
            Edit::Field { field, value } => {
                let cell = set(&mut self.fields, *field, Cell { value: value.clone(), stamp })?;
                Some(superseded(&cell.stamp, Edit::Field { field: *field, value: cell.value.clone() }))
            }
            Edit::WithdrawNote { note, withdrawn } => {
                let cell = set(&mut self.withdrawn, *note, Cell { value: *withdrawn, stamp })?;
                Some(superseded(&cell.stamp, Edit::WithdrawNote { note: *note, withdrawn: cell.value }))
            }
            Edit::FollowUpDone { follow_up, done } => {
                let cell = set(&mut self.done, *follow_up, Cell { value: *done, stamp })?;
                Some(superseded(&cell.stamp, Edit::FollowUpDone { follow_up: *follow_up, done: cell.value }))
            }
            Edit::Note { text } => {
                self.notes.entry(operation.id).or_insert_with(|| Note { text: text.clone(), stamp });
                None
            }
            Edit::FollowUp { text, due } => {
                let fresh = || FollowUp { text: text.clone(), due: *due, stamp };
                self.follow_ups.entry(operation.id).or_insert_with(fresh);
                None
            }
            // Who a walk-in is, what a personal tag is called and who saw a number lies outside of a member's state.
            Edit::Enrol { .. } | Edit::PersonalTag { .. } | Edit::Reveal { .. } => None,
            Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => None,
        }
    }

    /// Merges another state in: the same as applying all operations that made it.
    pub fn join(&mut self, other: MemberState) {
        join_cells(&mut self.tags, other.tags);
        join_cells(&mut self.choices, other.choices);
        join_cells(&mut self.fields, other.fields);
        join_cells(&mut self.withdrawn, other.withdrawn);
        join_cells(&mut self.done, other.done);
        for (id, note) in other.notes {
            self.notes.entry(id).or_insert(note);
        }
        for (id, follow_up) in other.follow_ups {
            self.follow_ups.entry(id).or_insert(follow_up);
        }
    }

    /// The newest stamp anywhere in this state.
    pub fn newest(&self) -> Hlc {
        fn newest_of<'a, K: 'a, T: 'a>(cells: impl Iterator<Item = (&'a K, &'a Cell<T>)>) -> Hlc {
            cells.map(|(_, cell)| cell.stamp.hlc).max().unwrap_or_default()
        }
        let written = self.notes.values().map(|n| n.stamp.hlc).chain(self.follow_ups.values().map(|f| f.stamp.hlc));
        [
            newest_of(self.tags.iter()),
            newest_of(self.choices.iter()),
            newest_of(self.fields.iter()),
            newest_of(self.withdrawn.iter()),
            newest_of(self.done.iter()),
        ]
        .into_iter()
        .chain(written)
        .max()
        .unwrap_or_default()
    }

    /// Notes that are not withdrawn, oldest first.
    pub fn standing_notes(&self) -> impl Iterator<Item = (OperationId, &Note)> {
        let stands = |id: &OperationId| !self.withdrawn.get(id).is_some_and(|cell| cell.value);
        self.notes.iter().filter(move |(id, _)| stands(id)).map(|(id, note)| (*id, note))
    }

    /// The earliest day on which a follow-up that is not done is due.
    pub fn next_follow_up(&self) -> Option<NaiveDate> {
        let done = |id: &OperationId| self.done.get(id).is_some_and(|cell| cell.value);
        self.follow_ups.iter().filter(|(id, _)| !done(id)).map(|(_, follow_up)| follow_up.due).min()
    }

    /// The edit that holds in the place where `operation` wrote, if it is not `operation` itself. `None` also
    /// where nothing is known of that place.
    pub fn winner_over(&self, operation: &Operation) -> Option<Superseded> {
        fn other<T>(cell: Option<&Cell<T>>, op: OperationId, edit: impl Fn(&T) -> Edit) -> Option<Superseded> {
            let cell = cell.filter(|c| c.stamp.op != op)?;
            Some(superseded(&cell.stamp, edit(&cell.value)))
        }
        let op = operation.id;
        match &operation.edit {
            Edit::Tag { tag, .. } => other(self.tags.get(tag), op, |on| Edit::Tag { tag: tag.clone(), on: *on }),
            Edit::Choose { group, .. } => other(self.choices.get(group), op, |tag| Edit::Choose { group: group.clone(), tag: tag.clone() }),
            Edit::Field { field, .. } => other(self.fields.get(field), op, |value| Edit::Field { field: *field, value: value.clone() }),
            Edit::WithdrawNote { note, .. } => other(self.withdrawn.get(note), op, |w| Edit::WithdrawNote { note: *note, withdrawn: *w }),
            Edit::FollowUpDone { follow_up, .. } => {
                other(self.done.get(follow_up), op, |d| Edit::FollowUpDone { follow_up: *follow_up, done: *d })
            }
            Edit::Note { .. } | Edit::FollowUp { .. } | Edit::Enrol { .. } | Edit::PersonalTag { .. } | Edit::Reveal { .. } => None,
            Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => None,
        }
    }

    /// The edit that would bring back what `edit` changes, seen from this state. `None` for what cannot be undone.
    pub fn inverse(&self, id: OperationId, edit: &Edit) -> Option<Edit> {
        Some(match edit {
            Edit::Tag { tag, .. } => Edit::Tag { tag: tag.clone(), on: self.tags.get(tag).is_some_and(|c| c.value) },
            Edit::Choose { group, .. } => Edit::Choose { group: group.clone(), tag: self.choices.get(group).and_then(|c| c.value.clone()) },
            Edit::Field { field, .. } => {
                Edit::Field { field: *field, value: self.fields.get(field).map(|c| c.value.clone()).unwrap_or_default() }
            }
            Edit::Note { .. } => Edit::WithdrawNote { note: id, withdrawn: true },
            Edit::WithdrawNote { note, .. } => {
                Edit::WithdrawNote { note: *note, withdrawn: self.withdrawn.get(note).is_some_and(|c| c.value) }
            }
            Edit::FollowUp { .. } => Edit::FollowUpDone { follow_up: id, done: true },
            Edit::FollowUpDone { follow_up, .. } => {
                Edit::FollowUpDone { follow_up: *follow_up, done: self.done.get(follow_up).is_some_and(|c| c.value) }
            }
            Edit::Enrol { .. } | Edit::PersonalTag { .. } | Edit::Reveal { .. } => return None,
            Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => return None,
        })
    }

    /// The edit that does once more what operation `id` did, seen from this state: a note or follow-up that is still
    /// there is brought back instead of written twice. `None` where it stands as it was written.
    pub fn again(&self, id: OperationId, edit: &Edit) -> Option<Edit> {
        match edit {
            Edit::Note { .. } if self.notes.contains_key(&id) => {
                let withdrawn = self.withdrawn.get(&id).is_some_and(|cell| cell.value);
                withdrawn.then_some(Edit::WithdrawNote { note: id, withdrawn: false })
            }
            Edit::FollowUp { .. } if self.follow_ups.contains_key(&id) => {
                let done = self.done.get(&id).is_some_and(|cell| cell.value);
                done.then_some(Edit::FollowUpDone { follow_up: id, done: false })
            }
            Edit::Note { .. }
            | Edit::FollowUp { .. }
            | Edit::Tag { .. }
            | Edit::Choose { .. }
            | Edit::WithdrawNote { .. }
            | Edit::FollowUpDone { .. }
            | Edit::Field { .. }
            | Edit::Enrol { .. }
            | Edit::PersonalTag { .. }
            | Edit::Reveal { .. } => Some(edit.clone()),
            // A code is given out once; whoever wants another coupon gives out another code.
            Edit::CouponIssued { .. } | Edit::CouponVoided { .. } | Edit::CodesSurrendered { .. } => None,
        }
    }
}

fn superseded(stamp: &Stamp, with: Edit) -> Superseded {
    Superseded { op: stamp.op, guide: stamp.guide.clone(), at: stamp.hlc, with }
}

/// Puts a cell where it beats what is there; returns what stands instead, where it does not.
fn set<K: Ord, T: Ord + Clone>(cells: &mut BTreeMap<K, Cell<T>>, key: K, cell: Cell<T>) -> Option<&Cell<T>> {
    use std::collections::btree_map::Entry;
    match cells.entry(key) {
        Entry::Vacant(empty) => {
            empty.insert(cell);
            None
        }
        Entry::Occupied(mut held) => {
            if cell.beats(held.get()) {
                held.insert(cell);
                return None;
            }
            let held: &Cell<T> = held.into_mut();
            (held.stamp.op != cell.stamp.op).then_some(held)
        }
    }
}

fn join_cells<K: Ord, T: Ord + Clone>(mine: &mut BTreeMap<K, Cell<T>>, theirs: BTreeMap<K, Cell<T>>) {
    for (key, cell) in theirs {
        set(mine, key, cell);
    }
}

#[cfg(test)]
mod tests;
