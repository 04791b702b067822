//! Disks in memory that are used again, schedule after schedule: to open a database, to read its schema and to compile its
//! statements takes longer than most steps. A disk is a file of SQLite's `memdb`, opened twice: by the phone or server that
//! lies on it, and by a hand that exchanges the whole content in between, page by page, under the same schema version. To
//! its owner that looks as if another process had written, so what was compiled stays good.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

/// What lies on a disk. Disks of one kind have the same tables in the same places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A phone's book.
    Book,
    /// A server's database.
    Server,
}

/// Small, for of a page with a few rows the whole is copied at each write, and whenever a disk is exchanged.
const PAGE_BYTES: u32 = 1_024;

/// More pages than any disk comes to have: SQLite's own default.
const NO_LIMIT: u32 = 0xffff_fffe;

static NAMES: AtomicU64 = AtomicU64::new(0);

/// Tables and indexes, and on which page each begins.
type Layout = Vec<(String, i64)>;

thread_local! {
    static FREE: RefCell<BTreeMap<Kind, Vec<(Disk, Connection)>>> = const { RefCell::new(BTreeMap::new()) };
    static LAYOUTS: RefCell<BTreeMap<Kind, Layout>> = const { RefCell::new(BTreeMap::new()) };
}

/// The hand that exchanges what is on a disk.
pub struct Disk {
    kind: Kind,
    hand: Connection,
    /// The version of the schema by which the owner's statements were compiled.
    schema_version: i64,
}

impl Disk {
    /// A disk that holds the same as `content`, and its owner's connection.
    pub fn with(kind: Kind, content: &Connection) -> (Disk, Connection) {
        let free = FREE.with_borrow_mut(|free| free.entry(kind).or_default().pop());
        let (mut disk, owner) = free.unwrap_or_else(|| Disk::fresh(kind, content));
        disk.put(&owner, content);
        (disk, owner)
    }

    fn fresh(kind: Kind, content: &Connection) -> (Disk, Connection) {
        let name = format!("file:/simulated-{}?vfs=memdb", NAMES.fetch_add(1, Ordering::Relaxed));
        let mut hand = Connection::open(&name).expect("a file in memory");
        // The hand takes nothing back.
        hand.pragma_update(None, "journal_mode", "OFF").expect("a file in memory");
        copy(content, &mut hand);
        let owner = Connection::open(&name).expect("the same file");
        let schema_version = owner.pragma_query_value(None, "schema_version", |row| row.get(0)).expect("SQLite counts schemas");
        (Disk { kind, hand, schema_version }, owner)
    }

    /// Puts `content` where the disk's was; there is room again. The owner is between two transactions.
    pub fn put(&mut self, owner: &Connection, content: &Connection) {
        copy(content, &mut self.hand);
        self.hand.pragma_update(None, "schema_version", self.schema_version).expect("SQLite takes a version");
        limit(owner, NO_LIMIT);
    }

    /// A copy of what is on it. The owner is between two transactions, and is not disturbed.
    pub fn copied(&self) -> Connection {
        copied(&self.hand)
    }

    /// The disk is wanted no more, and serves another schedule.
    pub fn give_back(self, owner: Connection) {
        FREE.with_borrow_mut(|free| free.entry(self.kind).or_default().push((self, owner)));
    }
}

/// Lets a database grow by so many pages, or by any number.
pub fn give_room(owner: &Connection, pages: Option<u32>) {
    let held: u32 = owner.pragma_query_value(None, "page_count", |row| row.get(0)).expect("SQLite counts its pages");
    limit(owner, pages.map_or(NO_LIMIT, |pages| held + pages));
}

fn limit(owner: &Connection, pages: u32) {
    owner.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).expect("SQLite takes a limit");
}

/// A database in memory in which there is nothing yet.
pub fn nothing_on_it() -> Connection {
    let conn = Connection::open_in_memory().expect("a database in memory");
    conn.pragma_update(None, "page_size", PAGE_BYTES).expect("SQLite takes a size");
    conn
}

/// Another database in memory that holds the same.
pub fn copied(conn: &Connection) -> Connection {
    let mut to = Connection::open_in_memory().expect("a database in memory");
    copy(conn, &mut to);
    to
}

fn copy(from: &Connection, to: &mut Connection) {
    let done = Backup::new(from, to).and_then(|backup| backup.step(-1)).expect("a copy in memory");
    assert_eq!(done, StepResult::Done, "nobody else is at the database");
}

/// Asserts that a database made anew fits on the disks of its kind: a compiled statement names pages.
pub fn check_layout(kind: Kind, made: &Connection) {
    let mut query = made.prepare("SELECT name, rootpage FROM sqlite_schema ORDER BY name").expect("SQLite knows its tables");
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("SQLite knows its tables");
    let layout: Layout = rows.collect::<Result<_, _>>().expect("names and pages");
    LAYOUTS.with_borrow_mut(|known| assert_eq!(known.entry(kind).or_insert_with(|| layout.clone()), &layout));
}
