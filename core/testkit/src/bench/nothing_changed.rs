//! A round in which nothing changed: how long, how many bytes, how many a second.

use std::time::Duration;

use super::figure::{Bar, Figure, Unit, median, percentile};
use super::load::{Connections, ceiling, load};
use super::stage::{BenchPhone, Stage};
use super::{Failure, Measured};
use crate::counting_proxy::CountingProxy;
use crate::process_facts::ProcessorTime;
use crate::workload::Workload;

/// Rounds of which the median is taken.
const ROUNDS: usize = 200;
/// Phones whose requests are sent again.
const PHONES: u32 = 16;
/// Requests under way at once.
const SENDERS: usize = 32;

/// One phone, one round after the other.
pub fn alone(stage: &Stage) -> Measured {
    let phone = up_to_date(stage, &stage.server.address(), 0)?;
    let mut times = (0..ROUNDS).map(|_| Ok(phone.sync()?.1)).collect::<Result<Vec<_>, Failure>>()?;
    let proxy = CountingProxy::to(stage.server.port())?;
    let counted = up_to_date(stage, &proxy.address(), 0)?;
    proxy.reset();
    let (report, sent) = proxy.recording(|| counted.sync());
    let requests = report?.0.requests;
    let passed = proxy.passed();
    let bodies = body(&sent).len() as u64;
    Ok(vec![
        Figure::time(format!("nothing changed, median of {ROUNDS}"), median(&mut times)).bar(Bar::AtMost(2.0)),
        Figure::time("  99th percentile", percentile(&mut times, 99)),
        Figure::bytes("  bytes both ways, heads included", passed.up + passed.down).bar(Bar::AtMost(500.0)),
        Figure::bytes("    of these up", passed.up),
        Figure::bytes("    of these the body up", bodies),
        Figure::new("  requests", f64::from(requests), Unit::Count).bar(Bar::AtMost(1.0)),
    ])
}

/// Requests of phones of many guides, over and over, for so long each way.
pub fn many(members: u32, seed: u64, lasts: Duration) -> Measured {
    let workload = Workload { guides: 50, ..Workload::of(members, seed) };
    let stage = Stage::of(workload, |_| ())?;
    let mut requests = Vec::new();
    for n in 0..PHONES {
        let proxy = CountingProxy::to(stage.server.port())?;
        let phone = up_to_date(&stage, &proxy.address(), n)?;
        let (report, sent) = proxy.recording(|| phone.sync());
        report?;
        requests.push(sent);
    }
    let mut figures = Vec::new();
    for (name, connections, bar) in [("kept", Connections::Kept, 20_000.0), ("fresh", Connections::Fresh, 4_000.0)] {
        let before = ProcessorTime::of(stage.server.pid());
        let load = load(stage.server.port(), &requests, SENDERS, connections, lasts)?;
        let server = ProcessorTime::of(stage.server.pid()).since(&before);
        figures.push(Figure::new(format!("nothing changed, {name} connections"), load.per_second, Unit::PerSecond).bar(Bar::AtLeast(bar)));
        figures.push(Figure::time("  server's processor time each", each(server, load.answered)));
        figures.push(Figure::time("  generator's", each(load.generator, load.answered)));
    }
    let ceiling = ceiling(&requests, SENDERS, lasts)?;
    figures.push(Figure::new("  what the generator reaches at a server that does nothing", ceiling.per_second, Unit::PerSecond));
    figures.push(Figure::time("  generator's processor time each", each(ceiling.generator, ceiling.answered)));
    Ok(figures)
}

fn each(time: Duration, count: u64) -> Duration {
    Duration::from_secs_f64(time.as_secs_f64() / count.max(1) as f64)
}

/// A phone that has everything and a session.
pub fn up_to_date(stage: &Stage, address: &str, guide: u32) -> Result<BenchPhone, Failure> {
    let phone = stage.phone(address, guide)?;
    phone.sync()?;
    phone.sync()?;
    Ok(phone)
}

fn body(request: &[u8]) -> &[u8] {
    request.windows(4).position(|four| four == b"\r\n\r\n").map_or(&[], |head| &request[head + 4..])
}
