//! Uploads to the importer. A body is spooled to a file first, because the importer reads it twice and a slow sender
//! must not hold a transaction; memory holds one chunk.

use std::collections::HashMap;
use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::StreamExt;
use guidebook_wire::ErrorCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::Problem;
use super::app::{App, credential};
use super::body::{param, parsed};
use crate::db::DatabaseExt;
use crate::error::{ServerError, ServiceError};
use crate::import::read::{Format, Table};
use crate::import::report::MOST_LISTED;
use crate::import::{ImportReport, import_file};
use crate::random::random;
use crate::service::setup::{Scope, hq_caller};

/// Routes of the importer.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/hq/v1/import/{table}", post(import))
        .layer(DefaultBodyLimit::disable())
        .route("/hq/v1/imports/{run}/refusals", get(refusals))
}

async fn import(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(table): Path<String>,
    body: Body,
) -> Result<Json<ImportReport>, Problem> {
    let key = credential(&headers, "Bearer ")?;
    let tenant = app.run(move |app, _| hq_caller(&app.db, &key, Scope::Import)).await?;
    let table: Table = table.parse().map_err(|_| ServiceError::not_found("table"))?;
    let format = format(&headers)?;
    let file = spool(&app, body).await?;
    let _alone = app.importing.lock().await;
    let work = app.run(move |app, now_ms| {
        let report = import_file(&app.db, &tenant, table, format, file, random()?, now_ms)?;
        app.metrics.imported(report.accepted - report.unchanged, report.unchanged, report.refused_count);
        Ok(report)
    });
    work.await.map(Json)
}

fn format(headers: &HeaderMap) -> Result<Format, ServiceError> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    match kind.split(';').next().unwrap_or("").trim() {
        "text/csv" => Ok(Format::Csv),
        "application/x-ndjson" => Ok(Format::Ndjson),
        _ => Err(ServiceError::invalid("content-type", "text/csv or application/x-ndjson")),
    }
}

/// The body in a file that has no name and goes with its handle.
async fn spool(app: &Arc<App>, body: Body) -> Result<File, Problem> {
    let mut file = app.run(|app, _| Ok(tempfile::tempfile_in(&app.data_dir).map_err(ServerError::from)?)).await?;
    let mut stream = body.into_data_stream();
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ServiceError::invalid("body", "broken off"))?;
        length += chunk.len() as u64;
        if length > app.import_limit {
            return Err(Problem(ServiceError::about(ErrorCode::TooLarge, "body", "larger than the limit")));
        }
        file = app.run(move |_, _| file.write_all(&chunk).map(|()| file).map_err(|error| ServerError::from(error).into())).await?;
    }
    Ok(file)
}

async fn refusals(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Path(run): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Problem> {
    let run: Uuid = parsed("run", &run)?;
    let after: u64 = param(&query, "after")?.unwrap_or(0);
    let work = app.hq(&headers, Scope::Import, move |db, tenant, _| {
        db.reading(|tx| {
            if !tx.run_exists(tenant, run)? {
                return Err(ServiceError::not_found("run"));
            }
            let mut rows = tx.refusals_after(tenant, run, after, MOST_LISTED + 1)?;
            let more = rows.len() > MOST_LISTED;
            rows.truncate(MOST_LISTED);
            let after = rows.last().map_or(after, |row| row.seq);
            Ok(json!({ "refused": rows, "after": after, "more": more }))
        })
    });
    work.await.map(Json)
}
