//! What only a database beyond the process can do: die, be upgraded by somebody else, be out of reach.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use guidebook_domain::{MemberId, MemberProfile, TenantId};
use uuid::Uuid;

use super::testing::TestSchema;
use super::{Attempt, PostgresDatabase, Reach, schema};
use crate::db::members::Member;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServerError;

fn tenant() -> TenantId {
    TenantId::new("T").unwrap()
}

fn member(id: &str) -> Member {
    Member::of(MemberId::new(id).unwrap(), MemberProfile::default())
}

fn furnish(db: &dyn Database) {
    db.writing(Write::Setup, |tx| {
        tx.add_tenant(&tenant(), Uuid::from_u128(1))?;
        tx.put_member(&tenant(), &member("M1"))?;
        tx.put_member(&tenant(), &member("M2"))
    })
    .unwrap();
}

fn points(tx: &mut dyn Tx, id: &str) -> Result<i64, ServerError> {
    Ok(tx.member(&tenant(), &MemberId::new(id).unwrap())?.unwrap().profile.points)
}

fn add_point(tx: &mut dyn Tx, id: &str) -> Result<(), ServerError> {
    let mut member = tx.member(&tenant(), &MemberId::new(id).unwrap())?.unwrap();
    member.profile.points += 1;
    tx.put_member(&tenant(), &member)
}

/// The backends of the test's schema but our own.
const KILL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND application_name = ";

/// A database whose connections are told apart by `name`.
fn named(schema: &TestSchema, name: &str) -> PostgresDatabase {
    let reach = schema.reach();
    PostgresDatabase::open(&Reach { url: format!("{}&application_name={name}", reach.url), ..reach }).unwrap()
}

#[test]
fn a_connection_that_dies_in_the_middle_is_a_second_try() {
    let Some(schema) = TestSchema::new() else { return };
    let db = named(&schema, "dies_in_the_middle");
    furnish(&db);
    let mut tries = 0;
    db.writing(Write::Round, |tx| {
        tries += 1;
        add_point(tx, "M1")?;
        if tries == 1 {
            schema.ask(&format!("{KILL} 'dies_in_the_middle'"));
        }
        points(tx, "M2")
    })
    .unwrap();
    assert_eq!((tries, db.reading(|tx| points(tx, "M1")).unwrap()), (2, 1));
    // One that died while nobody used it is not noticed at all.
    schema.ask(&format!("{KILL} 'dies_in_the_middle'"));
    assert_eq!(db.reading(|tx| points(tx, "M1")).unwrap(), 1);
    let mut reads = 0;
    let read = db.reading(|tx| {
        reads += 1;
        if reads == 1 {
            schema.ask(&format!("{KILL} 'dies_in_the_middle'"));
        }
        points(tx, "M1")
    });
    assert_eq!((reads, read.unwrap()), (2, 1));
}

#[test]
fn a_commit_whose_answer_was_lost_is_asked_about() {
    let Some(schema) = TestSchema::new() else { return };
    let db = schema.open();
    let committed = schema.ask("SELECT pg_current_xact_id()::text");
    assert!(matches!(db.what_became_of(&committed[0]), Attempt::Over(Ok(()))));
    let aborted = schema.ask("BEGIN; SELECT pg_current_xact_id()::text; ROLLBACK");
    assert!(matches!(db.what_became_of(&aborted[0]), Attempt::Again(_)));
}

#[test]
fn two_who_wait_for_each_other_both_get_through() {
    let Some(schema) = TestSchema::new() else { return };
    let db = schema.open();
    furnish(&db);
    let (both, tries) = (Barrier::new(2), AtomicU32::new(0));
    let run = |first: &'static str, second: &'static str| {
        let mut met = false;
        db.writing(Write::Round, |tx| {
            tries.fetch_add(1, Ordering::SeqCst);
            add_point(tx, first)?;
            if !std::mem::replace(&mut met, true) {
                both.wait();
            }
            add_point(tx, second)
        })
    };
    std::thread::scope(|scope| {
        let (a, b) = (scope.spawn(|| run("M1", "M2")), scope.spawn(|| run("M2", "M1")));
        a.join().unwrap().unwrap();
        b.join().unwrap().unwrap();
    });
    let counted = db.reading(|tx| Ok::<_, ServerError>((points(tx, "M1")?, points(tx, "M2")?)));
    assert_eq!(counted.unwrap(), (2, 2));
    assert!(tries.into_inner() > 2, "they were not in each other's way");
}

#[test]
fn who_finds_no_free_connection_is_told_to_come_back() {
    let Some(schema) = TestSchema::new() else { return };
    let db = PostgresDatabase::open(&Reach { connections: 1, wait: Duration::from_millis(1), ..schema.reach() }).unwrap();
    furnish(&db);
    let inner = db.reading(|tx| {
        points(tx, "M1")?;
        let inner = db.reading(|tx| points(tx, "M1"));
        Ok::<_, ServerError>(inner)
    });
    assert!(matches!(inner.unwrap(), Err(ServerError::Busy { come_back_s: 2..=5 })));
}

#[test]
fn a_database_out_of_reach_is_busy() {
    let Some(schema) = TestSchema::new() else { return };
    let url = "postgres://postgres@127.0.0.1:1/postgres".to_owned();
    let opened = PostgresDatabase::open(&Reach { url, ..schema.reach() });
    assert!(matches!(opened.err(), Some(ServerError::Busy { .. })));
}

#[test]
fn an_upgrade_runs_once_and_old_servers_go_on() {
    let Some(test) = TestSchema::new() else { return };
    let old = test.open();
    furnish(&old);
    let more: Vec<&str> =
        schema::STEPS.iter().copied().chain(["ALTER TABLE member ADD COLUMN shoe text; CREATE TABLE shoe (id text)"]).collect();
    std::thread::scope(|scope| {
        let upgrades: Vec<_> = (0..3).map(|_| scope.spawn(|| PostgresDatabase::open_with(&test.reach(), &more))).collect();
        for _ in 0..20 {
            old.writing(Write::Round, |tx| add_point(tx, "M1")).unwrap();
        }
        for upgrade in upgrades {
            upgrade.join().unwrap().unwrap();
        }
    });
    old.writing(Write::Round, |tx| add_point(tx, "M1")).unwrap();
    assert_eq!(old.reading(|tx| points(tx, "M1")).unwrap(), 21);
    let refused = PostgresDatabase::open(&test.reach()).err();
    let known = schema::STEPS.len() as i64;
    assert!(matches!(refused, Some(ServerError::NewerDatabase { found, known: k }) if (found, k) == (known + 1, known)));
}

#[test]
fn a_step_that_fails_leaves_the_version_before() {
    let Some(test) = TestSchema::new() else { return };
    let broken: Vec<&str> = schema::STEPS.iter().copied().chain(["CREATE TABLE shoe (id text); SELECT 1 / 0"]).collect();
    assert!(PostgresDatabase::open_with(&test.reach(), &broken).is_err());
    furnish(&test.open());
    assert_eq!(test.ask("SELECT to_regclass('shoe') IS NULL"), ["t"]);
}

#[test]
fn tls_is_used_where_a_certificate_is_given_and_asked_for_where_the_url_does() {
    let Some(test) = TestSchema::new() else { return };
    let reach = Reach { ca: Some(test.ca()), ..test.reach() };
    let reach = Reach { url: format!("{}&application_name=under_tls", reach.url), ..reach };
    let db = PostgresDatabase::open(&reach).unwrap();
    furnish(&db);
    let ssl = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'under_tls'";
    assert_eq!(test.ask(ssl), ["t"]);
    let without = Reach { url: format!("{}&sslmode=require", test.reach().url), ..test.reach() };
    assert!(matches!(PostgresDatabase::open(&without).err(), Some(ServerError::Config(_))));
    let other = tempfile::NamedTempFile::new().unwrap();
    let nobody = PostgresDatabase::open(&Reach { ca: Some(other.path().to_owned()), ..test.reach() });
    assert!(nobody.is_err(), "a server that nobody vouches for");
}

#[test]
fn tables_that_grew_are_counted_until_many_members_are_known() {
    let Some(test) = TestSchema::new() else { return };
    let db = test.open();
    furnish(&db);
    let known = || test.ask("SELECT reltuples FROM pg_class WHERE oid = 'member'::regclass");
    assert_eq!(known(), ["-1"]);
    db.grew();
    assert_eq!(known(), ["2"]);
    test.ask("UPDATE pg_class SET reltuples = 99999 WHERE oid = 'member'::regclass");
    db.grew();
    assert_eq!(known(), ["2"]);
    test.ask("UPDATE pg_class SET reltuples = 100000 WHERE oid = 'member'::regclass");
    db.grew();
    assert_eq!(known(), ["100000"]);
}

#[test]
fn the_first_server_s_secret_is_every_server_s() {
    let Some(test) = TestSchema::new() else { return };
    let (one, other) = (test.open(), test.open());
    assert!(one.shares_secret(&[1; 32]).unwrap() && other.shares_secret(&[1; 32]).unwrap());
    assert!(!other.shares_secret(&[2; 32]).unwrap());
}

#[test]
fn an_error_quotes_no_row() {
    let Some(test) = TestSchema::new() else { return };
    let db = test.open();
    let refused = db.writing(Write::Setup, |tx| tx.put_member(&TenantId::new("nobody-knows").unwrap(), &member("M-secret")));
    let text = refused.unwrap_err().to_string();
    assert_eq!(text, "database: SQLSTATE 23503 at member_tenant_fkey");
}
