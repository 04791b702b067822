//! A retailer with its server and phones.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use guidebook_core::edit_view::SyncReport;
use guidebook_core::request::{ListRequest, MemberOrder, OpenRequest};
use guidebook_core::{BookChange, BookObserver, Guidebook, GuidebookError};
use tempfile::TempDir;

use super::Failure;
use crate::headquarters::Headquarters;
use crate::phone_command::{Command, obey};
use crate::server_process::ServerProcess;
use crate::vault::FileVault;
use crate::workload::{Workload, files, guide};

/// A retailer, imported, and a server that was started afterwards, so that its memory knows nothing of the import.
pub struct Stage {
    /// The running server.
    pub server: ServerProcess,
    /// HQ's side of it.
    pub hq: Headquarters,
    /// HQ's key.
    pub hq_key: String,
    /// What was imported.
    pub workload: Workload,
    folder: TempDir,
    phones: AtomicU32,
}

impl Stage {
    /// The retailer of `workload`, each member as `change` leaves her.
    pub fn of(workload: Workload, change: impl Fn(&mut crate::workload::member::MemberLine)) -> Result<Stage, Failure> {
        let folder = tempfile::tempdir()?;
        let (files, data) = (folder.path().join("files"), folder.path().join("server"));
        workload.write(&files)?;
        std::fs::write(files.join("members.csv"), workload.members_csv(0..workload.members, change))?;
        let hq_key = ServerProcess::init(&data)?;
        ServerProcess::import(&data, &files)?;
        let server = ServerProcess::start(&data, None)?;
        let hq = Headquarters::at(&server.address(), &hq_key);
        Ok(Stage { server, hq, hq_key, workload, folder, phones: AtomicU32::new(0) })
    }

    /// A folder that nobody has yet.
    pub fn fresh_folder(&self) -> PathBuf {
        let n = self.phones.fetch_add(1, Ordering::SeqCst);
        self.folder.path().join(format!("phone-{n}"))
    }

    /// A phone of guide `n`, enrolled at `address` and not yet synced.
    pub fn phone(&self, address: &str, n: u32) -> Result<BenchPhone, Failure> {
        let folder = self.fresh_folder();
        let request = OpenRequest { directory: folder.join("book").to_string_lossy().into_owned(), book: None };
        std::fs::create_dir_all(&folder)?;
        let book = Guidebook::open(request, Arc::new(FileVault::at(folder.join("key"))), None, None)?;
        let phone = BenchPhone { book };
        let code = self.hq.code_for(&guide(n))?;
        phone.tell(Command::Enrol { server: address.to_owned(), code, device_name: "bench".to_owned() })?;
        Ok(phone)
    }

    /// HQ imports members `0..count` anew, each as `change` leaves her.
    pub fn import_members(&self, count: u32, change: impl Fn(&mut crate::workload::member::MemberLine)) -> Result<(), Failure> {
        let report = self.hq.import_bytes("members", self.workload.members_csv(0..count, change).into_bytes())?;
        let refused = report["refused_count"].as_u64();
        if refused == Some(0) { Ok(()) } else { Err(format!("{refused:?} rows were refused").into()) }
    }

    /// Where the shared files of an export lie.
    pub fn shared_files(&self) -> [PathBuf; 4] {
        files::SHARED.map(|file| self.folder.path().join("files").join(file))
    }
}

/// The phone core, as a shell has it.
pub struct BenchPhone {
    /// The book.
    pub book: Arc<Guidebook>,
}

impl BenchPhone {
    /// Does a command.
    pub fn tell(&self, command: Command) -> Result<serde_json::Value, GuidebookError> {
        obey(&self.book, command)
    }

    /// A whole round, and how long it took.
    pub fn sync(&self) -> Result<(SyncReport, Duration), GuidebookError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers");
        let began = Instant::now();
        let report = runtime.block_on(self.book.sync_now())?;
        Ok((report, began.elapsed()))
    }

    /// Syncs, and tries again as often as the network breaks. Returns the number of attempts.
    pub fn sync_until_done(&self, most: u32) -> Result<u32, Failure> {
        for attempt in 1..=most {
            match self.sync() {
                Ok(_) => return Ok(attempt),
                Err(GuidebookError::Offline) => {}
                Err(other) => return Err(format!("{other:?}").into()),
            }
        }
        Err(format!("not done after {most} attempts").into())
    }

    /// How many members a list shows.
    pub fn listed(&self) -> Result<u32, GuidebookError> {
        let request = ListRequest {
            text: String::new(),
            tags: String::new(),
            order: MemberOrder::Recent,
            offset: 0,
            limit: 50,
            birthday_within_days: None,
            follow_up_due: false,
        };
        Ok(self.book.list(request)?.total)
    }

    /// Watches from now on for the moment at which a list shows `count` members.
    pub fn watch_for(&self, count: u32) -> Arc<FirstListed> {
        let watch = Arc::new(FirstListed { began: Instant::now(), count, book: Arc::downgrade(&self.book), after: Mutex::new(None) });
        self.book.observe(Some(watch.clone()));
        watch
    }
}

/// Hears of changes until the list shows enough members.
pub struct FirstListed {
    began: Instant,
    count: u32,
    book: std::sync::Weak<Guidebook>,
    after: Mutex<Option<Duration>>,
}

impl FirstListed {
    /// How long it took, if it has come.
    pub fn after(&self) -> Option<Duration> {
        *self.after.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BookObserver for FirstListed {
    fn changed(&self, change: BookChange) {
        let mut after = self.after.lock().unwrap_or_else(PoisonError::into_inner);
        if after.is_some() || !matches!(change, BookChange::Members { .. }) {
            return;
        }
        let Some(book) = self.book.upgrade() else { return };
        let listed = BenchPhone { book }.listed();
        *after = listed.is_ok_and(|total| total >= self.count).then(|| self.began.elapsed());
    }
}
