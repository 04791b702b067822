//! Chen leaves; HQ reads what happened; the server is killed; all agree.

use std::collections::BTreeSet;
use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use super::coupons::{Given, Handed};
use super::{CHEN, Day, LI, SHARED, check, holds, scene, text_of};
use crate::export;
use crate::phone_command::Command;

pub(super) fn chen_resigns(day: &mut Day) -> Result<(), String> {
    scene("13. Chen resigns with an edit that was never sent");
    let chens: BTreeSet<String> = day.chen.find("")?.into_iter().collect();
    let theirs: Vec<String> = chens.iter().filter(|id| *id != SHARED).cloned().collect();
    day.chen.network.set_cut(true);
    let note = Command::Note { member: theirs[0].clone(), text: "下周来取货".to_owned() };
    let answer = day.chen.tell(note)?;
    day.acknowledge(&answer);

    let handover = |dry_run: bool| json!({"from": CHEN, "to": LI, "kind": "resigned", "effective": "at_once", "dry_run": dry_run});
    let rehearsal = day.hq.send(Method::POST, "/hq/v1/handovers", Some(handover(true)))?;
    let refused = |answer: &Value| answer["refused"].as_array().cloned().unwrap_or_default();
    let done = |answer: &Value| answer["done"].as_array().map_or(0, Vec::len);
    println!("      dry run: {} would pass to Li, {} would not", done(&rehearsal), refused(&rehearsal).len());
    holds("after the dry run Chen's phone still serves", day.hq.members()?.values().any(|m| m.guides.contains(CHEN)))?;
    let handed = day.hq.send(Method::POST, "/hq/v1/handovers", Some(handover(false)))?;
    check("handed over", (done(&handed), refused(&handed)), (done(&rehearsal), refused(&rehearsal)))?;

    day.chen.network.set_cut(false);
    check("Chen's phone at contact", day.chen.sync(), Err("Wiped".to_owned()))?;
    check("her book is", text_of(&day.chen.tell(Command::State)?), "Empty".to_owned())?;
    let left = files_below(day.chen.phone.directory());
    check("files left on her phone, key and book", left, Vec::<String>::new())?;

    day.li.sync()?;
    let lis: BTreeSet<String> = day.li.find("")?.into_iter().collect();
    holds(&format!("Li has all {} of Chen's members", chens.len()), chens.is_subset(&lis))?;
    let notes = day.li.member(&theirs[0])?["notes"].as_array().cloned().unwrap_or_default();
    check("with the note that Chen had never sent, by", notes.iter().map(|n| text_of(&n["guide"])).collect(), vec!["陈静".to_owned()])
}

pub(super) fn read_the_change_feed(day: &Day) -> Result<(), String> {
    scene("14. Headquarters reads the change feed");
    let changes = day.hq.changes()?;
    let by_phones: Vec<&Value> = changes.iter().filter(|c| day.acknowledged.contains(&text_of(&c["op"]))).collect();
    check("acknowledged edits, each once in the feed", by_phones.len(), day.acknowledged.len())?;
    let whole = |c: &&Value| {
        ["guide", "device"].iter().all(|f| !text_of(&c[*f]).is_empty()) && ["device_ms", "at_ms"].iter().all(|f| c[*f].is_u64())
    };
    holds("each with who, on which device, when by the device and by the server", by_phones.iter().all(whole))?;
    for change in by_phones.iter().take(3) {
        println!("      {} {} on {}: {}", change["at_ms"], text_of(&change["guide"]), text_of(&change["device"]), text_of(&change["kind"]));
    }
    Ok(())
}

pub(super) fn kill_the_server(day: &mut Day) -> Result<(), String> {
    scene("15. The server is killed with SIGKILL and started again");
    let seen = day.li.seen_tags()?;
    let before = day.hq.digest_of(LI, &seen)?;
    day.server.kill_and_restart().map_err(|e| e.to_string())?;
    day.hq.move_to(&day.server.address());
    for guide in [&day.li, &day.guo] {
        guide.network.set_cut(true);
        guide.network.move_to(day.server.port());
        guide.network.set_cut(false);
    }
    check("HQ's digest of Li's members, before and after", day.hq.digest_of(LI, &seen)?, before)?;
    day.li.sync()?;
    day.guo.sync()?;
    Ok(())
}

pub(super) fn compare_digests(day: &mut Day) -> Result<(), String> {
    scene("16. All agree");
    for (name, guide, phone) in [("Li", LI, &mut day.li), ("Guo", super::GUO, &mut day.guo)] {
        let on_phone = text_of(&phone.tell(Command::Digest)?);
        let on_server = day.hq.send(Method::GET, &format!("/hq/v1/guides/{guide}/digest"), None)?;
        let on_server = text_of(&on_server["digest"]);
        let at_hq = day.hq.digest_of(guide, &phone.seen_tags()?)?;
        println!("      {name}: phone {on_phone}  server {on_server}  HQ {at_hq}");
        holds("the three digests are equal", !on_phone.is_empty() && on_phone == on_server && on_phone == at_hq)?;
    }
    Ok(())
}

/// The server's log holds lines, and in them no name and no number of the export, and no coupon's code.
pub(super) fn search_the_log(log: &Path, handed: &Handed) -> Result<(), String> {
    let text = std::fs::read_to_string(log).map_err(|e| e.to_string())?;
    let (names, phones) = export::names_and_phones(&export::in_repository()).map_err(|e| e.to_string())?;
    // Short names could stand in another word.
    let told = names.iter().filter(|n| n.chars().count() > 2).chain(&phones).find(|word| text.contains(word.as_str()));
    holds(&format!("the server's log, {} lines, names no member and no number", text.lines().count()), told.is_none() && !text.is_empty())?;
    let known = |given: &Given| text.contains(&given.code) || text.contains(&given.code.replace('-', "")) || text.contains(&given.voucher);
    holds("and no coupon's code", !handed.all().any(known))
}

/// Files below a folder, empty folders aside.
fn files_below(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() { files_below(&path) } else { vec![path.display().to_string()] }
        })
        .collect()
}
