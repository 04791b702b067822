//! An edit whose member was merged or whose tag was merged or deleted: where it goes.

use crate::{Catalogue, Edit, MemberId, Operation, Redirected, Refusal, TagId};

/// An operation as it is to be applied, and where it was sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    /// The operation with today's member and tag.
    pub operation: Operation,
    /// What was changed about it, if anything.
    pub redirected: Option<Redirected>,
}

/// Follows `alias` (the member that an id stands for today, if another) and the catalogue's merges. A deleted
/// tag refuses the edit, unless the edit takes that tag off: then there is nothing left to do and it holds.
pub fn resolve(operation: &Operation, alias: impl Fn(&MemberId) -> Option<MemberId>, catalogue: &Catalogue) -> Result<Resolved, Refusal> {
    let mut operation = operation.clone();
    let mut redirected = Redirected::default();
    if let Some(member) = operation.member.as_ref().and_then(alias) {
        redirected.member = Some(member.clone());
        operation.member = Some(member);
    }
    match &mut operation.edit {
        Edit::Tag { tag, on } if !tag.is_personal() => redirected.tag = follow(tag, *on, catalogue)?,
        Edit::Choose { tag: Some(tag), .. } => redirected.tag = follow(tag, true, catalogue)?,
        Edit::Tag { .. }
        | Edit::Choose { .. }
        | Edit::Note { .. }
        | Edit::WithdrawNote { .. }
        | Edit::FollowUp { .. }
        | Edit::FollowUpDone { .. }
        | Edit::Field { .. }
        | Edit::Enrol { .. }
        | Edit::PersonalTag { .. }
        | Edit::Reveal { .. }
        | Edit::CouponIssued { .. }
        | Edit::CouponVoided { .. }
        | Edit::CodesSurrendered { .. } => {}
    }
    let redirected = (redirected != Redirected::default()).then_some(redirected);
    Ok(Resolved { operation, redirected })
}

/// Replaces a merged tag by the living one.
fn follow(tag: &mut TagId, puts_on: bool, catalogue: &Catalogue) -> Result<Option<TagId>, Refusal> {
    // An unknown tag is left for the rules to name.
    if catalogue.tag(tag).is_none() {
        return Ok(None);
    }
    let Some(live) = catalogue.live(tag) else {
        return if puts_on { Err(Refusal::TagDeleted(tag.clone())) } else { Ok(None) };
    };
    if live.id == *tag {
        return Ok(None);
    }
    *tag = live.id.clone();
    Ok(Some(live.id.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DeviceId, GuideId, Hlc, OperationId, Tag, TagFate, TagGroupId};

    fn tag_edit(tag: &str, on: bool) -> Operation {
        Operation {
            id: OperationId::from_time(1, [0; 10]),
            device: DeviceId::HQ,
            guide: GuideId::new("G1").unwrap(),
            hlc: Hlc::new(1, 0),
            member: Some(MemberId::new("w-1").unwrap()),
            edit: Edit::Tag { tag: TagId::new(tag).unwrap(), on },
        }
    }

    fn catalogue() -> Catalogue {
        let mut catalogue = Catalogue::default();
        let fates = [("live", TagFate::Live), ("merged", TagFate::MergedInto(TagId::new("live").unwrap())), ("gone", TagFate::Deleted)];
        for (id, fate) in fates {
            catalogue.put_tag(Tag { id: TagId::new(id).unwrap(), group: TagGroupId::new("g").unwrap(), name: id.into(), fate });
        }
        catalogue
    }

    #[test]
    fn a_merged_member_and_a_merged_tag_are_followed() {
        let winner = MemberId::new("M1").unwrap();
        let resolved = resolve(&tag_edit("merged", true), |_| Some(winner.clone()), &catalogue()).unwrap();
        assert_eq!(resolved.operation.member, Some(winner.clone()));
        assert_eq!(resolved.operation.edit, Edit::Tag { tag: TagId::new("live").unwrap(), on: true });
        assert_eq!(resolved.redirected, Some(Redirected { member: Some(winner), tag: Some(TagId::new("live").unwrap()) }));
    }

    #[test]
    fn a_deleted_tag_parks_an_edit_that_puts_it_on_and_lets_pass_one_that_takes_it_off() {
        let parked = resolve(&tag_edit("gone", true), |_| None, &catalogue());
        assert_eq!(parked, Err(Refusal::TagDeleted(TagId::new("gone").unwrap())));
        assert!(resolve(&tag_edit("gone", false), |_| None, &catalogue()).unwrap().redirected.is_none());
    }
}
