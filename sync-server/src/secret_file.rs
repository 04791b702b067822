//! The server's own secret: 32 random bytes in a file that only its owner may read.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::error::ServerError;
use crate::random::random;
use crate::service::session::ServerSecret;

/// Reads the secret, or makes it at the first start.
pub fn read_or_make(path: &Path) -> Result<ServerSecret, ServerError> {
    match std::fs::read(path) {
        Ok(bytes) => bytes.try_into().map_err(|_| ServerError::Config(format!("{} is not 32 bytes", path.display()))),
        Err(error) if error.kind() == ErrorKind::NotFound => make(path),
        Err(error) => Err(error.into()),
    }
}

/// Reads another secret, if it is there: 32 bytes that only their owner may read.
pub fn read_private(path: &Path) -> Result<Option<[u8; 32]>, ServerError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    only_for_its_owner(path)?;
    let bytes = bytes.try_into().map_err(|_| ServerError::Config(format!("{} is not 32 bytes", path.display())))?;
    Ok(Some(bytes))
}

/// Refuses a file that others may read.
pub fn only_for_its_owner(path: &Path) -> Result<(), ServerError> {
    let metadata = std::fs::metadata(path).map_err(|error| ServerError::Config(format!("{}: {error}", path.display())))?;
    #[cfg(unix)]
    if std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0 {
        return Err(ServerError::Config(format!("{} may be read by others: chmod 600", path.display())));
    }
    Ok(())
}

/// Reads it, or makes it.
pub fn read_private_or_make(path: &Path) -> Result<[u8; 32], ServerError> {
    match read_private(path)? {
        Some(bytes) => Ok(bytes),
        None => make(path),
    }
}

/// Written aside and renamed, so that a kill in between leaves no short secret.
fn make(path: &Path) -> Result<ServerSecret, ServerError> {
    let secret = random()?;
    let aside = path.with_extension("making");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&aside)?;
    file.write_all(&secret)?;
    file.sync_all()?;
    std::fs::rename(aside, path)?;
    Ok(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_made_once_for_its_owner_alone() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("server-secret");
        let first = read_or_make(&path).unwrap();
        assert_eq!(read_or_make(&path).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        assert_eq!(read_private(&path).unwrap(), Some(first));
        assert_eq!(read_private(&dir.path().join("none")).unwrap(), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
            assert!(matches!(read_private(&path), Err(ServerError::Config(_))));
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        std::fs::write(&path, "short").unwrap();
        assert!(read_private(&path).is_err());
        assert!(read_or_make(&path).is_err());
    }
}
