//! Giving a coupon out, against a bare durable write of the same run. The mark is a second durable write, outside of the book:
//! in memory to see what the book costs, and in a file to see both.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::voucher::{Voucher, Worth};
use guidebook_domain::coupon::*;
use guidebook_domain::{CampaignId, DeviceId, GuideId, MemberId, MemberProfile, MemberState, StoreId, TenantId};
use guidebook_store::{Identity, Key, Marks, Moment, NoMarks, Store};
use guidebook_wire::*;
use rusqlite::Connection;
use uuid::Uuid;

const NOW: u64 = 1_800_000_000_000;
const ISSUES: u64 = 1_000;
const MEMBERS: u64 = 5_000;
const VALUE: u32 = 5_000;

/// Marks in memory, and in a file as well if there is one.
struct Vault {
    marks: Mutex<BTreeMap<String, u64>>,
    file: Option<PathBuf>,
}

impl Marks for Vault {
    fn load(&self) -> Result<BTreeMap<String, u64>, NoMarks> {
        Ok(self.marks.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn raise(&self, name: &str, mark: u64) -> Result<bool, NoMarks> {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        marks.insert(name.to_owned(), mark);
        if let Some(path) = &self.file {
            write_whole(path, format!("{marks:?}").as_bytes()).map_err(|_| NoMarks)?;
        }
        Ok(true)
    }
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let half = path.with_extension("half");
    let mut file = File::create(&half)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    std::fs::rename(half, path)
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut raw = raw(&folder.path().join("raw.db"));
    let mut light = a_phone(&folder.path().join("light.db"), None);
    let marks = folder.path().join("marks");
    let mut whole = a_phone(&folder.path().join("whole.db"), Some(marks.clone()));
    let (mut floor, mut book, mut both, mut mark) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    // In turns, so that a busy machine slows all alike.
    for n in 0..ISSUES {
        floor.push(timed(|| write_raw(&mut raw, n)));
        book.push(timed(|| issue(&mut light, n)));
        mark.push(timed(|| write_whole(&marks, &[b'7'; 60]).expect("room")));
        both.push(timed(|| issue(&mut whole, n)));
    }
    let (floor, mark) = (percentile(&mut floor, 50), percentile(&mut mark, 50));
    println!("bare durable write, median of {ISSUES}                 {floor:8.3} ms");
    println!("a mark in a file, median                            {mark:8.3} ms");
    let median = percentile(&mut book, 50);
    println!("issue_coupon, marks in memory: median               {median:8.3} ms   ratio {:.2}", median / floor);
    println!("issue_coupon, marks in memory: p99                  {:8.3} ms", percentile(&mut book, 99));
    let median = percentile(&mut both, 50);
    println!("issue_coupon, marks in a file: median               {median:8.3} ms   ratio {:.2} to both writes", median / (floor + mark));
    println!("issue_coupon, marks in a file: p99                  {:8.3} ms", percentile(&mut both, 99));
}

fn timed(work: impl FnOnce()) -> Duration {
    let began = Instant::now();
    work();
    began.elapsed()
}

fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    times[times.len() * percent / 100].as_secs_f64() * 1e3
}

/// The floor: two small rows and one index entry, durably, in one transaction.
fn raw(path: &Path) -> Connection {
    let conn = Connection::open(path).expect("a file");
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE a (id INTEGER PRIMARY KEY, k TEXT, v BLOB); CREATE INDEX a_k ON a (k);
         CREATE TABLE b (id INTEGER PRIMARY KEY, v BLOB); INSERT INTO b VALUES (1, x'00');",
    )
    .expect("tables");
    conn
}

fn write_raw(conn: &mut Connection, n: u64) {
    let tx = conn.transaction().expect("alone");
    tx.execute("INSERT INTO a (k, v) VALUES (?1, ?2)", (format!("M{n}"), [7u8; 400])).expect("room");
    tx.execute("UPDATE b SET v = ?1", [[7u8; 300]]).expect("room");
    tx.commit().expect("room");
}

fn issue(store: &mut Store, n: u64) {
    let member = member_id(n * 7 % MEMBERS);
    let mut random = [0; 10];
    random[2..].copy_from_slice(&n.to_be_bytes());
    let campaign = CampaignId::new("C1").expect("an id");
    store.issue_coupon(&member, &campaign, VALUE, Moment { wall_ms: NOW + n, random }).expect("a coupon");
}

fn member_id(n: u64) -> MemberId {
    MemberId::new(format!("M{n:08}")).expect("an id")
}

/// A book of 5,000 members and codes for all issues.
fn a_phone(path: &Path, file: Option<PathBuf>) -> Store {
    let (hq, root) = (SigningKey::from_bytes(&[5; 32]), SigningKey::from_bytes(&[6; 32]));
    let device = DeviceId::from_uuid(Uuid::from_bytes([1; 16]));
    let guide = GuideRecord {
        id: GuideId::new("G1").expect("an id"),
        name: "Li".into(),
        store: StoreId::new("S1").expect("an id"),
        brand: None,
        until: None,
        level: None,
    };
    let mut store = Store::open(path, &Key::from_bytes(&[1; 32]).expect("32 bytes")).expect("a fresh book");
    store.keep_marks_in(Arc::new(Vault { marks: Mutex::default(), file }));
    store.set_trust_root(PublicKey::of(&root)).expect("room");
    let tenant = TenantId::new("rainbow").expect("an id");
    let identity = Identity { server: "https://guidebook.example".into(), tenant, guide: guide.clone(), device, secret_key: [3; 32] };
    store.set_identity(identity, NOW, NOW).expect("room");
    let mut changes: Vec<ChangeRecord> = (0..MEMBERS)
        .map(|n| ChangeRecord::Member(Box::new(MemberRecord::new(member_id(n), MemberProfile::default(), MemberState::default()))))
        .collect();
    changes.push(ChangeRecord::Campaign(Box::new(a_campaign())));
    let answer = RoundAnswerRecord {
        epoch: Some(Uuid::from_bytes([9; 16])),
        server_ms: NOW,
        guide: Some(guide),
        changes,
        cursor: Some(CursorRecord { feed: 1, catalogue: 1 }),
        ..RoundAnswerRecord::default()
    };
    store.absorb(answer, NOW).expect("room");
    let mut asked = 0u8;
    store
        .settle_coupons(NOW, &mut || {
            asked += 1;
            Ok([asked; 10])
        })
        .expect("room");
    let ask = store.coupon_ask().expect("a book").expect("codes are low");
    let grants = (0..ISSUES / 200).map(|n| a_grant(ask.asks[0].request, ask.mark, device, n).sign(1, &hq)).collect();
    let key = TrustedKey { kid: 1, public: PublicKey::of(&hq), not_before_ms: 0, not_after_ms: u64::MAX };
    let trust = TrustList { number: 1, keys: vec![key] }.sign(&root);
    let coupons = Some(CouponAnswerRecord { grants, denied: Vec::new(), trust: Some(trust), root: None });
    store.absorb(RoundAnswerRecord { server_ms: NOW, coupons, ..RoundAnswerRecord::default() }, NOW).expect("room");
    store
}

fn a_grant(request: guidebook_domain::GrantId, mark: guidebook_domain::MarkId, device: DeviceId, n: u64) -> Grant {
    let code = |turn: u64| {
        let code = CouponCode::from_parts('K', turn.into()).expect("a class");
        let last_day = "2027-03-01".parse().expect("a day");
        let worth = Worth::Amount { fen: VALUE };
        let voucher = Voucher { kid: 1, code: code.clone(), worth, least_spend_fen: 0, last_day, store: 0 };
        GrantedCode { turn, code, voucher: voucher.sign(&SigningKey::from_bytes(&[5; 32])).expect("it fits").encode() }
    };
    Grant {
        request: if n == 0 { request } else { guidebook_domain::GrantId::from_uuid(Uuid::from_u128(n.into())) },
        device,
        mark,
        campaign: a_campaign().id,
        campaign_version: 1,
        value: VALUE,
        lease_until_ms: NOW + 72 * 3_600_000,
        expires_ms: NOW + 960 * 3_600_000,
        codes: (n * 200 + 1..=n * 200 + 200).map(code).collect(),
    }
}

fn a_campaign() -> Campaign {
    Campaign {
        id: CampaignId::new("C1").expect("an id"),
        version: 1,
        name: "双11满减".into(),
        face: Face::Amount { fen: VALUE },
        least_spend_fen: 30_000,
        validity: Validity::FromIssue { days: 30 },
        stores: BTreeSet::new(),
        brands: BTreeSet::new(),
        products: Vec::new(),
        per_member: Some(5),
        issuers: Issuers::default(),
        stackable: false,
        state: CampaignState::Running,
        offline: false,
        class: 'K',
    }
}
