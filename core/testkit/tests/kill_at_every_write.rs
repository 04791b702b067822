//! Phone and server are killed at every write, before and after its commit, as real processes. What was acknowledged
//! is there afterwards, once.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;
use reqwest::Method;
use serde_json::{Value, json};

/// The guide of the server's test.
const GUIDE: &str = "G0039";
/// A guide who gets many members.
const CROWDED: &str = "G0037";

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A small store: one guide with her members of the export.
fn import(hq: &Headquarters) -> Result<(), String> {
    for file in ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv", "members.csv"] {
        hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file))?;
    }
    Ok(())
}

fn note(member: &str, n: usize) -> Command {
    Command::Note { member: member.to_owned(), text: format!("note {n}") }
}

/// A phone with a book of G0001's members, and one of her members.
fn enrolled(directory: &Path, server: &ServerProcess, hq: &Headquarters) -> (Phone, String) {
    let mut phone = Phone::start(directory, None).unwrap();
    let code = hq.code_for("G0001").unwrap();
    phone.tell(&Command::Enrol { server: server.address(), code, device_name: "kill test".into() }).unwrap();
    phone.tell(&Command::Sync).unwrap();
    let list = phone.tell(&Command::List { text: String::new(), tags: String::new(), offset: 0 }).unwrap();
    let member = text(&list["rows"][0]["id"]);
    (phone, member)
}

#[test]
fn a_phone_killed_at_any_write_loses_and_doubles_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("server");
    let key = ServerProcess::init(&data).unwrap();
    let server = ServerProcess::start(&data, None).unwrap();
    let hq = Headquarters::at(&server.address(), &key);
    import(&hq).unwrap();
    for failpoint in guidebook_store::failpoint::ALL {
        let folder = directory.path().join(failpoint);
        if failpoint.starts_with("store.setting") {
            killed_while_enrolling(&folder, failpoint, &server, &hq);
        } else {
            killed_while_working(&folder, failpoint, &server, &hq);
        }
    }
}

/// The enrolment is repeated with the same code, and the phone is the same device.
fn killed_while_enrolling(folder: &Path, failpoint: &str, server: &ServerProcess, hq: &Headquarters) {
    let code = hq.code_for("G0001").unwrap();
    let enrol = Command::Enrol { server: server.address(), code, device_name: "kill test".into() };
    let mut phone = Phone::start(folder, Some(failpoint)).unwrap();
    assert_eq!(phone.tell(&enrol), Err("gone".into()), "{failpoint} was not met");
    let mut phone = Phone::start(folder, None).unwrap();
    phone.tell(&Command::Unlock).unwrap();
    if phone.tell(&Command::State).unwrap() != json!("Open") {
        phone.tell(&enrol).unwrap();
    }
    phone.tell(&Command::Sync).unwrap();
    assert_eq!(phone.tell(&Command::State).unwrap(), json!("Open"), "{failpoint}");
}

fn killed_while_working(folder: &Path, failpoint: &str, server: &ServerProcess, hq: &Headquarters) {
    let (phone, member) = enrolled(folder, server, hq);
    drop(phone);
    // The third time, so that acknowledged edits stand before the one that is cut short.
    let mut phone = Phone::start(folder, Some(&format!("{failpoint}@{}", if failpoint.contains("edit") { 3 } else { 1 }))).unwrap();
    phone.tell(&Command::Unlock).unwrap();
    let before = notes(&mut phone, &member);
    let mut acknowledged = 0;
    let mut killed = false;
    for n in 0..4 {
        match phone.tell(&note(&member, n)) {
            Ok(_) => acknowledged += 1,
            Err(gone) => {
                assert_eq!(gone, "gone");
                killed = true;
                break;
            }
        }
    }
    killed = killed || phone.tell(&Command::Sync) == Err("gone".into());
    assert!(killed, "{failpoint} was not met");
    let mut phone = Phone::start(folder, None).unwrap();
    phone.tell(&Command::Unlock).unwrap();
    let unsaid = usize::from(failpoint == "store.edit.after_commit");
    assert_eq!(notes(&mut phone, &member), before + acknowledged + unsaid, "{failpoint}: after the kill");
    phone.tell(&Command::Sync).unwrap();
    assert_eq!(notes(&mut phone, &member), before + acknowledged + unsaid, "{failpoint}: after the sync");
    assert_eq!(phone.tell(&Command::SyncState).unwrap()["waiting"], 0, "{failpoint}");
    agree(&mut phone, hq, failpoint);
}

/// HQ's campaign of three codes, a coupon of it on the phone, and a till that takes it, once.
fn a_coupon_is_redeemed(
    keeper: &mut Keeper,
    hq: &mut Headquarters,
    phone: &mut Phone,
    network: &guidebook_testkit::network::Network,
    member: &str,
) {
    let campaign = json!({
        "id": "C1", "name": "满减券", "face": {"amount": {"fen": 5_000}}, "validity": {"from_issue": {"days": 30}}, "budget": {"codes": 3},
    });
    // There already, if the server was killed after the commit.
    keeper.until_answered(hq, |hq| match hq.send(Method::POST, "/hq/v1/campaigns", Some(campaign.clone())) {
        Err(error) if error.starts_with("409") => Ok(Value::Null),
        other => other,
    });
    let terminal = json!({"store": "S01", "name": "一号"});
    let till = keeper.until_answered(hq, |hq| hq.send(Method::POST, "/hq/v1/terminals", Some(terminal.clone())));
    let issue = Command::Issue { member: member.to_owned(), campaign: "C1".into(), value: 5_000 };
    let coupon = keeper.until_answered(hq, |hq| {
        network.move_to(hq.port());
        phone.tell(&Command::Sync)?;
        phone.tell(&issue)
    });
    let code = text(&coupon["code"]);
    for (verb, state) in [("reserve", "reserved"), ("commit", "redeemed"), ("commit", "redeemed")] {
        let taken = keeper.until_answered(hq, |hq| hq.at_till(&text(&till["secret"]), &code, verb));
        assert_eq!(taken["state"], state);
    }
    keeper.until_answered(hq, |hq| {
        network.move_to(hq.port());
        phone.tell(&Command::Sync)
    });
    let codes = hq.send(Method::GET, "/hq/v1/campaigns/C1", None).unwrap()["codes"].clone();
    let of = |bucket: &str| codes[bucket].as_u64().unwrap_or_default();
    assert_eq!((of("redeemed"), of("issued") + of("reserved") + of("void"), of("free") + of("leased")), (1, 0, 2), "{codes}");
}

/// A second phone, of a guide with so many members that she begins with a snapshot.
fn begins_with_a_snapshot(keeper: &mut Keeper, hq: &mut Headquarters, directory: &Path, failpoint: &str) {
    let mut rows = String::from("会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权\n");
    (0..300).for_each(|n| rows += &format!("Y{n:08},王{n},1360000{n:04},女,,2026-01-01,普卡,0,{CROWDED},S03,,,是\n"));
    keeper.until_answered(hq, |hq| hq.import_bytes("members", rows.clone().into_bytes()));
    let code = keeper.until_answered(hq, |hq| hq.code_for(CROWDED));
    let network = guidebook_testkit::network::Network::to(keeper.server.port()).unwrap();
    let mut phone = Phone::start(&directory.join("crowded"), None).unwrap();
    let enrol = Command::Enrol { server: network.address(), code, device_name: "kill test".into() };
    for command in [enrol, Command::Sync] {
        keeper.until_answered(hq, |hq| {
            network.move_to(hq.port());
            phone.tell(&command)
        });
    }
    let list = phone.tell(&Command::List { text: "王".into(), tags: String::new(), offset: 0 }).unwrap();
    assert!(list["total"].as_u64() >= Some(300), "{failpoint}: {}", list["total"]);
    let on_phone = text(&phone.tell(&Command::Digest).unwrap());
    let on_server = hq.send(Method::GET, &format!("/hq/v1/guides/{CROWDED}/digest"), None).unwrap();
    assert_eq!(on_phone, text(&on_server["digest"]), "{failpoint}");
}

fn notes(phone: &mut Phone, member: &str) -> usize {
    let member = phone.tell(&Command::Member { member: member.to_owned() }).unwrap();
    member["notes"].as_array().map_or(0, Vec::len)
}

fn agree(phone: &mut Phone, hq: &Headquarters, failpoint: &str) {
    let on_phone = text(&phone.tell(&Command::Digest).unwrap());
    let on_server = hq.send(Method::GET, "/hq/v1/guides/G0001/digest", None).unwrap();
    assert_eq!(on_phone, text(&on_server["digest"]), "{failpoint}");
}

#[test]
fn a_server_killed_at_any_write_loses_and_doubles_nothing() {
    let (mut met, mut unmet) = (0, Vec::new());
    for failpoint in guidebook_server::failpoint::ALL {
        if killed_server(failpoint) { met += 1 } else { unmet.push(failpoint) }
    }
    // Setting up and beginning an epoch run in commands of their own, while there is no server to kill.
    unmet.retain(|name| !name.starts_with("server.setup") && !name.starts_with("server.restore"));
    assert!(unmet.is_empty() && met > 0, "never met: {unmet:?}");
}

/// Does a day's requests with a server that is killed at `failpoint`, each repeated until it is answered. Whether the
/// failpoint was met.
fn killed_server(failpoint: &str) -> bool {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("server");
    let key = ServerProcess::init(&data).unwrap();
    let mut keeper = Keeper { server: ServerProcess::start(&data, Some(failpoint)).unwrap(), deaths: 0 };
    let mut hq = Headquarters::at(&keeper.server.address(), &key);
    keeper.until_answered(&mut hq, import);
    let tags = keeper.until_answered(&mut hq, |hq| hq.send(Method::GET, "/hq/v1/tags", None));
    let tag = tags.as_array().into_iter().flatten().find(|t| t["name"] == "通勤").map(|t| text(&t["id"])).unwrap();
    let code = keeper.until_answered(&mut hq, |hq| hq.code_for(GUIDE));
    // The phone's address stays: a network in between follows the server.
    let network = guidebook_testkit::network::Network::to(keeper.server.port()).unwrap();
    let mut phone = Phone::start(&directory.path().join("phone"), None).unwrap();
    let enrol = Command::Enrol { server: network.address(), code, device_name: "kill test".into() };
    let try_phone = |keeper: &mut Keeper, hq: &mut Headquarters, phone: &mut Phone, command: &Command| {
        keeper.until_answered(hq, |hq| {
            network.move_to(hq.port());
            phone.tell(command)
        })
    };
    try_phone(&mut keeper, &mut hq, &mut phone, &enrol);
    try_phone(&mut keeper, &mut hq, &mut phone, &Command::Sync);
    let list = phone.tell(&Command::List { text: String::new(), tags: String::new(), offset: 0 }).unwrap();
    let member = text(&list["rows"][0]["id"]);
    for n in 0..3 {
        phone.tell(&note(&member, n)).unwrap();
    }
    phone.tell(&Command::WalkIn { name: "赵敏".into(), phone: "13700008899".into() }).unwrap();
    try_phone(&mut keeper, &mut hq, &mut phone, &Command::Sync);
    keeper.until_answered(&mut hq, |hq| hq.send(Method::PATCH, &format!("/hq/v1/tags/{tag}"), Some(json!({"name": "上班"}))));
    keeper.until_answered(&mut hq, |hq| hq.send(Method::POST, "/hq/v1/assignments", Some(json!({"member": member, "guide": "G0038"}))));
    let row = "会员号,姓名,手机号,性别,生日,入会日期,会员等级,积分,专属导购,门店号,品牌会员,标签,营销授权\n\
               M77777777,赵敏,13700008899,女,,2026-01-01,普卡,0,,S03,,,是\n";
    keeper.until_answered(&mut hq, |hq| hq.import_bytes("members", row.as_bytes().to_vec()));
    let walk_in = keeper.until_answered(&mut hq, |hq| {
        let changes = hq.changes()?;
        let walk_in = changes.iter().map(|c| text(&c["member"])).find(|m| m.starts_with("w-"));
        walk_in.ok_or_else(|| "no walk-in".to_owned())
    });
    // Undone already, if the server was killed after the commit: then there is nothing left to undo.
    let unmerge = format!("/hq/v1/members/{walk_in}/unmerge");
    keeper.until_answered(&mut hq, |hq| match hq.send(Method::POST, &unmerge, None) {
        Err(error) if error.starts_with("404") || error.starts_with("409") => Ok(Value::Null),
        other => other,
    });
    try_phone(&mut keeper, &mut hq, &mut phone, &Command::Sync);
    assert_eq!(notes(&mut phone, &member), 3, "{failpoint}");
    a_coupon_is_redeemed(&mut keeper, &mut hq, &mut phone, &network, &member);
    begins_with_a_snapshot(&mut keeper, &mut hq, directory.path(), failpoint);
    let ops: Vec<String> = hq.changes().unwrap().iter().map(|c| text(&c["op"])).filter(|op| !op.is_empty()).collect();
    let once: std::collections::BTreeSet<&String> = ops.iter().collect();
    assert_eq!(ops.len(), once.len(), "{failpoint}: an operation stands twice in the change log");
    let on_phone = text(&phone.tell(&Command::Digest).unwrap());
    let on_server = hq.send(Method::GET, &format!("/hq/v1/guides/{GUIDE}/digest"), None).unwrap();
    assert_eq!(on_phone, text(&on_server["digest"]), "{failpoint}");
    keeper.deaths > 0
}

/// Starts the server again whenever it has died.
struct Keeper {
    server: ServerProcess,
    deaths: u32,
}

impl Keeper {
    fn until_answered<T>(&mut self, hq: &mut Headquarters, mut ask: impl FnMut(&Headquarters) -> Result<T, String>) -> T {
        let mut last = String::new();
        for _ in 0..3 {
            match ask(hq) {
                Ok(answer) => return answer,
                Err(error) => last = error,
            }
            if self.server.has_ended() {
                self.deaths += 1;
                self.server.kill_and_restart().unwrap();
                hq.move_to(&self.server.address());
            }
        }
        panic!("no answer: {last}");
    }
}
