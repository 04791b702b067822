//! A campaign on a rail: no phone gets a code that the payment platform does not know, whatever goes wrong on the way there.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::coupons::{ask_for, with_keys};
use crate::server::{Phone, Server, refusal};
use crate::wechat_pay::{Fault, STOCK, WechatPay};

/// A server with keys whose retailer is a merchant at the stand-in.
async fn on_rails() -> (Server, WechatPay) {
    let wechat_pay = WechatPay::start().await;
    let mut server = with_keys().await;
    server.stop().await;
    server.rails.insert("A".parse().unwrap(), wechat_pay.settings(server.dir.path()));
    server.start().await;
    (server, wechat_pay)
}

fn campaign(codes: u64) -> Value {
    json!({"id": "C1", "name": "双11", "face": {"amount": {"fen": 500}}, "validity": {"from_issue": {"days": 30}},
        "budget": {"codes": codes}, "rail": format!("wechat_pay/{STOCK}")})
}

async fn waiting(server: &Server) -> u64 {
    server.hq_json(Method::GET, "/hq/v1/campaigns/C1", None).await["rail"]["waiting"].as_u64().unwrap()
}

/// Waits until the platform knows all codes but so many.
async fn until_waiting(server: &Server, left: u64) {
    for _ in 0..1_000 {
        if waiting(server).await == left {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{} codes wait", waiting(server).await);
}

/// The codes that a phone is granted, and how many requests got none.
async fn granted(server: &Server, phone: &Phone, request: u128) -> (Vec<String>, Vec<String>) {
    let answer = ask_for(server, phone, request, 500, 200).await.coupons.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let denied = answer.denied.iter().map(|denied| text(&json!(denied.reason))).collect();
    let of = |grant: &guidebook_domain::coupon::SignedGrant| serde_json::from_str::<Value>(&grant.text).unwrap()["codes"].clone();
    let codes = answer.grants.iter().flat_map(|grant| of(grant).as_array().unwrap().clone());
    (codes.map(|code| text(&code["code"])).collect(), denied)
}

#[tokio::test]
async fn codes_reach_the_platform_in_batches_before_a_phone_gets_one() {
    let (server, wechat_pay) = on_rails().await;
    wechat_pay.will(vec![Fault::Status(503, "SYSTEM_ERROR"); 3]);
    let made = server.hq_json(Method::POST, "/hq/v1/campaigns", Some(campaign(450))).await;
    assert_eq!(made["rail"]["stock"], format!("wechat_pay/{STOCK}"));
    let phone = server.phone("LI").await;
    let early = granted(&server, &phone, 1).await;
    if wechat_pay.look(|seen| seen.stock.is_empty()) {
        assert_eq!(early, (Vec::new(), vec!["not_yet".to_owned()]));
    }
    until_waiting(&server, 0).await;
    assert_eq!(wechat_pay.stocked(), 450);
    let sizes = wechat_pay.look(|seen| seen.numbers.values().map(Vec::len).collect::<Vec<_>>());
    let mut sorted = sizes.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [50, 200, 200]);
    let (codes, denied) = granted(&server, &phone, 2).await;
    assert_eq!((codes.len(), denied.len()), (200, 0));
    wechat_pay.look(|seen| assert!(codes.iter().all(|code| seen.stock.contains_key(code)), "a code that the platform does not know"));
    let calls = wechat_pay.look(|seen| seen.calls.len());
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(wechat_pay.look(|seen| seen.calls.len()), calls, "what is known is not sent again");
}

#[tokio::test]
async fn whatever_goes_wrong_the_batch_goes_again_as_it_was_and_nothing_is_doubled() {
    let (server, wechat_pay) = on_rails().await;
    wechat_pay.will([
        Fault::Status(429, "FREQUENCY_LIMITED"),
        Fault::LostAnswer,
        Fault::Status(500, "SYSTEM_ERROR"),
        Fault::WrongKey,
        Fault::Stale,
        Fault::Status(400, "STATEMENT_CREATING"),
    ]);
    server.hq_json(Method::POST, "/hq/v1/campaigns", Some(campaign(200))).await;
    until_waiting(&server, 0).await;
    assert_eq!(wechat_pay.stocked(), 200);
    wechat_pay.look(|seen| {
        assert_eq!(seen.calls.len(), 7, "six faults, and the call that went well");
        assert!(seen.calls.iter().all(|number| *number == seen.calls[0]), "one number for one set of codes");
    });
}

#[tokio::test]
async fn of_a_batch_that_is_taken_in_part_the_rest_goes_again() {
    let (server, wechat_pay) = on_rails().await;
    wechat_pay.will([Fault::Partly(120), Fault::Partly(0)]);
    server.hq_json(Method::POST, "/hq/v1/campaigns", Some(campaign(200))).await;
    until_waiting(&server, 0).await;
    assert_eq!(wechat_pay.stocked(), 200);
    let budget = json!({"budget_version": 1, "budget": {"codes": 210}});
    server.hq_json(Method::PATCH, "/hq/v1/campaigns/C1", Some(budget)).await;
    until_waiting(&server, 0).await;
    assert_eq!(wechat_pay.stocked(), 210, "codes of a larger budget follow");
}

#[tokio::test]
async fn a_rail_that_nobody_serves_is_refused_and_keys_that_others_may_read_stop_the_start() {
    let (server, wechat_pay) = on_rails().await;
    for rail in ["alipay/1", "wechat_pay/../x", "wechat_pay"] {
        let mut asked = campaign(10);
        asked["rail"] = json!(rail);
        let refused = refusal(server.hq(Method::POST, "/hq/v1/campaigns").json(&asked)).await;
        assert_eq!(refused, (400, "invalid".to_owned(), Some("rail".to_owned())), "{rail}");
    }
    let settings = wechat_pay.settings(server.dir.path()).wechat_pay.unwrap();
    let open = |settings: &_| guidebook_server::rails::wechat_pay::WechatPay::open(settings).map(|_| ());
    assert!(open(&settings).is_ok());
    let mut http = settings.clone();
    http.address = "http://api.mch.weixin.qq.com".to_owned();
    assert!(open(&http).is_err(), "not in the clear");
    #[cfg(unix)]
    {
        std::fs::set_permissions(&settings.key_file, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        assert!(open(&settings).is_err());
    }
}
