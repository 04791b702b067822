//! The network returns, not without tricks.

use reqwest::Method;
use serde_json::json;

use super::{Day, LI, SHARED, check, holds, scene, tags_of, text_of};
use crate::phone_command::Command;

pub(super) fn lose_an_answer(day: &mut Day) -> Result<(), String> {
    scene("5. The network returns and loses the answer to Li's first push");
    day.li.network.lose_answers(1);
    day.li.network.set_cut(false);
    check("Li's first sync", day.li.sync(), Err("Offline".to_owned()))?;
    check("answers lost", day.li.network.lost(), 1)?;
    check("Li's edits still wait", day.li.waiting()?, 5)?;
    day.li.sync()?;
    check("after the second sync, waiting", day.li.waiting()?, 0)?;
    let member = day.li.member(SHARED)?;
    check("notes on 查美", member["notes"].as_array().map_or(0, Vec::len), 1)?;
    check("follow-ups on her", member["follow_ups"].as_array().map_or(0, Vec::len), 1)?;
    let changes = day.hq.changes()?;
    let once = |edit: &String| changes.iter().filter(|c| text_of(&c["op"]) == *edit).count() == 1;
    holds("HQ has seen each of Li's five edits exactly once", day.acknowledged[..5].iter().all(once))
}

pub(super) fn settle_the_contest(day: &mut Day) -> Result<(), String> {
    scene("6. Li and Chen chose differently for 查美; Guo enrolled the same walk-in");
    day.guo.network.set_cut(false);
    let li_choice = day.acknowledged[1].clone();
    check("until Chen is heard of, Li's choice is", day.li.fate(&li_choice)?, "Applied".to_owned())?;
    day.guo.sync()?;
    day.chen.network.set_cut(false);
    // HQ's changes to the tags come before Chen is heard of: see the next scene.
    let commuting = format!("/hq/v1/tags/{}", day.tags.commuting);
    let present = format!("/hq/v1/tags/{}", day.tags.present);
    day.hq.send(Method::DELETE, &commuting, None)?;
    day.hq.send(Method::PATCH, &present, Some(json!({"name": "送长辈"})))?;
    day.chen.sync()?;
    day.everyone_syncs()?;
    for (who, guide) in [("Li", &mut day.li), ("Chen", &mut day.chen)] {
        let tags = tags_of(&guide.member(SHARED)?);
        holds(&format!("on {who}'s phone the later choice holds, Chen's 70后, alone"), {
            tags.contains(&day.tags.born_70s) && !tags.contains(&day.tags.born_80s)
        })?;
    }
    let members = day.hq.members()?;
    let shared = &members[&SHARED.parse().map_err(|_| "an id")?];
    holds("and at HQ", shared.tags.iter().any(|t| t.as_str() == day.tags.born_70s))?;
    let fate = day.li.fate(&li_choice)?;
    println!("      Li reads: {fate}");
    holds("Li is told by whom, when and with what", fate.starts_with("Superseded") && fate.contains("陈静") && fate.contains("70后"))?;
    let walk_ins: Vec<_> = members.iter().filter(|(id, _)| id.is_walk_in()).collect();
    check("walk-ins at HQ", walk_ins.len(), 1)?;
    check("her guides", walk_ins[0].1.guides.iter().map(String::as_str).collect::<Vec<_>>(), vec![LI, super::GUO])?;
    let id = walk_ins[0].0.to_string();
    check("Li finds her as", day.li.find("zhaomin")?.into_iter().filter(|i| i.starts_with("w-")).collect(), vec![id.clone()])?;
    check("Guo finds her as", day.guo.find("zhaomin")?.into_iter().filter(|i| i.starts_with("w-")).collect(), vec![id])
}

pub(super) fn rename_and_delete_tags(day: &mut Day) -> Result<(), String> {
    scene("7. HQ renamed a tag and deleted another that Chen had used offline");
    let [choice, parked, landed] = [5, 6, 7].map(|n| day.acknowledged[n].clone());
    let fate = day.chen.fate(&parked)?;
    println!("      Chen reads: {fate}");
    holds("the edit with the deleted tag is parked with a notice", fate.starts_with("Refused") && fate.contains("TagDeleted"))?;
    check("the edit before it", day.chen.fate(&choice)?, "Applied".to_owned())?;
    check("the edit behind it", day.chen.fate(&landed)?, "Applied".to_owned())?;
    check("Chen's edits that wait", day.chen.waiting()?, 0)?;
    let groups = day.li.tell(Command::TagGroups)?;
    let mut names = groups.as_array().into_iter().flatten().flat_map(|g| g["tags"].as_array().cloned().unwrap_or_default());
    holds("Li's phone calls the renamed tag 送长辈", names.any(|t| t["name"] == "送长辈" && t["id"] == day.tags.present.as_str()))?;
    holds("查美 still carries it", tags_of(&day.li.member(SHARED)?).contains(&day.tags.present))
}

pub(super) fn wrong_clock(day: &mut Day) -> Result<(), String> {
    scene("8. Chen's clock is two days ahead");
    day.chen.tell(Command::Clock { ahead_ms: 2 * 24 * 3600 * 1000 })?;
    let (sixties, eighties) = (day.tags.born_60s.clone(), day.tags.born_80s.clone());
    let answer = day.chen.tell(Command::SetTag { member: SHARED.to_owned(), tag: sixties, on: true })?;
    let chens = day.acknowledge(&answer);
    day.chen.sync()?;
    check("Chen's edit from the future is taken", day.chen.fate(&chens)?, "Applied".to_owned())?;
    day.li.sync()?;
    let answer = day.li.tell(Command::SetTag { member: SHARED.to_owned(), tag: eighties, on: true })?;
    let lis = day.acknowledge(&answer);
    day.li.sync()?;
    day.chen.sync()?;
    check("Li's edit, made after it, holds", day.li.fate(&lis)?, "Applied".to_owned())?;
    holds("on Chen's phone too", tags_of(&day.chen.member(SHARED)?).contains(&day.tags.born_80s))?;
    holds("Chen's is superseded", day.chen.fate(&chens)?.starts_with("Superseded"))?;
    day.chen.tell(Command::Clock { ahead_ms: 0 })?;
    Ok(())
}
