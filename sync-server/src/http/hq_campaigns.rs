//! Campaigns, their reports, tills and levels of guides, in JSON.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, post};
use axum::{Json, Router};
use guidebook_domain::coupon::signed::PublicKey;
use guidebook_domain::{CampaignId, GuideId, StoreId, TenantId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Problem;
use super::app::App;
use super::body::{Raw, param, parsed};
use super::hq::JSON_LIMIT;
use crate::db::{Database, DatabaseExt};
use crate::error::ServiceError;
use crate::hq::campaigns::{self, CampaignChange, CampaignLine, CampaignRequest};
use crate::hq::coupon_report::{self, ConflictLine, Report};
use crate::hq::levels;
use crate::random::random;
use crate::service::coupons::CouponSecret;
use crate::service::setup::Scope;
use crate::service::till::terminals::{self, TerminalLine};

type Answer<T> = Result<Json<T>, Problem>;

/// Routes for campaigns.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/hq/v1/campaigns", post(create).get(list))
        .route("/hq/v1/campaigns/{id}", get(one).patch(change))
        .route("/hq/v1/campaigns/{id}/report", get(report))
        .route("/hq/v1/coupons/conflicts", get(conflicts))
        .route("/hq/v1/terminals", post(make_terminal).get(list_terminals))
        .route("/hq/v1/terminals/{id}/revoke", post(revoke_terminal))
        .route("/hq/v1/guides/{id}/level", post(guide_level))
        .layer(DefaultBodyLimit::max(JSON_LIMIT))
}

/// Runs `work` for HQ with the secret behind coupons, where this server has any.
pub(super) async fn with_secret<T: Send + 'static>(
    app: &Arc<App>,
    headers: &HeaderMap,
    scope: Scope,
    work: impl FnOnce(&dyn Database, Option<&CouponSecret>, &TenantId, u64) -> Result<T, ServiceError> + Send + 'static,
) -> Result<T, Problem> {
    let secret = app.coupons.clone();
    app.hq(headers, scope, move |db, tenant, now_ms| work(db, secret.as_ref(), tenant, now_ms)).await
}

async fn create(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<CampaignLine> {
    let request: CampaignRequest = raw.json()?;
    let served = Arc::clone(&app);
    let work = move |db: &dyn Database, secret: Option<&CouponSecret>, tenant: &TenantId, now_ms| {
        // Where nobody brings its codes, no phone would ever get one.
        if request.rail.as_ref().is_some_and(|rail| served.rails.at(tenant, rail).is_none()) {
            return Err(ServiceError::invalid("rail", "not one of this server's: see its configuration"));
        }
        campaigns::create(db, secret, tenant, &request, now_ms)
    };
    let made = with_secret(&app, &headers, Scope::Coupons, work).await.map(Json);
    app.rails.wake();
    made
}

async fn list(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer<Vec<CampaignLine>> {
    app.hq(&headers, Scope::Read, |db, tenant, _| campaigns::list(db, tenant)).await.map(Json)
}

async fn one(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>) -> Answer<CampaignLine> {
    let id: CampaignId = parsed("campaign", &id)?;
    app.hq(&headers, Scope::Read, move |db, tenant, _| campaigns::one(db, tenant, &id)).await.map(Json)
}

async fn change(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>, raw: Raw) -> Answer<CampaignLine> {
    let id: CampaignId = parsed("campaign", &id)?;
    let request: CampaignChange = raw.json()?;
    let work = move |db: &dyn Database, secret: Option<&CouponSecret>, tenant: &TenantId, now_ms| {
        campaigns::change(db, secret, tenant, &id, &request, now_ms)
    };
    let changed = with_secret(&app, &headers, Scope::Coupons, work).await.map(Json);
    app.rails.wake();
    changed
}

#[derive(Deserialize)]
struct LevelRequest {
    level: Option<String>,
}

async fn guide_level(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>, raw: Raw) -> Answer<Value> {
    let request: LevelRequest = raw.json()?;
    let id: GuideId = parsed("guide", &id)?;
    let work = app.hq(&headers, Scope::Coupons, move |db, tenant, now_ms| {
        levels::set_guide_level(db, tenant, &id, request.level.as_deref(), now_ms)?;
        Ok(json!({ "guide": id, "level": request.level }))
    });
    work.await.map(Json)
}

async fn report(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>) -> Answer<Report> {
    let id: CampaignId = parsed("campaign", &id)?;
    app.hq(&headers, Scope::Read, move |db, tenant, now_ms| coupon_report::report(db, tenant, &id, now_ms)).await.map(Json)
}

async fn conflicts(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Answer<Vec<ConflictLine>> {
    let campaign: Option<CampaignId> = param(&query, "campaign")?;
    app.hq(&headers, Scope::Read, move |db, tenant, _| coupon_report::conflicts(db, tenant, campaign.as_ref())).await.map(Json)
}

#[derive(Deserialize)]
struct TerminalRequest {
    store: String,
    name: String,
    #[serde(default)]
    explains: bool,
}

#[derive(Serialize)]
struct TerminalMade {
    #[serde(flatten)]
    terminal: TerminalLine,
    secret: String,
    /// What its lanes trust, if the retailer has keys.
    #[serde(skip_serializing_if = "Option::is_none")]
    root: Option<PublicKey>,
}

async fn make_terminal(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<TerminalMade> {
    let request: TerminalRequest = raw.json()?;
    let store: StoreId = parsed("store", &request.store)?;
    let work = app.hq(&headers, Scope::Coupons, move |db, tenant, now_ms| {
        let made = terminals::make(db, tenant, &store, &request.name, request.explains, random()?, now_ms)?;
        let root = db.reading(|tx| Ok::<_, ServiceError>(tx.coupon_root(tenant)?))?.map(PublicKey);
        Ok(TerminalMade { terminal: made.0, secret: made.1, root })
    });
    work.await.map(Json)
}

async fn list_terminals(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer<Vec<TerminalLine>> {
    app.hq(&headers, Scope::Coupons, |db, tenant, _| terminals::list(db, tenant)).await.map(Json)
}

async fn revoke_terminal(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>) -> Answer<TerminalLine> {
    let id: Uuid = parsed("terminal", &id)?;
    app.hq(&headers, Scope::Coupons, move |db, tenant, now_ms| terminals::revoke(db, tenant, id, now_ms)).await.map(Json)
}
