//! Showing a full phone number: on record first.

use guidebook_domain::{Edit, EditProblem, EditReason, Limits, MemberId, Phone, RevealReason};

use crate::outbox;
use crate::{Moment, Store, StoreError};

const DAY_MS: u64 = 24 * 3_600_000;

impl Store {
    /// A member's full number, and that it was shown: the operation is on the disk before the number is returned, and goes
    /// to the server like any edit.
    ///
    /// Errors: `NotFound`; `Rule` where there is no number (`phone`, `Unknown`) or [`Limits::reveals_per_day`] have been
    /// shown (`reveal`, `TooMany`).
    pub fn reveal_phone(&mut self, member: &MemberId, reason: RevealReason, moment: Moment) -> Result<Phone, StoreError> {
        let known = self.member(member)?.record.profile.phone;
        let phone = known.ok_or_else(|| EditProblem::new("phone", EditReason::Unknown))?;
        let limit = Limits::default().reveals_per_day;
        if self.reveals_of_a_day(moment)? >= limit {
            return Err(EditProblem::new("reveal", EditReason::TooMany { limit }).into());
        }
        self.edit(member, Edit::Reveal { reason }, moment)?;
        Ok(phone)
    }

    /// How often this phone has shown a number within 24 hours. Counted back from the newest edit, which no clock that is
    /// set back undoes.
    fn reveals_of_a_day(&self, moment: Moment) -> Result<usize, StoreError> {
        let now_ms = self.corrected_ms(moment.wall_ms).max(self.memory.standing.last_hlc.unix_ms());
        let mut query = self.conn.prepare_cached("SELECT id, sealed FROM operation WHERE made_ms > ?1")?;
        let mut rows = query.query([now_ms.saturating_sub(DAY_MS) as i64])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let entry = outbox::open(&self.vault, row)?;
            count += usize::from(matches!(entry.operation.edit, Edit::Reveal { .. }));
        }
        Ok(count)
    }
}
