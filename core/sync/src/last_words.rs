//! Before a revoked phone forgets all, what waits is offered to the server, once.

use std::time::{Duration, Instant};

use guidebook_store::Store;
use guidebook_wire::last_words::last_words_proof;
use guidebook_wire::protocol::{LARGEST_PUSH, PROTOCOL};
use guidebook_wire::{LastWordsRecord, OperationRecord};

use crate::device_key::DeviceKey;
use crate::server::Server;
use crate::{SharedBook, SyncError};

/// An offer takes no longer than this, whatever the network does.
pub const WITHIN: Duration = Duration::from_secs(5);

/// Offers what waits. Returns how many edits the server has judged: none where nothing waits, the server wants to hear
/// nothing or does not answer `within` a time ([`WITHIN`]). The caller forgets the book either way.
pub async fn offer(book: &SharedBook, within: Duration) -> u32 {
    let began = Instant::now();
    let (mut heard, mut said) = (0, 0);
    while let Ok(Some((server, words))) = book.with(|store| prepare(store, said)) {
        let left = within.saturating_sub(began.elapsed());
        if left.is_zero() {
            break;
        }
        let Ok(answer) = server.last_words(words.body, words.signature, left).await else { break };
        heard += answer.heard;
        said += words.edits;
        if words.edits < LARGEST_PUSH {
            break;
        }
    }
    heard
}

/// One request.
pub struct Words {
    /// A [`LastWordsRecord`] as it is sent.
    pub body: Vec<u8>,
    /// The phone's signature over it.
    pub signature: String,
    /// How many edits it holds.
    pub edits: usize,
}

fn prepare(store: &Store, said: usize) -> Result<Option<(Server, Words)>, SyncError> {
    let Some(words) = words(store, said)? else { return Ok(None) };
    let identity = store.identity().ok_or(SyncError::SignedOut)?;
    Ok(Some((Server::at(&identity.server)?, words)))
}

/// What waits behind the first `said` edits, as one request; none where nothing does.
pub fn words(store: &Store, said: usize) -> Result<Option<Words>, SyncError> {
    let identity = store.identity().ok_or(SyncError::SignedOut)?;
    let operations = store.waiting_after(said)?;
    if operations.is_empty() {
        return Ok(None);
    }
    let edits = operations.len();
    let operations = operations.into_iter().map(|o| OperationRecord::Known(Box::new(o))).collect();
    let record = LastWordsRecord { protocol: PROTOCOL, device: identity.device, operations };
    let body = serde_json::to_vec(&record).map_err(|_| SyncError::NotUnderstood)?;
    let signature = DeviceKey::from_secret(&identity.secret_key).sign_text(&last_words_proof(&body));
    Ok(Some(Words { body, signature, edits }))
}

#[cfg(test)]
mod tests;
