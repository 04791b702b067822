//! For each endpoint bad inputs and the typed error that each gets.

use ed25519_dalek::SigningKey;
use guidebook_server::clock;
use guidebook_server::service::setup::Scope;
use guidebook_wire::EnrolRecord;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::server::{Server, enrolment, refusal};

async fn expect(what: &str, request: RequestBuilder, status: u16, word: &str, field: Option<&str>) {
    assert_eq!(refusal(request).await, (status, word.to_owned(), field.map(str::to_owned)), "{what}");
}

#[tokio::test]
async fn enrolling_and_signing_in() {
    let server = Server::furnished().await;
    let post = |path: &str, body: Value| server.request(Method::POST, path).json(&body);
    let key = SigningKey::from_bytes(&[1; 32]);
    let good = || enrolment(&key, "0000000000");
    let enrol = |record: EnrolRecord| server.request(Method::POST, "/v1/enrol").json(&record);
    expect("no field", post("/v1/enrol", json!({})), 400, "invalid", Some("code")).await;
    let not_json = server.request(Method::POST, "/v1/enrol").body("张三");
    expect("no JSON", not_json, 400, "invalid", Some("body")).await;
    expect("a short key", enrol(EnrolRecord { public_key: "AA".into(), ..good() }), 400, "invalid", Some("public_key")).await;
    expect("no base64", enrol(EnrolRecord { signature: "!".into(), ..good() }), 400, "invalid", Some("signature")).await;
    expect("another code signed", enrol(EnrolRecord { code: "1".into(), ..good() }), 400, "invalid", Some("signature")).await;
    expect("a long name", enrol(EnrolRecord { device_name: "x".repeat(61), ..good() }), 400, "invalid", Some("device_name")).await;
    expect("no such code", enrol(good()), 404, "not_found", Some("code")).await;
    let large = server.request(Method::POST, "/v1/enrol").body(vec![b' '; 65 << 10]);
    expect("too large", large, 413, "too_large", Some("body")).await;
    expect("no device", post("/v1/challenge", json!({})), 400, "invalid", Some("device")).await;
    let nobody = json!({ "device": uuid::Uuid::nil(), "challenge": "x", "signature": "A".repeat(86) });
    expect("an unknown device", post("/v1/session", nobody.clone()), 401, "signed_out", None).await;
    let mut short = nobody;
    short["signature"] = json!("AA");
    expect("a short signature", post("/v1/session", short), 400, "invalid", Some("signature")).await;
    expect("an unknown token", post("/v1/session/refresh", json!({ "refresh": "x" })), 401, "signed_out", None).await;
}

#[tokio::test]
async fn rounds() {
    let server = Server::furnished().await;
    let mut li = server.phone("LI").await;
    let now = clock::now_ms();
    let signed = |body: &str| li.signed(&server, body.as_bytes().to_vec(), now);
    expect("no JSON", signed("x"), 400, "invalid", Some("body")).await;
    expect("no cursor", signed(r#"{"protocol":1}"#), 400, "invalid", Some("cursor")).await;
    expect("a newer protocol", signed(r#"{"protocol":9,"cursor":{"feed":0,"catalogue":0}}"#), 426, "upgrade_needed", Some("protocol"))
        .await;
    let bare = server.request(Method::POST, "/v1/round").header("authorization", "Guidebook x");
    expect("no time", bare, 400, "invalid", Some("x-guidebook-time")).await;
    let large = li.signed(&server, vec![b' '; (8 << 20) + 1], now);
    expect("too large", large, 413, "too_large", Some("body")).await;
    let note = li.note("M1", "x");
    let many = li.body(vec![note; 1001]);
    expect("too many", li.signed(&server, many, now), 413, "too_large", Some("operations")).await;
    expect("no such path", server.request(Method::GET, "/v1/nowhere"), 404, "not_found", None).await;
    expect("another method", server.request(Method::GET, "/v1/round"), 404, "not_found", None).await;
}

#[tokio::test]
async fn waiting() {
    let server = Server::furnished().await;
    let li = server.phone("LI").await;
    let now = clock::now_ms();
    let signed = |body: &str| li.signed_for(&server, "/v1/live", body.as_bytes().to_vec(), now);
    expect("no JSON", signed("x"), 400, "invalid", Some("body")).await;
    expect("no cursor", signed(r#"{"wait_s":1}"#), 400, "invalid", Some("cursor")).await;
    expect("no time to wait", signed(r#"{"cursor":{"feed":0,"catalogue":0}}"#), 400, "invalid", Some("wait_s")).await;
    expect("a time before now", signed(r#"{"cursor":{"feed":0,"catalogue":0},"wait_s":-1}"#), 400, "invalid", Some("body")).await;
    expect("a broken epoch", signed(r#"{"epoch":"x","cursor":{"feed":0,"catalogue":0},"wait_s":1}"#), 400, "invalid", Some("body")).await;
    let old = li.signed_for(&server, "/v1/live", li.waiting_body(1), now - 301_000);
    expect("an old time", old, 401, "signed_out", Some("x-guidebook-time")).await;
    let bare = server.request(Method::POST, "/v1/live").header("authorization", "Guidebook x");
    expect("no time", bare, 400, "invalid", Some("x-guidebook-time")).await;
    expect("no proof", server.request(Method::POST, "/v1/live"), 401, "signed_out", None).await;
    expect("too large", signed(&" ".repeat((64 << 10) + 1)), 413, "too_large", Some("body")).await;
    expect("another method", server.request(Method::GET, "/v1/live"), 404, "not_found", None).await;
}

#[tokio::test]
async fn headquarters() {
    let server = Server::furnished().await;
    let hq = |method: Method, path: &str, body: Value| server.hq(method, path).json(&body);
    let members: Vec<String> = (0..101).map(|n| format!("M{n}")).collect();
    let crowd = json!({ "from": "LI", "to": "CHEN", "kind": "on_job", "members": members });
    let table = [
        (Method::POST, "/hq/v1/enrolments", json!({}), 400, "invalid", "guide"),
        (Method::POST, "/hq/v1/enrolments", json!({ "guide": "a b" }), 400, "invalid", "guide"),
        (Method::POST, "/hq/v1/enrolments", json!({ "guide": "NO" }), 404, "not_found", "guide"),
        (Method::POST, "/hq/v1/assignments", json!({ "member": "M1" }), 400, "invalid", "guide"),
        (Method::POST, "/hq/v1/assignments", json!({ "member": "NO", "guide": "LI" }), 404, "not_found", "member"),
        (Method::POST, "/hq/v1/handovers", json!({ "from": "LI" }), 400, "invalid", "to"),
        (Method::POST, "/hq/v1/handovers", json!({ "from": "LI", "to": "CHEN", "kind": "bored" }), 400, "invalid", "body"),
        (Method::POST, "/hq/v1/handovers", json!({ "from": "LI", "to": "LI", "kind": "on_job" }), 409, "conflict", "handover"),
        (
            Method::POST,
            "/hq/v1/handovers",
            json!({ "from": "LI", "to": "CHEN", "kind": "on_job", "members": [] }),
            400,
            "invalid",
            "members",
        ),
        (Method::POST, "/hq/v1/handovers", crowd, 413, "too_large", "members"),
        (
            Method::POST,
            "/hq/v1/handovers",
            json!({ "from": "LI", "to": "CHEN", "kind": "on_job", "effective": "soon" }),
            400,
            "invalid",
            "body",
        ),
        (
            Method::POST,
            "/hq/v1/handovers",
            json!({ "from": "LI", "to": "CHEN", "kind": "on_job", "members": ["a b"] }),
            400,
            "invalid",
            "body",
        ),
        (Method::GET, "/hq/v1/handovers?member=a%20b", json!({}), 400, "invalid", "member"),
        (Method::GET, "/hq/v1/handovers?from=a%20b", json!({}), 400, "invalid", "from"),
        (Method::GET, "/hq/v1/handovers?to=a%20b", json!({}), 400, "invalid", "to"),
        (Method::GET, "/hq/v1/handovers?state=lost", json!({}), 400, "invalid", "state"),
        (Method::GET, "/hq/v1/handovers?job=x", json!({}), 400, "invalid", "job"),
        (Method::GET, "/hq/v1/handovers?after=-1", json!({}), 400, "invalid", "after"),
        (Method::GET, "/hq/v1/handovers?limit=1001", json!({}), 400, "invalid", "limit"),
        (Method::GET, "/hq/v1/handovers?limit=0", json!({}), 400, "invalid", "limit"),
        (Method::GET, "/hq/v1/handovers/jobs/x", json!({}), 400, "invalid", "job"),
        (Method::GET, "/hq/v1/handovers/jobs/1", json!({}), 404, "not_found", "job"),
        (Method::GET, "/hq/v1/handovers/jobs/18446744073709551615", json!({}), 404, "not_found", "job"),
        (Method::POST, "/hq/v1/handovers/refusals", json!({ "member": "M1" }), 400, "invalid", "to"),
        (Method::POST, "/hq/v1/handovers/refusals", json!({ "member": "M1", "to": "a b" }), 400, "invalid", "to"),
        (Method::POST, "/hq/v1/handovers/refusals", json!({ "member": "M1", "to": "LI" }), 404, "not_found", "handover"),
        (Method::POST, "/hq/v1/guides/LI/until", json!({}), 400, "invalid", "until"),
        (Method::POST, "/hq/v1/guides/LI/until", json!({ "until": "tomorrow" }), 400, "invalid", "until"),
        (Method::POST, "/hq/v1/guides/LI/until", json!({ "until": "2020-02-30" }), 400, "invalid", "until"),
        (Method::POST, "/hq/v1/guides/LI/until", json!({ "until": "2020-02-03" }), 400, "invalid", "until"),
        (Method::POST, "/hq/v1/guides/a%20b/until", json!({ "until": null }), 400, "invalid", "guide"),
        (Method::POST, "/hq/v1/guides/NO/until", json!({ "until": null }), 404, "not_found", "guide"),
        (Method::POST, "/hq/v1/assignments", json!({ "member": "M1", "guide": "LI", "until": "x" }), 400, "invalid", "until"),
        (Method::POST, "/hq/v1/assignments", json!({ "member": "M1", "guide": "LI", "until": "2020-01-01" }), 400, "invalid", "until"),
        (Method::GET, "/hq/v1/devices?guide=a%20b", json!({}), 400, "invalid", "guide"),
        (Method::GET, "/hq/v1/devices?guide=NO", json!({}), 404, "not_found", "guide"),
        (Method::GET, "/hq/v1/devices/x/members", json!({}), 400, "invalid", "device"),
        (Method::GET, "/hq/v1/devices/00000000-0000-0000-0000-000000000001/members", json!({}), 404, "not_found", "device"),
        (Method::POST, "/hq/v1/devices/00000000-0000-0000-0000-000000000001/revoke", json!({}), 404, "not_found", "device"),
        (Method::PATCH, "/hq/v1/tags/t1", json!({}), 400, "invalid", "name"),
        (Method::PATCH, "/hq/v1/tags/no", json!({ "name": "x" }), 404, "not_found", "tag"),
        (Method::PATCH, "/hq/v1/tags/a%20b", json!({ "name": "x" }), 400, "invalid", "tag"),
        (Method::DELETE, "/hq/v1/tags/no", json!({}), 404, "not_found", "tag"),
        (Method::DELETE, "/hq/v1/tags/no?merge_into=a%20b", json!({}), 400, "invalid", "merge_into"),
        (Method::POST, "/hq/v1/members/M1/unmerge", json!({}), 404, "not_found", "member"),
        (Method::GET, "/hq/v1/changes?after=x", json!({}), 400, "invalid", "after"),
        (Method::GET, "/hq/v1/changes?limit=0", json!({}), 400, "invalid", "limit"),
        (Method::GET, "/hq/v1/changes?limit=1001", json!({}), 400, "invalid", "limit"),
        (Method::POST, "/hq/v1/devices/x/revoke", json!({}), 400, "invalid", "device"),
        (Method::GET, "/hq/v1/imports/x/refusals", json!({}), 400, "invalid", "run"),
        (Method::POST, "/hq/v1/import/ships", json!({}), 404, "not_found", "table"),
        (Method::POST, "/hq/v1/import/stores", json!({}), 400, "invalid", "content-type"),
    ];
    for (method, path, body, status, word, field) in table {
        expect(&format!("{method} {path}"), hq(method.clone(), path, body.clone()), status, word, Some(field)).await;
    }
    let csv = |body: String| server.hq(Method::POST, "/hq/v1/import/stores").header("content-type", "text/csv").body(body);
    expect("no header line", csv(String::new()), 400, "invalid", Some("stores")).await;
    expect("a column too few", csv("门店号,门店\n".into()), 400, "invalid", Some("stores")).await;
    expect("too large", csv(" ".repeat(65 << 10)), 413, "too_large", Some("body")).await;
    let image = server.hq(Method::GET, "/hq/v1/members").header("accept", "image/png");
    expect("a picture", image, 400, "invalid", Some("accept")).await;
}

#[tokio::test]
async fn a_key_opens_what_its_scopes_name() {
    let mut server = Server::furnished().await;
    let table = [
        (Method::POST, "/hq/v1/enrolments", json!({ "guide": "LI" })),
        (Method::GET, "/hq/v1/guides", json!({})),
        (Method::GET, "/hq/v1/stores", json!({})),
        (Method::GET, "/hq/v1/tags", json!({})),
        (Method::GET, "/hq/v1/members", json!({})),
        (Method::GET, "/hq/v1/changes", json!({})),
        (Method::GET, "/hq/v1/devices", json!({})),
        (Method::PATCH, "/hq/v1/tags/t1", json!({ "name": "x" })),
        (Method::DELETE, "/hq/v1/tags/t1", json!({})),
        (Method::POST, "/hq/v1/assignments", json!({ "member": "M1", "guide": "LI" })),
        (Method::POST, "/hq/v1/handovers", json!({ "from": "LI", "to": "CHEN", "kind": "on_job" })),
        (Method::GET, "/hq/v1/handovers", json!({})),
        (Method::GET, "/hq/v1/handovers/jobs/1", json!({})),
        (Method::POST, "/hq/v1/handovers/refusals", json!({ "member": "M1", "to": "LI" })),
        (Method::POST, "/hq/v1/guides/LI/until", json!({ "until": null })),
        (Method::GET, "/hq/v1/devices/00000000-0000-0000-0000-000000000001/members", json!({})),
        (Method::POST, "/hq/v1/devices/00000000-0000-0000-0000-000000000001/revoke", json!({})),
        (Method::POST, "/hq/v1/members/M1/unmerge", json!({})),
        (Method::POST, "/hq/v1/import/stores", json!({})),
    ];
    server.key = "gbhq_nonsense".to_owned();
    for (method, path, body) in &table {
        expect(path, server.hq(method.clone(), path).json(body), 401, "signed_out", None).await;
    }
    expect("no key at all", server.request(Method::GET, "/hq/v1/tags"), 401, "signed_out", None).await;
    server.key = Server::tenant(&server.dir, "C", &[]);
    for (method, path, body) in &table {
        expect(path, server.hq(method.clone(), path).json(body), 403, "forbidden", Some("authorization")).await;
    }
    server.key = Server::tenant(&server.dir, "A", &[Scope::Read]);
    server.hq_json(Method::GET, "/hq/v1/guides", None).await;
}
