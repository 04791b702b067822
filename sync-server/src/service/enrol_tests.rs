//! A phone that comes back to a server which has forgotten it, and whoever only says so.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer, SigningKey};
use guidebook_domain::DeviceId;
use guidebook_wire::enrol::{ReturningRecord, enrol_proof};
use guidebook_wire::{EnrolRecord, ErrorCode};
use uuid::Uuid;

use super::enrol::{enrol, make_code};
use super::testing::{NOW, World};
use crate::db::devices::{Device, DeviceState};
use crate::db::{DatabaseExt, Write};
use crate::error::{ServerError, ServiceError};

/// Answers to a fresh code for Li with the key of `seed`, as device `before` of `guide`. Gives the device.
fn comes_back(world: &mut World, seed: u8, guide: &str, before: u128) -> Result<DeviceId, ErrorCode> {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let random = [world.next() as u8; 10];
    let code = make_code(&world.db, &world.tenant, &"LI".parse().unwrap(), random, NOW).unwrap().code;
    let public = key.verifying_key().to_bytes();
    let device = DeviceId::from_uuid(Uuid::from_u128(before));
    let record = EnrolRecord {
        public_key: URL_SAFE_NO_PAD.encode(public),
        device_name: "phone".to_owned(),
        signature: URL_SAFE_NO_PAD.encode(key.sign(&enrol_proof(&code, &public)).to_bytes()),
        returning: Some(ReturningRecord { tenant: world.tenant.clone(), guide: guide.parse().unwrap(), device }),
        code,
    };
    match enrol(&world.db, &record, [9; 16], NOW) {
        Ok(answer) => Ok(answer.device),
        Err(ServiceError::Refused(refused)) => Err(refused.code),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_forgotten_phone_comes_back_under_its_name_and_nobody_else_does() {
    let mut world = World::new();
    let device = DeviceId::from_uuid(Uuid::from_u128(0xF00));
    assert_eq!(comes_back(&mut world, 1, "CHEN", 0xF00), Err(ErrorCode::Conflict), "the code is Li's");
    assert_eq!(comes_back(&mut world, 1, "LI", 0xF00), Ok(device));
    assert_eq!(comes_back(&mut world, 1, "LI", 0xF00), Ok(device), "known by now");
    assert_eq!(comes_back(&mut world, 2, "LI", 0xF00), Err(ErrorCode::Conflict), "another key");
    let revoke = |tx: &mut dyn crate::db::Tx| -> Result<(), ServerError> {
        let held = tx.find_device(device)?.unwrap();
        tx.put_device(&Device { state: DeviceState::Revoked, ..held })
    };
    world.db.writing(Write::Enrol, revoke).unwrap();
    assert_eq!(comes_back(&mut world, 1, "LI", 0xF00), Err(ErrorCode::Conflict), "revoked");
}
