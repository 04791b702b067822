//! What a guide types, and whom she finds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{Birthday, BirthdayWindow, MemberId, Phone, Private, TagId};
use proptest::prelude::*;

use super::{IndexEntry, LARGEST_PAGE, MatchedField, Query, SearchIndex, Sort, index_letter, shown_matches};

fn a_member(id: &str, name: &str) -> IndexEntry {
    IndexEntry {
        id: MemberId::new(id).unwrap(),
        name: Private::from(name),
        remark: Private::default(),
        phone: None,
        tags: Default::default(),
        birthday: None,
        next_follow_up: None,
        spend_fen: 0,
        recent_ms: 0,
    }
}

impl IndexEntry {
    fn remarked(self, remark: &str) -> Self {
        IndexEntry { remark: Private::from(remark), ..self }
    }

    fn phoned(self, phone: &str) -> Self {
        IndexEntry { phone: Some(Phone::parse(phone).unwrap()), ..self }
    }

    fn tagged(mut self, tag: &str) -> Self {
        self.tags.insert(TagId::new(tag).unwrap());
        self
    }

    fn placed(self, spend_fen: i64, recent_ms: i64) -> Self {
        IndexEntry { spend_fen, recent_ms, ..self }
    }
}

fn typed(text: &str) -> Query {
    Query { text: text.to_owned(), tags: None, birthday: None, due_by: None, sort: Sort::Name, offset: 0, limit: LARGEST_PAGE }
}

fn found(index: &SearchIndex, query: &Query) -> Vec<String> {
    index.search(query).ids.into_iter().map(String::from).collect()
}

fn finds(entry: IndexEntry, text: &str) -> bool {
    SearchIndex::build(vec![entry]).search(&typed(text)).total == 1
}

#[test]
fn a_name_is_found_however_it_is_typed() {
    let ways = [
        ("张三丰", "张三丰 三丰 张 丰 zhangsanfeng ZhangSanFeng zsf zhangsf zsanf zsfeng zhangsanf zhangs zh zhsf z sanfeng sf feng"),
        ("张三丰", "张sf 张sanf z三丰 zhang三 张三f zhang'san'feng"),
        ("吕秀女", "lvxiunv luxiunu lyuxiu lv lu lü 吕x nv nu lxn"),
        ("略虐", "lvenve luenue ln"),
        ("西安", "xian xi'an xa"),
        ("李乐行", "lile liyue lilx liyuexing lilehang llh lyx"),
        ("Anne-Marie O’Neil", "anne annemarie neil ANNE marie annemarieo ＡＮＮＥ"),
        ("Müller", "muller mvller müller"),
        ("买买提·艾力", "买买提艾力 maimaiti maimaiti·aili mmtal 提艾"),
        ("王 小明", "王小明 wxm 王 小"),
        ("Lisa2王7号", "lisa2 2王 7号 7hao isa2w"),
        ("阿宝", "abao ab a"),
        ("欧阳修", "ouyangxiu oyx oyxiu"),
        ("𠮷田", "𠮷田 𠮷 tian"),
        ("張三豐", "zhangsanfeng 張"),
    ];
    for (name, texts) in ways {
        for text in texts.split(' ') {
            assert!(finds(a_member("M1", name), text), "{text} for {name}");
            assert!(finds(a_member("M1", "").remarked(name), text), "{text} for the remark {name}");
        }
    }
}

#[test]
fn what_is_not_in_a_name_does_not_find_it() {
    for text in ["fs", "zhansf", "zhangf", "hang", "张丰", "sanfengz", "zhangsanfengx", "张三丰丰", "asf", "ng", "zhnsf"] {
        assert!(!finds(a_member("M1", "张三丰"), text), "{text}");
    }
    assert!(!finds(a_member("M1", "张三").remarked("丰"), "三丰"), "nothing matches across name and remark");
}

#[test]
fn surnames_are_found_by_their_own_reading_and_the_common_one() {
    let surnames = [
        ("单", "shan dan"),
        ("曾", "zeng ceng"),
        ("仇", "qiu chou"),
        ("解", "xie jie"),
        ("区", "ou qu"),
        ("查", "zha cha"),
        ("朴", "piao pu"),
        ("盖", "ge gai"),
        ("乐", "yue le"),
        ("任", "ren"),
        ("华", "hua"),
        ("覃", "qin tan"),
        ("翟", "zhai di"),
        ("冼", "xian"),
        ("洗", "xian xi"),
        ("缪", "miao mou"),
        ("员", "yun yuan"),
        ("召", "shao zhao"),
        ("黑", "he hei"),
        ("种", "chong zhong"),
        ("秘", "bi mi"),
        ("繁", "po fan"),
        ("尹", "yin"),
        ("折", "she zhe"),
        ("逄", "pang"),
        ("宓", "mi fu"),
        ("隗", "wei kui"),
        ("郗", "xi chi"),
        ("那", "na"),
        ("葛", "ge"),
        ("宁", "ning"),
        ("祭", "zhai ji"),
        ("过", "guo"),
        ("能", "nai neng"),
        ("适", "kuo shi"),
        ("燕", "yan"),
        ("晁", "chao"),
        ("谌", "chen"),
        ("莘", "shen xin"),
        ("單", "shan dan"),
        ("區", "ou qu"),
        ("万俟", "moqi wansi mq"),
        ("尉迟", "yuchi weichi yc"),
        ("澹台", "tantai dantai tt"),
        ("单于", "chanyu shanyu cy"),
        ("长孙", "zhangsun changsun zs"),
        ("令狐", "linghu lh"),
        ("鲜于", "xianyu"),
        ("亓官", "qiguan"),
        ("乐正", "yuezheng lezheng"),
        ("濮阳", "puyang"),
        ("皇甫", "huangfu"),
    ];
    for (surname, readings) in surnames {
        for reading in readings.split(' ') {
            for text in [reading.to_owned(), format!("{reading}m"), format!("{reading}ming"), format!("{reading}明")] {
                assert!(finds(a_member("M1", &format!("{surname}明")), &text), "{text} for {surname}明");
            }
        }
    }
}

#[test]
fn a_phone_is_found_by_its_last_four_and_its_beginning() {
    for text in ["5678", "567", "138", "13812345678", "138 1234 5678", "+86 138-1234-5678", "８６１３８１２３４５６７８", "５６７８"]
    {
        assert!(finds(a_member("M1", "张三").phoned("13812345678"), text), "{text}");
    }
    for text in ["678", "1234", "13812345679", "z5678"] {
        assert!(!finds(a_member("M1", "张三").phoned("13812345678"), text), "{text}");
    }
}

#[test]
fn an_empty_text_finds_everyone_and_pages_cover_them_once() {
    let index = SearchIndex::build((0..120).map(|n| a_member(&format!("M{n:03}"), "王芳").placed(n % 7, n % 5)).collect());
    for sort in [Sort::Recent, Sort::Name, Sort::Spend] {
        let page = |offset| index.search(&Query { sort, offset, limit: 1_000, ..typed(" · ") });
        let pages: Vec<_> = [0, 50, 100, 150].into_iter().map(page).collect();
        assert_eq!(pages.iter().map(|p| (p.ids.len(), p.total)).collect::<Vec<_>>(), [(50, 120), (50, 120), (20, 120), (0, 120)]);
        let ids: std::collections::BTreeSet<_> = pages.iter().flat_map(|p| &p.ids).collect();
        assert_eq!(ids.len(), 120);
    }
}

#[test]
fn each_order_is_total() {
    let index = SearchIndex::build(vec![
        a_member("D", "张三").placed(5, 1),
        a_member("C", "曾黎").placed(9, 1),
        a_member("B", "张三").placed(5, 3),
        a_member("A", "Lisa").placed(-1, 2),
    ]);
    let order = |sort| found(&index, &Query { sort, ..typed("") }).concat();
    assert_eq!([Sort::Recent, Sort::Name, Sort::Spend].map(order), ["BACD", "ACBD", "CBDA"]);
}

#[test]
fn whoever_was_served_stands_first_and_nothing_else_of_her_changes() {
    let mut index = SearchIndex::build(vec![
        a_member("A", "张三").placed(1, 1).tagged("T1"),
        a_member("B", "张三").placed(2, 7).tagged("T1"),
        a_member("C", "曾黎").placed(3, 3),
    ]);
    let touch = |index: &mut SearchIndex, id: &str, now_ms| index.touch(&MemberId::new(id).unwrap(), now_ms);
    assert!(touch(&mut index, "A", 7));
    // At a later moment already, or not there: for whoever knows the rest of her.
    assert!(!touch(&mut index, "B", 6) && !touch(&mut index, "D", 9));
    let order = |sort| found(&index, &Query { sort, ..typed("") }).concat();
    assert_eq!([Sort::Recent, Sort::Name, Sort::Spend].map(order), ["ABC", "CAB", "CBA"]);
    assert_eq!(found(&index, &Query { tags: Some(TagExpression::parse("T1").unwrap()), ..typed("zs") }), ["A", "B"]);
}

#[test]
fn text_and_tags_hold_together() {
    let index = SearchIndex::build(vec![
        a_member("M1", "张三").tagged("VIP"),
        a_member("M2", "张四").tagged("VIP").tagged("SHOES"),
        a_member("M3", "李四").tagged("VIP"),
    ]);
    let query = Query { tags: Some(TagExpression::parse("VIP AND NOT SHOES").unwrap()), ..typed("zhang") };
    assert_eq!(found(&index, &query), ["M1"]);
    assert_eq!(found(&index, &Query { text: String::new(), ..query }), ["M3", "M1"]);
}

#[test]
fn birthdays_and_follow_ups_narrow_what_text_and_tags_find() {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
    let born = |entry: IndexEntry, text: &str| IndexEntry { birthday: Birthday::parse(text).ok(), ..entry };
    let due = |entry: IndexEntry, text: &str| IndexEntry { next_follow_up: Some(day(text)), ..entry };
    let mut index = SearchIndex::build(vec![
        due(born(a_member("M1", "张三").tagged("VIP"), "1990-11-23"), "2026-11-23"),
        born(a_member("M2", "张四"), "--11-29").tagged("VIP"),
        due(a_member("M3", "李四"), "2026-11-24"),
    ]);
    let today = day("2026-11-23");
    let near = |days| Query { birthday: Some(BirthdayWindow::within(today, days)), ..typed("") };
    assert_eq!(
        (found(&index, &near(0)), found(&index, &near(5)), found(&index, &near(6))),
        (vec!["M1".to_owned()], vec!["M1".into()], vec!["M1".into(), "M2".into()])
    );
    assert_eq!(found(&index, &Query { text: "zs".into(), ..near(6) }), ["M1", "M2"]);
    let vip = TagExpression::parse("VIP").unwrap();
    let due_by = |text: &str| Query { due_by: Some(day(text)), ..typed("") };
    assert_eq!(found(&index, &Query { tags: Some(vip), birthday: near(6).birthday, ..due_by("2026-11-24") }), ["M1"]);
    assert_eq!((found(&index, &due_by("2026-11-22")).len(), found(&index, &due_by("2026-11-24")).len()), (0, 2));
    index.put(a_member("M1", "张三"));
    index.remove(&MemberId::new("M3").unwrap());
    index.put(a_member("M4", "王五"));
    assert_eq!((found(&index, &near(366)), index.search(&due_by("2100-01-01")).total), (vec!["M2".to_owned()], 0));
}

#[test]
fn a_replaced_member_is_found_only_as_what_she_is() {
    let mut index = SearchIndex::new();
    index.put(a_member("M1", "张三").phoned("13812345678").tagged("VIP"));
    index.put(a_member("M1", "李四").phoned("13900001111"));
    assert_eq!(index.len(), 1);
    for (text, total) in [("张", 0), ("zs", 0), ("5678", 0), ("ls", 1), ("1111", 1)] {
        assert_eq!(index.search(&typed(text)).total, total, "{text}");
    }
    let vip = Query { tags: Some(TagExpression::parse("VIP").unwrap()), ..typed("") };
    assert_eq!(index.search(&vip).total, 0);
    index.remove(&MemberId::new("M1").unwrap());
    index.remove(&MemberId::new("M1").unwrap());
    assert!(index.is_empty() && index.search(&typed("")).total == 0);
}

#[test]
fn a_build_keeps_the_last_word_about_a_member() {
    let index = SearchIndex::build(vec![a_member("M1", "张三"), a_member("M2", "王五"), a_member("M1", "李四")]);
    assert_eq!((index.len(), found(&index, &typed("")), index.search(&typed("zhang")).total), (2, vec!["M1".into(), "M2".into()], 0));
}

const NAMES: [&str; 16] = [
    "张三丰",
    "单雄信",
    "曾黎",
    "吕小女",
    "万俟明",
    "Lisa王",
    "乐行",
    "尉迟恭",
    "西安",
    "阿7",
    "欧阳修",
    "Müller",
    "张小凡",
    "仇英",
    "尚方",
    "沈安娜",
];

fn a_book() -> SearchIndex {
    let entry = |(n, name): (usize, &&str)| {
        let phone = format!("13{:09}", (n + 1) * 45_678_913 % 1_000_000_000);
        a_member(&format!("M{n:02}"), name).remarked(NAMES[(n * 5 + 3) % 16]).phoned(&phone)
    };
    SearchIndex::build(NAMES.iter().enumerate().map(entry).collect())
}

proptest! {
    #[test]
    fn each_character_typed_narrows(
        text in prop_oneof![
            "[a-z]{1,6}",
            "(zhang|z|张|zh)(san|s|三|xiao|小)?(feng|f|丰|fan|凡)?",
            "(shan|dan|lv|lu|yu|wei|mo|ou|o|mu)(x|chi|c|qi|q|yang|y|xiong|ller)[a-z]{0,3}",
            "[0-9]{1,11}",
            "1(3[0-9]{2,9})?",
            "[a-z张三丰单吕7 ·]{1,5}",
        ]
    ) {
        let index = a_book();
        let mut before = found(&index, &typed(""));
        for (end, character) in text.char_indices() {
            let narrower = found(&index, &typed(&text[..end + character.len_utf8()]));
            prop_assert!(narrower.iter().all(|id| before.contains(id)), "{text}: {narrower:?} after {before:?}");
            before = narrower;
        }
    }

    #[test]
    fn whoever_is_found_is_marked_and_nobody_else(text in prop_oneof!["[a-z]{1,4}", "[0-9]{1,5}", "(zhang|z|张)(san|s|三|小)?[a-z]?"]) {
        let index = a_book();
        let found = found(&index, &typed(&text));
        for (n, name) in NAMES.iter().enumerate() {
            let phone = Phone::parse(&format!("13{:09}", (n + 1) * 45_678_913 % 1_000_000_000)).unwrap();
            let remark = NAMES[(n * 5 + 3) % 16];
            let marks = shown_matches(&text, name, remark, Some(&phone));
            prop_assert_eq!(found.contains(&format!("M{n:02}")), !marks.is_empty(), "{} in {} {}", &text, name, remark);
            for mark in marks {
                let shown = match mark.field { MatchedField::Name => name, MatchedField::RemarkName => remark, MatchedField::Phone => "138****1234" };
                prop_assert!(mark.characters.start < mark.characters.end && mark.characters.end <= shown.chars().count());
            }
        }
    }

    #[test]
    fn puts_and_removes_come_to_what_a_build_makes(
        changes in prop::collection::vec((0..12u8, prop::option::weighted(0.7, (0..4usize, 0..4i64, 0..4i64))), 0..60),
        text in prop_oneof![Just("".to_owned()), "[zslydxa]", "[0-9]"],
    ) {
        let entry = |id: u8, (name, spend, recent): (usize, i64, i64)| {
            let phone = format!("138{spend:04}{name:04}");
            let remark = if recent + spend > 3 { "阿7" } else { "" };
            a_member(&format!("M{id}"), NAMES[name]).remarked(remark).phoned(&phone).placed(spend, recent).tagged(&format!("T{recent}"))
        };
        let (mut index, mut model) = (SearchIndex::new(), BTreeMap::new());
        for (id, change) in changes {
            match change {
                Some(facts) => { model.insert(id, facts); index.put(entry(id, facts)); }
                None => { model.remove(&id); index.remove(&MemberId::new(format!("M{id}")).unwrap()); }
            }
        }
        let built = SearchIndex::build(model.iter().map(|(&id, &facts)| entry(id, facts)).collect());
        prop_assert_eq!((index.len(), index.is_empty()), (model.len(), model.is_empty()));
        for sort in [Sort::Recent, Sort::Name, Sort::Spend] {
            for tags in [None, Some(TagExpression::parse("T1 OR NOT T2").unwrap())] {
                let query = Query { sort, tags, ..typed(&text) };
                prop_assert_eq!(index.search(&query), built.search(&query));
            }
        }
    }
}

#[test]
fn a_name_stands_under_the_letter_by_which_it_is_sorted() {
    let letters = ["单雄信", "曾黎", "重阳", "Lisa", "ｌisa", "7号", "カナ", "", " "].map(index_letter);
    assert_eq!(letters, ['S', 'Z', 'Z', 'L', 'L', '#', '#', '#', '#']);
}
