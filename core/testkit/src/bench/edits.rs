//! A thousand edits up, and a thousand changed members down.

use std::time::Duration;

use super::figure::{Bar, Figure, Unit, median, ms};
use super::nothing_changed::up_to_date;
use super::stage::{BenchPhone, Stage};
use super::{Failure, Measured};
use crate::counting_proxy::CountingProxy;
use crate::phone_command::Command;
use crate::process_facts::ProcessorTime;
use crate::workload::member;

/// Edits of a push, members of a pull.
pub const MANY: u32 = 1_000;
/// The tag that the edits put on or take off.
const TAG: &str = "送礼";
/// The floor of the push's bytes: an id of 16 bytes, a member and a tag, and a receipt each.
const PUSH_FLOOR: f64 = 28_000.0;
/// The floor of the pull's bytes.
const PULL_FLOOR: f64 = 38_000.0;

/// A push of a thousand tag edits by guide 0's phone, in median of `runs`.
pub fn push(stage: &Stage, runs: usize) -> Measured {
    let proxy = CountingProxy::to(stage.server.port())?;
    let phone = up_to_date(stage, &proxy.address(), 0)?;
    let tag = tag_of(&phone, TAG)?;
    let (mut times, mut bytes, mut requests) = (Vec::new(), Vec::new(), 0);
    let mut work = Work::default();
    for run in 0..runs {
        toggle(stage, &phone, &tag, run % 2 == 0)?;
        proxy.reset();
        let (report, took) = work.of(stage, || phone.sync())?;
        if report.answered != MANY {
            return Err(format!("{} of {MANY} edits were answered", report.answered).into());
        }
        times.push(took);
        bytes.push(proxy.passed().up + proxy.passed().down);
        requests = report.requests;
    }
    bytes.sort_unstable();
    let [server, here] = work.medians();
    Ok(vec![
        Figure::new(format!("push {MANY} tag edits, confirmed"), ms(median(&mut times)), Unit::Ms).bar(Bar::AtMost(60.0)),
        server,
        here,
        Figure::bytes("  bytes both ways", bytes[bytes.len() / 2]).over(PUSH_FLOOR).bar(Bar::AtMost(35_000.0)),
        Figure::new("  requests", f64::from(requests), Unit::Count).bar(Bar::AtMost(1.0)),
    ])
}

/// A pull of a thousand members whose points HQ has changed, in median of `runs`.
pub fn pull(stage: &Stage, runs: usize) -> Measured {
    let proxy = CountingProxy::to(stage.server.port())?;
    let phone = up_to_date(stage, &proxy.address(), 0)?;
    let (mut times, mut bytes, mut requests) = (Vec::new(), Vec::new(), 0);
    let mut work = Work::default();
    for run in 0..runs as u32 {
        stage.import_members(MANY, |line| line.points += 1 + run)?;
        proxy.reset();
        let (report, took) = work.of(stage, || phone.sync())?;
        if report.members != MANY {
            return Err(format!("{} of {MANY} members came", report.members).into());
        }
        times.push(took);
        bytes.push(proxy.passed().up + proxy.passed().down);
        requests = report.requests;
    }
    bytes.sort_unstable();
    let [server, here] = work.medians();
    Ok(vec![
        Figure::new(format!("pull {MANY} changed members"), ms(median(&mut times)), Unit::Ms).bar(Bar::AtMost(60.0)),
        server,
        here,
        Figure::bytes("  bytes both ways", bytes[bytes.len() / 2]).over(PULL_FLOOR).bar(Bar::AtMost(60_000.0)),
        Figure::new("  requests", f64::from(requests), Unit::Count),
    ])
}

/// Processor time of the server, and of this process: the phone, and the proxy that counts.
#[derive(Default)]
struct Work(Vec<Duration>, Vec<Duration>);

impl Work {
    fn of<T, E>(&mut self, stage: &Stage, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let now = || [stage.server.pid(), std::process::id()].map(ProcessorTime::of);
        let before = now();
        let done = work()?;
        let after = now();
        self.0.push(after[0].since(&before[0]));
        self.1.push(after[1].since(&before[1]));
        Ok(done)
    }

    fn medians(mut self) -> [Figure; 2] {
        let server = Figure::time("  server's processor time", median(&mut self.0));
        [server, Figure::time("  phone's, with the counting proxy's", median(&mut self.1))]
    }
}

/// Puts the tag on each of guide 0's first members who has not had it from HQ, and takes it off the others; or back again.
pub fn toggle(stage: &Stage, phone: &BenchPhone, tag: &str, there: bool) -> Result<(), Failure> {
    for n in (0..MANY).map(|n| n * stage.workload.guides) {
        let had = stage.workload.member(n).tags.contains(TAG);
        phone.tell(Command::SetTag { member: member::id(n), tag: tag.to_owned(), on: had != there })?;
    }
    Ok(())
}

/// The id of the tag of this name.
pub fn tag_of(phone: &BenchPhone, name: &str) -> Result<String, Failure> {
    let groups = phone.book.tag_groups()?;
    let tag = groups.into_iter().flat_map(|group| group.tags).find(|tag| tag.name == name);
    Ok(tag.ok_or("no such tag")?.id)
}
