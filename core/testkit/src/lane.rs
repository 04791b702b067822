//! A lane of a store: `guidebook-till` as a process, once for each command.

use std::path::{Path, PathBuf};
use std::process::Command as Process;

use serde_json::Value;

use crate::phone::beside_this_program;

/// A lane.
pub struct Lane {
    directory: PathBuf,
}

impl Lane {
    /// Sets a lane up in `directory`, which speaks to `server` as the terminal that HQ was answered with.
    pub fn set_up(directory: &Path, server: &str, terminal: &Value) -> Result<Lane, String> {
        let text = |name: &str| terminal[name].as_str().ok_or_else(|| format!("the terminal has no {name}"));
        let lane = Lane { directory: directory.to_owned() };
        let (root, name, key, store) = (text("root")?, text("name")?, text("secret")?, terminal["store_number"].to_string());
        lane.tell(&["init", "--root", root, "--store", &store, "--lane", name, "--server", server, "--key", key])?;
        Ok(lane)
    }

    /// Runs `guidebook-till` with these words: the line that it prints, or the one by which it fails.
    pub fn tell(&self, words: &[&str]) -> Result<String, String> {
        let mut process = Process::new(Lane::program()?);
        let output = process.arg("--dir").arg(&self.directory).args(words).output().map_err(|e| e.to_string())?;
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    /// Follows the server to another address.
    pub fn move_to(&mut self, server: &str) -> Result<(), String> {
        self.tell(&["connect", "--server", server]).map(|_| ())
    }

    /// Where the lane keeps its settings and its ledger.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// `guidebook-till`.
    pub fn program() -> Result<PathBuf, String> {
        beside_this_program("guidebook-till").map_err(|e| e.to_string())
    }
}
