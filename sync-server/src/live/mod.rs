//! Phones that wait for news. Each holds one request open; for all of them together the database is asked once a second
//! where their feeds stand, and at once when this server itself has written something.
//!
//! Nothing depends on it: what a phone has to pull is decided by its next round, and a wake that comes too often or not at
//! all costs a round or a minute, never an edit.
//!
//! In reading order: [`hub`] (who waits, and who is woken), [`stirring`] (what this server writes), [`turns`] (the look at
//! the database).

pub mod hub;
pub mod stirring;
pub mod turns;

pub use hub::{Hub, Woken};
pub use stirring::Stirring;
