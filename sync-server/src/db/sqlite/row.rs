//! One transaction of SQLite, and how columns become typed values.

use std::str::FromStr;

use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::held::Held;
use super::work;
use crate::db::Result;
use crate::error::ServerError;

/// One transaction.
pub struct SqliteTx<'c> {
    pub(super) connection: &'c Connection,
    pub(super) held: Held,
}

impl SqliteTx<'_> {
    /// The first row of a query.
    pub(super) fn one<T>(&self, sql: &str, params: impl Params, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Option<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row(params, |row| Ok(read(row))).optional()?.transpose();
        work::count(&statement);
        found
    }

    /// All rows of a query.
    pub(super) fn many<T>(&self, sql: &str, params: impl Params, read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params)?;
        let mut list = Vec::new();
        while let Some(row) = rows.next()? {
            list.push(read(row)?);
        }
        drop(rows);
        work::count(&statement);
        Ok(list)
    }

    /// Runs a statement; the number of rows that it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let changed = statement.execute(params)?;
        work::count(&statement);
        Ok(changed)
    }
}

/// A column as an id or another text that is checked.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: usize) -> Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| ServerError::Corrupt("an id or a day"))
}

/// The same where there may be none.
pub(super) fn parsed_or_none<T: FromStr>(row: &Row<'_>, column: usize) -> Result<Option<T>> {
    let text: Option<String> = row.get(column)?;
    text.map(|text| text.parse().map_err(|_| ServerError::Corrupt("an id or a day"))).transpose()
}

/// A column as a structured value.
pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| ServerError::Corrupt("the JSON expected"))
}

/// A structured value as text.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| ServerError::Corrupt("JSON"))
}

/// An id or a day as text, where there is one.
pub(super) fn text<T: ToString>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}

/// A number that SQLite keeps with its sign, bit by bit: an HLC from a phone may be any 64 bits.
pub(super) fn bits(row: &Row<'_>, column: usize) -> Result<u64> {
    Ok(row.get::<_, i64>(column)? as u64)
}
