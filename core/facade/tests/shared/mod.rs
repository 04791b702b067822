//! A key store in memory, and books made without a server.

#![allow(clippy::unwrap_used, dead_code)] // Each test file uses a part.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use guidebook_core::request::{ListRequest, MemberOrder, OpenRequest};
use guidebook_core::{Guidebook, KeyVault, KeyVaultError, WallClock};
use guidebook_domain::{
    Choice, DeviceId, EditableBy, GuideId, MemberId, MemberProfile, MemberState, Phone, StoreId, Tag, TagFate, TagGroup, TagGroupId, TagId,
    TenantId,
};
use guidebook_store::{Identity, Key, Store};
use guidebook_wire::{ChangeRecord, CursorRecord, GuideRecord, MemberRecord, RoundAnswerRecord};
use uuid::Uuid;

/// The name of the book that a phone with one has.
pub const FIRST: &str = "00000000000000a1";
/// The name of a second guide's.
pub const SECOND: &str = "00000000000000b2";
/// The time of the last contact, Unix milliseconds.
pub const CONTACT: u64 = 1_800_000_000_000;

/// A key store in memory, which can be told to fail.
#[derive(Default)]
pub struct Vault {
    pub keys: Mutex<BTreeMap<String, Vec<u8>>>,
    pub broken: Mutex<bool>,
}

impl Vault {
    fn usable(&self) -> Result<(), KeyVaultError> {
        if *self.broken.lock().unwrap() { Err(KeyVaultError::Unavailable) } else { Ok(()) }
    }

    pub fn put(&self, book: &str, key: Option<Vec<u8>>) {
        let mut keys = self.keys.lock().unwrap();
        match key {
            Some(key) => keys.insert(book.to_owned(), key),
            None => keys.remove(book),
        };
    }
}

impl KeyVault for Vault {
    fn load(&self, book: String) -> Result<Option<Vec<u8>>, KeyVaultError> {
        self.usable()?;
        Ok(self.keys.lock().unwrap().get(&book).cloned())
    }

    fn save(&self, book: String, key: Vec<u8>) -> Result<(), KeyVaultError> {
        self.usable()?;
        self.put(&book, Some(key));
        Ok(())
    }

    fn erase(&self, book: String) -> Result<(), KeyVaultError> {
        self.usable()?;
        self.put(&book, None);
        Ok(())
    }
}

/// A wall clock that shows what it is told.
pub struct Clock(pub Mutex<u64>);

impl Clock {
    pub fn at(now_ms: u64) -> Arc<Self> {
        Arc::new(Clock(Mutex::new(now_ms)))
    }
}

impl WallClock for Clock {
    fn now_ms(&self) -> u64 {
        *self.0.lock().unwrap()
    }
}

/// A group of one tag, `<group>.t`.
pub fn a_group(id: &str, choice: Choice, editable_by: EditableBy) -> [ChangeRecord; 2] {
    let group = TagGroupId::new(id).unwrap();
    let row = TagGroup { id: group.clone(), name: id.into(), choice, editable_by, brand: None, store: None };
    let tag = Tag { id: TagId::new(format!("{id}.t")).unwrap(), group, name: id.into(), fate: TagFate::Live };
    [ChangeRecord::Group(row), ChangeRecord::Tag(tag)]
}

fn guide() -> GuideRecord {
    GuideRecord {
        id: GuideId::new("G1").unwrap(),
        name: "Li".into(),
        store: StoreId::new("S1").unwrap(),
        brand: None,
        until: None,
        level: None,
    }
}

/// An answer of the server in which nothing changed.
pub fn an_answer(server_ms: u64) -> RoundAnswerRecord {
    RoundAnswerRecord {
        epoch: Some(Uuid::from_bytes([9; 16])),
        server_ms,
        guide: Some(guide()),
        cursor: Some(CursorRecord { feed: 1, catalogue: 1 }),
        ..RoundAnswerRecord::default()
    }
}

/// The store in its place, as another process would open it.
pub fn store_at(folder: &Path, name: &str, key: u8) -> Store {
    Store::open(&folder.join(name).join("book.db"), &Key::from_bytes(&[key; 32]).unwrap()).unwrap()
}

/// The store of an enrolled book with one member, M1, under the key of 32 times `key`. There is no server.
pub fn a_store(folder: &Path, name: &str, key: u8) -> Store {
    a_store_of(folder, name, key, "http://127.0.0.1:1")
}

/// The same with a server.
pub fn a_store_of(folder: &Path, name: &str, key: u8, server: &str) -> Store {
    std::fs::create_dir_all(folder.join(name)).unwrap();
    let mut store = store_at(folder, name, key);
    let identity = Identity {
        server: server.into(),
        tenant: TenantId::new("rainbow").unwrap(),
        guide: guide(),
        device: DeviceId::from_uuid(Uuid::from_bytes([key; 16])),
        secret_key: [3; 32],
    };
    store.set_identity(identity, CONTACT, CONTACT).unwrap();
    let phone = Some(Phone::parse("13812345678").unwrap());
    let profile = MemberProfile { name: "张三丰".into(), phone, ..MemberProfile::default() };
    let id = MemberId::new("M1").unwrap();
    let record = MemberRecord::new(id, profile, MemberState::default());
    let mut changes = vec![ChangeRecord::Member(Box::new(record))];
    changes.extend(a_group("likes", Choice::Multi, EditableBy::Guides));
    changes.extend(a_group("value", Choice::Multi, EditableBy::Hq));
    let answer = RoundAnswerRecord { changes, ..an_answer(CONTACT) };
    store.absorb(answer, CONTACT).unwrap();
    store
}

/// The book of [`a_store`], closed, and the key store that has its key. The wall clock stands.
pub fn a_book(folder: &Path) -> (Arc<Guidebook>, Arc<Vault>) {
    drop(a_store(folder, FIRST, 1));
    let vault = Arc::new(Vault::default());
    vault.put(FIRST, Some(vec![1; 32]));
    (open(folder, &vault, CONTACT), vault)
}

/// Opens the book that was used last, in a process whose wall clock shows `wall_ms`.
pub fn open(folder: &Path, vault: &Arc<Vault>, wall_ms: u64) -> Arc<Guidebook> {
    Guidebook::open(request(folder, None), vault.clone(), Some(Clock::at(wall_ms)), None).unwrap()
}

pub fn request(folder: &Path, book: Option<&str>) -> OpenRequest {
    OpenRequest { directory: folder.to_string_lossy().into_owned(), book: book.map(str::to_owned) }
}

pub fn a_list(tags: &str) -> ListRequest {
    ListRequest {
        text: String::new(),
        tags: tags.into(),
        order: MemberOrder::Name,
        offset: 0,
        limit: 50,
        birthday_within_days: None,
        follow_up_due: false,
    }
}

pub fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
