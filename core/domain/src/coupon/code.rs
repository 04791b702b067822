//! The code that is typed: 16 characters of Crockford base32, `KXXX-XXXX-XXXX-XXCC`.
//!
//! A class letter, 13 random symbols (65 bits) and 2 Reed–Solomon check symbols over GF(32), which catch every error in one
//! or two symbols. The class is a letter, so that no code looks like a payment code, which is all digits (WeChat Pay: 18
//! beginning 10–15; Alipay: 16–24 beginning 25–30). WeChat Pay takes 1–32 characters of `0-9 a-z A-Z - _ \ / = |`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::galois;

/// Symbols of a code.
pub const LENGTH: usize = 16;

/// Random symbols of a code.
pub const RANDOM_SYMBOLS: usize = 13;

/// Random bits of a code.
pub const RANDOM_BITS: u32 = 65;

/// Crockford's base32: without I, L, O and U. A symbol's value is its place.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The first symbol that is a letter.
const FIRST_LETTER: u8 = 10;

/// A text that is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not 16 symbols, or a character that no symbol can be taken for.
    #[error("not of the form of a code")]
    Form,
    /// The first symbol is a digit: no coupon's, perhaps a payment code.
    #[error("the class is no letter")]
    Class,
    /// The check symbols do not fit: mistyped.
    #[error("mistyped")]
    Check,
}

/// A coupon's code. It is worth money to whoever reads it, so `Debug` hides it and there is no `Display`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CouponCode([u8; LENGTH]);

impl CouponCode {
    /// The code of `class` with the lowest [`RANDOM_BITS`] bits of `random`. Refused is a class that is no letter of the
    /// alphabet.
    pub fn from_parts(class: char, random: u128) -> Result<Self, CodeError> {
        let class = class_symbol(class).ok_or(CodeError::Class)?;
        let mut symbols = [0; LENGTH];
        symbols[0] = class;
        for (place, symbol) in symbols[1..=RANDOM_SYMBOLS].iter_mut().enumerate() {
            *symbol = (random >> (5 * (RANDOM_SYMBOLS - 1 - place)) & 31) as u8;
        }
        galois::set_checks(&mut symbols);
        Ok(CouponCode(symbols))
    }

    /// Reads a code as it is typed: in small or capital letters, with spaces or hyphens anywhere, with I or L for 1 and O
    /// for 0.
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let mut symbols = [0; LENGTH];
        let mut count = 0;
        for character in text.chars().filter(|c| !c.is_whitespace() && !is_hyphen(*c)) {
            let place = symbols.get_mut(count).ok_or(CodeError::Form)?;
            *place = forgiving_symbol(character).ok_or(CodeError::Form)?;
            count += 1;
        }
        if count != LENGTH {
            return Err(CodeError::Form);
        }
        if symbols[0] < FIRST_LETTER {
            return Err(CodeError::Class);
        }
        if !galois::checks_hold(&symbols) {
            return Err(CodeError::Check);
        }
        Ok(CouponCode(symbols))
    }

    /// The class letter, which a retailer chooses by campaign.
    pub fn class(&self) -> char {
        char::from(ALPHABET[usize::from(self.0[0])])
    }

    /// The random bits.
    pub fn random(&self) -> u128 {
        self.0[1..=RANDOM_SYMBOLS].iter().fold(0, |bits, symbol| bits << 5 | u128::from(*symbol))
    }

    /// The 16 symbols without hyphens, as they go to a till, to a rail and into a keyed hash.
    pub fn plain(&self) -> String {
        self.0.iter().map(|symbol| char::from(ALPHABET[usize::from(*symbol)])).collect()
    }

    /// In groups of four with hyphens, as it is shown.
    pub fn grouped(&self) -> String {
        let plain = self.plain();
        format!("{}-{}-{}-{}", &plain[..4], &plain[4..8], &plain[8..12], &plain[12..])
    }

    /// The class as a number of five bits.
    pub(super) fn class_bits(&self) -> u8 {
        self.0[0]
    }

    /// The code of a class in five bits.
    pub(super) fn from_bits(class: u8, random: u128) -> Result<Self, CodeError> {
        let class = ALPHABET.get(usize::from(class)).ok_or(CodeError::Class)?;
        CouponCode::from_parts(char::from(*class), random)
    }
}

/// Whether a letter can be a class: a capital of the alphabet.
pub fn is_class(letter: char) -> bool {
    class_symbol(letter).is_some()
}

fn class_symbol(letter: char) -> Option<u8> {
    symbol(letter).filter(|symbol| *symbol >= FIRST_LETTER)
}

fn symbol(character: char) -> Option<u8> {
    let byte = u8::try_from(character).ok()?;
    u8::try_from(ALPHABET.iter().position(|symbol| *symbol == byte)?).ok()
}

fn forgiving_symbol(character: char) -> Option<u8> {
    match character.to_ascii_uppercase() {
        'O' => Some(0),
        'I' | 'L' => Some(1),
        other => symbol(other),
    }
}

/// The hyphen of a keyboard, and those that a phone makes of it.
fn is_hyphen(character: char) -> bool {
    matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}')
}

impl fmt::Debug for CouponCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CouponCode({}…)", self.class())
    }
}

impl FromStr for CouponCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        CouponCode::parse(text)
    }
}

impl TryFrom<String> for CouponCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        CouponCode::parse(&text)
    }
}

impl From<CouponCode> for String {
    fn from(code: CouponCode) -> String {
        code.plain()
    }
}

#[cfg(test)]
mod tests;
