//! Merchant coupons (商家券) of WeChat Pay: the merchant's own codes are stored there before they are given out.
//!
//! `POST /v3/marketing/busifavor/stocks/{stock}/couponcodes`: at most 200 codes under one `upload_request_no`. A request is signed
//! with the merchant's key over method, path, time, nonce and body; an answer that goes well is signed with WeChat Pay's over
//! time, nonce and body. Codes that the stock has already are told as such, so a repetition is no harm.
//! Source: pay.weixin.qq.com/docs/merchant/apis/merchant-exclusive-coupon/busi-favor/upload-coupon-code.html

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, USER_AGENT};
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};

use super::batch::{Batch, Uploaded};
use super::rsa::{PrivateKey, PublicKey};
use super::settings::WechatPaySettings;
use super::{Moment, Rail, RailError};
use crate::error::ServerError;
use crate::secret_file::only_for_its_owner;

/// How campaigns name it.
pub const NAME: &str = "wechat_pay";
/// The most codes of one request.
pub const MOST_CODES: usize = 200;

const CONNECT_WITHIN: Duration = Duration::from_secs(5);
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// An answer's time is no further from ours, in seconds.
const CLOCKS_APART_S: u64 = 300;
const SCHEME: &str = "WECHATPAY2-SHA256-RSA2048";

/// A merchant at WeChat Pay.
pub struct WechatPay {
    client: Client,
    base: Url,
    merchant: String,
    certificate_serial: String,
    key: PrivateKey,
    platform_key: String,
    platform: PublicKey,
}

#[derive(Serialize)]
struct Upload<'u> {
    coupon_code_list: Vec<String>,
    upload_request_no: &'u str,
}

#[derive(Deserialize)]
struct Told {
    stock_id: String,
    #[serde(default)]
    success_codes: Vec<String>,
    #[serde(default)]
    exist_codes: Vec<String>,
    #[serde(default)]
    fail_codes: Vec<Failed>,
}

#[derive(Deserialize)]
struct Failed {
    code: String,
}

#[derive(Default, Deserialize)]
struct Problem {
    #[serde(default)]
    code: String,
}

impl WechatPay {
    /// A merchant by its settings.
    pub fn open(settings: &WechatPaySettings) -> Result<Self, ServerError> {
        let wrong = |what: &str| ServerError::Config(format!("rails: wechat_pay: {what}"));
        let base = Url::parse(&settings.address).map_err(|_| wrong("address"))?;
        let loopback = matches!(base.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if base.scheme() != "https" && !loopback {
            return Err(wrong("address is not https"));
        }
        only_for_its_owner(&settings.key_file)?;
        let file = |path: &std::path::Path| std::fs::read_to_string(path).map_err(|_| wrong(&format!("{} can't be read", path.display())));
        let key = PrivateKey::from_pem(&file(&settings.key_file)?).map_err(|_| wrong("key_file is no private RSA key in PEM"))?;
        let platform = PublicKey::from_pem(&file(&settings.platform_key_file)?);
        let platform = platform.map_err(|_| wrong("platform_key_file is no public RSA key in PEM"))?;
        let client = Client::builder().connect_timeout(CONNECT_WITHIN).timeout(ANSWER_WITHIN);
        let client = client.redirect(reqwest::redirect::Policy::none()).build().map_err(|_| wrong("no client"))?;
        let WechatPaySettings { merchant, certificate_serial, platform_key, .. } = settings.clone();
        Ok(WechatPay { client, base, merchant, certificate_serial, key, platform_key, platform })
    }

    async fn send(&self, stock: &str, batch: &Batch, moment: Moment) -> Result<Uploaded, RailError> {
        let codes: Vec<String> = batch.codes.iter().map(|code| code.plain()).collect();
        let upload = Upload { coupon_code_list: codes.clone(), upload_request_no: &batch.number };
        let body = serde_json::to_string(&upload).map_err(|_| RailError::Answer)?;
        let url = self.base.join(&format!("/v3/marketing/busifavor/stocks/{stock}/couponcodes")).map_err(|_| RailError::Answer)?;
        let request = self.client.post(url.clone()).header(AUTHORIZATION, self.authorization(url.path(), &body, moment));
        let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, "application/json");
        let answer = request.header(USER_AGENT, "guidebook-server").body(body).send().await.map_err(|_| RailError::Unanswered)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.text().await.map_err(|_| RailError::Unanswered)?;
        match status.as_u16() {
            200..=299 if !self.is_signed(&headers, &body, moment.now_ms) => Err(RailError::Forged),
            200..=299 => told(stock, &codes, &body),
            status @ (429 | 500..) => Err(RailError::Later(status)),
            status => Err(RailError::Refused { status, code: word_of(&body) }),
        }
    }

    fn authorization(&self, path: &str, body: &str, moment: Moment) -> String {
        let (time, nonce) = (moment.now_ms / 1000, hex(&moment.nonce));
        let signature = self.key.sign(format!("POST\n{path}\n{time}\n{nonce}\n{body}\n").as_bytes());
        let (merchant, serial) = (&self.merchant, &self.certificate_serial);
        format!("{SCHEME} mchid=\"{merchant}\",nonce_str=\"{nonce}\",signature=\"{signature}\",timestamp=\"{time}\",serial_no=\"{serial}\"")
    }

    fn is_signed(&self, headers: &HeaderMap, body: &str, now_ms: u64) -> bool {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let (time, nonce) = (header("wechatpay-timestamp"), header("wechatpay-nonce"));
        let fresh = time.parse::<u64>().is_ok_and(|time_s| time_s.abs_diff(now_ms / 1000) <= CLOCKS_APART_S);
        let message = format!("{time}\n{nonce}\n{body}\n");
        fresh && header("wechatpay-serial") == self.platform_key && self.platform.holds(message.as_bytes(), header("wechatpay-signature"))
    }
}

impl Rail for WechatPay {
    fn most(&self) -> usize {
        MOST_CODES
    }

    fn upload<'r>(&'r self, stock: &'r str, batch: &'r Batch, moment: Moment) -> BoxFuture<'r, Result<Uploaded, RailError>> {
        self.send(stock, batch, moment).boxed()
    }
}

/// A code that was there already counts as known: no two are alike, so it is this one.
fn told(stock: &str, codes: &[String], body: &str) -> Result<Uploaded, RailError> {
    let told: Told = serde_json::from_str(body).map_err(|_| RailError::Answer)?;
    if told.stock_id != stock {
        return Err(RailError::Answer);
    }
    let places: BTreeMap<&str, usize> = codes.iter().enumerate().map(|(place, code)| (code.as_str(), place)).collect();
    let mut known: Vec<usize> =
        told.success_codes.iter().chain(&told.exist_codes).filter_map(|code| places.get(code.as_str()).copied()).collect();
    known.sort_unstable();
    known.dedup();
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    for failed in told.fail_codes {
        *refused.entry(plain(&failed.code)).or_default() += 1;
    }
    Ok(Uploaded { known, refused: refused.into_iter().collect() })
}

fn word_of(body: &str) -> String {
    plain(&serde_json::from_str::<Problem>(body).unwrap_or_default().code)
}

/// A word of the platform's that may stand in a log: it never holds a code.
fn plain(word: &str) -> String {
    let is_word = (1..=64).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    if is_word { word.to_owned() } else { "UNKNOWN".to_owned() }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_could_be_a_code_never_reaches_a_log() {
        assert_eq!((plain("LENGTH_LIMIT"), plain("K4ZN-7Q2F"), plain("")), ("LENGTH_LIMIT".into(), "UNKNOWN".into(), "UNKNOWN".into()));
    }

    #[test]
    fn codes_of_others_and_answers_about_another_stock_are_not_believed() {
        let codes = ["A".to_owned(), "B".to_owned(), "C".to_owned()];
        let body = r#"{"stock_id":"1","success_codes":["C","X"],"exist_codes":["A","C"],"fail_codes":[{"coupon_code":"B","code":"LENGTH_LIMIT"}]}"#;
        let uploaded = told("1", &codes, body).unwrap();
        assert_eq!((uploaded.known, uploaded.refused), (vec![0, 2], vec![("LENGTH_LIMIT".to_owned(), 1)]));
        assert_eq!(told("2", &codes, body), Err(RailError::Answer));
        assert_eq!(told("1", &codes, "<html>"), Err(RailError::Answer));
    }
}
