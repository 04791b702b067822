//! What both storages must do for coupons.

use guidebook_domain::coupon::{Buckets, Campaign, Face, Validity};
use guidebook_domain::{CampaignId, DeviceId, GrantId, MarkId, StoreId};
use uuid::Uuid;

use super::campaigns::CampaignRow;
use super::conformance::{li, m1, tenant};
use super::coupons::{Coupon, CouponState, Hold, Lease, Leased, Retired};
use super::grants::{Conflict, GrantRow, GrantedRow, IssueRow};
use super::signing::SigningRow;
use super::tills::{Answered, Conduct, Redemption, Terminal};
use super::{Database, DatabaseExt, Result, Write};
use crate::error::ServerError;

fn c1() -> CampaignId {
    CampaignId::new("C1").unwrap()
}

fn s1() -> StoreId {
    StoreId::new("S1").unwrap()
}

fn device() -> DeviceId {
    DeviceId::from_uuid(Uuid::from_u128(70))
}

fn request() -> GrantId {
    GrantId::from_uuid(Uuid::from_u128(71))
}

fn mark() -> MarkId {
    MarkId::from_uuid(Uuid::from_u128(72))
}

/// A campaign that is on no rail.
pub fn campaign() -> CampaignRow {
    let campaign = Campaign {
        id: c1(),
        version: 3,
        name: "双11\u{0}".to_owned(),
        face: Face::Amount { fen: 500 },
        least_spend_fen: 0,
        validity: Validity::FromIssue { days: 30 },
        stores: Default::default(),
        brands: Default::default(),
        products: Vec::new(),
        per_member: None,
        issuers: Default::default(),
        stackable: false,
        state: Default::default(),
        offline: false,
        class: 'K',
    };
    CampaignRow {
        campaign,
        position: 7,
        budget_version: 2,
        budget_codes: 300,
        budget_fen: Some(10_000),
        out_fen: 0,
        serials: 0,
        turns: 9,
        rail: None,
        made_ms: 5,
    }
}

/// A code's hash.
pub fn hash(n: u8) -> [u8; 32] {
    [n; 32]
}

/// Tenants A and B are furnished.
pub fn conforms(db: &dyn Database) {
    a_campaign_and_its_codes_are_kept(db);
    a_code_moves_only_from_where_it_is_and_the_buckets_add_up(db);
    a_place_that_comes_back_gets_another_code(db);
    what_phones_said_is_kept(db);
    a_code_has_one_row_in_the_ledger(db);
    tills_and_keys_are_kept(db);
}

/// Writes.
pub fn write<T>(db: &dyn Database, work: impl FnMut(&mut dyn super::Tx) -> Result<T>) -> T {
    db.writing(Write::Grant, work).unwrap()
}

fn a_campaign_and_its_codes_are_kept(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let hashes: Vec<_> = (0..5).map(hash).collect();
    write(db, |tx| {
        tx.put_campaign(&a, &campaign())?;
        tx.put_campaign(&b, &campaign())?;
        tx.mint(&a, &c1(), 0, 0, &hashes)?;
        // In A and in B the same hash is two codes.
        tx.mint(&b, &c1(), 0, 0, &hashes[..1])
    });
    let read = |tx: &mut dyn super::Tx| {
        assert_eq!(tx.campaign(&a, &c1())?, Some(campaign()));
        assert_eq!((tx.campaigns_after(&a, 6)?, tx.campaigns_after(&a, 7)?), (vec![campaign()], vec![]));
        assert_eq!(tx.buckets(&a, &c1())?, Buckets { minted: 5, free: 5, ..Buckets::default() });
        let found = tx.coupon_of_hash(&a, &hash(3))?;
        assert_eq!(found, Some(Coupon::free(c1(), 3, 0, hash(3))));
        assert_eq!(tx.coupon_of_hash(&b, &hash(3))?, None);
        let serials: Vec<u64> = tx.free_coupons(&a, &c1(), None, 3)?.iter().map(|coupon| coupon.serial).collect();
        assert_eq!((serials, tx.free_coupons(&a, &c1(), Some(true), 3)?), (vec![0, 1, 2], vec![]));
        let after: Vec<u64> = tx.free_after(&a, Some((&c1(), 3)), 9)?.iter().map(|coupon| coupon.serial).collect();
        assert_eq!(after, [4]);
        Ok::<_, ServerError>(())
    };
    db.reading(read).unwrap();
    write(db, read);
    let twice: Result<()> = db.writing(Write::Grant, |tx| tx.mint(&a, &c1(), 9, 0, &[hash(1)]));
    assert!(twice.is_err(), "a hash is one code");
}

/// Code `serial` under lease.
fn leased(serial: u64) -> Coupon {
    leased_of(Coupon::free(c1(), serial, 0, hash(serial as u8)))
}

/// A free code, under lease.
pub fn leased_of(free: Coupon) -> Coupon {
    let lease = Lease {
        device: device(),
        request: request(),
        mark: mark(),
        turn: free.serial + 1,
        until_ms: 100,
        expires_ms: 200,
        good_until_ms: 150,
        store_number: 2,
        value: 500,
    };
    Coupon { state: CouponState::Leased, cost_fen: 500, lease: Some(lease), ..free }
}

fn a_code_moves_only_from_where_it_is_and_the_buckets_add_up(db: &dyn Database) {
    let a = tenant("A");
    let reserved =
        Coupon { state: CouponState::Reserved, issued: true, hold: Some(Hold { terminal: Uuid::from_u128(5), until_ms: 90 }), ..leased(1) };
    write(db, |tx| {
        for serial in 0..3 {
            assert!(tx.move_coupon(&a, &leased(serial), CouponState::Free)?);
        }
        assert!(!tx.move_coupon(&a, &leased(0), CouponState::Free)?, "it is not free any more");
        assert!(!tx.move_coupon(&a, &Coupon { generation: 1, ..leased(0) }, CouponState::Leased)?);
        assert!(tx.move_coupon(&a, &reserved, CouponState::Leased)?);
        // Counted in the same transaction too.
        assert_eq!(tx.buckets(&a, &c1())?, Buckets { minted: 5, free: 2, leased: 2, reserved: 1, ..Buckets::default() });
        Ok(())
    });
    db.reading(|tx| {
        assert_eq!(tx.coupon_of_turn(&a, request(), 2)?.as_ref(), Some(&reserved));
        assert_eq!(tx.coupon_of_hash(&a, &hash(0))?, Some(leased(0)));
        assert_eq!(tx.leased(&a, device(), &c1(), mark())?, Leased { codes: 2, fen: 1000 });
        assert_eq!(tx.holds_past(91, 9)?, [(a.clone(), reserved.clone())]);
        assert_eq!((tx.holds_past(90, 9)?, tx.coupons_past(200, 9)?), (vec![], vec![]));
        assert_eq!(tx.coupons_past(201, 9)?.len(), 2);
        assert_eq!(tx.stranded(&a, &c1(), 101)?, Leased { codes: 2, fen: 1000 });
        Ok::<_, ServerError>(())
    })
    .unwrap();
    // More money out than the budget has, and a code out of an empty bucket, are refused by the tables themselves.
    let beyond: Result<()> = db.writing(Write::Grant, |tx| tx.put_campaign(&a, &CampaignRow { out_fen: 10_001, ..campaign() }));
    assert!(beyond.is_err());
    let below: Result<()> = db.writing(Write::Grant, |tx| tx.give_back(&a, &c1(), 1));
    assert!(below.is_err());
}

fn a_place_that_comes_back_gets_another_code(db: &dyn Database) {
    let a = tenant("A");
    let retired = Retired { coupon: leased(2), why: "surrendered".to_owned(), at_ms: 60 };
    write(db, |tx| {
        assert!(tx.renew_coupon(&a, &retired, &hash(42), 1)?);
        assert!(!tx.renew_coupon(&a, &retired, &hash(43), 2)?);
        Ok(())
    });
    db.reading(|tx| {
        assert_eq!(tx.coupon_of_hash(&a, &hash(2))?, None);
        assert_eq!(tx.coupon_of_hash(&a, &hash(42))?, Some(Coupon::free(c1(), 2, 1, hash(42))));
        assert_eq!(tx.coupon_of_turn(&a, request(), 3)?, None);
        for found in [tx.retired_of_hash(&a, &hash(2))?, tx.retired_of_turn(&a, request(), 3)?] {
            let found = found.expect("it is retired");
            assert_eq!((found.why.as_str(), found.at_ms, found.coupon.serial, found.coupon.generation), ("surrendered", 60, 2, 0));
            assert_eq!(found.coupon.lease.map(|lease| lease.value), Some(500));
        }
        assert_eq!(tx.buckets(&a, &c1())?, Buckets { minted: 5, free: 3, leased: 1, reserved: 1, ..Buckets::default() });
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn issue() -> IssueRow {
    IssueRow {
        request: request(),
        turn: 2,
        campaign: c1(),
        serial: 1,
        generation: 0,
        member: m1(),
        guide: li(),
        store: s1(),
        device: device(),
        value: 500,
        at_ms: 50,
        expires_ms: 150,
        heard_ms: 55,
        voided_ms: None,
        event: "{}".to_owned(),
    }
}

fn what_phones_said_is_kept(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let codes = vec![GrantedRow { serial: 1, generation: 0, turn: 2 }];
    let grant = GrantRow {
        request: request(),
        campaign: c1(),
        campaign_version: 3,
        device: device(),
        mark: mark(),
        value: 500,
        store_number: 2,
        kid: 1,
        made_ms: 40,
        lease_until_ms: 100,
        expires_ms: 200,
        codes,
    };
    let conflict = Conflict {
        id: "x".to_owned(),
        kind: "given_twice".to_owned(),
        campaign: Some(c1()),
        store: Some(s1()),
        guide: None,
        device: Some(device()),
        money_fen: 500,
        at_ms: 1,
        heard_ms: 2,
        detail: "…".to_owned(),
    };
    write(db, |tx| {
        tx.put_grant(&a, &grant)?;
        tx.put_issue(&a, &issue())?;
        tx.put_issue(&a, &IssueRow { voided_ms: Some(77), ..issue() })?;
        tx.put_conflict(&a, &conflict)?;
        tx.put_conflict(&a, &Conflict { money_fen: 9, ..conflict.clone() })
    });
    db.reading(|tx| {
        assert_eq!((tx.grant(&a, request())?, tx.grant(&b, request())?), (Some(grant.clone()), None));
        assert_eq!((tx.marks_of(&a, device(), &c1(), 99)?, tx.marks_of(&a, device(), &c1(), 100)?), (vec![mark()], vec![]));
        let voided = IssueRow { voided_ms: Some(77), ..issue() };
        assert_eq!(tx.issue(&a, request(), 2)?, Some(voided.clone()));
        assert_eq!(tx.issue_of(&a, &c1(), 1, 0)?, Some(voided.clone()));
        assert_eq!(tx.issues_to(&a, &m1())?, [(voided.clone(), Some(CouponState::Reserved))]);
        assert_eq!((tx.conflicts(&a, Some(&c1()), 9)?, tx.conflicts(&b, None, 9)?), (vec![conflict.clone()], vec![]));
        assert_eq!(tx.conflict(&a, "x")?, Some(conflict.clone()));
        Ok::<_, ServerError>(())
    })
    .unwrap();
}

fn redemption(n: u128) -> Redemption {
    Redemption {
        id: Uuid::from_u128(n),
        campaign: c1(),
        serial: 1,
        generation: 0,
        value: 500,
        money_fen: 450,
        store: s1(),
        terminal: Uuid::from_u128(5),
        receipt: "小票\u{0}1".to_owned(),
        offline: true,
        at_ms: 60,
        heard_ms: 61,
        reversed_ms: None,
    }
}

fn a_code_has_one_row_in_the_ledger(db: &dyn Database) {
    let a = tenant("A");
    write(db, |tx| {
        assert!(tx.put_redemption(&a, &redemption(1))?);
        assert!(!tx.put_redemption(&a, &redemption(2))?, "one row stands");
        assert_eq!(tx.redemption_of(&a, &c1(), 1, 0)?, Some(redemption(1)));
        assert!(tx.reverse_redemption(&a, Uuid::from_u128(1), 70)?);
        assert!(!tx.reverse_redemption(&a, Uuid::from_u128(1), 71)?);
        assert!(tx.put_redemption(&a, &redemption(3))?);
        Ok(())
    });
    db.reading(|tx| {
        assert_eq!(tx.redemption(&a, Uuid::from_u128(1))?, Some(Redemption { reversed_ms: Some(70), ..redemption(1) }));
        assert_eq!((tx.untold(9)?.len(), tx.untold(1)?.len()), (2, 1));
        let given = tx.issued_sums(&a, &c1())?;
        assert_eq!((given.len(), given[0].issued, given[0].void, given[0].redeemed, given[0].money_fen), (1, 1, 1, 1, 450));
        let taken = tx.redeemed_sums(&a, &c1())?;
        assert_eq!((taken[0].store.clone(), taken[0].redeemed, taken[0].offline, taken[0].money_fen), (s1(), 1, 1, 450));
        Ok::<_, ServerError>(())
    })
    .unwrap();
    write(db, |tx| {
        tx.told(&a, Uuid::from_u128(1))?;
        tx.told(&a, Uuid::from_u128(3))
    });
    assert!(db.reading(|tx| tx.untold(9)).unwrap().is_empty());
}

fn tills_and_keys_are_kept(db: &dyn Database) {
    let (a, b) = (tenant("A"), tenant("B"));
    let terminal = Terminal {
        id: Uuid::from_u128(5),
        tenant: a.clone(),
        store: s1(),
        store_number: 1,
        name: "一号\u{0}".to_owned(),
        secret: hash(9),
        explains: true,
        active: true,
        made_ms: 3,
        conduct: Conduct::default(),
    };
    let conduct = Conduct { minute_ms: 4, calls: 2, invalid: vec![1, 2], locked_until_ms: 8 };
    let answered = Answered { print: hash(8), status: 404, answer: "{}".to_owned(), at_ms: 10 };
    let key = SigningRow { kid: 3, public: hash(1), sealed: vec![1, 2], made_ms: 1, not_before_ms: 0, not_after_ms: 9 };
    write(db, |tx| {
        assert_eq!((tx.store_number(&a, &s1())?, tx.store_number(&a, &s1())?, tx.store_number(&b, &s1())?), (1, 1, 1));
        tx.put_terminal(&terminal)?;
        tx.put_terminal(&Terminal { conduct: conduct.clone(), active: false, ..terminal.clone() })?;
        tx.put_answered(terminal.id, "k", &answered)?;
        tx.put_coupon_root(&a, &hash(4))?;
        tx.put_coupon_key(&a, &key)?;
        tx.put_trust_list(&a, 1, "one")?;
        tx.put_trust_list(&a, 2, "two")
    });
    db.reading(|tx| {
        let found = Terminal { conduct: conduct.clone(), active: false, ..terminal.clone() };
        assert_eq!((tx.terminal_of(&hash(9))?, tx.terminal(&a, terminal.id)?), (Some(found.clone()), Some(found.clone())));
        assert_eq!((tx.terminal(&b, terminal.id)?, tx.terminals(&a)?), (None, vec![found]));
        assert_eq!((tx.answered(terminal.id, "k")?, tx.answered(terminal.id, "j")?), (Some(answered.clone()), None));
        assert_eq!((tx.has_answered_before(11)?, tx.has_answered_before(10)?), (true, false));
        assert_eq!((tx.coupon_root(&a)?, tx.coupon_root(&b)?, tx.coupon_keys(&a)?), (Some(hash(4)), None, vec![key.clone()]));
        assert_eq!((tx.trust_list(&a)?, tx.trust_list(&b)?), (Some((2, "two".to_owned())), None));
        assert_eq!(tx.store_numbers(&a)?, [(s1(), 1)]);
        Ok::<_, ServerError>(())
    })
    .unwrap();
    write(db, |tx| tx.sweep_answered(11));
    assert_eq!(db.reading(|tx| tx.answered(terminal.id, "k")).unwrap(), None);
}
