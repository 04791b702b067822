//! UTF-8 or GB18030: decided in one pass over the whole file, without holding it.

use std::io::{self, BufReader, Read, Seek};

use encoding_rs::{Encoding, GB18030, UTF_8};
use encoding_rs_io::{DecodeReaderBytes, DecodeReaderBytesBuilder};

/// A reader that yields UTF-8 whatever the file holds. What cannot be decoded becomes U+FFFD.
pub(super) type Utf8Reader<R> = BufReader<DecodeReaderBytes<R, Vec<u8>>>;

/// Bytes looked at in one go.
const CHUNK: usize = 16 * 1024;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Decides the encoding of `input`, goes back to its beginning and decodes from there.
pub(super) fn decode<R: Read + Seek>(mut input: R) -> io::Result<Utf8Reader<R>> {
    input.rewind()?;
    let encoding = decide(&mut input)?;
    input.rewind()?;
    Ok(BufReader::new(DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(input)))
}

/// UTF-8 when the file has a byte order mark or most of its non-ASCII characters are UTF-8, otherwise GB18030.
///
/// "Most", not "all": one damaged byte in a UTF-8 file damages its row and must not turn the others into nonsense.
/// Chinese text in GB18030 looks like UTF-8 in about one character of seven.
fn decide(input: &mut impl Read) -> io::Result<&'static Encoding> {
    let (mut good, mut bad) = (0_u64, 0_u64);
    let mut buffer = [0; CHUNK];
    let mut held = 0;
    let mut at_start = true;
    loop {
        let read = match input.read(&mut buffer[held..]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        held += read;
        if at_start && read > 0 && held < BOM.len() {
            continue;
        }
        if at_start && buffer[..held].starts_with(BOM) {
            return Ok(UTF_8);
        }
        at_start = false;
        let rest = count(&buffer[..held], &mut good, &mut bad);
        buffer.copy_within(held - rest..held, 0);
        held = rest;
        if read == 0 {
            break;
        }
    }
    // A character cut off by the end of the file.
    bad += u64::from(held > 0);
    Ok(if bad == 0 || good > bad { UTF_8 } else { GB18030 })
}

/// Counts the good and bad non-ASCII characters of `bytes`; returns how many bytes (at most 3) at the end are the
/// beginning of a character.
fn count(mut bytes: &[u8], good: &mut u64, bad: &mut u64) -> usize {
    loop {
        let (valid, error) = match std::str::from_utf8(bytes) {
            Ok(_) => (bytes.len(), None),
            Err(error) => (error.valid_up_to(), Some(error)),
        };
        *good += bytes[..valid].iter().filter(|byte| **byte >= 0xC0).count() as u64;
        let Some(error) = error else { return 0 };
        let Some(length) = error.error_len() else { return bytes.len() - valid };
        *bad += 1;
        bytes = &bytes[valid + length..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Gives one byte at a time, so that every character is cut everywhere.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            self.0.read(&mut buffer[..1])
        }
    }

    fn text_of(bytes: &[u8]) -> String {
        let mut text = String::new();
        decode(Cursor::new(bytes)).unwrap().read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn both_encodings_become_the_same_text_without_a_mark() {
        let text = "会员号,姓名\r\n欧阳·𠮷,1\r\n".repeat(2000);
        let (gb, _, _) = GB18030.encode(&text);
        assert_eq!(text_of(text.as_bytes()), text);
        assert_eq!(text_of(&[BOM, text.as_bytes()].concat()), text);
        assert_eq!(text_of(&gb), text);
    }

    #[test]
    fn the_decision_does_not_depend_on_how_the_bytes_arrive() {
        let (gb, _, _) = GB18030.encode("会员号,姓名");
        let marked = [BOM, b"\xFF\xFF"].concat();
        for (bytes, encoding) in [("会员号,姓名".as_bytes(), UTF_8), (&gb, GB18030), (&marked, UTF_8), (b"a,b", UTF_8), (b"", UTF_8)] {
            assert_eq!(decide(&mut Drip(bytes)).unwrap(), encoding);
            assert_eq!(decide(&mut &*bytes).unwrap(), encoding);
        }
    }

    #[test]
    fn one_damaged_byte_does_not_change_the_encoding() {
        let text = text_of(b"\xE4\xBC\x9A\xE5\x91\x98,\xFF,\xE5\x8F\xB7");
        assert_eq!(text, "会员,\u{FFFD},号");
    }
}
