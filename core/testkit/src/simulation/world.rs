//! All that takes part: a server with a small store, its phones, and requests that are still on their way.

use std::collections::BTreeSet;

use guidebook_domain::{DeviceId, GuideId, Limits, MemberId, OperationId, Phone, TagId, TenantId};
use guidebook_server::db::SqliteDatabase;
use guidebook_server::service::round::DeviceSession;
use guidebook_server::service::sizes::{Sizes, SnapshotSizes};
use guidebook_store::{Key, Store};
use guidebook_wire::RoundRecord;
use rusqlite::Connection;

use super::beginning;
use super::chance::Chance;
use super::disk::{Disk, Kind};
use super::mix::{Event, Mix};
use super::phone_model::PhoneModel;
use super::truth::Truth;

/// Tags of the multi-choice group.
pub const TAGS: [&str; 4] = ["T1", "T2", "T3", "T4"];
/// Tags of the single-choice group.
pub const CHOICES: [&str; 3] = ["C1", "C2", "C3"];
/// Members at the beginning.
pub const MEMBERS: usize = 4;
/// Members whom HQ's export may come to have.
pub const MOST_MEMBERS: usize = 6;
/// Guides, of whom the first two serve all members at the beginning.
pub const GUIDES: usize = 3;

/// Snapshots that six members are enough for.
pub const SMALL_SNAPSHOTS: SnapshotSizes = SnapshotSizes { first_chunk: 2, chunk: 1, few_changes: 2, fresh_enough: 2 };

/// All that takes part.
pub struct World {
    /// The seed's stream.
    pub chance: Chance,
    /// What happens how often.
    pub mix: Mix,
    /// True time, Unix milliseconds.
    pub now_ms: u64,
    /// The server's storage.
    pub db: SqliteDatabase,
    /// On what it lies.
    pub disk: Disk,
    /// How often members change hands, and how many a guide may serve.
    pub limits: Limits,
    /// How much one request carries.
    pub sizes: Sizes,
    /// The retailer.
    pub tenant: TenantId,
    /// The phones that have not been wiped.
    pub phones: Vec<SimPhone>,
    /// Requests that the network will deliver once more, late.
    pub late: Vec<(DeviceSession, RoundRecord)>,
    /// Every edit that was ever written down, told or not.
    pub made: BTreeSet<OperationId>,
    /// Edits that a phone has acknowledged and that no disaster has taken away.
    pub acknowledged: BTreeSet<OperationId>,
    /// Those of them whose receipt has been seen in the server's database.
    pub settled: BTreeSet<OperationId>,
    /// What the server must hold.
    pub truth: Truth,
    /// A copy of the server's database, and what it must hold.
    pub backup: Option<(Connection, Truth)>,
    /// Whether the server was ever restored from its backup.
    pub restored: bool,
    /// Whether faults have stopped.
    pub calm: bool,
    /// Whether the server's database may have changed since it was last compared, or what it must hold has.
    pub server_changed: bool,
    /// How many rows it had changed by then.
    pub compared_at: u64,
}

/// One phone.
pub struct SimPhone {
    /// Its book; `None` only while it is being restarted.
    pub store: Option<Store>,
    /// On what it lies; `None` only at the end.
    disk: Option<Disk>,
    /// Who it is to the server.
    pub who: DeviceSession,
    /// How far its clock is ahead, in milliseconds.
    pub ahead_ms: i64,
    /// What it must show.
    pub model: PhoneModel,
    /// A copy of its file, and what that must show.
    pub backup: Option<(Connection, PhoneModel)>,
    /// Whether its disk may be full.
    pub full: bool,
    /// Whether it has changed since it was last looked at.
    pub changed: bool,
}

impl World {
    /// A store with three guides, of whom each has a phone.
    pub fn new(seed: u64, mix: Mix) -> World {
        let mut chance = Chance::new(seed);
        let mix = mix.shaken(&mut chance);
        let snapshots = [SMALL_SNAPSHOTS, SnapshotSizes::USUAL, SnapshotSizes::USUAL];
        let most_members = [4, usize::MAX, usize::MAX];
        let sizes = Sizes {
            push: *chance.pick(&[2, 3, 1000, 1000]),
            page: *chance.pick(&[2, 5, 500, 500, 500]),
            page_bytes: *chance.pick(&[600, 128 * 1024, 128 * 1024, 128 * 1024]),
            snapshot: if mix.theme == Some(Event::GivesUp) { SMALL_SNAPSHOTS } else { *chance.pick(&snapshots) },
        };
        let limits = Limits {
            on_job_handovers: *chance.pick(&[2, usize::MAX]),
            members_per_guide: if mix.theme == Some(Event::FillsUp) { 2 } else { *chance.pick(&most_members) },
            ..Limits::default()
        };
        let (database, phones) = beginning::copy(seed);
        let (disk, conn) = Disk::with(Kind::Server, &database);
        let db = SqliteDatabase::from_connection(conn).expect("a server starts");
        let tenant = beginning::tenant();
        let mut truth = Truth::default();
        beginning::tell(&mut truth, phones.iter().map(|phone| &phone.who));
        World {
            chance,
            mix,
            now_ms: beginning::NOW_MS,
            db,
            disk,
            limits,
            sizes,
            tenant,
            phones,
            late: Vec::new(),
            made: BTreeSet::new(),
            acknowledged: BTreeSet::new(),
            settled: BTreeSet::new(),
            truth,
            backup: None,
            restored: false,
            calm: false,
            server_changed: true,
            compared_at: 0,
        }
    }

    /// The schedule is over; its disks serve another.
    pub fn ends(self) {
        self.disk.give_back(self.db.into_connection());
    }

    /// Puts another database where the server's was.
    pub fn put_server(&mut self, content: &Connection) {
        let disk = &mut self.disk;
        self.db.restart(|conn| disk.put(conn, content));
    }

    /// A phone's wall clock.
    pub fn wall_ms(&self, phone: usize) -> u64 {
        self.now_ms.saturating_add_signed(self.phones[phone].ahead_ms)
    }

    /// Edits that wait on any phone.
    pub fn waiting(&self) -> BTreeSet<OperationId> {
        self.phones.iter().flat_map(|phone| phone.model.waiting()).collect()
    }

    /// A disaster has taken what was on a phone: edits that neither a phone nor the server holds are gone with it.
    pub fn forgive_what_is_gone(&mut self) {
        let waiting = self.waiting();
        let truth = &self.truth;
        self.acknowledged.retain(|op| waiting.contains(op) || truth.has_receipt(*op));
    }
}

impl SimPhone {
    /// A phone with a copy of `book`.
    pub fn new(book: &Connection, who: DeviceSession, model: PhoneModel) -> Self {
        let (disk, conn) = Disk::with(Kind::Book, book);
        let store = Some(Store::from_connection(conn, &book_key(who.device)).expect("the book opens"));
        SimPhone { store, disk: Some(disk), who, ahead_ms: 0, model, backup: None, full: false, changed: true }
    }

    /// The open book.
    pub fn book(&self) -> &Store {
        self.store.as_ref().expect("a phone is open between steps")
    }

    /// The open book, to write in.
    pub fn book_mut(&mut self) -> &mut Store {
        self.changed = true;
        self.store.as_mut().expect("a phone is open between steps")
    }

    /// It looks at its clocks; the one since its start goes on while it is off.
    pub fn looks_at_clocks(&mut self, now_ms: u64) {
        let wall_ms = now_ms.saturating_add_signed(self.ahead_ms);
        self.book_mut().look_at_clocks(wall_ms, now_ms - beginning::NOW_MS);
    }

    /// A copy of its file.
    pub fn copied(&self) -> Connection {
        self.disk.as_ref().expect("a phone lies on a disk").copied()
    }

    /// Stops the phone, does something to its file and starts it: what was in memory is gone.
    pub fn restart<T>(&mut self, work: impl FnOnce(&mut Disk, &Connection) -> T) -> T {
        let conn = self.store.take().expect("a phone is open between steps").into_connection();
        let done = work(self.disk.as_mut().expect("a phone lies on a disk"), &conn);
        self.store = Some(Store::from_connection(conn, &book_key(self.who.device)).expect("the book opens again"));
        self.changed = true;
        done
    }
}

impl Drop for SimPhone {
    fn drop(&mut self) {
        if let (Some(store), Some(disk), false) = (self.store.take(), self.disk.take(), std::thread::panicking()) {
            disk.give_back(store.into_connection());
        }
    }
}

/// The key of a phone's book.
pub fn book_key(device: DeviceId) -> Key {
    let half = device.uuid().into_bytes();
    Key::from_bytes(&[half, half].concat()).expect("32 bytes")
}

/// A guide's id.
pub fn guide_id(n: usize) -> GuideId {
    GuideId::new(format!("G{n}")).expect("an id")
}

/// The id of one of HQ's members.
pub fn member_id(n: usize) -> MemberId {
    MemberId::new(format!("M{n}")).expect("an id")
}

/// A tag's id.
pub fn tag_id(text: &str) -> TagId {
    TagId::new(text).expect("an id")
}

/// One of a few phone numbers, so that walk-ins meet members and each other.
pub fn phone_number(n: usize) -> Phone {
    Phone::parse(&format!("1380000{n:04}")).expect("a number")
}

/// An error as a schedule reports it.
pub fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
