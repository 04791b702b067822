//! The command against the real server, over HTTP, with real processes: a phone that gives coupons out, lanes with and without
//! a network, and headquarters' report.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use guidebook_testkit::export;
use guidebook_testkit::headquarters::Headquarters;
use guidebook_testkit::lane::Lane;
use guidebook_testkit::network::Network;
use guidebook_testkit::phone::Phone;
use guidebook_testkit::phone_command::Command;
use guidebook_testkit::server_process::ServerProcess;
use reqwest::Method;
use serde_json::{Value, json};

/// Whose members are in the export, and her store.
const GUIDE: (&str, &str) = ("G0001", "S01");

/// A coupon as the customer has it.
#[derive(Clone)]
struct Given {
    code: String,
    voucher: String,
}

struct Stage {
    directory: tempfile::TempDir,
    server: ServerProcess,
    hq: Headquarters,
    terminals: Vec<String>,
}

impl Stage {
    fn new() -> Stage {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("server");
        let key = ServerProcess::init(&data).unwrap();
        let server = ServerProcess::start(&data, None).unwrap();
        let hq = Headquarters::at(&server.address(), &key);
        for file in ["stores.csv", "brands.csv", "guides.csv", "products.csv", "tags.csv", "members.csv"] {
            hq.import(file.trim_end_matches(".csv"), &export::in_repository().join(file)).unwrap();
        }
        Stage { directory, server, hq, terminals: Vec::new() }
    }

    /// A campaign that tills take without a network.
    fn campaign(&self, id: &str, fen: u32, codes: u32) {
        let body = json!({"id": id, "name": "满减券", "face": {"amount": {"fen": fen}}, "validity": {"from_issue": {"days": 30}},
            "least_spend_fen": 20_000, "offline": true, "budget": {"codes": codes}});
        self.hq.send(Method::POST, "/hq/v1/campaigns", Some(body)).unwrap();
    }

    /// A lane of the guide's store, with the trust list.
    fn lane(&mut self, name: &str, server: &str) -> Lane {
        let body = json!({"store": GUIDE.1, "name": name});
        let made = self.hq.send(Method::POST, "/hq/v1/terminals", Some(body)).unwrap();
        self.terminals.push(made["id"].as_str().unwrap().to_owned());
        let lane = Lane::set_up(&self.directory.path().join(name), server, &made).unwrap();
        assert_eq!(lane.tell(&["trust"]).unwrap(), "trust list 1");
        lane
    }

    fn phone(&self) -> (Phone, Vec<String>) {
        let mut phone = Phone::start(&self.directory.path().join("phone"), None).unwrap();
        let code = self.hq.code_for(GUIDE.0).unwrap();
        phone.tell(&Command::Enrol { server: self.server.address(), code, device_name: "till".into() }).unwrap();
        phone.tell(&Command::Sync).unwrap();
        let list = phone.tell(&Command::List { text: String::new(), tags: String::new(), offset: 0 }).unwrap();
        let members = list["rows"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        (phone, members)
    }

    fn report(&self, campaign: &str) -> Value {
        self.hq.send(Method::GET, &format!("/hq/v1/campaigns/{campaign}/report"), None).unwrap()
    }
}

/// Gives one out; the phone asks nobody.
fn give(phone: &mut Phone, member: &str, campaign: &str, value: u32) -> Given {
    let card = phone.tell(&Command::Issue { member: member.into(), campaign: campaign.into(), value }).unwrap();
    let text = |name: &str| card[name].as_str().unwrap().to_owned();
    Given { code: text("code"), voucher: text("voucher") }
}

fn online(lane: &Lane, coupon: &str, order: &str) -> Result<String, String> {
    lane.tell(&["online", coupon, "--spend", "30000", "--order", order])
}

fn redeem(lane: &Lane, coupon: &Given, order: &str) -> Result<String, String> {
    let said = lane.tell(&["redeem", &coupon.voucher, "--spend", "30000", "--order", order]);
    said.map(|line| line.split(" (").next().unwrap().to_owned())
}

fn fails(why: &str) -> Result<String, String> {
    Err(format!("guidebook-till: {why}"))
}

fn says(line: &str) -> Result<String, String> {
    Ok(line.to_owned())
}

#[test]
fn a_lane_with_a_network_redeems_once_takes_back_and_redeems_again() {
    let mut stage = Stage::new();
    stage.campaign("C1", 5_000, 20);
    let (mut phone, members) = stage.phone();
    // No round from here on: the server knows of no issue, and the codes are good.
    let [first, second, third] = [0, 1, 2].map(|n| give(&mut phone, &members[n], "C1", 5_000));
    let network = Network::to(stage.server.port()).unwrap();
    let lane = stage.lane("L1", &network.address());
    let good = || says("good: 5000 fen off (满减券)");
    let redeemed = || says("redeemed: 5000 fen off (满减券)");
    assert_eq!(lane.tell(&["verify", &first.voucher]).unwrap().split(',').next().unwrap(), "5000 fen off");
    assert_eq!(lane.tell(&["check", &first.code, "--spend", "30000"]), good());
    assert_eq!(lane.tell(&["check", &first.code, "--spend", "19999"]), fails("not redeemable"));
    assert_eq!(online(&lane, &first.code.to_lowercase(), "A1"), redeemed());
    assert_eq!(online(&lane, &first.voucher, "A1"), redeemed(), "typed before, scanned now");
    assert_eq!(online(&lane, &first.code, "A1"), redeemed(), "the same sale again");
    assert_eq!(online(&lane, &first.code, "A2"), fails("not redeemable"));
    assert_eq!(redeem(&lane, &first, "A2"), fails("taken before"), "the lane's own ledger knows");
    assert_eq!(online(&lane, &second.voucher, "A1"), redeemed(), "a second coupon on one receipt");
    assert_eq!(stage.report("C1")["total"]["redeemed"], 2);

    let back = || lane.tell(&["reverse", &first.code, "--order", "A1"]);
    assert_eq!(back(), says("reversed: the customer has the coupon again"));
    assert_eq!(back(), fails("not redeemable"));
    assert_eq!(stage.report("C1")["total"]["redeemed"], 1);
    assert_eq!(online(&lane, &first.code, "A1"), redeemed(), "the same receipt, a sale of its own");
    assert_eq!(stage.report("C1")["total"]["redeemed"], 2);

    // Lost answers: of the reservation, and of whatever else is lost after it.
    network.lose_answers_to("/pos/v1/coupons/", 1);
    assert_eq!(online(&lane, &third.code, "A3"), fails("no answer"));
    network.lose_answers_to(":commit", 1);
    assert_eq!(online(&lane, &third.code, "A3"), fails("no answer"));
    assert_eq!(stage.report("C1")["total"]["redeemed"], 3, "the server has it");
    let dearer = lane.tell(&["online", &third.code, "--spend", "40000", "--order", "A3"]);
    assert_eq!(dearer, fails("being redeemed for a basket of 30000 fen: ask for that again, or reverse it"));
    // The customer does not wait: she gets her discount by the voucher, and it is one sale all the same.
    network.set_cut(true);
    assert_eq!(redeem(&lane, &third, "A3"), says("taken: 5000 fen off"));
    network.set_cut(false);
    assert_eq!(lane.tell(&["upload"]), says("redeemed 1, conflicts booked to the store 0, to be sent again 0"));
    let report = stage.report("C1");
    assert_eq!((&report["total"]["redeemed"], &report["conflicts"]), (&json!(3), &json!({})));

    stage.hq.send(Method::POST, &format!("/hq/v1/terminals/{}/revoke", stage.terminals[0]), Some(json!({}))).unwrap();
    assert_eq!(lane.tell(&["upload"]).map(|_| ()), Ok(()), "there is nothing to upload");
    assert_eq!(online(&lane, &first.code, "A9"), fails("the terminal's key is not known to the server"));
}

#[test]
fn the_second_of_two_offline_lanes_is_a_conflict_that_stands_in_the_report() {
    let mut stage = Stage::new();
    stage.campaign("C1", 5_000, 20);
    stage.campaign("C2", 6_000, 5);
    let (mut phone, members) = stage.phone();
    let [one, other, online_too] = [0, 1, 2].map(|n| give(&mut phone, &members[n], "C1", 5_000));
    let dear = give(&mut phone, &members[3], "C2", 6_000);
    let address = stage.server.address();
    let (with, first, second) = (stage.lane("L1", &address), stage.lane("L2", &address), stage.lane("L3", &address));

    assert_eq!(redeem(&first, &one, "B1"), says("taken: 5000 fen off"));
    assert_eq!(redeem(&first, &one, "B1"), says("taken: 5000 fen off"), "the same sale again");
    assert_eq!(redeem(&first, &one, "B2"), fails("taken before"));
    assert_eq!(redeem(&first, &other, "B3"), says("taken: 5000 fen off"));
    assert_eq!(redeem(&first, &dear, "B4"), fails("over 5000 fen: needs the network"));
    assert_eq!(first.tell(&["redeem", &online_too.voucher, "--spend", "19999", "--order", "B5"]), fails("needs a basket of 20000 fen"));
    assert_eq!(redeem(&second, &one, "C1"), says("taken: 5000 fen off"), "a ledger of its own");
    assert_eq!(online(&first, &one.code, "B9"), fails("taken before"), "not uploaded yet, and not to be redeemed twice");
    assert_eq!(online(&with, &online_too.code, "D1").map(|_| ()), Ok(()));
    assert_eq!(redeem(&second, &online_too, "C2"), says("taken: 5000 fen off"), "it cannot know");
    assert_eq!(first.tell(&["standing"]), says("2 taken, 10000 fen since the last contact; 2 to upload"));

    assert_eq!(first.tell(&["upload"]), says("redeemed 2, conflicts booked to the store 0, to be sent again 0"));
    assert_eq!(second.tell(&["upload"]), says("redeemed 0, conflicts booked to the store 2, to be sent again 0"));
    assert_eq!(second.tell(&["upload"]), says("redeemed 0, conflicts booked to the store 0, to be sent again 0"));
    assert_eq!(first.tell(&["standing"]), says("0 taken, 0 fen since the last contact; 0 to upload"));

    phone.tell(&Command::Sync).unwrap();
    let report = stage.report("C1");
    assert_eq!((&report["total"]["issued"], &report["total"]["redeemed"]), (&json!(3), &json!(3)));
    assert_eq!((&report["total"]["money_fen"], &report["total"]["rate_bp"]), (&json!(15_000), &json!(10_000)));
    assert_eq!((&report["conflicts"], &report["conflict_fen"]), (&json!({"second": 2}), &json!(10_000)));
    let store = &report["stores"][GUIDE.1];
    assert_eq!((&store["taken"], &store["taken_offline"], &store["taken_fen"]), (&json!(3), &json!(2), &json!(15_000)));
    assert_eq!((&store["conflicts"], &store["conflict_fen"]), (&json!(2), &json!(10_000)));
    assert_eq!(report["guides"][GUIDE.0]["issued"], 3);
    let codes: BTreeMap<String, u64> = serde_json::from_value(report["codes"].clone()).unwrap();
    assert_eq!((codes["minted"], codes.values().sum::<u64>()), (20, 40), "{codes:?}");
    assert_eq!((codes["issued"], codes["redeemed"]), (0, 3));
    let conflicts = stage.hq.send(Method::GET, "/hq/v1/coupons/conflicts?campaign=C1", None).unwrap();
    let told: Vec<_> = conflicts.as_array().unwrap().iter().map(|line| (&line["kind"], &line["store"], &line["money_fen"])).collect();
    assert_eq!(told, vec![(&json!("second"), &json!(GUIDE.1), &json!(5_000)); 2]);
    let log = std::fs::read_to_string(stage.directory.path().join("server").join("server.log")).unwrap();
    let plain = |code: &str| code.replace('-', "");
    for given in [&one, &other, &online_too, &dear] {
        assert!(!log.contains(&given.code) && !log.contains(&plain(&given.code)), "no log holds a code");
    }
}
