//! Lines to CSV records, so that a quote that is never closed costs one line and not the rest of the file.
//!
//! The `csv` crate reads a quoted record; which lines belong to it is decided here, because the crate would follow an
//! open quote to the end of the file and hold all of it.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::lines::{LONGEST_LINE, Line, Lines};
use super::problem::RowReason;

/// The most physical lines of one record. Also bounds how often a line is looked at again after an open quote.
const MOST_LINES: usize = 32;

/// One record.
pub(super) struct Record {
    /// The physical line at which it begins.
    pub line: u64,
    /// Its fields, or why it is refused.
    pub fields: Result<Vec<String>, RowReason>,
}

/// Reads records; holds the lines of one record, at most [`LONGEST_LINE`] bytes and one more line.
pub(super) struct CsvRecords<R> {
    lines: Lines<R>,
    /// Lines to be read again: they were taken for part of a record that came to nothing.
    again: VecDeque<Line>,
}

impl<R: BufRead> CsvRecords<R> {
    /// Reads from `lines` on.
    pub(super) fn new(lines: Lines<R>) -> Self {
        CsvRecords { lines, again: VecDeque::new() }
    }

    /// The next record, of `width` fields where that is known. Blank lines are skipped. Of a record that is refused,
    /// only the first line is spent: the others are read again as records of their own.
    pub(super) fn next_record(&mut self, width: Option<usize>) -> io::Result<Option<Record>> {
        let Some(Line { number, text }) = self.next_line_with_text()? else { return Ok(None) };
        let text = match text {
            Ok(text) => text,
            Err(reason) => return Ok(Some(Record { line: number, fields: Err(reason) })),
        };
        let (text, rest) = self.follow_quotes(text)?;
        let fields = text.ok_or(RowReason::Malformed).and_then(|text| split(&text)).and_then(|fields| match width {
            Some(width) if width != fields.len() => Err(RowReason::WrongColumnCount),
            _ => Ok(fields),
        });
        if fields.is_err() {
            rest.into_iter().rev().for_each(|line| self.again.push_front(line));
        }
        Ok(Some(Record { line: number, fields }))
    }

    fn next_line_with_text(&mut self) -> io::Result<Option<Line>> {
        while let Some(line) = self.next_line()? {
            if !matches!(&line.text, Ok(text) if text.trim().is_empty()) {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    fn next_line(&mut self) -> io::Result<Option<Line>> {
        match self.again.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    /// Adds the lines that an open quote runs through. The text is `None` when it is not closed within bounds; either
    /// way the lines added are returned too.
    fn follow_quotes(&mut self, mut text: String) -> io::Result<(Option<String>, Vec<Line>)> {
        let mut rest = Vec::new();
        let mut place = Place::FieldStart.after(&text);
        while place == Place::Quoted {
            let Some(line) = self.next_line()? else { return Ok((None, rest)) };
            let fits = rest.len() + 1 < MOST_LINES;
            match &line.text {
                Ok(more) if fits && text.len() + 1 + more.len() <= LONGEST_LINE => {
                    text.push('\n');
                    text.push_str(more);
                    place = place.after(more);
                    rest.push(line);
                }
                Ok(_) | Err(_) => {
                    rest.push(line);
                    return Ok((None, rest));
                }
            }
        }
        Ok((Some(text), rest))
    }
}

/// Where in a record a reader stands, as the `csv` crate sees it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted field: its end, or half of a doubled quote.
    QuoteSeen,
}

impl Place {
    fn after(self, text: &str) -> Place {
        text.bytes().fold(self, |place, byte| match (place, byte) {
            (Place::FieldStart | Place::QuoteSeen, b'"') => Place::Quoted,
            (Place::Quoted, b'"') => Place::QuoteSeen,
            (Place::Quoted, _) => Place::Quoted,
            (Place::FieldStart | Place::Plain | Place::QuoteSeen, b',') => Place::FieldStart,
            (Place::FieldStart | Place::Plain | Place::QuoteSeen, _) => Place::Plain,
        })
    }
}

/// The fields of one whole record.
fn split(record: &str) -> Result<Vec<String>, RowReason> {
    if !record.contains('"') {
        return Ok(record.split(',').map(str::to_owned).collect());
    }
    let newline = csv::Terminator::Any(b'\n');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).terminator(newline).from_reader(record.as_bytes());
    let mut records = reader.records();
    match (records.next(), records.next()) {
        (Some(Ok(fields)), None) => Ok(fields.iter().map(str::to_owned).collect()),
        _ => Err(RowReason::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Read = (u64, Result<Vec<String>, RowReason>);

    fn read(text: &str, width: usize) -> Vec<Read> {
        let mut records = CsvRecords::new(Lines::new(text.as_bytes()));
        let read = std::iter::from_fn(|| records.next_record(Some(width)).unwrap()).map(|record| (record.line, record.fields)).collect();
        assert!(records.again.is_empty());
        read
    }

    fn fields(line: u64, fields: &[&str]) -> Read {
        (line, Ok(fields.iter().map(|field| (*field).to_owned()).collect()))
    }

    #[test]
    fn a_quoted_field_holds_commas_quotes_and_line_breaks() {
        let text = "a,\"b,\"\"c\"\"\"\r\n\r\n\"d\r\n\r\ne\",f\r\ng,h";
        assert_eq!(read(text, 2), [fields(1, &["a", "b,\"c\""]), fields(3, &["d\n\ne", "f"]), fields(6, &["g", "h"])]);
    }

    #[test]
    fn a_quote_inside_a_plain_field_is_a_character() {
        assert_eq!(read("5\",b\nc,d", 2), [fields(1, &["5\"", "b"]), fields(2, &["c", "d"])]);
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_one_line() {
        let expected = [(1, Err(RowReason::Malformed)), fields(2, &["c", "d"]), fields(3, &["e", "f"])];
        assert_eq!(read("a,\"b\nc,d\ne,f\n", 2), expected);
        let many = format!("a,\"b\n{}", "c,d\n".repeat(10_000));
        let read = read(&many, 2);
        assert_eq!((read.len(), read.iter().filter(|(_, fields)| fields.is_err()).count()), (10_001, 1));
    }

    #[test]
    fn a_quote_closed_by_a_later_row_s_costs_one_line() {
        let expected = [(1, Err(RowReason::WrongColumnCount)), fields(2, &["c", "d"]), fields(3, &["e", "f,g"])];
        assert_eq!(read("a,\"b\nc,d\ne,\"f,g\"\n", 2), expected);
    }

    #[test]
    fn a_quoted_field_of_50_megabytes_is_refused_and_never_held() {
        let text = format!("a,\"{}\nb,c", format!("{}\n", "x".repeat(999)).repeat(50_000));
        let mut records = CsvRecords::new(Lines::new(text.as_bytes()));
        let mut last = None;
        while let Some(record) = records.next_record(Some(2)).unwrap() {
            let held: usize = records.again.iter().filter_map(|line| line.text.as_ref().ok()).map(String::len).sum();
            assert!(held <= 2 * LONGEST_LINE && records.again.len() <= MOST_LINES);
            last = Some((record.line, record.fields));
        }
        assert_eq!(last, Some(fields(50_002, &["b", "c"])));
    }

    #[test]
    fn wherever_the_csv_crate_ends_a_record_it_ends_here_too() {
        let alphabet = [b'a', b',', b'"', b'"', b'\n'];
        for mut code in 0..5_u32.pow(7) {
            let text: String = (0..7).map(|_| (alphabet[(code % 5) as usize] as char, code /= 5).0).collect();
            let newline = csv::Terminator::Any(b'\n');
            let mut oracle = csv::ReaderBuilder::new().has_headers(false).flexible(true).terminator(newline).from_reader(text.as_bytes());
            let expected = oracle.records().next().map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>());
            let record = CsvRecords::new(Lines::new(text.as_bytes())).next_record(None).unwrap();
            let Some(Record { fields: Ok(fields), .. }) = record else { continue };
            assert_eq!(Some(fields), expected, "{text:?}");
        }
    }
}
