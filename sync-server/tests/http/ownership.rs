//! Handovers, stand-ins and devices over HTTP.

use guidebook_server::service::setup::Scope;
use guidebook_server::{Config, clock};
use guidebook_wire::{ChangeRecord, ErrorRecord};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::server::{Server, refusal};

fn pass(member: &str) -> Value {
    json!({ "from": "CHEN", "to": "LI", "kind": "on_job", "members": [member] })
}

#[tokio::test]
async fn a_handover_is_asked_for_read_and_refused() {
    let server = Server::furnished().await;
    let asked = server.hq_json(Method::POST, "/hq/v1/handovers", Some(pass("M2"))).await;
    assert_eq!((asked["waiting"].clone(), asked["done"].clone(), asked["ended"].clone()), (json!(["M2"]), json!([]), json!(true)));
    assert!(asked["due_ms"].as_u64().unwrap() > clock::now_ms() + 23 * 3_600_000);
    let again = server.hq_json(Method::POST, "/hq/v1/handovers", Some(pass("M2"))).await;
    assert_eq!(again["refused"], json!([{ "member": "M2", "reason": "already_waiting" }]));
    for query in ["member=M2", "from=CHEN", "to=LI", "state=waiting", "after=0&limit=1", ""] {
        let page = server.hq_json(Method::GET, &format!("/hq/v1/handovers?{query}"), None).await;
        assert_eq!((page["handovers"][0]["state"].clone(), page["after"].clone()), (json!("waiting"), json!(1)), "{query}");
    }
    for query in ["member=M1", "from=LI", "to=CHEN", "state=done", "after=1", "job=1"] {
        let page = server.hq_json(Method::GET, &format!("/hq/v1/handovers?{query}"), None).await;
        assert_eq!(page["handovers"], json!([]), "{query}");
    }
    let refused = server.hq_json(Method::POST, "/hq/v1/handovers/refusals", Some(json!({ "member": "M2", "to": "LI" }))).await;
    assert_eq!((refused["state"].clone(), refused["from"].clone()), (json!("refused"), json!("CHEN")));
    let whole = server.hq_json(Method::POST, "/hq/v1/handovers", Some(json!({ "from": "CHEN", "to": "LI", "kind": "resigned" }))).await;
    let job = server.hq_json(Method::GET, &format!("/hq/v1/handovers/jobs/{}", whole["job"]), None).await;
    assert_eq!((&job, &job["waiting"]), (&whole, &json!(["M2"])));
    let metrics = server.request(Method::GET, "/metrics").send().await.unwrap().text().await.unwrap();
    for line in ["guidebook_handovers_total{state=\"waiting\"} 2", "guidebook_handovers_total{state=\"refused\"} 1"] {
        assert!(metrics.contains(line), "{line}\n{metrics}");
    }
    let log = server.hq_json(Method::GET, "/hq/v1/changes", None).await;
    let lines = log["changes"].as_array().unwrap().iter().filter(|line| line["kind"] == "handover");
    assert_eq!(lines.map(|line| line["detail"]["state"].clone()).collect::<Vec<_>>(), ["waiting", "refused", "waiting"]);
}

#[tokio::test]
async fn the_server_settles_by_itself_what_is_due() {
    let mut server = Server::furnished().await;
    server.stop().await;
    server.wait_ms = 1;
    server.start().await;
    server.hq_json(Method::POST, "/hq/v1/handovers", Some(pass("M2"))).await;
    // Nobody asks for handovers: only the turns of the server's own upkeep can settle this one.
    for _ in 0..100_000 {
        let guides = server.hq_json(Method::GET, "/hq/v1/guides", None).await;
        if guides[1]["members"] == 2 {
            return;
        }
    }
    panic!("never settled");
}

#[tokio::test]
async fn a_stand_in_s_phone_is_told_her_last_day() {
    let server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    let set = |until: Value| server.hq_json(Method::POST, "/hq/v1/guides/LI/until", Some(json!({ "until": until })));
    set(json!("2999-12-31")).await;
    assert_eq!(li.round(&server, vec![]).await.guide.unwrap().until.unwrap().to_string(), "2999-12-31");
    assert_eq!(server.hq_json(Method::GET, "/hq/v1/guides", None).await[1]["until"], "2999-12-31");
    set(Value::Null).await;
    assert_eq!(li.round(&server, vec![]).await.guide.unwrap().until, None);
    let request = json!({ "member": "M2", "guide": "LI", "until": "2999-12-31" });
    let assigned = server.hq_json(Method::POST, "/hq/v1/assignments", Some(request)).await;
    assert_eq!((assigned["changed"].clone(), assigned["until"].clone()), (json!(true), json!("2999-12-31")));
}

#[tokio::test]
async fn the_last_day_of_one_binding_is_told_ahead_and_taken_back() {
    let server = Server::furnished().await;
    let (mut li, mut chen) = (server.phone("LI").await, server.phone("CHEN").await);
    li.round(&server, vec![]).await;
    chen.round(&server, vec![]).await;
    let assign =
        |until: Value| server.hq_json(Method::POST, "/hq/v1/assignments", Some(json!({ "member": "M2", "guide": "LI", "until": until })));
    for until in ["2999-12-31", "2999-12-30", "null"] {
        assign(if until == "null" { Value::Null } else { json!(until) }).await;
        let answer = li.round(&server, vec![]).await;
        let [ChangeRecord::Member(member)] = answer.changes.as_slice() else { panic!("{until}: {} changes", answer.changes.len()) };
        assert_eq!(member.until().map_or("null".to_owned(), |day| day.to_string()), until);
        assert!(chen.round(&server, vec![]).await.changes.is_empty(), "it is nothing to who serves her for good");
    }
}

#[tokio::test]
async fn hq_is_told_who_was_on_a_lost_phone() {
    let mut server = Server::furnished().await;
    let (mut li, never) = (server.phone("LI").await, server.phone("LI").await);
    li.round(&server, vec![]).await;
    let devices = server.hq_json(Method::GET, "/hq/v1/devices?guide=LI", None).await;
    assert_eq!(devices.as_array().unwrap().len(), 2);
    assert!(devices[0]["last_seen_ms"].is_u64());
    assert_eq!(server.hq_json(Method::GET, "/hq/v1/devices?guide=CHEN", None).await, json!([]));
    let path = |device: String| format!("/hq/v1/devices/{device}/members");
    let on = |server: &Server, device: String| {
        let request = server.hq(Method::GET, &path(device));
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    server.hq_json(Method::POST, &format!("/hq/v1/devices/{}/revoke", li.enrolled.device), None).await;
    let text = on(&server, li.enrolled.device.to_string()).await;
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((line["member"].clone(), line["from_ms"].is_u64(), line["until_ms"].clone()), (json!("M1"), true, Value::Null));
    assert!(!text.contains('张'));
    assert_eq!(on(&server, never.enrolled.device.to_string()).await, "");
    let log = server.hq_json(Method::GET, "/hq/v1/changes", None).await;
    assert_eq!(log["changes"].as_array().unwrap().iter().filter(|line| line["kind"] == "device_members").count(), 2);
    server.key = Server::tenant(&server.dir, "B", &Scope::ALL);
    let foreign = server.hq(Method::GET, &path(li.enrolled.device.to_string())).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::NOT_FOUND);
    assert_eq!(foreign.json::<ErrorRecord>().await.unwrap().field.as_deref(), Some("device"));
}

#[tokio::test]
async fn what_is_another_tenant_s_is_not_found() {
    let mut server = Server::furnished().await;
    server.hq_json(Method::POST, "/hq/v1/handovers", Some(json!({ "from": "CHEN", "to": "LI", "kind": "on_job" }))).await;
    server.key = Server::tenant(&server.dir, "B", &Scope::ALL);
    let table = [
        (Method::POST, "/hq/v1/handovers/refusals", json!({ "member": "M2", "to": "LI" })),
        (Method::GET, "/hq/v1/handovers/jobs/1", json!({})),
        (Method::POST, "/hq/v1/guides/LI/until", json!({ "until": null })),
        (Method::GET, "/hq/v1/devices?guide=LI", json!({})),
    ];
    for (method, path, body) in table {
        let (status, word, _) = refusal(server.hq(method, path).json(&body)).await;
        assert_eq!((status, word.as_str()), (404, "not_found"), "{path}");
    }
    assert_eq!(server.hq_json(Method::GET, "/hq/v1/handovers", None).await["handovers"], json!([]));
}

#[test]
fn a_handover_waits_a_day_unless_told_otherwise() {
    assert_eq!(Config::in_dir("x").limits.handover_wait_ms, 24 * 3_600_000);
}
