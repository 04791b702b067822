//! Sums by which phone and server see whether they hold the same members at the same positions.
//!
//! A feed is cut into 64 slices by member. A slice's sum adds one number for each member in it, made from her id and
//! the position at which she last changed; adding and taking away keep it up to date, so nobody ever counts it anew.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_domain::MemberId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many slices a feed has.
pub const SLICES: usize = 64;

/// In which slice a member lies.
pub fn slice_of(member: &MemberId) -> u8 {
    Sha256::digest(member.as_str())[0] % SLICES as u8
}

/// What a member at a position adds to her slice.
pub fn weight(member: &MemberId, position: u64) -> u64 {
    let digest = Sha256::new().chain_update(member.as_str()).chain_update(b"\0").chain_update(position.to_be_bytes()).finalize();
    u64::from_be_bytes(digest[..8].try_into().expect("8 of 32 bytes"))
}

/// What a member at a position adds, and where: to be kept by whoever will take it away again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    slice: u8,
    weight: u64,
}

impl Share {
    /// Of a member at `position`.
    pub fn of(member: &MemberId, position: u64) -> Self {
        Share { slice: slice_of(member), weight: weight(member, position) }
    }

    /// Of the same member at another position.
    pub fn moved(self, member: &MemberId, position: u64) -> Self {
        Share { weight: weight(member, position), ..self }
    }
}

/// The sums of all slices. On the wire 512 bytes in base64url.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SliceSums([u64; SLICES]);

/// A text that is not 64 sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {SLICES} sums")]
pub struct SlicesError;

impl Default for SliceSums {
    fn default() -> Self {
        SliceSums([0; SLICES])
    }
}

impl SliceSums {
    /// A member is at `position`.
    pub fn add(&mut self, member: &MemberId, position: u64) {
        self.add_share(Share::of(member, position));
    }

    /// The same, where it is known what that adds.
    pub fn add_share(&mut self, Share { slice, weight }: Share) {
        let sum = &mut self.0[usize::from(slice)];
        *sum = sum.wrapping_add(weight);
    }

    /// A member is at `position` no more.
    pub fn take(&mut self, member: &MemberId, position: u64) {
        self.take_share(Share::of(member, position));
    }

    /// The same, where it is known what that takes away.
    pub fn take_share(&mut self, Share { slice, weight }: Share) {
        let sum = &mut self.0[usize::from(slice)];
        *sum = sum.wrapping_sub(weight);
    }

    /// All slices in one number, as 16 hexadecimal digits.
    pub fn total(&self) -> String {
        let mut hash = Sha256::new();
        self.0.iter().for_each(|sum| hash.update(sum.to_be_bytes()));
        hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The slices that differ.
    pub fn unlike(&self, other: &SliceSums) -> Vec<u8> {
        (0..SLICES).filter(|n| self.0[*n] != other.0[*n]).map(|n| n as u8).collect()
    }

    /// The sums as bytes, for storage.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|sum| sum.to_be_bytes()).collect()
    }

    /// The inverse of [`Self::to_bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SlicesError> {
        if bytes.len() != SLICES * 8 {
            return Err(SlicesError);
        }
        let mut sums = [0; SLICES];
        for (sum, bytes) in sums.iter_mut().zip(bytes.chunks_exact(8)) {
            *sum = u64::from_be_bytes(bytes.try_into().map_err(|_| SlicesError)?);
        }
        Ok(SliceSums(sums))
    }
}

impl TryFrom<String> for SliceSums {
    type Error = SlicesError;

    fn try_from(text: String) -> Result<Self, SlicesError> {
        SliceSums::from_bytes(&URL_SAFE_NO_PAD.decode(text).map_err(|_| SlicesError)?)
    }
}

impl From<SliceSums> for String {
    fn from(sums: SliceSums) -> String {
        URL_SAFE_NO_PAD.encode(sums.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u32) -> MemberId {
        MemberId::new(format!("M{n}")).unwrap()
    }

    #[test]
    fn the_sums_do_not_depend_on_the_way_that_led_there() {
        let (mut there, mut back) = (SliceSums::default(), SliceSums::default());
        (0..500).for_each(|n| there.add(&id(n), n.into()));
        (0..500).rev().for_each(|n| back.add(&id(n), 7));
        assert_eq!(there.unlike(&back).len(), SLICES);
        (0..500).for_each(|n| {
            back.take(&id(n), 7);
            back.add(&id(n), n.into());
        });
        assert_eq!(there, back);
        back.take(&id(3), 3);
        assert_eq!(there.unlike(&back), [slice_of(&id(3))]);
        assert_ne!(there.total(), back.total());
        assert_eq!(SliceSums::try_from(String::from(there.clone())), Ok(there));
    }
}
