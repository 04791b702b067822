//! The importer, and a handover by whole guide, killed at their commits, and run again. Needs the feature `failpoints`.
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use guidebook_domain::{GuideId, Limits, MemberId, TenantId};
use guidebook_server::db::{DatabaseExt, SqliteDatabase};
use guidebook_server::hq::handover::job::report;
use guidebook_server::hq::{export, upkeep};
use guidebook_server::{Config, clock};
use guidebook_wire::digest::BookDigest;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample");

fn server(dir: &Path, failpoint: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidebook-server"));
    command.args(args).arg("--data-dir").arg(dir).env("GUIDEBOOK_FAILPOINT", failpoint);
    command.output().unwrap()
}

/// A retailer into which the sample was imported, after the import was killed at `failpoint`.
fn imported(failpoint: Option<&str>) -> (u64, String) {
    let dir = tempfile::tempdir().unwrap();
    assert!(server(dir.path(), "", &["init"]).status.success());
    if let Some(failpoint) = failpoint {
        let killed = server(dir.path(), failpoint, &["import", SAMPLE]);
        assert_eq!(killed.status.code(), None, "{failpoint} was not reached");
    }
    assert!(server(dir.path(), "", &["import", SAMPLE]).status.success());
    let db = SqliteDatabase::open(Config::in_dir(dir.path()).database()).unwrap();
    let tenant = TenantId::new("main").unwrap();
    let orders = db.reading(|tx| tx.count_orders(&tenant)).unwrap();
    (orders, digest(&db, &tenant))
}

fn digest(db: &SqliteDatabase, tenant: &TenantId) -> String {
    let mut digest = BookDigest::default();
    let mut last: Option<MemberId> = None;
    loop {
        let lines = export::members(db, tenant, last.as_ref()).unwrap();
        let Some(end) = lines.last() else { return digest.finish() };
        last = Some(end.member.clone());
        for line in &lines {
            let tags = line.tags.iter().map(|tag| tag.id.clone()).collect();
            digest.add(&line.member, &tags, &line.notes.iter().map(|note| note.id).collect());
        }
    }
}

#[test]
fn an_import_killed_at_any_commit_and_run_again_ends_as_if_it_had_not_been() {
    let whole = imported(None);
    assert_eq!(whole.0, 6919);
    // Seven files make 23 commits: these lie in the first, between two batches of orders and between two of members.
    for turn in [1, 17, 21] {
        for name in ["server.import.before_commit", "server.import.after_commit"] {
            let failpoint = format!("{name}@{turn}");
            assert_eq!(imported(Some(&failpoint)), whole, "{failpoint}");
        }
    }
}

/// A server that serves, and where.
fn serve(dir: &Path, failpoint: &str) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guidebook-server"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "off", "--data-dir"]).arg(dir);
    let mut child = command.env("GUIDEBOOK_FAILPOINT", failpoint).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    (child, address)
}

#[tokio::test]
async fn a_handover_by_whole_guide_killed_between_two_batches_goes_on() {
    // G0001 has more than three batches of members: the job's row is one commit, each of its four batches another.
    for (turn, batches) in
        [("before_commit@1", None), ("after_commit@1", Some(0)), ("before_commit@3", Some(1)), ("after_commit@5", Some(4))]
    {
        let dir = tempfile::tempdir().unwrap();
        let key = String::from_utf8(server(dir.path(), "", &["init"]).stdout).unwrap();
        assert!(server(dir.path(), "", &["import", SAMPLE]).status.success());
        let (mut child, address) = serve(dir.path(), &format!("server.ownership.{turn}"));
        let body = serde_json::json!({ "from": "G0001", "to": "G0009", "kind": "resigned" });
        let request = reqwest::Client::new().post(format!("{address}/hq/v1/handovers")).bearer_auth(key.trim()).json(&body);
        assert!(request.send().await.is_err(), "{turn} was not reached");
        assert_eq!(child.wait().unwrap().code(), None);
        let db = SqliteDatabase::open(Config::in_dir(dir.path()).database()).unwrap();
        let (tenant, limits, now_ms) = (TenantId::new("main").unwrap(), Limits::default(), clock::now_ms());
        let served = |guide: &str| db.reading(|tx| tx.count_members_of(&tenant, &GuideId::new(guide).unwrap())).unwrap();
        let Some(batches) = batches else {
            assert!(report(&db, &tenant, 1).is_err());
            continue;
        };
        let (hers, all) = (served("G0001"), served("G0001") + served("G0009"));
        assert_eq!((report(&db, &tenant, 1).unwrap().waiting.len(), hers > 300), (hers.min(batches * 100), true), "{turn}");
        upkeep::upkeep(&db, None, &limits, now_ms + 61_000).unwrap();
        let ended = report(&db, &tenant, 1).unwrap();
        assert_eq!((ended.ended, ended.waiting.len(), ended.refused.len()), (true, hers, 0), "{turn}");
        upkeep::upkeep(&db, None, &limits, ended.due_ms).unwrap();
        assert_eq!((served("G0001"), served("G0009")), (0, all), "{turn}");
    }
}
