//! How typed digits find a phone number.
//!
//! The rule: up to four digits find the numbers whose last four begin with them, and up to eleven find the
//! numbers that begin with them. Each further digit therefore narrows. A country code is pasted, not typed:
//! it is understood before a whole number only.

use std::ops::Range;

use guidebook_domain::Phone;
use zeroize::Zeroizing;

/// What stands for "no phone".
pub(super) const NO_PHONE: u64 = 0;

/// As many digits as a phone has, and characters as its masked form.
const DIGITS: usize = 11;

/// A phone as one number, which is wiped as one word.
pub(super) fn phone_number(phone: Option<Phone>) -> u64 {
    let Some(phone) = phone else { return NO_PHONE };
    let digits = Zeroizing::new(String::from(phone));
    digits.parse().expect("a phone is eleven digits")
}

/// The phones that some digits may mean.
pub(super) struct PhoneDigits {
    whole: Range<u64>,
    last_four: Range<u64>,
    typed: usize,
}

impl PhoneDigits {
    /// Reads a query: as typed (`text`), and with what does not count left out (`folded`). `None` if it is not
    /// all digits, or more of them than a phone has.
    pub fn read(text: &str, folded: &[char]) -> Option<Self> {
        if let Ok(phone) = Phone::parse(text) {
            let number = phone_number(Some(phone));
            return Some(PhoneDigits { whole: number..number + 1, last_four: 0..0, typed: DIGITS });
        }
        if folded.is_empty() || folded.len() > DIGITS {
            return None;
        }
        let value = folded.iter().try_fold(0, |value, c| Some(value * 10 + u64::from(c.to_digit(10)?)))?;
        let beginning_with = |length: usize| {
            let unit = 10u64.pow((length - folded.len()) as u32);
            value * unit..(value + 1) * unit
        };
        let last_four = if folded.len() <= 4 { beginning_with(4) } else { 0..0 };
        Some(PhoneDigits { whole: beginning_with(DIGITS), last_four, typed: folded.len() })
    }

    /// The digits of `phone` that were typed, if it is one of them: where both fit, those of the last four, which is what
    /// guides type.
    pub fn found_in(&self, phone: u64) -> Option<Range<usize>> {
        if !self.matches(phone) {
            return None;
        }
        let begins = if self.last_four.contains(&(phone % 10_000)) { DIGITS - 4 } else { 0 };
        Some(begins..begins + self.typed)
    }

    /// Whether `phone` is one of them; without branches, because everyone is asked.
    pub fn matches(&self, phone: u64) -> bool {
        (phone != NO_PHONE) & (self.whole.contains(&phone) | self.last_four.contains(&(phone % 10_000)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str, phone: &str) -> bool {
        let folded: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
        PhoneDigits::read(text, &folded).is_some_and(|digits| digits.matches(phone.parse().unwrap()))
    }

    #[test]
    fn the_last_four_and_the_beginning_are_found() {
        for text in
            ["0567", "0", "05", "056", "1", "138", "1381234", "13812340567", "138 1234 0567", "+86 138-1234-0567", "008613812340567"]
        {
            assert!(finds(text, "13812340567"), "{text}");
        }
    }

    #[test]
    fn other_digits_are_not_found() {
        for text in ["567", "5670", "1234", "2340567", "13812340568", "138123405670", "", "a"] {
            assert!(!finds(text, "13812340567"), "{text}");
        }
    }

    #[test]
    fn nobody_without_a_phone_is_found_by_zeros() {
        assert!(!finds("0000", "0") && !finds("0", "0"));
    }
}
