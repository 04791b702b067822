//! Who sends a round and how far her feed has come: all that a round in which nothing changed looks at, in one read.

use guidebook_domain::DeviceId;

use super::Result;
use super::devices::Device;
use super::directory::{Guide, Tenant};
use super::feeds::FeedHead;
use super::secrets::Hash;

/// A device with everything around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its retailer.
    pub tenant: Tenant,
    /// Its guide.
    pub guide: Guide,
    /// The device.
    pub device: Device,
    /// How far the guide's feed has come.
    pub head: FeedHead,
}

/// Reading it. Nothing is locked, so whoever writes reads what it writes by itself, row by row.
pub trait StandingTx {
    /// A device by its id.
    fn standing(&mut self, device: DeviceId) -> Result<Option<Standing>>;
    /// A device by its access token, and when that ends, Unix milliseconds.
    fn standing_of_session(&mut self, hash: &Hash) -> Result<Option<(Standing, u64)>>;
}
