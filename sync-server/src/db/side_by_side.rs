//! What every storage must do when several use it at once, through two doors.

use std::sync::atomic::{AtomicU64, Ordering};

use guidebook_domain::{DeviceId, Hlc, MemberId, Phone};
use guidebook_wire::CursorRecord;
use uuid::Uuid;

use super::conformance::{change, furnish, li, m1, member, tenant};
use super::devices::{Device, DeviceState};
use super::feeds::EntityKind;
use super::members::Member;
use super::postgres::testing::TestSchema;
use super::secrets::Token;
use super::{Database, DatabaseExt, Result, SqliteDatabase, Tx, Write};
use crate::error::ServerError;
use crate::service::feeding::{News, put};

/// Runs `test` on each storage that serves several at once, with two doors to it.
fn side_by_side(test: impl Fn([&dyn Database; 2])) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("guidebook.db");
    let (one, other) = (SqliteDatabase::open(&path).unwrap(), SqliteDatabase::open(&path).unwrap());
    furnish(&one);
    test([&one, &other]);
    let Some(schema) = TestSchema::new() else { return };
    let (one, other) = (schema.open(), schema.open());
    furnish(&one);
    test([&one, &other]);
}

#[test]
fn a_reader_sees_one_snapshot_while_a_writer_commits() {
    side_by_side(|[one, other]| {
        let positions = one.reading(|tx| {
            let before = tx.feed_head(&tenant("A"), &li())?.position;
            other.writing(Write::Round, |tx| put(tx, &tenant("A"), &li(), EntityKind::Member, "M1", News::Whole))?;
            Ok::<_, ServerError>((before, tx.feed_head(&tenant("A"), &li())?.position))
        });
        assert_eq!(positions.unwrap(), (0, 0));
    });
}

/// Gives others time to come in between.
fn linger(tx: &mut dyn Tx) -> Result<()> {
    for _ in 0..10 {
        tx.stores(&tenant("A"))?;
        std::thread::yield_now();
    }
    Ok(())
}

/// Counts a writer who has ended, also by a panic, so that no reader waits for her.
struct Ended<'c>(&'c AtomicU64);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn no_reader_passes_over_a_change_that_commits_late() {
    const WRITERS: u64 = 6;
    const WRITES: u64 = 15;
    side_by_side(|doors| {
        let (a, ended) = (tenant("A"), AtomicU64::new(0));
        let write = |door: &dyn Database, writer: u64, n: u64| {
            door.writing(Write::Round, |tx| {
                let entity = format!("M{writer}-{n}");
                put(tx, &a, &li(), EntityKind::Member, &entity, News::Whole)?;
                tx.log(&a, &change(&entity))?;
                linger(tx)
            })
        };
        let read = |door: &dyn Database| {
            let (mut feed, mut log) = (0, 0);
            loop {
                // Read once more after all have ended.
                let last = ended.load(Ordering::SeqCst) == WRITERS;
                let (rows, lines) =
                    door.reading(|tx| Ok::<_, ServerError>((tx.feed_after(&a, &li(), feed, 99)?, tx.changes_after(&a, log, 99)?))).unwrap();
                for row in rows {
                    assert_eq!(row.position, feed + 1, "the feed");
                    feed = row.position;
                }
                for line in lines {
                    assert_eq!(line.seq, log + 1, "the change log");
                    log = line.seq;
                }
                if last {
                    break;
                }
            }
            assert_eq!((feed, log), (WRITERS * WRITES, WRITERS * WRITES));
        };
        std::thread::scope(|scope| {
            for door in doors {
                scope.spawn(move || read(door));
            }
            for writer in 0..WRITERS {
                let door = doors[writer as usize % 2];
                let (write, ended) = (&write, &ended);
                scope.spawn(move || {
                    let _ended = Ended(ended);
                    (0..WRITES).for_each(|n| write(door, writer, n).unwrap());
                });
            }
        });
    });
}

#[test]
fn of_two_who_change_a_member_at_once_neither_is_lost() {
    side_by_side(|doors| {
        let a = tenant("A");
        let add = |door: &dyn Database| {
            door.writing(Write::Round, |tx| {
                let mut member = tx.member(&a, &m1())?.unwrap();
                linger(tx)?;
                member.profile.points += 1;
                tx.put_member(&a, &member)
            })
        };
        std::thread::scope(|scope| {
            for n in 0..6 {
                scope.spawn(move || (0..10).for_each(|_| add(doors[n % 2]).unwrap()));
            }
        });
        assert_eq!(doors[0].reading(|tx| tx.member(&a, &m1())).unwrap().unwrap().profile.points, 60);
    });
}

#[test]
fn of_two_walk_ins_with_one_phone_at_once_one_is_made() {
    side_by_side(|doors| {
        let (a, phone) = (tenant("A"), "13900000000");
        let enrol = |door: &dyn Database, n: usize| {
            door.writing(Write::Round, |tx| {
                let held = tx.members_of_phone(&a, &Phone::parse(phone).unwrap())?;
                linger(tx)?;
                if held.is_empty() {
                    tx.put_member(&a, &Member { id: MemberId::new(format!("W{n}")).unwrap(), ..member("walk-in", phone) })?;
                }
                Ok::<_, ServerError>(held.is_empty())
            })
        };
        let made: usize = std::thread::scope(|scope| {
            let enrolled: Vec<_> = (0..6).map(|n| scope.spawn(move || enrol(doors[n % 2], n).unwrap())).collect();
            enrolled.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
        });
        assert_eq!(made, 1);
        assert_eq!(doors[0].reading(|tx| tx.members_of_phone(&a, &Phone::parse(phone).unwrap())).unwrap().len(), 1);
    });
}

#[test]
fn a_token_used_twice_at_once_is_used_once() {
    side_by_side(|doors| {
        let device = device();
        let token = Token { device: device.id, family: Uuid::from_u128(5), expires_ms: 9, used: false };
        doors[0].writing(Write::Session, |tx| tx.put_device(&device).and_then(|()| tx.put_refresh(&[7; 32], &token))).unwrap();
        let renew = |door: &dyn Database| {
            door.writing(Write::Session, |tx| {
                let token = tx.refresh(&[7; 32])?.unwrap();
                linger(tx)?;
                tx.put_refresh(&[7; 32], &Token { used: true, ..token.clone() })?;
                Ok::<_, ServerError>(!token.used)
            })
        };
        let renewed: usize = std::thread::scope(|scope| {
            let renewed: Vec<_> = (0..6).map(|n| scope.spawn(move || renew(doors[n % 2]).unwrap())).collect();
            renewed.into_iter().map(|thread| usize::from(thread.join().unwrap())).sum()
        });
        assert_eq!(renewed, 1);
    });
}

fn device() -> Device {
    Device {
        tenant: tenant("A"),
        id: DeviceId::from_uuid(Uuid::from_u128(6)),
        guide: li(),
        public_key: [0; 32],
        name: "phone".to_owned(),
        state: DeviceState::Active,
        enrolled_ms: 1,
        last_seen_ms: 1,
        last_hlc: Hlc::from_bits(u64::MAX),
        cursor: CursorRecord { feed: u64::MAX, catalogue: 0 },
    }
}
