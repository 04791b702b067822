//! Asking for codes: by campaign and value, when few are left.

use guidebook_domain::coupon::grant::{MOST_CODES, MOST_MONEY_FEN, is_low};
use guidebook_domain::coupon::issue_check::check_issuer;
use guidebook_domain::coupon::{Campaign, CampaignState};
use guidebook_domain::{CampaignId, GrantId, MarkId, OperationId, store_day};
use guidebook_wire::{CouponAskRecord, GrantAskRecord};
use rusqlite::TransactionBehavior;

use crate::coupons::pool::{self, Need};
use crate::{Store, StoreError};

impl Store {
    /// What a round asks for; nothing where enough is left, where this phone may give nothing out, or while the marks cannot
    /// be reached. What is asked for is made by [`Store::settle_coupons`].
    pub fn coupon_ask(&self) -> Result<Option<CouponAskRecord>, StoreError> {
        let Some(mark) = self.memory.mark else { return Ok(None) };
        let mut asks = Vec::new();
        for (request, (campaign, value)) in pool::requests(&self.conn, mark)? {
            if let Some(known) = self.memory.campaigns.get(&campaign) {
                asks.push(GrantAskRecord { request, wanted: wanted(known), campaign, value });
            }
        }
        let (trust, rootless) = (self.memory.coupons.trust.number, self.memory.coupons.root.is_none());
        Ok(if asks.is_empty() { None } else { Some(CouponAskRecord { asks, mark, trust, rootless }) })
    }

    /// Makes requests for what is low. Each keeps its id until it is answered, so that an answer that was lost comes again.
    pub(crate) fn ask_for_codes(
        &mut self,
        wall_ms: u64,
        random: &mut dyn FnMut() -> Result<[u8; 10], StoreError>,
    ) -> Result<(), StoreError> {
        self.memory.mark = None;
        if self.memory.campaigns.is_empty() {
            return Ok(());
        }
        let Ok(mark) = self.marks.id() else { return Ok(()) };
        let now_ms = self.corrected_ms(wall_ms);
        let open: Vec<Campaign> = self.memory.campaigns.values().filter(|campaign| self.may_issue(campaign, now_ms)).cloned().collect();
        let mut needs = Vec::new();
        for campaign in open {
            for value in campaign.face.values() {
                needs.extend(self.need_of(&campaign.id, value, mark, now_ms)?);
            }
        }
        if !needs.is_empty() {
            let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for (campaign, value, granted) in needs {
                let request = GrantId::from_uuid(OperationId::from_time(now_ms, random()?).uuid());
                pool::put_need(&tx, &campaign, value, &Need { granted, request: Some((request, mark)) })?;
            }
            tx.commit()?;
        }
        self.memory.mark = Some(mark);
        Ok(())
    }

    /// The campaign's value, if it is low and nothing is asked for under this mark.
    fn need_of(
        &mut self,
        campaign: &CampaignId,
        value: u32,
        mark: MarkId,
        now_ms: u64,
    ) -> Result<Option<(CampaignId, u32, u64)>, StoreError> {
        let need = pool::need(&self.conn, campaign, value)?;
        if need.request.is_some_and(|(_, under)| under == mark) {
            return Ok(None);
        }
        let paused = self.memory.coupon_pauses.get(&(campaign.clone(), value));
        if paused.is_some_and(|until_ms| self.memory.standing.time.certain_ms() < *until_ms) {
            return Ok(None);
        }
        let (usable, _, _) = self.count_codes(campaign, value, now_ms)?;
        Ok(is_low(usable, need.granted).then(|| (campaign.clone(), value, need.granted)))
    }

    fn may_issue(&self, campaign: &Campaign, now_ms: u64) -> bool {
        let Ok(issuer) = self.issuer() else { return false };
        let open = campaign.state == CampaignState::Running && campaign.validity.is_open(store_day(now_ms));
        open && check_issuer(campaign, &issuer).is_ok()
    }
}

/// How many codes of each value: of one value as many as there may be, of several so many that the money of a lease reaches
/// for all.
fn wanted(campaign: &Campaign) -> u16 {
    let values = campaign.face.values();
    let together_fen: u64 = values.iter().map(|value| u64::from(campaign.face.money_at_most(*value))).sum();
    let by_money = MOST_MONEY_FEN.checked_div(together_fen).unwrap_or(MOST_CODES as u64);
    let by_count = if values.len() > 1 { by_money } else { MOST_CODES as u64 };
    by_count.clamp(1, MOST_CODES as u64) as u16
}
