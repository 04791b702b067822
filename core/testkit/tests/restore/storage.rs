//! A backup of the server's database, and how it is put back.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use guidebook_testkit::server_process::CONFIG_FILE;

/// The database of the server whose data lies in `data`, and its backup.
pub struct Storage {
    data: PathBuf,
    /// Where PostgreSQL has the database; none for a file.
    url: Option<String>,
}

/// Where the tests' PostgreSQL is, if there is one.
pub fn postgres() -> Option<String> {
    let url = std::env::var("GUIDEBOOK_TEST_POSTGRES").ok();
    if url.is_none() {
        eprintln!("skipped: GUIDEBOOK_TEST_POSTGRES is not set, see sync-server/tests/with-postgres.sh");
    }
    url
}

impl Storage {
    /// A file in the data directory.
    pub fn file(data: &Path) -> Storage {
        Storage { data: data.to_owned(), url: None }
    }

    /// A fresh database of PostgreSQL.
    pub fn postgres(data: &Path) -> Storage {
        let storage = Storage { data: data.to_owned(), url: Some(fresh_database("before")) };
        storage.configure();
        storage
    }

    /// Copies the database beside the running server.
    pub fn back_up(&self) {
        match &self.url {
            None => {
                let conn = rusqlite::Connection::open(self.data.join("guidebook.db")).unwrap();
                conn.execute("VACUUM INTO ?1", [self.backup().to_str().unwrap()]).unwrap();
            }
            Some(url) => run(Command::new("pg_dump").arg("-Fc").arg("-f").arg(self.backup()).arg(url)),
        }
    }

    /// Puts the copy back while no server runs: in the file's place, or into a fresh database.
    pub fn put_back(&mut self) {
        match &mut self.url {
            None => {
                // What lies beside the old file belongs to the old file.
                for name in ["guidebook.db", "guidebook.db-wal", "guidebook.db-shm"] {
                    let _ = std::fs::remove_file(self.data.join(name));
                }
                std::fs::copy(self.backup(), self.data.join("guidebook.db")).unwrap();
            }
            Some(url) => {
                *url = fresh_database("after");
                let url = url.clone();
                self.configure();
                run(Command::new("pg_restore").arg("--exit-on-error").arg("-d").arg(url).arg(self.backup()));
            }
        }
    }

    fn backup(&self) -> PathBuf {
        self.data.join("backup")
    }

    fn configure(&self) {
        std::fs::create_dir_all(&self.data).unwrap();
        let url = self.url.as_deref().unwrap_or_default();
        std::fs::write(self.data.join(CONFIG_FILE), format!("database = \"{url}\"\n")).unwrap();
    }
}

/// The address of an empty database beside the tests' own.
fn fresh_database(name: &str) -> String {
    let url = postgres().unwrap();
    let name = format!("restore_{}_{name}", std::process::id());
    run(Command::new("psql").arg("-q").arg(&url).arg("-c").arg(format!("CREATE DATABASE {name}")));
    let (server, _) = url.rsplit_once('/').unwrap();
    format!("{server}/{name}")
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
