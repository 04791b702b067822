//! How quick codes are minted, vouchers signed and verified. Run it with `cargo bench -p guidebook-domain --bench coupons`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ed25519_dalek::SigningKey;
use guidebook_domain::CampaignId;
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::voucher::{Asked, FIRST_DAY};
use guidebook_domain::coupon::{CodeSecret, CouponCode, SignedVoucher, TrustList, TrustedKey, Voucher, Worth};

fn coupons(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("coupons");
    group.throughput(Throughput::Elements(1));
    let secret = CodeSecret::new(&[5; 32]);
    let campaign = CampaignId::new("C1").expect("an id");
    let mut serial = 0;
    group.bench_function("mint: code and its hash", |bench| {
        bench.iter(|| {
            serial += 1;
            secret.hash(&secret.code(&campaign, 'K', serial, 0).expect("a class"))
        });
    });
    let key = SigningKey::from_bytes(&[1; 32]);
    let code = CouponCode::from_parts('K', 7).expect("a class");
    let voucher = Voucher { kid: 1, code, worth: Worth::Amount { fen: 5_000 }, least_spend_fen: 0, last_day: FIRST_DAY, store: 3 };
    group.bench_function("sign a voucher", |bench| bench.iter(|| black_box(&voucher).sign(&key).expect("fits").encode()));
    let text = voucher.sign(&key).expect("fits").encode();
    let trusted = TrustedKey { kid: 1, public: PublicKey::of(&key), not_before_ms: 0, not_after_ms: u64::MAX };
    let trust = TrustList { number: 1, keys: vec![trusted] };
    let asked = Asked { now_ms: 1_767_200_400_000, store: 3, class: None };
    group.bench_function("read and verify a voucher", |bench| {
        bench.iter(|| SignedVoucher::decode(black_box(&text)).expect("a voucher").verify(&trust, asked).is_ok());
    });
    assert!(SignedVoucher::decode(&text).is_ok_and(|voucher| voucher.verify(&trust, asked).is_ok()), "a voucher that holds");
    group.bench_function("parse a typed code", |bench| bench.iter(|| CouponCode::parse(black_box("k000-0000-0000-00o7")).is_ok()));
    group.finish();
}

criterion_group!(benches, coupons);
criterion_main!(benches);
