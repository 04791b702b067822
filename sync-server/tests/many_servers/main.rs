//! Four servers on one PostgreSQL, 200 phones that write at once, and everything that goes wrong meanwhile: each request
//! sent twice, connections killed, members passed on, HQ's export imported.
#![allow(clippy::unwrap_used, missing_docs)]

mod cluster;
mod phone;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use guidebook_domain::{GuideId, OperationId, TenantId};
use guidebook_server::ServerError;
use guidebook_server::db::{DatabaseExt, PostgresDatabase};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use cluster::{Cluster, GUIDES, MEMBERS_EACH, members};
use phone::Phone;

const PHONES: usize = 200;
const ROUNDS: usize = 3;
const KILLS: usize = 60;

/// The edits of one phone, and what it was told of them.
async fn work(cluster: Arc<Cluster>, n: usize) -> Vec<(OperationId, Value)> {
    let guide = n % GUIDES;
    let mut phone = Phone::enrol(&cluster, &format!("G{guide}")).await;
    let mut told = Vec::new();
    for round in 0..ROUNDS {
        // Members in a different order on each phone, and some whom two guides serve.
        let member = |k: usize| format!("M{}", (guide * MEMBERS_EACH + (n / GUIDES + k) % MEMBERS_EACH));
        let mut operations = vec![phone.note(&member(round)), phone.note(&member(round + 3))];
        if round == 1 {
            operations.push(phone.walk_in(&format!("139{:08}", n / 2)));
        }
        told.extend(phone.push(&cluster, &operations).await);
    }
    told
}

/// A reader with cursors, on its own connection, until `done`: what it has put together must be what is there.
fn follow(db: &PostgresDatabase, done: &AtomicBool) {
    let tenant = TenantId::new("T").unwrap();
    let guides: Vec<GuideId> = (0..GUIDES).map(|n| GuideId::new(format!("G{n}")).unwrap()).collect();
    let (mut cursors, mut held, mut line) = (vec![0; GUIDES], vec![BTreeMap::new(); GUIDES], 0);
    loop {
        // Read once more after all is done.
        let last = done.load(Ordering::SeqCst);
        for (n, guide) in guides.iter().enumerate() {
            for row in db.reading(|tx| tx.feed_after(&tenant, guide, cursors[n], 10_000)).unwrap() {
                assert!(row.position > cursors[n]);
                cursors[n] = row.position;
                held[n].insert(row.entity, (row.position, row.present));
            }
        }
        for change in db.reading(|tx| tx.changes_after(&tenant, line, 10_000)).unwrap() {
            assert_eq!(change.seq, line + 1, "the change log has no gap");
            line = change.seq;
        }
        if last {
            break;
        }
    }
    for (n, guide) in guides.iter().enumerate() {
        let whole =
            db.reading(|tx| Ok::<_, ServerError>((tx.feed_head(&tenant, guide)?.position, tx.feed_after(&tenant, guide, 0, 100_000)?)));
        let (head, whole) = whole.unwrap();
        let whole: BTreeMap<_, _> = whole.into_iter().map(|row| (row.entity, (row.position, row.present))).collect();
        assert_eq!((cursors[n], &held[n]), (head, &whole), "the feed of {guide}");
    }
}

/// Ends the follower, which the runtime waits for, also when the test fails.
struct Ends(Arc<AtomicBool>);

impl Drop for Ends {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What HQ does beside the phones.
async fn headquarters(cluster: Arc<Cluster>) {
    let all: Vec<String> = (0..MEMBERS_EACH).map(|n| format!("M{n}")).collect();
    let leaves = json!({ "from": "G2", "to": "G3", "kind": "resigned", "effective": "at_once" });
    for (points, from, to) in [(2, "G0", "G5"), (3, "G5", "G0")] {
        let handover = json!({ "from": from, "to": to, "kind": "on_job", "effective": "at_once", "members": all });
        let hand_over = cluster.hq(Method::POST, "/hq/v1/handovers", handover);
        let ((status, report), _, _) =
            tokio::join!(hand_over, cluster.import("members", members(points)), cluster.import("members", members(points)));
        assert_eq!(status, StatusCode::OK, "{report}");
        // The second time nobody is left to pass on; a call that was killed between two batches goes on with its job.
        assert_eq!(cluster.hq(Method::POST, "/hq/v1/handovers", leaves.clone()).await.0, StatusCode::OK);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_servers_lose_nothing_double_nothing_and_keep_their_order() {
    let Ok(url) = std::env::var("GUIDEBOOK_TEST_POSTGRES") else {
        eprintln!("skipped: GUIDEBOOK_TEST_POSTGRES is not set, see sync-server/tests/with-postgres.sh");
        return;
    };
    let cluster = Arc::new(Cluster::start(&url).await);
    let done = Arc::new(AtomicBool::new(false));
    let follower = tokio::task::spawn_blocking({
        let (reach, done) = (cluster.reach.clone(), Arc::clone(&done));
        // Its own connections are not among those that are killed.
        let reach =
            guidebook_server::db::postgres::Reach { url: reach.url.replace("application_name=", "application_name=follower_"), ..reach };
        move || follow(&PostgresDatabase::open(&reach).unwrap(), &done)
    });
    let killer = tokio::spawn({
        let (cluster, done) = (Arc::clone(&cluster), Arc::clone(&done));
        async move {
            let mut killed = 0;
            while !done.load(Ordering::SeqCst) && killed < KILLS {
                killed += usize::from(cluster.kill_one().await);
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
            killed
        }
    });
    let _ends = Ends(Arc::clone(&done));
    let hq = tokio::spawn(headquarters(Arc::clone(&cluster)));
    let phones: Vec<_> = (0..PHONES).map(|n| tokio::spawn(work(Arc::clone(&cluster), n))).collect();
    let mut told = BTreeMap::new();
    for phone in phones {
        told.extend(phone.await.unwrap());
    }
    hq.await.unwrap();
    done.store(true, Ordering::SeqCst);
    let killed = killer.await.unwrap();
    follower.await.unwrap();
    eprintln!("{} edits answered, {killed} connections killed, {} times busy", told.len(), cluster.busy.load(Ordering::Relaxed));
    assert!(killed > 0, "no connection was killed");
    judge(&cluster, &told).await;
    Arc::into_inner(cluster).unwrap().end().await;
}

/// Everything that was answered is there, once.
async fn judge(cluster: &Cluster, told: &BTreeMap<OperationId, Value>) {
    // Phones of the guide who left are the only ones that may have been sent away.
    assert!(told.len() >= PHONES / GUIDES * (GUIDES - 1) * (2 * ROUNDS + 1), "{}", told.len());
    let logged = cluster.ask("SELECT op FROM change_log WHERE op IS NOT NULL ORDER BY op").await;
    let kept = cluster.ask("SELECT id FROM operation ORDER BY id").await;
    assert_eq!(logged, kept, "one line for each receipt");
    let missing: Vec<_> = told.keys().filter(|op| kept.binary_search(&op.to_string()).is_err()).collect();
    assert!(missing.is_empty(), "answered and lost: {missing:?}");
    let states = cluster.ask("SELECT state FROM member").await.concat();
    for (op, outcome) in told {
        let note_is_there = states.contains(&op.to_string());
        let applied = outcome["kind"] == "applied" || outcome == "applied";
        let walk_in =
            cluster.ask(&format!("SELECT id FROM operation WHERE id = '{op}' AND operation LIKE '%\"walkin\"%'")).await.len() == 1;
        assert_eq!(note_is_there, applied && !walk_in, "{op} {outcome}");
    }
    let doubled = cluster.ask("SELECT phone FROM member_phone GROUP BY phone HAVING count(*) > 1").await;
    assert!(doubled.is_empty(), "one phone, two members: {}", doubled.len());
    let left = cluster.ask("SELECT member FROM serves WHERE guide = 'G2' AND until_ms IS NULL").await;
    assert!(left.is_empty(), "left behind: {left:?}");
}
