//! What a phone does for a round, without a network: a thousand edits confirmed, a thousand changed members taken in, a first
//! sync. Each answer comes as the bytes of its body and is in the book at the end.
//!
//! `cargo bench -p guidebook-store --bench rounds -- pull push first` measures only what is named. On a busy machine instructions
//! say more than time: `taskset -c 0 valgrind --tool=callgrind --toggle-collect='*rounds*measured*'` before the program's name
//! counts those of what is measured. One core, because it does not look into other threads.

use std::hint::black_box;
use std::time::{Duration, Instant};

use guidebook_domain::{
    DeviceId, Edit, GuideId, Hlc, MemberId, MemberState, Operation, OperationId, Tag, TagFate, TagGroup, TagId, TenantId,
};
use guidebook_store::{Identity, Key, Moment, Store};
use guidebook_wire::patch::MemberPatch;
use guidebook_wire::snapshot::{CHUNK, ChunkRecord, FIRST_CHUNK, SnapshotMember, SnapshotRecord, read_chunk, write_chunk};
use guidebook_wire::{ChangeRecord, CursorRecord, GuideRecord, MemberRecord, OperationRecord, RoundAnswerRecord, RoundRecord};
use serde_json::json;
use uuid::Uuid;

const NOW: u64 = 1_800_000_000_000;
const MEMBERS: usize = 10_000;
const MANY: usize = 1_000;
const RUNS: usize = 5;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|argument| argument == name);
    let folder = tempfile::tempdir().expect("a folder");
    if wanted("first") {
        let times = (0..RUNS).map(|run| first_sync(&folder.path().join(format!("{run}.db"))).1);
        println!("first sync of {MEMBERS}, chunk by chunk     {:8.1} ms", median(times.collect()));
    }
    let (mut store, _) = first_sync(&folder.path().join("book.db"));
    if wanted("pull") {
        let times = (0..RUNS).map(|run| pull(&mut store, run));
        println!("pull of {MANY} changed members             {:8.1} ms", median(times.collect()));
    }
    if wanted("push") {
        let times = (0..RUNS).map(|run| push(&mut store, run));
        println!("push of {MANY} tag edits, confirmed        {:8.1} ms", median(times.collect()));
    }
}

/// What is measured. A name of its own, so that a profiler can be told to look at nothing else.
#[inline(never)]
fn measured<R>(work: impl FnOnce() -> R) -> (R, Duration) {
    let began = Instant::now();
    let done = black_box(work());
    (done, began.elapsed())
}

fn first_sync(path: &std::path::Path) -> (Store, Duration) {
    let mut store = Store::open(path, &Key::from_bytes(&[1; 32]).expect("32 bytes")).expect("a fresh book");
    store.set_identity(identity(), NOW, NOW).expect("room");
    let members: Vec<SnapshotMember> = (0..MEMBERS).map(|n| SnapshotMember { position: n as u64 + 1, record: a_member(n) }).collect();
    let (first, rest) = members.split_at(FIRST_CHUNK);
    let chunks: Vec<Vec<u8>> =
        std::iter::once(first).chain(rest.chunks(CHUNK)).map(|members| write_chunk(members).expect("columns")).collect();
    let record = SnapshotRecord {
        name: "S".into(),
        position: MEMBERS as u64,
        key: "k".into(),
        chunks: chunks.iter().map(|chunk| ChunkRecord { bytes: chunk.len() as u32, members: 1 }).collect(),
    };
    let offer = RoundAnswerRecord { snapshot: Some(record), changes: dictionary(), ..an_answer() };
    store.absorb(offer, NOW).expect("room");
    let ((), took) = measured(|| {
        for chunk in chunks {
            store.absorb_chunk(read_chunk(&chunk).expect("a chunk"), NOW).expect("room");
        }
    });
    assert_eq!(store.member_count(), MEMBERS);
    (store, took)
}

/// HQ has changed the points of a thousand members.
fn pull(store: &mut Store, run: usize) -> Duration {
    let feed = store.standing().cursor.feed;
    let change = |n: usize| ChangeRecord::MemberChanged { id: id(n), patch: MemberPatch(json!({"profile": {"points": n + run + 1}})) };
    let answer = RoundAnswerRecord { changes: (0..MANY).map(change).collect(), ..at(feed) };
    let body = serde_json::to_vec(&answer).expect("JSON");
    let (changed, took) = measured(|| store.absorb(serde_json::from_slice(&body).expect("an answer"), NOW).expect("room"));
    assert_eq!(changed.members.len(), MANY);
    took
}

/// The guide has put a tag on a thousand members or taken it off, and the server says no more than that it took it all.
fn push(store: &mut Store, run: usize) -> Duration {
    let tag = TagId::new("T9").expect("an id");
    for n in 0..MANY {
        let random = ((run * MANY + n) as u128).to_be_bytes()[6..].try_into().expect("ten bytes");
        let moment = Moment { wall_ms: NOW + (run * MANY + n) as u64, random };
        store.edit(&id(n), Edit::Tag { tag: tag.clone(), on: run.is_multiple_of(2) }, moment).expect("room");
    }
    let feed = store.standing().cursor.feed;
    let answer = RoundAnswerRecord {
        applied_at: Some(feed + MANY as u64),
        changes: (0..MANY).map(|n| ChangeRecord::Own(vec![n as u32])).collect(),
        ..at(feed)
    };
    let body = serde_json::to_vec(&answer).expect("JSON");
    let (changed, took) = measured(|| {
        let operations = store.next_push().expect("a book").into_iter().map(|o| OperationRecord::Known(Box::new(o))).collect();
        let asked = RoundRecord { operations, ..RoundRecord::default() };
        black_box(serde_json::to_vec(&asked).expect("JSON"));
        let mut answer: RoundAnswerRecord = serde_json::from_slice(&body).expect("an answer");
        answer.expand(&asked);
        store.absorb(answer, NOW).expect("room")
    });
    assert_eq!((changed.members.len(), changed.operations.len()), (MANY, MANY));
    assert!(!store.standing().compare);
    took
}

/// A page that ends a thousand positions behind `feed`.
fn at(feed: u64) -> RoundAnswerRecord {
    let mut positions = vec![1; MANY];
    positions[0] = feed as i64 + 1;
    RoundAnswerRecord { positions, cursor: Some(CursorRecord { feed: feed + MANY as u64, catalogue: 1 }), ..an_answer() }
}

fn an_answer() -> RoundAnswerRecord {
    RoundAnswerRecord { epoch: Some(Uuid::from_u128(9)), server_ms: NOW, ..RoundAnswerRecord::default() }
}

fn identity() -> Identity {
    let guide: GuideRecord = serde_json::from_value(json!({"id": "G1", "name": "Li", "store": "S1"})).expect("a guide");
    Identity {
        server: "https://guidebook.example".into(),
        tenant: TenantId::new("rainbow").expect("an id"),
        guide,
        device: DeviceId::from_uuid(Uuid::from_u128(1)),
        secret_key: [3; 32],
    }
}

fn dictionary() -> Vec<ChangeRecord> {
    let group: TagGroup =
        serde_json::from_value(json!({"id": "likes", "name": "偏好", "choice": "multi", "editable_by": "guides"})).expect("a group");
    let tag = |n: usize| {
        let id = TagId::new(format!("T{n}")).expect("an id");
        ChangeRecord::Tag(Tag { id, group: group.id.clone(), name: format!("标签{n}"), fate: TagFate::Live })
    };
    std::iter::once(ChangeRecord::Group(group.clone())).chain((0..30).map(tag)).collect()
}

fn id(n: usize) -> MemberId {
    // Members lie in the feed in another order than that of their ids.
    MemberId::new(format!("M{:08}", n * 7_919 % 1_000_003)).expect("an id")
}

/// A member as rich as those of `./dev sample`: some eleven hundred bytes of JSON.
fn a_member(n: usize) -> MemberRecord {
    let names = ["张三丰", "单小曼", "欧阳娜", "尉迟敏瑶", "李平", "查美", "曾可", "王秀英"];
    let purchase =
        |k: usize| json!({"day": "2026-09-01", "product": format!("商品{}", (n + k) % 50), "quantity": 1 + k, "paid_fen": 9_900 + n});
    let mut record: MemberRecord = serde_json::from_value(json!({
        "id": id(n),
        "profile": {
            "name": format!("{}{}", names[n % names.len()], ["", "芳", "伟", "敏", "静"][n / 8 % 5]), "phone": format!("138{n:08}"),
            "gender": "female", "birthday": "1990-02-28", "joined": "2025-04-10", "level": "金卡", "points": n, "store": "S1",
            "brands": ["B1"], "marketing_consent": true,
            "stats": {
                "orders": 3, "spend_fen": 10_000 + n, "first": "2025-05-01", "last": "2026-10-31",
                "recent": (0..n % 4).map(purchase).collect::<Vec<_>>(),
            },
        },
        "months": {"2026-08": 100 + n, "2026-10": 123_556},
    }))
    .expect("a record");
    let mut state = MemberState::default();
    for k in 0..3 {
        state.apply(&Operation {
            id: OperationId::from_time(n as u64, [k as u8; 10]),
            device: DeviceId::HQ,
            guide: GuideId::hq(),
            hlc: Hlc::new(NOW - 1_000_000, 0),
            member: None,
            edit: Edit::Tag { tag: TagId::new(format!("T{}", (n + 3 * k) % 9)).expect("an id"), on: true },
        });
    }
    record.state = state;
    record
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e3
}
