//! At which position of the feed each member lies, and the sums that the server has of the same.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use guidebook_domain::MemberId;
use guidebook_wire::slices::{Share, SliceSums, slice_of};

/// Positions by member. One at 0 was never told by a server, and counts in no sum.
#[derive(Default)]
pub(crate) struct Positions {
    of: HashMap<MemberId, Place>,
    sums: SliceSums,
}

/// A position, and what it adds to the sums: kept, for making it anew takes two hashes.
struct Place {
    position: u64,
    share: Share,
}

impl Positions {
    /// A member is at `position`.
    pub fn set(&mut self, id: &MemberId, position: u64) {
        let place = match self.of.entry(id.clone()) {
            Entry::Occupied(held) if held.get().position == position => return,
            Entry::Occupied(held) => {
                let place = held.into_mut();
                if place.position > 0 {
                    self.sums.take_share(place.share);
                }
                *place = Place { position, share: place.share.moved(id, position) };
                place
            }
            Entry::Vacant(empty) => empty.insert(Place { position, share: Share::of(id, position) }),
        };
        if position > 0 {
            self.sums.add_share(place.share);
        }
    }

    /// A member is gone.
    pub fn remove(&mut self, id: &MemberId) {
        if let Some(before) = self.of.remove(id).filter(|before| before.position > 0) {
            self.sums.take_share(before.share);
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
