//! HTTP: parses and answers. What a request means is left to `service`, `hq` and `import`, which run on the blocking
//! pool, so that no disk holds up the network; only a round in which nothing changed is answered at once.
//!
//! In reading order: [`app`] (what all handlers share), [`body`] and [`answer`] (in and out), [`proof`], [`phone`], [`live`], [`hq`],
//! [`hq_ownership`], [`hq_campaigns`], [`hq_devices`], [`hq_import`], [`hq_export`], [`pos`], [`health`], and [`upkeep`] (what nobody asks for).

pub mod answer;
pub mod app;
pub mod body;
pub mod health;
pub mod hq;
pub mod hq_campaigns;
pub mod hq_devices;
pub mod hq_export;
pub mod hq_import;
pub mod hq_ownership;
pub mod live;
pub mod phone;
pub mod pos;
pub mod proof;
pub mod upkeep;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use guidebook_wire::ErrorCode;

use crate::error::ServiceError;
use answer::Problem;
use app::App;

/// An answer that took longer is worth a line of the log, in seconds.
const SLOW_S: f64 = 1.0;

/// All routes.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .merge(phone::routes())
        .merge(live::routes())
        .merge(hq::routes())
        .merge(hq_ownership::routes())
        .merge(hq_campaigns::routes())
        .merge(hq_devices::routes())
        .merge(hq_import::routes())
        .merge(hq_export::routes())
        .merge(pos::routes())
        .merge(health::routes())
        .fallback(nowhere)
        .method_not_allowed_fallback(nowhere)
        .layer(from_fn_with_state(Arc::clone(&app), timed))
        .with_state(app)
}

async fn nowhere() -> Problem {
    Problem(ServiceError::plain(ErrorCode::NotFound))
}

async fn timed(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none".to_owned(), |path| path.as_str().to_owned());
    let begun = Instant::now();
    let response = next.run(request).await;
    let seconds = begun.elapsed().as_secs_f64();
    app.metrics.answered(&route, seconds);
    let (status, ms) = (response.status(), (seconds * 1000.0) as u64);
    // What went as it should is counted. A line for each would cost as much as an idle round.
    if status.is_success() && seconds < SLOW_S {
        tracing::debug!(route, status = status.as_u16(), ms, "answered");
    } else {
        tracing::info!(route, status = status.as_u16(), ms, "answered");
    }
    response
}
