//! At which position of the feed each member lies, and the sums that the server has of the same.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use guidebook_domain::MemberId;
use guidebook_wire::slices::{Share, SliceSums, slice_of};

/// Positions by member. One at 0 was never told by a server.
#[derive(Default)]
pub(crate) struct Positions {
    of: HashMap<MemberId, Place>,
    /// Of those whom a server has told of.
    sums: SliceSums,
    /// The others.
    untold: BTreeSet<MemberId>,
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
            self.untold.remove(id);
        } else {
            self.untold.insert(id.clone());
        }
    }

    /// A member is gone.
    pub fn remove(&mut self, id: &MemberId) {
        match self.of.remove(id) {
            Some(before) if before.position > 0 => self.sums.take_share(before.share),
            Some(_) | None => drop(self.untold.remove(id)),
        }
    }

    /// Whether the book has this member.
    pub fn holds(&self, id: &MemberId) -> bool {
        self.of.contains_key(id)
    }

    /// The sums. Those whom no server has told of count, at a position that no server gives, unless `unsent` says that none can
    /// have: the server then sends the slices in which they lie, and whom it does not count goes.
    pub fn sums(&self, unsent: impl Fn(&MemberId) -> bool) -> SliceSums {
        let mut sums = self.sums.clone();
        self.untold.iter().filter(|id| !unsent(id)).for_each(|id| sums.add_share(self.of[id].share));
        sums
    }

    /// The members that lie in these slices.
    pub fn in_slices(&self, slices: &[u8]) -> Vec<MemberId> {
        if slices.is_empty() {
            return Vec::new();
        }
        self.of.keys().filter(|id| slices.contains(&slice_of(id))).cloned().collect()
    }
}
