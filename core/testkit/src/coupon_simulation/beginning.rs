//! How every schedule of coupons begins: the store of [`crate::simulation::beginning`] with keys, two campaigns, two tills, and
//! phones that have synced once. Made once a thread and then copied.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use ed25519_dalek::SigningKey;
use guidebook_domain::CampaignId;
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_server::db::{DatabaseExt, SqliteDatabase, Write};
use guidebook_server::error::ServerError;
use guidebook_server::hq::campaigns::{BudgetRequest, CampaignRequest, create};
use guidebook_server::service::coupons::CouponSecret;
use guidebook_server::service::coupons::keys::{KeyChance, init};
use guidebook_server::service::round::{DeviceSession, round_of};
use guidebook_server::service::serving;
use guidebook_server::service::sizes::Sizes;
use guidebook_server::service::till::terminals;
use guidebook_sync::round::prepare;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::vault::MemoryMarks;
use super::world::CouponPhone;
use crate::simulation::beginning::{NOW_MS, copy as plain, shop, tenant};
use crate::simulation::chance::Chance;
use crate::simulation::disk::{Disk, Kind};
use crate::simulation::phone_model::PhoneModel;
use crate::simulation::world::{GUIDES, MEMBERS, SimPhone, guide_id, member_id};

/// So many beginnings there are.
const BEGINNINGS: u64 = 12;
/// Tills, all of one store.
pub const TILLS: usize = 2;

/// What HQ knows of a till when it begins.
#[derive(Clone)]
pub struct TillSecret {
    /// The secret that it shows.
    pub secret: String,
    /// The number of its store.
    pub store_number: u16,
}

/// A phone as it begins.
#[derive(Clone)]
pub struct Begun {
    /// Its book.
    pub book: Rc<Connection>,
    /// Who it is.
    pub who: DeviceSession,
    /// Its marks.
    pub marks: Arc<MemoryMarks>,
}

/// A server, phones that are enrolled there, and tills.
#[derive(Clone)]
pub struct Beginning {
    /// The server's database.
    pub database: Rc<Connection>,
    /// The phones.
    pub phones: Vec<Begun>,
    /// The tills.
    pub tills: Vec<TillSecret>,
    /// What may be spent.
    pub budgets: BTreeMap<CampaignId, BudgetRequest>,
}

thread_local! {
    static MADE: RefCell<BTreeMap<u64, Beginning>> = const { RefCell::new(BTreeMap::new()) };
}

/// With what the schedule of `seed` begins.
pub fn of(seed: u64) -> Beginning {
    let which = seed % BEGINNINGS;
    MADE.with_borrow_mut(|made| made.entry(which).or_insert_with(|| make(which)).clone())
}

/// What codes are derived from.
pub fn secret() -> CouponSecret {
    CouponSecret::new([9; 32])
}

/// The root key.
pub fn root() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

/// The campaigns.
pub fn campaigns() -> [CampaignId; 2] {
    ["C1", "C2"].map(|id| CampaignId::new(id).expect("an id"))
}

fn make(which: u64) -> Beginning {
    let (database, phones) = plain(which);
    let (disk, conn) = Disk::with(Kind::Server, &database);
    let db = SqliteDatabase::from_connection(conn).expect("a server starts");
    db.writing(Write::Setup, |tx| {
        (0..MEMBERS).try_for_each(|n| serving::start(tx, &tenant(), &member_id(n), &guide_id(GUIDES - 1), "hq", NOW_MS).map(drop))?;
        Ok::<_, ServerError>(())
    })
    .expect("a third guide who serves all");
    let keys = KeyChance { key: [2; 32], nonce: [2; 24] };
    init(&db, &secret(), &tenant(), &root(), &keys, NOW_MS).expect("a retailer without keys");
    let mut budgets = BTreeMap::new();
    for body in [far(which), near(which)] {
        let request: CampaignRequest = serde_json::from_value(body).expect("a campaign");
        create(&db, Some(&secret()), &tenant(), &request, NOW_MS).expect("a campaign");
        budgets.insert(request.id, request.budget);
    }
    let till = |n: usize| {
        let made = terminals::make(&db, &tenant(), &shop(), "till", n == 0, [n as u8 + 1; 48], NOW_MS);
        let (line, secret) = made.expect("a till");
        TillSecret { secret, store_number: line.store_number }
    };
    let tills = (0..TILLS).map(till).collect();
    let holders = 1 + which as usize % GUIDES;
    let mut chance = Chance::new(which);
    let phones = phones.into_iter().enumerate().map(|(n, phone)| synced(&db, phone, n < holders, &mut chance)).collect();
    let database = Rc::new(db.copy().expect("a copy in memory"));
    disk.give_back(db.into_connection());
    Beginning { database, phones, tills, budgets }
}

/// A campaign whose coupons need the network: a lease's money allows few of them to each phone.
fn far(which: u64) -> Value {
    let face = match which % 4 {
        0 | 1 => json!({"amount": {"fen": 50_000}}),
        2 => json!({"range": {"least_fen": 25_000, "most_fen": 50_000, "step_fen": 25_000}}),
        _ => json!({"gift": {"number": 7, "name": "a bag", "cost_fen": 60_000}}),
    };
    let validity = match which % 3 {
        0 => json!({"fixed": {"from": "2027-01-10", "to": "2027-01-22"}}),
        _ => json!({"from_issue": {"days": 1 + which % 4}}),
    };
    let per_member = [None, Some(1), Some(2)][which as usize % 3];
    json!({"id": "C1", "name": "far", "face": face, "validity": validity, "per_member": per_member,
        "budget": {"codes": 4 + which, "fen": if which.is_multiple_of(2) { Some(400_000) } else { None }}})
}

/// A campaign whose coupons a till takes without a network: one phone could have all of them.
fn near(which: u64) -> Value {
    let face = match which % 3 {
        0 => json!({"amount": {"fen": 5_000}}),
        1 => json!({"amount": {"fen": 2_000}}),
        _ => json!({"percent": {"basis_points": 2_000, "cap_fen": 4_500}}),
    };
    let days = 2 + which % 5;
    json!({"id": "C2", "name": "near", "face": face, "validity": {"from_issue": {"days": days}}, "offline": true,
        "budget": {"codes": 2 + which % 6, "fen": if which % 4 == 1 { Some(20_000) } else { None }}})
}

/// The phone after its first rounds: it knows its members and campaigns, and may have codes.
fn synced(db: &SqliteDatabase, mut phone: SimPhone, holds_codes: bool, chance: &mut Chance) -> Begun {
    phone.book_mut().set_trust_root(PublicKey::of(&root())).expect("an enrolled phone");
    let marks = MemoryMarks::begin(chance);
    for _ in 0..4 {
        if holds_codes {
            phone.book_mut().keep_marks_in(marks.clone());
            phone.book_mut().settle_coupons(NOW_MS, &mut || Ok(chance.bytes())).expect("room for a request");
        }
        let record = prepare(phone.book()).expect("a request");
        let made = round_of(Sizes::of(record.protocol), db, Some(&secret()), &phone.who, &record, NOW_MS);
        let mut answer = made.expect("an answer");
        answer.expand(&record);
        phone.book_mut().absorb(answer, NOW_MS).expect("room for a page");
    }
    let book = Rc::new(phone.copied());
    Begun { book, who: phone.who.clone(), marks }
}

impl Begun {
    /// The phone, with a copy of its book and its marks.
    pub fn phone(&self) -> CouponPhone {
        CouponPhone::new(SimPhone::new(&self.book, self.who.clone(), PhoneModel::default()), self.marks.copied())
    }
}
