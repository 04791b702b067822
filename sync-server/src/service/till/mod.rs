//! Tills: what a coupon is worth, and that it is worth it once.
//!
//! A till shows its own secret, made by HQ for one store ([`terminals`]). It reserves a code for 15 minutes, commits or reverses, each call under
//! an idempotency key ([`calls`]); what it may do is decided by a pure function ([`decide`]). One conditional update of the code
//! and one unique row of the ledger make the redemption, in one transaction with the answer. What a till took without a network
//! it uploads ([`offline`]). How often a till may ask, and err, is [`conduct`].

pub mod calls;
pub mod conduct;
pub mod decide;
pub mod offline;
pub mod terminals;

#[cfg(test)]
mod load_tests;
#[cfg(test)]
mod tests;
