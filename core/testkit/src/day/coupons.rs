//! Coupons: a budget of 300 over three phones without a network, one of them put back from a backup, one with a clock that is
//! set back.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Day, Guide, check, holds, scene, text_of};
use crate::phone::Phone;
use crate::phone_command::Command;

/// The campaign's id.
pub(super) const CAMPAIGN: &str = "WELCOME20";
/// What a coupon takes off, fen.
pub(super) const VALUE: u32 = 2_000;
/// All coupons that there may ever be.
const BUDGET: u64 = 300;
/// So far back a clock may not be set: more than five minutes.
const BACK_MS: i64 = -6 * 60_000;

/// A coupon in a customer's hands.
#[derive(Clone)]
pub(super) struct Given {
    /// The edit.
    id: String,
    pub(super) code: String,
    pub(super) voucher: String,
}

/// The coupons in customers' hands, by who gave them out.
#[derive(Default)]
pub(super) struct Handed {
    pub(super) li: Vec<Given>,
    pub(super) chen: Vec<Given>,
    pub(super) guo: Vec<Given>,
    /// Given out by Guo's phone, which does not know it any more.
    pub(super) forgotten: Vec<Given>,
}

impl Handed {
    pub(super) fn all(&self) -> impl Iterator<Item = &Given> {
        [&self.li, &self.chen, &self.guo, &self.forgotten].into_iter().flatten()
    }
}

pub(super) fn lease_a_budget(day: &mut Day) -> Result<(), String> {
    scene("9. Headquarters makes a campaign: 300 coupons of ¥20, never one more");
    let face = json!({"amount": {"fen": VALUE}});
    let budget = json!({"codes": BUDGET, "fen": BUDGET * u64::from(VALUE)});
    let campaign = json!({"id": CAMPAIGN, "name": "到店礼 ¥20", "face": face, "least_spend_fen": 10_000,
        "validity": {"from_issue": {"days": 30}}, "offline": true, "budget": budget});
    let made = day.hq.send(Method::POST, "/hq/v1/campaigns", Some(campaign))?;
    check("codes made", number(&made["codes"]["free"]), BUDGET)?;
    day.everyone_syncs()?;
    for (name, guide) in [("Li", &mut day.li), ("Chen", &mut day.chen), ("Guo", &mut day.guo)] {
        check(&format!("codes that {name}'s phone holds under lease"), left(guide)?, 100)?;
    }
    let leased = day.hq.send(Method::GET, &format!("/hq/v1/campaigns/{CAMPAIGN}"), None)?;
    check("codes left at headquarters", number(&leased["codes"]["free"]), 0)
}

pub(super) fn give_out_without_network(day: &mut Day, directory: &Path) -> Result<Handed, String> {
    scene("10. The network is gone; coupons are given out all the same");
    let backup = back_up(day, directory)?;
    for guide in [&day.li, &day.chen, &day.guo] {
        guide.network.set_cut(true);
    }
    let mut handed = Handed { li: give(&mut day.li, 12)?, chen: give(&mut day.chen, 5)?, ..Handed::default() };
    check("Li's codes left", left(&mut day.li)?, 88)?;
    let last = day.li.tell(Command::Coupons)?[0]["id"].clone();
    day.li.tell(Command::Void { coupon: text_of(&last) })?;
    handed.li.pop();
    holds("Li takes one back that the customer has not seen; its code is used up", left(&mut day.li)? == 88)?;

    println!("      Chen's clock is set back by 6 minutes");
    day.chen.tell(Command::Clock { ahead_ms: BACK_MS })?;
    let refused = issue(&mut day.chen, 0).err().unwrap_or_default();
    println!("      Chen reads: {refused}");
    holds("her phone gives nothing out", refused.contains("ClockSetBack"))?;
    day.chen.tell(Command::Clock { ahead_ms: 0 })?;
    holds("setting it right again does not help", issue(&mut day.chen, 0).is_err())?;
    day.chen.network.set_cut(false);
    day.chen.sync()?;
    day.chen.network.set_cut(true);
    handed.chen.extend(give(&mut day.chen, 3)?);
    holds("the next sync does", handed.chen.len() == 8)?;

    handed.forgotten = give(&mut day.guo, 5)?;
    println!("      Guo's phone gave out 5, breaks, and is put back from the backup of before");
    put_back(&mut day.guo, &backup)?;
    check("coupons that it knows of", day.guo.tell(Command::Coupons)?.as_array().map_or(0, Vec::len), 0)?;
    check("codes that it still gives out, for the mark outside of the book says that 5 are used up", left(&mut day.guo)?, 95)?;
    handed.guo = give(&mut day.guo, 7)?;
    let mut codes: Vec<&String> = handed.all().map(|given| &given.code).collect();
    let count = codes.len();
    codes.sort();
    codes.dedup();
    check("customers who hold a coupon", count, 31)?;
    check("different codes among them", codes.len(), 31)?;
    let known = [&handed.li, &handed.chen, &handed.guo].into_iter().flatten();
    day.acknowledged.extend(known.map(|given| given.id.clone()));
    Ok(handed)
}

/// A number that HQ tells.
pub(super) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(u64::MAX)
}

fn left(guide: &mut Guide) -> Result<u64, String> {
    let campaigns = guide.tell(Command::Campaigns)?;
    let found = campaigns.as_array().into_iter().flatten().find(|campaign| campaign["id"] == CAMPAIGN);
    found.and_then(|campaign| campaign["left"].as_u64()).ok_or_else(|| format!("the phone does not know {CAMPAIGN}"))
}

fn issue(guide: &mut Guide, place: usize) -> Result<Given, String> {
    let members = guide.find("")?;
    let member = members[place % members.len()].clone();
    let card = guide.tell(Command::Issue { member, campaign: CAMPAIGN.to_owned(), value: VALUE })?;
    Ok(Given { id: text_of(&card["id"]), code: text_of(&card["code"]), voucher: text_of(&card["voucher"]) })
}

/// Gives coupons to so many members.
fn give(guide: &mut Guide, count: usize) -> Result<Vec<Given>, String> {
    (0..count).map(|place| issue(guide, place)).collect()
}

/// A copy of Guo's book. What her phone keeps outside of it, as a Keystore does, is in no backup.
fn back_up(day: &mut Day, directory: &Path) -> Result<std::path::PathBuf, String> {
    let copy = directory.join("backup-of-guo");
    stopped(&mut day.guo, |book| copy_folder(book, &copy))?;
    Ok(copy)
}

fn put_back(guide: &mut Guide, copy: &Path) -> Result<(), String> {
    stopped(guide, |book| {
        std::fs::remove_dir_all(book)?;
        copy_folder(copy, book)
    })
}

/// Does something to the files of a phone that does not run, and starts it again.
fn stopped(guide: &mut Guide, work: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<(), String> {
    guide.tell(Command::Lock)?;
    let directory = guide.phone.directory().to_owned();
    guide.phone.stop().map_err(|e| e.to_string())?;
    work(&directory.join("book")).map_err(|e| e.to_string())?;
    guide.phone = Phone::start(&directory, None).map_err(|e| e.to_string())?;
    guide.tell(Command::Unlock).map(|_| ())
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name())))?;
        if path.is_dir() {
            copy_folder(&path, &to)?;
        } else {
            std::fs::copy(path, to)?;
        }
    }
    Ok(())
}
