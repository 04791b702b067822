//! A phone process, from outside.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command as Process, Stdio};

use serde_json::Value;

use crate::phone_command::Command;

/// A running phone.
pub struct Phone {
    directory: PathBuf,
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Phone {
    /// Starts a phone whose book lies in `directory`. `failpoint`: where it is to abort, if anywhere; what it then says
    /// goes to `directory/stderr`.
    pub fn start(directory: &Path, failpoint: Option<&str>) -> std::io::Result<Phone> {
        std::fs::create_dir_all(directory)?;
        let mut process = Process::new(beside_this_program("phone")?);
        process.arg(directory).stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some(name) = failpoint {
            process.env("GUIDEBOOK_FAILPOINT", name).stderr(std::fs::File::create(directory.join("stderr"))?);
        }
        let mut child = process.spawn()?;
        let to = child.stdin.take().expect("piped");
        let from = BufReader::new(child.stdout.take().expect("piped"));
        Ok(Phone { directory: directory.to_owned(), child, to, from })
    }

    /// Gives a command and reads its answer. `Err` holds the error's variant, or `gone` if the process ended.
    pub fn tell(&mut self, command: &Command) -> Result<Value, String> {
        let gone = |_| "gone".to_owned();
        let line = serde_json::to_string(command).expect("a command is JSON");
        writeln!(self.to, "{line}").map_err(gone)?;
        self.to.flush().map_err(gone)?;
        let mut answer = String::new();
        if self.from.read_line(&mut answer).map_err(gone)? == 0 {
            return Err("gone".to_owned());
        }
        let mut answer: Value = serde_json::from_str(&answer).map_err(|_| "not an answer".to_owned())?;
        match answer["error"].as_str() {
            Some(error) => Err(error.to_owned()),
            None => Ok(answer["ok"].take()),
        }
    }

    /// Ends the process; its files stay.
    pub fn stop(&mut self) -> std::io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(|_| ())
    }

    /// SIGKILL, and a start from the same files.
    pub fn kill_and_restart(&mut self) -> std::io::Result<()> {
        self.stop()?;
        *self = Phone::start(&self.directory.clone(), None)?;
        Ok(())
    }

    /// The process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Where the phone keeps its files.
    pub fn directory(&self) -> &Path {
        &self.directory
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program that was built together with this one. Tests run from a folder below.
pub fn beside_this_program(name: &str) -> std::io::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let found = here.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.ok_or_else(|| std::io::Error::other(format!("{name} was not built beside this program")))
}
