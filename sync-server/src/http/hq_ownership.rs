//! Who serves whom and until when, in JSON: assignments, handovers, stand-ins.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::NaiveDate;
use guidebook_domain::handover::HandoverState;
use guidebook_domain::{GuideId, Limits, MemberId, TenantId};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use super::answer::Problem;
use super::app::App;
use super::body::{Raw, param, parsed};
use super::hq::JSON_LIMIT;
use crate::db::Database;
use crate::db::handovers::HandoverFilter;
use crate::error::ServiceError;
use crate::hq::handover::status::{self, HandoverLine, HandoverPage};
use crate::hq::handover::{HandoverReport, HandoverRequest, hand_over, job, settle};
use crate::hq::{assign, terms};
use crate::service::setup::Scope;

/// Lines of a list where nothing is said.
const LINES: usize = 500;

type Answer<T> = Result<Json<T>, Problem>;
type Params = Query<HashMap<String, String>>;

/// Routes for who serves whom.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/hq/v1/assignments", post(assignment))
        .route("/hq/v1/guides/{id}/until", post(guide_until))
        .route("/hq/v1/handovers", post(handover).get(list_handovers))
        .route("/hq/v1/handovers/refusals", post(refusal))
        .route("/hq/v1/handovers/jobs/{id}", get(handover_job))
        .layer(DefaultBodyLimit::max(JSON_LIMIT))
}

/// Runs `work` for HQ after what is due by now has been settled, so that an answer never depends on when the server last
/// looked by itself.
async fn settled<T: Send + 'static>(
    app: &Arc<App>,
    headers: &HeaderMap,
    work: impl FnOnce(&dyn Database, &TenantId, &Limits, u64) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, Problem> {
    let limits = app.limits.clone();
    let (settled, answer) = app
        .hq(headers, Scope::Ownership, move |db, tenant, now_ms| {
            let settled = settle::settle_due(db, Some(tenant), &limits, now_ms)?;
            Ok((settled, work(db, tenant, &limits, now_ms)))
        })
        .await?;
    for (state, count) in settled {
        app.metrics.handovers(state, count);
    }
    Ok(answer?)
}

#[derive(Deserialize)]
struct AssignmentRequest {
    member: String,
    guide: String,
    #[serde(default)]
    until: Option<String>,
}

async fn assignment(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<Value> {
    let request: AssignmentRequest = raw.json()?;
    let member: MemberId = parsed("member", &request.member)?;
    let guide: GuideId = parsed("guide", &request.guide)?;
    let until: Option<NaiveDate> = request.until.map(|day| parsed("until", &day)).transpose()?;
    let work = app.hq(&headers, Scope::Ownership, move |db, tenant, now_ms| {
        let changed = assign::assign_until(db, tenant, &member, &guide, until, now_ms)?;
        Ok(json!({ "member": member, "guide": guide, "until": until, "changed": changed }))
    });
    work.await.map(Json)
}

#[derive(Deserialize)]
struct UntilRequest {
    /// Must be there, so that nobody takes a last day away by leaving it out.
    #[serde(deserialize_with = "there")]
    until: Option<String>,
}

fn there<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

async fn guide_until(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>, raw: Raw) -> Answer<Value> {
    let request: UntilRequest = raw.json()?;
    let id: GuideId = parsed("guide", &id)?;
    let until: Option<NaiveDate> = request.until.map(|day| parsed("until", &day)).transpose()?;
    let work = app.hq(&headers, Scope::Ownership, move |db, tenant, now_ms| {
        terms::set_guide_until(db, tenant, &id, until, now_ms)?;
        Ok(json!({ "guide": id, "until": until }))
    });
    work.await.map(Json)
}

async fn handover(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<HandoverReport> {
    let request: HandoverRequest = raw.json()?;
    let report = settled(&app, &headers, move |db, tenant, limits, now_ms| hand_over(db, tenant, &request, limits, now_ms)).await?;
    if !report.dry_run {
        app.metrics.handovers(HandoverState::Done, report.done.len() as u64);
        app.metrics.handovers(HandoverState::Waiting, report.waiting.len() as u64);
    }
    Ok(Json(report))
}

async fn handover_job(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>) -> Answer<HandoverReport> {
    let id: u64 = parsed("job", &id)?;
    app.hq(&headers, Scope::Ownership, move |db, tenant, _| job::report(db, tenant, id)).await.map(Json)
}

async fn list_handovers(State(app): State<Arc<App>>, headers: HeaderMap, Query(query): Params) -> Answer<HandoverPage> {
    let filter = HandoverFilter {
        member: param(&query, "member")?,
        from: param(&query, "from")?,
        to: param(&query, "to")?,
        state: query.get("state").map(|word| state(word)).transpose()?,
        job: param(&query, "job")?,
    };
    let page = (param(&query, "after")?.unwrap_or(0), param(&query, "limit")?.unwrap_or(LINES));
    settled(&app, &headers, move |db, tenant, _, _| status::list(db, tenant, &filter, page)).await.map(Json)
}

fn state(word: &str) -> Result<HandoverState, Problem> {
    let words = || HandoverState::ALL.map(HandoverState::word).join(", ");
    HandoverState::of(word).ok_or_else(|| Problem(ServiceError::invalid("state", format!("not one of {}", words()))))
}

#[derive(Deserialize)]
struct RefusalRequest {
    member: String,
    to: String,
}

async fn refusal(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<HandoverLine> {
    let request: RefusalRequest = raw.json()?;
    let member: MemberId = parsed("member", &request.member)?;
    let to: GuideId = parsed("to", &request.to)?;
    let refuse = move |db: &dyn Database, tenant: &TenantId, _: &Limits, now_ms| settle::refuse(db, tenant, &member, &to, now_ms);
    let line = settled(&app, &headers, refuse).await.map(status::line)?;
    app.metrics.handovers(HandoverState::Refused, 1);
    Ok(Json(line))
}
