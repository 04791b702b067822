//! A phone waits for news over HTTP.

use std::time::{Duration, Instant};

use guidebook_server::clock;
use guidebook_wire::{LiveAnswerRecord, RoundAnswerRecord};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::server::{Phone, Server, refusal};

const LONG_S: u32 = 50;
/// What comes at once or within a second takes no longer than this on a busy machine.
const SOON: Duration = Duration::from_secs(20);

/// A phone of Li's that has synced.
async fn li(server: &Server) -> Phone {
    let mut li = server.phone("LI").await;
    li.round(server, vec![]).await;
    li
}

/// Lets `phone` wait, and returns when the server knows that it does.
async fn wait(server: &Server, phone: &Phone, wait_s: u32) -> JoinHandle<Response> {
    let before = waiting(server).await;
    let request = phone.wait(server, wait_s);
    let answer = tokio::spawn(async { request.send().await.unwrap() });
    while waiting(server).await == before {
        assert!(!answer.is_finished(), "answered at once");
    }
    answer
}

async fn metric(server: &Server, name: &str) -> u64 {
    let text = server.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("guidebook_{name} ")));
    line.unwrap_or_else(|| panic!("no {name}: {text}")).parse().unwrap()
}

async fn waiting(server: &Server) -> u64 {
    metric(server, "live_waiting").await
}

async fn answered(answer: JoinHandle<Response>) -> LiveAnswerRecord {
    let response = tokio::time::timeout(SOON, answer).await.expect("nobody woke it").unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    response.json().await.unwrap()
}

#[tokio::test]
async fn what_hq_or_a_colleague_changes_wakes_those_whom_it_concerns() {
    let server = Server::furnished().await;
    let (li, mut chen) = (li(&server).await, server.phone("CHEN").await);
    chen.round(&server, vec![]).await;
    server.hq_json(Method::POST, "/hq/v1/assignments", Some(json!({ "member": "M2", "guide": "LI" }))).await;
    // There is something already: nothing to wait for.
    let now: LiveAnswerRecord = li.wait(&server, LONG_S).send().await.unwrap().json().await.unwrap();
    assert!(now.news);
    let mut li = li;
    li.round(&server, vec![]).await;
    let (at_li, at_chen) = (wait(&server, &li, LONG_S).await, wait(&server, &chen, 2).await);
    let mut hers = server.phone("LI").await;
    let note = hers.note("M1", "from her other phone");
    hers.round(&server, vec![note]).await;
    assert!(answered(at_li).await.news);
    assert!(!answered(at_chen).await.news, "it is nothing to Chen");
    li.round(&server, vec![]).await;
    let (at_li, at_chen) = (wait(&server, &li, LONG_S).await, wait(&server, &chen, LONG_S).await);
    let tags = server.hq_json(Method::GET, "/hq/v1/tags", None).await;
    let tag = tags[0]["id"].as_str().unwrap_or_else(|| panic!("{tags}")).to_owned();
    server.hq_json(Method::PATCH, &format!("/hq/v1/tags/{tag}"), Some(json!({ "name": "牛皮" }))).await;
    assert!(answered(at_li).await.news && answered(at_chen).await.news);
    li.round(&server, vec![]).await;
    let at_li = wait(&server, &li, LONG_S).await;
    server.hq_json(Method::POST, "/hq/v1/guides/LI/until", Some(json!({ "until": "2999-12-31" }))).await;
    assert!(answered(at_li).await.news, "her last day comes with the next answer");
    assert_eq!((waiting(&server).await, metric(&server, "live_woken_total").await), (0, 4));
}

#[tokio::test]
async fn another_server_s_change_is_seen_too() {
    let server = Server::furnished().await;
    let li = li(&server).await;
    let answer = wait(&server, &li, LONG_S).await;
    let db = guidebook_server::db::SqliteDatabase::open(guidebook_server::Config::in_dir(server.dir.path()).database()).unwrap();
    let (tenant, member, guide) = ("A".parse().unwrap(), "M2".parse().unwrap(), "LI".parse().unwrap());
    assert!(guidebook_server::hq::assign::assign(&db, &tenant, &member, &guide, clock::now_ms()).unwrap());
    assert!(answered(answer).await.news);
}

#[tokio::test]
async fn nothing_changed_is_said_when_the_time_is_over() {
    let server = Server::furnished().await;
    let li = li(&server).await;
    let begun = Instant::now();
    let answer = answered(wait(&server, &li, 1).await).await;
    assert_eq!((answer.news, answer.come_back_s), (false, None));
    assert!(answer.server_ms > 0 && begun.elapsed() >= Duration::from_secs(1));
    // No longer than the server allows.
    let mut server = server;
    server.stop().await;
    server.longest_wait = Duration::from_millis(10);
    server.start().await;
    let answer: LiveAnswerRecord = li.wait(&server, u32::MAX).send().await.unwrap().json().await.unwrap();
    assert!(!answer.news);
}

#[tokio::test]
async fn a_phone_that_hangs_up_or_waits_again_leaves_its_place() {
    let mut server = Server::furnished().await;
    let li = li(&server).await;
    let older = wait(&server, &li, LONG_S).await;
    let newer = tokio::spawn(li.wait(&server, LONG_S).send());
    let older = answered(older).await;
    assert!(!older.news && older.come_back_s.is_some_and(|seconds| seconds > 0));
    assert_eq!(waiting(&server).await, 1);
    newer.abort();
    let begun = Instant::now();
    while waiting(&server).await > 0 {
        assert!(begun.elapsed() < SOON, "nobody noticed");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_stops_sends_everybody_away() {
    let mut server = Server::furnished().await;
    let answer = wait(&server, &li(&server).await, LONG_S).await;
    let stopped = tokio::time::timeout(SOON, server.stop());
    let (stopped, answer) = tokio::join!(stopped, answered(answer));
    assert!(stopped.is_ok() && !answer.news && answer.come_back_s.is_some());
}

#[tokio::test]
async fn only_so_many_wait() {
    let mut server = Server::furnished().await;
    let (first, second) = (li(&server).await, li(&server).await);
    server.stop().await;
    server.live_phones = 1;
    server.start().await;
    let answer = wait(&server, &first, LONG_S).await;
    let response = second.wait(&server, LONG_S).send().await.unwrap();
    assert_eq!((response.status(), response.headers().contains_key("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, true));
    let body: Value = response.json().await.unwrap();
    assert!(body["come_back_s"].as_u64().is_some_and(|seconds| seconds > 0), "{body}");
    // A round goes through all the same.
    let mut second = second;
    let _: RoundAnswerRecord = second.round(&server, vec![]).await;
    assert_eq!(metric(&server, "live_turned_away_total").await, 1);
    server.stop().await;
    assert!(!answered(answer).await.news);
}

#[tokio::test]
async fn who_may_not_sync_may_not_wait() {
    let server = Server::furnished().await;
    let (waits, mut leaves) = (li(&server).await, server.phone("CHEN").await);
    leaves.round(&server, vec![]).await;
    let (at_revoked, at_leaver) = (wait(&server, &waits, LONG_S).await, wait(&server, &leaves, LONG_S).await);
    server.hq_json(Method::POST, &format!("/hq/v1/devices/{}/revoke", waits.enrolled.device), None).await;
    let response = tokio::time::timeout(SOON, at_revoked).await.expect("nobody woke it").unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(response.json::<Value>().await.unwrap()["error"], "revoked");
    assert_eq!(refusal(waits.wait(&server, LONG_S)).await, (403, "revoked".to_owned(), None));
    server.hq_json(Method::POST, "/hq/v1/handovers", Some(json!({ "from": "CHEN", "to": "LI", "kind": "resigned" }))).await;
    assert!(answered(at_leaver).await.news, "her last push is due");
    // A proof is good for one path, one body, one session.
    let (other, stranger) = (li(&server).await, server.phone("LI").await);
    let (body, now) = (other.waiting_body(1), clock::now_ms());
    let foreign = format!("Guidebook {}", stranger.session.token);
    let table = [
        ("a round's proof", other.signed_for(&server, "/v1/round", body.clone(), now), None),
        ("another body", other.signed_for(&server, "/v1/live", body.clone(), now).body(other.waiting_body(2)), None),
        ("another's session", other.signed_for(&server, "/v1/live", body, now), Some(foreign)),
    ];
    for (what, request, authorization) in table {
        let mut request = request.build().unwrap();
        *request.url_mut() = format!("{}/v1/live", server.base).parse().unwrap();
        if let Some(authorization) = authorization {
            request.headers_mut().insert("authorization", authorization.parse().unwrap());
        }
        let response = reqwest::Client::new().execute(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{what}");
    }
}
