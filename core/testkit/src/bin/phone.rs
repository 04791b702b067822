//! A phone as a process: reads commands from its standard input, one JSON object a line, and answers each with a line.
//!
//! `phone DIRECTORY` keeps the book below `DIRECTORY/book` its key in `DIRECTORY/key-…` and its marks in `DIRECTORY/marks-…`.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use guidebook_core::request::OpenRequest;
use guidebook_core::{Guidebook, WallClock};
use guidebook_testkit::phone_command::{Command, obey};
use guidebook_testkit::vault::{FileMarks, FileVault};
use serde_json::json;

#[derive(Default)]
struct WrongClock {
    ahead_ms: AtomicI64,
}

impl WallClock for WrongClock {
    fn now_ms(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as u64);
        now.saturating_add_signed(self.ahead_ms.load(Ordering::SeqCst))
    }
}

fn main() {
    let directory = PathBuf::from(std::env::args().nth(1).expect("usage: phone DIRECTORY"));
    let clock = Arc::new(WrongClock::default());
    let vault = Arc::new(FileVault::at(directory.join("key")));
    let request = OpenRequest { directory: directory.join("book").to_string_lossy().into_owned(), book: None };
    let marks = Arc::new(FileMarks::at(directory.join("marks")));
    let book = Guidebook::open(request, vault, Some(clock.clone()), Some(marks)).expect("the book's folder can be made");
    for line in std::io::stdin().lock().lines() {
        let command: Command = serde_json::from_str(&line.expect("standard input")).expect("a command");
        if let Command::Clock { ahead_ms } = command {
            clock.ahead_ms.store(ahead_ms, Ordering::SeqCst);
        }
        let answer = match obey(&book, command) {
            Ok(value) => json!({"ok": value}),
            Err(error) => json!({"error": format!("{error:?}")}),
        };
        println!("{answer}");
        std::io::stdout().flush().expect("standard output");
    }
}
