//! Two Reed–Solomon check symbols over GF(32) = GF(2)[x] / (x⁵ + x² + 1).
//!
//! A word of 16 symbols c₀ … c₁₅ holds where Σ cᵢ·αᵖ and Σ cᵢ·α²ᵖ are both zero, p = 15 − i. As 16 ≤ 31, its distance is
//! 3: no error of one or two symbols leads from one word to another.

use super::code::LENGTH;

/// x⁵ + x² + 1, of which α = x is a primitive root.
const POLYNOMIAL: u8 = 0b10_0101;

/// α⁰ … α³⁰.
const POWERS: [u8; 31] = powers();

/// The exponent of each symbol but 0.
const LOGARITHMS: [u8; 32] = logarithms();

const fn powers() -> [u8; 31] {
    let mut powers = [1; 31];
    let mut n = 1;
    while n < 31 {
        let doubled = powers[n - 1] << 1;
        powers[n] = if doubled & 32 == 0 { doubled } else { doubled ^ POLYNOMIAL };
        n += 1;
    }
    powers
}

const fn logarithms() -> [u8; 32] {
    let mut logarithms = [0; 32];
    let mut n = 0;
    while n < 31 {
        logarithms[POWERS[n] as usize] = n as u8;
        n += 1;
    }
    logarithms
}

/// `symbol`·α^`exponent`.
fn times_power(symbol: u8, exponent: usize) -> u8 {
    match symbol {
        0 => 0,
        _ => POWERS[(usize::from(LOGARITHMS[usize::from(symbol)]) + exponent) % 31],
    }
}

/// The two sums over `word`.
fn syndromes(word: &[u8; LENGTH]) -> (u8, u8) {
    let terms = word.iter().rev().enumerate();
    terms.fold((0, 0), |(once, twice), (place, symbol)| (once ^ times_power(*symbol, place), twice ^ times_power(*symbol, 2 * place)))
}

/// Whether the checks hold.
pub(super) fn checks_hold(word: &[u8; LENGTH]) -> bool {
    syndromes(word) == (0, 0)
}

/// Sets the last two symbols so that the checks hold: p·α + q and p·α² + q are what the others sum up to.
pub(super) fn set_checks(word: &mut [u8; LENGTH]) {
    word[LENGTH - 2..].fill(0);
    let (once, twice) = syndromes(word);
    let both = usize::from(LOGARITHMS[usize::from(POWERS[1] ^ POWERS[2])]);
    let p = times_power(once ^ twice, 31 - both);
    word[LENGTH - 2] = p;
    word[LENGTH - 1] = once ^ times_power(p, 1);
}
