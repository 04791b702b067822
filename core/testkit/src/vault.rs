//! A key store in a file, in the place of Keystore and Keychain.

use std::path::PathBuf;

use guidebook_core::{KeyVault, KeyVaultError};

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
