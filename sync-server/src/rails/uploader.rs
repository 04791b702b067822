//! Brings codes to their platforms, batch after batch, by itself.

use std::sync::Arc;
use std::time::Duration;

use guidebook_domain::TenantId;
use guidebook_domain::coupon::{Campaign, CampaignState};

use super::batch::{Batch, next, settle};
use super::{Moment, Rail, RailError};
use crate::clock;
use crate::db::{DatabaseExt, Write};
use crate::error::{ServerError, ServiceError};
use crate::http::app::App;
use crate::random::random;
use crate::service::coupons::CouponSecret;

/// Between two batches: at most 20 calls a second.
const PAUSE: Duration = Duration::from_millis(50);

/// Before the first repetition; each further one waits twice as long, up to the period of the upkeep.
const FIRST_WAIT: Duration = Duration::from_millis(500);

/// What one turn came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Codes that platforms know by now.
    pub known: usize,
    /// Campaigns that have to wait.
    pub waiting: usize,
}

/// Runs a turn at once, when there are fresh codes, and every `period`, until it is dropped.
pub async fn every(app: Arc<App>, period: Duration) {
    if app.rails.is_empty() {
        return;
    }
    let mut wait = FIRST_WAIT;
    loop {
        let failed = match turn(&app).await {
            Ok(turn) => turn.waiting > 0,
            Err(error) => {
                tracing::error!(%error, "rails failed");
                true
            }
        };
        if failed {
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(period.max(FIRST_WAIT));
        } else {
            wait = FIRST_WAIT;
            tokio::select! {
                () = tokio::time::sleep(period) => {}
                () = app.rails.woken() => {}
            }
        }
    }
}

/// One turn: everything of all campaigns, as long as their platforms take it.
async fn turn(app: &Arc<App>) -> Result<Turn, ServiceError> {
    let mut done = Turn::default();
    let Some(secret) = app.coupons.clone() else { return Ok(done) };
    let rows = blocking(app, |app| Ok(app.db.reading(|tx| tx.campaigns_on_rails())?)).await?;
    for (tenant, row) in rows {
        let place = row.rail.unwrap_or_default();
        let Some((rail, stock)) = app.rails.at(&tenant, &place) else { continue };
        if row.campaign.state == CampaignState::Ended {
            continue;
        }
        let (known, stopped) = campaign(app, &secret, &tenant, &row.campaign, &*rail, &stock).await?;
        done.known += known;
        if let Some(error) = stopped {
            tracing::warn!(campaign = row.campaign.id.as_str(), %error, "codes wait for their platform");
            done.waiting += 1;
        }
    }
    Ok(done)
}

/// A campaign's codes, until all are known or the platform stops taking them.
async fn campaign(
    app: &Arc<App>,
    secret: &CouponSecret,
    tenant: &TenantId,
    campaign: &Campaign,
    rail: &dyn Rail,
    stock: &str,
) -> Result<(usize, Option<RailError>), ServiceError> {
    let mut all = 0;
    loop {
        let Some(batch) = the_next(app, secret, tenant, campaign, rail.most()).await? else { return Ok((all, None)) };
        let moment = Moment { now_ms: clock::now_ms(), nonce: random()? };
        let uploaded = match rail.upload(stock, &batch, moment).await {
            Ok(uploaded) => uploaded,
            Err(error) => return Ok((all, Some(error))),
        };
        for (code, count) in &uploaded.refused {
            app.metrics.coupons("refused_by_rail", *count as u64);
            tracing::warn!(campaign = campaign.id.as_str(), code, count, "codes that the platform does not take");
        }
        let (tenant, refused) = (tenant.clone(), uploaded.refused.first().map(|(code, _)| code.clone()));
        let known = blocking(app, move |app| Ok(app.db.writing(Write::Campaign, |tx| settle(tx, &tenant, &batch, &uploaded))?));
        let known = known.await?;
        app.metrics.coupons("on_rail", known as u64);
        if known == 0 {
            return Ok((all, Some(refused.map_or(RailError::Answer, |code| RailError::Refused { status: 200, code }))));
        }
        all += known;
        tokio::time::sleep(PAUSE).await;
    }
}

async fn the_next(
    app: &Arc<App>,
    secret: &CouponSecret,
    tenant: &TenantId,
    campaign: &Campaign,
    most: usize,
) -> Result<Option<Batch>, ServiceError> {
    let (secret, tenant, campaign) = (secret.clone(), tenant.clone(), campaign.clone());
    let work = move |app: &App| {
        if app.db.reading(|tx| tx.free_coupons(&tenant, &campaign.id, Some(false), 1))?.is_empty() {
            return Ok(None);
        }
        Ok(app.db.writing(Write::Campaign, |tx| next(tx, &secret, &tenant, &campaign, most, clock::now_ms()))?)
    };
    blocking(app, work).await
}

async fn blocking<T: Send + 'static>(
    app: &Arc<App>,
    work: impl FnOnce(&App) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, ServiceError> {
    let app = Arc::clone(app);
    tokio::task::spawn_blocking(move || work(&app)).await.map_err(|_| ServiceError::from(ServerError::Task))?
}
