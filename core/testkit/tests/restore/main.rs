//! The server's database is put back from a backup, by the means that an operator has, while real phones hold what it has
//! forgotten: nothing is lost, nothing is doubled, and phone, server and headquarters agree.
//!
//! [`storage`]: how a database is backed up and put back; [`shop`]: the server, headquarters and the phones.

#![allow(clippy::unwrap_used)]

mod shop;
mod storage;

use guidebook_testkit::phone_command::Command;
use reqwest::Method;
use serde_json::json;

use shop::{FENG, GUO, LI, SHARED, Shop, text};
use storage::Storage;

#[test]
fn nothing_is_lost_when_a_copy_of_the_file_is_put_back() {
    play(Storage::file);
}

#[test]
fn nothing_is_lost_when_a_dump_of_postgresql_is_restored() {
    if storage::postgres().is_some() {
        play(Storage::postgres);
    }
}

fn play(storage: impl FnOnce(&std::path::Path) -> Storage) {
    let folder = tempfile::tempdir().unwrap();
    let mut storage = storage(&folder.path().join("server"));
    let mut shop = Shop::open(folder.path());
    shop.enrol(LI);
    shop.enrol(GUO);
    before_the_backup(&mut shop);
    storage.back_up();
    after_the_backup(&mut shop);
    let forgotten = shop.hq.changes().unwrap().len();

    shop.restart(|| storage.put_back());
    assert!(shop.hq.changes().unwrap().len() < forgotten, "the backup was put back");
    who_was_enrolled_since_comes_back(&mut shop);
    shop.everyone_syncs();
    shop.everyone_syncs();
    shop.headquarters_has_each_edit_once();
    shop.all_agree();
    headquarters_goes_on(&mut shop);
}

fn before_the_backup(shop: &mut Shop) {
    shop.edit(LI, Command::Note { member: SHARED.into(), text: "before".into() });
    shop.everyone_syncs();
}

/// What the backup will not know: edits of both phones that were answered, some that were not, a walk-in, a tag of a
/// guide's own, a phone, and what headquarters did.
fn after_the_backup(shop: &mut Shop) {
    let lis = shop.members_of(LI);
    shop.edit(LI, Command::Note { member: SHARED.into(), text: "answered".into() });
    shop.edit(LI, Command::Preferences { member: lis[3].clone(), text: "短款".into() });
    let own = text(&shop.tell(LI, Command::PersonalTag { name: "我的".into() }));
    shop.edit(LI, Command::SetTag { member: lis[4].clone(), tag: own, on: true });
    let walk_in = Command::WalkIn { name: "赵敏".into(), phone: "13911112222".into() };
    let walk_in = text(&shop.edit(LI, walk_in)["member"]);
    shop.edit(LI, Command::Note { member: walk_in, text: "of a walk-in".into() });
    shop.sync(LI);
    shop.edit(GUO, Command::Note { member: SHARED.into(), text: "hers too".into() });
    shop.sync(GUO);
    shop.enrol(FENG);
    let fengs = shop.members_of(FENG);
    shop.edit(FENG, Command::Note { member: fengs[0].clone(), text: "answered".into() });
    shop.sync(FENG);
    let pass = json!({"from": LI, "to": GUO, "kind": "on_job", "effective": "at_once", "members": [lis[7]]});
    shop.hq.send(Method::POST, "/hq/v1/handovers", Some(pass)).unwrap();
    shop.rename_a_tag("改过的");
    shop.everyone_syncs();
    for (guide, member) in [(LI, &lis[5]), (GUO, &SHARED.to_owned()), (FENG, &fengs[1])] {
        shop.edit(guide, Command::Note { member: member.clone(), text: "not sent".into() });
    }
}

/// The server does not know Feng's phone: it says so, and neither its book nor what waits in it is touched. A code for
/// another guide, or another server, does not get at it; one for her does.
fn who_was_enrolled_since_comes_back(shop: &mut Shop) {
    assert_eq!(shop.try_to(FENG, Command::Sync), Err("SignedOut".to_owned()));
    assert_eq!((shop.tell(FENG, Command::State), shop.waiting(FENG)), (json!("Open"), 1));
    let device = shop.devices[FENG].clone();
    let for_another = shop.answer_to_code(FENG, LI);
    assert!(for_another.as_ref().is_err_and(|error| error.contains("guide")), "{for_another:?}");
    let elsewhere = Command::Enrol { server: "http://127.0.0.1:1".into(), code: "0123456789".into(), device_name: "x".into() };
    assert!(shop.try_to(FENG, elsewhere).is_err_and(|error| error.contains("book")));
    assert_eq!((shop.try_to(FENG, Command::Sync), shop.waiting(FENG)), (Err("SignedOut".to_owned()), 1));
    assert_eq!(shop.answer_to_code(FENG, FENG), Ok(device.clone()), "she comes back as the same");
    // Whoever the server knows may answer to a code as well, and is who she is.
    assert_eq!(shop.answer_to_code(FENG, FENG), Ok(device));
}

/// What headquarters did since the backup it does again, and phones hear of it.
fn headquarters_goes_on(shop: &mut Shop) {
    shop.rename_a_tag("再改");
    shop.everyone_syncs();
    assert!([LI, GUO, FENG].into_iter().all(|guide| shop.tell(guide, Command::TagGroups).to_string().contains("再改")));
    shop.all_agree();
}
