//! A refusal as HTTP says it.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use guidebook_wire::ErrorCode;

use crate::error::{ServerError, ServiceError};

/// A refusal or the server's own trouble. Trouble is logged here and nowhere else.
#[derive(Debug)]
pub struct Problem(pub ServiceError);

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        Problem(error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match &self.0 {
            ServiceError::Server(ServerError::Busy { .. }) => tracing::warn!("turned away"),
            ServiceError::Server(error) => tracing::error!(%error, "request failed"),
            ServiceError::Refused(_) => {}
        }
        let record = self.0.record();
        let later = record.come_back_s.map(|seconds| [(RETRY_AFTER, seconds.to_string())]);
        (status(self.0.code()), later, Json(record)).into_response()
    }
}

fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::Invalid => StatusCode::BAD_REQUEST,
        ErrorCode::SignedOut => StatusCode::UNAUTHORIZED,
        ErrorCode::Revoked | ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Conflict => StatusCode::CONFLICT,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::UpgradeNeeded => StatusCode::UPGRADE_REQUIRED,
        ErrorCode::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::Internal | ErrorCode::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
