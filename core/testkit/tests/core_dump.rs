//! A phone's process, looked at from outside as a core dump would show it: after the lock, and after a wipe, none of a
//! thousand members' names and numbers lies in its memory. The same look finds a control word and the names before.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)]

use std::path::Path;

use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::process_memory::words_in;
use guidebook_testkit::server_process::ServerProcess;
use guidebook_testkit::workload::{Workload, guide, member};
use serde_json::json;

const MEMBERS: u32 = 1_000;
/// The name of the phone's folder stands among its arguments, and so in its memory.
const CONTROL: &str = "control-word-of-this-test";

/// Three characters that no other text has next to each other.
fn name(n: u32) -> String {
    let at = |n: u32| char::from_u32(0x5000 + n % 0x2000).unwrap();
    [at(n * 7), at(n * 131 + 5), at(n * 977 + 11)].iter().collect()
}

/// Each name and number as memory may have it: names as UTF-8 and as code points.
fn secrets() -> Vec<Vec<u8>> {
    let workload = workload();
    let forms = |n: u32| {
        let code_points = name(n).chars().flat_map(|c| (c as u32).to_ne_bytes()).collect();
        [name(n).into_bytes(), code_points, workload.member(n).phone.into_bytes()]
    };
    (0..MEMBERS).flat_map(forms).collect()
}

fn workload() -> Workload {
    Workload { members: MEMBERS, orders: 0, guides: 1, seed: 7 }
}

/// A phone that has all members by a snapshot, and the server.
fn a_phone(folder: &Path) -> (ServerProcess, Phone) {
    let (files, data) = (folder.join("files"), folder.join("server"));
    workload().write(&files).unwrap();
    let members = workload().members_csv(0..MEMBERS, |line| line.name = name(line.id[1..].parse().unwrap()));
    std::fs::write(files.join("members.csv"), members).unwrap();
    let key = ServerProcess::init(&data).unwrap();
    ServerProcess::import(&data, &files).unwrap();
    let server = ServerProcess::start(&data, None).unwrap();
    let code = Headquarters::at(&server.address(), &key).code_for(&guide(0)).unwrap();
    let mut phone = Phone::start(&folder.join(CONTROL), None).unwrap();
    phone.tell(&Command::Enrol { server: server.address(), code, device_name: "dump".into() }).unwrap();
    phone.tell(&Command::Sync).unwrap();
    (server, phone)
}

/// How many of the secrets lie in the phone's memory. Whatever it is, the control word does.
fn secrets_in(phone: &Phone) -> usize {
    assert_eq!(words_in(phone.pid(), &[CONTROL.as_bytes().to_vec()]).unwrap().len(), 1, "the look does not see the control word");
    words_in(phone.pid(), &secrets()).unwrap().len()
}

#[test]
fn after_the_lock_and_after_a_wipe_no_name_and_no_number_is_left_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (_server, mut phone) = a_phone(folder.path());
    assert_eq!(phone.tell(&Command::ReadAll), Ok(json!(MEMBERS)));
    // The index keeps each name, in the order of its sort key.
    assert!(secrets_in(&phone) >= MEMBERS as usize, "names are in use while the book is open");
    // What a command says or answers in words would stay in the pipes' buffers, which are not the core's.
    let note = Command::Note { member: member::id(0), text: "x".repeat(900) };
    phone.tell(&note).unwrap();
    phone.tell(&Command::Sync).unwrap();
    phone.tell(&Command::Lock).unwrap();
    assert_eq!(secrets_in(&phone), 0, "after the lock");

    phone.tell(&Command::Unlock).unwrap();
    assert_eq!(phone.tell(&Command::ReadAll), Ok(json!(MEMBERS)));
    assert!(secrets_in(&phone) >= MEMBERS as usize, "names are in use while the book is open");
    phone.tell(&Command::Wipe).unwrap();
    assert_eq!(secrets_in(&phone), 0, "after the wipe");
}
