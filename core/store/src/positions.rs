//! At which position of the feed each member lies, and the sums that the server has of the same.

use std::collections::HashMap;

use guidebook_domain::MemberId;
use guidebook_wire::slices::{SliceSums, slice_of};

/// Positions by member. One at 0 was never told by a server, and counts in no sum.
#[derive(Default)]
pub(crate) struct Positions {
    of: HashMap<MemberId, u64>,
    sums: SliceSums,
}

impl Positions {
    /// A member is at `position`.
    pub fn set(&mut self, id: &MemberId, position: u64) {
        match self.of.get_mut(id) {
            Some(held) if *held == position => return,
            Some(held) => {
                let before = std::mem::replace(held, position);
                if before > 0 {
                    self.sums.take(id, before);
                }
            }
            None => drop(self.of.insert(id.clone(), position)),
        }
        if position > 0 {
            self.sums.add(id, position);
        }
    }

    /// A member is gone.
    pub fn remove(&mut self, id: &MemberId) {
        if let Some(before) = self.of.remove(id).filter(|before| *before > 0) {
            self.sums.take(id, before);
        }
    }

    /// Whether the book has this member.
    pub fn holds(&self, id: &MemberId) -> bool {
        self.of.contains_key(id)
    }

    /// The sums.
    pub fn sums(&self) -> &SliceSums {
        &self.sums
    }

    /// The members that lie in these slices.
    pub fn in_slices(&self, slices: &[u8]) -> Vec<MemberId> {
        if slices.is_empty() {
            return Vec::new();
        }
        self.of.keys().filter(|id| slices.contains(&slice_of(id))).cloned().collect()
    }
}
