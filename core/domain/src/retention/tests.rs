use proptest::prelude::*;

use super::*;

const HOUR: u64 = 60 * 60 * 1_000;
const DAY: u64 = 24 * HOUR;
const YEARS: u64 = 10 * 365 * DAY;
/// The server's time at the contact.
const CONTACT: u64 = 1_800_000_000_000;
/// How long the phone had been on then.
const ON: u64 = 5 * HOUR;

/// What happens to a phone after a contact. Times are how long after it, by each clock.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A process begins: the wall clock, and the clock since the start.
    Begin { wall: i64, boot: u64 },
    /// The same process looks again.
    Look { boot: u64 },
    /// Another contact, at which the server says so much after the first.
    Contact { server: u64 },
}
use Event::{Begin, Contact, Look};

/// The phone after these events, and when its last contact was.
fn after(events: &[Event]) -> (TrustedTime, Option<u64>) {
    let (mut time, mut contact) = (TrustedTime::default().later(ON).at_contact(CONTACT), CONTACT);
    for event in events {
        time = match *event {
            Begin { wall, boot } => time.process_began(CONTACT.saturating_add_signed(wall), boot, Some(contact), &Limits::default()),
            Look { boot } => time.later(boot),
            Contact { server } => {
                contact = CONTACT + server;
                time.at_contact(contact)
            }
        };
    }
    (time, Some(contact))
}

fn ends(events: &[Event]) -> Retention {
    let (time, contact) = after(events);
    time.retention(contact, &Limits::default())
}

#[test]
fn the_table_of_cases() {
    use Retention::{Hidden, Shredded, Visible};
    let h = |hours: u64| hours * HOUR;
    let d = |days: u64| (days * DAY) as i64;
    let at = |wall: i64, boot: u64| Begin { wall, boot };
    let table: &[(&str, &[Event], Retention)] = &[
        ("at once", &[], Visible),
        ("just before 72 hours in one process", &[Look { boot: ON + h(72) - 1 }], Visible),
        ("72 hours in one process", &[Look { boot: ON + h(72) }], Hidden),
        ("72 hours, in another process", &[at(d(3), ON + h(72))], Hidden),
        ("14 days in one process", &[Look { boot: ON + h(14 * 24) }], Shredded),
        ("14 days, in another process of the same start", &[at(d(14), ON + h(14 * 24))], Shredded),
        ("a contact shows all again", &[Look { boot: ON + h(80) }, Contact { server: h(80) }, Look { boot: ON + h(81) }], Visible),
        ("also after a clock far ahead", &[at(YEARS as i64, 1), Contact { server: h(1) }, Look { boot: h(1) }], Visible),
        ("off for three days", &[at(d(3), 1)], Hidden),
        ("off for a month is hidden at first", &[at(d(30), 1)], Hidden),
        ("and shredded after a day of use", &[at(d(30), 1), Look { boot: 1 + h(24) }], Shredded),
        ("also over two processes", &[at(d(30), 1), at(d(31), 1 + h(24))], Shredded),
        ("a clock set two days ahead within a process is not heard", &[Look { boot: ON + h(1) }], Visible),
        ("a clock two days ahead hides", &[at(d(3), ON + h(24))], Hidden),
        ("and shreds nothing, 13 days after the contact", &[at(d(15), ON + h(13 * 24))], Hidden),
        ("nor if it is set right before a day of use", &[at(d(15), 1), at(d(1), h(20)), Look { boot: h(60) }], Hidden),
        ("a clock set back in the same start gains nothing", &[at(-d(3650), ON + h(72))], Hidden),
        ("nor does it show what was hidden", &[at(d(3), ON + h(72)), at(-d(3650), 1)], Hidden),
        ("set back after a start, use still counts", &[at(-d(3650), 1), at(-d(3650), h(14 * 24) + 1)], Shredded),
        ("use counts over many starts", &[at(0, h(100)), at(0, h(100) - 1), at(0, h(99)), at(0, h(98))], Shredded),
    ];
    for (name, events, expected) in table {
        assert_eq!(ends(events), *expected, "{name}");
    }
}

#[test]
fn a_book_that_never_had_contact_has_nothing_to_hide() {
    let time = TrustedTime::default().process_began(CONTACT, ON, None, &Limits::default());
    assert_eq!(time.retention(None, &Limits::default()), Retention::Visible);
}

#[test]
fn a_book_from_before_times_were_kept_counts_from_its_last_contact() {
    let time = TrustedTime::default().process_began(CONTACT + HOUR, ON, Some(CONTACT), &Limits::default());
    assert_eq!(time.certain_ms(), CONTACT);
    assert_eq!(time.retention(Some(CONTACT), &Limits::default()), Retention::Visible);
    assert_eq!(time.later(ON + 72 * HOUR).retention(Some(CONTACT), &Limits::default()), Retention::Hidden);
}

/// One phone's life without contact: it is on and off for some hours, and the wall clock shows anything.
fn a_life() -> impl Strategy<Value = Vec<(u64, u64, i64)>> {
    prop::collection::vec((0..40 * HOUR, 0..40 * HOUR, -(YEARS as i64)..(YEARS as i64)), 1..20)
}

proptest! {
    #[test]
    fn whatever_the_clocks_do_time_never_goes_back_and_what_is_hidden_stays_hidden(life in a_life()) {
        let limits = Limits::default();
        let mut time = TrustedTime::default().later(ON).at_contact(CONTACT);
        let mut last = (time.certain_ms(), Retention::Visible);
        for (on, _, wall) in life {
            time = time.process_began(CONTACT.saturating_add_signed(wall), 0, Some(CONTACT), &limits).later(on);
            let now = (time.certain_ms(), time.retention(Some(CONTACT), &limits).min(Retention::Hidden));
            prop_assert!(now >= last);
            last = now;
        }
    }

    #[test]
    fn nothing_is_shredded_before_its_time_unless_a_wall_clock_said_so_for_a_day_of_use(life in a_life()) {
        let limits = Limits::default();
        let mut time = TrustedTime::default().later(ON).at_contact(CONTACT);
        let mut used = 0;
        for (on, _, wall) in life {
            time = time.process_began(CONTACT.saturating_add_signed(wall), 0, Some(CONTACT), &limits).later(on);
            used += on;
            if time.retention(Some(CONTACT), &limits) == Retention::Shredded {
                prop_assert!(used >= limits.claim_stands_ms);
                break;
            }
        }
    }

    #[test]
    fn with_honest_clocks_a_book_is_hidden_at_72_hours_and_shredded_at_most_a_day_of_use_after_14_days(life in a_life()) {
        let limits = Limits::default();
        let mut time = TrustedTime::default().later(ON).at_contact(CONTACT);
        let (mut passed, mut used_overdue) = (0, 0);
        for (on, off, _) in life {
            passed += off;
            let overdue = passed >= limits.shredded_after_ms;
            time = time.process_began(CONTACT + passed, 0, Some(CONTACT), &limits).later(on);
            passed += on;
            used_overdue += if overdue { on } else { 0 };
            let now = time.retention(Some(CONTACT), &limits);
            prop_assert_eq!(passed >= limits.hidden_after_ms, now >= Retention::Hidden);
            prop_assert!(now < Retention::Shredded || passed >= limits.shredded_after_ms);
            prop_assert!(used_overdue < limits.claim_stands_ms || now == Retention::Shredded);
        }
    }
}
