use guidebook_domain::{
    Edit, GuideField, GuideId, Hlc, MemberId, MemberProfile, MemberState, Operation, OperationId, Phone, Private, TagId,
};
use serde_json::{Value, json};

use super::columns::{Kind, Reader, Writer};
use super::*;
use crate::MemberRecord;

fn operation(n: u64, edit: Edit) -> Operation {
    let id = OperationId::from_time(n, [n as u8; 10]);
    let device = guidebook_domain::DeviceId::from_uuid(uuid::Uuid::from_u128(n.into()));
    Operation { id, device, guide: GuideId::new("G1").unwrap(), hlc: Hlc::new(n, 3), member: None, edit }
}

/// Members of all kinds: those of whom all is known, those of whom nothing is.
fn members() -> Vec<SnapshotMember> {
    let whole = json!({
        "id": "M1",
        "profile": {
            "name": "尉迟敏瑶", "phone": "13812345678", "gender": "female", "birthday": "1990-02-28", "joined": "2025-04-10",
            "level": "金卡", "points": -7, "store": "S01", "brands": ["B01", "B02"], "marketing_consent": true,
            "stats": {
                "orders": 3, "spend_fen": 123_456, "first": "2025-05-01", "last": "2026-10-31",
                "recent": [{"day": "2026-10-31", "product": "面霜", "quantity": 2, "paid_fen": 9_900}],
            },
        },
        "months": {"2026-08": -100, "2026-10": 123_556},
        "due_again": {"面霜": "2026-12-30"},
        "pet": {"kind": "猫"},
    });
    let mut whole: MemberRecord = serde_json::from_value(whole).unwrap();
    let tag = |name: &str| TagId::new(name).unwrap();
    for (n, edit) in [
        Edit::Tag { tag: tag("T1"), on: true },
        Edit::Tag { tag: tag("p.G1.x"), on: false },
        Edit::Choose { group: "age".parse().unwrap(), tag: Some(tag("T2")) },
        Edit::Choose { group: "size".parse().unwrap(), tag: None },
        Edit::Note { text: Private::new("喜欢红色") },
        Edit::Field { field: GuideField::RemarkName, value: Private::new("瑶姐") },
    ]
    .into_iter()
    .enumerate()
    {
        whole.state.apply(&operation(n as u64 + 1, edit));
    }
    let plain = |n: u32| {
        let profile =
            MemberProfile { name: Private::new(format!("王{n}")), birthday: "--02-29".to_owned().try_into().ok(), ..Default::default() };
        let phone = n.is_multiple_of(2).then(|| Phone::parse(&format!("139{n:08}")).unwrap());
        MemberRecord::new(MemberId::new(format!("X{n}")).unwrap(), MemberProfile { phone, ..profile }, MemberState::default())
    };
    let records = std::iter::once(whole).chain((0..50).map(plain));
    records.enumerate().map(|(n, record)| SnapshotMember { position: 1_000_000 - 7 * n as u64, record }).collect()
}

#[test]
fn members_come_back_as_they_were() {
    let members = members();
    let chunk = write_chunk(&members).unwrap();
    assert_eq!(read_chunk(&chunk).unwrap(), members);
    assert_eq!(read_chunk(&write_chunk(&[]).unwrap()).unwrap(), []);
}

#[test]
fn a_chunk_opens_only_with_its_key_and_in_its_place() {
    let sealed = seal_chunk(&[1; 32], 3, b"chunk").unwrap();
    assert_eq!(open_chunk(&[1; 32], 3, &sealed).unwrap(), b"chunk");
    assert_eq!(open_chunk(&[1; 32], 4, &sealed), Err(SnapshotError::Sealed));
    assert_eq!(open_chunk(&[2; 32], 3, &sealed), Err(SnapshotError::Sealed));
}

/// A chunk of a later version: one more column.
fn of_tomorrow(add: impl Fn(&mut Writer, usize)) -> Vec<u8> {
    let mut writer = Writer::default();
    for n in 0..100 {
        writer.text("id", &format!("M{n}"));
        add(&mut writer, n);
    }
    writer.finish(100)
}

#[test]
fn a_column_of_tomorrow_is_kept_and_costs_its_values() {
    let today = of_tomorrow(|_, _| {}).len();
    let constant = of_tomorrow(|writer, _| writer.int("vip", 0));
    assert!(constant.len() - today < 30, "{}", constant.len() - today);
    for (n, member) in read_chunk(&constant).unwrap().into_iter().enumerate() {
        assert_eq!(member.record.extra.0["vip"], 0);
        assert_eq!(member.record.id.as_str(), format!("M{n}"));
    }
    let varied = read_chunk(&of_tomorrow(|writer, n| writer.dict("club", (n > 3).then_some("车友会")))).unwrap();
    assert!(!varied[3].record.extra.0.contains_key("club"));
    assert_eq!(varied[4].record.extra.0["club"], "车友会");
    let json = read_chunk(&of_tomorrow(|writer, n| writer.json("car", &format!("{{\"doors\":{n}}}")))).unwrap();
    assert_eq!(json[5].record.extra.0["car"], json!({"doors": 5}) as Value);
}

#[test]
fn a_broken_chunk_is_an_error_and_never_a_panic() {
    let chunk = write_chunk(&members()).unwrap();
    for end in 0..chunk.len() {
        assert!(read_chunk(&chunk[..end]).is_err(), "{end}");
    }
    for at in 0..chunk.len() {
        for bit in [1, 0x40, 0x80] {
            let mut broken = chunk.clone();
            broken[at] ^= bit;
            drop(read_chunk(&broken));
        }
    }
    assert_eq!(Reader::open(b"GBS2").err(), Some(SnapshotError::Malformed("beginning")));
    assert!(matches!(Reader::open(&chunk).unwrap().take("id", Kind::Int), Err(SnapshotError::Malformed("kind"))));
}
