//! Snapshots of feeds, as they are sent.

use guidebook_domain::{GuideId, TenantId};
use guidebook_wire::snapshot::SnapshotRecord;

use super::Result;

/// Rows of snapshots.
pub trait SnapshotTx {
    /// The guide's newest snapshot.
    fn newest_snapshot(&mut self, tenant: &TenantId, guide: &GuideId) -> Result<Option<SnapshotRecord>>;
    /// Keeps a snapshot.
    fn put_snapshot(&mut self, tenant: &TenantId, guide: &GuideId, record: &SnapshotRecord, bytes: &[u8], now_ms: u64) -> Result<()>;
    /// Forgets the guide's snapshots that were made before `before_ms`, but for the newest.
    fn drop_snapshots(&mut self, tenant: &TenantId, guide: &GuideId, before_ms: u64) -> Result<()>;
    /// The bytes of a snapshot from `from` to its end, and how long it is in all.
    fn snapshot_bytes(&mut self, name: &str, from: u64) -> Result<Option<(Vec<u8>, u64)>>;
}
