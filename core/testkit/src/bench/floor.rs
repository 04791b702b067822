//! The floor of a first sync: the same records decompressed from columns and put into raw SQLite with three indexes.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Failure;

const LEVEL: i32 = 3;

/// Real records, ready to be timed.
pub struct Floor {
    rows: Vec<Row>,
    columns: usize,
    compressed: Vec<u8>,
}

struct Row {
    id: String,
    name: String,
    phone: String,
    spend_fen: i64,
    body: Vec<u8>,
}

impl Floor {
    /// The floor of these member records, as they come in a pull.
    pub fn of(records: &[Value]) -> Result<Floor, Failure> {
        let mut columns = BTreeMap::new();
        for record in records {
            spread(String::new(), record, &mut columns);
        }
        let plain: Vec<u8> = columns.into_values().flatten().collect();
        let compressed = zstd::bulk::compress(&plain, LEVEL)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let row = |record: &Value| Row {
            id: text(&record["id"]),
            name: text(&record["profile"]["name"]),
            phone: text(&record["profile"]["phone"]),
            spend_fen: record["profile"]["stats"]["spend_fen"].as_i64().unwrap_or(0),
            body: record.to_string().into_bytes(),
        };
        Ok(Floor { rows: records.iter().map(row).collect(), columns: plain.len(), compressed })
    }

    /// The mean size of a record as JSON, in bytes.
    pub fn record_bytes(&self) -> u64 {
        let all: usize = self.rows.iter().map(|row| row.body.len()).sum();
        (all / self.rows.len().max(1)) as u64
    }

    /// The size of the columns after zstd, in bytes.
    pub fn compressed_bytes(&self) -> u64 {
        self.compressed.len() as u64
    }

    /// Decompresses the columns and inserts the records into a fresh database at `path`: one durable transaction.
    pub fn run(&self, path: &Path) -> Result<Duration, Failure> {
        let mut conn = rusqlite::Connection::open(path)?;
        conn.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE m (id TEXT PRIMARY KEY, name TEXT, phone TEXT, spend INTEGER, body BLOB);
             CREATE INDEX m_name ON m (name); CREATE INDEX m_phone ON m (phone); CREATE INDEX m_spend ON m (spend);",
        )?;
        let began = Instant::now();
        let plain = zstd::bulk::decompress(&self.compressed, self.columns)?;
        assert_eq!(std::hint::black_box(plain).len(), self.columns);
        let tx = conn.transaction()?;
        for row in &self.rows {
            let values = (&row.id, &row.name, &row.phone, row.spend_fen, &row.body);
            tx.prepare_cached("INSERT INTO m VALUES (?1, ?2, ?3, ?4, ?5)")?.execute(values)?;
        }
        tx.commit()?;
        Ok(began.elapsed())
    }
}

/// Appends each value of `of` to the column of its place. Names of a map's own keys that differ by record (ids of tags
/// and groups) are columns of their own, as they would be in any columnar form.
fn spread(place: String, of: &Value, columns: &mut BTreeMap<String, Vec<u8>>) {
    match of {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| spread(format!("{place}.{name}"), value, columns)),
        Value::Array(items) => items.iter().for_each(|item| spread(format!("{place}[]"), item, columns)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            let column = columns.entry(place).or_default();
            column.extend_from_slice(of.as_str().map_or_else(|| of.to_string(), str::to_owned).as_bytes());
            column.push(b'\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_one_place_lie_together() {
        let mut columns = BTreeMap::new();
        spread(String::new(), &json!({"a": {"b": 1}, "c": ["x"]}), &mut columns);
        spread(String::new(), &json!({"a": {"b": 2}, "c": ["y", "z"]}), &mut columns);
        let column = |place: &str| String::from_utf8(columns[place].clone()).unwrap();
        assert_eq!((column(".a.b"), column(".c[]")), ("1\n2\n".to_owned(), "x\ny\nz\n".to_owned()));
    }

    #[test]
    fn the_floor_holds_the_records_it_was_given() {
        let folder = tempfile::tempdir().unwrap();
        let record = |n: u32| json!({"id": format!("M{n}"), "profile": {"name": "王", "stats": {"spend_fen": n}}});
        let floor = Floor::of(&[record(1), record(2)]).unwrap();
        floor.run(&folder.path().join("floor.db")).unwrap();
        let conn = rusqlite::Connection::open(folder.path().join("floor.db")).unwrap();
        let sum: i64 = conn.query_row("SELECT sum(spend) FROM m", [], |row| row.get(0)).unwrap();
        assert_eq!(sum, 3);
    }
}
