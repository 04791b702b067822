//! What phones ask for.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, Method};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_wire::last_words::SIGNATURE_HEADER;
use guidebook_wire::protocol::{CHALLENGE_PATH, ENROL_PATH, LAST_WORDS_PATH, REFRESH_PATH, ROUND_PATH, SESSION_PATH};
use guidebook_wire::session::{ChallengeRequestRecord, MAC_HEADER, REQUEST_SKEW_MS, TIME_HEADER, request_mac_holds};
use guidebook_wire::{
    ChallengeRecord, EnrolRecord, EnrolledRecord, ErrorCode, LastWordsAnswerRecord, LastWordsRecord, ProofRecord, RefreshRecord,
    RoundAnswerRecord, RoundRecord, SessionRecord,
};

use super::answer::Problem;
use super::app::{App, credential};
use super::body::Raw;
use crate::error::ServiceError;
use crate::random::random;
use crate::service::session::{authenticate, mac_key};
use crate::service::{enrol, last_words, round, session};

/// The largest round, in bytes.
const ROUND_LIMIT: usize = 2 << 20;
/// The largest of the other requests, in bytes.
const SMALL_LIMIT: usize = 64 << 10;

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

async fn sync_round(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<RoundAnswerRecord> {
    let token = credential(&headers, "Guidebook ")?;
    let proof = Proof::of(&headers)?;
    let answer = app
        .run(move |app, now_ms| {
            let who = authenticate(&app.db, &token, now_ms)?;
            proof.check(&mac_key(&app.secret, &token), &raw.0, now_ms)?;
            let record: RoundRecord = raw.json().map_err(|problem| problem.0)?;
            round::round(&app.db, &who, &record, now_ms)
        })
        .await?;
    app.metrics.round(&answer);
    Ok(Json(answer))
}

async fn hear_last_words(State(app): State<Arc<App>>, headers: HeaderMap, raw: Raw) -> Answer<LastWordsAnswerRecord> {
    let header = headers.get(SIGNATURE_HEADER).and_then(|value| value.to_str().ok());
    let signature = header.ok_or_else(|| Problem(ServiceError::invalid(SIGNATURE_HEADER, "missing or malformed")))?.to_owned();
    let record: LastWordsRecord = raw.json()?;
    app.run(move |app, now_ms| last_words::hear(&app.db, &raw.0, &record, &signature, now_ms)).await.map(Json)
}

/// What a request carries to prove that it was made under the session's key.
struct Proof {
    time_ms: u64,
    mac: Vec<u8>,
}

impl Proof {
    fn of(headers: &HeaderMap) -> Result<Self, ServiceError> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let time_ms = header(TIME_HEADER).and_then(|text| text.parse().ok());
        let mac = header(MAC_HEADER).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        Ok(Proof {
            time_ms: time_ms.ok_or_else(|| ServiceError::invalid(TIME_HEADER, "missing or malformed"))?,
            mac: mac.ok_or_else(|| ServiceError::invalid(MAC_HEADER, "missing or malformed"))?,
        })
    }

    fn check(&self, key: &[u8; 32], body: &[u8], now_ms: u64) -> Result<(), ServiceError> {
        if self.time_ms.abs_diff(now_ms) > REQUEST_SKEW_MS {
            return Err(ServiceError::about(ErrorCode::SignedOut, TIME_HEADER, "too far from the server's time"));
        }
        if !request_mac_holds(key, Method::POST.as_str(), ROUND_PATH, body, self.time_ms, &self.mac) {
            return Err(ServiceError::about(ErrorCode::SignedOut, MAC_HEADER, "does not fit the request"));
        }
        Ok(())
    }
}
