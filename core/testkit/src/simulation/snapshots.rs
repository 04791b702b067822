//! A phone fetches a snapshot, chunk by chunk; the network may break it off, and the phone die at a chunk.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_server::error::ServiceError;
use guidebook_server::service::snapshot;
use guidebook_store::{StoreError, failpoint};
use guidebook_wire::ErrorCode;
use guidebook_wire::snapshot::{SnapshotMember, open_chunk, read_chunk};

use super::world::{World, text};

/// Fetches what is left of the snapshot that a phone waits for, at most so many chunks. `kills`: it may die meanwhile.
pub fn fetch(world: &mut World, phone: usize, most: usize, kills: bool) -> Result<(), String> {
    for _ in 0..most {
        let Some((members, is_last)) = next_chunk(world, phone)? else { return Ok(()) };
        let kill = (kills && world.chance.percent(10)).then(|| world.chance.below(2) as u32);
        let wall_ms = world.wall_ms(phone);
        failpoint::arm(kill);
        let taken = world.phones[phone].book_mut().absorb_chunk(members.clone(), wall_ms);
        failpoint::arm(None);
        match taken {
            Ok(_) => world.phones[phone].model.took_chunk(&members, is_last),
            Err(StoreError::OnRequest(at)) => {
                if at.ends_with("after_commit") {
                    world.phones[phone].model.took_chunk(&members, is_last);
                }
                world.phones[phone].restart(|_, _| ());
                return Ok(());
            }
            Err(StoreError::Full) => return Ok(()),
            Err(other) => return Err(text(other)),
        }
    }
    Ok(())
}

/// The members of the next chunk, and whether it is the last; none where no snapshot is waited for, or the server has it
/// no more.
fn next_chunk(world: &World, phone: usize) -> Result<Option<(Vec<SnapshotMember>, bool)>, String> {
    let Some(incoming) = world.phones[phone].book().incoming() else { return Ok(None) };
    let (record, next) = (&incoming.record, incoming.next as usize);
    let from: u64 = record.chunks[..next].iter().map(|chunk| u64::from(chunk.bytes)).sum();
    let (bytes, _) = match snapshot::bytes(&world.db, &record.name, from) {
        Err(ServiceError::Refused(refused)) if refused.code == ErrorCode::NotFound => return Ok(None),
        other => other.map_err(text)?,
    };
    let key: [u8; 32] = URL_SAFE_NO_PAD.decode(&record.key).map_err(text)?.try_into().map_err(|_| "a key of another length")?;
    let sealed = bytes.get(..record.chunks[next].bytes as usize).ok_or("a snapshot that is too short")?;
    let chunk = open_chunk(&key, incoming.next, sealed).map_err(text)?;
    Ok(Some((read_chunk(&chunk).map_err(text)?, next + 1 == record.chunks.len())))
}
