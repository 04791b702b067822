//! What requests mean. Synchronous functions over a [`crate::db::Database`], with time and chance as arguments: no
//! runtime, no clock, no randomness, so that a simulation can call them in any order. HTTP is left to `http`, what
//! only HQ may do to `hq`.
//!
//! In reading order: [`setup`], [`enrol`], [`session`] (how a phone becomes known), [`round`] (a sync round),
//! [`reconcile`] (one edit), [`walk_in`] and [`merging`] (who is whom), [`serving`] (who serves whom), [`feeding`],
//! [`page`], [`sizes`], [`snapshot`] and [`visible`] (what goes down to a phone), [`sent`] (what went down to which), [`live`] (whether
//! there is something to pull), [`leaving`] (a guide who leaves), [`last_words`] (of a revoked phone), [`restore`] (after a backup was put back), [`coupons`] (what is
//! minted, leased and given out), [`till`] (what tills take).

pub mod coupons;
pub mod enrol;
pub mod feeding;
pub mod last_words;
pub mod leaving;
pub mod live;
pub mod merging;
pub mod page;
pub mod reconcile;
pub mod restore;
pub mod round;
mod round_answer;
pub mod sent;
pub mod serving;
pub mod session;
pub mod setup;
pub mod sizes;
pub mod snapshot;
pub mod till;
pub mod visible;
pub mod walk_in;

#[cfg(test)]
mod compact_tests;
#[cfg(test)]
mod enrol_tests;
#[cfg(test)]
mod returning_tests;
#[cfg(test)]
mod round_tests;
#[cfg(test)]
mod sent_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod unchanged_tests;
#[cfg(test)]
mod work_tests;

use guidebook_domain::{Catalogue, TenantId};
use guidebook_wire::GuideRecord;
use sha2::{Digest, Sha256};

use crate::db::directory::Guide;
use crate::db::secrets::Hash;
use crate::db::{Result, Tx};

/// The whole tag dictionary. Hundreds of rows, so it is read rather than kept.
pub fn catalogue(tx: &mut dyn Tx, tenant: &TenantId) -> Result<Catalogue> {
    let mut catalogue = Catalogue::default();
    for (_, group) in tx.groups_after(tenant, 0, i64::MAX as usize)? {
        catalogue.put_group(group);
    }
    for (_, tag) in tx.tags_after(tenant, 0, i64::MAX as usize)? {
        catalogue.put_tag(tag);
    }
    Ok(catalogue)
}

/// The hash under which a secret is kept.
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret).into()
}

/// A guide as her own phone knows her.
pub fn guide_record(guide: &Guide) -> GuideRecord {
    let Guide { id, name, store, brand, until, level, .. } = guide.clone();
    GuideRecord { id, name, store, brand, until, level }
}
