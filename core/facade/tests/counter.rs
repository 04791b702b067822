//! What a counter sees of a member: near birthdays, what is due, what was found, her number on record, scanned codes.

#![allow(clippy::unwrap_used)]

use guidebook_core::edit_view::{EditFate, EditKind};
use guidebook_core::request::{ListRequest, RevealReason, WalkinRequest};
use guidebook_core::view::{CodeView, MatchField, MatchSpan, MembershipRow, MonthSpend, ReplenishmentRow};
use guidebook_core::{Guidebook, GuidebookError};
use guidebook_wire::{ChangeRecord, MemberRecord, RoundAnswerRecord};
use shared::{CONTACT, FIRST, a_book, a_list, a_store, an_answer, open};

mod shared;

/// [`CONTACT`] is 16:00 on 15 January 2027 in Shanghai.
const TODAY: &str = "2027-01-15";
const DAY_MS: u64 = 24 * 3_600_000;

fn list(book: &Guidebook, change: impl Fn(&mut ListRequest)) -> Vec<String> {
    let mut request = a_list("");
    change(&mut request);
    book.list(request).unwrap().rows.into_iter().map(|row| row.id).collect()
}

/// What HQ says of two members and of names, on top of [`a_store`].
fn told() -> RoundAnswerRecord {
    let members = [
        r#"{"id":"M2","profile":{"name":"单小曼","phone":"13900001111","birthday":"1990-01-18","store":"S1","brands":["B1","B9"],
            "stats":{"orders":3,"spend_fen":30000,"last":"2027-01-01","recent":[
                {"day":"2027-01-01","product":"面霜","quantity":1,"paid_fen":10000},
                {"day":"2026-12-02","product":"面霜","quantity":1,"paid_fen":10000},
                {"day":"2026-11-01","product":"面霜","quantity":1,"paid_fen":10000}]}},
            "months":{"2026-11":10000,"2026-12":10000,"2027-01":10000},"due_again":{"面霜":"2027-03-02","精华":"2027-02-01"}}"#,
        r#"{"id":"M3","profile":{"name":"7号","birthday":"--02-29","stats":{"orders":0,"spend_fen":0}}}"#,
    ];
    let member = |text| ChangeRecord::Member(Box::new(serde_json::from_str::<MemberRecord>(text).unwrap()));
    let mut changes: Vec<ChangeRecord> = members.into_iter().map(member).collect();
    let names = r#"{"stores":[{"id":"S1","name":"海岸城店"}],"brands":[{"id":"B1","name":"兰若雅"}],"guides":[]}"#;
    changes.push(ChangeRecord::Directory(serde_json::from_str(names).unwrap()));
    RoundAnswerRecord { changes, ..an_answer(CONTACT) }
}

fn a_counter(folder: &std::path::Path) -> std::sync::Arc<Guidebook> {
    let (book, vault) = a_book(folder);
    drop(book);
    shared::store_at(folder, FIRST, 1).absorb(told(), CONTACT).unwrap();
    let book = open(folder, &vault, CONTACT);
    book.unlock().unwrap();
    book
}

#[test]
fn birthdays_are_counted_from_the_stores_day() {
    let folder = tempfile::tempdir().unwrap();
    let book = a_counter(folder.path());
    let near = |days| list(&book, |request| request.birthday_within_days = Some(days));
    assert_eq!((near(2), near(3), near(44), near(u32::MAX)), (vec![], vec!["M2".into()], vec!["M2".into(), "M3".into()], near(366)));
    let row = book.member("M2".into()).unwrap().row;
    assert_eq!((row.birthday.as_deref(), row.days_to_birthday), (Some("1990-01-18"), Some(3)));
    assert_eq!(book.member("M3".into()).unwrap().row.days_to_birthday, Some(44), "29 February is kept on the 28th");
    assert_eq!(book.member("M1".into()).unwrap().row.days_to_birthday, None);
}

#[test]
fn today_turns_at_midnight_in_shanghai() {
    let folder = tempfile::tempdir().unwrap();
    drop(a_counter(folder.path()));
    let vault = std::sync::Arc::new(shared::Vault::default());
    vault.put(FIRST, Some(vec![1; 32]));
    for (later_ms, days) in [(8 * 3_600_000 - 1, 3), (8 * 3_600_000, 2)] {
        let book = open(folder.path(), &vault, CONTACT + later_ms);
        book.unlock().unwrap();
        assert_eq!(book.member("M2".into()).unwrap().row.days_to_birthday, Some(days));
    }
}

#[test]
fn a_follow_up_is_due_until_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let book = a_counter(folder.path());
    let due = || list(&book, |request| request.follow_up_due = true);
    book.add_follow_up("M1".into(), "后天".into(), "2027-01-17".into()).unwrap();
    assert_eq!(due(), Vec::<String>::new());
    let today = book.add_follow_up("M1".into(), "今天".into(), TODAY.into()).unwrap();
    assert_eq!((due(), book.member("M1".into()).unwrap().row.next_follow_up.as_deref()), (vec!["M1".to_owned()], Some(TODAY)));
    book.set_follow_up_done("M1".into(), today, true).unwrap();
    assert_eq!((due(), book.member("M1".into()).unwrap().row.next_follow_up.as_deref()), (vec![], Some("2027-01-17")));
}

#[test]
fn a_row_says_what_was_found_and_where_she_stands() {
    let folder = tempfile::tempdir().unwrap();
    let book = a_counter(folder.path());
    let found = |text: &str| book.list(ListRequest { text: text.into(), ..a_list("") }).unwrap().rows.remove(0);
    let row = found("xm");
    assert_eq!((row.id.as_str(), row.index_letter.as_str()), ("M2", "S"));
    assert_eq!(row.matches, [MatchSpan { field: MatchField::Name, start: 1, length: 2 }]);
    assert_eq!(found("1111").matches, [MatchSpan { field: MatchField::Phone, start: 7, length: 4 }]);
    let everyone: Vec<_> = book.list(a_list("")).unwrap().rows.into_iter().map(|row| (row.id, row.index_letter, row.matches)).collect();
    let row = |id: &str, letter: &str| (id.to_owned(), letter.to_owned(), Vec::new());
    assert_eq!(everyone, [row("M2", "S"), row("M1", "Z"), row("M3", "#")]);
}

#[test]
fn a_member_tells_her_months_her_habit_and_what_is_due_again() {
    let folder = tempfile::tempdir().unwrap();
    let book = a_counter(folder.path());
    let her = book.member("M2".into()).unwrap();
    assert_eq!((her.spend_by_month.len(), her.spend_by_month[0].month.as_str()), (12, "2026-02"));
    assert!(her.spend_by_month[11] == MonthSpend { month: "2027-01".into(), spend_fen: 10_000 } && her.spend_by_month[8].spend_fen == 0);
    assert_eq!((her.cadence_days, her.usual_return.as_deref()), (Some(31), Some("2027-02-01")));
    let due = |product: &str, due: &str| ReplenishmentRow { product: product.into(), due: due.into() };
    assert!(her.replenishments == [due("精华", "2027-02-01"), due("面霜", "2027-03-02")]);
    let brand = |id: &str, name: &str| MembershipRow { id: id.into(), name: name.into() };
    assert_eq!(her.memberships, [brand("B1", "兰若雅"), brand("B9", "B9")]);
    assert_eq!((her.store_name.as_deref(), book.brands().unwrap()), (Some("海岸城店"), vec![brand("B1", "兰若雅")]));
    let nobody = book.member("M3".into()).unwrap();
    assert!(nobody.spend_by_month.is_empty() && nobody.cadence_days.is_none() && nobody.store_name.is_none());
}

#[test]
fn a_number_is_shown_once_it_is_on_record() {
    let folder = tempfile::tempdir().unwrap();
    let book = a_counter(folder.path());
    assert_eq!(book.reveal_phone("M2".into(), RevealReason::Delivery).as_deref(), Ok("13900001111"));
    let on_disk = shared::store_at(folder.path(), FIRST, 1).next_push().unwrap();
    assert_eq!(on_disk.len(), 1, "as another process sees it");
    let edit = book.edit_history(Some("M2".into()), 0, 50).unwrap().remove(0);
    assert_eq!((edit.kind, edit.what.as_str(), &edit.fate, edit.undoable), (EditKind::Reveal, "delivery", &EditFate::Waiting, false));
    assert_eq!(edit.id, on_disk[0].id.to_string());
    assert!(book.member("M2".into()).unwrap().notes.is_empty());
    assert!(book.apply_again(edit.id).is_err());
    assert_eq!(book.sync_state().unwrap().waiting, 1);
}

#[test]
fn numbers_of_a_day_are_limited_and_a_clock_that_is_set_back_frees_none() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = a_store(folder.path(), FIRST, 1);
    let member = "M1".parse().unwrap();
    let limit = guidebook_domain::Limits::default().reveals_per_day;
    let mut look = |n: usize, wall_ms: u64| {
        let mut random = [0; 10];
        random[..8].copy_from_slice(&n.to_be_bytes());
        let moment = guidebook_store::Moment { wall_ms, random };
        store.reveal_phone(&member, guidebook_domain::RevealReason::Call, moment).map(drop)
    };
    for n in 0..limit {
        look(n, CONTACT).unwrap();
    }
    assert!(look(limit, CONTACT).is_err() && look(limit, CONTACT - 30 * DAY_MS).is_err());
    look(limit, CONTACT + DAY_MS + 1).unwrap();
}

#[test]
fn who_has_a_number_is_known_before_she_is_enrolled_twice() {
    let folder = tempfile::tempdir().unwrap();
    let book = a_counter(folder.path());
    assert_eq!(book.member_by_phone("+86 139-0000-1111".into()).unwrap().map(|row| row.id), Some("M2".to_owned()));
    assert!(book.member_by_phone("13900001112".into()).unwrap().is_none());
    let again = WalkinRequest {
        name: "单".into(),
        phone: "13900001111".into(),
        gender: None,
        birthday: None,
        agrees_to_membership: true,
        agrees_to_marketing: false,
        agrees_to_brands: Vec::new(),
    };
    assert_eq!(book.enrol_walk_in(again).err(), Some(GuidebookError::AlreadyMember { member: "M2".into() }));
}

#[test]
fn a_code_is_read_before_and_after_there_is_a_book() {
    let folder = tempfile::tempdir().unwrap();
    let book = a_counter(folder.path());
    let read = |text: &str| book.read_code(text.into()).unwrap();
    let code = CodeView::Enrolment { code: "AB12CD34EF".into(), server: Some("https://book.example.cn".into()) };
    let link = "https://book.example.cn/enrol?code=AB12CD34EF";
    let phone = |member: Option<&str>| CodeView::Phone { phone: "13900001111".into(), member: member.map(str::to_owned) };
    assert!(read(link) == code && read("m2\n") == CodeView::Member { member: "M2".into() } && read("?") == CodeView::Unknown);
    assert!(read("139 0000 1111") == phone(Some("M2")));
    book.lock();
    assert!(book.read_code(link.into()) == Ok(code) && book.read_code("M2".into()) == Ok(CodeView::Unknown));
    assert!(book.read_code("13900001111".into()) == Ok(phone(None)));
}
