//! Bodies and parameters, each problem named by its field and never by its content.

use std::collections::HashMap;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use guidebook_wire::ErrorCode;
use serde::de::DeserializeOwned;

use super::answer::Problem;
use crate::error::ServiceError;

/// A body as it came, within the route's limit.
pub struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        Bytes::from_request(request, state).await.map(Raw).map_err(|rejection| {
            let too_large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
            let code = if too_large { ErrorCode::TooLarge } else { ErrorCode::Invalid };
            Problem(ServiceError::about(code, "body", if too_large { "larger than the limit" } else { "broken off" }))
        })
    }
}

impl Raw {
    /// The JSON that the body is.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.0).map_err(|error| Problem(not_json(&error)))
    }
}

/// What is wrong with a body, from serde's words: only the name of a missing field is ours to repeat.
fn not_json(error: &serde_json::Error) -> ServiceError {
    let text = error.to_string();
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match missing {
        Some(field) => ServiceError::invalid(field, "missing"),
        None => ServiceError::invalid("body", format!("not the JSON expected, line {} column {}", error.line(), error.column())),
    }
}

/// A text from the path or the query as a checked value.
pub fn parsed<T: FromStr>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem(ServiceError::invalid(field, "malformed")))
}

/// A parameter of the query, if it is there.
pub fn param<T: FromStr>(query: &HashMap<String, String>, field: &str) -> Result<Option<T>, Problem> {
    query.get(field).map(|text| parsed(field, text)).transpose()
}
