//! A cheap mutator: a few bytes of an input are changed, cut out, doubled, or replaced by something that parsers trip
//! over. It knows nothing of coverage; the corpus brings it near what matters.

use crate::simulation::chance::Chance;

/// No input grows beyond this, in bytes.
const LONGEST: usize = 4_096;

/// Words that parsers trip over.
const WORDS: [&[u8]; 22] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\0",
    b"null",
    b"-1",
    b"18446744073709551616",
    b"1e999",
    b"\\ud800",
    b"\xEF\xBB\xBF",
    b"\x84\x31\x95\x33",
    b"\xFF\xFF\xFF\xFF",
    "张".as_bytes(),
    "１".as_bytes(),
    b" NOT ",
    b"((((((((((((((((",
    b"[[[[[[[[[[[[[[[[",
];

/// One to four changes of `input`.
pub fn mutated(input: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = input.to_vec();
    for _ in 0..=chance.below(4) {
        change(&mut bytes, chance);
    }
    bytes.truncate(LONGEST);
    bytes
}

fn change(bytes: &mut Vec<u8>, chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    let end = (at + 1 + chance.below(16)).min(bytes.len());
    match chance.below(7) {
        0 if at < bytes.len() => bytes[at] ^= 1 << chance.below(8),
        1 if at < bytes.len() => bytes[at] = chance.number() as u8,
        2 if at < end => drop(bytes.drain(at..end)),
        3 if at < end => {
            let piece = bytes[at..end].to_vec();
            let to = chance.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        4 => bytes.truncate(at),
        5 => bytes.insert(at, chance.number() as u8),
        _ => {
            let word = *chance.pick(&WORDS);
            bytes.splice(at..at, word.iter().copied());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_seed_decides_the_mutations_and_they_differ() {
        let play = |seed| {
            let mut chance = Chance::new(seed);
            (0..200).map(|_| mutated(b"{\"a\":1}", &mut chance)).collect::<Vec<_>>()
        };
        assert_eq!(play(1), play(1));
        assert!(play(1).into_iter().collect::<BTreeSet<_>>().len() > 150);
        assert!(mutated(&[0; 10_000], &mut Chance::new(3)).len() <= LONGEST);
    }
}
