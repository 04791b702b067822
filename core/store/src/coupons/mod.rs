//! Coupons on the phone: codes that HQ has leased to it, given out without a network, each at most once.
//!
//! Which coupon may go to whom, what a grant says and what is signed is left to `guidebook-domain`. Here lies where the codes
//! are, and the order of writes on which all depends: the mark outside of the book, then the book, then the coupon is seen.
//!
//! In reading order:
//! - [`marks`]: up to which turn codes are out, kept outside of the book
//! - [`pool`]: codes and coupons as rows
//! - [`state`]: whose signatures count; the chain of events; the clock
//! - [`asking`], [`granting`]: asking for codes, taking them in
//! - [`issue`]: giving one out
//! - [`ledger`]: own coupons, handing over, taking back
//! - [`surrender`]: giving back what was not used

mod asking;
pub(crate) mod granting;
mod issue;
mod ledger;
pub mod marks;
pub(crate) mod pool;
pub(crate) mod state;
mod surrender;

pub use ledger::{CouponEntry, CouponState, Left, Voucher};
