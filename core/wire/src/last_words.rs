//! Last words: before a revoked phone forgets all, it offers once what was edited and never sent.
//!
//! There is no session any more, so the phone's own key signs the request. The server takes them once, and only what was
//! made before the revocation. A request replayed changes nothing, because operations carry ids.

use guidebook_domain::DeviceId;
use serde::{Deserialize, Serialize};

use crate::OperationRecord;

/// Header: the signature over [`last_words_proof`], 64 bytes, base64url without padding.
pub const SIGNATURE_HEADER: &str = "x-guidebook-signature";

/// What a revoked phone sends.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LastWordsRecord {
    /// [`crate::protocol::PROTOCOL`].
    pub protocol: u16,
    /// The phone.
    pub device: DeviceId,
    /// Edits, oldest first, at most [`crate::protocol::LARGEST_PUSH`]. After a full request there may be another.
    pub operations: Vec<OperationRecord>,
}

/// What the server says to it. What became of each edit is no longer the phone's to know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LastWordsAnswerRecord {
    /// How many edits were judged.
    pub heard: u32,
}

/// What the phone signs: the body as it is sent.
pub fn last_words_proof(body: &[u8]) -> Vec<u8> {
    [b"guidebook.last-words.v1\0".as_slice(), body].concat()
}
