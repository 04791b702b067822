//! Rounds that bring nothing and find nothing.

use guidebook_wire::protocol::PROTOCOL;
use guidebook_wire::round::OperationRecord;
use guidebook_wire::slices::SliceSums;
use guidebook_wire::{CursorRecord, ErrorCode, RoundRecord};
use uuid::Uuid;

use super::hash;
use super::round::{round_by_token, unchanged_by_token};
use super::testing::{NOW, TestPhone, World, note};
use crate::db::secrets::Token;
use crate::db::{DatabaseExt, Write};

#[test]
fn a_round_in_which_nothing_changed_is_answered_by_one_read_and_any_other_is_not() {
    let mut world = World::new();
    let mut li = TestPhone { protocol: PROTOCOL, ..world.phone("LI") };
    li.round(&world.db, &[]).unwrap();
    let token = Token { device: li.who.device, family: Uuid::nil(), expires_ms: NOW + 1_000_000_000, used: false };
    world.db.writing(Write::Session, |tx| tx.put_session(&hash("token"), &token)).unwrap();
    let operations = vec![OperationRecord::Known(Box::new(world.edit(&li, "M1", NOW, note("later"))))];
    let ask = |record: &RoundRecord, now_ms: u64| {
        let at_once = unchanged_by_token(&world.db, "token", record, now_ms).unwrap();
        let answer = round_by_token(&world.db, None, "token", record, now_ms).unwrap();
        if let Some(at_once) = &at_once {
            let json = |answer| serde_json::to_value(answer).unwrap();
            assert_eq!(json(at_once), json(&answer));
        }
        (at_once.is_some(), answer)
    };
    let record = RoundRecord { protocol: PROTOCOL, epoch: li.epoch, cursor: li.cursor, ..RoundRecord::default() };
    assert!(ask(&record, NOW).0);
    let total = RoundRecord { total: Some(SliceSums::default().total()), ..record.clone() };
    assert_eq!((ask(&total, NOW).0, ask(&total, NOW).1.compare), (true, true), "sums are compared");
    // It is long since she was seen, so that is written down.
    assert!(!ask(&record, NOW + 3_600_000).0);
    let others = [
        RoundRecord { epoch: None, ..record.clone() },
        RoundRecord { epoch: Some(Uuid::from_u128(7)), ..record.clone() },
        RoundRecord { cursor: CursorRecord { feed: 0, ..record.cursor }, ..record.clone() },
        RoundRecord { cursor: CursorRecord { catalogue: 0, ..record.cursor }, ..record.clone() },
        RoundRecord { sums: Some(SliceSums::default()), ..record.clone() },
        RoundRecord { operations, ..record.clone() },
    ];
    for other in &others {
        assert!(!ask(other, NOW).0);
    }
    let refused = unchanged_by_token(&world.db, "another", &record, NOW).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::SignedOut);
}
