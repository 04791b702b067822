//! Fetches a snapshot and takes it in as it comes: one task reads, opens and spells out the next chunk while the book takes in
//! the one before. A download that breaks goes on where it broke: bytes that have come are kept in memory until their chunk is
//! whole and on the disk.

use std::panic::resume_unwind;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_store::{Changed, Incoming};
use guidebook_wire::snapshot::{SnapshotMember, SnapshotRecord, open_chunk, read_chunk};
use reqwest::Response;
use tokio::sync::mpsc::{self, Sender};
use tokio::task::JoinSet;
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
        let Incoming { record, next } = incoming;
        let key = key(&record)?;
        let from = self.begin + self.held.len() as u64;
        let mut response = None;
        // All is here already if the book was locked when it was to take in the last chunk.
        if from < record.bytes() {
            response = match server.snapshot(&record.name, from).await {
                Ok(response) => Some(response),
                Err(SyncError::Offline) => return Ok(0),
                Err(other) => return Err(other),
            };
        }
        let lengths = record.chunks.iter().map(|chunk| chunk.bytes as usize).collect();
        let reading = Reading { key, lengths, next: next as usize, held: std::mem::take(&mut self.held), came: 0 };
        let (give, mut chunks) = mpsc::channel(1);
        // Ends with this call, however this call ends.
        let mut reader = JoinSet::new();
        reader.spawn(reading.run(response, give));
        while let Some(Chunk { sealed, members }) = chunks.recv().await {
            let taken_in = members.and_then(|members| book.with(|store| Ok(store.absorb_chunk(members, wall_ms())?)));
            match taken_in {
                Ok(changed) => tell(&changed),
                Err(error) => {
                    self.held = sealed;
                    return Err(error);
                }
            }
            self.begin += sealed.len() as u64;
        }
        let Reading { lengths, next, held, came, .. } = match reader.join_next().await {
            Some(Ok(reading)) => reading,
            Some(Err(failed)) if failed.is_panic() => resume_unwind(failed.into_panic()),
            Some(Err(_)) | None => return Err(SyncError::Offline),
        };
        self.held = held;
        if next >= lengths.len() {
            *self = Download::default();
        }
        Ok(came)
    }
}

/// A chunk that is whole: as it came, and what lies in it.
struct Chunk {
    sealed: Vec<u8>,
    members: Result<Vec<SnapshotMember>, SyncError>,
}

/// One connection being read.
struct Reading {
    key: Zeroizing<[u8; 32]>,
    /// How long the chunks are.
    lengths: Vec<usize>,
    /// The chunk that `held` begins.
    next: usize,
    held: Vec<u8>,
    /// How many bytes this connection has brought.
    came: usize,
}

impl Reading {
    /// Gives each chunk on as it is whole, until all have come, or the connection breaks, or nobody wants more.
    async fn run(mut self, mut response: Option<Response>, give: Sender<Chunk>) -> Self {
        loop {
            while self.has_whole_chunk() {
                // Room first: a chunk spelt out takes some megabytes, and two of them are enough.
                let Ok(room) = give.reserve().await else { return self };
                room.send(self.take_chunk());
            }
            let Some(response) = response.as_mut().filter(|_| self.next < self.lengths.len()) else { return self };
            // A broken connection is the end of this one; the next goes on behind what has come.
            let Ok(Some(bytes)) = response.chunk().await else { return self };
            self.came += bytes.len();
            self.held.extend_from_slice(&bytes);
        }
    }

    fn has_whole_chunk(&self) -> bool {
        self.lengths.get(self.next).is_some_and(|length| self.held.len() >= *length)
    }

    fn take_chunk(&mut self) -> Chunk {
        let rest = self.held.split_off(self.lengths[self.next]);
        let sealed = std::mem::replace(&mut self.held, rest);
        let members = opened(&self.key, self.next as u32, &sealed);
        self.next += 1;
        Chunk { sealed, members }
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

#[cfg(test)]
mod tests;
