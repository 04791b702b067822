//! Where the codes of a campaign are. Whatever happens: free + leased + issued + reserved + redeemed + void = minted.

use serde::{Deserialize, Serialize};

/// How many codes of a campaign lie where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Buckets {
    /// All of them: the budget in count.
    pub minted: u64,
    /// With HQ.
    pub free: u64,
    /// Leased to a device, which has not said anything of them.
    pub leased: u64,
    /// Given to a member.
    pub issued: u64,
    /// Held for a customer at a till.
    pub reserved: u64,
    /// Used.
    pub redeemed: u64,
    /// Voided before they were handed over.
    pub void: u64,
}

/// One of the places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bucket {
    /// With HQ.
    Free,
    /// Leased to a device.
    Leased,
    /// Given to a member.
    Issued,
    /// Held at a till.
    Reserved,
    /// Used.
    Redeemed,
    /// Voided.
    Void,
}

/// Where a code is that a till holds or that is over. A leased one may be in a customer's hands already: the event that
/// says so has just not arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// With a device.
    Leased,
    /// With a member.
    Issued,
}

/// What may happen to codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// HQ raises the budget.
    Mint,
    /// HQ lowers it, by what is free.
    Retire,
    /// A device leases them.
    Grant,
    /// A device says that it has given them out.
    Issue,
    /// A device signs that it gives them back, unused.
    Surrender,
    /// Their last day is over: they go back to the budget.
    Expire(Held),
    /// They were taken back before they were handed over.
    Void(Held),
    /// A till holds them.
    Reserve(Held),
    /// The till lets go of them.
    Release(Held),
    /// The till has used them.
    Commit,
    /// The sale was undone: the customer has them again.
    Reverse,
}

/// A move of more codes than there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are not so many codes")]
pub struct MoveError;

impl Move {
    /// From where to where; none stands for outside.
    pub fn ends(self) -> (Option<Bucket>, Option<Bucket>) {
        let (from, to) = match self {
            Move::Mint => return (None, Some(Bucket::Free)),
            Move::Retire => return (Some(Bucket::Free), None),
            Move::Grant => (Bucket::Free, Bucket::Leased),
            Move::Issue => (Bucket::Leased, Bucket::Issued),
            Move::Surrender => (Bucket::Leased, Bucket::Free),
            Move::Expire(held) => (held.bucket(), Bucket::Free),
            Move::Void(held) => (held.bucket(), Bucket::Void),
            Move::Reserve(held) => (held.bucket(), Bucket::Reserved),
            Move::Release(held) => (Bucket::Reserved, held.bucket()),
            Move::Commit => (Bucket::Reserved, Bucket::Redeemed),
            Move::Reverse => (Bucket::Redeemed, Bucket::Issued),
        };
        (Some(from), Some(to))
    }
}

impl Held {
    fn bucket(self) -> Bucket {
        match self {
            Held::Leased => Bucket::Leased,
            Held::Issued => Bucket::Issued,
        }
    }
}

impl Buckets {
    /// After `count` codes have made a move.
    pub fn after(mut self, step: Move, count: u64) -> Result<Self, MoveError> {
        let (from, to) = step.ends();
        match from {
            Some(from) => *self.at(from) = self.at(from).checked_sub(count).ok_or(MoveError)?,
            None => self.minted = self.minted.checked_add(count).ok_or(MoveError)?,
        }
        match to {
            Some(to) => *self.at(to) = self.at(to).checked_add(count).ok_or(MoveError)?,
            None => self.minted = self.minted.checked_sub(count).ok_or(MoveError)?,
        }
        Ok(self)
    }

    /// Whether they add up.
    pub fn add_up(&self) -> bool {
        let parts = [self.free, self.leased, self.issued, self.reserved, self.redeemed, self.void];
        parts.iter().try_fold(0u64, |sum, part| sum.checked_add(*part)) == Some(self.minted)
    }

    fn at(&mut self, bucket: Bucket) -> &mut u64 {
        match bucket {
            Bucket::Free => &mut self.free,
            Bucket::Leased => &mut self.leased,
            Bucket::Issued => &mut self.issued,
            Bucket::Reserved => &mut self.reserved,
            Bucket::Redeemed => &mut self.redeemed,
            Bucket::Void => &mut self.void,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MOVES: [Move; 15] = [
        Move::Mint,
        Move::Retire,
        Move::Grant,
        Move::Issue,
        Move::Surrender,
        Move::Expire(Held::Leased),
        Move::Expire(Held::Issued),
        Move::Void(Held::Leased),
        Move::Void(Held::Issued),
        Move::Reserve(Held::Leased),
        Move::Reserve(Held::Issued),
        Move::Release(Held::Leased),
        Move::Release(Held::Issued),
        Move::Commit,
        Move::Reverse,
    ];

    #[test]
    fn a_coupon_goes_its_way() {
        let mut buckets = Buckets::default();
        for (step, count) in [(Move::Mint, 300), (Move::Grant, 100), (Move::Issue, 3), (Move::Reserve(Held::Issued), 1), (Move::Commit, 1)]
        {
            buckets = buckets.after(step, count).unwrap();
        }
        assert_eq!(buckets, Buckets { minted: 300, free: 200, leased: 97, issued: 2, reserved: 0, redeemed: 1, void: 0 });
        assert_eq!(buckets.after(Move::Retire, 201), Err(MoveError));
        assert_eq!(buckets.after(Move::Commit, 1), Err(MoveError));
        assert_eq!(buckets.after(Move::Mint, u64::MAX), Err(MoveError));
    }

    proptest! {
        #[test]
        fn whatever_happens_they_add_up(steps in proptest::collection::vec((0usize..MOVES.len(), 0u64..50), 0..200)) {
            let mut buckets = Buckets::default().after(Move::Mint, 300).unwrap();
            for (step, count) in steps {
                buckets = buckets.after(MOVES[step], count).unwrap_or(buckets);
                prop_assert!(buckets.add_up(), "{:?}", buckets);
            }
        }
    }
}
