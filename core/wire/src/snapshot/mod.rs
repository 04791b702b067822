//! A stored picture of a guide's feed: members in columns, compressed and sealed, in chunks that stand alone.
//!
//! The server makes it once and keeps it; phones fetch it by an address that names its content, so that a plain HTTP
//! cache may hold it and a broken download goes on by range. Whoever holds it without the key, which only the round's
//! answer tells, holds noise. [`columns`] is the form, [`members`] what lies in it, [`reading`] reads it.

pub mod columns;
pub mod members;
pub mod reading;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};

pub use members::{SnapshotMember, write_chunk};
pub use reading::read_chunk;

/// Members in the first chunk: her most recent, to be usable before the rest has come.
pub const FIRST_CHUNK: usize = 200;
/// Members in each further chunk: small enough (about 110 KB) that a connection that dies after 200 KB brings one.
pub const CHUNK: usize = 1_000;

/// Why a chunk cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Broken, or not what it says it is.
    #[error("the snapshot is malformed: {0}")]
    Malformed(&'static str),
    /// Written in a way that this version does not know. The pages of the feed bring the same.
    #[error("the snapshot is of a newer form")]
    Newer,
    /// Another key, or bytes that were changed.
    #[error("the snapshot does not open with its key")]
    Sealed,
}

/// Where a snapshot is and how it opens.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotRecord {
    /// Its name: the SHA-256 of its bytes, 64 hexadecimal digits. The address is `/v1/snapshots/<name>`.
    pub name: String,
    /// The position of the feed at which it was taken.
    pub position: u64,
    /// Opens it: 32 bytes, base64url without padding.
    pub key: String,
    /// Its chunks in order.
    pub chunks: Vec<ChunkRecord>,
}

impl std::fmt::Debug for SnapshotRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SnapshotRecord(at {}, {} chunks)", self.position, self.chunks.len())
    }
}

impl SnapshotRecord {
    /// Bytes in all.
    pub fn bytes(&self) -> u64 {
        self.chunks.iter().map(|chunk| u64::from(chunk.bytes)).sum()
    }

    /// Members in all.
    pub fn members(&self) -> u64 {
        self.chunks.iter().map(|chunk| u64::from(chunk.members)).sum()
    }
}

/// One chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChunkRecord {
    /// Its length, sealed.
    pub bytes: u32,
    /// Members in it.
    pub members: u32,
}

/// Seals chunk number `index`. Each snapshot has a key of its own, so a counter makes every nonce new.
pub fn seal_chunk(key: &[u8; 32], index: u32, chunk: &[u8]) -> Result<Vec<u8>, SnapshotError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.encrypt(&nonce(index), Payload { msg: chunk, aad: AAD }).map_err(|_| SnapshotError::Sealed)
}

/// Opens chunk number `index`.
pub fn open_chunk(key: &[u8; 32], index: u32, sealed: &[u8]) -> Result<Vec<u8>, SnapshotError> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&nonce(index), Payload { msg: sealed, aad: AAD }).map_err(|_| SnapshotError::Sealed)
}

#[cfg(test)]
mod tests;

const AAD: &[u8] = b"guidebook.snapshot.v1";

fn nonce(index: u32) -> XNonce {
    let mut nonce = XNonce::default();
    nonce[..4].copy_from_slice(&index.to_be_bytes());
    nonce
}
