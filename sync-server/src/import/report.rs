//! What came of an import.

use serde::Serialize;
use uuid::Uuid;

use crate::db::imports::RefusedRow;

/// The most refused rows, and likewise warnings, in a report. All refused rows are kept and can be asked for.
pub const MOST_LISTED: usize = 1_000;

/// What came of one file.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    /// The run, under which refused rows can be asked for.
    pub run: Uuid,
    /// The table.
    pub table: String,
    /// Rows that were taken, changed or not.
    pub accepted: u64,
    /// Those of them that were in the database just so.
    pub unchanged: u64,
    /// Rows that were refused.
    pub refused_count: u64,
    /// The first of them.
    pub refused: Vec<RefusedRow>,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
}

/// Something odd in rows that were taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The lines.
    pub lines: Vec<u64>,
    /// The column.
    pub field: String,
    /// What is odd.
    pub why: String,
}

impl ImportReport {
    /// Nothing yet.
    pub fn new(run: Uuid, table: &str) -> Self {
        let (refused, warnings) = (Vec::new(), Vec::new());
        ImportReport { run, table: table.to_owned(), accepted: 0, unchanged: 0, refused_count: 0, refused, warnings }
    }

    /// Adds a warning.
    pub fn warn(&mut self, lines: Vec<u64>, field: &str, why: &str) {
        if self.warnings.len() < MOST_LISTED {
            self.warnings.push(Warning { lines, field: field.to_owned(), why: why.to_owned() });
        }
    }
}
