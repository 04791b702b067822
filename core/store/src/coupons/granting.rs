//! Taking codes in: what HQ has signed for this phone and mark, above the mark. Taken twice it is taken once.

use std::collections::BTreeMap;

use guidebook_domain::coupon::{Grant, GrantError, GrantedCode, HighWater};
use guidebook_domain::{CampaignId, GrantId};
use guidebook_wire::CouponAnswerRecord;
use rusqlite::Transaction;

use crate::coupons::pool::{self, Need};
use crate::coupons::state::{COUPONS, CouponStanding};
use crate::vault::Vault;
use crate::{Store, StoreError, settings};

/// After an answer that brought no code, none of the campaign's value are asked for so long, in milliseconds.
const PAUSE_MS: u64 = 60_000;

/// What is to be done with the coupons of an answer.
#[derive(Default)]
pub(crate) struct CouponPlan {
    standing: Option<CouponStanding>,
    grants: Vec<(Grant, Vec<GrantedCode>)>,
    needs: BTreeMap<(CampaignId, u32), Need>,
    pauses: Vec<(CampaignId, u32)>,
}

impl CouponPlan {
    /// Whether screens have something to read again.
    pub fn changes(&self) -> bool {
        !self.grants.is_empty()
    }

    /// The part of the transaction.
    pub fn carry_out(&self, tx: &Transaction<'_>, vault: &Vault) -> Result<(), StoreError> {
        for (grant, codes) in &self.grants {
            pool::put_grant(tx, vault, grant, codes.iter())?;
        }
        for ((campaign, value), need) in &self.needs {
            pool::put_need(tx, campaign, *value, need)?;
        }
        match &self.standing {
            Some(standing) => settings::save(tx, vault, COUPONS, standing),
            None => Ok(()),
        }
    }
}

impl Store {
    pub(crate) fn plan_coupons(&mut self, answer: Option<CouponAnswerRecord>, server_ms: u64) -> Result<CouponPlan, StoreError> {
        let mut plan = CouponPlan::default();
        let (Some(answer), Some(device)) = (answer, self.identity().map(|identity| identity.device)) else { return Ok(plan) };
        // Without the marks nobody can tell which codes are out. The request stays, and with it the same answer.
        let Ok(mark) = self.marks.id() else { return Ok(plan) };
        let mut standing = self.memory.coupons.clone();
        if let (None, Some(root)) = (&standing.root, &answer.root) {
            standing.root = Some(*root);
            plan.standing = Some(standing.clone());
        }
        if let (Some(signed), Some(root)) = (&answer.trust, &standing.root)
            && let Ok(list) = signed.accept(standing.trust.number, root)
        {
            standing.trust = list;
            plan.standing = Some(standing.clone());
        }
        let asked = pool::requests(&self.conn, mark)?;
        for signed in &answer.grants {
            match signed.verify(&standing.trust, device, mark, server_ms) {
                Ok(grant) => self.plan_grant(&mut plan, grant, &asked)?,
                // A copy of this phone has asked, or this one before its vault was lost.
                Err(GrantError::OtherMark) => {}
                // Not HQ's word: as if it had not come.
                Err(GrantError::UnknownKey | GrantError::BadSignature | GrantError::Malformed | GrantError::OtherDevice) => {}
            }
        }
        for denied in &answer.denied {
            if let Some((campaign, value)) = asked.get(&denied.request) {
                let need = Need { request: None, ..pool::need(&self.conn, campaign, *value)? };
                plan.needs.insert((campaign.clone(), *value), need);
                plan.pauses.push((campaign.clone(), *value));
            }
        }
        Ok(plan)
    }

    fn plan_grant(&mut self, plan: &mut CouponPlan, grant: Grant, asked: &BTreeMap<GrantId, (CampaignId, u32)>) -> Result<(), StoreError> {
        let mut mark = HighWater::new(grant.mark);
        mark.raise(&grant.campaign, grant.value, self.marks.turn(&grant.campaign, grant.value)?);
        let codes: Vec<GrantedCode> = grant.unused(&mark).cloned().collect();
        let place = (grant.campaign.clone(), grant.value);
        if asked.get(&grant.request) == Some(&place) {
            if codes.is_empty() {
                plan.pauses.push(place.clone());
            }
            plan.needs.insert(place, Need { granted: grant.codes.len() as u64, request: None });
        }
        plan.grants.push((grant, codes));
        Ok(())
    }

    /// Memory follows the file.
    pub(crate) fn take_in_coupons(&mut self, plan: CouponPlan) {
        if let Some(standing) = plan.standing {
            self.memory.coupons = standing;
        }
        let until_ms = self.memory.standing.time.certain_ms().saturating_add(PAUSE_MS);
        self.memory.coupon_pauses.extend(plan.pauses.into_iter().map(|place| (place, until_ms)));
    }
}
