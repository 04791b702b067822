//! Fetches a snapshot and takes it in as it comes. A download that breaks goes on where it broke: bytes that have come
//! are kept in memory until their chunk is whole and on the disk.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_store::{Changed, Incoming};
use guidebook_wire::snapshot::{SnapshotMember, SnapshotRecord, open_chunk, read_chunk};
use zeroize::Zeroizing;

use crate::server::Server;
use crate::{SharedBook, SyncError};

/// A download gives up after so many connections in a row that brought nothing.
const MOST_BARREN: u32 = 3;

/// What has come of a chunk that is not whole.
#[derive(Default)]
pub(crate) struct Download {
    name: String,
    /// Where in the snapshot `held` begins.
    begin: u64,
    held: Vec<u8>,
}

impl Download {
    /// Fetches what is left of the snapshot that the book waits for. Errors: `Offline`, `NotUnderstood` (it does not
    /// open, or is of a newer form), and the store's.
    pub async fn run(
        &mut self,
        book: &SharedBook,
        server: &Server,
        wall_ms: &(dyn Fn() -> u64 + Sync),
        tell: &mut (dyn FnMut(&Changed) + Send),
    ) -> Result<(), SyncError> {
        let mut barren = 0;
        loop {
            let Some(incoming) = book.with(|store| Ok(store.incoming().cloned()))? else { return Ok(()) };
            self.align(&incoming);
            let came = self.connection(book, server, incoming, wall_ms, tell).await?;
            barren = if came == 0 { barren + 1 } else { 0 };
            if barren >= MOST_BARREN {
                return Err(SyncError::Offline);
            }
        }
    }

    /// Lets go of bytes that are not the beginning of the next chunk.
    fn align(&mut self, incoming: &Incoming) {
        let begin = incoming.record.chunks.iter().take(incoming.next as usize).map(|chunk| u64::from(chunk.bytes)).sum();
        if self.name != incoming.record.name || self.begin != begin {
            *self = Download { name: incoming.record.name.clone(), begin, held: Vec::new() };
        }
    }

    /// Takes in what one connection brings, and counts its bytes.
    async fn connection(
        &mut self,
        book: &SharedBook,
        server: &Server,
        incoming: Incoming,
        wall_ms: &(dyn Fn() -> u64 + Sync),
        tell: &mut (dyn FnMut(&Changed) + Send),
    ) -> Result<usize, SyncError> {
        let Incoming { record, mut next } = incoming;
        let key = key(&record)?;
        let mut came = 0;
        let mut response = match server.snapshot(&record.name, self.begin + self.held.len() as u64).await {
            Ok(response) => response,
            Err(SyncError::Offline) => return Ok(0),
            Err(other) => return Err(other),
        };
        loop {
            // A broken connection is the end of this one; the next goes on behind what has come.
            let Ok(Some(bytes)) = response.chunk().await else { return Ok(came) };
            came += bytes.len();
            self.held.extend_from_slice(&bytes);
            while let Some(chunk) = record.chunks.get(next as usize) {
                let length = chunk.bytes as usize;
                if self.held.len() < length {
                    break;
                }
                let members = opened(&key, next, &self.held[..length])?;
                let changed = book.with(|store| Ok(store.absorb_chunk(members, wall_ms())?))?;
                tell(&changed);
                self.held.drain(..length);
                self.begin += length as u64;
                next += 1;
            }
            if next as usize >= record.chunks.len() {
                *self = Download::default();
                return Ok(came);
            }
        }
    }
}

fn key(record: &SnapshotRecord) -> Result<Zeroizing<[u8; 32]>, SyncError> {
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(&record.key).map_err(|_| SyncError::NotUnderstood)?);
    Ok(Zeroizing::new(bytes.as_slice().try_into().map_err(|_| SyncError::NotUnderstood)?))
}

fn opened(key: &[u8; 32], index: u32, sealed: &[u8]) -> Result<Vec<SnapshotMember>, SyncError> {
    let chunk = Zeroizing::new(open_chunk(key, index, sealed).map_err(|_| SyncError::NotUnderstood)?);
    read_chunk(&chunk).map_err(|_| SyncError::NotUnderstood)
}
