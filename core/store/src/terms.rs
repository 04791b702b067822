//! Members whom the guide serves up to a last day: after it they are hidden, with or without a network. The rule is
//! `guidebook-domain`'s. Their records stay until the server takes them away, for a clock that was wrong may be put right.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use guidebook_domain::MemberId;
use guidebook_wire::MemberRecord;

use crate::{Store, StoreError};

/// Last days, and who is hidden.
#[derive(Default)]
pub(crate) struct Terms {
    days: BTreeMap<MemberId, NaiveDate>,
    over: BTreeSet<MemberId>,
}

impl Terms {
    /// A record was read or came.
    pub fn note(&mut self, record: &MemberRecord) {
        match record.until() {
            Some(day) => drop(self.days.insert(record.id.clone(), day)),
            None => self.forget(&record.id),
        }
    }

    /// A member is gone.
    pub fn forget(&mut self, id: &MemberId) {
        self.days.remove(id);
    }

    /// Whether she is hidden, as of the last look at the clocks.
    pub fn hides(&self, id: &MemberId) -> bool {
        self.over.contains(id)
    }
}

impl Store {
    /// Takes out of the index those whose last day is over, and puts back those whose is not.
    pub(crate) fn settle_terms(&mut self) -> Result<(), StoreError> {
        if self.memory.terms.days.is_empty() && self.memory.terms.over.is_empty() {
            return Ok(());
        }
        let time = self.memory.standing.time;
        let days = self.memory.terms.days.iter();
        let over: BTreeSet<MemberId> = days.filter(|(_, day)| time.is_over(**day)).map(|(id, _)| id.clone()).collect();
        let before = std::mem::replace(&mut self.memory.terms.over, over);
        for id in &self.memory.terms.over {
            self.memory.index.remove(id);
        }
        for id in before {
            if !self.memory.terms.hides(&id) {
                self.reindex(&id)?;
            }
        }
        Ok(())
    }
}
