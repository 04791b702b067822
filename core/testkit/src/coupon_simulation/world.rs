//! All that takes part: a server with two campaigns, phones with their marks, tills, and requests that are still on their way.

use std::collections::BTreeMap;
use std::sync::Arc;

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::{OperationId, TenantId};
use guidebook_server::db::SqliteDatabase;
use guidebook_server::service::coupons::CouponSecret;
use guidebook_server::service::round::DeviceSession;
use guidebook_server::service::sizes::Sizes;
use guidebook_store::Store;
use guidebook_wire::RoundRecord;
use guidebook_wire::protocol::PROTOCOL;
use rusqlite::Connection;

use super::beginning;
use super::booked::Booked;
use super::customers::{Customers, Given};
use super::happened::{self, Happened};
use super::mix::Mix;
use super::tills::{Said, SimTill};
use super::vault::MemoryMarks;
use crate::simulation::beginning::{NOW_MS, tenant};
use crate::simulation::chance::Chance;
use crate::simulation::disk::{Disk, Kind};
use crate::simulation::world::{SimPhone, text};

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
    disk: Disk,
    /// The retailer.
    pub tenant: TenantId,
    /// What codes are derived from.
    pub secret: CouponSecret,
    /// How much one request carries.
    pub sizes: Sizes,
    /// The tills.
    pub tills: Vec<SimTill>,
    /// The phones that have not been wiped.
    pub phones: Vec<CouponPhone>,
    /// Requests of phones that the network will deliver once more, late.
    pub late: Vec<(DeviceSession, RoundRecord)>,
    /// Requests of tills that may come once more.
    pub said: Vec<Said>,
    /// What customers have.
    pub customers: Customers,
    /// What tills know and HQ has set.
    pub booked: Booked,
    /// A copy of the server's database, and what tills knew and HQ had set.
    pub backup: Option<(Connection, Booked)>,
    /// Whether the server was ever restored from its backup.
    pub restored: bool,
    /// Whether a vault can be copied and put back, as no phone's hardware allows. Then a code can go to two customers, and is
    /// to be found out.
    pub vaults_copied: bool,
    /// Whether a phone was ever put back, copied or wiped.
    pub books_lost: bool,
    /// Whether faults have stopped.
    pub calm: bool,
    /// Whether the server's database may have changed since it was last looked at, or what it must hold has.
    pub server_changed: bool,
    /// How many rows it had changed by then.
    pub compared_at: u64,
    /// How many calls tills have made.
    pub calls: u64,
    /// What happened.
    pub happened: Happened,
}

/// A phone and its vault.
pub struct CouponPhone {
    /// The phone.
    pub sim: SimPhone,
    /// What lies outside of its book.
    pub marks: Arc<MemoryMarks>,
    /// A copy of its file, and of its vault.
    pub backup: Option<(Connection, Arc<MemoryMarks>)>,
    /// Whether its clock was always right, and its file its own.
    pub honest: bool,
}

impl CouponPhone {
    /// A phone with these marks.
    pub fn new(sim: SimPhone, marks: Arc<MemoryMarks>) -> Self {
        let mut phone = CouponPhone { sim, marks, backup: None, honest: true };
        phone.sees_marks();
        phone
    }

    /// The open book.
    pub fn book(&self) -> &Store {
        self.sim.book()
    }

    /// The open book, to write in.
    pub fn book_mut(&mut self) -> &mut Store {
        self.sim.book_mut()
    }

    /// Something happens to the phone's file; its vault is what it was.
    pub fn restart<T>(&mut self, work: impl FnOnce(&mut Disk, &Connection) -> T) -> T {
        let done = self.sim.restart(work);
        self.sees_marks();
        done
    }

    fn sees_marks(&mut self) {
        let marks = self.marks.clone();
        self.sim.book_mut().keep_marks_in(marks);
    }
}

impl World {
    /// A store with three guides, of whom each has a phone that has synced once.
    pub fn new(seed: u64) -> World {
        let mut chance = Chance::new(seed);
        let begins = beginning::of(seed);
        let (disk, conn) = Disk::with(Kind::Server, &begins.database);
        let db = SqliteDatabase::from_connection(conn).expect("a server starts");
        let phones = begins.phones.iter().map(|begun| begun.phone()).collect();
        let push = *chance.pick(&[2, 3, 1_000, 1_000]);
        let mix = Mix::shaken(&mut chance);
        World {
            chance,
            mix,
            now_ms: NOW_MS,
            db,
            disk,
            tenant: tenant(),
            secret: beginning::secret(),
            sizes: Sizes { push, ..Sizes::of(PROTOCOL) },
            tills: begins.tills.iter().map(SimTill::new).collect(),
            phones,
            late: Vec::new(),
            said: Vec::new(),
            customers: Customers::default(),
            booked: Booked { budgets: begins.budgets, ..Booked::default() },
            backup: None,
            restored: false,
            vaults_copied: seed % 16 == 15,
            books_lost: false,
            calm: false,
            server_changed: true,
            compared_at: 0,
            calls: 0,
            happened: BTreeMap::new(),
        }
    }

    /// A phone's wall clock.
    pub fn wall_ms(&self, phone: usize) -> u64 {
        self.now_ms.saturating_add_signed(self.phones[phone].sim.ahead_ms)
    }

    /// Puts another database where the server's was.
    pub fn put_server(&mut self, content: &Connection) {
        let disk = &mut self.disk;
        self.db.restart(|conn| disk.put(conn, content));
        self.server_changed = true;
    }

    /// Counts what happened.
    pub fn note(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    /// A phone that was enrolled a moment ago.
    pub fn add_enrolled(&mut self, mut sim: SimPhone) {
        sim.book_mut().set_trust_root(PublicKey::of(&beginning::root())).expect("an enrolled phone");
        let marks = MemoryMarks::begin(&mut self.chance);
        self.phones.push(CouponPhone::new(sim, marks));
    }

    /// The newest coupons that a phone lists are in customers' hands, or may come to be.
    pub fn shows(&mut self, phone: usize, most: u32) -> Result<(), String> {
        let wall_ms = self.wall_ms(phone);
        for entry in self.phones[phone].book().coupons(0, most, wall_ms).map_err(text)? {
            self.given(phone, entry)?;
        }
        Ok(())
    }

    /// A phone shows a coupon.
    pub fn given(&mut self, phone: usize, entry: guidebook_store::CouponEntry) -> Result<(), String> {
        if self.customers.knows(entry.id) {
            return Ok(());
        }
        let guide = self.phones[phone].sim.who.guide.clone();
        let given = Given {
            hash: self.secret.codes(&self.tenant).hash(&entry.code),
            code: entry.code,
            voucher: entry.voucher.0,
            campaign: entry.event.campaign,
            value: entry.event.value,
            grant: entry.event.grant,
            turn: entry.event.turn,
            member: entry.event.member,
            guide,
            expires_ms: entry.event.expires_ms,
            handed_over: false,
            taken_back: false,
        };
        self.note("given out");
        if self.customers.gives(entry.id, given) > 1 {
            self.note("given to two customers by copied vaults");
            if !self.vaults_copied {
                return Err("invariant 4: a code is given to two customers".to_owned());
            }
        }
        Ok(())
    }

    /// One of the issues that were ever shown, mostly one that was handed over.
    pub fn any_issue(&mut self) -> Option<OperationId> {
        let held: Vec<OperationId> = self.customers.issues().filter(|(_, given)| given.handed_over).map(|(id, _)| *id).collect();
        let all: Vec<OperationId> = self.customers.issues().map(|(id, _)| *id).collect();
        let of = if held.is_empty() || self.chance.percent(5) { all } else { held };
        if of.is_empty() { None } else { Some(*self.chance.pick(&of)) }
    }

    /// The schedule is over; its disks serve another.
    pub fn ends(self) {
        happened::add(&self.happened);
        self.disk.give_back(self.db.into_connection());
    }
}
