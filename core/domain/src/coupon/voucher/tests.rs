use ed25519_dalek::SigningKey;
use proptest::prelude::*;

use super::super::trust::tests::trusting;
use super::*;

/// 2026-11-05 12:00 in Shanghai.
const NOON: u64 = 1_793_851_200_000;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn a_voucher() -> Voucher {
    Voucher {
        kid: 2,
        code: CouponCode::from_parts('K', 0x1_2345_6789_abcd_ef01).unwrap(),
        worth: Worth::Amount { fen: 5_000 },
        least_spend_fen: 30_000,
        last_day: "2026-11-05".parse().unwrap(),
        store: 17,
    }
}

fn asked(now_ms: u64, store: u16, class: Option<char>) -> Asked {
    Asked { now_ms, store, class }
}

#[test]
fn a_voucher_has_81_bytes_and_122_characters_and_comes_back() {
    let signed = a_voucher().sign(&key()).unwrap();
    let text = signed.encode();
    assert_eq!((signed.bytes().len(), text.len()), (81, 122));
    let read = SignedVoucher::decode(&text).unwrap();
    assert_eq!(read.verify(&trusting(2, &key()), asked(NOON, 17, Some('K'))), Ok(&a_voucher()));
    assert_eq!(SignedVoucher::decode(&(text + "\r\n")), Ok(read));
}

#[test]
fn every_single_bit_flip_is_refused() {
    let signed = a_voucher().sign(&key()).unwrap();
    let mut trust = trusting(2, &key());
    // Other keys are known as well, so that a flipped key name is not all that stands in the way.
    for kid in [0, 3, 6, 10] {
        trust.keys.extend(trusting(kid, &SigningKey::from_bytes(&[kid + 10; 32])).keys);
    }
    let mut reasons = std::collections::BTreeMap::new();
    for bit in 0..LENGTH * 8 {
        let mut bytes = signed.bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let text = base45::encode(&bytes);
        let refused = SignedVoucher::decode(&text).and_then(|v| v.verify(&trust, asked(NOON, 17, None)).cloned()).unwrap_err();
        *reasons.entry(refused.to_string()).or_insert(0) += 1;
    }
    assert_eq!(reasons.values().sum::<u32>(), 648);
    assert!(reasons[&VoucherError::BadSignature.to_string()] > 600, "{reasons:?}");
}

#[test]
fn each_refusal_is_its_own() {
    let signed = a_voucher().sign(&key()).unwrap();
    let trust = trusting(2, &key());
    let verify = |trust: &TrustList, asked| signed.verify(trust, asked).cloned();
    assert_eq!(verify(&trust, asked(NOON, 17, None)), Ok(a_voucher()));
    assert_eq!(verify(&trusting(3, &key()), asked(NOON, 17, None)), Err(VoucherError::UnknownKey));
    assert_eq!(verify(&trust, asked(999, 17, None)), Err(VoucherError::UnknownKey));
    assert_eq!(verify(&trusting(2, &SigningKey::from_bytes(&[7; 32])), asked(NOON, 17, None)), Err(VoucherError::BadSignature));
    assert_eq!(verify(&trust, asked(NOON + 86_400_000, 17, None)), Err(VoucherError::Expired));
    assert_eq!(verify(&trust, asked(NOON, 18, None)), Err(VoucherError::WrongStore));
    assert_eq!(verify(&trust, asked(NOON, 17, Some('M'))), Err(VoucherError::WrongClass));
    let mut later = signed.bytes().to_vec();
    later[0] = 0x22;
    later.push(0);
    assert_eq!(SignedVoucher::decode(&base45::encode(&later)), Err(VoucherError::FutureVersion));
    for no_voucher in ["", "K", &base45::encode(&[0x12; 80]), "134567890123456789", "券"] {
        assert_eq!(SignedVoucher::decode(no_voucher), Err(VoucherError::Malformed), "{no_voucher}");
    }
}

#[test]
fn the_last_day_lasts_until_midnight_in_shanghai() {
    let signed = a_voucher().sign(&key()).unwrap();
    let trust = trusting(2, &key());
    let midnight = super::super::validity::end_of(a_voucher().last_day);
    assert!(signed.verify(&trust, asked(midnight - 1, 17, None)).is_ok());
    assert_eq!(signed.verify(&trust, asked(midnight, 17, None)), Err(VoucherError::Expired));
}

#[test]
fn a_voucher_for_any_store_is_taken_everywhere() {
    let signed = Voucher { store: 0, ..a_voucher() }.sign(&key()).unwrap();
    for store in [1, GREATEST_STORE] {
        assert!(signed.verify(&trusting(2, &key()), asked(NOON, store, None)).is_ok());
    }
}

#[test]
fn what_has_no_room_is_refused_when_it_is_signed() {
    let worth = |worth| Voucher { worth, ..a_voucher() };
    let day = |text: &str| Voucher { last_day: text.parse().unwrap(), ..a_voucher() };
    let bad = [
        Voucher { kid: 16, ..a_voucher() },
        Voucher { store: GREATEST_STORE + 1, ..a_voucher() },
        Voucher { least_spend_fen: 1_023_001, ..a_voucher() },
        day("2025-12-31"),
        day("2037-03-20"),
        worth(Worth::Amount { fen: 0 }),
        worth(Worth::Amount { fen: 1 << 20 }),
        worth(Worth::Percent { basis_points: 1_510, cap_fen: 5_000 }),
        worth(Worth::Percent { basis_points: 1_500, cap_fen: 0 }),
        worth(Worth::Percent { basis_points: 1_500, cap_fen: 5_050 }),
        worth(Worth::Gift { number: 0 }),
    ];
    for voucher in bad {
        assert!(voucher.sign(&key()).is_err(), "{voucher:?}");
    }
    assert!(day("2037-03-18").sign(&key()).is_ok());
}

#[test]
fn a_least_spend_is_rounded_up_never_down() {
    for (asked, said) in [(0, 0), (1, 1_000), (1_000, 1_000), (29_900, 30_000), (1_023_000, 1_023_000)] {
        let signed = Voucher { least_spend_fen: asked, ..a_voucher() }.sign(&key()).unwrap();
        assert_eq!(signed.unverified().least_spend_fen, said);
    }
}

#[test]
fn a_discount_keeps_to_its_cap_and_to_the_basket() {
    let percent = Worth::Percent { basis_points: 1_500, cap_fen: 3_000 };
    assert_eq!([percent.discount_fen(10_000), percent.discount_fen(90_000), percent.discount_fen(u32::MAX)], [1_500, 3_000, 3_000]);
    assert_eq!(Worth::Amount { fen: 5_000 }.discount_fen(3_000), 3_000);
}

prop_compose! {
    fn any_worth()(kind in 0..3, fen in 1u32..1 << 20, half in 1u16..=200, yuan in 1u32..=4_095) -> Worth {
        match kind {
            0 => Worth::Amount { fen },
            1 => Worth::Percent { basis_points: half * 50, cap_fen: yuan * 100 },
            _ => Worth::Gift { number: fen },
        }
    }
}

prop_compose! {
    fn any_voucher()(
        kid in 0u8..16, random in 0u128..1 << 65, worth in any_worth(), spend in 0u32..=1_023, day in 0u64..4_096, store in 0u16..=GREATEST_STORE,
    ) -> Voucher {
        let code = CouponCode::from_parts('Z', random).unwrap();
        Voucher { kid, code, worth, least_spend_fen: spend * 1_000, last_day: FIRST_DAY + Days::new(day), store }
    }
}

proptest! {
    #[test]
    fn every_voucher_comes_back_as_it_was(voucher in any_voucher()) {
        let text = voucher.sign(&key()).unwrap().encode();
        prop_assert_eq!(SignedVoucher::decode(&text).unwrap().unverified().clone(), voucher.clone());
        // Where a scanner has dropped a space in front.
        if let Some(without) = text.strip_prefix(' ') {
            prop_assert_eq!(SignedVoucher::decode(without).unwrap().unverified().clone(), voucher);
        }
    }

    #[test]
    fn whatever_bytes_are_read_are_written_back(bytes in proptest::collection::vec(any::<u8>(), LENGTH)) {
        let mut bytes = bytes;
        bytes[0] = 0x10 | bytes[0] & 15;
        if let Ok(read) = SignedVoucher::from_bytes(&bytes) {
            prop_assert_eq!(&read.bytes()[..], &bytes[..]);
            prop_assert_eq!(&read.unverified().body().unwrap()[..], &bytes[..BODY]);
        }
    }
}
