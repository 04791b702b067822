//! Whether the server lives, can work, and how it fares.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::answer::Problem;
use super::app::App;
use crate::db::{DatabaseExt, secrets::Hash};

/// Routes for whoever watches the server.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/health", get(health)).route("/ready", get(ready)).route("/metrics", get(metrics))
}

/// The process answers.
async fn health() -> &'static str {
    "ok"
}

/// The database answers.
async fn ready(State(app): State<Arc<App>>) -> Result<&'static str, Problem> {
    let nobody: Hash = [0; 32];
    app.run(move |app, _| Ok(app.db.reading(|tx| tx.hq_key(&nobody))?)).await?;
    Ok("ready")
}

async fn metrics(State(app): State<Arc<App>>) -> Response {
    app.metrics.waiting(app.hub.count());
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, kind)], app.metrics.text()).into_response()
}
