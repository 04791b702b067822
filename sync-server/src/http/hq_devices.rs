//! Devices as HQ sees them. Who was on a device is written while it is read, so that memory holds one page.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::stream::unfold;
use guidebook_domain::{DeviceId, GuideId, MemberId, TenantId};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::answer::Problem;
use super::app::App;
use super::body::{param, parsed};
use crate::error::ServiceError;
use crate::hq::devices::{self, DeviceLine};
use crate::service::setup::Scope;

/// Pages that wait for a slow reader.
const WAITING: usize = 2;

/// Routes for devices.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/hq/v1/devices", get(list))
        .route("/hq/v1/devices/{id}/revoke", post(revoke))
        .route("/hq/v1/devices/{id}/members", get(members))
}

async fn list(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Vec<DeviceLine>>, Problem> {
    let guide: Option<GuideId> = param(&query, "guide")?;
    app.hq(&headers, Scope::Devices, move |db, tenant, _| devices::list(db, tenant, guide.as_ref())).await.map(Json)
}

async fn revoke(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>) -> Result<Json<Value>, Problem> {
    let id: DeviceId = parsed("device", &id)?;
    let work = app.hq(&headers, Scope::Devices, move |db, tenant, now_ms| {
        devices::revoke(db, tenant, id, now_ms)?;
        Ok(json!({ "device": id, "state": "revoked" }))
    });
    work.await.map(Json)
}

/// One JSON line a member, by id.
async fn members(State(app): State<Arc<App>>, headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Problem> {
    let id: DeviceId = parsed("device", &id)?;
    let work = app.hq(&headers, Scope::Devices, move |db, tenant, now_ms| {
        devices::note_question(db, tenant, id, now_ms)?;
        Ok(tenant.clone())
    });
    let tenant = work.await?;
    app.metrics.device_asked();
    let (pages, read) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write_pages(&app, &tenant, id, &pages) {
            tracing::error!(%error, "list of a device broke off");
            // The reader sees a broken body, not a short one.
            let _ = pages.blocking_send(Err(io::Error::other("list broke off")));
        }
    });
    let stream = unfold(read, |mut read| async { read.recv().await.map(|page| (page, read)) });
    Ok(([(CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(stream)).into_response())
}

fn write_pages(app: &App, tenant: &TenantId, device: DeviceId, pages: &mpsc::Sender<io::Result<Bytes>>) -> Result<(), ServiceError> {
    let mut last: Option<MemberId> = None;
    loop {
        let members = devices::members_on(&app.db, tenant, device, last.as_ref())?;
        let Some(end) = members.last() else { return Ok(()) };
        last = Some(end.member.clone());
        let mut page = Vec::new();
        for member in &members {
            serde_json::to_writer(&mut page, member).map_err(|error| crate::error::ServerError::from(io::Error::from(error)))?;
            page.push(b'\n');
        }
        // A reader who has gone away ends the list.
        if pages.blocking_send(Ok(page.into())).is_err() {
            return Ok(());
        }
    }
}
