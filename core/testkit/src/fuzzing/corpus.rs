//! The kept inputs: `core/fuzz/corpus/<target>/`, one file an input.

use std::io::Result;
use std::path::{Path, PathBuf};

use super::Target;

/// Where the corpus of `target` lies in the repository.
pub fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(target.name)
}

/// The inputs of `target`, in the order of their names.
pub fn inputs(target: &Target) -> Result<Vec<Vec<u8>>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(target))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    files.sort();
    files.iter().map(std::fs::read).collect()
}
