//! The importer killed at each of its commits, and run again. Needs the feature `failpoints`.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

use guidebook_domain::{MemberId, TenantId};
use guidebook_server::Config;
use guidebook_server::db::{DatabaseExt, SqliteDatabase};
use guidebook_server::hq::export;
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
    // Seven files make about 40 commits: these lie in the first, among the members and among the orders.
    for turn in [1, 15, 30] {
        for name in ["server.import.before_commit", "server.import.after_commit"] {
            let failpoint = format!("{name}@{turn}");
            assert_eq!(imported(Some(&failpoint)), whole, "{failpoint}");
        }
    }
}
