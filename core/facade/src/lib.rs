//! The client book as the shells see it. The only crate that knows uniffi; it converts and delegates.
//!
//! Local calls are synchronous and quick (a shell moves them off its main thread); [`Guidebook::sync_now`] and
//! [`Guidebook::enrol`] are asynchronous and run on the core's own runtime, so that a cancelled screen cannot tear a
//! round in half. Rules are `guidebook-domain`'s, storage `guidebook-store`'s, rounds `guidebook-sync`'s.
//!
//! In reading order:
//! - [`shelf`]: the books of one phone
//! - [`guidebook`](Guidebook): opening, unlocking, switching, wiping
//! - [`reading`]: lists, members, tags, edits and their fates
//! - [`editing`]: what a guide does
//! - [`coupons`], [`coupon_view`]: coupons, given out without a network
//! - [`syncing`]: rounds and retries; [`live`]: changes that arrive by themselves
//! - [`request`], [`view`], [`edit_view`]: what goes in and what comes out
//! - [`error`](GuidebookError): at most a dozen things a shell would do differently
//! - [`foreign`]: what the shell lends the core
//! - `wiping_allocator`: nothing that was read stays in memory

uniffi::setup_scaffolding!();

mod boot_clock;
mod coupon_rows;
pub mod coupon_view;
pub mod coupons;
mod edit_rows;
pub mod edit_view;
pub mod editing;
mod error;
pub mod foreign;
mod guidebook;
pub mod live;
pub mod reading;
pub mod request;
pub mod shelf;
pub mod syncing;
pub mod view;
mod wiping_allocator;

pub use error::{GuidebookError, InvalidReason, Topic};
pub use foreign::{BookChange, BookObserver, KeyVault, KeyVaultError, MarkVault, WallClock};
pub use guidebook::Guidebook;
