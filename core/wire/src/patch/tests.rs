use guidebook_domain::MemberId;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn record(value: Value) -> MemberRecord {
    let mut whole = json!({"id": "M1", "profile": {"name": "张三丰", "points": 1, "stats": {"orders": 0, "spend_fen": 0}}});
    merge(&mut whole, value);
    serde_json::from_value(whole).unwrap()
}

#[test]
fn a_patch_of_the_difference_leads_from_one_record_to_the_other() {
    let cell = |n: u64, value: bool| json!({"value": value, "stamp": {"hlc": n, "device": uuid::Uuid::nil(), "op": uuid::Uuid::nil(), "guide": "G1"}});
    let worlds = [
        record(json!({})),
        record(json!({"profile": {"points": 7, "phone": "13812345678", "brands": ["B1"]}, "state": {"tags": {"T1": cell(1, true)}}})),
        record(json!({"profile": {"brands": ["B1", "B2"]}, "state": {"tags": {"T1": cell(2, false), "T2": cell(3, true)}}})),
        record(json!({"pet": {"kind": "猫"}, "profile": {"stats": {"orders": 2, "last": "2026-10-01"}}})),
    ];
    for before in &worlds {
        for after in &worlds {
            let paths = difference(before, after).unwrap();
            assert_eq!(paths.is_empty(), before == after);
            let patch = MemberPatch::of(after, &paths).unwrap();
            assert_eq!(&patch.clone().apply(before).unwrap(), after);
            // Applied to a record that has it already, it changes nothing.
            assert_eq!(&patch.apply(after).unwrap(), after);
        }
    }
}

#[test]
fn a_patch_makes_nobody_somebody_else() {
    let other = MemberPatch(json!({"id": "M2"}));
    assert_eq!(other.apply(&record(json!({}))), Err(PatchError));
    assert_eq!(record(json!({})).id, MemberId::new("M1").unwrap());
}

/// Words that a member's record has for its fields, and a few that it has not.
fn names() -> impl Strategy<Value = String> {
    let known = [
        "id",
        "profile",
        "state",
        "months",
        "due_again",
        "until",
        "pet",
        "name",
        "phone",
        "gender",
        "birthday",
        "joined",
        "level",
        "points",
        "store",
        "brands",
        "marketing_consent",
        "stats",
        "orders",
        "spend_fen",
        "first",
        "last",
        "recent",
        "tags",
        "choices",
        "fields",
        "notes",
        "withdrawn",
        "follow_ups",
        "done",
        "T1",
        "T2",
        "age",
        "remark_name",
        "size_top",
        "value",
        "stamp",
        "text",
        "due",
        "hlc",
        "device",
        "op",
        "guide",
        "2026-10",
        "2026-1",
        "面霜",
        "00000000-0000-7000-8000-00000000000a",
        "00000000-0000-7000-8000-00000000000A",
    ];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn leaves() -> impl Strategy<Value = Value> {
    let text =
        ["M1", "M2", "张三丰", "13812345678", "female", "--02-29", "2026-10-07", "S1", "T1", "", "00000000-0000-7000-8000-00000000000a"];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..9i64).prop_map(Value::from),
        prop::sample::select(text.to_vec()).prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!(["B1", "B2"])),
        Just(json!([{"day": "2026-10-07", "product": "面霜", "quantity": 1, "paid_fen": 5}])),
    ]
}

/// Any JSON in these words.
fn nonsense() -> impl Strategy<Value = Value> {
    leaves().prop_recursive(4, 24, 4, |inner| prop::collection::vec((names(), inner), 0..4).prop_map(|fields| fields.into_iter().collect()))
}

fn cells(names: &'static [&'static str], value: impl Strategy<Value = Value> + 'static) -> BoxedStrategy<Value> {
    let stamp = (0..4u64, 0..2u128, 0..2u128).prop_map(
        |(hlc, device, op)| json!({"hlc": hlc, "device": uuid::Uuid::from_u128(device), "op": uuid::Uuid::from_u128(op), "guide": "G1"}),
    );
    let cell = (value, stamp).prop_map(|(value, stamp)| {
        let mut cell = json!({"stamp": stamp});
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    cell[name] = value;
                }
            }
            value => cell["value"] = value,
        }
        cell
    });
    let cell = prop_oneof![6 => cell, 1 => Just(Value::Null), 1 => nonsense()];
    prop::collection::btree_map(prop::sample::select(names), cell, 0..3)
        .prop_map(|cells| cells.into_iter().map(|(name, cell)| (name.to_owned(), cell)).collect())
        .boxed()
}

/// What a record or a patch may well hold.
fn sense() -> impl Strategy<Value = Value> {
    const TAGS: &[&str] = &["T1", "T2", "T3"];
    const FIELDS: &[&str] = &["remark_name", "preferences", "size_shoe"];
    const IDS: &[&str] = &["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-00000000000a"];
    let state = prop::collection::btree_map(prop::sample::select(vec![0, 1, 2, 3, 4, 5, 6]), Just(()), 0..4).prop_flat_map(|maps| {
        let one = |map: i32| match map {
            0 => ("tags", cells(TAGS, any::<bool>().prop_map(Value::from))),
            1 => ("choices", cells(TAGS, prop_oneof![Just(Value::Null), Just(json!("T1"))])),
            2 => ("fields", cells(FIELDS, Just(json!("瑶姐")))),
            3 => ("notes", cells(IDS, Just(json!({"text": "喜欢红色"})))),
            4 => ("withdrawn", cells(IDS, any::<bool>().prop_map(Value::from))),
            5 => ("follow_ups", cells(IDS, Just(json!({"text": "生日", "due": "2026-10-07"})))),
            _ => ("done", cells(IDS, any::<bool>().prop_map(Value::from))),
        };
        maps.into_keys().map(one).map(|(name, cells)| cells.prop_map(move |cells| (name.to_owned(), cells))).collect::<Vec<_>>()
    });
    let object = |fields: Vec<(String, Value)>| fields.into_iter().collect::<Value>();
    let profile = prop::collection::vec(
        prop_oneof![
            Just(("points".to_owned(), json!(7))),
            Just(("phone".to_owned(), json!("13812345678"))),
            Just(("brands".to_owned(), json!(["B1"]))),
            Just(("stats".to_owned(), json!({"orders": 2, "spend_fen": 5, "last": "2026-10-07"}))),
            Just(("stats".to_owned(), json!({"recent": []}))),
            (names(), leaves()),
        ],
        0..4,
    );
    let beside = prop::collection::vec(
        prop_oneof![
            Just(("months".to_owned(), json!({"2026-10": 5, "2026-09": null}))),
            Just(("due_again".to_owned(), json!({"面霜": "2026-12-30"}))),
            Just(("until".to_owned(), json!("2026-12-30"))),
            Just(("id".to_owned(), json!("M1"))),
            (Just("pet".to_owned()), nonsense()),
        ],
        0..3,
    );
    (profile.prop_map(object), state.prop_map(object), beside, any::<[bool; 2]>()).prop_map(|(profile, state, mut beside, [has, holds])| {
        beside.extend(has.then(|| ("profile".to_owned(), profile)));
        beside.extend(holds.then(|| ("state".to_owned(), state)));
        beside.into_iter().collect()
    })
}

fn any_record() -> impl Strategy<Value = MemberRecord> {
    sense().prop_map(|value| MemberPatch(value).put_through_json(&record(json!({}))).unwrap_or_else(|_| record(json!({}))))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_patch_put_into_the_fields_leads_where_it_leads_through_json(
        before in any_record(),
        patch in prop_oneof![4 => sense(), 1 => nonsense()],
    ) {
        let patch = MemberPatch(patch);
        prop_assert_eq!(patch.clone().apply(&before), patch.put_through_json(&before));
    }

    #[test]
    fn what_servers_say_is_put_into_the_fields(before in any_record(), after in any_record()) {
        let patch = MemberPatch::of(&after, &difference(&before, &after).unwrap()).unwrap();
        let mut patched = before;
        prop_assert_eq!(in_place::put(&patch.0, &mut patched), Some(()));
        prop_assert_eq!(patched, after);
    }
}
