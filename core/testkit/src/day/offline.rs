//! The network is gone: the guides work on, and Li's phone is killed.

use serde_json::Value;

use super::{Day, Guide, SHARED, check, holds, scene, tags_of, text_of};
use crate::phone_command::Command;

/// The walk-in whom both Li and Guo enrol.
const WALK_IN: (&str, &str) = ("赵敏", "137 0000 8899");

fn set_tag(member: &str, tag: &str, on: bool) -> Command {
    Command::SetTag { member: member.to_owned(), tag: tag.to_owned(), on }
}

fn walk_in() -> Command {
    Command::WalkIn { name: WALK_IN.0.to_owned(), phone: WALK_IN.1.to_owned() }
}

pub(super) fn edit_without_network(day: &mut Day) -> Result<(), String> {
    scene("3. The network is gone; everything works");
    for guide in [&day.li, &day.chen, &day.guo] {
        guide.network.set_cut(true);
    }
    check("Li's sync without a network", day.li.sync(), Err("Offline".to_owned()))?;
    holds("Li finds 查美 by her initials zm (查 reads zha)", day.li.find("zm")?.contains(&SHARED.to_owned()))?;
    holds("Li finds her by the last four digits", day.li.find("3564")?.contains(&SHARED.to_owned()))?;

    let edits = [
        set_tag(SHARED, &day.tags.present, true),
        set_tag(SHARED, &day.tags.born_80s, true),
        Command::Note { member: SHARED.to_owned(), text: "喜欢羊绒，尺码 38".to_owned() },
        Command::FollowUp { member: SHARED.to_owned(), text: "新款到店联系".to_owned(), due: "2026-12-24".to_owned() },
        walk_in(),
    ];
    for edit in edits {
        let answer = day.li.tell(edit)?;
        day.acknowledge(&answer);
    }
    // Chen chooses after Li, and for the same member; she also uses two tags on members of her own.
    let chens = own_members(&mut day.chen)?;
    let edits = [
        set_tag(SHARED, &day.tags.born_70s, true),
        set_tag(&chens[0], &day.tags.commuting, !tags_of(&day.chen.member(&chens[0])?).contains(&day.tags.commuting)),
        set_tag(&chens[1], &day.tags.leather, !tags_of(&day.chen.member(&chens[1])?).contains(&day.tags.leather)),
    ];
    for edit in edits {
        let answer = day.chen.tell(edit)?;
        day.acknowledge(&answer);
    }
    let answer = day.guo.tell(walk_in())?;
    day.acknowledge(&answer);
    check("Li's edits that wait", day.li.waiting()?, 5)?;
    check("Chen's", day.chen.waiting()?, 3)?;
    check("Guo's", day.guo.waiting()?, 1)?;
    holds("Li sees her own choice at once", tags_of(&day.li.member(SHARED)?).contains(&day.tags.born_80s))?;
    let known = day.li.tell(walk_in());
    holds("a second try at the walk-in says that she is a member already", known.is_err_and(|e| e.starts_with("AlreadyMember")))
}

pub(super) fn kill_li(day: &mut Day) -> Result<(), String> {
    scene("4. Li's phone is killed with SIGKILL and opened again");
    let before = day.li.member(SHARED)?;
    day.li.phone.kill_and_restart().map_err(|e| e.to_string())?;
    check("the book is", text_of(&day.li.tell(Command::State)?), "Locked".to_owned())?;
    day.li.tell(Command::Unlock)?;
    check("edits that wait", day.li.waiting()?, 5)?;
    holds("查美 is just as she was", day.li.member(SHARED)? == before)?;
    check("the walk-in is found", day.li.find("zhaomin")?.iter().filter(|id| id.starts_with("w-")).count(), 1)
}

/// Members of Chen's whom nobody else serves and who don't carry the tags of the day, two of them, by id.
fn own_members(chen: &mut Guide) -> Result<Vec<String>, String> {
    let mut ids = chen.find("")?;
    ids.retain(|id| id != SHARED);
    ids.sort();
    let mut plain = Vec::new();
    for id in ids {
        let member: Value = chen.member(&id)?;
        if tags_of(&member).is_empty() {
            plain.push(id);
        }
        if plain.len() == 2 {
            return Ok(plain);
        }
    }
    Err("the export has no two members of Feng's without tags".to_owned())
}
