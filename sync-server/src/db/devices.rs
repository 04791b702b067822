//! Devices.

use guidebook_domain::{DeviceId, GuideId, Hlc, TenantId};
use guidebook_wire::CursorRecord;

use super::Result;

/// What a device may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// Sync.
    Active,
    /// Push once more what was edited until its guide left; then it is revoked.
    Closing {
        /// When she left, Unix milliseconds.
        at_ms: u64,
    },
    /// Nothing.
    Revoked,
}

impl DeviceState {
    /// The state in one word.
    pub fn word(self) -> &'static str {
        match self {
            DeviceState::Active => "active",
            DeviceState::Closing { .. } => "closing",
            DeviceState::Revoked => "revoked",
        }
    }
}

/// A phone under a guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The retailer.
    pub tenant: TenantId,
    /// Its id.
    pub id: DeviceId,
    /// Its guide.
    pub guide: GuideId,
    /// Its Ed25519 key.
    pub public_key: [u8; 32],
    /// What HQ sees it called.
    pub name: String,
    /// What it may do.
    pub state: DeviceState,
    /// When it was enrolled, Unix milliseconds.
    pub enrolled_ms: u64,
    /// When it was last heard of, Unix milliseconds.
    pub last_seen_ms: u64,
    /// The latest stamp under which an edit of its was filed.
    pub last_hlc: Hlc,
    /// The cursor that it came with then.
    pub cursor: CursorRecord,
}

/// Rows of devices.
pub trait DeviceTx {
    /// A device by its random id alone, which finds the tenant.
    fn find_device(&mut self, id: DeviceId) -> Result<Option<Device>>;
    /// A tenant's device.
    fn device(&mut self, tenant: &TenantId, id: DeviceId) -> Result<Option<Device>>;
    /// A tenant's devices, by id; a guide's only, where one is given.
    fn devices(&mut self, tenant: &TenantId, guide: Option<&GuideId>) -> Result<Vec<Device>>;
    /// Adds or replaces a device.
    fn put_device(&mut self, device: &Device) -> Result<()>;
}
