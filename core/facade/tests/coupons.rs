//! Coupons as a shell meets them: campaigns, the reason why not, the card, handing over, taking back, the marks of a wiped book.

#![allow(clippy::unwrap_used)]

mod shared;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};

use ed25519_dalek::SigningKey;
use guidebook_core::coupon_view::*;
use guidebook_core::{BookChange, BookObserver, Guidebook, GuidebookError, InvalidReason, KeyVaultError, MarkVault};
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::voucher::{Asked, SignedVoucher, Voucher, Worth};
use guidebook_domain::coupon::*;
use guidebook_domain::{CampaignId, DeviceId, StoreId};
use guidebook_store::{Marks, NoMarks};
use guidebook_wire::{ChangeRecord, CouponAnswerRecord, DirectoryRecord, NameRecord, RoundAnswerRecord};
use shared::*;
use uuid::Uuid;

/// A key store that keeps marks in memory, and can be told to fail.
#[derive(Default)]
struct MarksInMemory {
    marks: Mutex<HashMap<(String, String), u64>>,
    broken: Mutex<bool>,
}

impl MarksInMemory {
    fn usable(&self) -> Result<(), KeyVaultError> {
        if *self.broken.lock().unwrap() { Err(KeyVaultError::Unavailable) } else { Ok(()) }
    }
}

impl MarkVault for MarksInMemory {
    fn load(&self, book: String) -> Result<HashMap<String, u64>, KeyVaultError> {
        self.usable()?;
        let marks = self.marks.lock().unwrap();
        Ok(marks.iter().filter(|((of, _), _)| *of == book).map(|((_, name), mark)| (name.clone(), *mark)).collect())
    }

    fn raise_to(&self, book: String, name: String, mark: u64) -> Result<bool, KeyVaultError> {
        self.usable()?;
        let mut marks = self.marks.lock().unwrap();
        let before = marks.entry((book, name)).or_default();
        let raised = *before < mark;
        *before = mark.max(*before);
        Ok(raised)
    }

    fn erase(&self, book: String) -> Result<(), KeyVaultError> {
        self.usable()?;
        self.marks.lock().unwrap().retain(|(of, _), _| *of != book);
        Ok(())
    }
}

/// The same marks, as the store asks for them.
struct Direct(Arc<MarksInMemory>);

impl Marks for Direct {
    fn load(&self) -> Result<std::collections::BTreeMap<String, u64>, NoMarks> {
        Ok(MarkVault::load(&*self.0, FIRST.into()).map_err(|_| NoMarks)?.into_iter().collect())
    }

    fn raise(&self, name: &str, mark: u64) -> Result<bool, NoMarks> {
        MarkVault::raise_to(&*self.0, FIRST.into(), name.into(), mark).map_err(|_| NoMarks)
    }
}

fn hq_key() -> SigningKey {
    SigningKey::from_bytes(&[5; 32])
}

fn trust() -> TrustList {
    let key = TrustedKey { kid: 1, public: PublicKey::of(&hq_key()), not_before_ms: 0, not_after_ms: u64::MAX };
    TrustList { number: 1, keys: vec![key] }
}

fn a_campaign(id: &str, change: impl FnOnce(&mut Campaign)) -> ChangeRecord {
    let mut campaign = Campaign {
        id: CampaignId::new(id).unwrap(),
        version: 1,
        name: "双11满减".into(),
        face: Face::Amount { fen: 5_000 },
        least_spend_fen: 30_000,
        validity: Validity::FromIssue { days: 30 },
        stores: BTreeSet::from([StoreId::new("S1").unwrap()]),
        brands: BTreeSet::new(),
        products: vec!["连衣裙".into()],
        per_member: Some(2),
        issuers: Issuers::default(),
        stackable: false,
        state: CampaignState::Running,
        offline: false,
        class: 'K',
    };
    change(&mut campaign);
    ChangeRecord::Campaign(Box::new(campaign))
}

/// A book with three codes of the campaign C1, closed.
fn a_counter(folder: &Path) -> (Arc<Guidebook>, Arc<MarksInMemory>) {
    let marks = Arc::new(MarksInMemory::default());
    let mut store = a_store(folder, FIRST, 1);
    store.keep_marks_in(Arc::new(Direct(marks.clone())));
    let root = SigningKey::from_bytes(&[6; 32]);
    store.set_trust_root(PublicKey::of(&root)).unwrap();
    let directory =
        DirectoryRecord { stores: vec![NameRecord { id: StoreId::new("S1").unwrap(), name: "滨江店".into() }], ..Default::default() };
    let changes = vec![
        a_campaign("C1", |_| {}),
        a_campaign("C2", |c| c.state = CampaignState::Paused),
        a_campaign("C3", |c| c.issuers.stores = BTreeSet::from([StoreId::new("S2").unwrap()])),
        a_campaign("C4", |c| c.state = CampaignState::Ended),
        ChangeRecord::Directory(directory),
    ];
    store.absorb(RoundAnswerRecord { changes, ..an_answer(CONTACT) }, CONTACT).unwrap();
    let mut chance = 0;
    store
        .settle_coupons(CONTACT, &mut || {
            chance += 1;
            Ok([chance; 10])
        })
        .unwrap();
    let ask = store.coupon_ask().unwrap().unwrap();
    let code = |turn: u64| {
        let code = CouponCode::from_parts('K', turn.into()).unwrap();
        let last_day = "2027-03-01".parse().unwrap();
        let voucher =
            Voucher { kid: 1, code: code.clone(), worth: Worth::Amount { fen: 5_000 }, least_spend_fen: 30_000, last_day, store: 0 };
        GrantedCode { turn, code, voucher: voucher.sign(&hq_key()).unwrap().encode() }
    };
    let grant = Grant {
        request: ask.asks[0].request,
        device: DeviceId::from_uuid(Uuid::from_bytes([1; 16])),
        mark: ask.mark,
        campaign: CampaignId::new("C1").unwrap(),
        campaign_version: 1,
        value: 5_000,
        lease_until_ms: CONTACT + 72 * 3_600_000,
        expires_ms: CONTACT + 900 * 3_600_000,
        codes: (1..=3).map(code).collect(),
    };
    let coupons =
        CouponAnswerRecord { grants: vec![grant.sign(1, &hq_key())], denied: Vec::new(), trust: Some(trust().sign(&root)), root: None };
    store.absorb(RoundAnswerRecord { coupons: Some(coupons), ..an_answer(CONTACT) }, CONTACT).unwrap();
    drop(store);
    let vault = Arc::new(Vault::default());
    vault.put(FIRST, Some(vec![1; 32]));
    let book = Guidebook::open(request(folder, None), vault, Some(Clock::at(CONTACT)), Some(marks.clone())).unwrap();
    (book, marks)
}

fn for_m1() -> IssueRequest {
    IssueRequest { member: "M1".into(), campaign: "C1".into(), value: 5_000 }
}

#[test]
fn campaigns_say_what_is_left_and_why_not_and_leave_out_what_is_of_no_concern() {
    let folder = tempfile::tempdir().unwrap();
    let (book, marks) = a_counter(folder.path());
    book.unlock().unwrap();
    let rows = book.campaigns().unwrap();
    let listed: Vec<(&str, u32, Option<CouponProblem>)> =
        rows.iter().map(|row| (row.id.as_str(), row.values[0].left, row.why_not.clone())).collect();
    assert_eq!(listed, [("C1", 3, None), ("C2", 0, Some(CouponProblem::Paused))]);
    assert_eq!(
        (rows[0].stores.as_slice(), rows[0].values[0].worth.clone()),
        (["滨江店".to_owned()].as_slice(), CouponWorth::Amount { fen: 5_000 })
    );
    assert_eq!(rows[0].values[0].lease_until_ms, Some(CONTACT + 72 * 3_600_000));
    *marks.broken.lock().unwrap() = true;
    book.lock();
    book.unlock().unwrap();
    assert_eq!(book.campaigns().unwrap()[0].why_not, Some(CouponProblem::NoMarks));
    assert_eq!(book.issue_coupon(for_m1()).map(|_| ()), Err(GuidebookError::StorageFault));
}

#[derive(Default)]
struct Ear(Mutex<Vec<BookChange>>);

impl BookObserver for Ear {
    fn changed(&self, change: BookChange) {
        self.0.lock().unwrap().push(change);
    }
}

#[test]
fn a_card_holds_a_voucher_that_a_till_takes_and_the_code_in_three_forms() {
    let folder = tempfile::tempdir().unwrap();
    let (book, _) = a_counter(folder.path());
    book.unlock().unwrap();
    let ear = Arc::new(Ear::default());
    book.observe(Some(ear.clone()));
    assert_eq!(book.check_coupon("M1".into(), "C1".into(), 5_000).unwrap(), None);
    let card = book.issue_coupon(for_m1()).unwrap();
    assert!(ear.0.lock().unwrap().contains(&BookChange::Coupons));
    let asked = Asked { now_ms: CONTACT, store: 1, class: Some('K') };
    let voucher = SignedVoucher::decode(&card.voucher).unwrap();
    let code = CouponCode::parse(&card.code).unwrap();
    assert_eq!(voucher.verify(&trust(), asked).unwrap().code, code);
    assert_eq!((card.code.len(), card.qr.side, card.qr.modules.len()), (19, 37, 37 * 37));
    assert!(card.qr.modules.iter().all(|module| *module <= 1) && card.qr.modules[..7] == [1; 7]);
    assert_eq!(card.bars, guidebook_domain::coupon::code128::bars(&code.plain()).unwrap());
    assert_eq!((card.least_spend_fen, card.products.as_slice()), (30_000, ["连衣裙".to_owned()].as_slice()));
    let row = &card.row;
    assert_eq!((row.member.as_str(), row.member_name.as_deref(), row.waiting), ("M1", Some("张三丰"), true));
    assert_eq!((row.first_day.as_str(), row.last_day.as_str()), ("2027-01-15", "2027-02-13"));
    assert!(book.coupon(row.id.clone()).unwrap() == card);
    assert_eq!(book.coupons(0, 50).unwrap(), std::slice::from_ref(&card.row));
    let edits = book.edit_history(Some("M1".into()), 0, 50).unwrap();
    assert_eq!((edits[0].id.as_str(), edits[0].what.as_str()), (row.id.as_str(), "双11满减"));
    assert_eq!(book.member_coupons("M1".into()).unwrap()[0].coupon.as_ref(), Some(&row.id));
}

#[test]
fn what_cannot_be_given_out_or_taken_back_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let (book, _) = a_counter(folder.path());
    assert_eq!(book.campaigns().map(drop), Err(GuidebookError::Locked));
    book.unlock().unwrap();
    let (one, two) = (book.issue_coupon(for_m1()).unwrap().row.id, book.issue_coupon(for_m1()).unwrap().row.id);
    let problem = CouponProblem::MemberLimit { limit: 2 };
    assert_eq!(book.check_coupon("M1".into(), "C1".into(), 5_000).unwrap(), Some(problem.clone()));
    let not_issuable = |problem| Err(GuidebookError::Invalid { field: "coupon".into(), reason: InvalidReason::NotIssuable { problem } });
    assert_eq!(book.issue_coupon(for_m1()).map(|_| ()), not_issuable(problem));
    let other = IssueRequest { campaign: "C2".into(), ..for_m1() };
    assert_eq!(book.issue_coupon(other).map(|_| ()), not_issuable(CouponProblem::Paused));
    book.hand_over_coupon(one.clone()).unwrap();
    let done = Err(GuidebookError::Invalid { field: "coupon".into(), reason: InvalidReason::NotUndoable });
    assert_eq!(book.void_coupon(one.clone()).map(drop), done);
    book.void_coupon(two.clone()).unwrap();
    assert_eq!(book.void_coupon(two.clone()).map(drop), done);
    let states: Vec<CouponStatus> = book.coupons(0, 50).unwrap().into_iter().map(|row| row.status).collect();
    assert_eq!(states, [CouponStatus::Void, CouponStatus::HandedOver]);
    assert_eq!(book.issue_coupon(IssueRequest { member: "M9".into(), ..for_m1() }).map(|_| ()), Err(GuidebookError::NotFound));
    assert_eq!(
        book.coupon("nonsense".into()).map(|_| ()).unwrap_err(),
        GuidebookError::Invalid { field: "coupon".into(), reason: InvalidReason::Malformed }
    );
}

#[test]
fn a_wiped_book_leaves_no_marks_and_one_without_marks_gives_nothing_out() {
    let folder = tempfile::tempdir().unwrap();
    let (book, marks) = a_counter(folder.path());
    book.unlock().unwrap();
    book.issue_coupon(for_m1()).unwrap();
    let vault = Arc::new(Vault::default());
    vault.put(FIRST, Some(vec![1; 32]));
    let without = Guidebook::open(request(folder.path(), None), vault, Some(Clock::at(CONTACT)), None).unwrap();
    without.unlock().unwrap();
    assert_eq!(without.campaigns().unwrap()[0].why_not, Some(CouponProblem::NoMarks));
    without.lock();
    book.wipe().unwrap();
    assert!(marks.marks.lock().unwrap().is_empty());
}
