//! What goes to the server when the network is back.

use std::time::Duration;

use guidebook_domain::coupon::SignedTrustList;
use guidebook_wire::pos::{
    LARGEST_UPLOAD, OFFLINE_PATH, OfflineAnswer, OfflineAnswersRecord, OfflineRecord, OfflineTakenRecord, TRUST_PATH,
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
    /// Coupons that were used before and are booked to the store.
    pub conflicts: usize,
    /// Coupons that the server does not know or not for this store, booked to the store too.
    pub refused: usize,
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
        read(self.send(request).await?).await
    }

    /// Uploads what the till has taken, in pieces; each answer is in the ledger before the next piece goes. Then the outage
    /// is over.
    pub async fn upload(&self, till: &Till, now_ms: u64) -> Result<Uploaded, UploadError> {
        let mut uploaded = Uploaded::default();
        let taken = till.to_upload()?;
        for piece in taken.chunks(LARGEST_UPLOAD) {
            let record = OfflineRecord { taken: piece.iter().cloned().map(OfflineTakenRecord::from).collect() };
            let body = serde_json::to_vec(&record).map_err(|_| UploadError::Answer)?;
            let request = self.client.post(self.url(OFFLINE_PATH)?).header("content-type", "application/json").body(body);
            let told: OfflineAnswersRecord = read(self.send(request).await?).await?;
            let fits = told.answers.len() == piece.len() && told.answers.iter().zip(piece).all(|(answer, sent)| answer.key == sent.key);
            if !fits {
                return Err(UploadError::Answer);
            }
            for answer in told.answers {
                till.answered(&answer.key, answer.answer)?;
                match answer.answer {
                    OfflineAnswer::Redeemed => uploaded.redeemed += 1,
                    OfflineAnswer::Conflict => uploaded.conflicts += 1,
                    OfflineAnswer::Refused => uploaded.refused += 1,
                }
            }
        }
        till.contact(now_ms)?;
        Ok(uploaded)
    }

    fn url(&self, path: &str) -> Result<Url, UploadError> {
        self.base.join(path).map_err(|_| UploadError::Address)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, UploadError> {
        let answer = request.bearer_auth(&self.key).send().await.map_err(|_| UploadError::Offline)?;
        let status = answer.status();
        if status.is_success() { Ok(answer) } else { Err(UploadError::Refused(status.as_u16())) }
    }
}

impl From<crate::Taken> for OfflineTakenRecord {
    fn from(taken: crate::Taken) -> Self {
        let crate::Taken { key, lane, voucher, order, spend_fen, discount_fen, counts_fen: _, at_ms } = taken;
        OfflineTakenRecord { key, lane, voucher, order, spend_fen, discount_fen, at_ms }
    }
}

async fn read<T: DeserializeOwned>(answer: Response) -> Result<T, UploadError> {
    let body = answer.bytes().await.map_err(|_| UploadError::Offline)?;
    serde_json::from_slice(&body).map_err(|_| UploadError::Answer)
}
