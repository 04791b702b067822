//! Becoming known: the phone answers to HQ's code with its own key.

use guidebook_store::Identity;
use guidebook_wire::EnrolRecord;
use guidebook_wire::enrol::{enrol_proof, normal_code};

use crate::device_key::DeviceKey;
use crate::server::Server;
use crate::{SharedBook, SyncError};

/// Enrols the phone at `address` with HQ's `code`. The phone's key is on the disk before it is sent, so that an
/// enrolment whose answer was lost can be repeated. `wall_ms` is asked when the answer is there.
pub async fn enrol(book: &SharedBook, address: &str, code: &str, device_name: &str, wall_ms: impl Fn() -> u64) -> Result<(), SyncError> {
    let server = Server::at(address)?;
    let secret = book.with(|store| Ok(store.enrolment_key()?))?;
    let key = DeviceKey::from_secret(&secret);
    let record = EnrolRecord {
        code: normal_code(code),
        public_key: key.public_text(),
        device_name: device_name.to_owned(),
        signature: key.sign_text(&enrol_proof(code, &key.public())),
    };
    let answer = server.enrol(&record).await?;
    let identity =
        Identity { server: address.to_owned(), tenant: answer.tenant, guide: answer.guide, device: answer.device, secret_key: *secret };
    book.with(|store| Ok(store.set_identity(identity, answer.server_ms, wall_ms())?))
}
