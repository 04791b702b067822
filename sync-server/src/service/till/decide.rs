//! What a call of a till does to a code: pure.

use guidebook_domain::coupon::voucher::Worth;
use guidebook_domain::coupon::{Campaign, Validity};
use guidebook_domain::{StoreId, store_day};
use uuid::Uuid;

use crate::db::coupons::{Coupon, CouponState, Hold};

/// For so long a till may hold a code, in milliseconds.
pub const HELD_MS: u64 = 15 * 60_000;

/// What a till asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Whether a code is good.
    Verify,
    /// To hold it.
    Reserve,
    /// To use it, held or not.
    Commit,
    /// To let go of it, or to undo that it was used.
    Reverse,
}

impl Verb {
    /// The verb of this word.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "verify" => Some(Verb::Verify),
            "reserve" => Some(Verb::Reserve),
            "commit" => Some(Verb::Commit),
            "reverse" => Some(Verb::Reverse),
            _ => None,
        }
    }
}

/// Who asks, and about what sale.
#[derive(Clone, Debug)]
pub struct Asking {
    /// The till.
    pub terminal: Uuid,
    /// Its store.
    pub store: StoreId,
    /// The number of its store.
    pub store_number: u16,
    /// What is spent, fen, where the till says it.
    pub spend_fen: Option<u32>,
    /// The server's time, Unix milliseconds.
    pub now_ms: u64,
}

/// Why a code is not good. A till without the right to know is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// There is no such code.
    Unknown,
    /// It was used.
    Used,
    /// Another till holds it.
    Held,
    /// It was taken back before it was handed over.
    Void,
    /// Its last day is over.
    Expired,
    /// Its first day is still to come.
    NotYet,
    /// It is for other stores.
    OtherStore,
    /// Too little is spent.
    LeastSpend,
    /// There is nothing to take back.
    NothingToReverse,
}

impl Why {
    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Why::Unknown => "unknown",
            Why::Used => "used",
            Why::Held => "held",
            Why::Void => "void",
            Why::Expired => "expired",
            Why::NotYet => "not_yet",
            Why::OtherStore => "other_store",
            Why::LeastSpend => "least_spend",
            Why::NothingToReverse => "nothing_to_reverse",
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plan {
    /// Nothing; the code is good.
    Good,
    /// The code becomes this.
    Hold(Coupon),
    /// The code is used, and the ledger gets a row.
    Use,
    /// The code becomes this.
    LetGo(Coupon),
    /// The code becomes this, and the ledger's row is taken back, if it is of the till's store.
    TakeBack(Coupon),
}

/// Decides.
pub fn decide(verb: Verb, coupon: &Coupon, campaign: &Campaign, asking: &Asking) -> Result<Plan, Why> {
    if verb == Verb::Reverse {
        return reverse(coupon, asking);
    }
    is_good(coupon, campaign, asking)?;
    Ok(match verb {
        Verb::Verify | Verb::Reverse => Plan::Good,
        Verb::Reserve => {
            let hold = Hold { terminal: asking.terminal, until_ms: asking.now_ms + HELD_MS };
            Plan::Hold(Coupon { state: CouponState::Reserved, hold: Some(hold), ..coupon.clone() })
        }
        Verb::Commit => Plan::Use,
    })
}

fn reverse(coupon: &Coupon, asking: &Asking) -> Result<Plan, Why> {
    match coupon.state {
        CouponState::Reserved if coupon.hold.as_ref().is_some_and(|hold| hold.terminal == asking.terminal) => {
            Ok(Plan::LetGo(crate::service::coupons::reclaim::let_go(coupon.clone())))
        }
        // The customer has it again, whether or not the phone has said that it gave it to her.
        CouponState::Redeemed => Ok(Plan::TakeBack(Coupon { state: CouponState::Issued, ..coupon.clone() })),
        CouponState::Reserved | CouponState::Free | CouponState::Leased | CouponState::Issued | CouponState::Void => {
            Err(Why::NothingToReverse)
        }
    }
}

/// Whether this till may take the code now.
fn is_good(coupon: &Coupon, campaign: &Campaign, asking: &Asking) -> Result<(), Why> {
    let Some(lease) = &coupon.lease else { return Err(Why::Unknown) };
    match coupon.state {
        CouponState::Free => return Err(Why::Unknown),
        CouponState::Void => return Err(Why::Void),
        CouponState::Redeemed => return Err(Why::Used),
        CouponState::Reserved => {
            let held = |hold: &Hold| hold.terminal != asking.terminal && hold.until_ms > asking.now_ms;
            if coupon.hold.as_ref().is_some_and(held) {
                return Err(Why::Held);
            }
        }
        CouponState::Leased | CouponState::Issued => {}
    }
    // What a till holds in time it may use, if midnight falls in between.
    let held_here = coupon.hold.as_ref().is_some_and(|hold| hold.terminal == asking.terminal && hold.until_ms > asking.now_ms);
    if asking.now_ms >= lease.good_until_ms && !held_here {
        return Err(Why::Expired);
    }
    if let Validity::Fixed { from, .. } = campaign.validity
        && store_day(asking.now_ms) < from
    {
        return Err(Why::NotYet);
    }
    let elsewhere = lease.store_number != 0 && lease.store_number != asking.store_number;
    if elsewhere || !(campaign.stores.is_empty() || campaign.stores.contains(&asking.store)) {
        return Err(Why::OtherStore);
    }
    if asking.spend_fen.is_some_and(|spend| spend < campaign.least_spend_fen) {
        return Err(Why::LeastSpend);
    }
    Ok(())
}

/// What it takes off the bill, fen; where the till does not say what is spent, the most that it can be.
pub fn money_fen(campaign: &Campaign, value: u32, spend_fen: Option<u32>) -> u64 {
    let worth = Worth::of(&campaign.face, value);
    let off = match (worth, spend_fen) {
        (Worth::Gift { .. }, _) | (_, None) => campaign.face.money_at_most(value),
        (worth, Some(spend)) => worth.discount_fen(spend),
    };
    off.into()
}
