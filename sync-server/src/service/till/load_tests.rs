//! How fast, measured where it runs: `GUIDEBOOK_COUPON_LOAD=20000` says how many codes. Silent without it, for the figures belong
//! to a machine. `sync-server/README.md` has some.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use guidebook_domain::{CampaignId, StoreId};
use serde_json::json;

use super::calls::{Call, CallRequest, call};
use super::decide::Verb;
use super::terminals;
use crate::db::coupons::{CouponState, Lease};
use crate::db::{DatabaseExt, Write};
use crate::error::ServiceError;
use crate::hq::campaigns::create;
use crate::service::coupons::secret::Mint;
use crate::service::coupons::tests::{secret, world};
use crate::service::testing::{NOW, World};
use guidebook_domain::{DeviceId, GrantId, MarkId};
use uuid::Uuid;

const LOAD: &str = "GUIDEBOOK_COUPON_LOAD";
const THREADS: usize = 16;
/// A prime: steps of so many places meet each code once.
const SCATTER: usize = 7_919;

fn wanted() -> Option<usize> {
    std::env::var(LOAD).ok().and_then(|text| text.parse().ok())
}

/// A campaign of so many codes, all of them under lease; the codes, and how long it took to make them.
fn leased(world: &World, count: usize) -> (Vec<String>, Duration) {
    let (tenant, id) = (&world.tenant, CampaignId::new("LOAD").unwrap());
    let body = json!({"id": id, "name": "load", "face": {"amount": {"fen": 100}}, "validity": {"from_issue": {"days": 30}},
        "budget": {"codes": count}});
    let begun = Instant::now();
    create(&world.db, Some(&secret()), tenant, &serde_json::from_value(body).unwrap(), NOW).unwrap();
    let took = begun.elapsed();
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let batch = world.db.writing(Write::Grant, |tx| {
            let codes = Mint::of(tx, &secret(), tenant)?;
            let row = tx.campaign(tenant, &id)?.unwrap();
            let mut batch = Vec::new();
            for mut coupon in tx.free_coupons(tenant, &id, None, 1_000)? {
                coupon.lease = Some(Lease {
                    device: DeviceId::HQ,
                    request: GrantId::from_uuid(Uuid::from_u128(u128::from(coupon.serial))),
                    mark: MarkId::from_uuid(Uuid::nil()),
                    turn: coupon.serial + 1,
                    until_ms: NOW,
                    expires_ms: NOW + 1_000_000_000,
                    good_until_ms: NOW + 1_000_000_000,
                    store_number: 0,
                    value: 100,
                });
                coupon.state = CouponState::Leased;
                tx.move_coupon(tenant, &coupon, CouponState::Free)?;
                batch.push(codes.code(&row.campaign, coupon.serial, coupon.generation)?.plain());
            }
            Ok::<_, ServiceError>(batch)
        });
        all.extend(batch.unwrap());
    }
    (all, took)
}

fn tills(world: &World, count: usize) -> Vec<String> {
    let store = StoreId::new("S1").unwrap();
    let make = |n: usize| {
        let mut random = [7; 48];
        random[12..16].copy_from_slice(&(n as u32).to_be_bytes());
        random[16..24].copy_from_slice(&n.to_be_bytes());
        terminals::make(&world.db, &world.tenant, &store, "till", false, random, NOW).unwrap().1
    };
    (0..count).map(make).collect()
}

#[test]
fn minting_and_redeeming_are_measured() {
    let Some(count) = wanted() else { return };
    let world = world();
    let (codes, minted) = leased(&world, count);
    println!("minted {count} in {minted:?}: {:.0} a second", count as f64 / minted.as_secs_f64());
    // Sixty a minute each: as many tills as that needs.
    let tills = tills(&world, count.div_ceil(60));
    let (next, refused) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let request = CallRequest::default();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= codes.len() {
                        return;
                    }
                    // Customers come in any order.
                    let code = &codes[n * SCATTER % codes.len()];
                    let (key, random) = (n.to_string(), (n as u128 + 1).to_be_bytes());
                    let asked = Call {
                        secret: &tills[n % tills.len()],
                        key: &key,
                        verb: Verb::Commit,
                        code,
                        request: &request,
                        raw: key.as_bytes(),
                        random,
                    };
                    let answer = call(&world.db, &secret(), &asked, NOW).unwrap();
                    refused.fetch_add(usize::from(answer.status != 200), Ordering::Relaxed);
                }
            });
        }
    });
    let took = begun.elapsed();
    println!("redeemed {count} in {took:?} by {THREADS} threads: {:.0} a second", count as f64 / took.as_secs_f64());
    assert_eq!(refused.into_inner(), 0);
}

/// The median of the time that each kind of refused code takes, in turns, so that what else the machine does falls on all.
#[test]
fn refused_codes_of_all_kinds_take_the_same_time() {
    let rounds: usize = if wanted().is_some() { 10_000 } else { 300 };
    let world = world();
    let (codes, _) = leased(&world, 2);
    let tills = tills(&world, (4 * rounds).div_ceil(8));
    let unknown = guidebook_domain::coupon::CouponCode::from_parts('K', 5).unwrap().plain();
    let mut times: [Vec<Duration>; 3] = Default::default();
    let mut lengths = Vec::new();
    let ask = |n: usize, code: &str, verb, now_ms| {
        let (key, request) = (n.to_string(), CallRequest::default());
        let random = (n as u128 + 1).to_be_bytes();
        let till = &tills[n % tills.len()];
        let asked = Call { secret: till, key: &key, verb, code, request: &request, raw: key.as_bytes(), random };
        let begun = Instant::now();
        let answer = call(&world.db, &secret(), &asked, now_ms).unwrap();
        (begun.elapsed(), answer)
    };
    assert_eq!(ask(4 * rounds, &codes[0], Verb::Commit, NOW).1.status, 200);
    let late = NOW + 2_000_000_000;
    for n in 0..rounds {
        for (kind, code) in [&unknown, &codes[0], &codes[1]].into_iter().enumerate() {
            let (took, answer) = ask(3 * n + kind, code, Verb::Commit, late);
            assert_eq!(answer.status, 404, "kind {kind}, round {n}");
            times[kind].push(took);
            lengths.push(answer.body);
        }
    }
    assert!(lengths.iter().all(|body| *body == lengths[0]));
    let medians = times.map(|mut times| {
        times.sort();
        times[times.len() / 2]
    });
    println!("medians of unknown, used, expired over {rounds}: {medians:?}");
    let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
    assert!(*most - *least < Duration::from_millis(1), "{medians:?}");
}
