//! Giving back what was not used: when its lease is over, or the campaign. The mark is raised first, so that a book which is
//! brought back afterwards does not give those codes out. A kill in between leaves them lost until their own last day.

use std::collections::BTreeMap;

use guidebook_domain::coupon::{CampaignState, Surrender, Validity};
use guidebook_domain::{CampaignId, Edit, GrantId, MemberState, store_day};

use crate::coupons::pool::{self, Above};
use crate::outbox::{Fate, OperationEntry};
use crate::{Moment, Store, StoreError, failpoint};

impl Store {
    /// Before a round: gives back what may be given out no more, and asks for what is low. `random` makes ids.
    ///
    /// Where the marks cannot be reached, nothing is done.
    pub fn settle_coupons(&mut self, wall_ms: u64, random: &mut dyn FnMut() -> Result<[u8; 10], StoreError>) -> Result<(), StoreError> {
        match self.surrender_codes(wall_ms, random) {
            Ok(()) | Err(StoreError::NoMarks) => {}
            Err(other) => return Err(other),
        }
        self.ask_for_codes(wall_ms, random)
    }

    fn surrender_codes(&mut self, wall_ms: u64, random: &mut dyn FnMut() -> Result<[u8; 10], StoreError>) -> Result<(), StoreError> {
        if self.identity().is_none() {
            return Ok(());
        }
        self.look_for_issuing(wall_ms);
        // Without a time that can be trusted nothing is over.
        let Ok(now_ms) = self.memory.standing.issue_clock.now_ms() else { return Ok(()) };
        for (campaign, value) in pool::held(&self.conn)? {
            for (grant, turns) in self.codes_over(&campaign, value, now_ms)? {
                failpoint::hit("store.surrender.before_mark")?;
                let turns = self.claim(&campaign, value, turns)?;
                if turns.is_empty() {
                    // Somebody else has moved it: the next round looks again.
                    break;
                }
                failpoint::hit("store.surrender.after_mark")?;
                self.give_back(grant, turns, now_ms, Moment { wall_ms, random: random()? })?;
            }
        }
        Ok(())
    }

    /// Those of the turns that nobody else has given out: another process over the same marks may have, since they were read.
    /// One by one, for a mark that rises to the last of them says nothing of the others.
    fn claim(&mut self, campaign: &CampaignId, value: u32, turns: Vec<u64>) -> Result<Vec<u64>, StoreError> {
        let mut claimed = Vec::with_capacity(turns.len());
        for turn in turns {
            self.marks.id()?;
            if self.marks.raise(campaign, value, turn)? {
                claimed.push(turn);
            }
        }
        Ok(claimed)
    }

    /// The codes of a campaign's value that may be given out no more, by grant, the lowest turns first. Among them are those
    /// below a code whose lease is over, whatever their own says: the mark passes them.
    fn codes_over(&mut self, campaign: &CampaignId, value: u32, now_ms: u64) -> Result<Vec<(GrantId, Vec<u64>)>, StoreError> {
        let (mark, turn) = (self.marks.id()?, self.marks.turn(campaign, value)?);
        let above = Above { campaign, value, mark, turn };
        let over = self.is_over(campaign, now_ms);
        let Some(last) = (if over { Some(i64::MAX as u64) } else { pool::highest_over(&self.conn, above, now_ms)? }) else {
            return Ok(Vec::new());
        };
        let mut by_grant: BTreeMap<GrantId, Vec<u64>> = BTreeMap::new();
        for (grant, turn) in pool::turns_up_to(&self.conn, above, last)? {
            by_grant.entry(grant).or_default().push(turn);
        }
        let mut grants: Vec<(GrantId, Vec<u64>)> = by_grant.into_iter().collect();
        grants.sort_by_key(|(_, turns)| turns.first().copied());
        Ok(grants)
    }

    /// Whether a campaign will never run again.
    fn is_over(&self, campaign: &CampaignId, now_ms: u64) -> bool {
        let Some(campaign) = self.memory.campaigns.get(campaign) else { return false };
        let past = match campaign.validity {
            Validity::Fixed { to, .. } => store_day(now_ms) > to,
            Validity::FromIssue { .. } => false,
        };
        past || campaign.state == CampaignState::Ended
    }

    fn give_back(&mut self, grant: GrantId, turns: Vec<u64>, at_ms: u64, moment: Moment) -> Result<(), StoreError> {
        let device = self.identity().ok_or(StoreError::NotEnrolled)?.device;
        let surrender = Surrender { device, mark: self.marks.id()?, grant, turns: turns.clone(), at_ms };
        let surrender = Box::new(surrender.sign(self.device_key()?));
        let operation = self.operation_of(None, Edit::CodesSurrendered { surrender }, moment)?;
        self.check(&operation.edit, &MemberState::default())?;
        let entry = OperationEntry { operation, inverse: None, fate: Fate::Waiting };
        self.commit_with(entry, moment, |tx, _, _| pool::surrender(tx, grant, &turns))?;
        Ok(())
    }
}
