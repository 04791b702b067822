//! What a phone's own edits have done to a member, said by their places in its request instead of written out: the
//! phone has them already.

use std::collections::BTreeMap;

use guidebook_domain::{MemberId, MemberState, Operation};

use crate::patch::{MemberPatch, Path, edited};
use crate::round::OperationRecord;
use crate::{ChangeRecord, MemberRecord};

/// The edits of one request, by the field of a member that each is about; the latest where there are several.
#[derive(Debug, Default)]
pub struct OwnEdits<'o>(BTreeMap<(&'o MemberId, Path), (u32, &'o Operation)>);

impl<'o> OwnEdits<'o> {
    /// Those among `operations`.
    pub fn of(operations: &'o [OperationRecord]) -> Self {
        let known = operations.iter().enumerate().filter_map(|(place, record)| match record {
            OperationRecord::Known(operation) => {
                let path = edited(operation.id, &operation.edit)?;
                Some(((operation.member.as_ref()?, path), (u32::try_from(place).ok()?, &**operation)))
            }
            OperationRecord::Unknown(_) => None,
        });
        OwnEdits(known.collect())
    }

    /// The change of `record` at `paths`, if it is nothing but what these edits did, each as it was sent.
    pub fn change<'p>(&self, record: &MemberRecord, paths: impl IntoIterator<Item = &'p Path>) -> Option<ChangeRecord> {
        let mut places = Vec::new();
        for path in paths {
            let (place, operation) = self.0.get(&(&record.id, path.clone()))?;
            if !stands(operation, &record.state) {
                return None;
            }
            places.push(*place);
        }
        (!places.is_empty()).then_some(ChangeRecord::Own(places))
    }
}

/// Whether the cell that the operation sets is as it would set it: nobody's later edit, and filed at its own time.
fn stands(operation: &Operation, state: &MemberState) -> bool {
    fn within<K: Ord, V: PartialEq>(some: &BTreeMap<K, V>, all: &BTreeMap<K, V>) -> bool {
        some.iter().all(|(key, value)| all.get(key) == Some(value))
    }
    let mut alone = MemberState::default();
    alone.apply(operation);
    within(&alone.tags, &state.tags)
        && within(&alone.choices, &state.choices)
        && within(&alone.fields, &state.fields)
        && within(&alone.notes, &state.notes)
        && within(&alone.withdrawn, &state.withdrawn)
        && within(&alone.follow_ups, &state.follow_ups)
        && within(&alone.done, &state.done)
}

/// The change that [`ChangeRecord::Own`] stands for; none if the places are not edits of one member.
pub(crate) fn written_out(operations: &[OperationRecord], places: &[u32]) -> Option<ChangeRecord> {
    let mut id = None;
    let (mut state, mut paths) = (MemberState::default(), Vec::new());
    for place in places {
        let OperationRecord::Known(operation) = operations.get(usize::try_from(*place).ok()?)? else { return None };
        let member = operation.member.as_ref()?;
        if *id.get_or_insert(member) != member {
            return None;
        }
        paths.push(edited(operation.id, &operation.edit)?);
        state.apply(operation);
    }
    let id = id?.clone();
    let record = MemberRecord::new(id.clone(), Default::default(), state);
    Some(ChangeRecord::MemberChanged { id, patch: MemberPatch::of(&record, &paths).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use guidebook_domain::{DeviceId, Edit, GuideId, Hlc, OperationId, TagId};

    fn tagging(n: u64, member: &str, tag: &str) -> Operation {
        Operation {
            id: OperationId::from_time(n, [0; 10]),
            device: DeviceId::HQ,
            guide: GuideId::new("G1").unwrap(),
            hlc: Hlc::new(n, 0),
            member: Some(MemberId::new(member).unwrap()),
            edit: Edit::Tag { tag: TagId::new(tag).unwrap(), on: true },
        }
    }

    fn sent(operations: &[Operation]) -> Vec<OperationRecord> {
        operations.iter().map(|operation| OperationRecord::Known(Box::new(operation.clone()))).collect()
    }

    fn after(operations: &[Operation]) -> MemberRecord {
        let mut state = MemberState::default();
        operations.iter().for_each(|operation| drop(state.apply(operation)));
        let id = operations[0].member.clone().unwrap();
        MemberRecord::new(id, Default::default(), state)
    }

    fn paths(operations: &[Operation]) -> Vec<Path> {
        operations.iter().filter_map(|operation| edited(operation.id, &operation.edit)).collect()
    }

    #[test]
    fn what_is_said_by_places_is_written_out_as_the_server_would_have_written_it() {
        let edits = [tagging(1, "M1", "t1"), tagging(2, "M2", "t1"), tagging(3, "M1", "t2"), tagging(4, "M1", "t1")];
        let of_one = [edits[2].clone(), edits[3].clone()];
        let record = after(&of_one);
        let said = OwnEdits::of(&sent(&edits)).change(&record, &paths(&of_one)).unwrap();
        assert_eq!(said, ChangeRecord::Own(vec![2, 3]));
        let patch = MemberPatch::of(&record, &paths(&of_one)).unwrap();
        assert_eq!(written_out(&sent(&edits), &[2, 3]), Some(ChangeRecord::MemberChanged { id: record.id, patch }));
    }

    #[test]
    fn a_later_edit_of_somebody_else_or_another_stamp_or_one_more_field_is_written_out_by_the_server() {
        let own = tagging(5, "M1", "t1");
        let list = sent(std::slice::from_ref(&own));
        let edits = OwnEdits::of(&list);
        let at = |list: &[Operation]| edits.change(&after(list), &paths(list));
        assert!(at(std::slice::from_ref(&own)).is_some());
        assert_eq!(at(&[own.clone(), tagging(6, "M1", "t1")]), None);
        assert_eq!(at(&[Operation { hlc: Hlc::new(4, 0), ..own.clone() }]), None);
        assert_eq!(at(&[own.clone(), tagging(6, "M1", "t2")]), None);
        assert_eq!(edits.change(&after(std::slice::from_ref(&own)), &[]), None);
    }

    #[test]
    fn places_that_fit_no_member_are_not_written_out() {
        let list = sent(&[tagging(1, "M1", "t1"), tagging(2, "M2", "t1")]);
        assert_eq!(written_out(&list, &[0, 1]), None);
        assert_eq!(written_out(&list, &[2]), None);
        assert_eq!(written_out(&list, &[]), None);
    }
}
