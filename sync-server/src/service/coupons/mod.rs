//! Coupons on the server's side: what HQ mints, what a phone is leased, and what becomes of it.
//!
//! Codes are derived from a secret that is not in the database ([`secret`]), so a dump of it holds none. A phone gets codes
//! within its round ([`granting`]) and tells of them in operations ([`issues`]); tills are in [`super::till`], what HQ does in
//! [`crate::hq::campaigns`].
//!
//! In reading order: [`secret`], [`keys`], [`minting`], [`granting`], [`issues`], [`books`], [`reclaim`].

pub mod books;
pub mod granting;
pub mod issues;
pub mod keys;
pub mod minting;
pub mod reclaim;
pub mod secret;

pub use secret::CouponSecret;

#[cfg(test)]
pub(crate) mod tests;
