//! What is to be done once after the database was restored from a backup.

use guidebook_domain::{DeviceId, GuideId, TenantId};
use serde_json::json;
use uuid::Uuid;

use crate::db::campaigns::CampaignRow;
use crate::db::operations::Change;
use crate::db::restores::Restore;
use crate::db::{Database, DatabaseExt, Tx, Write};
use crate::error::ServiceError;

/// Positions given out after a restore lie at least so far above those that the backup knows, so that none of them was
/// ever given out for something else; how far exactly is left to chance, for one backup can be restored twice.
pub const LEAST_LEAP: u64 = 1 << 32;

/// After a restore, turns of codes begin at its time in milliseconds, shifted by so many bits.
const TURNS_A_MS: u32 = 20;

/// Begins a new epoch: phones keep their outbox, compare their sums, take again what differs and send again what was
/// forgotten. HQ's cursor of the change feed goes on. Gives the epoch.
pub fn begin_epoch(db: &dyn Database, tenant: &TenantId, random: [u8; 20], now_ms: u64) -> Result<Uuid, ServiceError> {
    let (id, leap) = random.split_at(16);
    let epoch = uuid::Builder::from_bytes(id.try_into().unwrap_or_default()).into_uuid();
    let leap = LEAST_LEAP + leap.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)) * 256;
    db.writing(Write::Restore, |tx| {
        let held = tx.tenant(tenant)?.ok_or_else(|| ServiceError::not_found("tenant"))?;
        let newest = tx.newest_change(tenant)?;
        let forgotten_since_ms = newest.as_ref().map_or(0, |change| change.at_ms);
        tx.begin_epoch(tenant, &Restore { before: held.epoch, forgotten_since_ms }, epoch)?;
        tx.leap(tenant, leap)?;
        leap_turns(tx, tenant, now_ms)?;
        let seq = newest.map_or(0, |change| change.seq) + leap;
        tx.log(tenant, &line(seq, now_ms, forgotten_since_ms))?;
        Ok(epoch)
    })
}

/// Turns that were given out since the backup never come again: a phone that holds a code under a forgotten turn would take
/// another's for it. They go on above the time of the restore, so that those of a later one lie above those of an earlier
/// one that is forgotten as well; a phone gives out nothing below what it has given out.
fn leap_turns(tx: &mut dyn Tx, tenant: &TenantId, now_ms: u64) -> crate::db::Result<()> {
    for row in tx.campaigns_after(tenant, 0)? {
        let turns = (row.turns + LEAST_LEAP).max(now_ms << TURNS_A_MS);
        tx.put_campaign(tenant, &CampaignRow { turns, ..row })?;
    }
    Ok(())
}

fn line(seq: u64, at_ms: u64, forgotten_since_ms: u64) -> Change {
    let (device_ms, op, member) = (None, None, None);
    let (kind, outcome) = ("restore".to_owned(), "applied".to_owned());
    let detail = json!({ "forgotten_since_ms": forgotten_since_ms });
    Change { seq, at_ms, device_ms, device: DeviceId::HQ, guide: GuideId::hq(), op, member, kind, detail, outcome }
}

/// Since when the server has forgotten what it told a phone of this epoch.
pub fn forgotten_since(tx: &mut dyn Tx, tenant: &TenantId, epoch: Uuid) -> crate::db::Result<Option<u64>> {
    let restores = tx.restores(tenant)?;
    // An epoch that the backup does not know was begun by a restore that this one has undone, before or after any of
    // those that are known: only the earliest of them is surely early enough. What is sent in vain gets its receipt.
    let from = restores.iter().position(|restore| restore.before == epoch).unwrap_or(0);
    Ok(restores[from..].iter().map(|restore| restore.forgotten_since_ms).min())
}
