//! A phone at a counter, and as much of headquarters as answers it: grants by request, turns that only rise, and a list of what
//! was said of each code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::voucher::{Voucher, Worth};
use guidebook_domain::coupon::*;
use guidebook_domain::*;
use guidebook_store::coupons::CouponEntry;
use guidebook_store::{Identity, Key, Marks, Moment, NoMarks, Store, StoreError};
use guidebook_wire::*;
use uuid::Uuid;

pub const NOW: u64 = 1_800_000_000_000;
pub const HOUR: u64 = 3_600_000;
pub const VALUE: u32 = 5_000;

/// Marks in memory, which can be told to fail.
#[derive(Default)]
pub struct Vault {
    pub marks: Mutex<BTreeMap<String, u64>>,
    pub broken: AtomicBool,
}

impl Marks for Vault {
    fn load(&self) -> Result<BTreeMap<String, u64>, NoMarks> {
        if self.broken.load(Ordering::SeqCst) { Err(NoMarks) } else { Ok(self.marks.lock().unwrap().clone()) }
    }

    fn raise(&self, name: &str, mark: u64) -> Result<bool, NoMarks> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(NoMarks);
        }
        let mut marks = self.marks.lock().unwrap();
        if marks.get(name).is_some_and(|before| *before >= mark) {
            return Ok(false);
        }
        marks.insert(name.to_owned(), mark);
        Ok(true)
    }
}

/// Headquarters.
pub struct Hq {
    pub campaign: Campaign,
    /// How many codes a grant holds.
    pub size: u64,
    /// Up to when leases run.
    pub lease_until_ms: u64,
    turns: BTreeMap<u32, u64>,
    grants: BTreeMap<GrantId, SignedGrant>,
    /// Which edit gave out which code.
    pub given: BTreeMap<(GrantId, u64), OperationId>,
    pub surrendered: BTreeSet<(GrantId, u64)>,
    pub events: Vec<IssueEvent>,
    pub feed: u64,
}

pub fn hq_key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

pub fn root_key() -> SigningKey {
    SigningKey::from_bytes(&[6; 32])
}

pub fn device_key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

pub fn trust(number: u32, key: &SigningKey) -> TrustList {
    let key = TrustedKey { kid: 1, public: PublicKey::of(key), not_before_ms: 0, not_after_ms: u64::MAX };
    TrustList { number, keys: vec![key] }
}

pub fn a_campaign() -> Campaign {
    Campaign {
        id: CampaignId::new("C1").unwrap(),
        version: 1,
        name: "双11满减".into(),
        face: Face::Amount { fen: VALUE },
        least_spend_fen: 30_000,
        validity: Validity::FromIssue { days: 30 },
        stores: BTreeSet::new(),
        brands: BTreeSet::new(),
        products: Vec::new(),
        per_member: None,
        issuers: Issuers::default(),
        stackable: false,
        state: CampaignState::Running,
        offline: false,
        class: 'K',
    }
}

impl Hq {
    pub fn new(campaign: Campaign) -> Self {
        Hq {
            campaign,
            size: 10,
            lease_until_ms: NOW + 72 * HOUR,
            turns: BTreeMap::new(),
            grants: BTreeMap::new(),
            given: BTreeMap::new(),
            surrendered: BTreeSet::new(),
            events: Vec::new(),
            feed: 2,
        }
    }

    /// The grant of a request: the same for ever.
    pub fn grant(&mut self, ask: &GrantAskRecord, mark: MarkId, device: DeviceId) -> SignedGrant {
        if let Some(grant) = self.grants.get(&ask.request) {
            return grant.clone();
        }
        let last = self.turns.entry(ask.value).or_default();
        let turns = *last + 1..=*last + self.size.min(ask.wanted.into());
        *last = *turns.end();
        let codes = turns.map(|turn| a_code(ask.value, turn)).collect();
        let grant = Grant {
            request: ask.request,
            device,
            mark,
            campaign: ask.campaign.clone(),
            campaign_version: 1,
            value: ask.value,
            lease_until_ms: self.lease_until_ms,
            expires_ms: self.lease_until_ms + 30 * 24 * HOUR,
            codes,
        };
        let signed = grant.sign(1, &hq_key());
        self.grants.insert(ask.request, signed.clone());
        signed
    }

    /// Hears an edit, and checks what must hold of every code.
    pub fn hear(&mut self, operation: &Operation) {
        match &operation.edit {
            Edit::CouponIssued { event } => {
                assert!(event.holds(&PublicKey::of(&device_key())), "not signed");
                assert_eq!(operation.member.as_ref(), Some(&event.event.member));
                let code = (event.event.grant, event.event.turn);
                assert!(!self.surrendered.contains(&code), "{code:?} was given out after it went back");
                let before = self.given.insert(code, operation.id);
                assert!(before.is_none_or(|op| op == operation.id), "{code:?} was given out twice");
                self.events.push(event.event.clone());
            }
            Edit::CodesSurrendered { surrender } => {
                assert!(surrender.holds(&PublicKey::of(&device_key())), "not signed");
                for turn in &surrender.surrender.turns {
                    let code = (surrender.surrender.grant, *turn);
                    assert!(!self.given.contains_key(&code), "{code:?} went back after it was given out");
                    self.surrendered.insert(code);
                }
            }
            _ => {}
        }
    }
}

pub fn a_code(value: u32, turn: u64) -> GrantedCode {
    let code = CouponCode::from_parts('K', u128::from(value) << 40 | u128::from(turn)).unwrap();
    let last_day = "2027-03-01".parse().unwrap();
    let voucher = Voucher { kid: 1, code: code.clone(), worth: Worth::Amount { fen: value }, least_spend_fen: 30_000, last_day, store: 0 };
    GrantedCode { turn, code, voucher: voucher.sign(&hq_key()).unwrap().encode() }
}

/// A phone at a counter.
pub struct Counter {
    pub path: PathBuf,
    pub vault: Arc<Vault>,
    pub store: Store,
    pub wall_ms: u64,
    /// Every code that was ever shown to a member.
    pub shown: Vec<String>,
}

static CHANCE: AtomicU64 = AtomicU64::new(1);

fn chance() -> [u8; 10] {
    let mut random = [0; 10];
    random[2..].copy_from_slice(&CHANCE.fetch_add(1, Ordering::SeqCst).to_be_bytes());
    random
}

pub fn id(text: &str) -> MemberId {
    MemberId::new(text).unwrap()
}

pub fn campaign_id() -> CampaignId {
    CampaignId::new("C1").unwrap()
}

fn guide() -> GuideRecord {
    GuideRecord {
        id: GuideId::new("G1").unwrap(),
        name: "李娜晴".into(),
        store: StoreId::new("S1").unwrap(),
        brand: None,
        until: None,
        level: None,
    }
}

pub fn device() -> DeviceId {
    DeviceId::from_uuid(Uuid::from_bytes([1; 16]))
}

pub fn a_member(number: &str) -> MemberRecord {
    MemberRecord::new(id(number), MemberProfile { name: "张三丰".into(), ..Default::default() }, MemberState::default())
}

impl Counter {
    /// A phone with members M1 to M9, the campaign, and a first grant.
    pub fn with_codes(folder: &Path, hq: &mut Hq) -> Self {
        let mut counter = Counter::enrolled(folder, hq);
        counter.sync(hq);
        counter
    }

    /// The same, before the first round.
    pub fn enrolled(folder: &Path, hq: &Hq) -> Self {
        let mut counter = Counter::without_root(folder, hq);
        counter.store.set_trust_root(PublicKey::of(&root_key())).unwrap();
        counter
    }

    /// The same, enrolled before the retailer had keys.
    pub fn without_root(folder: &Path, hq: &Hq) -> Self {
        let path = folder.join("book.db");
        let mut counter = Counter { store: open(&path), path, vault: Arc::default(), wall_ms: NOW, shown: Vec::new() };
        counter.store.keep_marks_in(counter.vault.clone());
        let identity = Identity {
            server: "http://127.0.0.1:1".into(),
            tenant: TenantId::new("rainbow").unwrap(),
            guide: guide(),
            device: device(),
            secret_key: device_key().to_bytes(),
        };
        counter.store.set_identity(identity, NOW, NOW).unwrap();
        let mut changes: Vec<ChangeRecord> = (1..10).map(|n| ChangeRecord::Member(Box::new(a_member(&format!("M{n}"))))).collect();
        changes.push(ChangeRecord::Campaign(Box::new(hq.campaign.clone())));
        counter.store.absorb(RoundAnswerRecord { changes, ..counter.an_answer(hq) }, NOW).unwrap();
        counter
    }

    pub fn an_answer(&self, hq: &Hq) -> RoundAnswerRecord {
        RoundAnswerRecord {
            epoch: Some(Uuid::from_bytes([9; 16])),
            server_ms: self.wall_ms,
            guide: Some(guide()),
            cursor: Some(CursorRecord { feed: hq.feed, catalogue: hq.feed }),
            ..RoundAnswerRecord::default()
        }
    }

    /// What the next round would ask for.
    pub fn ask(&mut self) -> Option<CouponAskRecord> {
        self.store.settle_coupons(self.wall_ms, &mut || Ok(chance())).unwrap();
        self.store.coupon_ask().unwrap()
    }

    /// HQ's answer to that.
    pub fn coupons(&mut self, hq: &mut Hq) -> CouponAnswerRecord {
        let Some(ask) = self.ask() else { return CouponAnswerRecord::default() };
        let grants = ask.asks.iter().map(|one| hq.grant(one, ask.mark, device())).collect();
        let list = trust(3, &hq_key()).sign(&root_key());
        let root = ask.rootless.then(|| PublicKey::of(&root_key()));
        CouponAnswerRecord { grants, denied: Vec::new(), trust: (ask.trust < 3).then_some(list), root }
    }

    /// A round: edits up, receipts and grants down.
    pub fn sync(&mut self, hq: &mut Hq) {
        let coupons = self.coupons(hq);
        let mut answer = RoundAnswerRecord { coupons: Some(coupons), ..self.an_answer(hq) };
        for operation in self.store.next_push().unwrap() {
            hq.hear(&operation);
            let outcome = OutcomeRecord::Known(Outcome::Applied);
            answer.receipts.push(ReceiptRecord { op: operation.id, outcome, position: hq.feed });
        }
        self.store.absorb(answer, self.wall_ms).unwrap();
    }

    pub fn tell(&mut self, hq: &mut Hq, changes: Vec<ChangeRecord>) {
        hq.feed += 1;
        self.store.absorb(RoundAnswerRecord { changes, ..self.an_answer(hq) }, self.wall_ms).unwrap();
    }

    pub fn moment(&self) -> Moment {
        Moment { wall_ms: self.wall_ms, random: chance() }
    }

    /// Gives a member a coupon and shows it to her: no code may have been shown before.
    pub fn issue(&mut self, member: &str) -> Result<CouponEntry, StoreError> {
        let made = self.store.issue_coupon(&id(member), &campaign_id(), VALUE, self.moment())?;
        let coupon = self.store.coupon(made, self.wall_ms)?;
        let code = coupon.code.plain();
        assert!(!self.shown.contains(&code), "a code was shown twice");
        self.shown.push(code);
        Ok(coupon)
    }

    pub fn left(&mut self) -> u64 {
        self.store.codes_left(&campaign_id(), self.wall_ms).unwrap().iter().map(|left| left.codes).sum()
    }

    /// Another process opens the book; the one before was killed.
    pub fn killed(&mut self) {
        std::mem::forget(std::mem::replace(&mut self.store, open(&self.path)));
        self.store.keep_marks_in(self.vault.clone());
    }

    /// The file as it is, in `to`.
    pub fn copy(&self, to: &Path) {
        let (from, to) = (rusqlite::Connection::open(&self.path).unwrap(), to.to_str().unwrap());
        from.execute("VACUUM INTO ?1", [to]).unwrap();
    }

    /// An older file in the place of this one.
    pub fn put_back(&mut self, from: &Path) {
        let elsewhere = self.path.with_extension("aside");
        drop(std::mem::replace(&mut self.store, open(&elsewhere)));
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{suffix}", self.path.display()));
        }
        std::fs::copy(from, &self.path).unwrap();
        self.store = open(&self.path);
        self.store.keep_marks_in(self.vault.clone());
    }
}

pub fn open(path: &Path) -> Store {
    Store::open(path, &Key::from_bytes(&[1; 32]).unwrap()).unwrap()
}

/// Why it could not be given out.
pub fn problem<T>(result: Result<T, StoreError>) -> IssueProblem {
    match result {
        Err(StoreError::CannotIssue(problem)) => problem,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("given out"),
    }
}
