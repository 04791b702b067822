//! A server with the sample store for the contract tests of the bindings: prints one JSON line and runs until its
//! standard input ends. `contract-server MEMBERS` takes a made-up retailer with one guide of so many members instead.

use std::io::Read;

use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::lane::Lane;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;
use guidebook_testkit::workload::{Workload, guide};
use serde_json::{Value, json};

const GUIDE: &str = "G0002";
const CODES: usize = 40;

/// Decides the made-up retailer.
const SEED: u64 = 42;

fn main() -> Result<(), String> {
    match std::env::args().nth(1) {
        Some(members) => made_up(members.parse().map_err(|_| "usage: contract-server [MEMBERS]")?),
        None => sample_store(),
    }
}

fn made_up(members: u32) -> Result<(), String> {
    let io = |error: std::io::Error| error.to_string();
    let directory = tempfile::tempdir().map_err(io)?;
    let (data, files) = (directory.path().join("server"), directory.path().join("export"));
    let key = ServerProcess::init(&data).map_err(io)?;
    Workload { guides: 1, ..Workload::of(members, SEED) }.write(&files).map_err(io)?;
    ServerProcess::import(&data, &files).map_err(io)?;
    let server = ServerProcess::start(&data, None).map_err(io)?;
    let code = Headquarters::at(&server.address(), &key).code_for(&guide(0))?;
    println!("{}", json!({"server": server.address(), "hq_key": key, "guide": guide(0), "codes": [code], "members": members}));
    std::io::stdin().read_to_end(&mut Vec::new()).map_err(io)?;
    Ok(())
}

fn sample_store() -> Result<(), String> {
    let io = |error: std::io::Error| error.to_string();
    let directory = tempfile::tempdir().map_err(io)?;
    let data = directory.path().join("server");
    let key = ServerProcess::init(&data).map_err(io)?;
    let server = ServerProcess::start(&data, None).map_err(io)?;
    let hq = Headquarters::at(&server.address(), &key);
    for file in export::FILES {
        hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file))?;
    }
    let mut phone = Phone::start(&directory.path().join("phone"), None).map_err(io)?;
    let code = hq.code_for(GUIDE)?;
    phone.tell(&Command::Enrol { server: server.address(), code, device_name: "contract".to_owned() })?;
    phone.tell(&Command::Sync)?;
    let list = phone.tell(&Command::List { text: "查美".to_owned(), tags: String::new(), offset: 0 })?;
    let groups = phone.tell(&Command::TagGroups)?;
    let tag = |name: &str| {
        let groups = groups.as_array().into_iter().flatten();
        let mut tags = groups.flat_map(|g| g["tags"].as_array().cloned().unwrap_or_default());
        tags.find(|t| t["name"] == name).map_or(Value::Null, |t| t["id"].clone())
    };
    let codes = (0..CODES).map(|_| hq.code_for(GUIDE)).collect::<Result<Vec<_>, _>>()?;
    let contract = json!({
        "server": server.address(), "hq_key": key, "guide": GUIDE, "codes": codes,
        "members": export::members_of(&export::in_repository(), GUIDE).map_err(io)?.len(),
        "member": {"id": list["rows"][0]["id"], "name": "查美", "phone": "17797433564"},
        "tag": tag("送礼"), "hq_only_tag": tag("高价值"), "till": Lane::program().ok(),
    });
    println!("{contract}");
    std::io::stdin().read_to_end(&mut Vec::new()).map_err(io)?;
    Ok(())
}
