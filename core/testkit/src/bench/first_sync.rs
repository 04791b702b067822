//! A first sync over real HTTP beside the floor of the same run; its bytes, the server's work, both sides' memory.

use super::figure::{Bar, Figure, Unit, median, ms};
use super::floor::Floor;
use super::raw_phone::{Line, RawPhone};
use super::stage::Stage;
use super::{Failure, Measured};
use crate::counting_proxy::CountingProxy;
use crate::phone::Phone;
use crate::phone_command::Command;
use crate::process_facts::{ProcessorTime, peak_memory};
use crate::workload::guide;

/// How many members a guide must see early.
const FIRST: u32 = 200;

/// Measures `runs` first syncs of guide 0 and takes medians.
pub fn measure(stage: &Stage, runs: usize) -> Measured {
    let floor = floor_of(stage)?;
    let (mut floors, mut syncs, mut firsts, mut servers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut requests = 0;
    for _ in 0..runs {
        let folder = stage.fresh_folder();
        std::fs::create_dir_all(&folder)?;
        floors.push(floor.run(&folder.join("floor.db"))?);
        let phone = stage.phone(&stage.server.address(), 0)?;
        let before = ProcessorTime::of(stage.server.pid());
        let watch = phone.watch_for(FIRST);
        let (report, took) = phone.sync()?;
        servers.push(ProcessorTime::of(stage.server.pid()).since(&before));
        assert_eq!(phone.listed()?, stage.workload.members.div_ceil(stage.workload.guides), "every member is there");
        syncs.push(took);
        firsts.push(watch.after().unwrap_or(took));
        requests = report.requests;
    }
    let floor_ms = ms(median(&mut floors));
    let first = median(&mut firsts);
    Ok(vec![
        Figure::bytes("a member's record as JSON, mean", floor.record_bytes()),
        Figure::time("first sync, searchable", median(&mut syncs)).over(floor_ms).bar(Bar::TimesFloor(1.25)),
        Figure::time("  the same, in itself", median(&mut syncs)).bar(Bar::AtMost(450.0)),
        Figure::time(format!("  until the first {FIRST} are listed"), first).bar(Bar::AtMost(150.0)),
        Figure::new("  requests that brought changes", f64::from(requests), Unit::Count),
        Figure::time("server's processor time for it", median(&mut servers)).bar(Bar::AtMost(20.0)),
        Figure::bytes("bytes down, heads included", bytes_down(stage)?).over(floor.compressed_bytes() as f64).bar(Bar::AtMost(1.2e6)),
        Figure::bytes("phone's peak memory", phone_memory(stage)?).bar(Bar::AtMost(40.0e6)),
        Figure::bytes("server's peak memory", peak_memory(stage.server.pid()).ok_or("no /proc")?).bar(Bar::AtMost(100.0e6)),
    ])
}

/// The floor is made of the very records that the server gives.
fn floor_of(stage: &Stage) -> Result<Floor, Failure> {
    let mut line = Line::to(&stage.server.address())?;
    let members = RawPhone::enrol(&mut line, &stage.hq.code_for(&guide(0))?, 1)?.pull(&mut line)?;
    if members.is_empty() {
        return Err("a pull in the oldest words brought no member".into());
    }
    Floor::of(&members)
}

/// What one first sync brings down.
pub fn bytes_down(stage: &Stage) -> Result<u64, Failure> {
    let proxy = CountingProxy::to(stage.server.port())?;
    let phone = stage.phone(&proxy.address(), 0)?;
    proxy.reset();
    phone.sync()?;
    Ok(proxy.passed().down)
}

/// The most memory that a phone, a process of its own, holds until its first sync is done.
fn phone_memory(stage: &Stage) -> Result<u64, Failure> {
    let mut phone = Phone::start(&stage.fresh_folder(), None)?;
    let (server, code) = (stage.server.address(), stage.hq.code_for(&guide(0))?);
    phone.tell(&Command::Enrol { server, code, device_name: "bench".to_owned() })?;
    phone.tell(&Command::Sync)?;
    Ok(peak_memory(phone.pid()).ok_or("no /proc")?)
}
