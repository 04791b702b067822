//! A guide's whole feed in columns, for a phone that begins: made once, kept, and sent as it lies.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_domain::{GuideId, MemberId, TenantId};
use guidebook_wire::snapshot::{ChunkRecord, SnapshotMember, SnapshotRecord, seal_chunk, write_chunk};
use sha2::{Digest, Sha256};

use super::sizes::SnapshotSizes;
use super::{catalogue, visible};
use crate::db::members::Member;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::{ServerError, ServiceError};

/// How long a snapshot that was replaced is kept for phones that are fetching it, in milliseconds.
const KEPT_MS: u64 = 24 * 3600 * 1000;

/// A snapshot and its bytes.
struct Made {
    record: SnapshotRecord,
    bytes: Vec<u8>,
}

/// The guide's snapshot: the one that is kept, or a new one where that is too old or there is none.
pub fn current(
    db: &dyn Database,
    tenant: &TenantId,
    guide: &GuideId,
    sizes: SnapshotSizes,
    now_ms: u64,
) -> Result<SnapshotRecord, ServiceError> {
    if let Some(kept) = db.reading(|tx| kept(tx, tenant, guide, sizes))? {
        return Ok(kept);
    }
    let Made { record, bytes } = db.reading(|tx| make(tx, tenant, guide, sizes))?;
    db.writing(Write::Snapshot, |tx| {
        tx.drop_snapshots(tenant, guide, now_ms.saturating_sub(KEPT_MS))?;
        Ok::<_, ServiceError>(tx.put_snapshot(tenant, guide, &record, &bytes, now_ms)?)
    })?;
    Ok(record)
}

fn kept(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId, sizes: SnapshotSizes) -> Result<Option<SnapshotRecord>, ServiceError> {
    let Some(newest) = tx.newest_snapshot(tenant, guide)? else { return Ok(None) };
    let most = sizes.fresh_enough.max(newest.members() as usize / 4);
    let since = tx.feed_count_after(tenant, guide, newest.position, most + 1)?;
    Ok(Some(newest).filter(|_| since <= most))
}

fn make(tx: &mut dyn Tx, tenant: &TenantId, guide: &GuideId, sizes: SnapshotSizes) -> Result<Made, ServiceError> {
    let found = tx.guide(tenant, guide)?.ok_or_else(|| ServiceError::not_found("guide"))?;
    let catalogue = catalogue(tx, tenant)?;
    let position = tx.feed_head(tenant, guide)?.position;
    let feed = tx.feed_members(tenant, guide)?;
    let ids: Vec<MemberId> = feed.iter().map(|(_, member)| member.id.clone()).collect();
    let terms = tx.serving_terms(tenant, guide, &ids)?;
    let record = |member: &Member| visible::to_guide(member, terms.get(&member.id).copied(), &found, &catalogue);
    // A member goes as soon as her record is there: all of both at once are twice the memory.
    let mut members: Vec<SnapshotMember> =
        feed.into_iter().map(|(position, member)| SnapshotMember { position, record: record(&member) }).collect();
    members.sort_by_key(|member| std::cmp::Reverse(recency(member)));
    seal(position, &members, sizes)
}

/// The guide's most recent members come first, so that she can work before the rest is there.
fn recency(member: &SnapshotMember) -> (Option<chrono::NaiveDate>, u64) {
    let profile = &member.record.profile;
    (profile.stats.last.max(profile.joined), member.position)
}

/// The key comes from the content: whoever can tell it knows the content already, the same content has the same name on
/// every server, and no two contents share a key.
fn seal(position: u64, members: &[SnapshotMember], sizes: SnapshotSizes) -> Result<Made, ServiceError> {
    let malformed = |_| ServerError::Corrupt("a snapshot");
    let (first, rest) = members.split_at(members.len().min(sizes.first_chunk));
    let parts = std::iter::once(first).chain(rest.chunks(sizes.chunk));
    let chunks = parts.map(|part| Ok((write_chunk(part).map_err(malformed)?, part.len()))).collect::<Result<Vec<_>, ServerError>>()?;
    let mut hash = Sha256::new().chain_update(b"guidebook.snapshot.key.v1\0");
    for (chunk, _) in &chunks {
        hash.update((chunk.len() as u64).to_be_bytes());
        hash.update(chunk);
    }
    let key: [u8; 32] = hash.finalize().into();
    let (mut bytes, mut records) = (Vec::new(), Vec::new());
    for (index, (chunk, members)) in chunks.iter().enumerate() {
        let sealed = seal_chunk(&key, index as u32, chunk).map_err(malformed)?;
        records.push(ChunkRecord { bytes: sealed.len() as u32, members: *members as u32 });
        bytes.extend(sealed);
    }
    let name = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let record = SnapshotRecord { name, position, key: URL_SAFE_NO_PAD.encode(key), chunks: records };
    Ok(Made { record, bytes })
}

/// The bytes of a snapshot from `from` to its end, and its length. Sealed: whoever knows the name may have them.
pub fn bytes(db: &dyn Database, name: &str, from: u64) -> Result<(Vec<u8>, u64), ServiceError> {
    let found = db.reading(|tx| tx.snapshot_bytes(name, from))?;
    found.ok_or_else(|| ServiceError::not_found("snapshot"))
}
