//! A phone is killed at each write of a coupon, as a real process beside a real server, and its file is put back from before:
//! no code goes to two members, and headquarters' figures say what was given out.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::path::Path;

use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;
use reqwest::Method;
use serde_json::{Value, json};

const VALUE: u32 = 5_000;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The server, HQ, and what one phone has shown.
struct Stage {
    _directory: tempfile::TempDir,
    server: ServerProcess,
    hq: Headquarters,
}

impl Stage {
    fn new() -> Stage {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("server");
        let key = ServerProcess::init(&data).unwrap();
        let server = ServerProcess::start(&data, None).unwrap();
        let hq = Headquarters::at(&server.address(), &key);
        for file in ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv", "members.csv"] {
            hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file)).unwrap();
        }
        Stage { _directory: directory, server, hq }
    }

    fn campaign(&self, id: &str, codes: u32) {
        let face = json!({"amount": {"fen": VALUE}});
        let body = json!({"id": id, "name": "满减券", "face": face, "validity": {"from_issue": {"days": 30}}, "budget": {"codes": codes}});
        self.hq.send(Method::POST, "/hq/v1/campaigns", Some(body)).unwrap();
    }

    fn enrolled(&self, folder: &Path) -> (Phone, String) {
        let mut phone = Phone::start(folder, None).unwrap();
        let code = self.hq.code_for("G0001").unwrap();
        phone.tell(&Command::Enrol { server: self.server.address(), code, device_name: "coupons".into() }).unwrap();
        phone.tell(&Command::Sync).unwrap();
        let list = phone.tell(&Command::List { text: String::new(), tags: String::new(), offset: 0 }).unwrap();
        let member = text(&list["rows"][0]["id"]);
        (phone, member)
    }

    fn issued(&self, campaign: &str) -> u64 {
        let line = self.hq.send(Method::GET, &format!("/hq/v1/campaigns/{campaign}"), None).unwrap();
        line["codes"]["issued"].as_u64().unwrap()
    }
}

fn issue(phone: &mut Phone, member: &str, campaign: &str) -> Result<String, String> {
    let command = Command::Issue { member: member.into(), campaign: campaign.into(), value: VALUE };
    Ok(text(&phone.tell(&command)?["code"]))
}

#[test]
fn a_phone_killed_at_any_write_of_a_coupon_gives_no_code_twice() {
    let stage = Stage::new();
    for failpoint in ["store.issue.before_mark", "store.issue.after_mark", "store.edit.before_commit", "store.edit.after_commit"] {
        let (campaign, folder) = (failpoint.replace('.', "-"), tempfile::tempdir().unwrap());
        stage.campaign(&campaign, 6);
        let (phone, member) = stage.enrolled(folder.path());
        drop(phone);
        let mut phone = Phone::start(folder.path(), Some(&format!("{failpoint}@2"))).unwrap();
        phone.tell(&Command::Unlock).unwrap();
        let mut shown = BTreeSet::from([issue(&mut phone, &member, &campaign).unwrap()]);
        assert_eq!(issue(&mut phone, &member, &campaign), Err("gone".into()), "{failpoint} was not met");
        let mut phone = Phone::start(folder.path(), None).unwrap();
        phone.tell(&Command::Unlock).unwrap();
        // One behind the commit was not shown yet; the guide finds it in her list and shows it now.
        let kept = phone.tell(&Command::Coupons).unwrap();
        let unseen = usize::from(failpoint == "store.edit.after_commit");
        assert_eq!(kept.as_array().unwrap().len(), 1 + unseen, "{failpoint}");
        shown.extend(kept.as_array().unwrap().iter().map(|coupon| text(&coupon["code"])));
        while let Ok(code) = issue(&mut phone, &member, &campaign) {
            assert!(shown.insert(code), "{failpoint}: a code was shown twice");
        }
        let lost = usize::from(matches!(failpoint, "store.issue.after_mark" | "store.edit.before_commit"));
        assert_eq!(shown.len(), 6 - lost, "{failpoint}");
        phone.tell(&Command::Sync).unwrap();
        assert_eq!(stage.issued(&campaign), shown.len() as u64, "{failpoint}");
    }
}

#[test]
fn a_file_that_is_put_back_gives_no_code_out_again() {
    let stage = Stage::new();
    stage.campaign("C1", 8);
    let folder = tempfile::tempdir().unwrap();
    let (mut phone, member) = stage.enrolled(folder.path());
    phone.tell(&Command::Lock).unwrap();
    drop(phone);
    let (book, copy) = (folder.path().join("book"), folder.path().join("copy"));
    copy_folder(&book, &copy);
    let mut phone = Phone::start(folder.path(), None).unwrap();
    phone.tell(&Command::Unlock).unwrap();
    let mut shown: BTreeSet<String> = (0..3).map(|_| issue(&mut phone, &member, "C1").unwrap()).collect();
    drop(phone);
    std::fs::remove_dir_all(&book).unwrap();
    copy_folder(&copy, &book);
    let mut phone = Phone::start(folder.path(), None).unwrap();
    phone.tell(&Command::Unlock).unwrap();
    while let Ok(code) = issue(&mut phone, &member, "C1") {
        assert!(shown.insert(code), "a code was shown twice");
    }
    assert_eq!(shown.len(), 8);
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
