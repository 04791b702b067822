//! Where the feeds of waiting phones stand, read for all of them at once.

use guidebook_domain::DeviceId;
use guidebook_wire::CursorRecord;
use uuid::Uuid;

use super::Result;

/// Where what a device has to pull stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedPosition {
    /// The device.
    pub device: DeviceId,
    /// Whether it may sync: neither its guide's time has ended nor was it revoked.
    pub active: bool,
    /// The epoch of its retailer.
    pub epoch: Uuid,
    /// The newest positions.
    pub newest: CursorRecord,
}

/// Rows for those who wait.
pub trait LiveTx {
    /// Where the feeds of these devices stand, in one statement, however many they are; in no order. One that is not
    /// known is left out.
    fn feed_positions(&mut self, devices: &[DeviceId]) -> Result<Vec<FeedPosition>>;
}
