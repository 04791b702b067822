//! A server with the sample store for the contract tests of the bindings: prints one JSON line and runs until its
//! standard input ends.

use std::io::Read;

use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;
use serde_json::{Value, json};

const GUIDE: &str = "G0002";
const CODES: usize = 40;

fn main() -> Result<(), String> {
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
        "tag": tag("送礼"), "hq_only_tag": tag("高价值"),
    });
    println!("{contract}");
    std::io::stdin().read_to_end(&mut Vec::new()).map_err(io)?;
    Ok(())
}
