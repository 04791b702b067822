//! What goes to the server when the network is back.

use std::time::Duration;

use guidebook_domain::coupon::SignedTrustList;
use guidebook_wire::pos::{
    Booked, BookedRecord, LARGEST_UPLOAD, REDEMPTIONS_PATH, RedemptionRecord, RedemptionsRecord, RefusedRecord, TRUST_PATH, TrustRecord,
};
use reqwest::{Client, RequestBuilder, Response, Url};
use serde::de::DeserializeOwned;

use crate::till::{Till, TillError};

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(20);

/// The server, as one terminal sees it.
#[derive(Clone)]
pub struct Server {
    client: Client,
    base: Url,
    key: String,
}

/// Why the server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// No address of a server: `https://…`, or `http://` on loopback.
    #[error("no address of a server")]
    Address,
    /// No answer. What was sent is sent again, under the same keys.
    #[error("no answer")]
    Offline,
    /// The coupon is not taken. Whether it is unknown, used or expired is told only to tills that may know.
    #[error("not redeemable{}", .reason.as_deref().filter(|reason| *reason != "not redeemable").map(|reason| format!(": {reason}")).unwrap_or_default())]
    NotGood {
        /// The server's word for why.
        reason: Option<String>,
    },
    /// The till asks too often, or came with too many codes that are none: then it may scan, not type.
    #[error("{reason}; in {seconds} seconds again")]
    Wait {
        /// What is too much.
        reason: String,
        /// For how long.
        seconds: u64,
    },
    /// The key is no terminal's, or no longer.
    #[error("the terminal's key is not known to the server")]
    Key,
    /// The server does not do it.
    #[error("the server answers {0}")]
    Refused(u16),
    /// An answer that is none.
    #[error("an answer that cannot be read")]
    Answer,
    /// The till's own reason.
    #[error(transparent)]
    Till(#[from] TillError),
}

/// What came of an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Coupons that are redeemed.
    pub redeemed: usize,
    /// Coupons that do not fit, for instance because another lane has taken them: booked to the store.
    pub conflicts: usize,
    /// Coupons that another till holds at this moment: they are sent again.
    pub later: usize,
}

impl Server {
    /// The server at an address, under a terminal's key.
    pub fn at(address: &str, key: &str) -> Result<Self, UploadError> {
        let base = Url::parse(address).map_err(|_| UploadError::Address)?;
        let loopback = matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if base.scheme() != "https" && !(base.scheme() == "http" && loopback) {
            return Err(UploadError::Address);
        }
        let builder = Client::builder().connect_timeout(CONNECT_WITHIN).timeout(ANSWER_WITHIN).no_proxy();
        let client = builder.redirect(reqwest::redirect::Policy::none()).build().map_err(|_| UploadError::Address)?;
        Ok(Server { client, base, key: key.to_owned() })
    }

    /// Fetches the trust list.
    pub async fn trust(&self) -> Result<SignedTrustList, UploadError> {
        let request = self.client.get(self.url(TRUST_PATH)?);
        let told: TrustRecord = read(self.send(request).await?).await?;
        Ok(told.trust)
    }

    /// Uploads what the till has taken, in pieces; each answer is in the ledger before the next piece goes. Then the outage
    /// is over.
    pub async fn upload(&self, till: &Till, now_ms: u64) -> Result<Uploaded, UploadError> {
        let mut uploaded = Uploaded::default();
        let taken = till.to_upload()?;
        for piece in taken.chunks(LARGEST_UPLOAD) {
            let record = RedemptionsRecord { redemptions: piece.iter().cloned().map(RedemptionRecord::from).collect() };
            let body = serde_json::to_vec(&record).map_err(|_| UploadError::Answer)?;
            let request = self.post(REDEMPTIONS_PATH, body)?;
            let told: BookedRecord = read(self.send(request).await?).await?;
            let told = told.redemptions;
            if told.len() != piece.len() || told.iter().zip(piece).any(|(line, sent)| line.id != sent.id) {
                return Err(UploadError::Answer);
            }
            for line in told {
                match line.outcome {
                    Booked::Booked => uploaded.redeemed += 1,
                    Booked::Conflict => uploaded.conflicts += 1,
                    Booked::Later => uploaded.later += 1,
                }
                if line.outcome != Booked::Later {
                    till.answered(line.id, line.outcome)?;
                }
            }
        }
        till.contact(now_ms)?;
        Ok(uploaded)
    }

    fn url(&self, path: &str) -> Result<Url, UploadError> {
        self.base.join(path).map_err(|_| UploadError::Address)
    }

    pub(crate) fn post(&self, path: &str, body: Vec<u8>) -> Result<RequestBuilder, UploadError> {
        Ok(self.client.post(self.url(path)?).header("content-type", "application/json").body(body))
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, UploadError> {
        let answer = request.bearer_auth(&self.key).send().await.map_err(|_| UploadError::Offline)?;
        if answer.status().is_success() { Ok(answer) } else { Err(refusal(answer).await) }
    }
}

async fn refusal(answer: Response) -> UploadError {
    let status = answer.status().as_u16();
    let body = answer.bytes().await.unwrap_or_default();
    let told: RefusedRecord = serde_json::from_slice(&body).unwrap_or_default();
    match (status, told.field.as_deref(), told.come_back_s) {
        (401, ..) => UploadError::Key,
        (_, Some("code"), _) => UploadError::NotGood { reason: told.reason },
        (_, _, Some(seconds)) => UploadError::Wait { reason: told.reason.unwrap_or_else(|| "the server is busy".to_owned()), seconds },
        // A server behind a proxy that is being restarted has not said anything about the coupon.
        (502..=504, ..) => UploadError::Offline,
        _ => UploadError::Refused(status),
    }
}

impl From<crate::Taken> for RedemptionRecord {
    fn from(taken: crate::Taken) -> Self {
        let crate::Taken { id, lane: _, voucher, order, spend_fen, discount_fen: _, counts_fen: _, at_ms } = taken;
        RedemptionRecord { id, voucher, at_ms, receipt: order, spend_fen: Some(spend_fen) }
    }
}

pub(crate) async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, UploadError> {
    let body = answer.bytes().await.map_err(|_| UploadError::Offline)?;
    serde_json::from_slice(&body).map_err(|_| UploadError::Answer)
}

#[cfg(test)]
mod tests;
