//! Codes that go to a platform together. The request's number is a hash of the codes: the same number never goes with other
//! codes, and the same codes never under another number, without anything being kept.

use guidebook_domain::TenantId;
use guidebook_domain::coupon::{Campaign, CouponCode};
use sha2::{Digest as _, Sha256};

use crate::db::coupons::Coupon;
use crate::db::{Result, Tx};
use crate::service::coupons::CouponSecret;
use crate::service::coupons::reclaim::renew;
use crate::service::coupons::secret::Mint;

/// Codes under one number. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct Batch {
    /// The request's number: 43 letters, digits, `-` and `_`.
    pub number: String,
    /// The codes, by their places.
    pub codes: Vec<CouponCode>,
    coupons: Vec<Coupon>,
}

impl std::fmt::Debug for Batch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Batch({}, {} codes)", self.number, self.codes.len())
    }
}

/// What the platform made of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Which it knows by now, whether or not it did before: places in [`Batch::codes`].
    pub known: Vec<usize>,
    /// How many it does not take, by its word for why.
    pub refused: Vec<(String, usize)>,
}

/// The next codes of a campaign that its platform does not know, at most `most`; none if it knows all. Codes that may have been
/// leased before a restore are replaced first.
pub fn next(
    tx: &mut dyn Tx,
    secret: &CouponSecret,
    tenant: &TenantId,
    campaign: &Campaign,
    most: usize,
    now_ms: u64,
) -> Result<Option<Batch>> {
    let mint = Mint::of(tx, secret, tenant)?;
    let mut coupons = Vec::new();
    for coupon in tx.free_coupons(tenant, &campaign.id, Some(false), most)? {
        let coupon =
            if coupon.generation < mint.first_generation() { renew(tx, secret, tenant, coupon, "restored", now_ms)? } else { Some(coupon) };
        coupons.extend(coupon);
    }
    let codes = coupons.iter().map(|coupon| mint.code(campaign, coupon.serial, coupon.generation)).collect::<Result<Vec<_>>>()?;
    Ok(if codes.is_empty() { None } else { Some(Batch { number: number(&coupons), codes, coupons }) })
}

/// Notes what the platform knows; how many codes that are still as they were.
pub fn settle(tx: &mut dyn Tx, tenant: &TenantId, batch: &Batch, uploaded: &Uploaded) -> Result<usize> {
    let mut count = 0;
    for coupon in uploaded.known.iter().filter_map(|place| batch.coupons.get(*place)) {
        count += usize::from(tx.move_coupon(tenant, &Coupon { on_rail: true, ..coupon.clone() }, coupon.state)?);
    }
    Ok(count)
}

/// Of the codes' keyed hashes, which say nothing about the codes.
fn number(coupons: &[Coupon]) -> String {
    let mut hash = Sha256::new().chain_update("guidebook.rail.v1");
    coupons.iter().for_each(|coupon| hash.update(coupon.hash));
    guidebook_domain::coupon::signed::Hash(hash.finalize().into()).text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{DatabaseExt, Write};
    use crate::service::coupons::tests::{secret, with_codes, world};
    use crate::service::testing::{NOW, World};
    use guidebook_domain::CampaignId;

    fn batch(world: &World, most: usize) -> Option<Batch> {
        world
            .db
            .writing(Write::Campaign, |tx| {
                let row = tx.campaign(&world.tenant, &CampaignId::new("C1").unwrap())?.unwrap();
                next(tx, &secret(), &world.tenant, &row.campaign, most, NOW)
            })
            .unwrap()
    }

    fn settled(world: &World, batch: &Batch, known: Vec<usize>) -> usize {
        let uploaded = Uploaded { known, refused: Vec::new() };
        world.db.writing(Write::Campaign, |tx| settle(tx, &world.tenant, batch, &uploaded)).unwrap()
    }

    #[test]
    fn the_same_codes_go_under_the_same_number_until_they_are_known() {
        let world = world();
        with_codes(&world, 5);
        let first = batch(&world, 3).unwrap();
        assert_eq!((batch(&world, 3).unwrap(), first.codes.len(), first.number.len()), (first.clone(), 3, 43));
        assert_eq!(settled(&world, &first, vec![0, 2]), 2);
        let second = batch(&world, 3).unwrap();
        assert_eq!((second.codes[0].clone(), second.codes.len()), (first.codes[1].clone(), 3));
        assert_ne!(second.number, first.number, "other codes, another number");
        assert_eq!(settled(&world, &second, vec![0, 1, 2]), 3);
        assert_eq!(batch(&world, 3), None);
        assert_eq!(settled(&world, &second, vec![7]), 0, "places that are none");
    }

    #[test]
    fn codes_that_may_have_been_leased_before_a_restore_do_not_go() {
        let world = world();
        with_codes(&world, 2);
        let before = batch(&world, 9).unwrap();
        crate::service::restore::begin_epoch(&world.db, &world.tenant, [9; 20], NOW).unwrap();
        let after = batch(&world, 9).unwrap();
        assert!(after.codes.iter().all(|code| !before.codes.contains(code)));
        assert_eq!(settled(&world, &before, vec![0, 1]), 0, "an answer from before it changes nothing");
    }
}
