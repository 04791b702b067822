//! A day at the counter, played with real processes: the server, three phones, headquarters.
//!
//! Every line that it prints is read back through a public interface at that moment; a check that does not hold ends
//! the day with an error. In reading order: [`morning`] (import, enrolment), [`offline`] (the network is gone, a phone
//! is killed), [`reunion`] (lost answers, contests, a wrong clock), [`coupons`] (a budget over three phones, a backup put
//! back, a clock set back), [`tills`] (two lanes, one without a network; the report), [`farewell`] (a guide leaves, HQ
//! reads on, the server is killed).

mod coupons;
mod farewell;
mod morning;
mod offline;
mod reunion;
mod tills;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::path::Path;

use guidebook_domain::TagId;
use serde_json::Value;

use crate::headquarters::Headquarters;
use crate::lane::Lane;
use crate::network::Network;
use crate::phone::Phone;
use crate::phone_command::Command;
use crate::server_process::ServerProcess;

/// Li Naqing (李娜晴), who has 153 members in the export.
pub const LI: &str = "G0002";
/// Feng Fangchao (冯芳超), whose members Chen takes over in the morning.
pub const FENG: &str = "G0006";
/// Chen Jing (陈静), hired this morning.
pub const CHEN: &str = "G0041";
/// Guo Lexia (郭乐霞), at the next counter.
pub const GUO: &str = "G0014";
/// 查美, whom Li serves by the export and Chen by HQ's assignment.
pub const SHARED: &str = "M00000111";

/// A guide at work: her phone and its network.
pub struct Guide {
    phone: Phone,
    network: Network,
}

/// Everything that takes part.
pub struct Day {
    server: ServerProcess,
    hq: Headquarters,
    li: Guide,
    chen: Guide,
    guo: Guide,
    /// Edits acknowledged by phones, by id: HQ must see each exactly once.
    acknowledged: Vec<String>,
    tags: Tags,
}

/// Ids of the tags that the day uses.
struct Tags {
    present: String,
    commuting: String,
    leather: String,
    born_60s: String,
    born_70s: String,
    born_80s: String,
}

/// What a day leaves: the running server and what it takes to enrol another phone.
pub struct Evening {
    /// The server.
    pub server: ServerProcess,
    /// A fresh enrolment code for Li.
    pub code: String,
    /// HQ's key.
    pub hq_key: String,
    /// Lane 1 of Li's store.
    pub lane: Lane,
}

/// Plays the day with everything it leaves in `directory`.
pub fn play(directory: &Path, last_day: chrono::NaiveDate) -> Result<Evening, String> {
    let (mut day, hq_key) = morning::begin(directory, last_day)?;
    offline::edit_without_network(&mut day)?;
    offline::kill_li(&mut day)?;
    reunion::lose_an_answer(&mut day)?;
    reunion::settle_the_contest(&mut day)?;
    reunion::rename_and_delete_tags(&mut day)?;
    reunion::wrong_clock(&mut day)?;
    coupons::lease_a_budget(&mut day)?;
    let handed = coupons::give_out_without_network(&mut day, directory)?;
    let mut lane = tills::redeem(&day, directory, &handed)?;
    tills::close_the_books(&mut day)?;
    farewell::chen_resigns(&mut day)?;
    farewell::read_the_change_feed(&day)?;
    farewell::kill_the_server(&mut day)?;
    farewell::compare_digests(&mut day)?;
    farewell::search_the_log(&directory.join("server").join("server.log"), &handed)?;
    lane.move_to(&day.server.address())?;
    let code = day.hq.code_for(LI)?;
    Ok(Evening { server: day.server, code, hq_key, lane })
}

impl Guide {
    fn tell(&mut self, command: Command) -> Result<Value, String> {
        self.phone.tell(&command)
    }

    fn sync(&mut self) -> Result<Value, String> {
        self.tell(Command::Sync)
    }

    fn member(&mut self, id: &str) -> Result<Value, String> {
        self.tell(Command::Member { member: id.to_owned() })
    }

    /// The ids that a search finds, all pages.
    fn find(&mut self, text: &str) -> Result<Vec<String>, String> {
        let mut ids = Vec::new();
        loop {
            let page = self.tell(Command::List { text: text.to_owned(), tags: String::new(), offset: ids.len() as u32 })?;
            let rows = page["rows"].as_array().cloned().unwrap_or_default();
            ids.extend(rows.iter().map(|row| text_of(&row["id"])));
            if rows.is_empty() || ids.len() as u64 >= page["total"].as_u64().unwrap_or(0) {
                return Ok(ids);
            }
        }
    }

    /// The tags that she sees.
    fn seen_tags(&mut self) -> Result<BTreeSet<TagId>, String> {
        let groups = self.tell(Command::TagGroups)?;
        let tags = groups.as_array().into_iter().flatten().flat_map(|g| g["tags"].as_array().cloned().unwrap_or_default());
        tags.map(|t| text_of(&t["id"]).parse().map_err(|_| "not an id".to_owned())).collect()
    }

    fn waiting(&mut self) -> Result<u64, String> {
        Ok(self.tell(Command::SyncState)?["waiting"].as_u64().unwrap_or(u64::MAX))
    }

    fn fate(&mut self, edit: &str) -> Result<String, String> {
        Ok(text_of(&self.tell(Command::Fate { edit: edit.to_owned() })?["fate"]))
    }
}

impl Day {
    /// Writes down an acknowledged edit.
    fn acknowledge(&mut self, edit: &Value) -> String {
        let id = text_of(if edit.is_object() { &edit["edit"] } else { edit });
        self.acknowledged.push(id.clone());
        id
    }

    fn everyone_syncs(&mut self) -> Result<(), String> {
        for guide in [&mut self.li, &mut self.guo, &mut self.chen] {
            guide.sync()?;
        }
        Ok(())
    }
}

/// Prints the head of a part of the day.
fn scene(text: &str) {
    println!("\n{text}");
}

/// Holds or ends the day; printed with what was seen.
fn check<T: PartialEq + Debug>(what: &str, seen: T, expected: T) -> Result<(), String> {
    if seen != expected {
        return Err(format!("{what}: saw {seen:?}, expected {expected:?}"));
    }
    println!("  ok  {what}: {seen:?}");
    Ok(())
}

/// Holds or ends the day.
fn holds(what: &str, it_does: bool) -> Result<(), String> {
    if it_does {
        println!("  ok  {what}");
        return Ok(());
    }
    Err(what.to_owned())
}

/// The text in a JSON value, or nothing.
fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The ids of the tags that a member carries, as a phone shows her.
fn tags_of(member: &Value) -> Vec<String> {
    member["tags"].as_array().into_iter().flatten().map(text_of).collect()
}
