//! A first sync whose connection is cut: how many bytes it costs beside one that was not.

use super::figure::{Bar, Figure, Unit};
use super::first_sync::bytes_down;
use super::stage::Stage;
use super::{Failure, Measured};
use crate::counting_proxy::CountingProxy;

/// Each connection dies after so many bytes.
const SHORT_LIFE: u64 = 200_000;
/// More attempts than any first sync here can need.
const MOST_ATTEMPTS: u32 = 1_000;

/// Cut at 50 %, at 90 %, and every connection cut after 200 KB.
pub fn measure(stage: &Stage) -> Measured {
    let uncut = bytes_down(stage)?;
    let mut figures = Vec::new();
    for percent in [50, 90] {
        let (down, _) = cut(stage, |proxy| proxy.cut_once_at(uncut * percent / 100))?;
        let ratio = down as f64 / uncut as f64;
        figures.push(Figure::new(format!("first sync cut at {percent} %, bytes to uncut"), ratio, Unit::Times).bar(Bar::AtMost(1.05)));
    }
    let (down, attempts) = cut(stage, |proxy| proxy.let_each_live_for(SHORT_LIFE))?;
    figures.push(Figure::new("every connection dies after 200 KB, bytes", down as f64 / uncut as f64, Unit::Times).bar(Bar::AtMost(1.05)));
    figures.push(Figure::new("  attempts until it ended", f64::from(attempts), Unit::Count));
    Ok(figures)
}

/// Bytes down and attempts of a first sync through a network that `cuts`.
fn cut(stage: &Stage, cuts: impl Fn(&CountingProxy)) -> Result<(u64, u32), Failure> {
    let proxy = CountingProxy::to(stage.server.port())?;
    let phone = stage.phone(&proxy.address(), 0)?;
    proxy.reset();
    cuts(&proxy);
    let attempts = phone.sync_until_done(MOST_ATTEMPTS)?;
    if phone.listed()? != stage.workload.members.div_ceil(stage.workload.guides) {
        return Err("members are missing".into());
    }
    Ok((proxy.passed().down, attempts))
}
