//! Physical lines, with a bound on each of them.

use std::io::{self, BufRead, Read};

use super::problem::RowReason;

/// The longest line, and the longest record of several lines, in bytes of UTF-8 without the line's end. The longest
/// rows seen have 500; a note column or a hundred tags still fit.
pub const LONGEST_LINE: usize = 64 * 1024;

/// One physical line, without its end.
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its text, or why it cannot be had.
    pub text: Result<String, RowReason>,
}

/// Reads lines that end in LF or CRLF; holds at most one, and never more than [`LONGEST_LINE`] bytes of it.
pub(super) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Starts at line 1.
    pub(super) fn new(input: R) -> Self {
        Lines { input, buffer: Vec::new(), number: 0 }
    }

    /// The next line, or `None` at the end of the file.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Line>> {
        // Room for CR and LF, so that a longest line is seen to end.
        let room = LONGEST_LINE + 2;
        self.buffer.clear();
        if self.input.by_ref().take(room as u64).read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        if self.buffer.len() == room && !self.buffer.ends_with(b"\n") {
            self.input.skip_until(b'\n')?;
        }
        self.number += 1;
        Ok(Some(Line { number: self.number, text: text_of(&self.buffer) }))
    }
}

fn text_of(bytes: &[u8]) -> Result<String, RowReason> {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
    if bytes.len() > LONGEST_LINE {
        return Err(RowReason::LineTooLong);
    }
    // The decoder yields UTF-8, so that this cannot fail; an answer is still better than a belief.
    String::from_utf8(bytes.to_vec()).map_err(|_| RowReason::BadEncoding)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines' lengths, or `None` for one that is too long.
    fn lengths(input: impl BufRead) -> Vec<Option<usize>> {
        let mut lines = Lines::new(input);
        std::iter::from_fn(|| lines.next_line().unwrap()).map(|line| line.text.ok().map(|text| text.len())).collect()
    }

    #[test]
    fn lines_end_in_lf_or_crlf_and_the_last_one_in_nothing() {
        assert_eq!(lengths(&b"ab\r\n\nabc\nd"[..]), [Some(2), Some(0), Some(3), Some(1)]);
        assert_eq!(lengths(&b""[..]), []);
    }

    #[test]
    fn the_longest_line_is_taken_and_one_byte_more_is_not() {
        for end in ["\n", "\r\n"] {
            let (longest, longer) = ("a".repeat(LONGEST_LINE), "a".repeat(LONGEST_LINE + 1));
            let text = [&longest, end, &longer, end, "b", end, &longer].concat();
            assert_eq!(lengths(text.as_bytes()), [Some(LONGEST_LINE), None, Some(1), None]);
        }
    }

    #[test]
    fn a_line_of_50_megabytes_is_refused_and_never_held() {
        let huge = io::BufReader::new(io::repeat(b'a').take(50 << 20).chain(&b"\nb"[..]));
        let mut lines = Lines::new(huge);
        let line = lines.next_line().unwrap().unwrap();
        assert_eq!((line.number, line.text), (1, Err(RowReason::LineTooLong)));
        // A Vec may double once past what it was asked to hold.
        assert!(lines.buffer.len() <= LONGEST_LINE + 2 && lines.buffer.capacity() <= 2 * (LONGEST_LINE + 2));
        let line = lines.next_line().unwrap().unwrap();
        assert_eq!((line.number, line.text.as_deref()), (2, Ok("b")));
    }
}
