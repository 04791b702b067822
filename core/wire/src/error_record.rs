//! What a refused request says. The status code is HTTP's; this is the body.

use serde::{Deserialize, Serialize};

/// Why a request was refused. A phone decides by this word alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 400: a field is missing or malformed.
    Invalid,
    /// 401: no session, or it has ended.
    SignedOut,
    /// 403: this device was revoked. The phone forgets all, its key first.
    Revoked,
    /// 403: the HQ key lacks the scope.
    Forbidden,
    /// 404: no such thing, or not yours.
    NotFound,
    /// 409: it contradicts what is there.
    Conflict,
    /// 413: larger than the limit.
    TooLarge,
    /// 426: the phone's protocol is no longer, or not yet, spoken here.
    UpgradeNeeded,
    /// 503: come back later.
    Busy,
    /// 500: the server's own fault.
    Internal,
    /// A word of a newer version.
    #[serde(other)]
    Unknown,
}

/// The body of a refused request. Holds no member's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// Why.
    pub error: ErrorCode,
    /// The field, where one is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong with it, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Seconds after which to come back, plus jitter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub come_back_s: Option<u32>,
}
