//! One guide's small rounds while another's heavy ones are under way on the same server: she must not wait for them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use guidebook_domain::{Edit, GuideField, Private};

use super::edits::{MANY, tag_of, toggle};
use super::figure::{Bar, Figure, median, percentile};
use super::nothing_changed::up_to_date;
use super::raw_phone::{Line, RawPhone};
use super::stage::Stage;
use super::{Failure, Measured};
use crate::workload::{Workload, guide, member};

/// Small rounds before anybody else is there.
const ALONE: usize = 100;
/// A guide at the counter does not notice less than this.
const UNNOTICED_MS: f64 = 100.0;

/// Small rounds of guide 1, an edit each, alone and beside first syncs and pushes of a thousand of guide 0's; `members` each.
pub fn measure(members: u32, seed: u64, runs: usize) -> Measured {
    let stage = Stage::of(Workload { guides: 2, ..Workload::of(members * 2, seed) }, |_| ())?;
    let mut small = Small::of(&stage)?;
    let mut alone = (0..ALONE).map(|_| small.round()).collect::<Result<Vec<_>, _>>()?;
    let syncs = || {
        for _ in 0..runs {
            stage.phone(&stage.server.address(), 0)?.sync()?;
        }
        Ok(())
    };
    let mut beside_syncs = small.beside(&AtomicBool::new(true), syncs)?;
    let heavy = up_to_date(&stage, &stage.server.address(), 0)?;
    let tag = tag_of(&heavy, "送礼")?;
    let under_way = AtomicBool::new(false);
    let pushes = || {
        for run in 0..runs {
            toggle(&stage, &heavy, &tag, run % 2 == 0)?;
            under_way.store(true, Ordering::SeqCst);
            let pushed = heavy.sync();
            under_way.store(false, Ordering::SeqCst);
            pushed?;
        }
        Ok(())
    };
    let mut beside_pushes = small.beside(&under_way, pushes)?;
    let floor = median(&mut alone).as_secs_f64() * 1e3;
    let rows = |what: &str, times: &mut [Duration]| {
        [
            Figure::time(format!("an edit beside {what}, of {}", times.len()), median(times)).over(floor),
            Figure::time("  99th percentile", percentile(times, 99)).bar(Bar::AtMost(UNNOTICED_MS)),
            Figure::time("  longest", percentile(times, 100)),
        ]
    };
    let mut figures = rows("nobody", &mut alone).to_vec();
    figures.extend(rows(&format!("first syncs of {members}"), &mut beside_syncs));
    figures.extend(rows(&format!("pushes of {MANY}"), &mut beside_pushes));
    Ok(figures)
}

/// A phone with little to do.
struct Small {
    line: Line,
    phone: RawPhone,
}

impl Small {
    fn of(stage: &Stage) -> Result<Small, Failure> {
        let mut line = Line::to(&stage.server.address())?;
        let mut phone = RawPhone::enrol(&mut line, &stage.hq.code_for(&guide(1))?, 7)?;
        phone.pull(&mut line)?;
        Ok(Small { line, phone })
    }

    /// A round with one edit.
    fn round(&mut self) -> Result<Duration, Failure> {
        let edit = Edit::Field { field: GuideField::Preferences, value: Private::new("喜欢羊绒") };
        let edit = self.phone.edit(&member::id(1), edit)?;
        let began = Instant::now();
        self.phone.round(&mut self.line, &[edit])?;
        Ok(began.elapsed())
    }

    /// Rounds until `heavy` has ended; those that began while it was `under_way`.
    fn beside(&mut self, under_way: &AtomicBool, heavy: impl FnOnce() -> Result<(), Failure> + Send) -> Result<Vec<Duration>, Failure> {
        std::thread::scope(|scope| {
            let heavy = scope.spawn(heavy);
            let mut times = Vec::new();
            while !heavy.is_finished() {
                let counts = under_way.load(Ordering::SeqCst);
                let took = self.round()?;
                times.extend(counts.then_some(took));
            }
            heavy.join().map_err(|_| "the heavy side panicked")??;
            Ok(times)
        })
    }
}
