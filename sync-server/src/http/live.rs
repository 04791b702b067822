//! A phone waits for news.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use guidebook_wire::protocol::LIVE_PATH;
use guidebook_wire::{LiveAnswerRecord, LiveRecord};

use super::answer::Problem;
use super::app::{App, COME_BACK_S};
use super::body::Raw;
use super::phone::SMALL_LIMIT;
use super::proof::Proof;
use crate::clock;
use crate::error::ServerError;
use crate::live::Woken;
use crate::service::live::{Waiting, first_look};

/// When a phone whose server stops asks again, in seconds: another may be there, or this one again.
const SOON_S: u32 = 2;

/// The route for phones that wait.
pub fn routes() -> Router<Arc<App>> {
    Router::new().route(LIVE_PATH, post(wait)).layer(DefaultBodyLimit::max(SMALL_LIMIT))
}

async fn wait(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Result<Json<LiveAnswerRecord>, Problem> {
    let (proof, raw) = (Arc::new(Proof::of(&headers)?), Arc::new(raw));
    let (record, waiting) = look(&app, &proof, &raw).await?;
    let Some(waiting) = waiting else { return Ok(answer(true, None)) };
    let place = app.hub.enter(waiting).map_err(|_| {
        app.metrics.waiter_turned_away();
        Problem(ServerError::Busy { come_back_s: COME_BACK_S }.into())
    })?;
    let woken = place.wait(Duration::from_secs(record.wait_s.into()).min(app.longest_wait)).await;
    Ok(match woken {
        None => answer(false, None),
        Some(Woken::News) => {
            app.metrics.woken();
            answer(true, None)
        }
        // A revoked phone is told so, as a round would tell it.
        Some(Woken::Ended) => answer(look(&app, &proof, &raw).await?.1.is_none(), None),
        // Two phones with one device's key must not wake each other for ever.
        Some(Woken::Elsewhere) => answer(false, Some(COME_BACK_S)),
        Some(Woken::Stopping) => answer(false, Some(SOON_S)),
    })
}

/// Checks who asks, and looks whether there is something already.
async fn look(app: &Arc<App>, proof: &Arc<Proof>, raw: &Arc<Raw>) -> Result<(LiveRecord, Option<Waiting>), Problem> {
    let turn = app.take_turn()?;
    let (proof, raw) = (Arc::clone(proof), Arc::clone(raw));
    app.run(move |app, now_ms| {
        let _turn = turn;
        proof.check(&app.secret, LIVE_PATH, &raw.0, now_ms)?;
        let record: LiveRecord = raw.json().map_err(|problem| problem.0)?;
        let waiting = first_look(&app.db, &proof.token, &record, now_ms)?;
        Ok((record, waiting))
    })
    .await
}

fn answer(news: bool, come_back_s: Option<u32>) -> Json<LiveAnswerRecord> {
    Json(LiveAnswerRecord { server_ms: clock::now_ms(), news, come_back_s })
}
