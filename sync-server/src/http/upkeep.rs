//! What the server does by itself while it serves.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::app::App;
use crate::hq::upkeep::{Upkeep, upkeep};

/// Runs a turn at once and then every `period`, until it is dropped. A turn that fails is logged; the next one follows.
pub async fn every(app: Arc<App>, period: Duration) {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match app.run(|app, now_ms| upkeep(&app.db, app.coupons.as_ref(), &app.limits, now_ms)).await {
            Ok(Upkeep { jobs, settled, terms, reclaimed, released, told, recounted }) => {
                for (state, count) in settled {
                    app.metrics.handovers(state, count);
                }
                app.metrics.ended(jobs as u64, terms as u64);
                for (what, count) in [("reclaimed", reclaimed), ("released", released), ("told", told)] {
                    app.metrics.coupons(what, count as u64);
                }
                if recounted > 0 {
                    tracing::info!(recounted, "counted the purchases of an import that was broken off");
                }
            }
            Err(problem) => tracing::error!(error = %problem.0, "upkeep failed"),
        }
    }
}
