//! Input that nobody means: a file of one huge line, and random bytes.

use std::io::{self, SeekFrom};

use super::*;

/// A file of 50 MB and one line, that nobody holds.
struct OneLine(u64);

impl Read for OneLine {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(((50 << 20) - self.0) as usize);
        buffer[..length].fill(b'a');
        self.0 += length as u64;
        Ok(length)
    }
}

impl Seek for OneLine {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        assert_eq!(to, SeekFrom::Start(0));
        self.0 = 0;
        Ok(0)
    }
}

#[test]
fn a_file_of_one_huge_line_is_refused() {
    assert!(matches!(RowReader::new(OneLine(7), Table::Members, Format::Csv), Err(ReadError::NoHeader)));
    let rows = rows_of(OneLine(7), Table::Members, Format::Ndjson);
    assert_eq!(refused(&rows), [(1, String::new(), "line too long".to_owned())]);
}

#[test]
fn noise_is_refused_and_never_a_panic() {
    let mut seed = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let pieces: [&[u8]; 12] =
        [b"\"", b",", b"\n", b"\r\n", b"{\"", b"\":", b"}", b"\xEF\xBB\xBF", b"\x84\x31\x95\x33", b"-", "会员".as_bytes(), b"\xFF"];
    for round in 0..6_000 {
        let table = Table::IN_ORDER[round % 7];
        let format = Format::ALL[round % 2];
        let mut noise = if round % 3 == 0 { Vec::new() } else { format!("{MEMBER_HEADER}\n").into_bytes() };
        for _ in 0..next() % 120 {
            match next() % 2 {
                0 => noise.push(next() as u8),
                _ => noise.extend_from_slice(pieces[(next() % 12) as usize]),
            }
        }
        let table = if round % 3 == 0 { table } else { Table::Members };
        let Ok(rows) = RowReader::new(Cursor::new(&noise), table, format) else { continue };
        let lines: Vec<u64> = rows.map(|row| row.unwrap().line).collect();
        assert!(lines.is_sorted_by(|a, b| a < b));
    }
}
