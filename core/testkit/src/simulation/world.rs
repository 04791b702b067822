//! All that takes part: a server with a small store, three phones, and requests that are still on their way.

use std::collections::BTreeMap;

use guidebook_domain::{
    Choice, EditableBy, GuideId, MemberId, MemberProfile, OperationId, Phone, StoreId, Tag, TagFate, TagGroup, TagGroupId, TagId, TenantId,
};
use guidebook_server::db::directory::{Guide, Store as ShopRow};
use guidebook_server::db::members::Member;
use guidebook_server::db::{DatabaseExt, SqliteDatabase, Write};
use guidebook_server::error::ServerError;
use guidebook_server::service::round::DeviceSession;
use guidebook_server::service::{enrol, serving, setup};
use guidebook_store::{Identity, Key, Store};
use guidebook_sync::device_key::DeviceKey;
use guidebook_wire::enrol::enrol_proof;
use guidebook_wire::{EnrolRecord, RoundRecord};

use super::chance::Chance;
use super::phone_model::PhoneModel;

/// Multi-choice tags, then those of the one single-choice group.
pub const TAGS: [&str; 4] = ["T1", "T2", "T3", "T4"];
/// The single-choice group's tags.
pub const CHOICES: [&str; 3] = ["C1", "C2", "C3"];
/// Members at the beginning.
pub const MEMBERS: usize = 4;

/// All that takes part.
pub struct World {
    /// The seed's stream.
    pub chance: Chance,
    /// True time, Unix milliseconds.
    pub now_ms: u64,
    /// The server's storage.
    pub db: SqliteDatabase,
    /// The retailer.
    pub tenant: TenantId,
    /// The phones.
    pub phones: Vec<SimPhone>,
    /// Requests that the network will deliver once more, late.
    pub late: Vec<(DeviceSession, RoundRecord)>,
    /// Edits that a phone has acknowledged, and which phone.
    pub acknowledged: BTreeMap<OperationId, usize>,
}

/// One phone.
pub struct SimPhone {
    /// Its book; `None` only while it is being restarted.
    pub store: Option<Store>,
    /// Who it is to the server.
    pub who: DeviceSession,
    /// How far its clock is ahead, in milliseconds.
    pub ahead_ms: i64,
    /// What it must show.
    pub model: PhoneModel,
}

impl World {
    /// A store with three guides (the first two serve all members together, the third none yet).
    pub fn new(mut chance: Chance) -> World {
        let db = SqliteDatabase::in_memory().expect("a database in memory");
        let tenant = TenantId::new("rainbow").expect("an id");
        setup::create_tenant(&db, &tenant, chance.bytes()).expect("a fresh tenant");
        let now_ms = 1_800_000_000_000;
        db.writing(Write::Setup, |tx| {
            let shop = StoreId::new("S1").expect("an id");
            tx.put_store(
                &tenant,
                &ShopRow { id: shop.clone(), name: "S1".into(), city: String::new(), time_zone: "Asia/Shanghai".into() },
            )?;
            for n in 0..3 {
                tx.put_guide(&tenant, &a_guide(n, &shop))?;
            }
            let groups = [("likes", Choice::Multi, TAGS.as_slice()), ("age", Choice::Single, CHOICES.as_slice())];
            for (group, choice, tags) in groups {
                let id = TagGroupId::new(group).expect("an id");
                let row =
                    TagGroup { id: id.clone(), name: group.into(), choice, editable_by: EditableBy::Guides, brand: None, store: None };
                let position = tx.next_catalogue_position(&tenant)?;
                tx.put_group(&tenant, &row, position)?;
                for tag in tags {
                    let position = tx.next_catalogue_position(&tenant)?;
                    let tag = Tag { id: tag_id(tag), group: id.clone(), name: (*tag).into(), fate: TagFate::Live };
                    tx.put_tag(&tenant, &tag, position)?;
                }
            }
            for n in 0..MEMBERS {
                let id = MemberId::new(format!("M{n}")).expect("an id");
                let profile =
                    MemberProfile { name: "x".into(), phone: Some(phone_number(n)), store: Some(shop.clone()), ..Default::default() };
                tx.put_member(&tenant, &Member::of(id.clone(), profile))?;
                for guide in [0, 1] {
                    serving::start(tx, &tenant, &id, &guide_id(guide), "hq", now_ms)?;
                }
            }
            Ok::<_, ServerError>(())
        })
        .expect("the store's first rows");
        let mut world = World { chance, now_ms, db, tenant, phones: Vec::new(), late: Vec::new(), acknowledged: BTreeMap::new() };
        for n in 0..3 {
            let phone = world.enrol(n);
            world.phones.push(phone);
        }
        world
    }

    fn enrol(&mut self, n: usize) -> SimPhone {
        let guide = guide_id(n);
        let secret = self.chance.bytes();
        let key = DeviceKey::from_secret(&secret);
        let random = self.chance.bytes();
        let code = enrol::make_code(&self.db, &self.tenant, &guide, random, self.now_ms).expect("a guide").code;
        let request = EnrolRecord {
            public_key: key.public_text(),
            device_name: "sim".into(),
            signature: key.sign_text(&enrol_proof(&code, &key.public())),
            code,
        };
        let random = self.chance.bytes();
        let answer = enrol::enrol(&self.db, &request, random, self.now_ms).expect("a good code");
        let book_key = Key::from_bytes(&[n as u8 + 1; 32]).expect("32 bytes");
        let conn = rusqlite::Connection::open_in_memory().expect("a database in memory");
        let mut store = Store::from_connection(conn, &book_key).expect("a fresh book");
        let who = DeviceSession { tenant: self.tenant.clone(), guide, device: answer.device };
        let identity =
            Identity { server: "sim".into(), tenant: answer.tenant, guide: answer.guide, device: answer.device, secret_key: secret };
        store.set_identity(identity, answer.server_ms, self.now_ms).expect("room for an identity");
        SimPhone { store: Some(store), who, ahead_ms: 0, model: PhoneModel::default() }
    }

    /// A phone's wall clock.
    pub fn wall_ms(&self, phone: usize) -> u64 {
        self.now_ms.saturating_add_signed(self.phones[phone].ahead_ms)
    }
}

impl SimPhone {
    /// The open book.
    pub fn book(&self) -> &Store {
        self.store.as_ref().expect("a phone is open between steps")
    }

    /// The open book, to write in.
    pub fn book_mut(&mut self) -> &mut Store {
        self.store.as_mut().expect("a phone is open between steps")
    }
}

fn a_guide(n: usize, shop: &StoreId) -> Guide {
    Guide {
        id: guide_id(n),
        name: format!("guide {n}"),
        store: shop.clone(),
        brand: None,
        joined: None,
        left: None,
        left_at_hq: None,
        heir: None,
        until: None,
    }
}

/// The guide with phone `n`.
pub fn guide_id(n: usize) -> GuideId {
    GuideId::new(format!("G{n}")).expect("an id")
}

/// A tag's id.
pub fn tag_id(text: &str) -> TagId {
    TagId::new(text).expect("an id")
}

/// One of a few phone numbers, so that walk-ins meet members and each other.
pub fn phone_number(n: usize) -> Phone {
    Phone::parse(&format!("1380000{n:04}")).expect("a number")
}
