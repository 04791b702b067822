//! The proof that a phone's request was made under its session's key.

use axum::http::{HeaderMap, Method};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use guidebook_wire::ErrorCode;
use guidebook_wire::session::{MAC_HEADER, REQUEST_SKEW_MS, TIME_HEADER, request_mac_holds};

use super::answer::Problem;
use super::app::credential;
use crate::error::ServiceError;
use crate::service::session::{ServerSecret, mac_key};

/// What a request carries to prove that it was made under the session's key.
pub struct Proof {
    /// The access token.
    pub token: String,
    time_ms: u64,
    mac: Vec<u8>,
}

impl Proof {
    /// In one header, `Guidebook <token>.<time>.<mac>`, or, from phones of protocol 1, in three.
    pub fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let credential = credential(headers, "Guidebook ")?;
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let mut parts = credential.splitn(3, '.');
        let token = parts.next().unwrap_or_default().to_owned();
        let time_ms = parts.next().or(header(TIME_HEADER)).and_then(|text| text.parse().ok());
        let mac = parts.next().or(header(MAC_HEADER)).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        Ok(Proof {
            token,
            time_ms: time_ms.ok_or_else(|| ServiceError::invalid(TIME_HEADER, "missing or malformed"))?,
            mac: mac.ok_or_else(|| ServiceError::invalid(MAC_HEADER, "missing or malformed"))?,
        })
    }

    /// Whether it fits a POST of `body` to `path`, at this time.
    pub fn check(&self, secret: &ServerSecret, path: &str, body: &[u8], now_ms: u64) -> Result<(), ServiceError> {
        if self.time_ms.abs_diff(now_ms) > REQUEST_SKEW_MS {
            return Err(ServiceError::about(ErrorCode::SignedOut, TIME_HEADER, "too far from the server's time"));
        }
        if !request_mac_holds(&mac_key(secret, &self.token), Method::POST.as_str(), path, body, self.time_ms, &self.mac) {
            return Err(ServiceError::about(ErrorCode::SignedOut, MAC_HEADER, "does not fit the request"));
        }
        Ok(())
    }
}
