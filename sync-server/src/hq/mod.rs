//! What only HQ may do, as synchronous functions like those of [`crate::service`].
//!
//! In reading order: [`assign`] and [`handover`] (who serves whom), [`terms`] (until when), [`tags`], [`unmerge`], [`devices`],
//! [`campaigns`], [`levels`] (of guides),
//! what HQ reads: [`export`] (members), [`tell`] (the change log), [`coupon_report`], [`digest`] (whether a phone holds what it must), and
//! [`upkeep`] (what the server does by itself). Everything HQ does itself stands in the change log too.

pub mod assign;
pub mod campaigns;
pub mod coupon_report;
pub mod devices;
pub mod digest;
pub mod export;
pub mod handover;
pub mod levels;
pub mod tags;
pub mod tell;
pub mod terms;
pub mod unmerge;
pub mod upkeep;

#[cfg(test)]
mod tests;
