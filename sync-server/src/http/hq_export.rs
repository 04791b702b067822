//! Members as HQ reads them: NDJSON or CSV, written while they are read, so that memory holds one page.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::unfold;
use guidebook_domain::{MemberId, TenantId};
use tokio::sync::mpsc;

use super::answer::Problem;
use super::app::App;
use crate::error::{ServerError, ServiceError};
use crate::hq::export::{CSV_HEADER, MemberLine, members};
use crate::service::setup::Scope;

/// Pages that wait for a slow reader.
const WAITING: usize = 2;

/// The route of the export.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route("/hq/v1/members", get(export))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Ndjson,
    Csv,
}

async fn export(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let form = form(&headers)?;
    let tenant = app.hq(&headers, Scope::Read, |_, tenant, _| Ok(tenant.clone())).await?;
    let (pages, read) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        if let Err(error) = write_pages(&app, &tenant, form, &pages) {
            tracing::error!(%error, "export broke off");
            // The reader sees a broken body, not a short one.
            let _ = pages.blocking_send(Err(io::Error::other("export broke off")));
        }
    });
    let stream = unfold(read, |mut read| async { read.recv().await.map(|page| (page, read)) });
    let kind = if form == Form::Csv { "text/csv; charset=utf-8" } else { "application/x-ndjson" };
    Ok(([(CONTENT_TYPE, kind)], Body::from_stream(stream)).into_response())
}

fn form(headers: &HeaderMap) -> Result<Form, ServiceError> {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("*/*");
    if accept.contains("text/csv") {
        Ok(Form::Csv)
    } else if ["application/x-ndjson", "application/*", "*/*"].iter().any(|kind| accept.contains(kind)) {
        Ok(Form::Ndjson)
    } else {
        Err(ServiceError::invalid("accept", "application/x-ndjson or text/csv"))
    }
}

fn write_pages(app: &App, tenant: &TenantId, form: Form, pages: &mpsc::Sender<io::Result<Bytes>>) -> Result<(), ServiceError> {
    let mut last: Option<MemberId> = None;
    let mut header = form == Form::Csv;
    loop {
        let lines = members(&app.db, tenant, last.as_ref())?;
        last = lines.last().map(|line| line.member.clone());
        let page = write_page(&lines, form, std::mem::take(&mut header))?;
        // A reader who has gone away ends the export.
        let gone = !page.is_empty() && pages.blocking_send(Ok(page.into())).is_err();
        if gone || last.is_none() {
            return Ok(());
        }
    }
}

fn write_page(lines: &[MemberLine], form: Form, header: bool) -> Result<Vec<u8>, ServerError> {
    let mut page = Vec::new();
    match form {
        Form::Ndjson => {
            for line in lines {
                serde_json::to_writer(&mut page, line).map_err(io::Error::from)?;
                page.push(b'\n');
            }
        }
        Form::Csv => {
            let mut writer = csv::Writer::from_writer(&mut page);
            if header {
                writer.write_record(CSV_HEADER).map_err(io::Error::other)?;
            }
            for line in lines {
                writer.write_record(line.csv()).map_err(io::Error::other)?;
            }
            writer.flush()?;
        }
    }
    Ok(page)
}
