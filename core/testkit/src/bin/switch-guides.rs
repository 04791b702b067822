//! Measures a switch between two guides who share a phone: one book locked, its memory zeroed; the other opened, unlocked,
//! indexed, and its first page listed.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use guidebook_core::request::OpenRequest;
use guidebook_core::shelf::make_book;
use guidebook_core::{Guidebook, KeyVault};
use guidebook_domain::{DeviceId, GuideId, MemberId, MemberProfile, MemberState, Phone, Private, StoreId, TenantId};
use guidebook_store::wipe::BOOK_FILE;
use guidebook_store::{Identity, Key, Store};
use guidebook_testkit::phone_command::{Command, obey};
use guidebook_testkit::vault::FileVault;
use guidebook_wire::{ChangeRecord, GuideRecord, MemberRecord, RoundAnswerRecord};
use serde_json::json;
use uuid::Uuid;

const MEMBERS: usize = 5_000;
const SWITCHES: usize = 21;
const NAMES: [&str; 8] = ["张三丰", "单小曼", "欧阳娜", "尉迟敏瑶", "李平", "查美", "曾可", "王秀英"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let directory = folder.path().join("books");
    let vault = Arc::new(FileVault::at(folder.path().join("key")));
    let mut names = Vec::new();
    for guide in ["G1", "G2"] {
        let name = make_book(directory.to_string_lossy().into_owned())?;
        let key = Key::random()?;
        vault.save(name.clone(), key.expose().to_vec())?;
        fill(&directory.join(&name).join(BOOK_FILE), &key, guide)?;
        names.push(name);
    }
    let request = OpenRequest { directory: directory.to_string_lossy().into_owned(), book: Some(names[0].clone()) };
    let mut book = Guidebook::open(request, vault, None, None)?;
    book.unlock()?;
    let mut times = Vec::new();
    for n in 1..=SWITCHES {
        let began = Instant::now();
        let other = book.switch_book(names[n % 2].clone())?;
        let page = obey(&other, Command::List { text: String::new(), tags: String::new(), offset: 0 })?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        assert_eq!(page["total"], MEMBERS);
        book = other;
    }
    times.sort_by(f64::total_cmp);
    let (median, longest) = (times[SWITCHES / 2], times[SWITCHES - 1]);
    println!(
        "switch between two guides at {MEMBERS} members each, first page listed: median {median:.1} ms, longest {longest:.1} ms of {SWITCHES}"
    );
    Ok(())
}

fn fill(path: &Path, key: &Key, guide: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut store = Store::open(path, key)?;
    let guide =
        GuideRecord { id: GuideId::new(guide)?, name: "Li".into(), store: StoreId::new("S1")?, brand: None, until: None, level: None };
    let identity = Identity {
        server: "http://127.0.0.1:1".into(),
        tenant: TenantId::new("rainbow")?,
        guide: guide.clone(),
        device: DeviceId::from_uuid(Uuid::from_bytes([1; 16])),
        secret_key: [3; 32],
    };
    let now_ms = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_millis() as u64;
    store.set_identity(identity, now_ms, now_ms)?;
    let answer =
        json!({"epoch": Uuid::from_bytes([9; 16]), "server_ms": now_ms, "guide": guide, "cursor": {"feed": MEMBERS, "catalogue": 0}});
    let mut answer: RoundAnswerRecord = serde_json::from_value(answer)?;
    for n in 0..MEMBERS {
        let profile = MemberProfile {
            name: Private::new(format!("{}{}", NAMES[n % NAMES.len()], n % 97)),
            phone: Phone::parse(&format!("138{n:08}")).ok(),
            level: "金卡".into(),
            points: n as i64,
            ..MemberProfile::default()
        };
        let record = MemberRecord::new(MemberId::new(format!("M{n:08}"))?, profile, MemberState::default());
        answer.changes.push(ChangeRecord::Member(Box::new(record)));
    }
    store.absorb(answer, now_ms)?;
    Ok(())
}
