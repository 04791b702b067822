//! The books of one phone: one folder a book, under a random name. Two guides who share a phone have two books, each
//! with a key, a file and a memory of its own. Which guide a book belongs to is sealed in it: a shell that lets guides
//! choose keeps a label beside the name.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::editing::malformed;
use crate::{GuidebookError, InvalidReason};

/// The file that says which book was used last.
const LAST_USED: &str = "last-used";
/// Names are hexadecimal digits of so many random bytes.
const NAME_BYTES: usize = 8;

/// The names of the books in a folder, that of the book used last first.
///
/// Errors: `StorageFault`.
#[uniffi::export]
pub fn books(directory: String) -> Result<Vec<String>, GuidebookError> {
    names(Path::new(&directory))
}

/// Makes a place for another book in a folder, and returns its name: for a second guide on the phone.
///
/// Errors: `StorageFull`, `StorageFault`.
#[uniffi::export]
pub fn make_book(directory: String) -> Result<String, GuidebookError> {
    let mut random = [0; NAME_BYTES];
    getrandom::fill(&mut random).map_err(|_| GuidebookError::StorageFault)?;
    let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    fs::create_dir_all(Path::new(&directory).join(&name)).map_err(fault)?;
    Ok(name)
}

/// A book's place: its name and its folder.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    shelf: PathBuf,
    pub name: String,
}

impl Place {
    /// The place of the book that is asked for: by its name, else the one used last, else the first.
    pub fn find(directory: &str, name: Option<String>) -> Result<Self, GuidebookError> {
        let shelf = PathBuf::from(directory);
        let name = match name {
            Some(name) if !is_name(&name) => return Err(malformed("book")),
            Some(name) if !shelf.join(&name).is_dir() => return Err(GuidebookError::invalid("book", InvalidReason::Unknown)),
            Some(name) => name,
            None => match names(&shelf)?.into_iter().next() {
                Some(name) => name,
                None => make_book(directory.to_owned())?,
            },
        };
        Ok(Place { shelf, name })
    }

    /// The folder of the book.
    pub fn folder(&self) -> PathBuf {
        self.shelf.join(&self.name)
    }

    /// Where this book lies among others.
    pub fn directory(&self) -> String {
        self.shelf.to_string_lossy().into_owned()
    }

    /// Makes the folder again, after a wipe.
    pub fn make(&self) -> Result<(), GuidebookError> {
        fs::create_dir_all(self.folder()).map_err(fault)
    }

    /// Remembers that this book was used last. Only a comfort, so that a failure is passed over.
    pub fn used(&self) {
        let _ = fs::write(self.shelf.join(LAST_USED), &self.name);
    }

    /// Forgets that this book was ever used.
    pub fn forgotten(&self) {
        let file = self.shelf.join(LAST_USED);
        if fs::read_to_string(&file).is_ok_and(|last| last == self.name) {
            let _ = fs::remove_file(file);
        }
    }
}

fn names(shelf: &Path) -> Result<Vec<String>, GuidebookError> {
    let entries = match fs::read_dir(shelf) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(fault)?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(fault)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_name(&name) && entry.path().is_dir() {
            names.push(name);
        }
    }
    let last = fs::read_to_string(shelf.join(LAST_USED)).unwrap_or_default();
    names.sort_by_key(|name| (*name != last, name.clone()));
    Ok(names)
}

fn is_name(name: &str) -> bool {
    name.len() == 2 * NAME_BYTES && name.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The error for a fault of the disk.
pub(crate) fn fault(error: std::io::Error) -> GuidebookError {
    if error.kind() == ErrorKind::StorageFull { GuidebookError::StorageFull } else { GuidebookError::StorageFault }
}
