//! What time it surely is, and whether members may still be shown. The rules are `guidebook-domain`'s.

use chrono::NaiveDate;
use guidebook_domain::{Limits, Retention, store_day};
use rusqlite::TransactionBehavior;

use crate::settings::{self, STANDING, Standing};
use crate::store::Memory;
use crate::{Store, StoreError};

/// Time that has surely passed is written down this often, in milliseconds; at an edit, an opening or a contact as well.
const WRITTEN_EVERY_MS: u64 = 10 * 60 * 1_000;

impl Store {
    /// Looks at this phone's clocks: the wall clock, and the one since the phone's start, which goes on while it sleeps.
    /// The wall clock is heard at the first look after opening only. What has passed is written down from time to time;
    /// a disk that takes nothing does not keep the guide from reading.
    pub fn look_at_clocks(&mut self, wall_ms: u64, since_boot_ms: u64) -> Retention {
        let limits = Limits::default();
        let contact_ms = self.memory.standing.last_contact_ms;
        let time = self.memory.standing.time;
        let first = self.memory.time_written_ms.is_none();
        self.memory.standing.time = if first {
            time.process_began(self.corrected_ms(wall_ms), since_boot_ms, contact_ms, &limits)
        } else {
            time.later(since_boot_ms)
        };
        self.look_for_issuing(wall_ms);
        let now_ms = self.memory.standing.time.certain_ms();
        let due = self.memory.time_written_ms.is_none_or(|written_ms| now_ms.saturating_sub(written_ms) >= WRITTEN_EVERY_MS);
        if due {
            self.memory.time_written_ms = Some(now_ms);
            let _ = self.write_standing();
        }
        // Who can't be read now stays hidden, and is read at the next look.
        let _ = self.settle_terms();
        self.retention()
    }

    /// The day in the stores, by the server's clock as far as this phone knows it.
    pub fn today(&self, wall_ms: u64) -> NaiveDate {
        store_day(self.corrected_ms(wall_ms))
    }

    /// Whether members may be shown, as of the last look at the clocks.
    pub fn retention(&self) -> Retention {
        let standing = &self.memory.standing;
        let by_contact = standing.time.retention(standing.last_contact_ms, &Limits::default());
        let last_day = self.identity().and_then(|identity| identity.guide.until);
        let over = last_day.is_some_and(|day| standing.time.is_over(day));
        if over { by_contact.max(Retention::Hidden) } else { by_contact }
    }

    pub(crate) fn write_standing(&mut self) -> Result<(), StoreError> {
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        settings::save(&tx, &self.vault, STANDING, &self.memory.standing)?;
        Ok(tx.commit()?)
    }
}

impl Memory {
    /// A contact's standing is in the file, and so is its time: it may lie before what was written last. The first look of a
    /// process is still to come if none was.
    pub fn contact_stands(&mut self, standing: Standing) {
        self.time_written_ms = self.time_written_ms.map(|_| standing.time.certain_ms());
        self.standing = standing;
    }
}
