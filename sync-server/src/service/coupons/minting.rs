//! Making codes: a campaign has as many free ones as its budget still allows.

use guidebook_domain::{CampaignId, TenantId};

use super::CouponSecret;
use super::secret::Mint;
use crate::db::{Database, DatabaseExt, Write};
use crate::error::ServiceError;

/// How many are made in one transaction.
const BATCH: u64 = 10_000;

/// The most codes of one campaign.
pub const MOST_CODES: u64 = 5_000_000;

/// Makes the codes that a campaign's budget allows and does not have, batch by batch; how many. A batch is whole or not at all,
/// so whoever comes after a process that ended goes on where it was.
pub fn mint(db: &dyn Database, secret: &CouponSecret, tenant: &TenantId, id: &CampaignId) -> Result<u64, ServiceError> {
    let mut all = 0;
    loop {
        let made = db.writing(Write::Campaign, |tx| {
            let mut row = tx.campaign(tenant, id)?.ok_or_else(|| ServiceError::not_found("campaign"))?;
            let void = tx.buckets(tenant, id)?.void;
            // What was taken back unused is made up for.
            let count = (row.budget_codes + void).min(MOST_CODES).saturating_sub(row.serials).min(BATCH);
            if count == 0 {
                return Ok(0);
            }
            let codes = Mint::of(tx, secret, tenant)?;
            let generation = codes.first_generation();
            let place = |serial| Ok(codes.hash(&codes.code(&row.campaign, serial, generation)?));
            let hashes = (row.serials..row.serials + count).map(place).collect::<crate::db::Result<Vec<_>>>()?;
            tx.mint(tenant, id, row.serials, generation, &hashes)?;
            row.serials += count;
            tx.put_campaign(tenant, &row)?;
            Ok::<_, ServiceError>(count)
        })?;
        all += made;
        if made < BATCH {
            return Ok(all);
        }
    }
}
