//! What a long history costs a first sync: each member edited twenty times beside each edited once.

use guidebook_domain::{Edit, GuideField, Private};

use super::figure::{Bar, Figure, Unit};
use super::first_sync::bytes_down;
use super::raw_phone::{Line, RawPhone};
use super::stage::Stage;
use super::{Failure, Measured};
use crate::workload::{guide, member};

/// Edits of each member.
const TIMES: u32 = 20;
/// Operations of one round.
const PUSH: usize = 1_000;

/// Guide 0's members, all of them hers alone, are edited through the protocol; the last value is as long as the first.
pub fn measure(stage: &Stage) -> Measured {
    let mut line = Line::to(&stage.server.address())?;
    let mut phone = RawPhone::enrol(&mut line, &stage.hq.code_for(&guide(0))?, 2)?;
    edit_all(stage, &mut phone, &mut line, 0)?;
    let once = bytes_down(stage)?;
    for time in 1..TIMES {
        edit_all(stage, &mut phone, &mut line, time)?;
    }
    let often = bytes_down(stage)?;
    let measure = format!("each member edited {TIMES} times before, bytes to once");
    Ok(vec![Figure::new(measure, often as f64 / once as f64, Unit::Times).bar(Bar::AtMost(1.02))])
}

fn edit_all(stage: &Stage, phone: &mut RawPhone, line: &mut Line, time: u32) -> Result<(), Failure> {
    let members: Vec<u32> = (0..stage.workload.members).filter(|n| n.is_multiple_of(stage.workload.guides)).collect();
    for batch in members.chunks(PUSH) {
        let edit = |time: u32| Edit::Field { field: GuideField::Preferences, value: Private::new(format!("wears {:02}", 36 + time)) };
        let operations = batch.iter().map(|n| phone.edit(&member::id(*n), edit(time))).collect::<Result<Vec<_>, _>>()?;
        let answer = phone.round(line, &operations)?;
        let receipts = answer["receipts"].as_array().map_or(0, Vec::len);
        if receipts != operations.len() {
            return Err(format!("{receipts} receipts for {} edits", operations.len()).into());
        }
    }
    Ok(())
}
