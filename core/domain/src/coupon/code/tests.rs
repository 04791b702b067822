use proptest::prelude::*;

use super::*;

fn code(class: char, random: u128) -> CouponCode {
    CouponCode::from_parts(class, random).unwrap()
}

/// A few codes that have nothing in common.
fn some_codes() -> Vec<CouponCode> {
    let randoms = [0, 1, u128::MAX, 0x1_2345_6789_abcd_ef01, 0xdead_beef_cafe_f00d];
    randoms.into_iter().zip(['A', 'K', 'Z', 'M', 'X']).map(|(random, class)| code(class, random)).collect()
}

fn text_of(symbols: &[u8]) -> String {
    symbols.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])).collect()
}

#[test]
fn every_error_in_one_or_two_symbols_is_caught() {
    let mut tried = 0;
    for code in some_codes() {
        for first in 0..LENGTH {
            for wrong in 1..32u8 {
                let mut once = code.0;
                once[first] ^= wrong;
                assert!(CouponCode::parse(&text_of(&once)).is_err());
                tried += 1;
                for second in first + 1..LENGTH {
                    for wrong in 1..32u8 {
                        let mut twice = once;
                        twice[second] ^= wrong;
                        assert!(CouponCode::parse(&text_of(&twice)).is_err());
                        tried += 1;
                    }
                }
            }
        }
    }
    assert_eq!(tried, 5 * (16 * 31 + 120 * 31 * 31));
}

#[test]
fn every_two_symbols_that_changed_places_are_caught() {
    for code in some_codes() {
        for (first, second) in (0..LENGTH).flat_map(|a| (a + 1..LENGTH).map(move |b| (a, b))) {
            let mut swapped = code.0;
            swapped.swap(first, second);
            assert_eq!(CouponCode::parse(&text_of(&swapped)).is_ok(), code.0[first] == code.0[second]);
        }
    }
}

#[test]
fn a_random_text_passes_at_most_once_in_a_thousand() {
    // A word is a code for one in 1,024 of the check symbols, whatever stands before them: counted over all of them.
    for before in some_codes() {
        let passes = (0..32u8).flat_map(|p| (0..32u8).map(move |q| (p, q))).filter(|(p, q)| {
            let mut word = before.0;
            (word[14], word[15]) = (*p, *q);
            CouponCode::parse(&text_of(&word)).is_ok()
        });
        assert_eq!(passes.count(), 1);
    }
    // And tried: 16 symbols by a generator of the test's own (xorshift).
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as u8 & 31
    };
    let accepted = (0..200_000).filter(|_| CouponCode::parse(&text_of(&[(); LENGTH].map(|()| next()))).is_ok()).count();
    assert!((50..=200).contains(&accepted), "{accepted} of 200,000");
}

#[test]
fn a_code_is_read_however_it_is_typed() {
    let code = code('K', 1 | 1 << 60);
    let shown = code.grouped();
    assert_eq!(shown.len(), 19);
    let forgiven = [
        shown.to_lowercase(),
        shown.replace('-', " "),
        shown.replace('-', ""),
        shown.replace('0', "o"),
        shown.replace('1', "l"),
        shown.replace('1', "I"),
        shown.replace('-', "－"),
    ];
    for typed in forgiven {
        assert_eq!(CouponCode::parse(&typed), Ok(code.clone()), "{typed}");
    }
    assert_eq!(CouponCode::parse(&shown.replace('0', "U")), Err(CodeError::Form));
    assert_eq!(CouponCode::parse(&shown[..18]), Err(CodeError::Form));
    assert_eq!(CouponCode::parse(&format!("{shown}0")), Err(CodeError::Form));
}

#[test]
fn no_code_looks_like_a_payment_code_and_all_are_legal_on_the_rails() {
    for class in ('0'..='9').chain(['I', 'L', 'O', 'U', 'a', '中']) {
        assert_eq!(CouponCode::from_parts(class, 7), Err(CodeError::Class), "{class}");
    }
    for digits in ["134567890123456789", "2834567890123456", "1034567890123456"] {
        assert!(CouponCode::parse(digits).is_err());
    }
    assert_eq!(CouponCode::parse("0000-0000-0000-0000"), Err(CodeError::Class));
    for code in some_codes() {
        let plain = code.plain();
        assert!(plain.starts_with(|c: char| c.is_ascii_uppercase()));
        assert!((1..=32).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_alphanumeric()));
    }
}

#[test]
fn debug_hides_all_but_the_class() {
    assert_eq!(format!("{:?}", code('K', 99)), "CouponCode(K…)");
}

proptest! {
    #[test]
    fn parts_survive(class in 0usize..22, random in 0u128..1 << 65) {
        let class = char::from(ALPHABET[10 + class]);
        let code = code(class, random);
        prop_assert_eq!((code.class(), code.random()), (class, random));
        prop_assert_eq!(CouponCode::parse(&code.grouped()), Ok(code));
    }

    #[test]
    fn whatever_is_read_is_read_again(text in "\\PC{0,24}") {
        if let Ok(code) = CouponCode::parse(&text) {
            prop_assert_eq!(CouponCode::parse(&code.plain()), Ok(code));
        }
    }
}
