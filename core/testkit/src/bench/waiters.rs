//! Phones that wait for news: what each costs the server, and how soon it hears.
//!
//! Each phone is a device of its own, with one open connection, played at the level of the protocol. A process may hold
//! only so many files open ([`MOST`] leaves room for the rest), and what a phone costs is the same for the first and the last.

use std::path::Path;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::figure::{Bar, Figure, Unit, median, percentile};
use super::load::{connect, read_answer};
use super::raw_phone::RawPhone;
use super::rush::in_parallel;
use super::{Failure, Measured};
use crate::headquarters::Headquarters;
use crate::process_facts::{ProcessorTime, memory};
use crate::server_process::{CONFIG_FILE, ServerProcess};
use crate::workload::{Workload, guide};

/// The most phones of one run: 20,000 open files are what a process of Debian's may have at most where nobody changed it.
pub const MOST: u32 = 18_000;
/// For so many phones the figures are stated.
const ALL: f64 = 50_000.0;
/// So many come at a time.
const AT_ONCE: usize = 100;
/// HQ changes one member so often.
const SINGLE: u32 = 5;
/// A phone has to hear within this (issue's bar), in milliseconds.
const SOON_MS: f64 = 2_000.0;
/// The processor time of waiting is taken over so long.
const IDLE: Duration = Duration::from_secs(10);
/// A phone waits no longer; the proof of a request holds for five minutes.
const WAIT_S: u32 = 280;

/// `phones` phones wait at one server, each of a guide with one member.
pub fn measure(phones: u32, seed: u64) -> Measured {
    if phones > MOST {
        return Err(format!("at most {MOST} phones wait in one run").into());
    }
    let folder = tempfile::tempdir()?;
    let (files, data) = (folder.path().join("files"), folder.path().join("server"));
    let workload = Workload { members: phones, orders: 0, guides: phones, seed };
    workload.write(&files)?;
    let key = ServerProcess::init(&data)?;
    ServerProcess::import(&data, &files)?;
    std::fs::write(data.join(CONFIG_FILE), format!("live_seconds = {WAIT_S}\nlive_phones = {phones}\n"))?;
    let server = ServerProcess::start(&data, None)?;
    let hq = Headquarters::at(&server.address(), &key);
    let requests = in_parallel(phones, &[server.address()], |line, _, n| {
        let mut phone = RawPhone::enrol(line, &hq.code_for(&guide(n))?, seed ^ (u64::from(n) << 20))?;
        phone.pull(line)?;
        phone.live_request(WAIT_S)
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(waited(&workload, &server, &data, folder.path(), requests))
}

async fn waited(workload: &Workload, server: &ServerProcess, data: &Path, folder: &Path, requests: Vec<Vec<u8>>) -> Measured {
    let (phones, pid) = (workload.members, server.pid());
    let before = memory(pid).ok_or("no memory to be seen")?;
    let mut streams = Vec::with_capacity(requests.len());
    for (n, request) in requests.iter().enumerate() {
        let mut stream = connect(server.port(), n % 250, n as u64).await?;
        stream.write_all(request).await?;
        streams.push(stream);
        // A server looks at no more than so many at once, and asks the others to come back.
        if streams.len() % AT_ONCE == 0 || streams.len() == requests.len() {
            until_waiting(server, streams.len()).await?;
        }
    }
    let held = memory(pid).ok_or("no memory to be seen")?.saturating_sub(before);
    let processor = ProcessorTime::of(pid);
    tokio::time::sleep(IDLE).await;
    let idle = ProcessorTime::of(pid).since(&processor).as_secs_f64() / IDLE.as_secs_f64();

    let mut singles = Vec::new();
    let mut left = streams;
    for turn in 0..SINGLE {
        let began = change(workload, data, folder, turn..turn + 1)?;
        // Whose member it is; each is the first of those who are left.
        let mut stream = left.remove(0);
        news(&mut stream).await?;
        singles.push(began.elapsed());
    }
    let began = change(workload, data, folder, SINGLE..phones)?;
    let mut heard = JoinSet::new();
    for mut stream in left {
        heard.spawn(async move { news(&mut stream).await.map(|()| began.elapsed()) });
    }
    let mut times = Vec::new();
    while let Some(time) = heard.join_next().await {
        times.push(time??);
    }
    let each = held as f64 / f64::from(phones);
    Ok(vec![
        Figure::bytes(format!("the server's memory for {phones} phones that wait"), held),
        Figure::new("  for each", each, Unit::Bytes),
        Figure::new(format!("  for {ALL}, by that"), each * ALL, Unit::Bytes),
        Figure::new("  connections for each", 1.0, Unit::Count),
        Figure::new("  processor time while nothing happens, of one processor's", idle, Unit::Times),
        Figure::time("until one hears, longest of 5", percentile(&mut singles, 100)).bar(Bar::AtMost(SOON_MS)),
        Figure::time("  everybody's member changes: until half of them hear", median(&mut times)),
        Figure::time("  until the last hears", percentile(&mut times, 100)),
    ])
}

/// HQ changes these members' points, through the server's own importer; when that was done.
fn change(workload: &Workload, data: &Path, folder: &Path, members: std::ops::Range<u32>) -> Result<Instant, Failure> {
    let files = folder.join("changed");
    std::fs::create_dir_all(&files)?;
    std::fs::write(files.join("members.csv"), workload.members_csv(members, |line| line.points += 1))?;
    ServerProcess::import(data, &files)?;
    Ok(Instant::now())
}

/// Reads the answer, which must speak of news.
async fn news(stream: &mut TcpStream) -> Result<(), Failure> {
    let answer = read_answer(stream).await?;
    let body: serde_json::Value = serde_json::from_slice(&answer.body)?;
    if answer.status == 200 && body["news"] == true {
        Ok(())
    } else {
        Err(format!("a phone that waited was answered {} without news", answer.status).into())
    }
}

/// Until the server says that so many wait.
async fn until_waiting(server: &ServerProcess, phones: usize) -> Result<(), Failure> {
    let deadline = Instant::now() + Duration::from_secs(60);
    let line = format!("guidebook_live_waiting {phones}");
    loop {
        let metrics = reqwest::get(format!("{}/metrics", server.address())).await?.text().await?;
        if metrics.lines().any(|l| l == line) {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err("not all of them wait".into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
