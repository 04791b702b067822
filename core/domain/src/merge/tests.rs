use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn guide(n: u8) -> GuideId {
    GuideId::new(format!("G{n}")).unwrap()
}

fn op(id: u8, device: u8, hlc: u64, edit: Edit) -> Operation {
    Operation {
        id: OperationId::from_time(hlc, [id; 10]),
        device: DeviceId::from_uuid(Uuid::from_bytes([device; 16])),
        guide: guide(device),
        hlc: Hlc::new(hlc, 0),
        member: None,
        edit,
    }
}

fn tag(on: bool) -> Edit {
    Edit::Tag { tag: TagId::new("T1").unwrap(), on }
}

fn choose(tag: Option<&str>) -> Edit {
    Edit::Choose { group: TagGroupId::new("age").unwrap(), tag: tag.map(|t| TagId::new(t).unwrap()) }
}

fn remark(text: &str) -> Edit {
    Edit::Field { field: GuideField::RemarkName, value: text.into() }
}

/// A device, a time, an edit.
type Case = (u8, u64, Edit);

/// The table of cases: two edits, each (device, HLC, edit), and which of the two holds in the end.
#[test]
fn the_table_of_cases() {
    let table: &[(&str, Case, Case, usize)] = &[
        ("the later edit wins", (1, 10, tag(true)), (2, 11, tag(false)), 1),
        ("whatever it does", (1, 10, tag(false)), (2, 11, tag(true)), 1),
        ("at the same time the greater device wins", (1, 10, tag(true)), (2, 10, tag(false)), 1),
        ("on a full tie, on beats off", (1, 10, tag(true)), (1, 10, tag(false)), 0),
        ("a choice is one register: the later wins whole", (1, 10, choose(Some("80s"))), (2, 11, choose(Some("90s"))), 1),
        ("clearing is a choice like any other", (1, 12, choose(None)), (2, 11, choose(Some("90s"))), 0),
        ("on a full tie of choices, a tag beats none", (1, 10, choose(Some("80s"))), (1, 10, choose(None)), 0),
        ("a field is a register", (1, 10, remark("a")), (2, 9, remark("b")), 0),
    ];
    for (name, first, second, winner) in table {
        let ops = [op(1, first.0, first.1, first.2.clone()), op(2, second.0, second.1, second.2.clone())];
        let mut forward = MemberState::default();
        let mut backward = MemberState::default();
        ops.iter().for_each(|o| drop(forward.apply(o)));
        ops.iter().rev().for_each(|o| drop(backward.apply(o)));
        assert_eq!(forward, backward, "{name}");
        let loser = 1 - winner;
        assert!(forward.winner_over(&ops[*winner]).is_none(), "{name}");
        assert_eq!(forward.winner_over(&ops[loser]).map(|s| s.op), Some(ops[*winner].id), "{name}");
    }
}

#[test]
fn the_loser_is_told_by_whom_when_and_with_what() {
    let mut state = MemberState::default();
    let winner = op(1, 2, 20, tag(false));
    assert_eq!(state.apply(&winner), None);
    let told = state.apply(&op(2, 1, 10, tag(true))).unwrap();
    assert_eq!(told, Superseded { op: winner.id, guide: guide(2), at: Hlc::new(20, 0), with: tag(false) });
}

#[test]
fn notes_are_only_ever_appended() {
    let mut state = MemberState::default();
    let first = op(1, 1, 10, Edit::Note { text: "size 38".into() });
    state.apply(&first);
    state.apply(&Operation { edit: Edit::Note { text: "changed".into() }, ..first.clone() });
    state.apply(&op(2, 2, 11, Edit::Note { text: "size 39".into() }));
    state.apply(&op(3, 2, 12, Edit::WithdrawNote { note: first.id, withdrawn: true }));
    assert_eq!(state.notes.len(), 2);
    assert_eq!(state.notes[&first.id].text.expose(), "size 38");
    assert!(state.withdrawn[&first.id].value);
}

#[test]
fn undoing_each_kind_of_edit_brings_back_what_was_there() {
    let mut before = MemberState::default();
    before.apply(&op(1, 1, 1, tag(true)));
    before.apply(&op(2, 1, 1, choose(Some("80s"))));
    before.apply(&op(3, 1, 1, remark("Aunt Wang")));
    for (n, edit) in [tag(false), choose(Some("90s")), choose(None), remark("")].into_iter().enumerate() {
        let n = n as u8 + 10;
        let done = op(n, 1, 10, edit);
        let undo = op(n + 100, 1, 11, before.inverse(done.id, &done.edit).unwrap());
        let mut after = before.clone();
        after.apply(&done);
        after.apply(&undo);
        let values = |s: &MemberState| {
            let tags: Vec<_> = s.tags.iter().map(|(k, c)| (k.clone(), c.value)).collect();
            let choices: Vec<_> = s.choices.iter().map(|(k, c)| (k.clone(), c.value.clone())).collect();
            let fields: Vec<_> = s.fields.iter().map(|(k, c)| (*k, c.value.clone())).collect();
            (tags, choices, fields)
        };
        assert_eq!(values(&after), values(&before));
    }
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let tag_id = prop::sample::select(vec!["T1", "T2"]).prop_map(|t| TagId::new(t).unwrap());
    let some_op = || any::<bool>().prop_map(|b| OperationId::from_time(1, [u8::from(b); 10]));
    prop_oneof![
        (tag_id.clone(), any::<bool>()).prop_map(|(tag, on)| Edit::Tag { tag, on }),
        prop::option::of(tag_id).prop_map(|tag| Edit::Choose { group: TagGroupId::new("g").unwrap(), tag }),
        "[ab]".prop_map(|v| remark(&v)),
        "[ab]".prop_map(|t| Edit::Note { text: t.as_str().into() }),
        (some_op(), any::<bool>()).prop_map(|(note, withdrawn)| Edit::WithdrawNote { note, withdrawn }),
        (some_op(), any::<bool>()).prop_map(|(follow_up, done)| Edit::FollowUpDone { follow_up, done }),
        Just(Edit::FollowUp { text: "call".into(), due: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() }),
    ]
}

/// Operations with few devices and moments, so that ties are common. Ids differ, as they do in life.
fn any_operations() -> impl Strategy<Value = Vec<Operation>> {
    prop::collection::vec((1u8..4, 1u64..5, any_edit()), 1..12).prop_map(|list| {
        let numbered = list.into_iter().enumerate();
        numbered.map(|(i, (device, hlc, edit))| op(i as u8, device, hlc, edit)).collect()
    })
}

fn fold<'a>(ops: impl IntoIterator<Item = &'a Operation>) -> MemberState {
    let mut state = MemberState::default();
    ops.into_iter().for_each(|o| drop(state.apply(o)));
    state
}

proptest! {
    #[test]
    fn any_order_gives_the_same_state(ops in any_operations(), shuffle in any::<prop::sample::Index>()) {
        let mut other = ops.clone();
        other.rotate_left(shuffle.index(ops.len()));
        other.reverse();
        prop_assert_eq!(fold(&ops), fold(&other));
    }

    #[test]
    fn repetition_changes_nothing(ops in any_operations()) {
        let twice: Vec<&Operation> = ops.iter().chain(ops.iter().rev()).collect();
        prop_assert_eq!(fold(twice), fold(&ops));
    }

    #[test]
    fn any_grouping_gives_the_same_state(ops in any_operations(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(ops.len());
        let mut left = fold(&ops[..cut]);
        left.join(fold(&ops[cut..]));
        let mut right = fold(&ops[cut..]);
        right.join(fold(&ops[..cut]));
        prop_assert_eq!(&left, &fold(&ops));
        prop_assert_eq!(&right, &left);
    }

    #[test]
    fn an_edit_holds_or_names_the_one_that_does(ops in any_operations()) {
        let mut state = MemberState::default();
        for o in &ops {
            let told = state.apply(o);
            prop_assert_eq!(told, state.winner_over(o));
        }
    }
}
