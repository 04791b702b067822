//! Whether typed text finds a name.
//!
//! The text is laid over the name from any of its characters on. Each character takes up one step of the text:
//! itself, a whole reading of it, the first letter of a reading (`z` of `zhang`) or its `zh`, `ch`, `sh`; the last
//! one may also take the beginning of a reading. So whatever a text finds, each beginning of that text finds too.
//!
//! All ways are followed at once: bit p of a state says that the text up to p is used up. What a spelling does
//! to a state is worked out once a query, so that a name costs a few operations a reading.

use std::ops::Range;

use zeroize::Zeroizing;

use super::encoded_name::{BARRIER, READING, occurring, starting};

/// As much of a text as is looked at, in characters; what follows is ignored.
pub(super) const LONGEST_PATTERN: usize = 60;

/// A text to find names by. What it holds is wiped on drop.
pub(super) struct NamePattern {
    required: u64,
    complete: u64,
    /// Where in the text each ASCII character stands.
    ascii: Zeroizing<[u64; 128]>,
    /// Where in the text each other character stands.
    wide: Zeroizing<Vec<(u32, u64)>>,
    spellings: Vec<Steps>,
}

/// The positions of the text from which a spelling may take a step.
#[derive(Clone, Copy, Default)]
struct Steps {
    one: u64,
    two: u64,
    whole: u64,
    length: u32,
    /// Where the rest of the text is a beginning of the spelling.
    to_the_end: u64,
}

impl NamePattern {
    /// Prepares a text with what does not count already left out; `None` if nothing is left of it.
    pub fn new(text: &[char], spellings: &[&'static str]) -> Option<Self> {
        let text = &text[..text.len().min(LONGEST_PATTERN)];
        let &first = text.first()?;
        let mut pattern = NamePattern {
            required: text.iter().map(|&c| occurring(c)).fold(starting(first), |all, one| all | one),
            complete: 1 << text.len(),
            ascii: Zeroizing::new([0; 128]),
            wide: Zeroizing::new(Vec::with_capacity(text.len())),
            spellings: spellings.iter().map(|spelling| Steps::of(spelling, text)).collect(),
        };
        for (at, &character) in text.iter().enumerate() {
            if character.is_ascii() {
                pattern.ascii[character as usize] |= 1 << at;
            } else {
                pattern.wide.push((u32::from(character), 1 << at));
            }
        }
        Some(pattern)
    }

    /// Whether a name with this mask is worth a look.
    pub fn may_match(&self, mask: u64) -> bool {
        mask & self.required == self.required
    }

    /// Whether the text is found in an [`EncodedName`](super::encoded_name::EncodedName)'s items.
    pub fn matches(&self, items: &[u32]) -> bool {
        let (mut state, mut next) = (1, 0);
        for &item in items {
            if item & READING != 0 {
                let steps = &self.spellings[(item & !READING) as usize];
                if state & steps.to_the_end != 0 {
                    return true;
                }
                next |= steps.from(state);
            } else if item == BARRIER {
                next = 0;
            } else {
                state = next | 1;
                next = (state & self.positions(item)) << 1;
                if next & self.complete != 0 {
                    return true;
                }
            }
        }
        false
    }

    /// The characters of the items that the text takes up, from the first on from which it is found.
    pub fn find(&self, items: &[u32]) -> Option<Range<usize>> {
        let characters = items.iter().filter(|&&item| item & READING == 0).count();
        (0..characters).find_map(|start| self.end_from(items, start).map(|end| start..end))
    }

    /// As [`matches`](Self::matches), laid over the character `start` only: the number of characters up to the end.
    fn end_from(&self, items: &[u32], start: usize) -> Option<usize> {
        let (mut state, mut next, mut seen) = (0, 0, 0);
        for &item in items {
            if item & READING != 0 {
                let steps = &self.spellings[(item & !READING) as usize];
                if state & steps.to_the_end != 0 {
                    return Some(seen);
                }
                next |= steps.from(state);
                continue;
            }
            state = next | u64::from(seen == start);
            seen += 1;
            next = (state & self.positions(item)) << 1;
            if next & self.complete != 0 {
                return Some(seen);
            }
        }
        None
    }

    fn positions(&self, character: u32) -> u64 {
        match self.ascii.get(character as usize) {
            Some(&positions) => positions,
            None => self.wide.iter().filter(|(c, _)| *c == character).fold(0, |all, (_, one)| all | one),
        }
    }
}

impl Steps {
    fn of(spelling: &'static str, text: &[char]) -> Self {
        let mut steps = Steps { length: spelling.len() as u32, ..Steps::default() };
        let hisses = ["zh", "ch", "sh"].iter().any(|two| spelling.starts_with(two));
        for at in 0..text.len() {
            let common = spelling.chars().zip(&text[at..]).take_while(|(a, b)| a == *b).count();
            if common == 0 {
                continue;
            }
            let here = 1 << at;
            steps.one |= here;
            steps.two |= if common >= 2 && hisses { here } else { 0 };
            steps.whole |= if common == spelling.len() { here } else { 0 };
            steps.to_the_end |= if at + common == text.len() { here } else { 0 };
        }
        steps
    }

    /// Where the text has come to when one step was taken from each position of `state`.
    fn from(&self, state: u64) -> u64 {
        (state & self.one) << 1 | (state & self.two) << 2 | (state & self.whole) << self.length
    }
}
