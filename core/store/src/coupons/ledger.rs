//! The phone's own coupons: listing them, handing over, taking back.

use guidebook_domain::coupon::{Campaign, CouponCode, IssueEvent};
use guidebook_domain::{CampaignId, Edit, GrantId, MemberId, OperationId};
use guidebook_wire::MemberCouponState;
use rusqlite::TransactionBehavior;

use crate::coupons::pool::{self, CodeRow, GivenRecord};
use crate::outbox::{self, Fate, OperationEntry};
use crate::{Moment, Store, StoreError, failpoint};

/// The most edits on a member that are looked through for coupons of hers: far more than 90 days bring.
pub(crate) const MOST_EDITS: u32 = 10_000;

/// A coupon that this phone has given out. `Debug` hides its code.
#[derive(Clone, Debug)]
pub struct CouponEntry {
    /// The edit that made it.
    pub id: OperationId,
    /// The code.
    pub code: CouponCode,
    /// The text of the QR code.
    pub voucher: Voucher,
    /// The campaign as it was when the coupon was made.
    pub campaign: Campaign,
    /// To whom, when, how much.
    pub event: IssueEvent,
    /// What became of it.
    pub state: CouponState,
}

/// The text of a voucher. It is worth money, so `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Voucher(pub String);

impl std::fmt::Debug for Voucher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voucher(…)")
    }
}

/// What became of a coupon, as far as this phone knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CouponState {
    /// It was made and can be taken back.
    Issued,
    /// The member has it.
    HandedOver,
    /// She has used it.
    Redeemed,
    /// Its last day is over.
    Expired,
    /// It was taken back.
    Void,
    /// The server does not take it: the operation says why.
    Refused(Box<Fate>),
}

/// What can be given out of a campaign's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// The value ([`guidebook_domain::coupon::Face::values`]).
    pub value: u32,
    /// How many codes.
    pub codes: u64,
    /// Up to when the first of their leases runs, Unix milliseconds.
    pub lease_until_ms: Option<u64>,
}

impl Store {
    /// The campaigns that HQ has told of, whatever their state, by id.
    pub fn campaigns(&self) -> impl Iterator<Item = &Campaign> {
        self.memory.campaigns.values()
    }

    /// What is left of a campaign, by value. Errors: `NotFound`, `NoMarks`, `CannotIssue` for the clock.
    pub fn codes_left(&mut self, campaign: &CampaignId, wall_ms: u64) -> Result<Vec<Left>, StoreError> {
        let now_ms = self.issue_time(wall_ms)?;
        let values = self.memory.campaigns.get(campaign).ok_or(StoreError::NotFound)?.face.values();
        let left = |value: u32| {
            let (codes, lease_until_ms, _) = self.count_codes(campaign, value, now_ms)?;
            Ok(Left { value, codes, lease_until_ms })
        };
        values.into_iter().map(left).collect()
    }

    /// Coupons of this phone, newest first.
    pub fn coupons(&self, offset: u32, limit: u32, wall_ms: u64) -> Result<Vec<CouponEntry>, StoreError> {
        let rows = pool::coupons(&self.conn, &self.vault, offset, limit)?;
        rows.into_iter().map(|(id, row)| self.coupon_entry(id, row, wall_ms)).collect()
    }

    /// One coupon of this phone.
    pub fn coupon(&self, id: OperationId, wall_ms: u64) -> Result<CouponEntry, StoreError> {
        self.coupon_entry(id, self.coupon_row(id)?, wall_ms)
    }

    /// The coupons that this phone has given a member under whatever id, oldest first, as far as its edits remember.
    pub fn coupons_of(&self, member: &MemberId, wall_ms: u64) -> Result<Vec<CouponEntry>, StoreError> {
        let mut coupons = Vec::new();
        for entry in self.operations_on(member, 0, MOST_EDITS)?.into_iter().rev() {
            if matches!(entry.operation.edit, Edit::CouponIssued { .. }) {
                coupons.push(self.coupon(entry.operation.id, wall_ms)?);
            }
        }
        Ok(coupons)
    }

    /// Says that the member has it: shown to her, sent, printed. From then on it can't be taken back here.
    pub fn hand_over_coupon(&mut self, id: OperationId) -> Result<(), StoreError> {
        let mut row = self.coupon_row(id)?;
        given(&mut row)?.handed_over = true;
        let tx = self.conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        pool::keep(&tx, &self.vault, &row)?;
        failpoint::hit("store.coupon.before_commit")?;
        tx.commit()?;
        failpoint::hit("store.coupon.after_commit")?;
        Ok(())
    }

    /// Takes back a coupon that was not handed over. Its code is used up all the same.
    ///
    /// Errors: `NotFound`, `NotUndoable`.
    pub fn void_coupon(&mut self, id: OperationId, moment: Moment) -> Result<OperationId, StoreError> {
        let mut row = self.coupon_row(id)?;
        let entry = self.coupon(id, moment.wall_ms)?;
        if entry.state != CouponState::Issued {
            return Err(StoreError::NotUndoable);
        }
        let edit = Edit::CouponVoided { grant: row.grant, turn: row.turn };
        let operation = self.operation_of(Some(entry.event.member), edit, moment)?;
        given(&mut row)?.voided_by = Some(operation.id);
        let entry = OperationEntry { operation, inverse: None, fate: Fate::Waiting };
        self.commit_with(entry, moment, |tx, vault, _| pool::keep(tx, vault, &row))
    }

    fn coupon_row(&self, id: OperationId) -> Result<CodeRow, StoreError> {
        pool::coupon(&self.conn, &self.vault, id)?.ok_or(StoreError::NotFound)
    }

    fn coupon_entry(&self, id: OperationId, mut row: CodeRow, wall_ms: u64) -> Result<CouponEntry, StoreError> {
        let GivenRecord { campaign, event, handed_over, voided_by } = given(&mut row)?.clone();
        let state = self.coupon_state(id, &event, handed_over, voided_by, wall_ms)?;
        Ok(CouponEntry { id, code: row.record.code, voucher: Voucher(row.record.voucher), campaign, event, state })
    }

    fn coupon_state(
        &self,
        id: OperationId,
        event: &IssueEvent,
        handed_over: bool,
        voided_by: Option<OperationId>,
        wall_ms: u64,
    ) -> Result<CouponState, StoreError> {
        let fate = |op| Ok::<_, StoreError>(outbox::find(&self.conn, &self.vault, op)?.map(|entry| entry.fate));
        // An answered edit is forgotten after a time: then it holds.
        if let Some(refused) = fate(id)?.filter(|fate| !fate.holds()) {
            return Ok(CouponState::Refused(Box::new(refused)));
        }
        if let Some(op) = voided_by
            && fate(op)?.is_none_or(|fate| fate.holds())
        {
            return Ok(CouponState::Void);
        }
        match self.told_of(&event.member, event.grant, event.turn) {
            Some(MemberCouponState::Redeemed) => return Ok(CouponState::Redeemed),
            Some(MemberCouponState::Void) => return Ok(CouponState::Void),
            Some(MemberCouponState::Issued) | None => {}
        }
        let over = self.corrected_ms(wall_ms) >= event.expires_ms;
        Ok(match (over, handed_over) {
            (true, _) => CouponState::Expired,
            (false, true) => CouponState::HandedOver,
            (false, false) => CouponState::Issued,
        })
    }

    /// What the server says of a coupon, if it has told.
    fn told_of(&self, member: &MemberId, grant: GrantId, turn: u64) -> Option<MemberCouponState> {
        let record = self.member(member).ok()?.record;
        record.coupons().iter().find(|coupon| (coupon.grant, coupon.turn) == (grant, turn)).map(|coupon| coupon.state)
    }
}

fn given(row: &mut CodeRow) -> Result<&mut GivenRecord, StoreError> {
    row.record.coupon.as_mut().ok_or(StoreError::Damaged("coupon_code"))
}
