//! Tills. Each call of one code names it in the path; the path that is logged and measured is the pattern, never the code.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use guidebook_wire::ErrorCode;
use serde::{Deserialize, Serialize};

use super::answer::Problem;
use super::app::{App, credential};
use super::body::Raw;
use crate::db::DatabaseExt;
use crate::error::ServiceError;
use crate::random::random;
use crate::service::coupons::{CouponSecret, keys};
use crate::service::till::calls::{Call, CallRequest, TillAnswer, call, tenant_of};
use crate::service::till::decide::Verb;
use crate::service::till::offline::{MOST, TakenLine, TakenRequest, upload};

/// The header of the idempotency key.
pub const KEY_HEADER: &str = "idempotency-key";

/// The largest body of a till, in bytes.
const LIMIT: usize = MOST * 1024;

/// Routes for tills.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/pos/v1/coupons/{call}", post(one))
        .route("/pos/v1/redemptions", post(taken))
        .route("/pos/v1/trust", get(trust))
        .layer(DefaultBodyLimit::max(LIMIT))
}

fn secret_of(app: &App) -> Result<CouponSecret, ServiceError> {
    app.coupons.clone().ok_or_else(|| ServiceError::not_found("coupons"))
}

async fn one(State(app): State<Arc<App>>, headers: HeaderMap, Path(path): Path<String>, raw: Raw) -> Result<Response, Problem> {
    let till = credential(&headers, "Bearer ")?;
    let (code, verb) = path.rsplit_once(':').ok_or_else(|| ServiceError::plain(ErrorCode::NotFound))?;
    let verb = Verb::of(verb).ok_or_else(|| ServiceError::plain(ErrorCode::NotFound))?;
    let request: CallRequest = if raw.0.is_empty() { CallRequest::default() } else { raw.json()? };
    let key = headers.get(KEY_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (code, asked) = (code.to_owned(), [path.as_bytes(), b"\0", &raw.0].concat());
    let answer = app.run(move |app, now_ms| {
        let asked = Call { secret: &till, key: &key, verb, code: &code, request: &request, raw: &asked, random: random()? };
        let answer = call(&app.db, &secret_of(app)?, &asked, now_ms)?;
        app.metrics.till(verb, answer.status, answer.again);
        Ok(answer)
    });
    answer.await.map(said)
}

fn said(answer: TillAnswer) -> Response {
    let TillAnswer { status, body, .. } = answer;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let wait = serde_json::from_str::<Wait>(&body).ok().and_then(|wait| wait.come_back_s);
    let later = wait.map(|seconds| [(RETRY_AFTER, seconds.to_string())]);
    (status, later, [(CONTENT_TYPE, "application/json")], body).into_response()
}

#[derive(Deserialize)]
struct Wait {
    come_back_s: Option<u64>,
}

#[derive(Deserialize)]
struct Upload {
    redemptions: Vec<TakenRequest>,
}

#[derive(Serialize)]
struct Uploaded {
    redemptions: Vec<TakenLine>,
}

async fn taken(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Result<Response, Problem> {
    let till = credential(&headers, "Bearer ")?;
    let request: Upload = raw.json()?;
    let work = app.run(move |app, now_ms| {
        let redemptions = upload(&app.db, &secret_of(app)?, &till, &request.redemptions, now_ms)?;
        for line in &redemptions {
            app.metrics.uploaded(line.outcome);
        }
        Ok(Uploaded { redemptions })
    });
    work.await.map(|uploaded| axum::Json(uploaded).into_response())
}

/// What a till needs to take coupons without a network: the root key and the newest list of trust, signed by it.
#[derive(Serialize)]
struct TrustAnswer {
    root: guidebook_domain::coupon::signed::PublicKey,
    trust: guidebook_domain::coupon::SignedTrustList,
}

async fn trust(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    let till = credential(&headers, "Bearer ")?;
    let work = app.run(move |app, _| {
        let tenant = tenant_of(&app.db, &till)?;
        app.db.reading(|tx| {
            let none = || ServiceError::not_found("keys");
            let root = tx.coupon_root(&tenant)?.map(guidebook_domain::coupon::signed::PublicKey).ok_or_else(none)?;
            let (_, trust) = keys::trust(tx, &tenant)?.ok_or_else(none)?;
            Ok(TrustAnswer { root, trust })
        })
    });
    work.await.map(|answer| axum::Json(answer).into_response())
}
