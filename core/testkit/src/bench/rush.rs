//! The morning rush: many phones at the level of the protocol, each with five edits to push and twenty changes to
//! pull, as fast as the server takes them.
//!
//! Enrolment and the first pull come before the clock starts: in the morning every phone has its book. Sessions, which last
//! a quarter of an hour, are renewed by all of them between the two, by a clock of its own. What a phone
//! would spread over fifteen minutes is sent without a pause, so the time measured is the server's alone.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use guidebook_domain::{Edit, GuideField, Operation, Private};
use serde_json::Value;

use super::figure::{Bar, Figure, Unit, median, percentile};
use super::raw_phone::{Line, RawPhone};
use super::{Failure, Measured};
use crate::headquarters::Headquarters;
use crate::server_process::ServerProcess;
use crate::workload::{Workload, guide, member};

/// Changes that wait for each phone: HQ changes every member of hers.
const MEMBERS_EACH: u32 = 20;
/// Edits of each phone.
const EDITS_EACH: u32 = 5;
/// Connections, each played by a thread.
const LINES: u32 = 64;

/// Plays `phones` phones against `servers` processes on one database. The server's processes take the database from
/// their environment (`GUIDEBOOK_DATABASE`), or each from its data directory, in which case there can be only one.
pub fn measure(phones: u32, servers: u32, seed: u64) -> Measured {
    let folder = tempfile::tempdir()?;
    let (files, data) = (folder.path().join("files"), folder.path().join("server"));
    let workload = Workload { members: phones * MEMBERS_EACH, orders: 0, guides: phones, seed };
    workload.write(&files)?;
    let key = ServerProcess::init(&data)?;
    ServerProcess::import(&data, &files)?;
    let running = (0..servers.max(1)).map(|_| ServerProcess::start(&data, None)).collect::<Result<Vec<_>, _>>()?;
    let addresses: Vec<String> = running.iter().map(ServerProcess::address).collect();
    let hq = Headquarters::at(&addresses[0], &key);
    let ready = in_parallel(phones, &addresses, |line, address, n| enrolled(line, &Headquarters::at(address, &key), n, seed))?;
    change_all(&workload, &data, folder.path())?;
    let log_end = last_change(&hq)?;

    let ready: Vec<Mutex<Option<RawPhone>>> = ready.into_iter().map(|phone| Mutex::new(Some(phone))).collect();
    let began = Instant::now();
    in_parallel(phones, &addresses, |line, _, n| match ready[n as usize].lock().map_err(|_| "a line panicked")?.as_mut() {
        Some(phone) => phone.renew(line),
        None => Ok(()),
    })?;
    let renewed = began.elapsed();
    let began = Instant::now();
    let done = in_parallel(phones, &addresses, |line, _, n| {
        let phone = ready[n as usize].lock().map(|mut held| held.take());
        play(&mut phone.ok().flatten().ok_or("a phone is played once")?, line, n, phones)
    })?;
    let took = began.elapsed();

    let mut times: Vec<Duration> = done.iter().map(|one| one.took).collect();
    let mut lost: HashSet<String> = done.into_iter().flat_map(|one| one.acknowledged).collect();
    let acknowledged = lost.len();
    forget_those_told(&hq, log_end, &mut lost)?;
    Ok(vec![
        Figure::time(format!("sessions of {phones} phones renewed"), renewed),
        Figure::time(format!("morning rush of {phones} phones, {servers} servers"), took).bar(Bar::AtMost(120_000.0)),
        Figure::time("  a phone's whole round, median", median(&mut times)),
        Figure::time("  99th percentile", percentile(&mut times, 99)).bar(Bar::AtMost(1_000.0)),
        Figure::new("  edits acknowledged", acknowledged as f64, Unit::Count).bar(Bar::AtLeast(f64::from(phones * EDITS_EACH))),
        Figure::new("  acknowledged edits that HQ never hears of", lost.len() as f64, Unit::Count).bar(Bar::AtMost(0.0)),
    ])
}

/// What one phone's morning came to.
struct Done {
    took: Duration,
    acknowledged: Vec<String>,
}

fn enrolled(line: &mut Line, hq: &Headquarters, n: u32, seed: u64) -> Result<RawPhone, Failure> {
    let mut phone = RawPhone::enrol(line, &hq.code_for(&guide(n))?, seed ^ (u64::from(n) << 20))?;
    let held = phone.pull(line)?.len();
    if held == MEMBERS_EACH as usize { Ok(phone) } else { Err(format!("a phone holds {held} members").into()) }
}

/// HQ changes every member's points, through the server's own importer.
fn change_all(workload: &Workload, data: &Path, folder: &Path) -> Result<(), Failure> {
    let files = folder.join("morning");
    std::fs::create_dir_all(&files)?;
    std::fs::write(files.join("members.csv"), workload.members_csv(0..workload.members, |line| line.points += 1))?;
    ServerProcess::import(data, &files)?;
    Ok(())
}

fn play(phone: &mut RawPhone, line: &mut Line, n: u32, phones: u32) -> Result<Done, Failure> {
    let edit = |e: u32| Edit::Field { field: GuideField::Preferences, value: Private::new(format!("morning {e}")) };
    let operations: Vec<Operation> = (0..EDITS_EACH).map(|e| phone.edit(&member::id(n + e * phones), edit(e))).collect::<Result<_, _>>()?;
    let began = Instant::now();
    let mut answer = phone.round(line, &operations)?;
    let mut changes = count(&answer, "changes");
    let acknowledged = answer["receipts"].as_array().into_iter().flatten().filter_map(|r| r["op"].as_str().map(str::to_owned)).collect();
    while answer["more"] == Value::Bool(true) {
        answer = phone.round(line, &[])?;
        changes += count(&answer, "changes");
    }
    let took = began.elapsed();
    if changes < MEMBERS_EACH as usize {
        return Err(format!("a phone got {changes} changes").into());
    }
    Ok(Done { took, acknowledged })
}

fn count(answer: &Value, what: &str) -> usize {
    answer[what].as_array().map_or(0, Vec::len)
}

/// Does `work` for each number below `count`, on [`LINES`] connections; the results in the order of the numbers.
pub(super) fn in_parallel<T: Send>(
    count: u32,
    addresses: &[String],
    work: impl Fn(&mut Line, &str, u32) -> Result<T, Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    let work = &work;
    let mut all: Vec<(u32, T)> = std::thread::scope(|scope| {
        let lines: Vec<_> = (0..LINES.min(count))
            .map(|first| {
                let address = &addresses[first as usize % addresses.len()];
                scope.spawn(move || {
                    let mut line = Line::to(address)?;
                    (first..count)
                        .step_by(LINES as usize)
                        .map(|n| Ok((n, work(&mut line, address, n)?)))
                        .collect::<Result<Vec<_>, Failure>>()
                })
            })
            .collect();
        let joined = lines.into_iter().map(|line| line.join().map_err(|_| Failure::from("a line panicked"))?);
        joined.collect::<Result<Vec<_>, Failure>>().map(|lists| lists.into_iter().flatten().collect())
    })?;
    all.sort_by_key(|(n, _)| *n);
    Ok(all.into_iter().map(|(_, done)| done).collect())
}

/// The end of HQ's change feed.
fn last_change(hq: &Headquarters) -> Result<u64, Failure> {
    let mut after = 0;
    loop {
        let page = hq.send(reqwest::Method::GET, &format!("/hq/v1/changes?after={after}&limit=1000"), None)?;
        if count(&page, "changes") == 0 {
            return Ok(after);
        }
        after = page["after"].as_u64().ok_or("no cursor")?;
    }
}

/// Takes out of `lost` what HQ hears of after `after`.
fn forget_those_told(hq: &Headquarters, mut after: u64, lost: &mut HashSet<String>) -> Result<(), Failure> {
    loop {
        let page = hq.send(reqwest::Method::GET, &format!("/hq/v1/changes?after={after}&limit=1000"), None)?;
        let changes = page["changes"].as_array().cloned().unwrap_or_default();
        if changes.is_empty() {
            return Ok(());
        }
        for change in &changes {
            change["op"].as_str().map(|op| lost.remove(op));
        }
        after = page["after"].as_u64().ok_or("no cursor")?;
    }
}
