//! What both storages must do for campaigns whose codes go to a payment platform before phones get them.

use guidebook_domain::coupon::Buckets;
use guidebook_domain::{CampaignId, TenantId};

use super::campaigns::CampaignRow;
use super::conformance::tenant;
use super::conformance_coupons::{campaign, hash, leased_of, write};
use super::coupons::{Coupon, CouponState, Retired};
use super::{Database, DatabaseExt, Tx};
use crate::error::ServerError;

fn id(id: &str) -> CampaignId {
    CampaignId::new(id).unwrap()
}

/// A campaign at this place of a platform, or at none.
fn at(name: &str, rail: Option<&str>) -> CampaignRow {
    let position = if name == "R1" { 101 } else { 102 };
    let mut row = CampaignRow { position, rail: rail.map(str::to_owned), ..campaign() };
    row.campaign.id = id(name);
    row
}

/// Code `serial` of R1.
fn code(serial: u64) -> Coupon {
    Coupon::free(id("R1"), serial, 0, hash(100 + serial as u8))
}

/// Code 1 of R1 under lease, known to its platform.
fn leased() -> Coupon {
    let mut coupon = Coupon { on_rail: true, ..leased_of(code(1)) };
    if let Some(lease) = &mut coupon.lease {
        lease.turn = 101;
    }
    coupon
}

/// Tenants A and B are furnished, and each has a campaign that is on no rail.
pub fn conforms(db: &dyn Database) {
    campaigns_on_rails_are_found_and_their_place_is_kept(db);
    free_codes_are_those_that_the_platform_knows_or_does_not(db);
    what_the_platform_knows_stays_so_under_a_lease(db);
    a_place_that_comes_back_is_unknown_to_the_platform(db);
}

fn campaigns_on_rails_are_found_and_their_place_is_kept(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let found = || -> Vec<(TenantId, CampaignRow)> { db.reading(|tx| tx.campaigns_on_rails()).unwrap() };
    assert_eq!(found(), [], "one without a place is on no rail");
    write(db, |tx| {
        tx.put_campaign(&b, &at("R1", Some("wechat:2")))?;
        tx.put_campaign(&a, &at("R2", Some("wechat:券\u{0}1")))?;
        tx.put_campaign(&a, &at("R1", Some("wechat:1")))
    });
    let (r1, r2) = (at("R1", Some("wechat:1")), at("R2", Some("wechat:券\u{0}1")));
    // All retailers', in one order.
    assert_eq!(found(), [(a.clone(), r1), (a.clone(), r2.clone()), (b.clone(), at("R1", Some("wechat:2")))]);
    db.reading(|tx| {
        assert_eq!((tx.campaign(&a, &id("R2"))?, tx.look_at_campaign(&a, &id("R2"))?), (Some(r2.clone()), Some(r2.clone())));
        Ok::<_, ServerError>(())
    })
    .unwrap();
    // It can be taken off.
    write(db, |tx| tx.put_campaign(&a, &at("R2", None)));
    assert_eq!(found().len(), 2);
    assert_eq!(db.reading(|tx| tx.campaign(&a, &id("R2"))).unwrap().and_then(|row| row.rail), None);
}

/// Serials of R1's free codes.
fn free(tx: &mut dyn Tx, on_rail: Option<bool>, limit: usize) -> Result<Vec<u64>, ServerError> {
    Ok(tx.free_coupons(&tenant("A"), &id("R1"), on_rail, limit)?.iter().map(|coupon| coupon.serial).collect())
}

fn free_codes_are_those_that_the_platform_knows_or_does_not(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let hashes: Vec<_> = (0..6).map(|serial| code(serial).hash).collect();
    write(db, |tx| {
        tx.mint(&a, &id("R1"), 0, 0, &hashes)?;
        tx.mint(&b, &id("R1"), 0, 0, &hashes[..2])?;
        // They may be answered in any order.
        for serial in [4, 1] {
            assert!(tx.move_coupon(&a, &Coupon { on_rail: true, ..code(serial) }, CouponState::Free)?);
        }
        // An answer about a code that is another by now, and about a place that there is not.
        assert!(!tx.move_coupon(&a, &Coupon { on_rail: true, generation: 1, ..code(0) }, CouponState::Free)?);
        assert!(!tx.move_coupon(&a, &Coupon { on_rail: true, ..code(9) }, CouponState::Free)?);
        Ok(())
    });
    let read = |tx: &mut dyn Tx| {
        assert_eq!((free(tx, Some(true), 9)?, free(tx, Some(true), 1)?), (vec![1, 4], vec![1]));
        assert_eq!((free(tx, Some(false), 9)?, free(tx, Some(false), 3)?), (vec![0, 2, 3, 5], vec![0, 2, 3]));
        assert_eq!(free(tx, None, 9)?, [0, 1, 2, 3, 4, 5]);
        assert_eq!((tx.waiting_for_rail(&a, &id("R1"))?, tx.waiting_for_rail(&b, &id("R1"))?), (4, 2));
        assert_eq!((tx.waiting_for_rail(&a, &id("R2"))?, tx.waiting_for_rail(&a, &id("none"))?), (0, 0));
        assert_eq!(tx.coupon_of_hash(&a, &hashes[4])?, Some(Coupon { on_rail: true, ..code(4) }));
        // No code has left its bucket.
        assert_eq!(tx.buckets(&a, &id("R1"))?, Buckets { minted: 6, free: 6, ..Buckets::default() });
        Ok::<_, ServerError>(())
    };
    db.reading(read).unwrap();
    write(db, read);
}

fn what_the_platform_knows_stays_so_under_a_lease(db: &dyn Database) {
    let a = tenant("A");
    let leased = leased();
    write(db, |tx| {
        assert!(tx.move_coupon(&a, &leased, CouponState::Free)?);
        // The platform's answer of before comes once more: the code has moved on.
        assert!(!tx.move_coupon(&a, &Coupon { on_rail: true, ..code(1) }, CouponState::Free)?);
        Ok(())
    });
    db.reading(|tx| {
        assert_eq!(tx.coupon_of_hash(&a, &leased.hash)?, Some(leased.clone()));
        assert_eq!((free(tx, Some(true), 9)?, free(tx, Some(false), 9)?), (vec![4], vec![0, 2, 3, 5]));
        // One that is leased waits for nobody.
        assert_eq!(tx.waiting_for_rail(&a, &id("R1"))?, 4);
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn a_place_that_comes_back_is_unknown_to_the_platform(db: &dyn Database) {
    let a = tenant("A");
    let of_lease = Retired { coupon: leased(), why: "surrendered".to_owned(), at_ms: 60 };
    let of_free = Retired { coupon: Coupon { on_rail: true, ..code(4) }, why: "restored".to_owned(), at_ms: 60 };
    write(db, |tx| {
        assert!(tx.renew_coupon(&a, &of_lease, &hash(201), 1)?);
        assert!(tx.renew_coupon(&a, &of_free, &hash(204), 1)?);
        Ok(())
    });
    db.reading(|tx| {
        assert_eq!((free(tx, Some(true), 9)?, free(tx, Some(false), 9)?), (vec![], vec![0, 1, 2, 3, 4, 5]));
        assert_eq!(tx.waiting_for_rail(&a, &id("R1"))?, 6);
        assert_eq!(tx.coupon_of_hash(&a, &hash(201))?, Some(Coupon::free(id("R1"), 1, 1, hash(201))));
        Ok::<_, ServerError>(())
    })
    .unwrap();
}
