//! The store's own ledger: a file that is only ever appended to, each line on the disk before anybody hears of it.
//!
//! Each line is `CHECK JSON`: the first eight hexadecimal digits of SHA-256 over the line before's check and this line's JSON. So a
//! line that was altered, taken out or put elsewhere is noticed, and so is a last line that a loss of power has torn, which
//! is cut off: nobody heard of it. Lanes of one machine or disk may share the file, which is locked while it is read and
//! written; then a coupon taken by one is refused by the other.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use sha2::{Digest as _, Sha256};

use crate::Entry;

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The disk.
    #[error("the ledger cannot be read or written")]
    Disk(#[from] io::Error),
    /// A line is not what was written. Nothing is taken until somebody has looked at it.
    #[error("line {line} of the ledger was altered")]
    Altered {
        /// Which, from 1 on.
        line: usize,
    },
}

/// The file.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
}

/// What was read, and where the next line goes. The file is locked as long as this lives.
#[derive(Debug)]
pub struct Open {
    file: File,
    entries: Vec<Entry>,
    check: String,
}

impl Ledger {
    /// The ledger at `path`; a file that is not there begins with the first entry.
    pub fn at(path: impl AsRef<Path>) -> Self {
        Ledger { path: path.as_ref().to_owned() }
    }

    /// Locks and reads it.
    pub fn open(&self) -> Result<Open, LedgerError> {
        let is_new = !self.path.exists();
        let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&self.path)?;
        flock(&file, FlockOperation::LockExclusive).map_err(io::Error::from)?;
        if is_new && let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            file.set_len(whole as u64)?;
            file.sync_all()?;
            file.seek(SeekFrom::End(0))?;
        }
        let (entries, check) = read(&text[..whole])?;
        Ok(Open { file, entries, check })
    }
}

fn read(text: &[u8]) -> Result<(Vec<Entry>, String), LedgerError> {
    let mut entries = Vec::new();
    let mut check = String::new();
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty()) {
        let altered = || LedgerError::Altered { line: number + 1 };
        let line = std::str::from_utf8(line).map_err(|_| altered())?;
        let (told, json) = line.split_once(' ').ok_or_else(altered)?;
        check = check_of(&check, json);
        if told != check {
            return Err(altered());
        }
        entries.push(serde_json::from_str(json).map_err(|_| altered())?);
    }
    Ok((entries, check))
}

fn check_of(before: &str, json: &str) -> String {
    let hash = Sha256::new().chain_update(before).chain_update(json).finalize();
    hash[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Open {
    /// All entries, oldest first.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Appends an entry; on the disk when this returns.
    pub fn append(&mut self, entry: Entry) -> Result<(), LedgerError> {
        let json = serde_json::to_string(&entry).map_err(io::Error::from)?;
        let check = check_of(&self.check, &json);
        self.file.write_all(format!("{check} {json}\n").as_bytes())?;
        self.file.sync_data()?;
        self.check = check;
        self.entries.push(entry);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(at_ms: u64) -> Entry {
        Entry::Contact { lane: "1".into(), at_ms }
    }

    fn a_ledger(folder: &tempfile::TempDir, entries: u64) -> Ledger {
        let ledger = Ledger::at(folder.path().join("ledger"));
        let mut open = ledger.open().unwrap();
        (1..=entries).for_each(|n| open.append(contact(n)).unwrap());
        ledger
    }

    #[test]
    fn what_was_appended_is_there_when_it_is_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = a_ledger(&folder, 3);
        ledger.open().unwrap().append(contact(4)).unwrap();
        assert_eq!(ledger.open().unwrap().entries(), [1, 2, 3, 4].map(contact));
    }

    #[test]
    fn a_line_torn_anywhere_is_cut_off_and_those_before_it_stand() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = a_ledger(&folder, 2);
        let whole = std::fs::read(&ledger.path).unwrap();
        let first = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
        for torn in first..whole.len() {
            std::fs::write(&ledger.path, &whole[..torn]).unwrap();
            let mut open = ledger.open().unwrap();
            assert_eq!(open.entries(), [contact(1)], "{torn}");
            open.append(contact(9)).unwrap();
            drop(open);
            assert_eq!(ledger.open().unwrap().entries(), [contact(1), contact(9)]);
        }
    }

    #[test]
    fn a_line_altered_or_taken_out_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let ledger = a_ledger(&folder, 3);
        let whole = std::fs::read_to_string(&ledger.path).unwrap();
        let lines: Vec<&str> = whole.lines().collect();
        let altered = whole.replacen("\"at_ms\":2", "\"at_ms\":3", 1);
        let without = format!("{}\n{}\n", lines[0], lines[2]);
        for text in [altered, without] {
            std::fs::write(&ledger.path, text).unwrap();
            assert!(matches!(ledger.open(), Err(LedgerError::Altered { line: 2 })));
        }
    }
}
