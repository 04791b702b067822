//! One line that tells whether two books hold the same tags and notes.

use std::collections::BTreeSet;

use guidebook_domain::{Catalogue, MemberId, MemberState, OperationId, TagId};
use sha2::{Digest, Sha256};

/// A digest over members, added in the order of their ids. Covers the tags that a member carries today (HQ's, not
/// personal ones) and the notes that stand.
#[derive(Clone, Default)]
pub struct BookDigest(Sha256);

impl BookDigest {
    /// Adds a member. Call in ascending order of `id`.
    pub fn add(&mut self, id: &MemberId, tags: &BTreeSet<TagId>, notes: &BTreeSet<OperationId>) {
        self.0.update(b"m");
        self.0.update(id.as_str());
        for tag in tags.iter().filter(|t| !t.is_personal()) {
            self.0.update(b"\0t");
            self.0.update(tag.as_str());
        }
        for note in notes {
            self.0.update(b"\0n");
            self.0.update(note.uuid().as_bytes());
        }
        self.0.update(b"\n");
    }

    /// Adds a member from her state. Call in ascending order of `id`.
    pub fn add_state(&mut self, id: &MemberId, state: &MemberState, catalogue: &Catalogue) {
        self.add(id, &catalogue.carried(state), &state.standing_notes().map(|(id, _)| id).collect());
    }

    /// The digest, 16 hexadecimal digits.
    pub fn finish(self) -> String {
        self.0.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_or_a_note_more_is_another_digest() {
        let id = MemberId::new("M1").unwrap();
        let digest = |tags: &[&str], notes: &[u64]| {
            let mut digest = BookDigest::default();
            let tags = tags.iter().map(|t| TagId::new(*t).unwrap()).collect();
            digest.add(&id, &tags, &notes.iter().map(|n| OperationId::from_time(*n, [0; 10])).collect());
            digest.finish()
        };
        assert_eq!(digest(&["a"], &[1]), digest(&["a", "p.G1.x"], &[1]));
        assert_ne!(digest(&["a"], &[1]), digest(&["b"], &[1]));
        assert_ne!(digest(&["a"], &[1]), digest(&["a"], &[]));
        assert_eq!(digest(&[], &[]).len(), 16);
    }
}
