//! Frames as phones and servers of each protocol wrote them, kept byte by byte: what is read from them must stay what it
//! was. A frame is never changed; a new version adds its own. Frames of tomorrow hold words that nobody knows yet.

#![allow(clippy::unwrap_used)]

use guidebook_wire::protocol::{LARGEST_PUSH, OLDEST_PROTOCOL, PROTOCOL};
use guidebook_wire::snapshot::read_chunk;
use guidebook_wire::{
    ChangeRecord, LiveAnswerRecord, LiveRecord, MemberRecord, OperationRecord, OutcomeRecord, RoundAnswerRecord, RoundRecord,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

const REQUEST_1: &str = r#"{"protocol":1,"epoch":"01010101-0101-4101-8101-010101010101","cursor":{"feed":7,"catalogue":15},"operations":[{"id":"01890000-0000-7000-8000-000000000002","device":"00000000-0000-0000-0000-000000000009","guide":"G1","hlc":117538645607120896,"member":"M1","edit":{"note":{"text":"喜欢红色"}}}]}"#;

const ANSWER_1: &str = r#"{"epoch":"01010101-0101-4101-8101-010101010101","server_ms":1793498400000,"guide":{"id":"G1","name":"李","store":"S1"},"receipts":[{"op":"01890000-0000-7000-8000-000000000002","outcome":"applied","position":8}],"changes":[{"group":{"id":"g8","name":"偏好","choice":"multi","editable_by":"guides"}},{"tag":{"id":"t9","group":"g8","name":"真皮","fate":"live"}},{"member":{"id":"M1","profile":{"name":"张三丰","phone":"13812345678","gender":"female","birthday":"--02-29","joined":"2020-01-01","level":"金卡","points":5,"store":"S1","brands":["B1"],"marketing_consent":true,"stats":{"orders":1,"spend_fen":9900,"first":"2026-10-01","last":"2026-10-01","recent":[{"day":"2026-10-01","product":"面霜","quantity":1,"paid_fen":9900}]}},"state":{"tags":{"t9":{"value":true,"stamp":{"hlc":117538645607120896,"device":"00000000-0000-0000-0000-000000000000","op":"01890000-0000-7000-8000-000000000001","guide":"HQ"}}}}}},{"member_gone":{"id":"M2","became":"M1"}}],"cursor":{"feed":8,"catalogue":15},"more":false,"wipe":false}"#;

const REQUEST_2: &str = r#"{"protocol":2,"epoch":"01010101-0101-4101-8101-010101010101","cursor":{"feed":8,"catalogue":15},"total":"0123456789abcdef","guide":"89abcdef"}"#;

const ANSWER_2: &str = r#"{"server_ms":1793498400000,"applied_at":9,"changes":[{"member_changed":{"id":"M1","patch":{"profile":{"points":6}}}},{"member_gone":{"id":"M3"}}],"positions":[9,1],"cursor":{"feed":10,"catalogue":15}}"#;

/// A member as servers tell her since they count months and products that are due again, within protocol 2.
const ANSWER_2_WITH_MONTHS: &str = r#"{"server_ms":1793498400000,"changes":[{"member":{"id":"M1","profile":{"name":"张三丰","points":0,"marketing_consent":false,"stats":{"orders":2,"spend_fen":9800}},"state":{},"months":{"2026-09":-100,"2026-10":9900},"due_again":{"面霜":"2026-12-30"}}}],"positions":[9],"cursor":{"feed":10,"catalogue":15}}"#;

/// Waiting came with protocol 2, under a path of its own; a server that does not know it answers 404.
const LIVE_REQUEST: &str = r#"{"epoch":"01010101-0101-4101-8101-010101010101","cursor":{"feed":8,"catalogue":15},"wait_s":50}"#;

const LIVE_ANSWER: &str = r#"{"server_ms":1793498400000,"news":true}"#;

/// With an edit, and its answer, as protocol 2 has them for a phone that writes out itself what its edits did.
const REQUEST_2_TERSE: &str = r#"{"protocol":2,"epoch":"01010101-0101-4101-8101-010101010101","cursor":{"feed":8,"catalogue":15},"terse":true,"operations":[{"id":"01890000-0000-7000-8000-000000000002","device":"00000000-0000-0000-0000-000000000009","guide":"G1","hlc":117538645607120896,"member":"M1","edit":{"tag":{"tag":"t9","on":true}}}]}"#;

const ANSWER_2_TERSE: &str =
    r#"{"server_ms":1793498400000,"applied_at":9,"changes":[{"own":[0]}],"positions":[9],"cursor":{"feed":9,"catalogue":15}}"#;

/// One member with a name, a phone and a tag, in columns, as protocol 2 began.
const CHUNK_2: &str = include_str!("golden/chunk_2.hex");

/// Read, and written again just so.
fn stays<T: DeserializeOwned + Serialize>(frame: &str) -> T {
    let read: T = serde_json::from_str(frame).unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(frame).unwrap(), without_defaults(serde_json::to_value(&read).unwrap(), frame));
    read
}

/// What protocol 1 wrote though it went without saying, and later versions leave out, is put back for the comparison.
fn without_defaults(mut written: serde_json::Value, frame: &str) -> serde_json::Value {
    for flag in ["more", "wipe"] {
        if frame.contains(&format!("\"{flag}\":false")) {
            written[flag] = false.into();
        }
    }
    written
}

#[test]
fn frames_of_protocol_1_are_read_as_they_were_meant() {
    let request: RoundRecord = stays(REQUEST_1);
    assert!((OLDEST_PROTOCOL..=PROTOCOL).contains(&request.protocol) && LARGEST_PUSH >= 1_000);
    assert!(matches!(request.operations[0], OperationRecord::Known(_)));
    let answer: RoundAnswerRecord = stays(ANSWER_1);
    assert!(matches!(answer.receipts[0].outcome, OutcomeRecord::Known(_)));
    assert!(answer.changes.iter().all(|change| !matches!(change, ChangeRecord::Unknown(_))));
    assert_eq!((answer.cursor.unwrap().feed, answer.member_positions().next()), (8, Some(0)));
}

#[test]
fn frames_of_protocol_2_are_read_as_they_were_meant() {
    let request: RoundRecord = stays(REQUEST_2);
    assert_eq!((request.total.as_deref(), request.guide.as_deref()), (Some("0123456789abcdef"), Some("89abcdef")));
    let answer: RoundAnswerRecord = stays(ANSWER_2);
    assert_eq!(answer.member_positions().take(2).collect::<Vec<_>>(), [9, 10]);
    let pushed: RoundRecord = serde_json::from_str(REQUEST_1).unwrap();
    let mut expanded = answer;
    expanded.expand(&pushed);
    assert_eq!((expanded.receipts.len(), expanded.receipts[0].position), (1, 9));
}

#[test]
fn months_and_products_due_are_read_and_are_nothing_that_a_former_phone_trips_over() {
    let answer: RoundAnswerRecord = stays(ANSWER_2_WITH_MONTHS);
    let ChangeRecord::Member(member) = &answer.changes[0] else { panic!("no member") };
    let months: Vec<(String, i64)> = member.months.0.iter().map(|(month, fen)| (month.to_string(), *fen)).collect();
    assert_eq!(months, [("2026-09".to_owned(), -100), ("2026-10".to_owned(), 9_900)]);
    assert_eq!(member.due_again["面霜"].to_string(), "2026-12-30");
    assert!(member.extra.0.is_empty());
    // A phone from before keeps both as it keeps any field that it does not know, and has them when it is renewed.
    let former: FormerMember = serde_json::from_value(serde_json::to_value(member).unwrap()).unwrap();
    assert_eq!(former.extra.len(), 2);
    let kept = serde_json::to_value(&former).unwrap();
    assert_eq!(&serde_json::from_value::<MemberRecord>(kept).unwrap(), &**member);
    // What a former server does not tell is empty, and costs nothing.
    let former: RoundAnswerRecord = serde_json::from_str(ANSWER_1).unwrap();
    let ChangeRecord::Member(member) = &former.changes[2] else { panic!("no member") };
    assert!(member.months.is_empty() && member.due_again.is_empty());
    let written = serde_json::to_string(member).unwrap();
    assert!(!written.contains("months") && !written.contains("due_again"));
}

/// The record of a member before months were told.
#[derive(Serialize, serde::Deserialize)]
struct FormerMember {
    id: guidebook_domain::MemberId,
    profile: guidebook_domain::MemberProfile,
    #[serde(default)]
    state: guidebook_domain::MemberState,
    #[serde(flatten)]
    extra: serde_json::Map<String, serde_json::Value>,
}

#[test]
fn a_revealed_number_is_an_edit_that_a_former_server_answers_on_its_own() {
    let edit = r#"{"reveal":{"reason":"call"}}"#;
    let request = REQUEST_1.replace(r#"{"note":{"text":"喜欢红色"}}"#, edit);
    let request: RoundRecord = stays(&request);
    assert!(matches!(request.operations[0], OperationRecord::Known(_)));
    // To a server that knows no such edit it is what this one is to us: not understood, with an id to answer to.
    let foreign = serde_json::to_string(&request).unwrap().replace("reveal", "hologram");
    let foreign: RoundRecord = serde_json::from_str(&foreign).unwrap();
    assert!(matches!(foreign.operations[0], OperationRecord::Unknown(_)) && foreign.operations[0].id().is_some());
}

#[test]
fn frames_of_waiting_are_read_as_they_were_meant() {
    let request: LiveRecord = stays(LIVE_REQUEST);
    assert_eq!((request.cursor.feed, request.wait_s), (8, 50));
    let answer: LiveAnswerRecord = stays(LIVE_ANSWER);
    assert_eq!((answer.news, answer.come_back_s), (true, None));
}

#[test]
fn a_terse_answer_of_protocol_2_means_what_the_edits_did() {
    let request: RoundRecord = stays(REQUEST_2_TERSE);
    let mut answer: RoundAnswerRecord = stays(ANSWER_2_TERSE);
    answer.expand(&request);
    let [ChangeRecord::MemberChanged { id, patch }] = answer.changes.as_slice() else { panic!("not written out") };
    let stamp = serde_json::json!({"hlc": 117538645607120896u64, "device": "00000000-0000-0000-0000-000000000009",
        "op": "01890000-0000-7000-8000-000000000002", "guide": "G1"});
    assert_eq!(id.as_str(), "M1");
    assert_eq!(patch.0, serde_json::json!({"state": {"tags": {"t9": {"value": true, "stamp": stamp}}}}));
}

#[test]
fn a_snapshot_of_protocol_2_is_read_as_it_was_meant() {
    let digits = CHUNK_2.trim().as_bytes();
    let bytes: Vec<u8> = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
    let members = read_chunk(&bytes).unwrap();
    let answer: RoundAnswerRecord = serde_json::from_str(ANSWER_1).unwrap();
    let ChangeRecord::Member(member) = &answer.changes[2] else { panic!("no member") };
    assert_eq!((members.len(), members[0].position, &members[0].record), (1, 8, &**member));
}

#[test]
fn words_of_tomorrow_spoil_nothing_today() {
    let request = REQUEST_2.replacen('{', r#"{"hologram":{"on":true},"#, 1);
    assert_eq!(serde_json::from_str::<RoundRecord>(&request).unwrap().cursor.feed, 8);
    let answer = ANSWER_2.replacen('{', r#"{"weather":"雨","#, 1).replacen(r#""changes":["#, r#""changes":[{"hologram":{"id":"M1"}},"#, 1);
    let answer: RoundAnswerRecord = serde_json::from_str(&answer).unwrap();
    assert!(matches!(answer.changes[0], ChangeRecord::Unknown(_)) && matches!(answer.changes[1], ChangeRecord::MemberChanged { .. }));
    let member = ANSWER_1.replacen(r#"{"member":{"id":"M1","#, r#"{"member":{"pet":{"kind":"猫"},"id":"M1","#, 1);
    let answer: RoundAnswerRecord = serde_json::from_str(&member).unwrap();
    let ChangeRecord::Member(member) = &answer.changes[2] else { panic!("no member") };
    assert_eq!(serde_json::to_value(member).unwrap()["pet"]["kind"], "猫");
}
