//! The tag dictionary: HQ's groups and tags, and what became of those that were renamed, merged or deleted.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{BrandId, MemberState, StoreId, TagGroupId, TagId};

/// Whether a member may carry one tag of a group or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Choice {
    /// 单选
    Single,
    /// 多选
    Multi,
}

/// Who may put tags of a group on a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EditableBy {
    /// 总部
    Hq,
    /// 导购可改
    Guides,
}

/// A group of tags, for instance `偏好`. A brand or store narrows who sees and edits it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagGroup {
    /// Its id; a renamed group keeps it.
    pub id: TagGroupId,
    /// Its name, at most 30 characters (WeCom).
    pub name: String,
    /// One tag or several.
    pub choice: Choice,
    /// Who may edit.
    pub editable_by: EditableBy,
    /// Only for guides and members of this brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<BrandId>,
    /// Only for guides of this store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<StoreId>,
}

/// What became of a tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TagFate {
    /// In use.
    Live,
    /// Its members carry another tag of the same group instead.
    MergedInto(TagId),
    /// Gone.
    Deleted,
}

/// A tag. A renamed tag is the same tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// The group it belongs to.
    pub group: TagGroupId,
    /// Its name, at most 30 characters (WeCom).
    pub name: String,
    /// What became of it.
    pub fate: TagFate,
}

/// All groups and tags that a guide sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    groups: BTreeMap<TagGroupId, TagGroup>,
    tags: BTreeMap<TagId, Tag>,
}

impl Catalogue {
    /// Adds a group or replaces the one of the same id.
    pub fn put_group(&mut self, group: TagGroup) {
        self.groups.insert(group.id.clone(), group);
    }

    /// Adds a tag or replaces the one of the same id.
    pub fn put_tag(&mut self, tag: Tag) {
        self.tags.insert(tag.id.clone(), tag);
    }

    /// The group of this id.
    pub fn group(&self, id: &TagGroupId) -> Option<&TagGroup> {
        self.groups.get(id)
    }

    /// The tag of this id, whatever became of it.
    pub fn tag(&self, id: &TagId) -> Option<&Tag> {
        self.tags.get(id)
    }

    /// All groups, by id.
    pub fn groups(&self) -> impl Iterator<Item = &TagGroup> {
        self.groups.values()
    }

    /// The live tags of a group, by id.
    pub fn live_tags<'a>(&'a self, group: &'a TagGroupId) -> impl Iterator<Item = &'a Tag> {
        self.tags.values().filter(move |t| t.group == *group && t.fate == TagFate::Live)
    }

    /// The live tag that stands for `id` today: itself, or the one it was merged into. `None` when it
    /// was deleted or is not known.
    pub fn live(&self, id: &TagId) -> Option<&Tag> {
        let mut tag = self.tags.get(id)?;
        // A chain of merges is shorter than the dictionary; the bound ends a circle.
        for _ in 0..self.tags.len() {
            match &tag.fate {
                TagFate::Live => return Some(tag),
                TagFate::Deleted => return None,
                TagFate::MergedInto(next) => tag = self.tags.get(next)?,
            }
        }
        None
    }

    /// The living tags that a member in `state` carries today, merged ones followed; personal tags as they are.
    pub fn carried(&self, state: &MemberState) -> BTreeSet<TagId> {
        let tags = state.tags.iter().filter(|(_, cell)| cell.value).map(|(tag, _)| tag);
        let chosen = state.choices.values().filter_map(|cell| cell.value.as_ref());
        let living = |tag: &TagId| {
            if tag.is_personal() && !self.tags.contains_key(tag) { Some(tag.clone()) } else { self.live(tag).map(|t| t.id.clone()) }
        };
        tags.chain(chosen).filter_map(living).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(id: &str, fate: TagFate) -> Tag {
        Tag { id: TagId::new(id).unwrap(), group: TagGroupId::new("g").unwrap(), name: id.to_owned(), fate }
    }

    #[test]
    fn a_merged_tag_is_followed_to_the_living_one_and_a_circle_ends() {
        let id = |t: &str| TagId::new(t).unwrap();
        let mut catalogue = Catalogue::default();
        catalogue.put_tag(tag("a", TagFate::MergedInto(id("b"))));
        catalogue.put_tag(tag("b", TagFate::MergedInto(id("c"))));
        catalogue.put_tag(tag("c", TagFate::Live));
        catalogue.put_tag(tag("x", TagFate::MergedInto(id("y"))));
        catalogue.put_tag(tag("y", TagFate::MergedInto(id("x"))));
        catalogue.put_tag(tag("d", TagFate::Deleted));
        assert_eq!(catalogue.live(&id("a")).map(|t| t.id.as_str()), Some("c"));
        assert!(catalogue.live(&id("x")).is_none());
        assert!(catalogue.live(&id("d")).is_none());
        assert!(catalogue.live(&id("nowhere")).is_none());
    }
}
