//! What all handlers share.

use std::path::PathBuf;
use std::sync::Arc;

use axum::http::HeaderMap;
use guidebook_domain::{Limits, TenantId};
use guidebook_wire::ErrorCode;
use guidebook_wire::session::AUTHORIZATION;

use super::answer::Problem;
use crate::clock;
use crate::db::Database;
use crate::error::{ServerError, ServiceError};
use crate::metrics::Metrics;
use crate::service::session::ServerSecret;
use crate::service::setup::{Scope, hq_caller};

/// What all handlers share.
pub struct App {
    /// The database.
    pub db: Arc<dyn Database>,
    /// The server's secret.
    pub secret: ServerSecret,
    /// Limits of handovers.
    pub limits: Limits,
    /// Figures.
    pub metrics: Metrics,
    /// Where uploads are spooled.
    pub data_dir: PathBuf,
    /// The largest upload, in bytes.
    pub import_limit: u64,
    /// The rounds that may begin now.
    pub rounds: Arc<tokio::sync::Semaphore>,
    /// The most rounds at once.
    pub most_rounds: usize,
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
