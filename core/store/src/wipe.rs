//! Removing a book. Its key goes first, which is the facade's part: from then on the files are noise. A mark beside the
//! book says that it is to go, so that a wipe that was cut short is known as one and finished at the next opening; a book
//! without a key and without a mark may be one whose key store only failed to answer, and is left alone.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::failpoint;

/// The file of the book in its folder; SQLite adds others beside it.
pub const BOOK_FILE: &str = "book.db";
const MARK: &str = "wiping";

/// The book's files, each with the failpoint before it.
const FILES: [(&str, &str); 4] = [
    (BOOK_FILE, "store.wipe.before_book"),
    ("book.db-wal", "store.wipe.before_log"),
    ("book.db-shm", "store.wipe.before_shared_memory"),
    ("book.db-journal", "store.wipe.before_journal"),
];

/// Marks the book in `folder` as one to be wiped. On a full disk it may stay unmarked: whoever wipes goes on all the same.
pub fn mark(folder: &Path) -> Result<(), Error> {
    std::fs::File::create(folder.join(MARK))?.sync_all()
}

/// Whether the book in `folder` is to be wiped.
pub fn is_marked(folder: &Path) -> bool {
    folder.join(MARK).exists()
}

/// Removes the book in `folder`, then the mark, then the folder, if it is empty. Can be repeated at any point.
pub fn remove_files(folder: &Path) -> Result<(), Error> {
    for (file, before) in FILES {
        stop(before)?;
        gone(std::fs::remove_file(folder.join(file)))?;
    }
    stop("store.wipe.before_mark")?;
    gone(std::fs::remove_file(folder.join(MARK)))?;
    stop("store.wipe.before_folder")?;
    match std::fs::remove_dir(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound && error.kind() != ErrorKind::DirectoryNotEmpty => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn gone(removed: Result<(), Error>) -> Result<(), Error> {
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn stop(name: &'static str) -> Result<(), Error> {
    failpoint::hit(name).map_err(Error::other)
}
