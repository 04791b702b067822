//! Writes a book of this version for `tests/fixtures`: `cargo run -p guidebook-store --example make_fixture -- PATH`.
//! Run it once, before a change of the schema, and never again for a version that has been released.

use std::path::PathBuf;

use guidebook_domain::{DeviceId, Edit, GuideId, MemberId, MemberProfile, MemberState, Phone, StoreId, TenantId};
use guidebook_store::{Identity, Key, Moment, Store};
use guidebook_wire::{ChangeRecord, CursorRecord, GuideRecord, MemberRecord, RoundAnswerRecord};
use uuid::Uuid;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = PathBuf::from(std::env::args().nth(1).ok_or("usage: make_fixture PATH")?);
    let key = Key::from_bytes(&[1; 32]).ok_or("32 bytes")?;
    let mut store = Store::open(&path, &key)?;
    let guide =
        GuideRecord { id: GuideId::new("G1")?, name: "Li".into(), store: StoreId::new("S1")?, brand: None, until: None, level: None };
    let identity = Identity {
        server: "https://guidebook.example".into(),
        tenant: TenantId::new("rainbow")?,
        guide: guide.clone(),
        device: DeviceId::from_uuid(Uuid::from_bytes([1; 16])),
        secret_key: [3; 32],
    };
    store.set_identity(identity, 1_800_000_000_000, 1_800_000_000_000)?;
    let profile = MemberProfile { name: "张三丰".into(), phone: Some(Phone::parse("13812345678")?), ..Default::default() };
    let record = MemberRecord::new(MemberId::new("M1")?, profile, MemberState::default());
    let answer = RoundAnswerRecord {
        epoch: Some(Uuid::from_bytes([9; 16])),
        server_ms: 1_800_000_000_000,
        guide: Some(guide),
        changes: vec![ChangeRecord::Member(Box::new(record))],
        cursor: Some(CursorRecord { feed: 1, catalogue: 1 }),
        ..RoundAnswerRecord::default()
    };
    store.absorb(answer, 1_800_000_000_000)?;
    let moment = Moment { wall_ms: 1_800_000_000_001, random: [7; 10] };
    store.edit(&MemberId::new("M1")?, Edit::Note { text: "size 38".into() }, moment)?;
    drop(store);
    // One file: what is in the log goes into it.
    let conn = rusqlite::Connection::open(&path)?;
    conn.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    Ok(())
}
