//! What befalls a store: cuts, lost answers, SIGKILL and SIGSTOP, a full disk; and headquarters' own doings.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::Command as Process;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use super::store::{GUIDES, Shared};
use super::{Failure, Run, lock};
use crate::headquarters::Headquarters;
use crate::server_process::ServerProcess;
use crate::simulation::chance::Chance;

/// Lets things happen until the time is over, then makes everything whole. Says what happened.
pub fn reigns(
    run: &Run,
    server: &mut ServerProcess,
    hq: &Mutex<Headquarters>,
    shared: &Shared,
    over: &AtomicBool,
) -> Result<String, Failure> {
    let mut chance = Chance::new(run.seed);
    let mut count: BTreeMap<&str, u32> = BTreeMap::new();
    let ends = Instant::now() + run.lasts;
    while Instant::now() < ends && !over.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(200 + chance.number() % 1_500));
        let n = chance.below(GUIDES.len());
        let what = match chance.below(12) {
            0 | 1 => cut_for_a_while(shared, n, &mut chance),
            2 | 3 => cut_for_a_moment(shared, n),
            4 => lose_an_answer(shared, n),
            5 | 6 => kill_a_phone(shared, n)?,
            7 => kill_the_server(server, hq, shared)?,
            8 => stop(server.pid(), "the server stopped", &mut chance)?,
            9 => stop(shared.pids[n].load(Ordering::SeqCst), "a phone stopped", &mut chance)?,
            10 if run.small_disk.is_some() => fill(run.scarce(), &mut chance)?,
            _ => headquarters_acts(hq, &mut chance),
        };
        *count.entry(what).or_default() += 1;
    }
    let words: Vec<String> = count.iter().map(|(what, count)| format!("{what} {count}")).collect();
    Ok(format!("happened: {}", words.join(", ")))
}

fn cut_for_a_while(shared: &Shared, n: usize, chance: &mut Chance) -> &'static str {
    shared.networks[n].set_cut(true);
    std::thread::sleep(Duration::from_millis(chance.number() % 3_000));
    shared.networks[n].set_cut(false);
    "a network gone"
}

/// Whatever is on its way breaks off in the middle.
fn cut_for_a_moment(shared: &Shared, n: usize) -> &'static str {
    shared.networks[n].set_cut(true);
    shared.networks[n].set_cut(false);
    "connections cut"
}

fn lose_an_answer(shared: &Shared, n: usize) -> &'static str {
    shared.networks[n].lose_answers(1);
    "an answer to be lost"
}

fn kill_a_phone(shared: &Shared, n: usize) -> Result<&'static str, Failure> {
    signal("KILL", shared.pids[n].load(Ordering::SeqCst))?;
    Ok("a phone killed")
}

fn kill_the_server(server: &mut ServerProcess, hq: &Mutex<Headquarters>, shared: &Shared) -> Result<&'static str, Failure> {
    server.kill_and_restart()?;
    lock(hq).move_to(&server.address());
    for network in &shared.networks {
        network.move_to(server.port());
    }
    Ok("the server killed")
}

/// The process stands still, and goes on as if nothing had been.
fn stop(pid: u32, what: &'static str, chance: &mut Chance) -> Result<&'static str, Failure> {
    signal("STOP", pid)?;
    std::thread::sleep(Duration::from_millis(chance.number() % 3_000));
    signal("CONT", pid)?;
    Ok(what)
}

fn signal(name: &str, pid: u32) -> Result<(), Failure> {
    // The process may have ended by itself; whoever owns it starts it again.
    Process::new("sh").arg("-c").arg(format!("kill -{name} {pid} 2>/dev/null || true")).status()?;
    Ok(())
}

/// The disk of the server and of one phone fills up to the last byte.
fn fill(disk: &Path, chance: &mut Chance) -> Result<&'static str, Failure> {
    let ballast = disk.join("ballast");
    let mut file = File::create(&ballast)?;
    let mut size = 1 << 20;
    while size > 0 {
        if file.write_all(&vec![1; size]).is_err() {
            size /= 2;
        }
    }
    drop(file);
    std::thread::sleep(Duration::from_millis(chance.number() % 4_000));
    std::fs::remove_file(&ballast)?;
    Ok("a disk full")
}

/// Passes members on, gives a tag another name. The server may be too busy, or may refuse: that is no matter here.
fn headquarters_acts(hq: &Mutex<Headquarters>, chance: &mut Chance) -> &'static str {
    let hq = lock(hq);
    let (from, to) = (*chance.pick(&GUIDES), *chance.pick(&GUIDES));
    if chance.percent(50) && from != to {
        let members: Vec<String> = hq.members().map_or_else(
            |_| Vec::new(),
            |all| {
                let hers = all.into_iter().filter(|(_, member)| member.guides.contains(from));
                hers.map(|(id, _)| id.to_string()).skip(chance.below(100)).take(3).collect()
            },
        );
        let body = json!({"from": from, "to": to, "kind": "on_job", "effective": "at_once", "members": members});
        let _ = hq.send(Method::POST, "/hq/v1/handovers", Some(body));
        return "members passed on";
    }
    let tags = hq.send(Method::GET, "/hq/v1/tags", None).unwrap_or_default();
    let tags: Vec<_> = tags.as_array().or(tags["tags"].as_array()).cloned().unwrap_or_default();
    if let Some(tag) = tags.get(chance.below(tags.len().max(1))).and_then(|tag| tag["id"].as_str()) {
        let _ = hq.send(Method::PATCH, &format!("/hq/v1/tags/{tag}"), Some(json!({"name": format!("标签{}", chance.below(1000))})));
    }
    "a tag renamed"
}
