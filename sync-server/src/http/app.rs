//! What all handlers share.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderMap;
use guidebook_domain::{Limits, TenantId};
use guidebook_wire::ErrorCode;
use guidebook_wire::session::AUTHORIZATION;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::answer::Problem;
use crate::clock;
use crate::db::Database;
use crate::error::{ServerError, ServiceError};
use crate::live::Hub;
use crate::metrics::Metrics;
use crate::rails::Rails;
use crate::service::coupons::CouponSecret;
use crate::service::session::ServerSecret;
use crate::service::setup::{Scope, hq_caller};

/// When a crowded server wishes to see a phone again, in seconds; the phone adds a part of its own.
pub const COME_BACK_S: u32 = 20;

/// What all handlers share.
pub struct App {
    /// The database.
    pub db: Arc<dyn Database>,
    /// The server's secret.
    pub secret: ServerSecret,
    /// The secret behind coupons, where this server has any.
    pub coupons: Option<CouponSecret>,
    /// Payment platforms.
    pub rails: Rails,
    /// Limits of handovers.
    pub limits: Limits,
    /// Figures.
    pub metrics: Metrics,
    /// Where uploads are spooled.
    pub data_dir: PathBuf,
    /// The largest upload, in bytes.
    pub import_limit: u64,
    /// The rounds that may begin now.
    pub rounds: Arc<Semaphore>,
    /// The most rounds at once.
    pub most_rounds: usize,
    /// Phones that wait for news.
    pub hub: Arc<Hub>,
    /// The longest that one waits.
    pub longest_wait: Duration,
    /// One import at a time: they would only wait for one another at the database.
    pub importing: tokio::sync::Mutex<()>,
}

impl App {
    /// Runs `work` on the blocking pool, with the time.
    pub async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&App, u64) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || work(&app, clock::now_ms())).await;
        done.map_err(|_| Problem(ServerError::Task.into()))?.map_err(Problem)
    }

    /// A turn among the rounds at once, given back when it is dropped. Never a queue without end: who is turned away comes
    /// back, at a time of its own.
    pub fn take_turn(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.rounds).try_acquire_owned().map_err(|_| {
            self.metrics.turned_away();
            Problem(ServerError::Busy { come_back_s: COME_BACK_S }.into())
        })
    }

    /// Runs `work` for HQ, if the key in the headers has `scope`. The key decides the tenant.
    pub async fn hq<T: Send + 'static>(
        self: &Arc<Self>,
        headers: &HeaderMap,
        scope: Scope,
        work: impl FnOnce(&dyn Database, &TenantId, u64) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, Problem> {
        let key = credential(headers, "Bearer ")?;
        self.run(move |app, now_ms| {
            let tenant = hq_caller(&app.db, &key, scope)?;
            work(&app.db, &tenant, now_ms)
        })
        .await
    }
}

/// What stands behind `scheme` in the authorization header.
pub fn credential(headers: &HeaderMap, scheme: &str) -> Result<String, Problem> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let credential = header.and_then(|value| value.strip_prefix(scheme));
    credential.map(str::to_owned).ok_or_else(|| Problem(ServiceError::plain(ErrorCode::SignedOut)))
}
