//! A stand-in for WeChat Pay on the wire: it checks what the documentation of merchant coupons and of API v3 asks for, and
//! fails on request. Used by more than one test program, each of which needs a part of it. What it does not know is how WeChat Pay behaves where the documentation is silent.

#![allow(dead_code)]

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use guidebook_server::clock;
use guidebook_server::rails::rsa::{PrivateKey, PublicKey};
use guidebook_server::rails::settings::{RailSettings, WechatPaySettings};
use serde::Deserialize;
use serde_json::{Value, json};

pub const STOCK: &str = "98065001";
const MERCHANT: &str = "1900000001";
const SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const PLATFORM_KEY: &str = "PUB_KEY_ID_0119000000012024";
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/http/keys");

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It answers so, and does nothing.
    Status(u16, &'static str),
    /// It does what is asked for, and the connection breaks before the answer.
    LostAnswer,
    /// It takes so many codes and refuses the others.
    Partly(usize),
    /// It does it, and somebody signs the answer with another key.
    WrongKey,
    /// It does it, and the answer is an hour old.
    Stale,
}

/// What the stand-in has seen and holds.
#[derive(Default)]
pub struct Seen {
    /// Codes in stock, by how often they were put into it.
    pub stock: BTreeMap<String, usize>,
    /// Codes by request number.
    pub numbers: BTreeMap<String, Vec<String>>,
    /// The numbers of all requests that were properly signed, in order.
    pub calls: Vec<String>,
    /// What was wrong with requests.
    pub complaints: Vec<String>,
    nonces: BTreeSet<String>,
    faults: VecDeque<Fault>,
}

/// A running stand-in.
#[derive(Clone)]
pub struct WechatPay {
    pub address: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Deserialize)]
struct Upload {
    coupon_code_list: Vec<String>,
    upload_request_no: String,
}

impl WechatPay {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let app = Router::new().route("/v3/marketing/busifavor/stocks/{stock}/couponcodes", post(upload)).with_state(Arc::clone(&seen));
        tokio::spawn(async { axum::serve(listener, app).await.unwrap() });
        WechatPay { address, seen }
    }

    /// What goes wrong with the next requests, in turn.
    pub fn will(&self, faults: impl IntoIterator<Item = Fault>) {
        self.look(|seen| seen.faults.extend(faults));
    }

    /// From here on all goes well.
    pub fn forget_faults(&self) {
        self.look(|seen| seen.faults.clear());
    }

    pub fn look<T>(&self, work: impl FnOnce(&mut Seen) -> T) -> T {
        work(&mut self.seen.lock().unwrap())
    }

    /// How many codes are in stock; none of them may be there twice, no number with two sets of codes, nothing malformed.
    pub fn stocked(&self) -> usize {
        self.look(|seen| {
            assert_eq!(seen.complaints, Vec::<String>::new());
            assert!(seen.stock.values().all(|times| *times == 1), "a code was put into stock twice");
            seen.stock.len()
        })
    }

    /// The settings by which a server reaches it; the keys are copied to `folder`.
    pub fn settings(&self, folder: &std::path::Path) -> RailSettings {
        let (key_file, platform_key_file) = (folder.join("apiclient_key.pem"), folder.join("pub_key.pem"));
        std::fs::copy(format!("{KEYS}/merchant.pem"), &key_file).unwrap();
        std::fs::copy(format!("{KEYS}/platform-public.pem"), &platform_key_file).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&key_file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        let wechat_pay = WechatPaySettings {
            merchant: MERCHANT.to_owned(),
            certificate_serial: SERIAL.to_owned(),
            key_file,
            platform_key: PLATFORM_KEY.to_owned(),
            platform_key_file,
            address: self.address.clone(),
        };
        RailSettings { wechat_pay: Some(wechat_pay) }
    }
}

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{KEYS}/{name}")).unwrap()
}

async fn upload(State(seen): State<Arc<Mutex<Seen>>>, Path(stock): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let mut seen = seen.lock().unwrap();
    let path = format!("/v3/marketing/busifavor/stocks/{stock}/couponcodes");
    if let Err(why) = signed(&mut seen, &headers, &path, &body) {
        seen.complaints.push(why.to_owned());
        return problem(401, "SIGN_ERROR");
    }
    let request: Upload = match serde_json::from_slice(&body) {
        Ok(request) => request,
        Err(_) => return problem(400, "PARAM_ERROR"),
    };
    if let Err(why) = sound(&seen, &stock, &request) {
        seen.complaints.push(why.to_owned());
        return problem(400, "PARAM_ERROR");
    }
    seen.calls.push(request.upload_request_no.clone());
    let fault = seen.faults.pop_front();
    if let Some(Fault::Status(status, code)) = fault {
        return problem(status, code);
    }
    let taken = if let Some(Fault::Partly(taken)) = fault { taken } else { usize::MAX };
    let (mut success, mut exist, mut fail) = (Vec::new(), Vec::new(), Vec::new());
    for (n, code) in request.coupon_code_list.iter().enumerate() {
        if seen.stock.contains_key(code) {
            exist.push(code.clone());
        } else if n < taken {
            *seen.stock.entry(code.clone()).or_default() += 1;
            success.push(code.clone());
        } else {
            fail.push(json!({"coupon_code": code, "code": "SYSTEM_ERROR", "message": "稍后重试"}));
        }
    }
    let total = request.coupon_code_list.len();
    seen.numbers.insert(request.upload_request_no, request.coupon_code_list);
    if fault == Some(Fault::LostAnswer) {
        // A body that breaks off: whoever reads it hears nothing of use.
        let broken = axum::body::Body::from_stream(futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) }));
        return Response::new(broken);
    }
    let told = json!({"stock_id": stock, "total_count": total, "success_count": success.len(), "success_codes": success,
        "success_time": "2026-11-20T13:29:35+08:00", "fail_count": fail.len(), "fail_codes": fail, "exist_codes": exist});
    answer(&told, fault)
}

/// The request's signature by the merchant's key, as the documentation of API v3 has it.
fn signed(seen: &mut Seen, headers: &HeaderMap, path: &str, body: &[u8]) -> Result<(), &'static str> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if header("accept") != "application/json" || header("content-type") != "application/json" || header("user-agent").is_empty() {
        return Err("headers");
    }
    let said = header("authorization").strip_prefix("WECHATPAY2-SHA256-RSA2048 ").ok_or("scheme")?;
    let fields: BTreeMap<&str, &str> =
        said.split(',').filter_map(|field| field.split_once('=')).map(|(name, value)| (name, value.trim_matches('"'))).collect();
    let field = |name: &str| fields.get(name).copied().unwrap_or_default();
    if (field("mchid"), field("serial_no")) != (MERCHANT, SERIAL) {
        return Err("merchant or certificate");
    }
    let (time, nonce) = (field("timestamp"), field("nonce_str"));
    if time.parse::<u64>().map_err(|_| "time")?.abs_diff(clock::now_ms() / 1000) > 300 {
        return Err("time");
    }
    if nonce.is_empty() || nonce.len() > 32 || !seen.nonces.insert(nonce.to_owned()) {
        return Err("nonce");
    }
    let body = std::str::from_utf8(body).map_err(|_| "body")?;
    let message = format!("POST\n{path}\n{time}\n{nonce}\n{body}\n");
    let key = PublicKey::from_pem(&read("merchant-public.pem")).unwrap();
    if key.holds(message.as_bytes(), field("signature")) { Ok(()) } else { Err("signature") }
}

/// The documented limits.
fn sound(seen: &Seen, stock: &str, request: &Upload) -> Result<(), &'static str> {
    let Upload { coupon_code_list: codes, upload_request_no: number } = request;
    if stock != STOCK {
        return Err("no such stock");
    }
    if !(1..=200).contains(&codes.len()) || codes.iter().collect::<BTreeSet<_>>().len() != codes.len() {
        return Err("1 to 200 codes, each once");
    }
    let legal =
        |code: &String| (1..=32).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_\\/=|".contains(&b));
    if !codes.iter().all(legal) {
        return Err("a code");
    }
    if !(1..=128).contains(&number.len()) {
        return Err("the request's number");
    }
    if seen.numbers.get(number).is_some_and(|before| before != codes) {
        return Err("one number with two sets of codes");
    }
    Ok(())
}

fn problem(status: u16, code: &str) -> Response {
    let body = json!({"code": code, "message": "请稍后重试"}).to_string();
    (StatusCode::from_u16(status).unwrap(), [("content-type", "application/json")], body).into_response()
}

fn answer(told: &Value, fault: Option<Fault>) -> Response {
    let (body, nonce) = (told.to_string(), "d41d8cd98f00b204e9800998ecf8427e");
    let age_s = if fault == Some(Fault::Stale) { 3_600 } else { 0 };
    let time = (clock::now_ms() / 1000 - age_s).to_string();
    let key = if fault == Some(Fault::WrongKey) { "merchant.pem" } else { "platform.pem" };
    let signature = PrivateKey::from_pem(&read(key)).unwrap().sign(format!("{time}\n{nonce}\n{body}\n").as_bytes());
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("wechatpay-timestamp", time),
        ("wechatpay-nonce", nonce.to_owned()),
        ("wechatpay-serial", PLATFORM_KEY.to_owned()),
        ("wechatpay-signature", signature),
    ];
    let mut answer = body.into_response();
    for (name, value) in headers {
        answer.headers_mut().insert(name, value.parse().unwrap());
    }
    answer
}
