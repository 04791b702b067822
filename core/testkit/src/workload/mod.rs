//! A retailer of any size, for measuring: the same files as the department store's export, made from a seed.
//!
//! A member's record is about 690 bytes of JSON on the wire, as a retailer's is: a full profile, one to three tags,
//! a few purchases. The same spec gives the same bytes. Names and numbers belong to nobody.
//!
//! In reading order:
//! - [`member`]: one member, by her number
//! - [`order`]: one order, by its number
//! - [`files`]: the files of the whole retailer

pub mod files;
pub mod member;
pub mod order;

use crate::simulation::chance::Chance;

/// The most members whom the default gives to one guide.
const MOST_FOR_ONE: u32 = 20_000;
/// How many members a guide has where there are more (a large chain's usual figure).
const USUAL: u32 = 500;

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workload {
    /// Members.
    pub members: u32,
    /// Orders, spread over members at random.
    pub orders: u32,
    /// Guides; members are dealt out in turn.
    pub guides: u32,
    /// Decides all that is random.
    pub seed: u64,
}

impl Workload {
    /// One order a member; one guide up to 20,000 members, then one for every 500.
    pub fn of(members: u32, seed: u64) -> Self {
        let guides = if members <= MOST_FOR_ONE { 1 } else { members.div_ceil(USUAL) };
        Workload { members, orders: members, guides, seed }
    }

    /// The number of the guide who serves member `n`.
    pub fn guide_of(&self, n: u32) -> String {
        guide(n % self.guides)
    }

    /// The stream that decides row `n` of a table, independent of all other rows.
    fn chance(&self, table: u64, n: u32) -> Chance {
        let mut mixed = Chance::new(self.seed ^ (table << 56) ^ u64::from(n));
        Chance::new(mixed.number())
    }
}

/// The staff number of guide `n`.
pub fn guide(n: u32) -> String {
    format!("G{n:05}")
}
