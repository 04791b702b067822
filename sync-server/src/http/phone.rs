//! What phones ask for.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use guidebook_wire::last_words::SIGNATURE_HEADER;
use guidebook_wire::packing::{ENCODING, pack, unpack};
use guidebook_wire::protocol::{CHALLENGE_PATH, ENROL_PATH, LAST_WORDS_PATH, REFRESH_PATH, ROUND_PATH, SESSION_PATH, SNAPSHOT_PATH};
use guidebook_wire::session::ChallengeRequestRecord;
use guidebook_wire::{
    ChallengeRecord, EnrolRecord, EnrolledRecord, LastWordsAnswerRecord, LastWordsRecord, ProofRecord, RefreshRecord, RoundAnswerRecord,
    RoundRecord, SessionRecord,
};

use super::answer::Problem;
use super::app::{App, COME_BACK_S};
use super::body::Raw;
use super::proof::Proof;
use crate::clock;
use crate::error::{ServerError, ServiceError};
use crate::random::random;
use crate::service::{enrol, last_words, round, session, snapshot};

/// The largest round, in bytes, unpacked too: a thousand of the longest notes.
const ROUND_LIMIT: usize = 8 << 20;
/// A round that is longer brings something, in bytes.
const SHORT_ROUND: usize = 512;
/// The largest of the other requests, in bytes.
pub(super) const SMALL_LIMIT: usize = 64 << 10;

const JSON: &str = "application/json";

type Answer<T> = Result<Json<T>, Problem>;

/// Routes for phones.
pub fn routes() -> Router<Arc<App>> {
    let small = Router::new()
        .route(ENROL_PATH, post(enrol_phone))
        .route(CHALLENGE_PATH, post(challenge))
        .route(SESSION_PATH, post(open))
        .route(REFRESH_PATH, post(refresh))
        .layer(DefaultBodyLimit::max(SMALL_LIMIT));
    Router::new()
        .route(ROUND_PATH, post(sync_round))
        .route(&format!("{SNAPSHOT_PATH}{{name}}"), get(snapshot_bytes))
        .route(LAST_WORDS_PATH, post(hear_last_words))
        .layer(DefaultBodyLimit::max(ROUND_LIMIT))
        .merge(small)
}

async fn enrol_phone(State(app): State<Arc<App>>, raw: Raw) -> Answer<EnrolledRecord> {
    let request: EnrolRecord = raw.json()?;
    app.run(move |app, now_ms| enrol::enrol(&app.db, &request, random()?, now_ms)).await.map(Json)
}

async fn challenge(State(app): State<Arc<App>>, raw: Raw) -> Answer<ChallengeRecord> {
    let request: ChallengeRequestRecord = raw.json()?;
    app.run(move |app, now_ms| session::challenge(&app.db, &request, random()?, now_ms)).await.map(Json)
}

async fn open(State(app): State<Arc<App>>, raw: Raw) -> Answer<SessionRecord> {
    let proof: ProofRecord = raw.json()?;
    app.run(move |app, now_ms| session::open(&app.db, &app.secret, &proof, random()?, now_ms)).await.map(Json)
}

async fn refresh(State(app): State<Arc<App>>, raw: Raw) -> Answer<SessionRecord> {
    let request: RefreshRecord = raw.json()?;
    app.run(move |app, now_ms| session::refresh(&app.db, &app.secret, &request, random()?, now_ms)).await.map(Json)
}

async fn sync_round(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Result<Response, Problem> {
    let proof = Proof::of(&headers)?;
    let turn = app.take_turn()?;
    let crowded = app.rounds.available_permits() * 2 < app.most_rounds;
    let packed = headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == ENCODING);
    let may_pack = headers.get(ACCEPT_ENCODING).is_some_and(|encodings| encodings == ENCODING);
    let at_once = if packed { None } else { unchanged(&app, &proof, &raw)? };
    let (sent, mut answer) = match at_once {
        Some(answer) => (0, answer),
        None => {
            app.run(move |app, now_ms| {
                // Given back when the work is done, not when whoever asked has gone.
                let _turn = turn;
                proof.check(&app.secret, ROUND_PATH, &raw.0, now_ms)?;
                let raw = if packed { unpacked(&raw)? } else { raw };
                let record: RoundRecord = raw.json().map_err(|problem| problem.0)?;
                let answer = round::round_by_token(&app.db, app.coupons.as_ref(), &proof.token, &record, now_ms)?;
                Ok((record.operations.len(), answer))
            })
            .await?
        }
    };
    if crowded {
        answer.come_back_s = Some(COME_BACK_S);
    }
    app.metrics.round(sent, &answer);
    let body = serde_json::to_vec(&answer).map_err(|_| Problem(ServerError::Corrupt("an answer").into()))?;
    Ok(match pack(&body).filter(|_| may_pack) {
        Some(packed) => ([(CONTENT_TYPE, JSON), (CONTENT_ENCODING, ENCODING)], packed).into_response(),
        None => ([(CONTENT_TYPE, JSON)], body).into_response(),
    })
}

/// The answer to a round in which nothing changed, without a thread that may wait: to hand it over and back would take longer than
/// all the rest. What it reads are five rows, most often in memory.
fn unchanged(app: &App, proof: &Proof, raw: &Raw) -> Result<Option<RoundAnswerRecord>, Problem> {
    if raw.0.len() > SHORT_ROUND || !app.db.reads_at_once() {
        return Ok(None);
    }
    let now_ms = clock::now_ms();
    proof.check(&app.secret, ROUND_PATH, &raw.0, now_ms)?;
    Ok(round::unchanged_by_token(&app.db, &proof.token, &raw.json()?, now_ms)?)
}

fn unpacked(raw: &Raw) -> Result<Raw, ServiceError> {
    let body = unpack(&raw.0, ROUND_LIMIT).map_err(|_| ServiceError::invalid("body", "not a zstd frame within the limit"))?;
    Ok(Raw(body.into()))
}

/// Sealed bytes under the name of their content: they never change, any cache may keep them, and a broken download goes
/// on with `range: bytes=n-`.
async fn snapshot_bytes(State(app): State<Arc<App>>, Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let etag = format!("\"{name}\"");
    if headers.get(IF_NONE_MATCH).is_some_and(|known| *known == etag) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, etag)]).into_response());
    }
    let from = range_start(&headers);
    let (bytes, length) = app.run(move |app, _| snapshot::bytes(&app.db, &name, from.unwrap_or(0))).await?;
    let fixed = [
        (CACHE_CONTROL, "public, max-age=86400, immutable".to_owned()),
        (ETAG, etag),
        (ACCEPT_RANGES, "bytes".to_owned()),
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
    ];
    Ok(match from {
        None => (fixed, bytes).into_response(),
        Some(from) if from >= length => (StatusCode::RANGE_NOT_SATISFIABLE, [(CONTENT_RANGE, format!("bytes */{length}"))]).into_response(),
        Some(from) => {
            let range = [(CONTENT_RANGE, format!("bytes {from}-{}/{length}", length - 1))];
            (StatusCode::PARTIAL_CONTENT, fixed, range, bytes).into_response()
        }
    })
}

/// Where `bytes=n-` begins. Another kind of range is answered with everything, as HTTP allows.
fn range_start(headers: &HeaderMap) -> Option<u64> {
    let range = headers.get(RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

async fn hear_last_words(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<LastWordsAnswerRecord> {
    let header = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let signature = header.ok_or_else(|| Problem(ServiceError::invalid(SIGNATURE_HEADER, "missing or malformed")))?.to_owned();
    let record: LastWordsRecord = raw.json()?;
    app.run(move |app, now_ms| last_words::hear(&app.db, app.coupons.as_ref(), &raw.0, &record, &signature, now_ms)).await.map(Json)
}
