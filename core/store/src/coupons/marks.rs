//! High-water marks: up to which turn the codes of a campaign have been given out. They lie outside of the book, in the
//! phone's Keystore or Keychain, because a book that is brought back from a backup, or copied to another phone, would
//! bring an older figure along and give the same codes out again.

use std::collections::BTreeMap;
use std::sync::Arc;

use guidebook_domain::{CampaignId, MarkId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Store, StoreError};

/// The place of the marks did not answer: then nothing is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the marks cannot be reached")]
pub struct NoMarks;

/// Where the marks of one book lie: each a name and a number that only rises.
pub trait Marks: Send + Sync {
    /// All marks, by name. Empty where none was ever made; an error where that cannot be told.
    fn load(&self) -> Result<BTreeMap<String, u64>, NoMarks>;

    /// Raises a mark, or makes it. When this returns, it is kept, whatever happens to the process or the book. `false`
    /// where the mark was as high already: then somebody else has given that turn out.
    fn raise(&self, name: &str, mark: u64) -> Result<bool, NoMarks>;
}

/// The marks of a book as last seen: what raising them is tried against. A stale copy does no harm, for a mark that is
/// higher by now is not raised, and is read again.
#[derive(Default)]
pub(crate) struct KnownMarks {
    place: Option<Arc<dyn Marks>>,
    seen: Option<Seen>,
}

struct Seen {
    id: MarkId,
    turns: BTreeMap<String, u64>,
}

/// Digits of the name of a mark of a campaign's value; the id of all marks has 32.
const NAME_DIGITS: usize = 16;

impl KnownMarks {
    /// The id under which these marks were begun. Grants are bound to it: a book whose marks are gone, or are another
    /// phone's, gives out nothing of what it was granted before. Made at the first call.
    pub fn id(&mut self) -> Result<MarkId, NoMarks> {
        self.seen().map(|seen| seen.id)
    }

    /// The highest turn of a campaign's value that was given out; 0 for none.
    pub fn turn(&mut self, campaign: &CampaignId, value: u32) -> Result<u64, NoMarks> {
        Ok(self.seen()?.turns.get(&name(campaign, value)).copied().unwrap_or(0))
    }

    /// Moves a mark up to `turn`. `false` where it is there already.
    pub fn raise(&mut self, campaign: &CampaignId, value: u32, turn: u64) -> Result<bool, NoMarks> {
        let name = name(campaign, value);
        let place = self.place.clone().ok_or(NoMarks)?;
        // Whatever comes of it, what was seen before is not to be relied upon.
        let Some(mut seen) = self.seen.take() else { return Err(NoMarks) };
        if place.raise(&name, turn)? {
            seen.turns.insert(name, turn);
            self.seen = Some(seen);
            return Ok(true);
        }
        Ok(false)
    }

    fn seen(&mut self) -> Result<&Seen, NoMarks> {
        if self.seen.is_none() {
            let place = self.place.clone().ok_or(NoMarks)?;
            self.seen = Some(read(&*place)?);
        }
        self.seen.as_ref().ok_or(NoMarks)
    }
}

/// What lies there. The id is the first by name, so that two that were begun at once become one.
fn read(place: &dyn Marks) -> Result<Seen, NoMarks> {
    let id_of = |marks: &BTreeMap<String, u64>| marks.keys().find_map(|name| Uuid::try_parse(name).ok()).map(MarkId::from_uuid);
    let mut turns = place.load()?;
    if id_of(&turns).is_none() {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| NoMarks)?;
        place.raise(&uuid::Builder::from_random_bytes(random).into_uuid().simple().to_string(), 1)?;
        turns = place.load()?;
    }
    // One that does not keep what it was given keeps no mark either.
    let id = id_of(&turns).ok_or(NoMarks)?;
    Ok(Seen { id, turns })
}

/// A name of one length for whatever a campaign is called, in digits and small letters.
fn name(campaign: &CampaignId, value: u32) -> String {
    let mut hash = Sha256::new();
    hash.update(b"guidebook.mark.v1\0");
    hash.update(campaign.as_str());
    hash.update(b"\0");
    hash.update(value.to_be_bytes());
    let digits = hash.finalize().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.take(NAME_DIGITS).map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])).collect()
}

impl Store {
    /// Says where the marks of this book lie. Without them nothing is given out.
    pub fn keep_marks_in(&mut self, place: Arc<dyn Marks>) {
        self.marks = KnownMarks { place: Some(place), seen: None };
    }
}

impl From<NoMarks> for StoreError {
    fn from(_: NoMarks) -> Self {
        StoreError::NoMarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_keeps_its_name() {
        // A mark that were found no more would begin at 0 again.
        assert_eq!(name(&CampaignId::new("C1").unwrap(), 5_000), "7ce629ff6d72ecab");
    }
}
