//! One durable edit through the phone core, beside a raw SQLite write of the same run, in turns.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::figure::{Bar, Figure, median, ms, percentile};
use super::nothing_changed::up_to_date;
use super::stage::Stage;
use super::{Failure, Measured};
use crate::phone_command::Command;
use crate::workload::member;

const EDITS: u32 = 500;

/// Notes on members of guide 0, each on the disk when the call returns.
pub fn measure(stage: &Stage) -> Measured {
    let phone = up_to_date(stage, &stage.server.address(), 0)?;
    let folder = stage.fresh_folder();
    std::fs::create_dir_all(&folder)?;
    let mut raw = raw_book(&folder.join("raw.db"))?;
    let (mut edits, mut floors) = (Vec::new(), Vec::new());
    for n in 0..EDITS.min(stage.workload.members) {
        floors.push(raw_write(&mut raw, n)?);
        let note = Command::Note { member: member::id(n * stage.workload.guides), text: "尺码 38".to_owned() };
        let began = Instant::now();
        phone.tell(note)?;
        edits.push(began.elapsed());
    }
    let floor = ms(median(&mut floors));
    Ok(vec![
        Figure::time(format!("one durable edit, median of {EDITS}"), median(&mut edits)).over(floor).bar(Bar::TimesFloor(1.2)),
        Figure::time("  99th percentile", percentile(&mut edits, 99)).over(ms(percentile(&mut floors, 99))),
    ])
}

/// The floor: two small rows and one index entry, durably, in one transaction.
fn raw_book(path: &Path) -> Result<Connection, Failure> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE a (id INTEGER PRIMARY KEY, k TEXT, v BLOB); CREATE INDEX a_k ON a (k);
         CREATE TABLE b (id INTEGER PRIMARY KEY, v BLOB); INSERT INTO b VALUES (1, x'00');",
    )?;
    Ok(conn)
}

fn raw_write(conn: &mut Connection, n: u32) -> Result<Duration, Failure> {
    let began = Instant::now();
    let tx = conn.transaction()?;
    tx.prepare_cached("INSERT INTO a (k, v) VALUES (?1, ?2)")?.execute((format!("M{n}"), [7_u8; 400]))?;
    tx.prepare_cached("UPDATE b SET v = ?1")?.execute([[7_u8; 300]])?;
    tx.commit()?;
    Ok(began.elapsed())
}
