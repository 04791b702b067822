//! The iterator over a file's rows.

use std::fmt;
use std::io::{self, Read, Seek};

use serde_json::{Map, Value};

use super::cells::Cells;
use super::columns::{columns_of, locate};
use super::csv_records::{CsvRecords, Record};
use super::encoding::{Utf8Reader, decode};
use super::lines::{Line, Lines};
use super::parse_row::parse_row;
use super::problem::{ReadError, RowProblem, RowReason};
use super::row::Row;
use super::table::{Format, Table};

/// One record of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadRow {
    /// The physical line at which it begins; the header of a CSV file is line 1.
    pub line: u64,
    /// The row, or why it is refused.
    pub parsed: Result<Row, RowProblem>,
}

/// Reads the rows of one file. Holds one record, never the file. An error is its last item.
pub struct RowReader<R> {
    table: Table,
    source: Source<Utf8Reader<R>>,
    failed: bool,
}

enum Source<R> {
    Csv(CsvSource<R>),
    Ndjson(Lines<R>),
}

struct CsvSource<R> {
    records: CsvRecords<R>,
    /// The file's headers, trimmed.
    headers: Vec<String>,
    /// Where each column of the table stands.
    places: Vec<usize>,
}

impl<R: Read + Seek> RowReader<R> {
    /// Decides the encoding of `input`, which is read from its beginning wherever it stands, and checks the header of
    /// a CSV file. An NDJSON file has none: an object that lacks a key is a refused row.
    pub fn new(input: R, table: Table, format: Format) -> Result<Self, ReadError> {
        let lines = Lines::new(decode(input)?);
        let source = match format {
            Format::Csv => Source::Csv(CsvSource::after_header(CsvRecords::new(lines), table)?),
            Format::Ndjson => Source::Ndjson(lines),
        };
        Ok(RowReader { table, source, failed: false })
    }

    fn next_row(&mut self) -> io::Result<Option<ReadRow>> {
        match &mut self.source {
            Source::Csv(source) => source.next_row(self.table),
            Source::Ndjson(lines) => next_object(lines, self.table),
        }
    }
}

impl<R: io::BufRead> CsvSource<R> {
    fn after_header(mut records: CsvRecords<R>, table: Table) -> Result<Self, ReadError> {
        let Some(Record { fields: Ok(headers), .. }) = records.next_record(None)? else { return Err(ReadError::NoHeader) };
        // GB18030 has a byte order mark too, which its decoder leaves in place.
        let headers: Vec<String> = headers.iter().map(|header| header.trim_start_matches('\u{FEFF}').trim().to_owned()).collect();
        let places = locate(columns_of(table), &headers)?;
        Ok(CsvSource { records, headers, places })
    }

    fn next_row(&mut self, table: Table) -> io::Result<Option<ReadRow>> {
        let Some(Record { line, fields }) = self.records.next_record(Some(self.headers.len()))? else { return Ok(None) };
        let parsed =
            fields.map_err(RowProblem::of_the_row).and_then(|fields| parse_row(table, Cells::of_csv(&self.headers, &self.places, &fields)));
        Ok(Some(ReadRow { line, parsed }))
    }
}

fn next_object<R: io::BufRead>(lines: &mut Lines<R>, table: Table) -> io::Result<Option<ReadRow>> {
    while let Some(Line { number, text }) = lines.next_line()? {
        if matches!(&text, Ok(text) if text.trim().is_empty()) {
            continue;
        }
        let object = text.and_then(|text| {
            let text = text.trim_start_matches('\u{FEFF}');
            serde_json::from_str::<Map<String, Value>>(text).map_err(|_| RowReason::Malformed)
        });
        let parsed = object.map_err(RowProblem::of_the_row).and_then(|object| parse_row(table, Cells::of_json(columns_of(table), &object)));
        return Ok(Some(ReadRow { line: number, parsed }));
    }
    Ok(None)
}

impl<R: Read + Seek> Iterator for RowReader<R> {
    type Item = Result<ReadRow, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.next_row().map_err(ReadError::from).transpose();
        self.failed = matches!(next, Some(Err(_)));
        next
    }
}

/// Shows the table only: the buffers hold people.
impl<R> fmt::Debug for RowReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader").field("table", &self.table).finish_non_exhaustive()
    }
}
