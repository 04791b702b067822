//! What lies in the memory of a process, as a core dump of it would show: every page that it may write.

use std::fs::File;
use std::io::{BufRead, BufReader, Error, Result};
use std::os::unix::fs::FileExt;

/// Pages are read so many bytes at a time.
const AT_ONCE: usize = 1 << 20;

/// Of these words, those that lie in the memory of the process `pid`, as bytes that are next to each other.
pub fn words_in(pid: u32, words: &[Vec<u8>]) -> Result<Vec<Vec<u8>>> {
    let longest = words.iter().map(Vec::len).max().unwrap_or(0);
    if words.iter().any(|word| word.len() < PREFIX) {
        return Err(Error::other("a word is too short to be looked for"));
    }
    let mut by_prefix: Vec<(&[u8], &Vec<u8>)> = words.iter().map(|word| (&word[..PREFIX], word)).collect();
    by_prefix.sort();
    let firsts: Vec<bool> = (0..=u16::MAX).map(|two| words.iter().any(|word| word[..2] == two.to_be_bytes())).collect();
    let memory = File::open(format!("/proc/{pid}/mem"))?;
    let mut found = std::collections::BTreeSet::new();
    for (begin, end) in writable(pid)? {
        let (mut at, mut held) = (begin, Vec::new());
        while at < end {
            let mut page = vec![0; AT_ONCE.min((end - at) as usize)];
            // A page that is gone by now, or that the kernel keeps to itself.
            let Ok(read @ 1..) = memory.read_at(&mut page, at) else { break };
            at += read as u64;
            held.extend_from_slice(&page[..read]);
            for n in 0..held.len().saturating_sub(PREFIX) {
                if firsts[usize::from(u16::from_be_bytes([held[n], held[n + 1]]))] {
                    let first = by_prefix.partition_point(|(prefix, _)| *prefix < &held[n..n + PREFIX]);
                    let alike = by_prefix[first..].iter().take_while(|(prefix, _)| *prefix == &held[n..n + PREFIX]);
                    found.extend(alike.filter(|(_, word)| held[n..].starts_with(word)).map(|(_, word)| (*word).clone()));
                }
            }
            // A word may lie across the seam.
            held.drain(..held.len().saturating_sub(longest));
        }
    }
    Ok(found.into_iter().collect())
}

/// Words are sorted by so many bytes.
const PREFIX: usize = 6;

fn writable(pid: u32) -> Result<Vec<(u64, u64)>> {
    let mut found = Vec::new();
    for line in BufReader::new(File::open(format!("/proc/{pid}/maps"))?).lines() {
        let line = line?;
        let mut columns = line.split_whitespace();
        let (range, rights) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let ends = range.split_once('-').and_then(|(a, b)| Some((u64::from_str_radix(a, 16).ok()?, u64::from_str_radix(b, 16).ok()?)));
        if let Some(ends) = ends.filter(|_| rights.starts_with("rw")) {
            found.push(ends);
        }
    }
    Ok(found)
}
