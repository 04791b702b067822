//! Chance. Only `http` and `main` ask for it; everything below gets it as an argument.

use crate::error::ServerError;

/// Random bytes of the operating system.
pub fn random<const N: usize>() -> Result<[u8; N], ServerError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| ServerError::Io(std::io::Error::other("no randomness")))?;
    Ok(bytes)
}
