//! One record's values, in the order of the table's columns, whatever the file's order and format.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::columns::Column;
use super::problem::{RowProblem, RowReason};

/// One value under the header that the file has for it.
struct Cell<'a> {
    header: &'a str,
    text: Result<Cow<'a, str>, RowReason>,
}

/// The values of one record; they are taken one after the other, so that the first bad column is the one reported.
pub(super) struct Cells<'a> {
    cells: std::vec::IntoIter<Cell<'a>>,
}

impl<'a> Cells<'a> {
    /// Of a CSV record: `places` says where each column of the table stands.
    pub(super) fn of_csv(headers: &'a [String], places: &[usize], fields: &'a [String]) -> Self {
        let cell = |place: &usize| Cell { header: &headers[*place], text: Ok(Cow::Borrowed(&fields[*place])) };
        Cells { cells: places.iter().map(cell).collect::<Vec<_>>().into_iter() }
    }

    /// Of a JSON object. Keys that mean no column are ignored.
    pub(super) fn of_json(columns: &[Column], object: &'a Map<String, Value>) -> Self {
        let cell = |column: &Column| match object.iter().find(|(key, _)| column.is_named(key)) {
            Some((key, value)) => Cell { header: key, text: text_of(value) },
            None => Cell { header: column.header, text: Err(RowReason::Missing) },
        };
        Cells { cells: columns.iter().map(cell).collect::<Vec<_>>().into_iter() }
    }

    /// Reads the next value by `parse`, which gets it without the spaces around it.
    pub(super) fn take<T>(&mut self, parse: impl FnOnce(&str) -> Result<T, RowReason>) -> Result<T, RowProblem> {
        let cell = self.cells.next().expect("a table has as many columns as its rows have values");
        let text = cell.text.and_then(|text| if text.contains('\u{FFFD}') { Err(RowReason::BadEncoding) } else { Ok(text) });
        text.and_then(|text| parse(text.trim())).map_err(|reason| RowProblem { field: cell.header.to_owned(), reason })
    }

    /// The next value as text of its own.
    pub(super) fn take_text(&mut self, check: impl FnOnce(&str) -> Result<&str, RowReason>) -> Result<String, RowProblem> {
        self.take(|text| check(text).map(str::to_owned))
    }
}

fn text_of(value: &Value) -> Result<Cow<'_, str>, RowReason> {
    match value {
        Value::Null => Ok(Cow::Borrowed("")),
        Value::String(text) => Ok(Cow::Borrowed(text)),
        Value::Bool(_) | Value::Number(_) => Ok(Cow::Owned(value.to_string())),
        Value::Array(_) | Value::Object(_) => Err(RowReason::Malformed),
    }
}
