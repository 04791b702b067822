//! The reading half of the importer: from untidy bytes to typed rows, in memory that does not grow with the file.
//!
//! A [`RowReader`] decides the encoding in one pass over the file, goes back to its beginning and hands out one
//! [`ReadRow`] a record. A bad row is an answer, not an end: only a file without its header or a failing disk ends
//! the reading. What needs the database (does this guide exist? was this member in the file before?) is left to
//! the caller, who refuses with the same [`RowReason`].
//!
//! In reading order: [`Table`] and its columns, encoding, lines, CSV records, cells, values, rows.

mod cells;
mod columns;
mod csv_records;
mod encoding;
mod lines;
mod parse_row;
mod problem;
mod row;
mod row_reader;
mod table;
#[cfg(test)]
mod tests;
mod values;

pub use lines::LONGEST_LINE;
pub use problem::{ReadError, RowProblem, RowReason};
pub use row::{BrandRow, GuideRow, MemberRow, OrderRow, ProductRow, Row, StoreRow, TagRow};
pub use row_reader::{ReadRow, RowReader};
pub use table::{Format, Table, UnknownName};
