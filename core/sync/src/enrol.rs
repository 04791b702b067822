//! Becoming known: the phone answers to HQ's code with its own key; and becoming known again, to a server that was put back
//! from a backup of before that.

use guidebook_store::{Identity, Store, StoreError};
use guidebook_wire::enrol::{ReturningRecord, enrol_proof, normal_code};
use guidebook_wire::{EnrolRecord, EnrolledRecord};
use zeroize::Zeroizing;

use crate::device_key::DeviceKey;
use crate::server::Server;
use crate::{SharedBook, SyncError};

/// Enrols the phone at `address` with HQ's `code`. The phone's key is on the disk before it is sent, so that an
/// enrolment whose answer was lost can be repeated. `wall_ms` is asked when the answer is there.
///
/// A phone that is enrolled comes back under its own name, with its book and all that waits in it; `code` must be for
/// its own guide, and `address` be its own server: `BadAddress` otherwise, for nobody else is to hear what waits.
pub async fn enrol(book: &SharedBook, address: &str, code: &str, device_name: &str, wall_ms: impl Fn() -> u64) -> Result<(), SyncError> {
    let server = Server::at(address)?;
    let (before, secret) = book.with(|store| Ok((store.identity().cloned(), secret_key(store)?)))?;
    if before.as_ref().is_some_and(|before| before.server != address) {
        return Err(SyncError::BadAddress);
    }
    let key = DeviceKey::from_secret(&secret);
    let record = EnrolRecord {
        code: normal_code(code),
        public_key: key.public_text(),
        device_name: device_name.to_owned(),
        signature: key.sign_text(&enrol_proof(code, &key.public())),
        returning: before.as_ref().map(returning),
    };
    let answer = server.enrol(&record).await?;
    if before.as_ref().is_some_and(|before| !is_the_same(before, &answer)) {
        // A server that does not know of coming back has enrolled another phone: this one's edits would not be taken.
        return Err(SyncError::UpgradeNeeded);
    }
    if let Some(root) = answer.root {
        // First, so that no kill leaves a phone that can never give a coupon out.
        book.with(|store| Ok(store.set_trust_root(root)?))?;
    }
    let identity =
        Identity { server: address.to_owned(), tenant: answer.tenant, guide: answer.guide, device: answer.device, secret_key: *secret };
    book.with(|store| Ok(store.set_identity(identity, answer.server_ms, wall_ms())?))
}

fn secret_key(store: &mut Store) -> Result<Zeroizing<[u8; 32]>, StoreError> {
    match store.identity() {
        Some(identity) => Ok(Zeroizing::new(identity.secret_key)),
        None => store.enrolment_key(),
    }
}

/// Who the phone is.
pub fn returning(identity: &Identity) -> ReturningRecord {
    ReturningRecord { tenant: identity.tenant.clone(), guide: identity.guide.id.clone(), device: identity.device }
}

fn is_the_same(before: &Identity, answer: &EnrolledRecord) -> bool {
    before.tenant == answer.tenant && before.guide.id == answer.guide.id && before.device == answer.device
}
