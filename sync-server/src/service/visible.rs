//! What of a member one guide may see.

use chrono::NaiveDate;
use guidebook_domain::edit_check::in_scope;
use guidebook_domain::{Catalogue, MemberState, TagGroupId, TagId};
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
