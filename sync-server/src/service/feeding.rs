//! What a guide's feed is told of a change: at which position, and which fields.

use guidebook_domain::{GuideId, MemberId, TenantId};
use guidebook_wire::patch::Path;

use super::restore::LEAST_LEAP;
use crate::db::feeds::{EntityKind, FeedHead, FeedRow};
use crate::db::{Result, Tx};
use crate::error::ServerError;

/// The most changed fields that a row remembers. A phone that has missed more gets the whole of it.
const MOST_PARTS: usize = 24;

/// What has happened to a thing.
#[derive(Clone, Copy, Debug)]
pub enum News<'n> {
    /// It is there, all of it.
    Whole,
    /// These fields of it changed.
    Fields(&'n [Path]),
    /// It is there no more.
    Gone,
}

/// Puts a thing at the head of the guide's feed and gives the position.
pub fn put(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId, kind: EntityKind, entity: &str, news: News<'_>) -> Result<u64> {
    let mut head = moved_on(tx, tenant, guide)?;
    let held = tx.feed_row(tenant, guide, kind, entity)?;
    let row = next_row(kind, entity, held.as_ref(), head.position, news);
    if kind == EntityKind::Member {
        let member = MemberId::new(entity).map_err(|_| ServerError::Corrupt("a member's id"))?;
        held.filter(|held| held.present).into_iter().for_each(|held| head.sums.take(&member, held.position));
        if row.present {
            head.sums.add(&member, row.position);
        }
    }
    tx.put_feed_row(tenant, guide, &row)?;
    tx.put_feed_head(tenant, guide, &head)?;
    Ok(head.position)
}

/// Moves the guide's feed on without a row, so that her phones ask: something that comes with every answer has changed.
pub fn nudge(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId) -> Result<()> {
    let head = moved_on(tx, tenant, guide)?;
    tx.put_feed_head(tenant, guide, &head)
}

/// The feed's head at its next position, held but not yet written.
fn moved_on(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId) -> Result<FeedHead> {
    let mut head = tx.hold_feed_head(tenant, guide)?;
    if head.position == 0 {
        head.position = beginning(tx, tenant)?;
    }
    head.position += 1;
    Ok(head)
}

/// Behind which position a feed begins that has never had anything in it, as far as the database knows. After a restore
/// it may have had something since the backup: then it begins where no position was given out before, which the
/// dictionary's own position tells, for it has leapt with those of the feeds.
fn beginning(tx: &mut dyn Tx, tenant: &TenantId) -> Result<u64> {
    let catalogue = tx.tenant(tenant)?.map_or(0, |tenant| tenant.catalogue);
    Ok(if catalogue >= LEAST_LEAP { catalogue } else { 0 })
}

fn next_row(kind: EntityKind, entity: &str, held: Option<&FeedRow>, position: u64, news: News<'_>) -> FeedRow {
    let whole = |present: bool| FeedRow { kind, entity: entity.to_owned(), position, present, whole: position, parts: Vec::new() };
    match (news, held) {
        (News::Gone, _) => whole(false),
        (News::Fields(paths), Some(held)) if held.present => {
            let mut row = FeedRow { position, ..held.clone() };
            row.parts.retain(|(path, _)| !paths.contains(path));
            row.parts.extend(paths.iter().map(|path| (path.clone(), position)));
            let overflow = row.parts.len().saturating_sub(MOST_PARTS);
            for (_, forgotten) in row.parts.drain(..overflow) {
                row.whole = row.whole.max(forgotten);
            }
            row
        }
        (News::Whole | News::Fields(_), _) => whole(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> Vec<Path> {
        names.iter().map(|name| Path::of(&["profile", name])).collect()
    }

    #[test]
    fn a_row_remembers_the_latest_fields_and_until_when_it_knows_them_all() {
        let first = next_row(EntityKind::Member, "M1", None, 1, News::Fields(&paths(&["a"])));
        assert_eq!((first.whole, first.parts.len()), (1, 0));
        let second = next_row(EntityKind::Member, "M1", Some(&first), 2, News::Fields(&paths(&["a", "b"])));
        let third = next_row(EntityKind::Member, "M1", Some(&second), 3, News::Fields(&paths(&["a"])));
        assert_eq!((third.whole, third.position), (1, 3));
        assert_eq!(third.parts, [(Path::of(&["profile", "b"]), 2), (Path::of(&["profile", "a"]), 3)]);
        let many: Vec<String> = (0..MOST_PARTS).map(|n| format!("f{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let fourth = next_row(EntityKind::Member, "M1", Some(&third), 4, News::Fields(&paths(&many)));
        assert_eq!((fourth.whole, fourth.parts.len()), (3, MOST_PARTS));
        let gone = next_row(EntityKind::Member, "M1", Some(&fourth), 5, News::Gone);
        assert!(!gone.present);
        let back = next_row(EntityKind::Member, "M1", Some(&gone), 6, News::Fields(&paths(&["a"])));
        assert_eq!((back.whole, back.present), (6, true));
    }
}
