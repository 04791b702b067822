//! The worst that a stolen phone can do: all that lies on it, its key and its codes, in a thief's hands.

use guidebook_domain::coupon::voucher::{Asked, Voucher, VoucherError, Worth};
use guidebook_domain::coupon::{CouponCode, SignedVoucher};

use super::*;
use crate::hq::devices;
use crate::service::coupons::granting;
use guidebook_wire::coupon::CouponAskRecord;

#[test]
fn a_stolen_phone_is_worth_its_own_codes_each_once_and_gets_no_more() {
    let mut shop = Shop::new();
    let chen = signer(&mut shop.world, "CHEN", 6);
    let hers = leased(&shop.world, &chen, 2, 20);
    let tills = [shop.till("S1", 1, true), shop.till("S2", 2, true)];
    devices::revoke(&shop.world.db, &shop.world.tenant, shop.li.phone.who.device, NOW).unwrap();

    // No more codes, nor anything else.
    let refused = shop.li.phone.round_with(&shop.world.db, Some(&secret()), &[]).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Revoked);

    // Each of its codes at most once, wherever it is tried.
    let mut paid = 0;
    for place in 0..shop.grant.codes.len() {
        // Slowly, or the tills would stop taking typed codes.
        let now_ms = NOW + place as u64 * 120_000;
        let first = shop.ask(&tills[place % 2], Verb::Commit, place, now_ms);
        paid += first.1["money_fen"].as_u64().unwrap();
        let again = tills.clone().map(|till| shop.ask(&till, Verb::Commit, place, now_ms).1["reason"].clone());
        assert_eq!((first.0, again), (200, ["used".into(), "used".into()]));
    }
    let line = line(&shop.world);
    assert_eq!((paid, line.codes.redeemed, line.codes.leased), (20 * 5_000, 20, 20));

    // Nobody else's are touched.
    let other = ask(&shop.world.db, &tills[0], "hers", Verb::Verify, &hers.codes[0].code.grouped(), &CallRequest::default(), NOW).unwrap();
    assert_eq!(other.status, 200);
}

#[test]
fn a_stolen_key_signs_no_voucher_that_a_till_takes() {
    let shop = Shop::new();
    let nothing = CouponAskRecord { asks: vec![], mark: shop.grant.mark, trust: 0, rootless: true };
    let told = granting::answer(&shop.world.db, &secret(), &shop.li.phone.who, &nothing, NOW).unwrap();
    let list = told.trust.unwrap().accept(0, &told.root.unwrap()).unwrap();
    let asked = Asked { now_ms: NOW, store: 1, class: None };

    let given = &shop.grant.codes[0];
    let real = SignedVoucher::decode(&given.voucher).unwrap();
    let dearer = Voucher { worth: Worth::Amount { fen: 50_000 }, ..real.verify(&list, asked).unwrap().clone() };
    let forged = dearer.sign(&shop.li.key).unwrap();
    assert_eq!(forged.verify(&list, asked), Err(VoucherError::BadSignature));
    // The server asks nobody what a code is worth, and takes one that is none for typed, whatever voucher comes with it.
    let till = shop.till("S1", 1, true);
    let try_it = |key: &str, code: &str, voucher: &SignedVoucher| {
        let request = CallRequest { voucher: Some(voucher.encode()), ..CallRequest::default() };
        said(&ask(&shop.world.db, &till, key, Verb::Commit, code, &request, NOW).unwrap())
    };
    let (status, said) = try_it("dearer", &given.code.grouped(), &forged);
    assert_eq!((status, &said["money_fen"]), (200, &5_000.into()));
    let made_up = CouponCode::from_parts('K', 7).unwrap();
    let forged = Voucher { code: made_up.clone(), ..dearer }.sign(&shop.li.key).unwrap();
    assert_eq!(try_it("made up", &made_up.grouped(), &forged).1["reason"], "unknown");
    assert_eq!(line(&shop.world).codes.redeemed, 1);
}
