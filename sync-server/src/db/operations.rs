//! Operations with their receipts, and the change log that HQ reads.

use guidebook_domain::{DeviceId, GuideId, Hlc, MemberId, Operation, OperationId, Outcome, TenantId};
use serde_json::Value;

use super::Result;

/// An operation as it was judged: the receipt that a resend gets, and what undoing a merge replays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredOperation {
    /// Its identity.
    pub id: OperationId,
    /// The device that sent it.
    pub device: DeviceId,
    /// The member whom it was sent to.
    pub sent_to: Option<MemberId>,
    /// The stamp that it was sent with.
    pub sent_hlc: Hlc,
    /// The operation with today's member, tag and stamp; none if it was not understood.
    pub operation: Option<Operation>,
    /// What became of it.
    pub outcome: Outcome,
    /// The position of the guide's feed at which its effect is to be seen.
    pub position: u64,
    /// When it came, Unix milliseconds.
    pub received_ms: u64,
}

/// A line of the change log.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Its place, counted from 1. To add one: the least place that it may get.
    pub seq: u64,
    /// When, by the server, Unix milliseconds.
    pub at_ms: u64,
    /// When, by the device, Unix milliseconds.
    pub device_ms: Option<u64>,
    /// On which device.
    pub device: DeviceId,
    /// By whom; [`GuideId::hq`] for HQ.
    pub guide: GuideId,
    /// By which operation.
    pub op: Option<OperationId>,
    /// On whom.
    pub member: Option<MemberId>,
    /// What: `tag`, `note`, `handover`, `import`, …
    pub kind: String,
    /// The edit, or what else there is to say.
    pub detail: Value,
    /// `applied`, `superseded`, `redirected` or `refused`.
    pub outcome: String,
}

/// Rows of operations and of the change log.
pub trait OperationTx {
    /// An operation that was judged.
    fn operation(&mut self, tenant: &TenantId, id: OperationId) -> Result<Option<StoredOperation>>;
    /// Adds an operation.
    fn put_operation(&mut self, tenant: &TenantId, operation: &StoredOperation) -> Result<()>;
    /// The operations that were sent to this very id, by id.
    fn operations_sent_to(&mut self, tenant: &TenantId, member: &MemberId) -> Result<Vec<StoredOperation>>;
    /// Adds a line to the change log; its `seq` is given by the storage, in the order of commits, and is no less than asked for.
    fn log(&mut self, tenant: &TenantId, change: &Change) -> Result<()>;
    /// The newest line.
    fn newest_change(&mut self, tenant: &TenantId) -> Result<Option<Change>>;
    /// Lines after `after`, at most `limit`.
    fn changes_after(&mut self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Change>>;
}
