//! What HQ asks for in JSON. The HQ key decides the tenant, so what is another tenant's is not found.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::HeaderMap;
use axum::routing::{get, patch, post};
use axum::{Json, Router};
use guidebook_domain::{GuideId, MemberId, StoreId, Tag, TagId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Problem;
use super::app::App;
use super::body::{Raw, param, parsed};
use crate::db::DatabaseExt;
use crate::db::directory::{Guide, Store};
use crate::hq::tags::{self, TagLine};
use crate::hq::tell::{ChangePage, changes};
use crate::hq::{digest, unmerge};
use crate::random::random;
use crate::service::enrol::make_code;
use crate::service::setup::Scope;

/// The largest JSON of HQ, in bytes.
pub const JSON_LIMIT: usize = 1 << 20;

/// Lines of the change log where nothing is said.
const CHANGES: usize = 500;

type Answer<T> = Result<Json<T>, Problem>;
type Params = Query<HashMap<String, String>>;

/// Routes for HQ.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/hq/v1/enrolments", post(enrolment))
        .route("/hq/v1/guides", get(guides))
        .route("/hq/v1/guides/{id}/digest", get(guide_digest))
        .route("/hq/v1/stores", get(stores))
        .route("/hq/v1/tags", get(list_tags))
        .route("/hq/v1/tags/{id}", patch(rename_tag).delete(delete_tag))
        .route("/hq/v1/members/{loser}/unmerge", post(undo_merge))
        .route("/hq/v1/changes", get(list_changes))
        .layer(DefaultBodyLimit::max(JSON_LIMIT))
}

#[derive(Deserialize)]
struct EnrolmentRequest {
    guide: String,
}

#[derive(Serialize)]
struct EnrolmentAnswer {
    guide: GuideId,
    code: String,
    expires_ms: u64,
}

async fn enrolment(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<EnrolmentAnswer> {
    let request: EnrolmentRequest = raw.json()?;
    let guide: GuideId = parsed("guide", &request.guide)?;
    let work = app.hq(&headers, Scope::Enrol, move |db, tenant, now_ms| {
        let made = make_code(db, tenant, &guide, random()?, now_ms)?;
        Ok(EnrolmentAnswer { guide, code: made.code, expires_ms: made.expires_ms })
    });
    work.await.map(Json)
}

#[derive(Serialize)]
struct GuideLine {
    id: GuideId,
    name: String,
    store: StoreId,
    brand: Option<guidebook_domain::BrandId>,
    joined: Option<chrono::NaiveDate>,
    left: Option<chrono::NaiveDate>,
    until: Option<chrono::NaiveDate>,
    members: usize,
}

async fn guides(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer<Vec<GuideLine>> {
    let work = app.hq(&headers, Scope::Read, |db, tenant, _| {
        db.reading(|tx| {
            let served = tx.count_members_by_guide(tenant)?;
            let line = |Guide { id, name, store, brand, joined, left, until, .. }| {
                let members = served.get(&id).copied().unwrap_or(0);
                GuideLine { id, name, store, brand, joined, left, until, members }
            };
            Ok(tx.guides(tenant)?.into_iter().map(line).collect())
        })
    });
    work.await.map(Json)
}

async fn stores(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer<Vec<Store>> {
    app.hq(&headers, Scope::Read, |db, tenant, _| Ok(db.reading(|tx| tx.stores(tenant))?)).await.map(Json)
}

async fn list_tags(State(app): State<Arc<App>>, headers: HeaderMap) -> Answer<Vec<TagLine>> {
    app.hq(&headers, Scope::Read, |db, tenant, _| tags::list(db, tenant)).await.map(Json)
}

#[derive(Deserialize)]
struct RenameRequest {
    name: String,
}

async fn rename_tag(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>, raw: Raw) -> Answer<Tag> {
    let request: RenameRequest = raw.json()?;
    let id: TagId = parsed("tag", &id)?;
    let work = app.hq(&headers, Scope::Catalogue, move |db, tenant, now_ms| tags::rename(db, tenant, &id, &request.name, now_ms));
    work.await.map(Json)
}

async fn delete_tag(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>, Query(query): Params) -> Answer<Tag> {
    let id: TagId = parsed("tag", &id)?;
    let into: Option<TagId> = param(&query, "merge_into")?;
    let work = app.hq(&headers, Scope::Catalogue, move |db, tenant, now_ms| tags::delete(db, tenant, &id, into.as_ref(), now_ms));
    work.await.map(Json)
}

async fn guide_digest(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>) -> Answer<Value> {
    let id: GuideId = parsed("guide", &id)?;
    let work = app.hq(&headers, Scope::Read, move |db, tenant, _| {
        let digest = digest::digest_of(db, tenant, &id)?;
        Ok(json!({ "guide": id, "digest": digest }))
    });
    work.await.map(Json)
}

async fn undo_merge(State(app): State<Arc<App>>, headers: HeaderMap, Path(loser): Path<String>) -> Answer<Value> {
    let loser: MemberId = parsed("member", &loser)?;
    let work = app.hq(&headers, Scope::Ownership, move |db, tenant, now_ms| {
        let from = unmerge::unmerge(db, tenant, &loser, now_ms)?;
        Ok(json!({ "member": loser, "from": from }))
    });
    work.await.map(Json)
}

async fn list_changes(State(app): State<Arc<App>>, headers: HeaderMap, Query(query): Params) -> Answer<ChangePage> {
    let after = param(&query, "after")?.unwrap_or(0);
    let limit = param(&query, "limit")?.unwrap_or(CHANGES);
    app.hq(&headers, Scope::Read, move |db, tenant, _| changes(db, tenant, after, limit)).await.map(Json)
}
