use ed25519_dalek::{Signer, SigningKey};
use guidebook_domain::{Edit, Operation};
use guidebook_wire::OperationRecord;

use super::*;
use crate::hq::devices::revoke;
use crate::service::testing::{NOW, TestPhone, World, members, note};

const DAY: u64 = 24 * 3600 * 1000;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

/// A phone of Li's with a key of its own.
fn a_phone(world: &mut World) -> TestPhone {
    let phone = world.phone("LI");
    let set_key = |tx: &mut dyn Tx| -> DbResult<()> {
        let device = tx.find_device(phone.who.device)?.unwrap();
        let id = DeviceId::from_uuid(uuid::Uuid::from_u128(99));
        tx.put_device(&Device { id, public_key: key().verifying_key().to_bytes(), ..device })
    };
    world.db.writing(Write::Enrol, set_key).unwrap();
    let who = DeviceSession { device: DeviceId::from_uuid(uuid::Uuid::from_u128(99)), ..phone.who };
    TestPhone { who, ..phone }
}

fn record(phone: &TestPhone, operations: &[&Operation]) -> LastWordsRecord {
    let operations = operations.iter().map(|o| OperationRecord::Known(Box::new((*o).clone()))).collect();
    LastWordsRecord { protocol: 1, device: phone.who.device, operations }
}

fn say(world: &World, record: &LastWordsRecord, now_ms: u64) -> Result<u32, ErrorCode> {
    let body = serde_json::to_vec(record).unwrap();
    let signature = URL_SAFE_NO_PAD.encode(key().sign(&last_words_proof(&body)).to_bytes());
    hear(&world.db, None, &body, record, &signature, now_ms).map(|answer| answer.heard).map_err(|error| error.code())
}

#[test]
fn what_was_made_before_the_revocation_is_taken_once_and_nothing_after() {
    let mut world = World::new();
    let phone = a_phone(&mut world);
    let before = world.edit(&phone, "M1", NOW - 1, note("before"));
    let after = world.edit(&phone, "M1", NOW + 60_000, note("after"));
    let others = world.edit(&phone, "M2", NOW - 1, note("not hers"));
    revoke(&world.db, &world.tenant, phone.who.device, NOW).unwrap();
    assert_eq!(say(&world, &record(&phone, &[&before, &after, &others]), NOW + DAY), Ok(3));
    let hers = world.phone("LI").round(&world.db, &[]).unwrap();
    let notes: Vec<_> = members(&hers)[0].state.notes.keys().copied().collect();
    assert_eq!(notes, [before.id]);
    let more = world.edit(&phone, "M1", NOW - 1, note("more"));
    assert_eq!(say(&world, &record(&phone, &[&more]), NOW + DAY), Err(ErrorCode::Revoked));
}

#[test]
fn only_a_revoked_phone_is_heard_and_only_for_thirty_days() {
    let mut world = World::new();
    let phone = a_phone(&mut world);
    let nothing = record(&phone, &[]);
    assert_eq!(say(&world, &nothing, NOW), Err(ErrorCode::Conflict));
    revoke(&world.db, &world.tenant, phone.who.device, NOW).unwrap();
    assert_eq!(say(&world, &nothing, NOW + 31 * DAY), Err(ErrorCode::Revoked));
    assert_eq!(say(&world, &nothing, NOW + 30 * DAY), Ok(0), "a refusal takes nothing away");
}

#[test]
fn another_s_signature_is_not_taken() {
    let mut world = World::new();
    let phone = a_phone(&mut world);
    revoke(&world.db, &world.tenant, phone.who.device, NOW).unwrap();
    let record = record(&phone, &[]);
    let body = serde_json::to_vec(&record).unwrap();
    let other = SigningKey::from_bytes(&[8; 32]).sign(&last_words_proof(&body));
    let unbound = key().sign(&body);
    for signature in [other, unbound] {
        let refused = hear(&world.db, None, &body, &record, &URL_SAFE_NO_PAD.encode(signature.to_bytes()), NOW).unwrap_err();
        assert_eq!(refused.code(), ErrorCode::SignedOut);
    }
    assert_eq!(say(&world, &record, NOW), Ok(0));
}

#[test]
fn a_full_request_may_be_followed_by_another() {
    let mut world = World::new();
    let phone = a_phone(&mut world);
    let edit = world.edit(&phone, "M1", NOW - 1, Edit::Note { text: "again and again".into() });
    revoke(&world.db, &world.tenant, phone.who.device, NOW).unwrap();
    let full = record(&phone, &vec![&edit; LARGEST_PUSH]);
    assert_eq!(say(&world, &full, NOW), Ok(LARGEST_PUSH as u32));
    assert_eq!(say(&world, &record(&phone, &[&edit]), NOW), Ok(1));
    assert_eq!(say(&world, &record(&phone, &[&edit]), NOW), Err(ErrorCode::Revoked));
}

#[test]
fn the_permission_is_no_challenge() {
    let mut world = World::new();
    let phone = a_phone(&mut world);
    revoke(&world.db, &world.tenant, phone.who.device, NOW).unwrap();
    let challenge = format!("last words of {}", phone.who.device);
    let proof = guidebook_wire::session::session_proof(phone.who.device, &challenge);
    let signature = URL_SAFE_NO_PAD.encode(key().sign(&proof).to_bytes());
    let proof = guidebook_wire::ProofRecord { device: phone.who.device, challenge, signature };
    let refused = crate::service::session::open(&world.db, &[0; 32], &proof, [0; 80], NOW).map(drop);
    assert_eq!(refused.unwrap_err().code(), ErrorCode::Revoked);
    assert_eq!(say(&world, &record(&phone, &[]), NOW), Ok(0));
}
