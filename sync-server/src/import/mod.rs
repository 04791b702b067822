//! HQ's files: read row by row, checked against the database, applied in batches.
//!
//! The same file twice changes nothing, and a kill in the middle leaves whole batches, so that it can be run again.
//! In reading order: [`read`] (bytes to rows), [`report`], [`run`] (a file in batches), [`batch`], [`learned`], [`directory`], [`tags`],
//! [`member`], [`hq_tags`], [`order`] (one row each).

pub mod batch;
pub mod directory;
pub mod hq_tags;
pub mod learned;
pub mod member;
pub mod order;
pub mod read;
pub mod report;
pub mod run;
pub mod tags;

#[cfg(test)]
mod learned_tests;
#[cfg(test)]
mod tests;

pub use order::count_purchases;
pub use report::ImportReport;
pub use run::{import_dir, import_file};
