//! Searching 20,000 members: the phone's index beside raw SQLite with indexes, in memory, of the same run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use guidebook_domain::tag_expression::TagExpression;
use guidebook_domain::{MemberId, Phone, Private, TagId};
use guidebook_store::search::{IndexEntry, LARGEST_PAGE, Query, SearchIndex, Sort};
use rusqlite::Connection;

use super::figure::{Bar, Figure, median, ms, percentile};
use super::{Failure, Measured};
use crate::simulation::chance::Chance;
use crate::workload::Workload;

const MEMBERS: u32 = 20_000;
const TAGS: usize = 200;
const SEARCHES: usize = 2_000;
const SORTS: [Sort; 3] = [Sort::Recent, Sort::Name, Sort::Spend];
/// The expressions, and the same in SQL over `h(tag)`, "the member carries this tag".
const EXPRESSIONS: [(&str, &str); 3] = [
    ("T3 AND (T5 OR NOT T8)", "h(3) AND (h(5) OR NOT h(8))"),
    ("T0 AND T1 AND NOT T2", "h(0) AND h(1) AND NOT h(2)"),
    ("(T10 OR T11 OR T12) AND NOT (T20 AND T21)", "(h(10) OR h(11) OR h(12)) AND NOT (h(20) AND h(21))"),
];

/// A member as both sides hold her.
struct Someone {
    id: String,
    name: String,
    phone: String,
    tags: BTreeSet<usize>,
    recent: i64,
}

/// Tag expressions, the last four digits, and whole names.
pub fn measure(seed: u64) -> Measured {
    let workload = Workload { guides: 1, ..Workload::of(MEMBERS, seed) };
    let people: Vec<Someone> = (0..MEMBERS).map(|n| someone(&workload, n)).collect();
    let index = SearchIndex::build(people.iter().map(entry).collect::<Result<_, _>>()?);
    let raw = raw_index(&people)?;
    let expressions = EXPRESSIONS.iter().map(|(text, _)| TagExpression::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let words = |n: usize| &people[n * 7 % people.len()];
    let mut figures = Vec::new();
    let mut add =
        |what: &str, most: f64, ask: &dyn Fn(usize) -> (String, Option<TagExpression>), sql: &dyn Fn(usize) -> (String, String)| {
            let mut times = (0..SEARCHES).map(|n| search(&index, n, ask(n))).collect::<Vec<_>>();
            let mut floors = (0..SEARCHES).map(|n| raw_search(&raw, sql(n))).collect::<Result<Vec<_>, Failure>>()?;
            let floor = ms(median(&mut floors));
            figures
                .push(Figure::time(format!("search at {MEMBERS}: {what}, median"), median(&mut times)).over(floor).bar(Bar::AtMost(most)));
            figures.push(Figure::time("  99th percentile", percentile(&mut times, 99)).bar(Bar::AtMost(2.0)));
            Ok::<_, Failure>(())
        };
    let tags = |n: usize| (String::new(), Some(expressions[n % expressions.len()].clone()));
    add("tags", 0.5, &tags, &|n| (by_tags(EXPRESSIONS[n % EXPRESSIONS.len()].1), String::new()))?;
    let last_four = |n: usize| words(n).phone[7..].to_owned();
    add("last four", 0.1, &|n| (last_four(n), None), &|n| (by("last4"), last_four(n)))?;
    add("name", 0.3, &|n| (words(n).name.clone(), None), &|n| (by("name"), words(n).name.clone()))?;
    Ok(figures)
}

fn someone(workload: &Workload, n: u32) -> Someone {
    let member = workload.member(n);
    let mut chance = Chance::new(workload.seed ^ u64::from(n) ^ 0x5EA4C);
    let tags = (0..chance.below(12)).map(|_| chance.below(TAGS).min(chance.below(TAGS))).collect();
    Someone { id: member.id, name: member.name, phone: member.phone, tags, recent: chance.below(1_000_000_000) as i64 }
}

fn entry(someone: &Someone) -> Result<IndexEntry, Failure> {
    Ok(IndexEntry {
        id: MemberId::new(&someone.id)?,
        name: Private::new(&someone.name),
        remark: Private::default(),
        phone: Some(Phone::parse(&someone.phone)?),
        tags: someone.tags.iter().map(|tag| TagId::new(format!("T{tag}"))).collect::<Result<_, _>>()?,
        birthday: None,
        next_follow_up: None,
        spend_fen: someone.recent / 7,
        recent_ms: someone.recent,
    })
}

fn search(index: &SearchIndex, n: usize, (text, tags): (String, Option<TagExpression>)) -> Duration {
    let query = Query { text, tags, birthday: None, due_by: None, sort: SORTS[n % SORTS.len()], offset: 0, limit: LARGEST_PAGE };
    let began = Instant::now();
    std::hint::black_box(index.search(std::hint::black_box(&query)));
    began.elapsed()
}

fn raw_index(people: &[Someone]) -> Result<Connection, Failure> {
    let mut conn = Connection::open_in_memory()?;
    conn.execute_batch(
        "CREATE TABLE m (n INTEGER PRIMARY KEY, name TEXT, last4 TEXT, recent INTEGER);
         CREATE INDEX m_name ON m (name, recent); CREATE INDEX m_last4 ON m (last4, recent); CREATE INDEX m_recent ON m (recent);
         CREATE TABLE t (tag INTEGER, n INTEGER, PRIMARY KEY (tag, n)) WITHOUT ROWID;",
    )?;
    let tx = conn.transaction()?;
    for (n, someone) in people.iter().enumerate() {
        tx.prepare_cached("INSERT INTO m VALUES (?1, ?2, ?3, ?4)")?.execute((n, &someone.name, &someone.phone[7..], someone.recent))?;
        for tag in &someone.tags {
            tx.prepare_cached("INSERT INTO t VALUES (?1, ?2)")?.execute((tag, n))?;
        }
    }
    tx.commit()?;
    Ok(conn)
}

fn raw_search(conn: &Connection, (sql, word): (String, String)) -> Result<Duration, Failure> {
    let began = Instant::now();
    let mut query = conn.prepare_cached(&sql)?;
    let words = if word.is_empty() { Vec::new() } else { vec![word] };
    let mut rows = query.query(rusqlite::params_from_iter(words))?;
    let mut found = 0;
    while let Some(row) = rows.next()? {
        found += row.get::<_, i64>(0)?;
    }
    std::hint::black_box(found);
    Ok(began.elapsed())
}

fn by(column: &str) -> String {
    format!("SELECT n FROM m WHERE {column} = ?1 ORDER BY recent DESC LIMIT {LARGEST_PAGE}")
}

fn by_tags(expression: &str) -> String {
    let holds = expression.replace("h(", "EXISTS (SELECT 1 FROM t WHERE t.n = m.n AND t.tag = ");
    format!("SELECT n FROM m WHERE {holds} ORDER BY recent DESC LIMIT {LARGEST_PAGE}")
}
