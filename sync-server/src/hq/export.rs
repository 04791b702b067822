//! Members as HQ reads them, a page at a time.

use std::collections::BTreeMap;

use guidebook_domain::operation::GuideField;
use guidebook_domain::{Catalogue, GuideId, MemberId, MemberProfile, OperationId, Private, TagId, TenantId};
use serde::Serialize;

use crate::db::members::Member;
use crate::db::{Database, DatabaseExt, Tx};
use crate::error::ServiceError;
use crate::service::catalogue;

/// Members of one page.
pub const PAGE: usize = 200;

/// A member with everything that HQ may read. Guides' personal tags are their own.
#[derive(Debug, Serialize)]
pub struct MemberLine {
    /// Who.
    pub member: MemberId,
    /// Whether a phone enrolled her and HQ does not have her yet.
    pub walk_in: bool,
    /// Name, phone, level, purchases, consents.
    pub profile: MemberProfile,
    /// Who serves her.
    pub guides: Vec<GuideId>,
    /// The living tags that she carries, by id.
    pub tags: Vec<CarriedTag>,
    /// The notes that stand, oldest first.
    pub notes: Vec<StandingNote>,
    /// The guides' fields that are not empty.
    pub fields: BTreeMap<GuideField, Private>,
}

/// A tag that a member carries.
#[derive(Debug, Serialize)]
pub struct CarriedTag {
    /// The tag.
    pub id: TagId,
    /// Its group's name.
    pub group: String,
    /// Its name.
    pub name: String,
}

/// A note that is not withdrawn.
#[derive(Debug, Serialize)]
pub struct StandingNote {
    /// The operation that wrote it.
    pub id: OperationId,
    /// Who wrote it.
    pub guide: GuideId,
    /// When, Unix milliseconds.
    pub at_ms: u64,
    /// Its text.
    pub text: Private,
}

/// The next page after `after`; an empty one is the end. Each page is a snapshot of its own, so that a slow reader
/// holds up nobody.
pub fn members(db: &dyn Database, tenant: &TenantId, after: Option<&MemberId>) -> Result<Vec<MemberLine>, ServiceError> {
    db.reading(|tx| {
        let catalogue = catalogue(tx, tenant)?;
        let mut lines = Vec::with_capacity(PAGE);
        for member in tx.members_after(tenant, after, PAGE)? {
            lines.push(line(tx, tenant, &catalogue, member)?);
        }
        Ok(lines)
    })
}

fn line(tx: &mut dyn Tx, tenant: &TenantId, catalogue: &Catalogue, member: Member) -> Result<MemberLine, ServiceError> {
    let guides = tx.servings(tenant, &member.id)?.into_iter().map(|serving| serving.guide).collect();
    let tags = catalogue.carried(&member.state).into_iter().filter_map(|id| carried(catalogue, id)).collect();
    let note = |(id, note): (OperationId, &guidebook_domain::Note)| StandingNote {
        id,
        guide: note.stamp.guide.clone(),
        at_ms: note.stamp.hlc.unix_ms(),
        text: note.text.clone(),
    };
    let fields = member.state.fields.iter().filter(|(_, cell)| !cell.value.is_empty()).map(|(field, cell)| (*field, cell.value.clone()));
    Ok(MemberLine {
        walk_in: member.id.is_walk_in(),
        profile: member.full_profile(),
        guides,
        tags,
        notes: member.state.standing_notes().map(note).collect(),
        fields: fields.collect(),
        member: member.id,
    })
}

fn carried(catalogue: &Catalogue, id: TagId) -> Option<CarriedTag> {
    let tag = catalogue.tag(&id)?;
    let group = catalogue.group(&tag.group)?;
    Some(CarriedTag { group: group.name.clone(), name: tag.name.clone(), id })
}

/// The header of the CSV form.
pub const CSV_HEADER: [&str; 11] =
    ["member", "walk_in", "name", "phone", "level", "store", "marketing_consent", "guides", "tags", "tag_ids", "notes"];

impl MemberLine {
    /// The values of the CSV form; lists are joined by `;`, notes are ids.
    pub fn csv(&self) -> [String; 11] {
        let joined = |list: Vec<String>| list.join(";");
        let profile = &self.profile;
        [
            self.member.to_string(),
            self.walk_in.to_string(),
            profile.name.expose().to_owned(),
            profile.phone.as_ref().map_or(String::new(), |phone| phone.expose().to_owned()),
            profile.level.clone(),
            profile.store.as_ref().map_or(String::new(), ToString::to_string),
            profile.marketing_consent.to_string(),
            joined(self.guides.iter().map(ToString::to_string).collect()),
            joined(self.tags.iter().map(|tag| format!("{}/{}", tag.group, tag.name)).collect()),
            joined(self.tags.iter().map(|tag| tag.id.to_string()).collect()),
            joined(self.notes.iter().map(|note| note.id.to_string()).collect()),
        ]
    }
}
