//! What has become of a campaign, and of when that is true: a phone that was not heard of may have given out what it was leased.

use std::collections::BTreeMap;

use guidebook_domain::coupon::Buckets;
use guidebook_domain::{CampaignId, GuideId, StoreId, TenantId};
use serde::Serialize;

use crate::db::coupon_report::{IssuedSum, RedeemedSum};
use crate::db::grants::Conflict;
use crate::db::{Database, DatabaseExt};
use crate::error::ServiceError;

/// The most conflicts of one answer.
pub const MOST_CONFLICTS: usize = 1_000;

/// Sums of some coupons.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Given out and not taken back.
    pub issued: u64,
    /// Taken back before they were handed over.
    pub void: u64,
    /// Used.
    pub redeemed: u64,
    /// Used of a hundred given out, in hundredths of a per cent.
    pub rate_bp: u64,
    /// What they took off bills, fen.
    pub money_fen: u64,
}

/// Sums of one store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StoreSums {
    /// Of what was given out here.
    #[serde(flatten)]
    pub given: Sums,
    /// Used here, wherever it was given out.
    pub taken: u64,
    /// Of those: without a network.
    pub taken_offline: u64,
    /// What that took off bills, fen.
    pub taken_fen: u64,
    /// What does not fit and this store bears, and its money in fen.
    pub conflicts: u64,
    /// That money.
    pub conflict_fen: u64,
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The campaign.
    pub campaign: CampaignId,
    /// Everything in it was known by then, Unix milliseconds: the oldest word of a phone that has codes under lease.
    pub data_as_of_ms: u64,
    /// Where the codes are.
    pub codes: Buckets,
    /// The most that what is out and what was used may cost, fen.
    pub out_fen: u64,
    /// All coupons. Used also counts those of whose issue no phone has told yet.
    pub total: Sums,
    /// Codes whose lease is over and that no phone has given back: they return after the coupons' own last day.
    pub stranded_codes: u64,
    /// The most that they could cost, fen.
    pub stranded_fen: u64,
    /// By store.
    pub stores: BTreeMap<StoreId, StoreSums>,
    /// By guide.
    pub guides: BTreeMap<GuideId, Sums>,
    /// What does not fit, by kind.
    pub conflicts: BTreeMap<String, u64>,
    /// What that cost, fen.
    pub conflict_fen: u64,
}

impl Sums {
    fn add(&mut self, sum: &IssuedSum) {
        self.issued += sum.issued - sum.void;
        self.void += sum.void;
        self.redeemed += sum.redeemed;
        self.money_fen += sum.money_fen;
        self.rate();
    }

    fn rate(&mut self) {
        self.rate_bp = (self.redeemed * 10_000).checked_div(self.issued).unwrap_or_default();
    }
}

/// A campaign's report, from one snapshot.
///
/// Errors: `not_found`.
pub fn report(db: &dyn Database, tenant: &TenantId, id: &CampaignId, now_ms: u64) -> Result<Report, ServiceError> {
    db.reading(|tx| {
        let row = tx.look_at_campaign(tenant, id)?.ok_or_else(|| ServiceError::not_found("campaign"))?;
        let stranded = tx.stranded(tenant, id, now_ms)?;
        let mut report = Report {
            campaign: id.clone(),
            data_as_of_ms: tx.oldest_word(tenant, id)?.unwrap_or(now_ms).min(now_ms),
            codes: tx.buckets(tenant, id)?,
            out_fen: row.out_fen,
            total: Sums::default(),
            stranded_codes: stranded.codes,
            stranded_fen: stranded.fen,
            stores: BTreeMap::new(),
            guides: BTreeMap::new(),
            conflicts: BTreeMap::new(),
            conflict_fen: 0,
        };
        tx.issued_sums(tenant, id)?.iter().for_each(|sum| report.given(sum));
        tx.redeemed_sums(tenant, id)?.iter().for_each(|sum| report.taken(sum));
        tx.conflicts(tenant, Some(id), usize::MAX >> 1)?.iter().for_each(|conflict| report.conflicting(conflict));
        Ok(report)
    })
}

impl Report {
    fn given(&mut self, sum: &IssuedSum) {
        self.guides.entry(sum.guide.clone()).or_default().add(sum);
        self.stores.entry(sum.store.clone()).or_default().given.add(sum);
        self.total.issued += sum.issued - sum.void;
        self.total.void += sum.void;
    }

    fn taken(&mut self, sum: &RedeemedSum) {
        let store = self.stores.entry(sum.store.clone()).or_default();
        (store.taken, store.taken_offline, store.taken_fen) = (sum.redeemed, sum.offline, sum.money_fen);
        self.total.redeemed += sum.redeemed;
        self.total.money_fen += sum.money_fen;
        self.total.rate();
    }

    fn conflicting(&mut self, conflict: &Conflict) {
        *self.conflicts.entry(conflict.kind.clone()).or_default() += 1;
        self.conflict_fen += conflict.money_fen;
        if let Some(store) = &conflict.store {
            let store = self.stores.entry(store.clone()).or_default();
            store.conflicts += 1;
            store.conflict_fen += conflict.money_fen;
        }
    }
}

/// A conflict as HQ reads it.
#[derive(Clone, Debug, Serialize)]
pub struct ConflictLine {
    /// What brought it: an operation, or a till's redemption.
    pub id: String,
    /// What does not fit.
    pub kind: String,
    /// The campaign.
    pub campaign: Option<CampaignId>,
    /// The store that bears it.
    pub store: Option<StoreId>,
    /// The guide.
    pub guide: Option<GuideId>,
    /// The phone.
    pub device: Option<guidebook_domain::DeviceId>,
    /// What it cost, fen.
    pub money_fen: u64,
    /// When it happened, Unix milliseconds.
    pub at_ms: u64,
    /// When the server heard of it, Unix milliseconds.
    pub heard_ms: u64,
    /// More, in words.
    pub detail: String,
}

/// What does not fit, newest first, of one campaign or all; at most [`MOST_CONFLICTS`].
pub fn conflicts(db: &dyn Database, tenant: &TenantId, campaign: Option<&CampaignId>) -> Result<Vec<ConflictLine>, ServiceError> {
    let rows = db.reading(|tx| tx.conflicts(tenant, campaign, MOST_CONFLICTS))?;
    let line = |row: Conflict| {
        let Conflict { id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail } = row;
        ConflictLine { id, kind, campaign, store, guide, device, money_fen, at_ms, heard_ms, detail }
    };
    Ok(rows.into_iter().map(line).collect())
}
