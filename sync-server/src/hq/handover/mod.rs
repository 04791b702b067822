//! Members passed on from one guide to another (在职继承, 离职继承), one by one or by whole guide.
//!
//! A handover is accepted, waits for its time, and is settled: the member is the taker's then, unless the customer
//! refused or something has come between. Until that moment nothing changes on the job: the giver serves the member, the
//! taker does not see her. A giver who leaves has left at once and her phones forget; her members stay bound to her name,
//! seen and edited by nobody, until they are settled.
//!
//! Time is taken in one place: [`settle::settle_due`]. The server calls it again and again, and before each call of HQ that
//! reads or makes handovers.
//!
//! In reading order: [`desk`] (judges one member), [`request`] (a call), [`job`] (all members of a guide, in batches),
//! [`settle`] (what becomes of one), [`status`] (what HQ reads).

pub mod desk;
pub mod job;
pub mod request;
pub mod settle;
pub mod status;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod world_tests;

pub use request::{Effective, HandoverReport, HandoverRequest, RefusedMember, hand_over};
