//! The golden vectors that Rust, Kotlin, Swift, Python and C share: `golden/coupons.json`.
//!
//! Each file of another language reads the same file. What stands there never changes: coupons are in customers' hands.
//! `GUIDEBOOK_WRITE_GOLDEN=1` writes the file anew, for a case that is added.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::signed::{Hash, PublicKey};
use guidebook_domain::coupon::voucher::Asked;
use guidebook_domain::coupon::{
    CodeSecret, CouponCode, IssueEvent, SignedTrustList, SignedVoucher, TrustList, TrustedKey, Voucher, Worth, base45, code128, qr,
};
use guidebook_domain::{CampaignId, DeviceId, GrantId, GuideId, MemberId, StoreId};
use serde_json::{Value, json};
use uuid::Uuid;

/// 2026-11-05 12:00 in Shanghai.
const NOON: u64 = 1_793_851_200_000;
const DAY: u64 = 86_400_000;

fn root() -> SigningKey {
    SigningKey::from_bytes(&[9; 32])
}

fn hq() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn code(class: char, random: u128) -> CouponCode {
    CouponCode::from_parts(class, random).unwrap()
}

fn trust_list() -> TrustList {
    let key = |kid, key: &SigningKey, from, to| TrustedKey { kid, public: PublicKey::of(key), not_before_ms: from, not_after_ms: to };
    TrustList {
        number: 7,
        keys: vec![key(2, &hq(), 0, NOON + 400 * DAY), key(3, &SigningKey::from_bytes(&[2; 32]), NOON + DAY, u64::from(u32::MAX) * 1_000)],
    }
}

fn vouchers() -> Vec<Voucher> {
    let voucher = |random, worth, least_spend_fen, day: &str, store| Voucher {
        kid: 2,
        code: code('K', random),
        worth,
        least_spend_fen,
        last_day: day.parse().unwrap(),
        store,
    };
    vec![
        voucher(0, Worth::Amount { fen: 1 }, 0, "2026-01-01", 0),
        voucher(0x1_2345_6789_abcd_ef01, Worth::Amount { fen: 5_000 }, 30_000, "2026-11-05", 17),
        voucher((1 << 65) - 1, Worth::Amount { fen: (1 << 20) - 1 }, 1_023_000, "2037-03-18", 16_383),
        voucher(42, Worth::Percent { basis_points: 1_550, cap_fen: 3_000 }, 19_900, "2027-02-28", 1),
        voucher(43, Worth::Gift { number: 77 }, 0, "2026-12-31", 3),
    ]
}

/// What a till says of a voucher's text, in one word.
fn verdict(text: &str, list: &SignedTrustList, asked: Asked) -> String {
    let trust = list.accept(0, &PublicKey::of(&root())).unwrap();
    match SignedVoucher::decode(text).and_then(|voucher| voucher.verify(&trust, asked).cloned()) {
        Ok(voucher) => format!("good {}", voucher.code.plain()),
        Err(error) => format!("{error:?}"),
    }
}

fn verdicts(list: &SignedTrustList) -> Vec<Value> {
    let good = vouchers()[1].sign(&hq()).unwrap();
    let flipped = |bit: usize| {
        let mut bytes = good.bytes();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        base45::encode(&bytes)
    };
    let by_other = Voucher { kid: 3, ..vouchers()[1].clone() }.sign(&SigningKey::from_bytes(&[2; 32])).unwrap().encode();
    let text = good.encode();
    let cases = [
        (text.clone(), NOON, 17, None),
        (format!("{text}\r\n"), NOON, 17, Some('K')),
        (text.clone(), NOON, 17, Some('M')),
        (text.clone(), NOON, 18, None),
        (text.clone(), NOON + DAY, 17, None),
        (text.clone(), NOON + 12 * 3_600_000 - 1, 17, None),
        (text.clone(), NOON + 12 * 3_600_000, 17, None),
        (by_other, NOON, 17, None),
        (flipped(0), NOON, 17, None),
        (flipped(2), NOON, 17, None),
        (flipped(3), NOON, 17, None),
        (flipped(7), NOON, 17, None),
        (flipped(20), NOON, 17, None),
        (flipped(8 * 17), NOON, 17, None),
        (flipped(647), NOON, 17, None),
        (vouchers()[3].sign(&hq()).unwrap().encode(), NOON, 1, None),
        (vouchers()[0].sign(&hq()).unwrap().encode(), NOON, 1, None),
        (String::new(), NOON, 17, None),
        (text[..121].to_owned(), NOON, 17, None),
        (text.to_lowercase(), NOON, 17, None),
        ("134567890123456789".to_owned(), NOON, 17, None),
    ];
    let told = |(text, now_ms, store, class): (String, u64, u16, Option<char>)| {
        let verdict = verdict(&text, list, Asked { now_ms, store, class });
        json!({"text": text, "now_ms": now_ms, "store": store, "class": class, "verdict": verdict})
    };
    cases.into_iter().map(told).collect()
}

fn parses() -> Vec<Value> {
    let shown = code('K', 1 | 1 << 60).grouped();
    let mistyped = shown.replacen('K', "M", 1);
    let texts = [
        shown.clone(),
        shown.to_lowercase(),
        shown.replace('-', " "),
        shown.replace('0', "o").replace('1', "l"),
        shown.replace('1', "i"),
        mistyped,
        shown.replace('0', "U"),
        shown[..18].to_owned(),
        format!("{shown}0"),
        "0000-0000-0000-0000".to_owned(),
        "134567890123456789".to_owned(),
        "1345678901234567".to_owned(),
        String::new(),
    ];
    let told = |text: String| {
        let read = CouponCode::parse(&text);
        json!({"text": text, "code": read.as_ref().ok().map(CouponCode::plain), "error": read.err().map(|error| format!("{error:?}"))})
    };
    texts.into_iter().map(told).collect()
}

fn an_event() -> IssueEvent {
    IssueEvent {
        sequence: 1,
        previous: Hash([0; 32]),
        device: DeviceId::from_uuid(Uuid::from_u128(2)),
        guide: GuideId::new("G1").unwrap(),
        store: StoreId::new("S1").unwrap(),
        member: MemberId::new("M1").unwrap(),
        campaign: CampaignId::new("C1").unwrap(),
        campaign_version: 3,
        grant: GrantId::from_uuid(Uuid::from_u128(9)),
        turn: 4,
        value: 5_000,
        at_ms: NOON,
        expires_ms: NOON + 30 * DAY,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn golden() -> Value {
    let list = trust_list().sign(&root());
    let secret = CodeSecret::new(&[5; 32]);
    let campaign = CampaignId::new("C1").unwrap();
    let codes = [('A', 0), ('K', 0x1_2345_6789_abcd_ef01), ('Z', (1 << 65) - 1)];
    let minted = (0..3).map(|serial| secret.code(&campaign, 'K', serial, 0).unwrap());
    let event = an_event().sign(&SigningKey::from_bytes(&[3; 32]));
    let voucher = vouchers()[1].sign(&hq()).unwrap().encode();
    let rows = qr::modules(&voucher).unwrap();
    json!({
        "about": "Seeds are Ed25519 secret keys of 32 equal bytes. Random bits are decimal texts, as 65 bits fit no number of JSON.",
        "root": PublicKey::of(&root()).text(),
        "hq_seed": 1,
        "trust": {"list": list, "number": 7},
        "base45": [{"hex": "", "text": ""}, {"hex": hex(b"AB"), "text": "BB8"}, {"hex": hex(b"base-45"), "text": "UJCLQE7W581"}, {"hex": hex(b"ietf!"), "text": "QED8WEX0"}],
        "no_base45": ["GGW", ":::", "::", "A", "BB8A", "bb8", "BB8#"],
        "codes": codes.map(|(class, random)| {
            let code = code(class, random);
            json!({"class": class, "random": random.to_string(), "code": code.plain(), "grouped": code.grouped()})
        }),
        "parses": parses(),
        "mint": {"secret_byte": 5, "campaign": "C1", "class": "K", "codes": minted.clone().map(|code| code.plain()).collect::<Vec<_>>(),
            "hashes": minted.map(|code| hex(&secret.hash(&code))).collect::<Vec<_>>()},
        "vouchers": vouchers().iter().map(|voucher| {
            let (kind, a, b) = match voucher.worth {
                Worth::Amount { fen } => ("amount", fen, 0),
                Worth::Percent { basis_points, cap_fen } => ("percent", basis_points.into(), cap_fen),
                Worth::Gift { number } => ("gift", number, 0),
            };
            let signed = voucher.sign(&hq()).unwrap();
            json!({"kid": voucher.kid, "code": voucher.code.plain(), "kind": kind, "value": a, "cap_fen": b,
                "least_spend_fen": signed.unverified().least_spend_fen, "last_day": voucher.last_day.to_string(), "store": voucher.store,
                "body": hex(&voucher.body().unwrap()), "text": signed.encode()})
        }).collect::<Vec<_>>(),
        "verdicts": verdicts(&list),
        "issue_event": {"seed": 3, "event": event, "canonical": hex(&an_event().canonical()), "hash": an_event().hash().text()},
        "qr": {"text": voucher, "rows": rows.iter().map(|row| row.iter().map(|dark| if *dark { '#' } else { '.' }).collect::<String>()).collect::<Vec<_>>()},
        "code128": barcode(&code('K', 0x1_2345_6789_abcd_ef01)),
        "code128_read_back": (0..64u128).map(|n| barcode(&code(b"AKWZ"[n as usize % 4].into(), scattered(n)))).collect::<Vec<_>>(),
    })
}

/// A code as it is drawn for a one-dimensional scanner; bindings/kotlin reads it back by ZXing.
fn barcode(code: &CouponCode) -> Value {
    let widths: String = code128::bars(&code.plain()).unwrap().iter().map(u8::to_string).collect();
    json!({"text": code.plain(), "widths": widths})
}

/// 65 bits in which every symbol comes up sooner or later.
fn scattered(n: u128) -> u128 {
    n.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835) >> 63
}

#[test]
fn the_golden_vectors_are_what_this_code_makes_and_reads() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/coupons.json");
    if std::env::var_os("GUIDEBOOK_WRITE_GOLDEN").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&golden()).unwrap() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for (name, made) in golden().as_object().unwrap() {
        assert_eq!(&kept[name], made, "{name}");
    }
}

#[test]
fn the_verdicts_show_each_refusal() {
    let told: std::collections::BTreeSet<String> = verdicts(&trust_list().sign(&root()))
        .iter()
        .map(|case| case["verdict"].as_str().unwrap().split(' ').next().unwrap().to_owned())
        .collect();
    let all = ["BadSignature", "Expired", "FutureVersion", "Malformed", "UnknownKey", "WrongClass", "WrongStore", "good"];
    assert_eq!(told, all.map(str::to_owned).into());
}
