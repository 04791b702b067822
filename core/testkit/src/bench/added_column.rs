//! What an added column costs phones that are up to date: HQ begins to tell birthdays, then a level that all share.

use super::figure::{Bar, Figure, Unit};
use super::nothing_changed::up_to_date;
use super::stage::{BenchPhone, Stage};
use super::{Failure, Measured};
use crate::counting_proxy::CountingProxy;
use crate::workload::Workload;

/// The level that all members get.
const LEVEL: &str = "普卡";

/// A retailer that starts without birthdays and levels, and adds one after the other.
pub fn measure(members: u32, seed: u64) -> Measured {
    let workload = Workload { guides: 1, ..Workload::of(members, seed) };
    let stage = Stage::of(workload, |line| {
        line.birthday.clear();
        line.level.clear();
    })?;
    let proxy = CountingProxy::to(stage.server.port())?;
    let phone = up_to_date(&stage, &proxy.address(), 0)?;
    let nothing = round_bytes(&proxy, &phone)?;
    stage.import_members(members, |line| line.level.clear())?;
    let birthdays = round_bytes(&proxy, &phone)?;
    let values: usize = (0..members).map(|n| workload.member(n).birthday.len()).sum();
    stage.import_members(members, |line| line.level = LEVEL.to_owned())?;
    let level = round_bytes(&proxy, &phone)?;
    let each = level.saturating_sub(nothing) as f64 / f64::from(members);
    Ok(vec![
        Figure::bytes("an added column, bytes (floor: its values)", birthdays).over(values as f64).bar(Bar::TimesFloor(1.0)),
        Figure::new("an added constant, bytes a member", each, Unit::Count).bar(Bar::AtMost(0.05)),
    ])
}

/// Bytes both ways of a sync.
fn round_bytes(proxy: &CountingProxy, phone: &BenchPhone) -> Result<u64, Failure> {
    proxy.reset();
    phone.sync()?;
    let passed = proxy.passed();
    Ok(passed.up + passed.down)
}
