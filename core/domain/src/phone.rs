//! Chinese mobile numbers, forgiving of how spreadsheets and people write them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A mainland mobile number as eleven ASCII digits (`1[3-9]` and nine more). `Debug` is masked.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// A text that is not a mobile number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mobile number")]
pub struct PhoneError;

impl Phone {
    /// Reads a number with spaces, hyphens, full-width digits or a country code (`+86`, `86`, `0086`).
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let mut digits = String::with_capacity(15);
        for c in text.chars() {
            match c {
                '0'..='9' => digits.push(c),
                '０'..='９' => digits.push(char::from(b'0' + (c as u32 - '０' as u32) as u8)),
                '+' | '＋' if digits.is_empty() => {}
                '-' | '－' | '(' | ')' | '（' | '）' => {}
                c if c.is_whitespace() => {}
                _ => return Err(PhoneError),
            }
        }
        let national = match digits.len() {
            11 => digits.as_str(),
            13 => digits.strip_prefix("86").ok_or(PhoneError)?,
            15 => digits.strip_prefix("0086").ok_or(PhoneError)?,
            _ => return Err(PhoneError),
        };
        let bytes = national.as_bytes();
        if bytes[0] != b'1' || !(b'3'..=b'9').contains(&bytes[1]) {
            return Err(PhoneError);
        }
        Ok(Phone(national.to_owned()))
    }

    /// All eleven digits: only for a look-up, a sealed record, or an audited reveal.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The last four digits.
    pub fn last_four(&self) -> &str {
        &self.0[7..]
    }

    /// The number as lists show it: `138****1234`.
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..3], self.last_four())
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::parse(&text)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phone(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_people_write_a_number_are_one_number() {
        for text in ["13812345678", "+86 138 1234 5678", "８６１３８１２３４５６７８", "138-1234-5678", " 0086 13812345678"] {
            assert_eq!(Phone::parse(text).map(|p| p.expose().to_owned()), Ok("13812345678".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_mobile_number_is_refused() {
        for text in ["", "1381234", "12812345678", "138123456789", "2313812345678", "13812345678x", "020 8888 8888"] {
            assert_eq!(Phone::parse(text), Err(PhoneError), "{text}");
        }
    }

    #[test]
    fn lists_and_debug_hide_the_middle() {
        let phone = Phone::parse("13812345678").unwrap();
        assert_eq!(phone.masked(), "138****5678");
        assert_eq!(format!("{phone:?}"), "Phone(…)");
    }
}
