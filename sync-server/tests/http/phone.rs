//! Enrolment, sessions and rounds over HTTP.

use ed25519_dalek::SigningKey;
use guidebook_domain::Outcome;
use guidebook_server::clock;
use guidebook_wire::{ChangeRecord, OutcomeRecord, RoundAnswerRecord, SessionRecord};
use reqwest::Method;
use serde_json::{Value, json};

use crate::server::{Server, enrolment, refusal};

fn members(answer: &RoundAnswerRecord) -> Vec<(String, usize)> {
    let one = |change: &ChangeRecord| match change {
        ChangeRecord::Member(member) => Some((member.id.to_string(), member.state.notes.len())),
        _ => None,
    };
    answer.changes.iter().filter_map(one).collect()
}

#[tokio::test]
async fn an_edit_reaches_hq_and_survives_a_restart() {
    let mut server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    assert_eq!(members(&li.round(&server, vec![]).await), [("M1".to_owned(), 0)]);
    let note = li.note("M1", "size 38");
    let answer = li.round(&server, vec![note.clone()]).await;
    assert!(matches!(answer.receipts[0].outcome, OutcomeRecord::Known(Outcome::Applied)));
    assert_eq!(members(&answer), [("M1".to_owned(), 1)]);
    server.stop().await;
    server.start().await;
    assert!(members(&li.round(&server, vec![note.clone()]).await).is_empty());
    let changes = server.hq_json(Method::GET, "/hq/v1/changes?after=0", None).await;
    let mine: Vec<&Value> = changes["changes"].as_array().unwrap().iter().filter(|line| line["op"] == json!(note.id)).collect();
    assert_eq!((mine.len(), mine[0]["device"].clone()), (1, json!(li.enrolled.device)));
}

#[tokio::test]
async fn a_round_in_which_nothing_changed_is_small() {
    let server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    li.round(&server, vec![]).await;
    let up = li.body(vec![]);
    let down = li.signed(&server, up.clone(), clock::now_ms()).send().await.unwrap().bytes().await.unwrap();
    assert!(up.len() + down.len() <= 500, "{} up, {} down", up.len(), down.len());
}

#[tokio::test]
async fn a_code_enrols_one_key_and_answers_it_again() {
    let server = Server::furnished().await;
    let code = server.code("LI").await;
    let (mine, other) = (SigningKey::from_bytes(&[1; 32]), SigningKey::from_bytes(&[2; 32]));
    let ask = |key: &SigningKey, code: &str| server.request(Method::POST, "/v1/enrol").json(&enrolment(key, code));
    let first: Value = ask(&mine, &code).send().await.unwrap().json().await.unwrap();
    let again: Value = ask(&mine, &code.to_lowercase()).send().await.unwrap().json().await.unwrap();
    assert_eq!((first["device"].clone(), first["guide"]["id"].clone()), (again["device"].clone(), json!("LI")));
    assert_eq!(refusal(ask(&other, &code)).await, (404, "not_found".to_owned(), Some("code".to_owned())));
    assert_eq!(refusal(ask(&mine, "0000000000")).await.0, 404);
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_its_family() {
    let server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    let ask = |token: &str| server.request(Method::POST, "/v1/session/refresh").json(&json!({ "refresh": token }));
    let old = li.session.refresh.clone();
    let renewed: SessionRecord = ask(&old).send().await.unwrap().json().await.unwrap();
    li.session = renewed;
    li.round(&server, vec![]).await;
    assert_eq!(refusal(ask(&old)).await.1, "signed_out");
    assert_eq!(refusal(ask(&li.session.refresh)).await.1, "signed_out");
    assert_eq!(refusal(li.signed(&server, li.body(vec![]), clock::now_ms())).await.1, "signed_out");
}

#[tokio::test]
async fn a_revoked_phone_is_told_wherever_it_asks() {
    let server = Server::furnished().await;
    let li = server.phone("LI").await;
    server.hq_json(Method::POST, &format!("/hq/v1/devices/{}/revoke", li.enrolled.device), None).await;
    assert_eq!(refusal(li.signed(&server, li.body(vec![]), clock::now_ms())).await.1, "revoked");
    let challenge = server.request(Method::POST, "/v1/challenge").json(&json!({ "device": li.enrolled.device }));
    assert_eq!(refusal(challenge).await, (403, "revoked".to_owned(), None));
    let devices = server.hq_json(Method::GET, "/hq/v1/devices", None).await;
    assert_eq!(devices[0]["state"], "revoked");
}

#[tokio::test]
async fn a_request_that_was_tampered_with_is_not_taken() {
    let server = Server::furnished().await;
    let li = server.phone("LI").await;
    let (body, now) = (li.body(vec![]), clock::now_ms());
    let other = String::from_utf8(body.clone()).unwrap().replace("\"protocol\":1", "\"protocol\":2").into_bytes();
    let table = [
        ("another body", li.signed(&server, body.clone(), now).body(other), "signed_out"),
        ("an old time", li.signed(&server, body.clone(), now - 301_000), "signed_out"),
        ("a time to come", li.signed(&server, body.clone(), now + 301_000), "signed_out"),
        ("no headers", server.request(Method::POST, "/v1/round").body(body.clone()), "signed_out"),
    ];
    for (what, request, word) in table {
        let (status, error, _) = refusal(request).await;
        assert_eq!((status, error.as_str()), (401, word), "{what}");
    }
}

#[tokio::test]
async fn a_crowded_server_says_when_to_come_back_and_a_full_one_turns_away() {
    let mut server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    assert_eq!(li.round(&server, vec![]).await.come_back_s, None);
    for (rounds, status) in [(1, 200), (0, 503)] {
        server.stop().await;
        server.rounds = rounds;
        server.start().await;
        let response = li.signed(&server, li.body(vec![]), clock::now_ms()).send().await.unwrap();
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers().contains_key("retry-after"), status == 503);
        let answer: Value = response.json().await.unwrap();
        assert!(answer["come_back_s"].as_u64().is_some_and(|seconds| seconds > 0), "{answer}");
    }
    let metrics = server.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("guidebook_rounds_turned_away_total 1"), "{metrics}");
}
