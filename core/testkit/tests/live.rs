//! A book that is live, beside the real server: what changes elsewhere arrives, what is edited goes, nobody asks for it.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use guidebook_core::request::{EnrolRequest, OpenRequest};
use guidebook_core::view::BookState;
use guidebook_core::{BookChange, BookObserver, Guidebook, KeyVault, KeyVaultError};
use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::network::Network;
use guidebook_testkit::server_process::ServerProcess;
use reqwest::Method;
use serde_json::json;

/// What takes a second takes no longer than this on a busy machine.
const SOON: Duration = Duration::from_secs(30);
const GUIDE: &str = "G0001";

#[derive(Default)]
struct Vault(Mutex<Option<Vec<u8>>>);

impl KeyVault for Vault {
    fn load(&self, _: String) -> Result<Option<Vec<u8>>, KeyVaultError> {
        Ok(self.0.lock().unwrap().clone())
    }

    fn save(&self, _: String, key: Vec<u8>) -> Result<(), KeyVaultError> {
        *self.0.lock().unwrap() = Some(key);
        Ok(())
    }

    fn erase(&self, _: String) -> Result<(), KeyVaultError> {
        *self.0.lock().unwrap() = None;
        Ok(())
    }
}

struct Ear(Mutex<Sender<BookChange>>);

impl BookObserver for Ear {
    fn changed(&self, change: BookChange) {
        let _ = self.0.lock().unwrap().send(change);
    }
}

/// A server, its HQ, a network to it, and a phone of [`GUIDE`]'s that has synced and is not live yet.
struct Stage {
    _server: ServerProcess,
    hq: Headquarters,
    address: String,
    network: Network,
    book: Arc<Guidebook>,
    heard: Receiver<BookChange>,
    member: String,
    tag: String,
    _directory: tempfile::TempDir,
}

impl Stage {
    fn set() -> Stage {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("server");
        let key = ServerProcess::init(&data).unwrap();
        let server = ServerProcess::start(&data, None).unwrap();
        let hq = Headquarters::at(&server.address(), &key);
        for file in ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv", "members.csv"] {
            hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file)).unwrap();
        }
        let network = Network::to(server.port()).unwrap();
        let (book, heard) = a_phone(&directory.path().join("phone"), &network.address(), &hq);
        let member = a_member(&book);
        let tag = book.tag_groups().unwrap()[0].tags[0].id.clone();
        Stage { address: server.address(), _server: server, hq, network, book, heard, member, tag, _directory: directory }
    }

    /// Waits until the observer has heard of something, and `seen` is so.
    fn until(&self, what: &str, seen: impl Fn() -> bool) {
        let begun = Instant::now();
        while !seen() {
            let left = SOON.checked_sub(begun.elapsed()).unwrap_or_else(|| panic!("not in time: {what}"));
            let _ = self.heard.recv_timeout(left);
        }
    }

    /// How many phones the server says that wait.
    fn waiting(&self) -> u64 {
        let text = reqwest::blocking::get(format!("{}/metrics", self.address)).unwrap().text().unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("guidebook_live_waiting "));
        line.unwrap().parse().unwrap()
    }

    /// Asks the server until so many wait.
    fn until_waiting(&self, count: u64) {
        let begun = Instant::now();
        while self.waiting() != count {
            assert!(begun.elapsed() < SOON, "{} wait, not {count}", self.waiting());
        }
    }

    fn rename(&self, name: &str) {
        self.hq.send(Method::PATCH, &format!("/hq/v1/tags/{}", self.tag), Some(json!({ "name": name }))).unwrap();
    }

    fn shows(&self, name: &str) -> bool {
        self.book.tag_groups().is_ok_and(|groups| groups.iter().flat_map(|group| &group.tags).any(|tag| tag.name == name))
    }

    fn at_hq(&self, edit: &str) -> bool {
        self.hq.changes().unwrap().iter().any(|change| change["op"] == edit)
    }

    fn sent_all(&self) -> bool {
        self.book.sync_state().is_ok_and(|state| state.waiting == 0)
    }
}

fn a_phone(folder: &Path, address: &str, hq: &Headquarters) -> (Arc<Guidebook>, Receiver<BookChange>) {
    std::fs::create_dir_all(folder).unwrap();
    let request = OpenRequest { directory: folder.to_string_lossy().into_owned(), book: None };
    let book = Guidebook::open(request, Arc::new(Vault::default()), None, None).unwrap();
    let (tell, heard) = channel();
    book.observe(Some(Arc::new(Ear(Mutex::new(tell)))));
    let code = hq.code_for(GUIDE).unwrap();
    wait(book.enrol(EnrolRequest { server: address.to_owned(), code, device_name: "live".into() })).unwrap();
    assert_eq!(wait(book.sync_now()).unwrap().come_back_s, None);
    (book, heard)
}

fn a_member(book: &Guidebook) -> String {
    use guidebook_core::request::{ListRequest, MemberOrder};
    let request = ListRequest {
        text: String::new(),
        tags: String::new(),
        order: MemberOrder::Name,
        offset: 0,
        limit: 1,
        birthday_within_days: None,
        follow_up_due: false,
    };
    book.list(request).unwrap().rows[0].id.clone()
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

#[test]
fn changes_arrive_and_edits_go_by_themselves_while_the_book_is_live() {
    let stage = Stage::set();
    let early = stage.book.write_note(stage.member.clone(), "before".into()).unwrap();
    stage.book.set_live(true);
    stage.until("what waited is sent", || stage.sent_all());
    stage.until_waiting(1);
    stage.rename("live 1");
    stage.until("a tag renamed by HQ", || stage.shows("live 1"));
    stage.until_waiting(1);
    let late = stage.book.write_note(stage.member.clone(), "while live".into()).unwrap();
    stage.until("an edit is sent", || stage.sent_all());
    assert!(stage.at_hq(&early) && stage.at_hq(&late));
    // A colleague's phone, of the same guide, edits: that arrives as well.
    let folder = tempfile::tempdir().unwrap();
    let (other, _heard) = a_phone(folder.path(), &stage.address, &stage.hq);
    let note = other.write_note(stage.member.clone(), "from elsewhere".into()).unwrap();
    wait(other.sync_now()).unwrap();
    stage.until("the other's note", || stage.book.member(stage.member.clone()).unwrap().notes.iter().any(|n| n.id == note));
    stage.book.set_live(false);
    stage.until_waiting(0);
}

#[test]
fn a_lock_ends_it_and_an_unlock_brings_it_back_and_a_book_let_go_of_is_gone() {
    let stage = Stage::set();
    stage.book.set_live(true);
    stage.until_waiting(1);
    stage.book.lock();
    stage.until_waiting(0);
    stage.rename("live 2");
    stage.book.unlock().unwrap();
    stage.until("what changed meanwhile", || stage.shows("live 2"));
    stage.until_waiting(1);
    let weak = Arc::downgrade(&stage.book);
    let Stage { book, hq: _hq, address, _server, .. } = stage;
    book.observe(None);
    drop(book);
    assert!(weak.upgrade().is_none());
    let begun = Instant::now();
    loop {
        let text = reqwest::blocking::get(format!("{address}/metrics")).unwrap().text().unwrap();
        if text.contains("guidebook_live_waiting 0") {
            break;
        }
        assert!(begun.elapsed() < SOON, "it waits though nobody has the book");
    }
}

#[test]
fn a_network_that_fails_is_tried_again_and_a_revocation_wipes() {
    let stage = Stage::set();
    stage.book.set_live(true);
    stage.until_waiting(1);
    stage.network.set_cut(true);
    stage.until("it is known to fail", || stage.book.sync_state().is_ok_and(|state| state.retrying));
    let note = stage.book.write_note(stage.member.clone(), "offline".into()).unwrap();
    stage.network.set_cut(false);
    // The shell knows that the network is back.
    stage.book.set_live(true);
    stage.until("the edit is sent", || stage.sent_all());
    assert!(stage.at_hq(&note));
    stage.until("it fails no more", || stage.book.sync_state().is_ok_and(|state| !state.retrying));
    stage.until_waiting(1);
    let device = stage.book.guide().unwrap().device;
    stage.hq.send(Method::POST, &format!("/hq/v1/devices/{device}/revoke"), None).unwrap();
    stage.until("the book is wiped", || stage.book.state() == Ok(BookState::Empty));
    stage.until_waiting(0);
    stage.book.set_live(true);
    assert_eq!(stage.waiting(), 0);
}
