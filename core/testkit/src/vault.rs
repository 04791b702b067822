//! Keys and marks in files, in the place of Keystore and Keychain.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use guidebook_core::{KeyVault, KeyVaultError, MarkVault};

/// Keeps the key of book `b` in the file `path-b`. For tests: a file protects nothing.
pub struct FileVault {
    path: PathBuf,
}

impl FileVault {
    /// The vault in `path`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        FileVault { path: path.into() }
    }

    fn file(&self, book: &str) -> PathBuf {
        let mut file = self.path.clone().into_os_string();
        file.push(format!("-{book}"));
        file.into()
    }
}

impl KeyVault for FileVault {
    fn load(&self, book: String) -> Result<Option<Vec<u8>>, KeyVaultError> {
        match std::fs::read(self.file(&book)) {
            Ok(key) => Ok(Some(key)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(KeyVaultError::Unavailable),
        }
    }

    fn save(&self, book: String, key: Vec<u8>) -> Result<(), KeyVaultError> {
        std::fs::write(self.file(&book), key).map_err(|_| KeyVaultError::Unavailable)
    }

    fn erase(&self, book: String) -> Result<(), KeyVaultError> {
        match std::fs::remove_file(self.file(&book)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(KeyVaultError::Unavailable),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// Keeps the marks of book `b` in the file `path-b`, durably. For tests: it outlives a book that is brought back, and is lost
/// with a disk.
pub struct FileMarks {
    path: PathBuf,
    turns: Mutex<()>,
}

impl FileMarks {
    /// The marks in `path`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        FileMarks { path: path.into(), turns: Mutex::default() }
    }

    fn file(&self, book: &str) -> PathBuf {
        let mut file = self.path.clone().into_os_string();
        file.push(format!("-{book}"));
        file.into()
    }

    fn read(&self, book: &str) -> Result<HashMap<String, u64>, KeyVaultError> {
        match std::fs::read(self.file(book)) {
            Ok(text) => serde_json::from_slice(&text).map_err(|_| KeyVaultError::Unavailable),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(HashMap::new()),
            Err(_) => Err(KeyVaultError::Unavailable),
        }
    }

    /// The whole file beside the old one, on the disk, and then in its place.
    fn write(&self, book: &str, marks: &HashMap<String, u64>) -> std::io::Result<()> {
        let half = self.file(&format!("{book}.half"));
        let mut file = File::create(&half)?;
        file.write_all(&serde_json::to_vec(marks)?)?;
        file.sync_data()?;
        std::fs::rename(half, self.file(book))
    }
}

impl MarkVault for FileMarks {
    fn load(&self, book: String) -> Result<HashMap<String, u64>, KeyVaultError> {
        self.read(&book)
    }

    fn raise_to(&self, book: String, name: String, mark: u64) -> Result<bool, KeyVaultError> {
        let _turn = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        let mut marks = self.read(&book)?;
        if marks.get(&name).is_some_and(|before| *before >= mark) {
            return Ok(false);
        }
        marks.insert(name, mark);
        self.write(&book, &marks).map_err(|_| KeyVaultError::Unavailable)?;
        Ok(true)
    }

    fn erase(&self, book: String) -> Result<(), KeyVaultError> {
        match std::fs::remove_file(self.file(&book)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(KeyVaultError::Unavailable),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
