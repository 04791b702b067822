//! The till without a network.
//!
//! A lane needs three things: the root key, the trust list that it signs, and the store's own ledger. With these it
//! verifies a voucher, takes it within caps, writes that down before it says so, and uploads it when the network is back.
//!
//! What this does not do: prevent two lanes that are both offline, each with a ledger of its own, from taking the same
//! coupon. That is detected at the upload, booked to the store as a conflict, and bounded by the caps. Nor does it look at a
//! coupon's state at the server: a coupon that was voided or redeemed online is detected in the same way.
//!
//! In reading order:
//! - [`caps`]: how much a lane may take, decided purely
//! - [`entry`], [`ledger`]: what was taken, on a disk that may lose its power
//! - [`till`]: all of it together
//! - [`online`]: redeeming at the server
//! - [`upload`]: what goes to the server afterwards, and what it says

pub mod caps;
pub mod entry;
pub mod ledger;
pub mod online;
pub mod till;
pub mod upload;

pub use caps::{Caps, Outage, Refused};
pub use entry::{Entry, Taken};
pub use ledger::{Ledger, LedgerError};
pub use online::Coupon;
pub use till::{Till, TillError};
