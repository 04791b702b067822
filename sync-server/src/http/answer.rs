//! A refusal as HTTP says it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use guidebook_wire::ErrorCode;

use crate::error::ServiceError;

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
        if let ServiceError::Server(error) = &self.0 {
            tracing::error!(%error, "request failed");
        }
        (status(self.0.code()), Json(self.0.record())).into_response()
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
