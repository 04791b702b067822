//! A coupon's way over HTTP: HQ makes a campaign and a till, a phone is leased codes, the till takes one.

use ed25519_dalek::SigningKey;
use guidebook_domain::coupon::SignedVoucher;
use guidebook_domain::{CampaignId, GrantId, MarkId};
use guidebook_server::clock;
use guidebook_server::config::Config;
use guidebook_server::db::SqliteDatabase;
use guidebook_server::secret_file::read_private_or_make;
use guidebook_server::service::coupons::CouponSecret;
use guidebook_server::service::coupons::keys::{self, KeyChance};
use guidebook_wire::coupon::{CouponAskRecord, GrantAskRecord};
use guidebook_wire::{RoundAnswerRecord, RoundRecord};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::server::{Phone, Server, refusal};

/// A furnished server with keys.
pub async fn with_keys() -> Server {
    keyed(Server::furnished().await).await
}

/// The server gets keys and starts again.
async fn keyed(mut server: Server) -> Server {
    server.stop().await;
    let config = Config::in_dir(server.dir.path());
    let secret = CouponSecret::new(read_private_or_make(&config.coupon_secret_file).unwrap());
    let db = SqliteDatabase::open(config.database()).unwrap();
    let (tenant, root) = ("A".parse().unwrap(), SigningKey::from_bytes(&[1; 32]));
    keys::init(&db, &secret, &tenant, &root, &KeyChance { key: [2; 32], nonce: [3; 24] }, clock::now_ms()).unwrap();
    drop(db);
    server.start().await;
    server
}

fn campaign() -> Value {
    json!({"id": "C1", "name": "双11", "face": {"amount": {"fen": 5000}}, "validity": {"from_issue": {"days": 30}},
        "offline": true, "budget": {"codes": 300, "fen": 1_500_000}})
}

async fn ask(server: &Server, phone: &Phone, trust: u32) -> RoundAnswerRecord {
    asked(server, phone, (1, 5_000, 3), trust).await
}

/// Asks for codes of C1.
pub async fn ask_for(server: &Server, phone: &Phone, request: u128, value: u32, wanted: u16) -> RoundAnswerRecord {
    asked(server, phone, (request, value, wanted), 0).await
}

async fn asked(server: &Server, phone: &Phone, (request, value, wanted): (u128, u32, u16), trust: u32) -> RoundAnswerRecord {
    let request = GrantId::from_uuid(Uuid::from_u128(request));
    let asks = vec![GrantAskRecord { request, campaign: CampaignId::new("C1").unwrap(), value, wanted }];
    let coupons =
        Some(CouponAskRecord { asks, mark: MarkId::from_uuid(Uuid::from_u128(2)), trust, rootless: phone.enrolled.root.is_none() });
    let record = RoundRecord { protocol: 1, epoch: phone.epoch, cursor: phone.cursor, coupons, ..RoundRecord::default() };
    let body = serde_json::to_vec(&record).unwrap();
    let response = phone.signed(server, body, clock::now_ms()).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_coupon_goes_from_hq_to_a_phone_to_a_till() {
    let server = with_keys().await;
    let made = server.hq_json(Method::POST, "/hq/v1/campaigns", Some(campaign())).await;
    assert_eq!((made["codes"]["free"].clone(), made["budget"]["version"].clone()), (json!(300), json!(1)));
    let till = server.hq_json(Method::POST, "/hq/v1/terminals", Some(json!({"store": "S1", "name": "一号"}))).await;
    let secret = till["secret"].as_str().unwrap().to_owned();
    let phone = server.phone("LI").await;
    let answer = ask(&server, &phone, 0).await.coupons.unwrap();
    let root = phone.enrolled.root.unwrap();
    let list = answer.trust.as_ref().unwrap().accept(0, &root).unwrap();
    let mark = MarkId::from_uuid(Uuid::from_u128(2));
    let grant = answer.grants[0].verify(&list, phone.enrolled.device, mark, clock::now_ms()).unwrap();
    assert_eq!((grant.codes.len(), grant.value), (3, 5_000));
    assert_eq!(SignedVoucher::decode(&grant.codes[0].voucher).unwrap().unverified().store, 1);
    assert_eq!(ask(&server, &phone, 1).await.coupons.unwrap().trust, None);
    let code = grant.codes[0].code.grouped();
    let call = |verb: &str, key: &str| {
        let request = server.request(Method::POST, &format!("/pos/v1/coupons/{code}:{verb}"));
        request.bearer_auth(&secret).header("idempotency-key", key)
    };
    let json_of = async |verb: &str, key: &str| call(verb, key).send().await.unwrap().json::<Value>().await.unwrap();
    assert_eq!(json_of("verify", "1").await["money_fen"], 5_000);
    assert_eq!(json_of("reserve", "2").await["state"], "reserved");
    assert_eq!(json_of("commit", "3").await["state"], "redeemed");
    assert_eq!(json_of("commit", "3").await["state"], "redeemed");
    assert_eq!(refusal(call("commit", "4")).await, (404, "not_found".to_owned(), Some("code".to_owned())));
    assert_eq!(refusal(call("commit", "3").json(&json!({"receipt": "R1"}))).await.0, 409);
    assert_eq!(refusal(call("commit", "")).await.0, 400);
    assert_eq!(refusal(call("steal", "5")).await.0, 404);
    let report = server.hq_json(Method::GET, "/hq/v1/campaigns/C1/report", None).await;
    assert_eq!((report["total"]["redeemed"].clone(), report["stores"]["S1"]["taken_fen"].clone()), (json!(1), json!(5_000)));
    let trust = server.request(Method::GET, "/pos/v1/trust").bearer_auth(&secret).send().await.unwrap();
    assert_eq!(trust.json::<Value>().await.unwrap()["root"], json!(root));
    let taken = json!({"redemptions": [{"id": Uuid::from_u128(9), "voucher": grant.codes[1].voucher, "at_ms": clock::now_ms()}]});
    let upload = server.request(Method::POST, "/pos/v1/redemptions").bearer_auth(&secret).json(&taken).send().await.unwrap();
    assert_eq!(upload.json::<Value>().await.unwrap()["redemptions"][0]["outcome"], "booked");
    let metrics = server.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("guidebook_till_calls_total") && !metrics.contains(&code));
    server.hq_json(Method::POST, &format!("/hq/v1/terminals/{}/revoke", till["id"].as_str().unwrap()), Some(json!({}))).await;
    assert_eq!(refusal(call("verify", "6")).await.0, 401);
}

#[tokio::test]
async fn a_phone_that_enrolled_before_the_keys_learns_the_root_when_it_asks_for_codes() {
    let server = Server::furnished().await;
    let phone = server.phone("LI").await;
    assert_eq!(phone.enrolled.root, None);
    let server = keyed(server).await;
    server.hq_json(Method::POST, "/hq/v1/campaigns", Some(campaign())).await;
    let answer = ask(&server, &phone, 0).await.coupons.unwrap();
    let list = answer.trust.as_ref().unwrap().accept(0, &answer.root.unwrap()).unwrap();
    let mark = MarkId::from_uuid(Uuid::from_u128(2));
    assert!(answer.grants[0].verify(&list, phone.enrolled.device, mark, clock::now_ms()).is_ok());
    let knowing = server.phone("LI").await;
    assert_eq!(ask_for(&server, &knowing, 2, 5_000, 3).await.coupons.unwrap().root, None);
}

#[tokio::test]
async fn without_keys_there_are_no_campaigns_and_no_tills() {
    let server = Server::furnished().await;
    let refused = refusal(server.hq(Method::POST, "/hq/v1/campaigns").json(&campaign())).await;
    assert_eq!(refused, (409, "conflict".to_owned(), Some("keys".to_owned())));
    let phone = server.phone("LI").await;
    assert_eq!(phone.enrolled.root, None);
    assert!(ask(&server, &phone, 0).await.coupons.is_none());
    let till = server.request(Method::POST, "/pos/v1/coupons/X:verify").bearer_auth("gbpos_x").header("idempotency-key", "1");
    assert_eq!(refusal(till).await.0, 404);
}

#[tokio::test]
async fn a_level_goes_to_the_guides_phone() {
    let server = with_keys().await;
    let mut li = server.phone("LI").await;
    li.round(&server, Vec::new()).await;
    server.hq_json(Method::POST, "/hq/v1/guides/LI/level", Some(json!({"level": "金牌"}))).await;
    assert_eq!(li.round(&server, Vec::new()).await.guide.unwrap().level.as_deref(), Some("金牌"));
}
