//! Before the shop opens: HQ imports the store, hires Chen, and three guides enrol.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDate;
use reqwest::Method;
use serde_json::{Value, json};

use super::{CHEN, Day, FENG, GUO, Guide, LI, SHARED, Tags, check, holds, scene, text_of};
use crate::export;
use crate::headquarters::Headquarters;
use crate::network::Network;
use crate::phone::Phone;
use crate::phone_command::Command;
use crate::server_process::ServerProcess;

/// Starts everything. Returns the day and HQ's key.
pub(super) fn begin(directory: &Path, last_day: NaiveDate) -> Result<(Day, String), String> {
    let io = |error: std::io::Error| error.to_string();
    scene("1. Headquarters imports the store");
    let data = directory.join("server");
    let files = directory.join("export");
    export::shifted(&export::in_repository(), &files, last_day).map_err(io)?;
    let hq_key = ServerProcess::init(&data).map_err(io)?;
    let server = ServerProcess::start(&data, None).map_err(io)?;
    let hq = Headquarters::at(&server.address(), &hq_key);
    import(&hq, &files)?;

    scene("2. Guides enrol");
    hire_chen(&hq)?;
    let enrol = |name: &str, guide: &str| -> Result<Guide, String> {
        let network = Network::to(server.port()).map_err(io)?;
        let phone = Phone::start(&directory.join("phones").join(name), None).map_err(io)?;
        let mut guide_at_work = Guide { phone, network };
        let address = guide_at_work.network.address();
        let code = hq.code_for(guide)?;
        let device_name = format!("{name}'s phone");
        let enrolled = guide_at_work.tell(Command::Enrol { server: address, code, device_name })?;
        guide_at_work.sync()?;
        println!(
            "      {} {} enrolled as device {}",
            text_of(&enrolled["guide"]),
            text_of(&enrolled["name"]),
            text_of(&enrolled["device"])
        );
        Ok(guide_at_work)
    };
    let (mut li, mut chen, mut guo) = (enrol("li", LI)?, enrol("chen", CHEN)?, enrol("guo", GUO)?);
    let of = |guide: &str| export::members_of(&export::in_repository(), guide).map_err(io);
    let mut chens = of(FENG)?;
    chens.insert(SHARED.to_owned());
    exactly("Li's", &mut li, of(LI)?)?;
    exactly("Chen's", &mut chen, chens)?;
    exactly("Guo's", &mut guo, of(GUO)?)?;
    let tags = Tags::read(&mut li)?;
    Ok((Day { server, hq, li, chen, guo, acknowledged: Vec::new(), tags }, hq_key))
}

fn import(hq: &Headquarters, files: &Path) -> Result<(), String> {
    let expected = std::fs::read(export::in_repository().join("expected.json")).map_err(|e| e.to_string())?;
    let expected: Value = serde_json::from_slice(&expected).map_err(|e| e.to_string())?;
    for file in export::FILES {
        let table = file.trim_end_matches(".csv");
        let report = hq.import(table, &files.join(file))?;
        println!("      {file}: {} taken, {} refused", report["accepted"], report["refused_count"]);
        let place = |row: &Value| format!("line {} {}: {}", row["line"], text_of(&row["field"]), text_of(&row["reason"]));
        for row in report["refused"].as_array().into_iter().flatten() {
            println!("        refused: {}", place(row));
        }
        if table == "members" {
            check("members taken", report["accepted"].clone(), expected["members"]["accepted"].clone())?;
            let refused: Vec<String> = report["refused"].as_array().into_iter().flatten().map(place).collect();
            let told = expected["members"]["rejected"].as_array().into_iter().flatten();
            let told: Vec<String> = told.map(|r| format!("line {} {}: {}", r["line"], text_of(&r["field"]), text_of(&r["why"]))).collect();
            holds("exactly the rows of expected.json are refused", refused == told)?;
        }
        if table == "orders" {
            check("orders taken", report["accepted"].clone(), expected["orders"]["accepted"].clone())?;
        }
        let again = hq.import(table, &files.join(file))?;
        if again["accepted"] != again["unchanged"] {
            return Err(format!("{file} imported twice changed something: {again}"));
        }
    }
    holds("each file imported a second time changes nothing", true)
}

/// Chen takes over Feng's members on the job, and one of Li's as well.
fn hire_chen(hq: &Headquarters) -> Result<(), String> {
    let row = format!("工号,姓名,门店号,品牌号,入职日期,离职日期\n{CHEN},陈静,S02,,2026-11-01,\n");
    let report = hq.import_bytes("guides", row.into_bytes())?;
    check("guides hired", report["accepted"].clone(), json!(1))?;
    let handover = json!({"from": FENG, "to": CHEN, "kind": "on_job", "effective": "at_once", "dry_run": false});
    hq.send(Method::POST, "/hq/v1/handovers", Some(handover))?;
    hq.send(Method::POST, "/hq/v1/assignments", Some(json!({"member": SHARED, "guide": CHEN})))?;
    Ok(())
}

fn exactly(whose: &str, guide: &mut Guide, expected: BTreeSet<String>) -> Result<(), String> {
    let held: BTreeSet<String> = guide.find("")?.into_iter().collect();
    if let Some(odd) = held.symmetric_difference(&expected).next() {
        return Err(format!("{whose} phone holds {} members, not {}; one of those that differ: {odd}", held.len(), expected.len()));
    }
    holds(&format!("{whose} phone holds exactly her {} members of the export", expected.len()), held == expected)
}

impl Tags {
    fn read(guide: &mut Guide) -> Result<Tags, String> {
        let groups = guide.tell(Command::TagGroups)?;
        let tag = |name: &str| -> Result<String, String> {
            let groups = groups.as_array().into_iter().flatten();
            let mut tags = groups.flat_map(|g| g["tags"].as_array().cloned().unwrap_or_default());
            let found = tags.find(|t| t["name"] == name).ok_or_else(|| format!("no tag {name}"))?;
            Ok(text_of(&found["id"]))
        };
        Ok(Tags {
            present: tag("送礼")?,
            commuting: tag("通勤")?,
            leather: tag("真皮")?,
            born_60s: tag("60后及以上")?,
            born_70s: tag("70后")?,
            born_80s: tag("80后")?,
        })
    }
}
