//! What a server leases that was put back from a backup: never what it forgot.

use super::*;
use crate::db::coupons::Coupon;
use crate::service::coupons::secret::Mint;
use crate::service::restore::begin_epoch;

#[test]
fn a_server_put_back_from_a_backup_leases_no_code_that_it_forgot() {
    let mut world = world();
    with_codes(&world, 30);
    let li = signer(&mut world, "LI", 5);
    // As if leased since the backup: the same places, forgotten.
    let forgotten: BTreeSet<String> = world
        .db
        .reading(|tx| {
            let codes = Mint::of(tx, &secret(), &world.tenant)?;
            let free = tx.free_coupons(&world.tenant, &CampaignId::new("C1").unwrap(), None, 30)?;
            let code = |coupon: &Coupon| codes.code(&campaign("C1"), coupon.serial, coupon.generation).map(|code| code.plain());
            free.iter().map(code).collect::<crate::db::Result<_>>()
        })
        .unwrap();
    begin_epoch(&world.db, &world.tenant, [3; 20], NOW).unwrap();
    let grant = leased(&world, &li, 1, 30);
    assert_eq!(grant.codes.len(), 30);
    assert!(grant.codes.iter().all(|code| code.turn > 1 << 40 && !forgotten.contains(&code.code.plain())));
    assert_eq!((line(&world).codes.leased, line(&world).codes.minted), (30, 30));
}

#[test]
fn one_backup_put_back_twice_leases_other_codes_and_later_turns_each_time() {
    let put_back = |chance: u8, at_ms: u64| {
        let mut world = world();
        with_codes(&world, 30);
        let li = signer(&mut world, "LI", 5);
        begin_epoch(&world.db, &world.tenant, [chance; 20], at_ms).unwrap();
        leased(&world, &li, 1, 30)
    };
    let (forgotten, today) = (put_back(3, NOW), put_back(4, NOW + 1));
    let known: BTreeSet<String> = forgotten.codes.iter().map(|code| code.code.plain()).collect();
    assert_eq!((forgotten.codes.len(), today.codes.len()), (30, 30));
    assert!(today.codes.iter().all(|code| !known.contains(&code.code.plain())));
    assert!(forgotten.codes.last().unwrap().turn < today.codes[0].turn);
}

#[test]
fn what_was_taken_back_is_booked_though_its_issue_comes_behind_as_after_a_restore() {
    let mut world = world();
    with_codes(&world, 20);
    let mut li = signer(&mut world, "LI", 5);
    let grant = leased(&world, &li, 1, 20);
    let given = issue(&mut world, &mut li, &grant, 3, "M1");
    let edit = Edit::CouponVoided { grant: grant.request, turn: grant.codes[3].turn };
    let void = world.edit(&li.phone, "M1", NOW, edit);
    assert_eq!(push(&world, &mut li, &[&void, &given]), [Outcome::Applied, Outcome::Applied]);
    assert_eq!(line(&world).codes.void, 1);
    let report = crate::hq::coupon_report::report(&world.db, &world.tenant, &CampaignId::new("C1").unwrap(), NOW).unwrap();
    assert_eq!((report.total.issued, report.total.void), (0, 1));
}
