use super::*;
use crate::{Cell, Consents, DeviceId, Hlc, OperationId, Phone, Private, Stamp, TagFate, TagGroupId};

fn tag_id(id: &str) -> TagId {
    TagId::new(id).unwrap()
}

fn li() -> Editor {
    Editor { guide: GuideId::new("G2").unwrap(), store: StoreId::new("S2").unwrap(), brand: Some(BrandId::new("B5").unwrap()) }
}

/// Groups: `likes` (multi), `age` (single), `value` (HQ only), `brand1` (another brand's), `store1` (another store's).
fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    let mut group = |id: &str, choice, editable_by, brand: Option<&str>, store: Option<&str>| {
        let group = TagGroupId::new(id).unwrap();
        catalogue.put_group(TagGroup {
            id: group.clone(),
            name: id.into(),
            choice,
            editable_by,
            brand: brand.map(|b| BrandId::new(b).unwrap()),
            store: store.map(|s| StoreId::new(s).unwrap()),
        });
        catalogue.put_tag(Tag { id: tag_id(&format!("{id}.t")), group, name: id.into(), fate: TagFate::Live });
    };
    group("likes", Choice::Multi, EditableBy::Guides, None, None);
    group("age", Choice::Single, EditableBy::Guides, None, None);
    group("value", Choice::Multi, EditableBy::Hq, None, None);
    group("brand1", Choice::Multi, EditableBy::Guides, Some("B1"), None);
    group("store1", Choice::Multi, EditableBy::Guides, None, Some("S1"));
    catalogue
}

fn check(edit: Edit) -> Result<(), EditProblem> {
    check_edit(&edit, &li(), &MemberState::default(), &catalogue(), &Limits::default())
}

fn walkin(name: &str, membership: bool) -> Edit {
    let consents = Consents { membership, ..Consents::default() };
    let phone = Phone::parse("13812345678").unwrap();
    let store = StoreId::new("S2").unwrap();
    Edit::Enrol { walkin: Box::new(Walkin { name: name.into(), phone, gender: None, birthday: None, store, consents }) }
}

#[test]
fn what_a_guide_may_do() {
    let personal = TagId::personal(&li().guide, OperationId::from_time(1, [0; 10])).unwrap();
    for edit in [
        Edit::Tag { tag: tag_id("likes.t"), on: true },
        Edit::Tag { tag: personal.clone(), on: true },
        Edit::PersonalTag { tag: personal, name: "羊绒".into() },
        Edit::Choose { group: TagGroupId::new("age").unwrap(), tag: Some(tag_id("age.t")) },
        Edit::Choose { group: TagGroupId::new("age").unwrap(), tag: None },
        Edit::Note { text: "likes\ncashmere".into() },
        Edit::Field { field: GuideField::SizeShoe, value: "38".into() },
        Edit::Field { field: GuideField::SizeShoe, value: "".into() },
        walkin("赵敏", true),
    ] {
        assert_eq!(check(edit.clone()), Ok(()), "{edit:?}");
    }
}

/// Each bad edit with the field and the reason that it gets.
#[test]
fn the_table_of_what_a_guide_may_not_do() {
    let text = |n: usize| Private::new("字".repeat(n));
    let age = || TagGroupId::new("age").unwrap();
    let unknown = OperationId::from_time(9, [9; 10]);
    let others = TagId::personal(&GuideId::new("G9").unwrap(), unknown).unwrap();
    let own = TagId::personal(&li().guide, unknown).unwrap();
    let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
    let on = |tag: &str| Edit::Tag { tag: tag_id(tag), on: true };
    let field = |field, value| Edit::Field { field, value };
    use EditReason as R;
    let table = [
        (on("nowhere"), "tag", R::Unknown),
        (on("age.t"), "tag", R::WrongKind),
        (on("value.t"), "tag", R::HqOnly),
        (on("brand1.t"), "tag", R::OutOfScope),
        (on("store1.t"), "tag", R::OutOfScope),
        (Edit::Tag { tag: others.clone(), on: true }, "tag", R::Unknown),
        (Edit::Choose { group: TagGroupId::new("x").unwrap(), tag: None }, "group", R::Unknown),
        (Edit::Choose { group: TagGroupId::new("likes").unwrap(), tag: None }, "tag", R::WrongKind),
        (Edit::Choose { group: age(), tag: Some(tag_id("likes.t")) }, "tag", R::WrongKind),
        (Edit::Note { text: "  ".into() }, "note", R::Empty),
        (Edit::Note { text: "a\u{0}".into() }, "note", R::Malformed),
        (Edit::Note { text: text(1_001) }, "note", R::TooLong { limit: 1_000 }),
        (Edit::WithdrawNote { note: unknown, withdrawn: true }, "note", R::Unknown),
        (Edit::FollowUp { text: "".into(), due: day(2026) }, "follow_up", R::Empty),
        (Edit::FollowUp { text: "call".into(), due: day(1026) }, "due", R::Malformed),
        (Edit::FollowUpDone { follow_up: unknown, done: true }, "follow_up", R::Unknown),
        (field(GuideField::RemarkName, text(31)), "remark_name", R::TooLong { limit: 30 }),
        (field(GuideField::Preferences, text(501)), "preferences", R::TooLong { limit: 500 }),
        (field(GuideField::SizeTop, text(21)), "size_top", R::TooLong { limit: 20 }),
        (walkin(" ", true), "name", R::Empty),
        (walkin(&"长".repeat(61), true), "name", R::TooLong { limit: 60 }),
        (walkin("赵敏", false), "membership", R::NoConsent),
        (Edit::PersonalTag { tag: others, name: "x".into() }, "tag", R::Unknown),
        (Edit::PersonalTag { tag: own.clone(), name: text(31) }, "name", R::TooLong { limit: 30 }),
        (Edit::PersonalTag { tag: own, name: "信佛教".into() }, "name", R::Sensitive { topic: SensitiveTopic::Religion }),
    ];
    for (edit, field, reason) in table {
        assert_eq!(check(edit.clone()), Err(EditProblem::new(field, reason)), "{edit:?}");
    }
}

#[test]
fn a_member_carries_no_more_tags_than_the_platform_allows() {
    let stamp = Stamp { hlc: Hlc::new(1, 0), device: DeviceId::HQ, op: OperationId::from_time(1, [1; 10]), guide: GuideId::hq() };
    let mut state = MemberState::default();
    for n in 0..3 {
        state.tags.insert(tag_id(&format!("t{n}")), Cell { value: true, stamp: stamp.clone() });
    }
    let limits = Limits { tags_per_member: 3, ..Limits::default() };
    let edit = |on| Edit::Tag { tag: tag_id("likes.t"), on };
    let refused = check_edit(&edit(true), &li(), &state, &catalogue(), &limits);
    assert_eq!(refused, Err(EditProblem::new("tag", EditReason::TooMany { limit: 3 })));
    assert_eq!(check_edit(&edit(false), &li(), &state, &catalogue(), &limits), Ok(()));
}

#[test]
fn an_edit_and_its_refusal_show_no_member_s_text() {
    let edit = walkin("赵敏", false);
    let problem = check(edit.clone()).unwrap_err();
    let shown = format!("{edit:?} {problem:?} {problem}");
    assert!(!shown.contains("赵敏") && !shown.contains("13812345678"), "{shown}");
}
