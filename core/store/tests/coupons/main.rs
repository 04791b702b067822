//! Coupons on the phone: no code goes to two members, whatever becomes of the process, the file, the vault and the clock.

#![allow(clippy::unwrap_used)]

mod asking;
mod copies;
mod counter;
mod issuing;
#[cfg(feature = "failpoints")]
mod kills;
mod ledger;
mod surrendering;
