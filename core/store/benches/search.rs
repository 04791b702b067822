//! How quick the search index is at 20,000 members. Run it with `cargo bench -p guidebook-store --bench search`.
//!
//! Names, phones and tags are made here from a fixed seed, so that two runs measure the same book.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{Birthday, BirthdayWindow, MemberId, Phone, Private, TagId};
use guidebook_store::search::{IndexEntry, LARGEST_PAGE, Query, SearchIndex, Sort, shown_matches};

const MEMBERS: usize = 20_000;
const TAGS: usize = 200;
const SEARCHES: usize = 2_000;
const BUILDS: usize = 7;

/// Surnames, the most common first: a surname is drawn twice and the earlier one taken.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾单仇解区查朴";
const GIVEN: &str = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国玉萍红玲芬燕晓东海波雪婷宇欣怡子涵梓萱诗雨思佳一诺浩然俊博文昊天乐行三丰嘉琪梦瑶";

/// xorshift64*, enough to shuffle with.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound
    }

    fn name(&mut self) -> String {
        let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
        let surname = surnames[self.below(surnames.len()).min(self.below(surnames.len()))];
        let length = 1 + usize::from(self.below(4) > 0);
        std::iter::once(surname).chain((0..length).map(|_| given[self.below(given.len())])).collect()
    }

    fn tags(&mut self) -> BTreeSet<TagId> {
        (0..self.below(12)).map(|_| TagId::new(format!("T{}", self.below(TAGS).min(self.below(TAGS)))).expect("a tag id")).collect()
    }

    fn entry(&mut self, number: usize) -> IndexEntry {
        let remark = if self.below(5) == 0 { self.name() } else { String::new() };
        IndexEntry {
            id: MemberId::new(format!("M{number:08}")).expect("a member id"),
            name: Private::new(self.name()),
            remark: Private::new(remark),
            phone: Phone::parse(&format!("13{:09}", self.below(1_000_000_000))).ok(),
            tags: self.tags(),
            birthday: Birthday::parse(&format!("--{:02}-{:02}", 1 + self.below(12), 1 + self.below(28))).ok(),
            next_follow_up: NaiveDate::from_num_days_from_ce_opt(739_000 + self.below(3_000) as i32).filter(|_| self.below(10) == 0),
            spend_fen: self.below(10_000_000) as i64,
            recent_ms: self.below(1_000_000_000) as i64,
        }
    }
}

fn main() {
    let book = || {
        let mut seeded = Seeded(7);
        (0..MEMBERS).map(|number| seeded.entry(number)).collect::<Vec<_>>()
    };
    let mut builds: Vec<Duration> = (0..BUILDS).map(|_| book()).map(|entries| timed(|| drop(SearchIndex::build(entries)))).collect();
    report("build and wipe", &mut builds);

    let mut index = SearchIndex::build(book());
    let expressions =
        ["T3 AND (T5 OR NOT T8)", "NOT (T1 OR T2 OR T150)", "T0 AND T1 AND NOT T2", "(T10 OR T11 OR T12) AND NOT (T20 AND T21)"];
    let expressions = expressions.map(|text| TagExpression::parse(text).expect("an expression"));
    searches(&index, "tags", |n, _| (String::new(), Some(expressions[n % expressions.len()].clone())));
    searches(&index, "last four", |_, seeded| (format!("{:04}", seeded.below(10_000)), None));
    searches(&index, "name", |_, seeded| (seeded.name(), None));
    let pinyin = ["zhangwei", "lina", "wangxiuy", "zhang", "wangf", "chenzih", "shan", "xiey"];
    searches(&index, "pinyin", |n, _| (pinyin[n % pinyin.len()].to_owned(), None));
    let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    let near = |days| Some(BirthdayWindow::within(today, days));
    asked(&index, "birthday in 7 d", |n, _| Query { birthday: near(7), ..everyone(n) });
    asked(&index, "follow-up due", |n, _| Query { due_by: Some(today), ..everyone(n) });
    asked(&index, "all filters", |n, _| Query {
        text: "zh".into(),
        tags: Some(expressions[n % expressions.len()].clone()),
        birthday: near(30),
        due_by: Some(today),
        ..everyone(n)
    });
    marks();
    let initials = ["zsf", "lxy", "wm", "cjq", "z", "hmy", "yyn", "ldh"];
    searches(&index, "initials", |n, _| (initials[n % initials.len()].to_owned(), None));

    let mut seeded = Seeded(9);
    let put_one = |_| {
        let number = seeded.below(MEMBERS);
        let entry = seeded.entry(number);
        timed(|| index.put(entry))
    };
    let mut puts: Vec<Duration> = (0..SEARCHES).map(put_one).collect();
    report("put", &mut puts);
}

fn searches(index: &SearchIndex, what: &str, ask: impl Fn(usize, &mut Seeded) -> (String, Option<TagExpression>)) {
    asked(index, what, |n, seeded| {
        let (text, tags) = ask(n, seeded);
        Query { text, tags, ..everyone(n) }
    });
}

fn everyone(n: usize) -> Query {
    let sorts = [Sort::Recent, Sort::Name, Sort::Spend];
    Query { text: String::new(), tags: None, birthday: None, due_by: None, sort: sorts[n % sorts.len()], offset: 0, limit: LARGEST_PAGE }
}

/// What the text has found in a page of rows.
fn marks() {
    let mut seeded = Seeded(10);
    let texts = ["zhangwei", "zs", "1", "伟", "wangxiuying"];
    let page: Vec<(String, Option<Phone>)> =
        (0..LARGEST_PAGE).map(|_| (seeded.name(), Phone::parse(&format!("13{:09}", seeded.below(1_000_000_000))).ok())).collect();
    let page_of = |n: usize| {
        for (name, phone) in &page {
            std::hint::black_box(shown_matches(texts[n % texts.len()], name, name, phone.as_ref()));
        }
    };
    let mut times: Vec<Duration> = (0..SEARCHES).map(|n| timed(|| page_of(n))).collect();
    report("matches, 50 rows", &mut times);
}

fn asked(index: &SearchIndex, what: &str, ask: impl Fn(usize, &mut Seeded) -> Query) {
    let mut seeded = Seeded(8);
    let mut times: Vec<Duration> = (0..SEARCHES)
        .map(|n| {
            let query = ask(n, &mut seeded);
            timed(|| drop(std::hint::black_box(index.search(std::hint::black_box(&query)))))
        })
        .collect();
    report(what, &mut times);
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn report(what: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1_000.0;
    println!("{what:<16} median {:>8.3} ms   p99 {:>8.3} ms   ({} runs)", at(50), at(99), times.len());
}
