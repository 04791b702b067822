//! How every schedule begins. Made once a thread and then copied, for making a schema and keys takes longer than a step.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use guidebook_domain::{Choice, DeviceId, EditableBy, GuideId, MemberProfile, StoreId, Tag, TagFate, TagGroup, TagGroupId, TenantId};
use guidebook_server::db::directory::{Guide, Store as ShopRow};
use guidebook_server::db::members::Member;
use guidebook_server::db::{DatabaseExt, SqliteDatabase, Write};
use guidebook_server::error::ServerError;
use guidebook_server::service::round::DeviceSession;
use guidebook_server::service::{enrol, serving, setup};
use guidebook_store::{Identity, Store};
use guidebook_sync::device_key::DeviceKey;
use guidebook_sync::enrol::returning;

use guidebook_wire::enrol::{ReturningRecord, enrol_proof};
use guidebook_wire::{EnrolRecord, EnrolledRecord};
use rusqlite::Connection;

use super::chance::Chance;
use super::disk::{Kind, check_layout, copied, nothing_on_it};
use super::phone_model::PhoneModel;
use super::truth::Truth;
use super::world::{CHOICES, GUIDES, MEMBERS, SimPhone, TAGS, book_key, guide_id, member_id, phone_number, tag_id};

/// When every schedule begins, Unix milliseconds.
pub const NOW_MS: u64 = 1_800_000_000_000;

/// So many beginnings there are: they differ in the devices' ids, and so in who wins a tie.
const BEGINNINGS: u64 = 4;

/// A server and the phones that are enrolled there.
type Beginning = (Rc<Connection>, Vec<(Connection, DeviceSession)>);

thread_local! {
    static BLANK: OnceCell<Connection> = const { OnceCell::new() };
    static MADE: RefCell<BTreeMap<u64, Beginning>> = const { RefCell::new(BTreeMap::new()) };
}

/// The server and the phones with which the schedule of `seed` begins.
pub fn copy(seed: u64) -> (Rc<Connection>, Vec<SimPhone>) {
    let which = seed % BEGINNINGS;
    MADE.with_borrow_mut(|made| {
        let (db, phones) = made.entry(which).or_insert_with(|| make(which));
        let phones = phones.iter().map(|(conn, who)| SimPhone::new(conn, who.clone(), PhoneModel::default()));
        (db.clone(), phones.collect())
    })
}

/// The retailer.
pub fn tenant() -> TenantId {
    TenantId::new("rainbow").expect("an id")
}

/// The shop.
pub fn shop() -> StoreId {
    StoreId::new("S1").expect("an id")
}

/// Tells the reference model of the beginning.
pub fn tell<'a>(truth: &mut Truth, devices: impl Iterator<Item = &'a DeviceSession>) {
    for n in 0..MEMBERS {
        truth.adds_member(member_id(n), phone_number(n));
        for guide in [0, 1] {
            truth.starts(&member_id(n), &guide_id(guide), false);
        }
    }
    devices.for_each(|who| truth.enrols(who));
}

fn make(which: u64) -> Beginning {
    let mut chance = Chance::new(which);
    let db = SqliteDatabase::from_connection(nothing_on_it()).expect("a database in memory");
    let tenant = tenant();
    setup::create_tenant(&db, &tenant, chance.bytes()).expect("a fresh tenant");
    db.writing(Write::Setup, |tx| {
        let row = ShopRow { id: shop(), name: "S1".into(), city: String::new(), time_zone: "Asia/Shanghai".into() };
        tx.put_store(&tenant, &row)?;
        for n in 0..GUIDES {
            tx.put_guide(&tenant, &a_guide(n))?;
        }
        let groups = [("likes", Choice::Multi, TAGS.as_slice()), ("age", Choice::Single, CHOICES.as_slice())];
        for (group, choice, tags) in groups {
            let id = TagGroupId::new(group).expect("an id");
            let row = TagGroup { id: id.clone(), name: group.into(), choice, editable_by: EditableBy::Guides, brand: None, store: None };
            let position = tx.next_catalogue_position(&tenant)?;
            tx.put_group(&tenant, &row, position)?;
            for tag in tags {
                let position = tx.next_catalogue_position(&tenant)?;
                let row = Tag { id: tag_id(tag), group: id.clone(), name: (*tag).into(), fate: TagFate::Live };
                tx.put_tag(&tenant, &row, position)?;
                tx.put_tag_name(&tenant, group, tag, &row.id)?;
            }
        }
        for n in 0..MEMBERS {
            let profile = MemberProfile { name: "x".into(), phone: Some(phone_number(n)), store: Some(shop()), ..Default::default() };
            tx.put_member(&tenant, &Member::of(member_id(n), profile))?;
            for guide in [0, 1] {
                serving::start(tx, &tenant, &member_id(n), &guide_id(guide), "hq", NOW_MS)?;
            }
        }
        Ok::<_, ServerError>(())
    })
    .expect("the store's first rows");
    let phones = (0..GUIDES).map(|n| enrolled(&db, &mut chance, &guide_id(n), NOW_MS)).collect();
    let database = db.into_connection();
    check_layout(Kind::Server, &database);
    (database.into(), phones)
}

/// A fresh phone of a guide who has not left.
pub fn enrolled(db: &SqliteDatabase, chance: &mut Chance, guide: &GuideId, now_ms: u64) -> (Connection, DeviceSession) {
    let secret = chance.bytes();
    let answer = answers_to_code(db, chance, guide, &DeviceKey::from_secret(&secret), None, now_ms);
    let who = DeviceSession { tenant: answer.tenant.clone(), guide: guide.clone(), device: answer.device };
    let mut store = Store::from_connection(blank_book(), &book_key(who.device)).expect("a fresh book");
    let identity = Identity { server: "sim".into(), tenant: answer.tenant, guide: answer.guide, device: answer.device, secret_key: secret };
    store.set_identity(identity, answer.server_ms, now_ms).expect("room for an identity");
    (store.into_connection(), who)
}

/// A book in which nothing has been written yet.
fn blank_book() -> Connection {
    BLANK.with(|blank| {
        copied(blank.get_or_init(|| {
            let key = book_key(DeviceId::HQ);
            let book = Store::from_connection(nothing_on_it(), &key).expect("a fresh book").into_connection();
            check_layout(Kind::Book, &book);
            book.execute("DELETE FROM setting", []).expect("a book without its key's word");
            book
        }))
    })
}

/// A phone that a server put back from a backup does not know any more comes back, with a code of HQ's.
pub fn comes_back(db: &SqliteDatabase, chance: &mut Chance, phone: &mut SimPhone, now_ms: u64) {
    let identity = phone.book().identity().expect("an enrolled phone").clone();
    let key = DeviceKey::from_secret(&identity.secret_key);
    let answer = answers_to_code(db, chance, &identity.guide.id, &key, Some(returning(&identity)), now_ms);
    assert_eq!(answer.device, phone.who.device, "a phone comes back as the same");
    // Who it is has not changed, so a full disk costs nothing here.
    let _ = phone.book_mut().set_identity(identity, answer.server_ms, now_ms);
}

fn answers_to_code(
    db: &SqliteDatabase,
    chance: &mut Chance,
    guide: &GuideId,
    key: &DeviceKey,
    returning: Option<ReturningRecord>,
    now_ms: u64,
) -> EnrolledRecord {
    let code = enrol::make_code(db, &tenant(), guide, chance.bytes(), now_ms).expect("a guide").code;
    let signature = key.sign_text(&enrol_proof(&code, &key.public()));
    let request = EnrolRecord { public_key: key.public_text(), device_name: "sim".into(), signature, code, returning };
    enrol::enrol(db, &request, chance.bytes(), now_ms).expect("a good code")
}

fn a_guide(n: usize) -> Guide {
    Guide {
        id: guide_id(n),
        name: format!("guide {n}"),
        store: shop(),
        brand: None,
        joined: None,
        left: None,
        left_at_hq: None,
        heir: None,
        until: None,
        level: None,
    }
}
