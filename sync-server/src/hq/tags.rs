//! Renaming, merging and deleting tags. Members are not touched: phones follow a tag's fate themselves.

use guidebook_domain::{Catalogue, Choice, EditableBy, Limits, Tag, TagFate, TagId, TenantId};
use guidebook_wire::ErrorCode;
use serde::Serialize;
use serde_json::json;

use super::tell::log_hq;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;
use crate::service::catalogue;

/// A tag as HQ reads it.
#[derive(Debug, Serialize)]
pub struct TagLine {
    /// The tag and its fate.
    #[serde(flatten)]
    pub tag: Tag,
    /// Its group's name.
    pub group_name: String,
    /// Its group's kind.
    pub choice: Choice,
    /// Who may edit.
    pub editable_by: EditableBy,
}

/// All tags, living or not, by id.
pub fn list(db: &dyn Database, tenant: &TenantId) -> Result<Vec<TagLine>, ServiceError> {
    db.reading(|tx| {
        let catalogue = catalogue(tx, tenant)?;
        let mut tags: Vec<TagLine> = Vec::new();
        for (_, tag) in tx.tags_after(tenant, 0, usize::MAX >> 1)? {
            let Some(group) = catalogue.group(&tag.group) else { continue };
            tags.push(TagLine { group_name: group.name.clone(), choice: group.choice, editable_by: group.editable_by, tag });
        }
        tags.sort_by(|a, b| a.tag.id.cmp(&b.tag.id));
        Ok(tags)
    })
}

/// Renames a living tag. Its old names still find it in an export.
pub fn rename(db: &dyn Database, tenant: &TenantId, id: &TagId, name: &str, now_ms: u64) -> Result<Tag, ServiceError> {
    let name = name.trim();
    let limit = Limits::default().tag_name;
    if name.is_empty() || name.chars().count() > limit || name.chars().any(char::is_control) {
        return Err(ServiceError::invalid("name", format!("1 to {limit} characters")));
    }
    db.writing(Write::Tags, |tx| {
        let catalogue = catalogue(tx, tenant)?;
        let tag = living(&catalogue, id)?;
        if tag.name == name {
            return Ok(tag);
        }
        if catalogue.live_tags(&tag.group).any(|other| other.name == name) {
            return Err(ServiceError::about(ErrorCode::Conflict, "name", "another tag of the group has it"));
        }
        let group = catalogue.group(&tag.group).map_or(String::new(), |group| group.name.clone());
        tx.put_tag_name(tenant, &group, name, id)?;
        let renamed = Tag { name: name.to_owned(), ..tag.clone() };
        put(tx, tenant, &renamed)?;
        log_hq(tx, tenant, None, "rename_tag", json!({ "tag": id, "from": tag.name, "to": name }), now_ms)?;
        Ok(renamed)
    })
}

/// Deletes a living tag, or merges it into another of its group.
pub fn delete(db: &dyn Database, tenant: &TenantId, id: &TagId, merge_into: Option<&TagId>, now_ms: u64) -> Result<Tag, ServiceError> {
    db.writing(Write::Tags, |tx| {
        let catalogue = catalogue(tx, tenant)?;
        let tag = living(&catalogue, id)?;
        let fate = match merge_into {
            None => TagFate::Deleted,
            Some(into) => TagFate::MergedInto(check_target(&catalogue, &tag, into)?),
        };
        let ended = Tag { fate, ..tag };
        put(tx, tenant, &ended)?;
        let kind = if merge_into.is_some() { "merge_tag" } else { "delete_tag" };
        log_hq(tx, tenant, None, kind, json!({ "tag": id, "merge_into": merge_into }), now_ms)?;
        Ok(ended)
    })
}

fn living(catalogue: &Catalogue, id: &TagId) -> Result<Tag, ServiceError> {
    let tag = catalogue.tag(id).filter(|tag| tag.fate == TagFate::Live);
    tag.cloned().ok_or_else(|| ServiceError::not_found("tag"))
}

fn check_target(catalogue: &Catalogue, tag: &Tag, into: &TagId) -> Result<TagId, ServiceError> {
    let target = catalogue.tag(into).filter(|target| target.fate == TagFate::Live);
    let target = target.ok_or_else(|| ServiceError::not_found("merge_into"))?;
    if target.id == tag.id || target.group != tag.group {
        return Err(ServiceError::about(ErrorCode::Conflict, "merge_into", "another tag of the same group is needed"));
    }
    Ok(target.id.clone())
}

fn put(tx: &mut dyn Tx, tenant: &TenantId, tag: &Tag) -> Result<(), ServiceError> {
    let position = tx.next_catalogue_position(tenant)?;
    Ok(tx.put_tag(tenant, tag, position)?)
}
