//! A phone that headquarters revokes: what waits is offered once, the key goes first, and a kill at any step of the wipe
//! leaves nothing that a later opening would not remove.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;
use reqwest::Method;
use serde_json::{Value, json};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A server with one store's guides and members.
fn a_server(data: &Path) -> (ServerProcess, Headquarters) {
    let key = ServerProcess::init(data).unwrap();
    let server = ServerProcess::start(data, None).unwrap();
    let hq = Headquarters::at(&server.address(), &key);
    for file in ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv", "members.csv"] {
        hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file)).unwrap();
    }
    (server, hq)
}

/// A phone of G0001's, its device, and one of her members.
fn enrolled(folder: &Path, server: &ServerProcess, hq: &Headquarters) -> (Phone, String, String) {
    let mut phone = Phone::start(folder, None).unwrap();
    let code = hq.code_for("G0001").unwrap();
    let enrol = Command::Enrol { server: server.address(), code, device_name: "wipe test".into() };
    let device = text(&phone.tell(&enrol).unwrap()["device"]);
    phone.tell(&Command::Sync).unwrap();
    let list = phone.tell(&Command::List { text: String::new(), tags: String::new(), offset: 0 }).unwrap();
    (phone, device, text(&list["rows"][0]["id"]))
}

fn note(member: &str, text: &str) -> Command {
    Command::Note { member: member.to_owned(), text: text.to_owned() }
}

fn revoke(hq: &Headquarters, device: &str) {
    hq.send(Method::POST, &format!("/hq/v1/devices/{device}/revoke"), None).unwrap();
}

/// What headquarters reads of an edit: its outcome, if it has come.
fn outcome(hq: &Headquarters, op: &Value) -> Option<String> {
    hq.changes().unwrap().iter().find(|change| change["op"] == *op).map(|change| text(&change["outcome"]))
}

/// The names of files below a folder, without the test's own.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let mut found: Vec<String> = entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![name(&path)] }).collect();
    found.retain(|name| name != "stderr");
    found.sort();
    found
}

#[test]
fn a_revoked_phone_says_what_it_had_not_sent_and_then_knows_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (server, hq) = a_server(&directory.path().join("server"));
    let folder = directory.path().join("phone");
    let (mut phone, device, member) = enrolled(&folder, &server, &hq);
    let before = phone.tell(&note(&member, "made before")).unwrap();
    revoke(&hq, &device);
    // Another millisecond than that of the revocation.
    std::thread::sleep(std::time::Duration::from_millis(5));
    let after = phone.tell(&note(&member, "made after")).unwrap();
    assert_eq!((outcome(&hq, &before), outcome(&hq, &after)), (None, None));
    assert_eq!(phone.tell(&Command::Sync), Err("Wiped".into()));
    assert_eq!(phone.tell(&Command::State).unwrap(), json!("Empty"));
    assert_eq!(files(&folder), Vec::<String>::new());
    assert_eq!((outcome(&hq, &before).as_deref(), outcome(&hq, &after).as_deref()), (Some("applied"), Some("refused")));
}

#[test]
fn a_wipe_that_is_killed_at_any_step_is_finished_at_the_next_opening() {
    let directory = tempfile::tempdir().unwrap();
    let (server, hq) = a_server(&directory.path().join("server"));
    for failpoint in guidebook_store::failpoint::WIPE {
        let folder = directory.path().join(failpoint);
        let (phone, device, member) = enrolled(&folder, &server, &hq);
        drop(phone);
        let mut phone = Phone::start(&folder, Some(failpoint)).unwrap();
        phone.tell(&Command::Unlock).unwrap();
        let op = phone.tell(&note(&member, "not sent")).unwrap();
        revoke(&hq, &device);
        assert_eq!(phone.tell(&Command::Sync), Err("gone".into()), "{failpoint} was not met");
        assert_eq!(outcome(&hq, &op).as_deref(), Some("applied"), "{failpoint}: the offer comes before the end");
        let key_is_left = files(&folder).iter().any(|name| name.starts_with("key"));
        assert_eq!(key_is_left, *failpoint == "facade.wipe.marked", "{failpoint}: the key goes first");
        drop(phone);
        // Nobody answers from here on: a wipe that has begun needs no second order.
        let mut phone = Phone::start(&folder, None).unwrap();
        assert_eq!(phone.tell(&Command::State).unwrap(), json!("Empty"), "{failpoint}");
        assert_eq!(phone.tell(&Command::Unlock), Err("SignedOut".into()), "{failpoint}");
        assert_eq!(files(&folder), Vec::<String>::new(), "{failpoint}");
    }
}

#[test]
fn a_wipe_asked_for_on_the_phone_offers_nothing_and_leaves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let (server, hq) = a_server(&directory.path().join("server"));
    let folder = directory.path().join("phone");
    let (mut phone, _, member) = enrolled(&folder, &server, &hq);
    let op = phone.tell(&note(&member, "not sent")).unwrap();
    phone.tell(&Command::Wipe).unwrap();
    assert_eq!((files(&folder), outcome(&hq, &op)), (Vec::new(), None));
    // The phone can be enrolled again.
    let code = hq.code_for("G0001").unwrap();
    phone.tell(&Command::Enrol { server: server.address(), code, device_name: "again".into() }).unwrap();
    phone.tell(&Command::Sync).unwrap();
    assert_eq!(phone.tell(&Command::State).unwrap(), json!("Open"));
}
