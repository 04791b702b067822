//! The book at work: a durable edit against a raw SQLite write of the same run, unlocking, and taking in a first sync.

use std::time::{Duration, Instant};

use guidebook_domain::{DeviceId, Edit, GuideId, MemberId, MemberProfile, MemberState, Phone, Private, StoreId, TenantId};
use guidebook_store::{Identity, Key, Moment, Store};
use guidebook_wire::{ChangeRecord, CursorRecord, GuideRecord, MemberRecord, RoundAnswerRecord};
use rusqlite::Connection;
use uuid::Uuid;

const NOW: u64 = 1_800_000_000_000;
const EDITS: usize = 500;
const PAGE: usize = 500;

fn guide() -> GuideRecord {
    let id = GuideId::new("G1").expect("an id");
    GuideRecord { id, name: "Li".into(), store: StoreId::new("S1").expect("an id"), brand: None, until: None, level: None }
}

fn a_member(n: usize) -> MemberRecord {
    let names = ["张三丰", "单小曼", "欧阳娜", "尉迟敏瑶", "李平", "查美", "曾可", "王秀英"];
    let profile = MemberProfile {
        name: Private::new(format!("{}{}", names[n % names.len()], n % 97)),
        phone: Phone::parse(&format!("138{n:08}")).ok(),
        level: "金卡".into(),
        points: n as i64,
        ..MemberProfile::default()
    };
    let id = MemberId::new(format!("M{n:08}")).expect("an id");
    MemberRecord::new(id, profile, MemberState::default())
}

fn a_book(path: &std::path::Path, members: usize) -> (Store, Duration) {
    let mut store = Store::open(path, &key()).expect("a fresh book");
    let identity = Identity {
        server: "https://guidebook.example".into(),
        tenant: TenantId::new("rainbow").expect("an id"),
        guide: guide(),
        device: DeviceId::from_uuid(Uuid::from_bytes([1; 16])),
        secret_key: [3; 32],
    };
    store.set_identity(identity, NOW, NOW).expect("room");
    let pages: Vec<RoundAnswerRecord> = (0..members)
        .step_by(PAGE)
        .map(|from| RoundAnswerRecord {
            epoch: Some(Uuid::from_bytes([9; 16])),
            server_ms: NOW,
            guide: Some(guide()),
            changes: (from..(from + PAGE).min(members)).map(|n| ChangeRecord::Member(Box::new(a_member(n)))).collect(),
            cursor: Some(CursorRecord { feed: (from + PAGE) as u64, catalogue: 0 }),
            more: from + PAGE < members,
            ..RoundAnswerRecord::default()
        })
        .collect();
    let began = Instant::now();
    for page in pages {
        store.absorb(page, NOW).expect("room");
    }
    (store, began.elapsed())
}

fn key() -> Key {
    Key::from_bytes(&[1; 32]).expect("32 bytes")
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}

/// The floor: two small rows and one index entry, durably, in one transaction.
fn raw_writes(path: &std::path::Path) -> Vec<Duration> {
    let mut conn = Connection::open(path).expect("a file");
    conn.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE a (id INTEGER PRIMARY KEY, k TEXT, v BLOB); CREATE INDEX a_k ON a (k);
         CREATE TABLE b (id INTEGER PRIMARY KEY, v BLOB); INSERT INTO b VALUES (1, x'00');",
    )
    .expect("tables");
    let once = |n: usize| {
        let began = Instant::now();
        let tx = conn.transaction().expect("alone");
        tx.execute("INSERT INTO a (k, v) VALUES (?1, ?2)", (format!("M{n}"), [7u8; 400])).expect("room");
        tx.execute("UPDATE b SET v = ?1", [[7u8; 300]]).expect("room");
        tx.commit().expect("room");
        began.elapsed()
    };
    (0..EDITS).map(once).collect()
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut store, pull) = a_book(&folder.path().join("10000.db"), 10_000);
    println!("first pull of 10,000, applied, sealed and indexed  {:8.1} ms", pull.as_secs_f64() * 1e3);

    let raw = median(raw_writes(&folder.path().join("raw.db")));
    let edits = (0..EDITS).map(|n| {
        let moment = Moment { wall_ms: NOW + n as u64, random: (n as u128).to_be_bytes()[6..].try_into().expect("ten bytes") };
        let member = MemberId::new(format!("M{n:08}")).expect("an id");
        let began = Instant::now();
        store.edit(&member, Edit::Note { text: "size 38".into() }, moment).expect("room");
        began.elapsed()
    });
    let edit = median(edits.collect());
    println!("one durable edit, median of {EDITS}                    {edit:8.3} ms");
    println!("raw SQLite write, median of {EDITS}                    {raw:8.3} ms   ratio {:.2}", edit / raw);

    let path = folder.path().join("20000.db");
    drop(a_book(&path, 20_000));
    let unlock = (0..5).map(|_| {
        let began = Instant::now();
        drop(Store::open(&path, &key()).expect("the right key"));
        began.elapsed()
    });
    println!("unlock at 20,000 (read, unseal, index, drop)       {:8.1} ms", median(unlock.collect()));
}
