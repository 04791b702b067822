//! A panic in the middle of a write, on the phone and on the server, says where it was and nothing of any member.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;

/// Enrols and fills a phone, writes on a member, enrols a walk-in and syncs, whatever the answers are.
fn work(folder: &Path, server: &ServerProcess, code: String, failpoint: Option<&str>) {
    let mut phone = Phone::start(folder, failpoint).unwrap();
    let enrol = Command::Enrol { server: server.address(), code, device_name: "panic test".into() };
    let _ = phone.tell(&enrol);
    let _ = phone.tell(&Command::Sync);
    let list = phone.tell(&Command::List { text: String::new(), tags: String::new(), offset: 0 }).unwrap_or_default();
    let member = list["rows"][0]["id"].as_str().unwrap_or("none").to_owned();
    let _ = phone.tell(&Command::Note { member, text: "赵敏敏 13700008899".into() });
    let _ = phone.tell(&Command::WalkIn { name: "赵敏敏".into(), phone: "13700008899".into() });
    let _ = phone.tell(&Command::Sync);
}

/// What was written while panicking speaks of the panic, and of no one.
fn names_no_one(failpoint: &str, said: &str) {
    assert!(said.contains(&format!("failpoint {failpoint}")), "{failpoint}: no panic");
    let (mut names, mut phones) = export::names_and_phones(&export::in_repository()).unwrap();
    names.insert("赵敏敏".into());
    phones.insert("13700008899".into());
    // Short names could stand in another word.
    let told = names.iter().filter(|n| n.chars().count() > 2).chain(&phones).filter(|word| said.contains(word.as_str())).count();
    assert_eq!(told, 0, "{failpoint}: member data in a panic");
}

#[test]
fn a_panic_names_no_member() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("server");
    let key = ServerProcess::init(&data).unwrap();
    let mut server = ServerProcess::start(&data, None).unwrap();
    let hq = Headquarters::at(&server.address(), &key);
    for file in ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv", "members.csv"] {
        hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file)).unwrap();
    }
    for failpoint in guidebook_store::failpoint::ALL {
        let folder = directory.path().join(failpoint);
        work(&folder, &server, hq.code_for("G0001").unwrap(), Some(&format!("panic:{failpoint}")));
        names_no_one(failpoint, &std::fs::read_to_string(folder.join("stderr")).unwrap());
    }
    let codes = ["G0001", "G0002"].map(|guide| hq.code_for(guide).unwrap());
    drop(server);
    for (failpoint, code) in ["server.round.before_commit", "server.round.after_commit"].into_iter().zip(codes) {
        server = ServerProcess::start(&data, Some(&format!("panic:{failpoint}"))).unwrap();
        work(&directory.path().join(failpoint), &server, code, None);
        names_no_one(failpoint, &std::fs::read_to_string(data.join("server.log")).unwrap());
        drop(server);
    }
}
