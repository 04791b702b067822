//! The real server as a process.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

use crate::phone::beside_this_program;

/// A server whose data directory holds a file of this name is configured by it.
pub const CONFIG_FILE: &str = "guidebook.toml";

/// A running `guidebook-server` on loopback.
pub struct ServerProcess {
    child: Child,
    port: u16,
    data: PathBuf,
}

impl ServerProcess {
    /// Starts the server on a free port with its database in `data`, and waits until it is ready. `failpoint`: where
    /// it is to abort, if anywhere.
    pub fn start(data: &Path, failpoint: Option<&str>) -> std::io::Result<ServerProcess> {
        std::fs::create_dir_all(data)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let log = std::fs::File::options().create(true).append(true).open(data.join("server.log"))?;
        let mut process = program(data)?;
        process.arg("--listen").arg(format!("127.0.0.1:{port}")).arg("serve");
        process.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        if let Some(name) = failpoint {
            process.env("GUIDEBOOK_FAILPOINT", name);
        }
        let mut server = ServerProcess { child: process.spawn()?, port, data: data.to_owned() };
        server.wait_until_ready()?;
        Ok(server)
    }

    /// Runs `guidebook-server` once with other words, and returns what it prints.
    fn run_once(data: &Path, words: &[&str]) -> std::io::Result<String> {
        std::fs::create_dir_all(data)?;
        let output = program(data)?.args(words).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(std::io::Error::other(format!("guidebook-server {} failed", words.join(" "))));
        }
        String::from_utf8(output.stdout).map_err(std::io::Error::other)
    }

    /// Makes the retailer `rainbow` in `data` and returns HQ's key.
    pub fn init(data: &Path) -> std::io::Result<String> {
        let printed = ServerProcess::run_once(data, &["init", "--tenant", "rainbow"])?;
        ServerProcess::run_once(data, &["keys", "init", "--tenant", "rainbow"])?;
        let key = printed.split_whitespace().find(|word| word.starts_with("gbhq_"));
        key.map(str::to_owned).ok_or_else(|| std::io::Error::other("init printed no key"))
    }

    /// Imports the files of an export that are in `directory` into the retailer in `data`; no server may be needed for it.
    pub fn import(data: &Path, directory: &Path) -> std::io::Result<String> {
        ServerProcess::run_once(data, &["import", &directory.to_string_lossy(), "--tenant", "rainbow"])
    }

    /// Says that the database in `data`, of which no server makes use, was put back from a backup.
    pub fn restored(data: &Path) -> std::io::Result<String> {
        ServerProcess::run_once(data, &["restored", "--tenant", "rainbow"])
    }

    /// The process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The server's address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The server's port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether the process has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        // An aborting process needs a moment to be gone; its connection has broken before.
        std::thread::sleep(Duration::from_millis(100));
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// SIGKILL, and a start from the same database, on another port.
    pub fn kill_and_restart(&mut self) -> std::io::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        *self = ServerProcess::start(&self.data.clone(), None)?;
        Ok(())
    }

    /// Lets the server run on after this program has ended. Returns its process number.
    pub fn leave_running(self) -> u32 {
        let id = self.child.id();
        std::mem::forget(self);
        id
    }

    fn wait_until_ready(&mut self) -> std::io::Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        let ready = format!("{}/ready", self.address());
        while Instant::now() < deadline {
            if reqwest::blocking::get(&ready).is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            if let Some(status) = self.child.try_wait()? {
                let log = std::fs::File::open(self.data.join("server.log"))?;
                let last = BufReader::new(log).lines().map_while(Result::ok).last().unwrap_or_default();
                return Err(std::io::Error::other(format!("the server ended ({status}): {last}")));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(std::io::Error::other("the server was not ready within 30 seconds"))
    }
}

/// The server's program with its data in `data`; what else it is to know may lie there in a file of configuration.
fn program(data: &Path) -> std::io::Result<Process> {
    let mut process = Process::new(beside_this_program("guidebook-server")?);
    process.arg("--data-dir").arg(data);
    if data.join(CONFIG_FILE).is_file() {
        process.arg("--config").arg(data.join(CONFIG_FILE));
    }
    Ok(process)
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
