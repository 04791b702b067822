//! Two lanes redeem, one of them without a network; then headquarters' report is held against the phones' own ledgers.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};

use super::coupons::{CAMPAIGN, Handed, VALUE, number};
use super::{CHEN, Day, GUO, LI, check, holds, scene, text_of};
use crate::lane::Lane;
use crate::phone_command::Command;

/// The store of Li, Chen and Guo.
const STORE: &str = "S02";

pub(super) fn redeem(day: &Day, directory: &Path, handed: &Handed) -> Result<Lane, String> {
    scene("11. Lane 1 redeems at the server, lane 2 has no network");
    let [one, two] = set_up(day, directory)?;
    let online = |coupon: &str, order: &str| one.tell(&["online", coupon, "--spend", "15000", "--order", order]);
    let offline = |voucher: &str, order: &str| two.tell(&["redeem", voucher, "--spend", "15000", "--order", order]);
    let off = "redeemed: 2000 fen off (到店礼 ¥20)";
    says("Li's first, typed; no phone has told of it yet", online(&handed.li[0].code, "A1"), off)?;
    says("the same sale again, as after a lost answer", online(&handed.li[0].code, "A1"), off)?;
    let refused = online(&handed.li[0].code, "A2").err().unwrap_or_default();
    says("the same coupon for another sale", Ok(refused), "guidebook-till: not redeemable")?;
    says("Chen's first, scanned", online(&handed.chen[0].voucher, "A3"), off)?;
    says("one of the five that Guo's phone has forgotten", online(&handed.forgotten[0].code, "A4"), off)?;
    for (n, given) in [&handed.li[1], &handed.chen[1], &handed.guo[0], &handed.li[0]].into_iter().enumerate() {
        let line = offline(&given.voucher, &format!("B{n}"))?;
        println!("      lane 2: {}", line.split(" (").next().unwrap_or_default());
    }
    says("lane 2", two.tell(&["standing"]), "4 taken, 8000 fen since the last contact; 4 to upload")?;
    println!("      the last of them is Li's first, which lane 1 has redeemed: lane 2 cannot know");
    let uploaded = "redeemed 3, conflicts booked to the store 1, to be sent again 0";
    says("lane 2's upload, when its network is back", two.tell(&["upload"]), uploaded)?;
    Ok(one)
}

fn set_up(day: &Day, directory: &Path) -> Result<[Lane; 2], String> {
    let lane = |name: &str| -> Result<Lane, String> {
        let made = day.hq.send(Method::POST, "/hq/v1/terminals", Some(json!({"store": STORE, "name": name})))?;
        let lane = Lane::set_up(&directory.join("tills").join(name), &day.server.address(), &made)?;
        println!("      {name} is set up: {}", lane.tell(&["trust"])?);
        Ok(lane)
    };
    Ok([lane("lane-1")?, lane("lane-2")?])
}

/// Holds or ends the day; printed as the lane printed it.
fn says(what: &str, line: Result<String, String>, expected: &str) -> Result<(), String> {
    let line = line?;
    holds(&format!("{what}: {line}"), line == expected)
}

/// What a phone's own ledger says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sums {
    given: u64,
    void: u64,
}

pub(super) fn close_the_books(day: &mut Day) -> Result<(), String> {
    scene("12. Everyone syncs; headquarters' report and the phones' own ledgers");
    for guide in [&day.li, &day.chen, &day.guo] {
        guide.network.set_cut(false);
    }
    day.everyone_syncs()?;
    let report = day.hq.send(Method::GET, &format!("/hq/v1/campaigns/{CAMPAIGN}/report"), None)?;
    let mut all = Sums::default();
    println!("                      phone  headquarters");
    for (name, id, guide) in [("Li", LI, &mut day.li), ("Chen", CHEN, &mut day.chen), ("Guo", GUO, &mut day.guo)] {
        let ledger = ledger_of(&guide.tell(Command::Coupons)?);
        let told = Sums { given: number(&report["guides"][id]["issued"]), void: number(&report["guides"][id]["void"]) };
        println!("      {name:<5} given out {:>4}  {:>12}", ledger.given, told.given);
        println!("            taken back {:>3}  {:>12}", ledger.void, told.void);
        holds(&format!("{name}'s phone and headquarters agree"), ledger == told)?;
        (all.given, all.void) = (all.given + ledger.given, all.void + ledger.void);
    }
    let total = &report["total"];
    let difference = (all.given.abs_diff(number(&total["issued"])), all.void.abs_diff(number(&total["void"])));
    check("difference between the phones' ledgers and the report, given out", difference.0, 0)?;
    check("and taken back", difference.1, 0)?;
    check("redeemed, by the report and by the lanes", number(&total["redeemed"]), 6)?;
    check("money off, fen, by the report and by the lanes", number(&total["money_fen"]), 6 * u64::from(VALUE))?;
    let store = &report["stores"][STORE];
    check("conflicts booked to the store", number(&store["conflicts"]), 1)?;
    check("their fen", number(&store["conflict_fen"]), u64::from(VALUE))?;
    println!("      among the leased: 4 that Guo's phone has forgotten and customers hold. They are good, and nobody gets them again");
    let codes = &report["codes"];
    let places = ["free", "leased", "issued", "reserved", "redeemed", "void"];
    println!("      {}", places.map(|place| format!("{place} {}", codes[place])).join(" + "));
    let sum = places.iter().map(|place| number(&codes[*place])).sum::<u64>();
    check("which is all that were ever made", sum, number(&codes["minted"]))?;
    holds("no more than the budget", sum == 300)
}

fn ledger_of(coupons: &Value) -> Sums {
    let mut sums = Sums::default();
    for coupon in coupons.as_array().into_iter().flatten() {
        match text_of(&coupon["status"]).as_str() {
            "Void" => sums.void += 1,
            _ => sums.given += 1,
        }
    }
    sums
}
