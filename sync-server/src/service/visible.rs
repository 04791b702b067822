//! What of a member one guide may see.

use chrono::NaiveDate;
use guidebook_domain::edit_check::in_scope;
use guidebook_domain::{Catalogue, MemberId, MemberProfile, MemberState, TagGroupId, TagId};
use guidebook_wire::MemberRecord;
use guidebook_wire::patch::Path;

use crate::db::directory::Guide;
use crate::db::members::Member;

/// The member, with the last day of the guide's binding if it has one, without other guides' personal tags and without tags of
/// groups out of the guide's scope.
pub fn to_guide(member: &Member, until: Option<NaiveDate>, guide: &Guide, catalogue: &Catalogue) -> MemberRecord {
    let mut record = whole(member);
    record.set_until(until);
    keep_visible(&mut record.state, guide, catalogue);
    record
}

/// The member with everything that any guide has put on her.
pub fn whole(member: &Member) -> MemberRecord {
    let mut record = MemberRecord::new(member.id.clone(), member.full_profile(), member.state.clone());
    record.months = member.stats.months.clone();
    record.due_again = member.stats.due_again.clone();
    record.set_coupons(&member.coupons);
    record
}

/// As much of the member as a patch at `paths` needs, all of which lie in her state: what a guide sees of it.
pub fn state_to_guide(id: MemberId, mut state: MemberState, paths: &[&Path], guide: &Guide, catalogue: &Catalogue) -> MemberRecord {
    keep_named(&mut state, paths);
    keep_visible(&mut state, guide, catalogue);
    MemberRecord::new(id, MemberProfile::default(), state)
}

/// Whether a field lies in the state of a member.
pub fn is_of_state(path: &Path) -> bool {
    path.0.first().is_some_and(|top| top == "state")
}

/// Takes away what none of these paths leads to, so that it is not written out for nothing.
pub fn keep_named(state: &mut MemberState, paths: &[&Path]) {
    let leads = |keys: &[String], at: usize, to: &str| keys.get(at).is_none_or(|name| name == to);
    let of_state = || paths.iter().filter(|path| is_of_state(path));
    let to_map = |map: &str| of_state().any(|Path(keys)| leads(keys, 1, map));
    let to_cell = |map: &str, key: &str| of_state().any(|Path(keys)| leads(keys, 1, map) && leads(keys, 2, key));
    state.tags.retain(|tag, _| to_cell("tags", tag.as_str()));
    state.choices.retain(|group, _| to_cell("choices", group.as_str()));
    state.fields.retain(|_, _| to_map("fields"));
    state.notes.retain(|_, _| to_map("notes"));
    state.withdrawn.retain(|_, _| to_map("withdrawn"));
    state.follow_ups.retain(|_, _| to_map("follow_ups"));
    state.done.retain(|_, _| to_map("done"));
}

/// Whether a guide may learn that this field is there at all: other guides' personal tags are nobody's business.
pub fn may_know(guide: &Guide, path: &Path) -> bool {
    let [.., kind, key] = path.0.as_slice() else { return true };
    kind != "tags" || TagId::new(key.as_str()).is_ok_and(|tag| !tag.is_personal() || tag.belongs_to(&guide.id))
}

fn keep_visible(state: &mut MemberState, guide: &Guide, catalogue: &Catalogue) {
    let group_visible = |group: &TagGroupId| {
        let group = catalogue.group(group);
        group.is_some_and(|group| in_scope(group, &guide.store, guide.brand.as_ref()))
    };
    let tag_visible = |tag: &TagId| {
        if tag.is_personal() {
            return tag.belongs_to(&guide.id);
        }
        catalogue.tag(tag).is_some_and(|tag| group_visible(&tag.group))
    };
    state.tags.retain(|tag, _| tag_visible(tag));
    state.choices.retain(|group, _| group_visible(group));
}

#[cfg(test)]
mod tests {
    use super::*;
    use guidebook_domain::{DeviceId, Edit, GuideField, Hlc, Operation, OperationId};
    use guidebook_wire::patch::{MemberPatch, edited};

    use crate::db::DatabaseExt;
    use crate::service::catalogue;
    use crate::service::testing::World;

    fn operation(n: u64, edit: Edit) -> Operation {
        let (guide, member) = ("LI".parse().unwrap(), Some("M1".parse().unwrap()));
        Operation { id: OperationId::from_time(n, [0; 10]), device: DeviceId::HQ, guide, hlc: Hlc::new(n, 0), member, edit }
    }

    #[test]
    fn a_patch_of_what_was_pared_is_that_of_the_whole() {
        let world = World::new();
        let (tenant, id) = (&world.tenant, MemberId::new("M1").unwrap());
        let (guide, catalogue, mut member) = world
            .db
            .reading(|tx| {
                let guide = tx.guide(tenant, &"LI".parse().unwrap())?.unwrap();
                Ok::<_, crate::ServerError>((guide, catalogue(tx, tenant)?, tx.member(tenant, &id)?.unwrap()))
            })
            .unwrap();
        let hers = TagId::personal(&"WU".parse().unwrap(), OperationId::from_time(9, [0; 10])).unwrap();
        let note = OperationId::from_time(3, [0; 10]);
        let edits = [
            operation(1, Edit::Tag { tag: world.tag("偏好", "通勤"), on: true }),
            operation(2, Edit::Tag { tag: hers, on: true }),
            operation(3, Edit::Note { text: "a".into() }),
            operation(4, Edit::WithdrawNote { note, withdrawn: true }),
            operation(5, Edit::FollowUp { text: "b".into(), due: "2026-11-02".parse().unwrap() }),
            operation(6, Edit::FollowUpDone { follow_up: OperationId::from_time(5, [0; 10]), done: true }),
            operation(7, Edit::Field { field: GuideField::Preferences, value: "c".into() }),
        ];
        edits.iter().for_each(|edit| drop(member.state.apply(edit)));
        let mut paths: Vec<Path> = edits.iter().filter_map(|edit| edited(edit.id, &edit.edit)).collect();
        paths.extend(member.state.choices.keys().map(|group| Path::of(&["state", "choices", group.as_str()])));
        paths.extend([
            Path::of(&["state"]),
            Path::of(&["state", "tags"]),
            Path::of(&["state", "notes"]),
            Path::of(&["state", "tags", "t0"]),
        ]);
        assert_eq!(paths.len(), 12);
        let whole = to_guide(&member, None, &guide, &catalogue);
        // Each alone, each with the next, and none.
        for some in paths.windows(2).flat_map(|two| [&two[..1], two]).chain([&paths[..0]]) {
            let some: Vec<&Path> = some.iter().collect();
            let patch = |record: &MemberRecord| MemberPatch::of(record, some.iter().copied());
            let pared = state_to_guide(id.clone(), member.state.clone(), &some, &guide, &catalogue);
            assert_eq!(patch(&pared), patch(&whole), "{some:?}");
        }
        assert!(paths.iter().all(is_of_state) && !is_of_state(&Path::of(&["profile", "state"])));
    }
}
