//! Base45 (RFC 9285): bytes in the alphabet of a QR code's alphanumeric mode.

const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// A text that is no base45: a character outside the alphabet (small letters too), a length that no bytes have, or a group
/// that says more than its bytes can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no base45")]
pub struct Base45Error;

/// Writes two bytes as three characters, a last single one as two.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for group in bytes.chunks(2) {
        let mut number = group.iter().fold(0, |number, byte| number * 256 + usize::from(*byte));
        for _ in 0..=group.len() {
            text.push(char::from(ALPHABET[number % 45]));
            number /= 45;
        }
    }
    text
}

/// Reads what [`encode`] writes. Each byte string has exactly one text.
pub fn decode(text: &str) -> Result<Vec<u8>, Base45Error> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut number = 0;
        for character in group.iter().rev() {
            number = number * 45 + value(*character)?;
        }
        match (group.len(), u16::try_from(number)) {
            (3, Ok(pair)) => bytes.extend(pair.to_be_bytes()),
            (2, Ok(single @ 0..=255)) => bytes.push(single.to_be_bytes()[1]),
            _ => return Err(Base45Error),
        }
    }
    Ok(bytes)
}

fn value(character: u8) -> Result<u32, Base45Error> {
    let place = ALPHABET.iter().position(|symbol| *symbol == character).ok_or(Base45Error)?;
    u32::try_from(place).map_err(|_| Base45Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_rfc_read_both_ways() {
        for (plain, text) in [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")] {
            assert_eq!(encode(plain.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Ok(plain.as_bytes()));
        }
        assert_eq!(encode(&[0; 81]).len(), 122);
    }

    #[test]
    fn what_no_bytes_can_be_is_refused() {
        // The RFC's own: 65,536 does not fit two bytes. Also 256 in one, a lone character, a small letter.
        for text in ["GGW", ":::", "::", "V5", "A", "BB8A", "bb8", "BB8#", "中文"] {
            assert_eq!(decode(text), Err(Base45Error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_survive(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode(&encode(&bytes)), Ok(bytes));
        }

        #[test]
        fn each_byte_string_has_one_text(text in "[0-9A-Z $%*+./:-]{0,30}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
