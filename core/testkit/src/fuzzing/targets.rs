//! The decoders. Each function takes any bytes; a panic in it is a finding.

use std::io::Cursor;

use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::coupon::voucher::Asked;
use guidebook_domain::coupon::{
    CouponCode, Grant, HighWater, SignedGrant, SignedTrustList, SignedVoucher, TrustList, TrustedKey, base45 as base45_text,
};
use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{Birthday, DeviceId, MarkId, MemberId, MemberState, Operation, OperationId, Phone};
use guidebook_server::import::read::{Format, RowReader, Table};
use guidebook_store::Key;
use guidebook_wire::patch::MemberPatch;
use guidebook_wire::session::request_mac_holds;
use guidebook_wire::snapshot::{read_chunk, write_chunk};
use guidebook_wire::{
    ChangeRecord, EnrolRecord, EnrolledRecord, ErrorRecord, MemberRecord, ProofRecord, RoundAnswerRecord, RoundRecord, SessionRecord,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A decoder under a name, which is also its folder in the corpus.
pub struct Target {
    /// The name.
    pub name: &'static str,
    /// The decoder.
    pub run: fn(&[u8]),
}

/// All decoders.
pub const TARGETS: [Target; 17] = [
    Target { name: "round_record", run: round_record },
    Target { name: "round_answer", run: round_answer },
    Target { name: "change_record", run: change_record },
    Target { name: "merge", run: merge },
    Target { name: "csv_rows", run: csv_rows },
    Target { name: "session", run: session },
    Target { name: "tag_expression", run: tag_expression },
    Target { name: "short_texts", run: short_texts },
    Target { name: "sealed_record", run: sealed_record },
    Target { name: "error_record", run: error_record },
    Target { name: "snapshot_chunk", run: snapshot_chunk },
    Target { name: "member_patch", run: member_patch },
    Target { name: "coupon_code", run: coupon_code },
    Target { name: "voucher", run: voucher },
    Target { name: "base45", run: base45 },
    Target { name: "grant", run: grant },
    Target { name: "trust_list", run: trust_list },
];

/// What a phone sends: the server reads it. Each operation is understood or passed over on its own.
pub fn round_record(bytes: &[u8]) {
    if let Some(round) = decoded::<RoundRecord>(bytes) {
        for operation in &round.operations {
            let _ = operation.id();
        }
    }
}

/// What a server answers: the phone reads it.
pub fn round_answer(bytes: &[u8]) {
    decoded::<RoundAnswerRecord>(bytes);
}

/// One change of a feed. `Debug`, which may reach a log, must do as well.
pub fn change_record(bytes: &[u8]) {
    if let Some(change) = decoded::<ChangeRecord>(bytes) {
        let _ = format!("{change:?}");
    }
}

/// A chunk of a snapshot, unsealed: what is read of it comes back when it is written again.
pub fn snapshot_chunk(bytes: &[u8]) {
    if let Ok(members) = read_chunk(bytes)
        && let Ok(chunk) = write_chunk(&members)
    {
        assert_eq!(read_chunk(&chunk).as_ref(), Ok(&members), "a chunk written anew");
    }
}

/// A member's record and a patch, in a list: what comes of it is a member, and the same when the patch comes again.
pub fn member_patch(bytes: &[u8]) {
    let Some((record, patch)) = decoded::<(MemberRecord, MemberPatch)>(bytes) else { return };
    if let Ok(once) = patch.clone().apply(&record) {
        assert_eq!(patch.apply(&once), Ok(once), "a patch applied again");
    }
}

/// Two lists of operations: applied in either order, once or twice, they make one state.
pub fn merge(bytes: &[u8]) {
    let Ok(operations) = serde_json::from_slice::<Vec<Operation>>(bytes) else { return };
    let state = |order: &mut dyn Iterator<Item = &Operation>| {
        let mut state = MemberState::default();
        order.for_each(|operation| drop(state.apply(operation)));
        state
    };
    // Two notes under one id are no operations of this product: an id is made once.
    let ids: std::collections::BTreeSet<OperationId> = operations.iter().map(|o| o.id).collect();
    if ids.len() < operations.len() {
        return;
    }
    let forwards = state(&mut operations.iter());
    assert_eq!(forwards, state(&mut operations.iter().rev()), "order matters");
    assert_eq!(forwards, state(&mut operations.iter().chain(&operations)), "repetition matters");
    let _ = forwards.newest();
}

/// The tables in the order in which the kept corpus numbers them.
const TABLES: [Table; 7] = [Table::Stores, Table::Brands, Table::Guides, Table::Products, Table::Tags, Table::Members, Table::Orders];

/// A file of HQ's. The first byte chooses table and format.
pub fn csv_rows(bytes: &[u8]) {
    let Some((choice, file)) = bytes.split_first() else { return };
    let table = TABLES[usize::from(*choice) % 7];
    let format = Format::ALL[usize::from(choice / 7) % 2];
    let Ok(rows) = RowReader::new(Cursor::new(file), table, format) else { return };
    let mut last = 0;
    for row in rows.map_while(Result::ok) {
        assert!(row.line > last, "rows in the order of their lines");
        last = row.line;
    }
}

/// Enrolment, proof, session, and the HMAC of a request: the first 32 bytes are taken for one.
pub fn session(bytes: &[u8]) {
    decoded::<EnrolRecord>(bytes);
    decoded::<EnrolledRecord>(bytes);
    decoded::<ProofRecord>(bytes);
    decoded::<SessionRecord>(bytes);
    let (mac, body) = bytes.split_at(bytes.len().min(32));
    assert!(!request_mac_holds(&[7; 32], "POST", "/v1/round", body, 1, mac), "a forged HMAC holds");
    if let Ok(text) = std::str::from_utf8(bytes) {
        let normal = guidebook_wire::enrol::normal_code(text);
        assert_eq!(guidebook_wire::enrol::normal_code(&normal), normal, "a normal code is normal");
    }
}

/// What narrows a list.
pub fn tag_expression(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(expression) = TagExpression::parse(text) {
        let every = expression.holds(&|_| true);
        assert_ne!(TagExpression::Not(Box::new(expression)).holds(&|_| true), every);
    }
}

/// Numbers, days and ids as people write them: what was read is read again as itself.
pub fn short_texts(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(phone) = Phone::parse(text) {
        assert_eq!(Phone::parse(phone.expose()).as_ref(), Ok(&phone));
        let _ = (phone.masked(), phone.last_four().len());
    }
    if let Ok(birthday) = Birthday::parse(text) {
        assert_eq!(Birthday::parse(&String::from(birthday)), Ok(birthday));
        let _ = birthday.days_until(chrono::NaiveDate::from_ymd_opt(2026, 2, 28).expect("a day"));
    }
    if let Ok(id) = MemberId::new(text) {
        assert_eq!(id.as_str(), text);
    }
    let _ = text.parse::<OperationId>().map(|id| assert_eq!(id.to_string().parse(), Ok(id)));
}

/// A sealed row as it may lie on a damaged disk: the first 32 bytes are the key.
pub fn sealed_record(bytes: &[u8]) {
    let (key, sealed) = bytes.split_at(bytes.len().min(32));
    if let Some(key) = Key::from_bytes(key) {
        let _ = guidebook_store::vault::open_sealed(&key, "member", "M1", sealed);
    }
}

/// A code as it is typed: what was read is read again as itself.
pub fn coupon_code(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(code) = CouponCode::parse(text) {
        assert_eq!(CouponCode::parse(&code.grouped()).as_ref(), Ok(&code));
        assert_eq!(CouponCode::from_parts(code.class(), code.random()).as_ref(), Ok(&code));
        assert!(!format!("{code:?}").contains(&code.plain()[1..]), "Debug shows the code");
    }
}

/// A key that has signed nothing of what is fuzzed.
fn a_key() -> PublicKey {
    PublicKey(*b"\x3b\x6a\x27\xbc\xce\xb6\xa4\x2d\x62\xa3\xa8\xd0\x2a\x6f\x0d\x73\x65\x32\x15\x77\x1d\xe2\x43\xa6\x3a\xc0\x48\xa1\x8b\x59\xda\x29")
}

fn trusting_a_key() -> TrustList {
    let key = |kid| TrustedKey { kid, public: a_key(), not_before_ms: 0, not_after_ms: u64::MAX };
    TrustList { number: 1, keys: (0..16).map(key).collect() }
}

/// A voucher as text or as bytes: what was read is written as it was, and none holds that nobody has signed.
pub fn voucher(bytes: &[u8]) {
    let from_text = std::str::from_utf8(bytes).ok().and_then(|text| SignedVoucher::decode(text).ok());
    for voucher in from_text.into_iter().chain(SignedVoucher::from_bytes(bytes)) {
        assert_eq!(SignedVoucher::decode(&voucher.encode()).as_ref(), Ok(&voucher));
        assert_eq!(voucher.unverified().body().as_ref().map(<[u8; 17]>::as_slice), Ok(&voucher.bytes()[..17]));
        assert!(voucher.verify(&trusting_a_key(), Asked { now_ms: 1, store: 1, class: None }).is_err(), "a forged voucher holds");
    }
}

/// Bytes in base45: each has one text.
pub fn base45(bytes: &[u8]) {
    assert_eq!(base45_text::decode(&base45_text::encode(bytes)).as_deref(), Ok(bytes));
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(read) = base45_text::decode(text)
    {
        assert_eq!(base45_text::encode(&read), text);
    }
}

/// A grant, signed or plain: none holds that nobody has signed, and nothing below the mark is usable.
pub fn grant(bytes: &[u8]) {
    let mark = MarkId::from_uuid(uuid::Uuid::from_u128(5));
    if let Some(signed) = decoded::<SignedGrant>(bytes) {
        assert!(signed.verify(&trusting_a_key(), DeviceId::HQ, mark, 1).is_err(), "a forged grant holds");
    }
    if let Some(grant) = decoded::<Grant>(bytes) {
        let mut high = HighWater::new(grant.mark);
        high.raise(&grant.campaign, grant.value, 2);
        assert!(grant.usable(&high, 0).all(|code| code.turn > 2));
    }
}

/// A trust list, signed or plain.
pub fn trust_list(bytes: &[u8]) {
    if let Some(signed) = decoded::<SignedTrustList>(bytes) {
        assert!(signed.accept(0, &a_key()).is_err(), "a forged list is accepted");
    }
    if let Some(list) = decoded::<TrustList>(bytes) {
        let _ = list.key(2, 1_793_851_200_000);
    }
}

/// Why a request was refused.
pub fn error_record(bytes: &[u8]) {
    if let Some(record) = decoded::<ErrorRecord>(bytes) {
        let _ = format!("{record:?}");
    }
}

/// Decodes; what was understood is written and understood again.
fn decoded<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Option<T> {
    let value = serde_json::from_slice::<T>(bytes).ok()?;
    let written = serde_json::to_vec(&value).expect("what was read can be written");
    assert!(serde_json::from_slice::<T>(&written).is_ok(), "what was written cannot be read");
    Some(value)
}
