//! A key store in a file, in the place of Keystore and Keychain.

use std::path::PathBuf;

use guidebook_core::{KeyVault, KeyVaultError};

/// Keeps the key in the file `path`. For tests: a file protects nothing.
pub struct FileVault {
    path: PathBuf,
}

impl FileVault {
    /// The vault in `path`.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        FileVault { path: path.into() }
    }
}

impl KeyVault for FileVault {
    fn load(&self) -> Result<Option<Vec<u8>>, KeyVaultError> {
        match std::fs::read(&self.path) {
            Ok(key) => Ok(Some(key)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(_) => Err(KeyVaultError::Unavailable),
        }
    }

    fn save(&self, key: Vec<u8>) -> Result<(), KeyVaultError> {
        std::fs::write(&self.path, key).map_err(|_| KeyVaultError::Unavailable)
    }

    fn erase(&self) -> Result<(), KeyVaultError> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(KeyVaultError::Unavailable),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}
